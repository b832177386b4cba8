"""The property tests with twenty times the examples: `python -m tests.soak`, about an hour."""

import os
import sys

import pytest


def main() -> int:
    os.environ["HYPOTHESIS_PROFILE"] = "soak"
    return int(pytest.main(["tests/property", "-n", "2", *sys.argv[1:]]))


if __name__ == "__main__":
    sys.exit(main())
