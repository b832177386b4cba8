"""How long a mailbox of 10,000 mails takes from the file to the plans, and in how much memory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from tests.speed import Row, measure

MAILS, PEOPLE = 10_000, 300
GIGABYTE = 1_000_000_000


@measure
def mailbox() -> Iterator[Row]:
    told = _told(MAILS, 0)
    size = f"{told['megabytes']:,.0f} MB"
    yield Row(
        f"Mailbox of 10,000 mails ({size}), read and planned", told["seconds"], "s", at_most=60
    )
    # What it takes on a machine that is busy with other things.
    yield Row("  processor seconds", told["processor"], "s", at_most=60)
    yield Row("  of it taking in the mails", told["taking"], "s")
    yield Row("  of it planning 300 opportunities with their readings", told["planning"], "s")
    yield Row("  memory at its peak", told["memory"], "MB", at_most=300)


@measure
def gigabyte() -> Iterator[Row]:
    told = _told(1_000, GIGABYTE)
    yield Row("Mailbox of 1 GB, read and planned", told["seconds"], "s", at_most=60)
    yield Row("  processor seconds", told["processor"], "s")
    yield Row("  memory at its peak", told["memory"], "MB", at_most=300)


def _told(mails: int, size: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.speed._mailfile_run", str(mails), str(size)]
        settings = os.environ | {"NACHHAKEN_DATA": folder, "PYTHONPATH": "src:."}
        done = subprocess.run(command, env=settings, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found
