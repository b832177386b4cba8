"""Make `policies.npz` anew: python -m nachhaken.engine.make_policies [path]; about a minute."""

import sys
from pathlib import Path

from nachhaken.engine.model import standard
from nachhaken.engine.policies import make, save


def main(arguments: list[str]) -> None:
    """Write the plans of the standard model to the given path, or beside this module."""
    path = Path(arguments[0]) if arguments else Path(__file__).with_name("policies.npz")
    path.write_bytes(save(make(standard())))


if __name__ == "__main__":
    main(sys.argv[1:])
