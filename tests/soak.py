"""The property tests with twenty times the examples, then the long campaigns of `soak_*.py`.

`python -m tests.soak` takes about an hour; arguments go to pytest.
"""

import os
import sys
from pathlib import Path

import pytest

CAMPAIGNS = sorted(str(path) for path in Path(__file__).parent.glob("soak_*.py"))


def main() -> int:
    os.environ["HYPOTHESIS_PROFILE"] = "soak"
    return int(pytest.main(["tests/property", *CAMPAIGNS, "-n", "2", *sys.argv[1:]]))


if __name__ == "__main__":
    sys.exit(main())
