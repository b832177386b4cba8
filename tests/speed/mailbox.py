"""A mailbox of ten thousand mails at a real server: read for the first time, and nothing new."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.post import mail
from tests.real.dovecot import Account, program, running_dovecot
from tests.speed import Row, measure

MAILS = 10_000
ME = "katrin@brandt.example"
PASSWORD = "Kabeltrommel 9"
CUSTOMERS = tuple(f"kunde{number}@haus{number}.example" for number in range(100))
_ONE_OF = 5  # mails is from a customer
_QUOTED = "".join(f"> Zeile {line} dessen, was davor geschrieben wurde.\r\n" for line in range(40))


@measure
def mailbox() -> Iterator[Row]:
    found = program()
    if found is None:
        return
    with running_dovecot(found) as server, tempfile.TemporaryDirectory() as data:
        account = server.account(PASSWORD)
        _fill(account)
        done = subprocess.run(
            [sys.executable, "-m", "tests.speed._mailbox_run", str(account.port), account.user],
            env={**os.environ, "NACHHAKEN_DATA": data},
            capture_output=True,
            check=True,
            text=True,
        )
    first, memory, nothing = map(float, done.stdout.splitlines()[-1].split())
    yield Row("First visit to a mailbox of 10,000 mails, 2,000 of customers", first, "s")
    yield Row("Its memory beyond that of the desk", memory, "MB", at_most=300)
    yield Row("Nothing new among 10,000 mails, compared one by one", nothing, "s", at_most=1)


def _fill(account: Account) -> None:
    at = datetime.now(UTC) - timedelta(days=100)
    with account.opened() as line:
        for number in range(MAILS):
            at += timedelta(minutes=10)
            is_known = number % _ONE_OF == 0
            sender = CUSTOMERS[number // _ONE_OF % len(CUSTOMERS)] if is_known else "neu@web.de"
            said = f"Dazu noch eine Frage, die {number}.\r\n\r\n{_QUOTED}"
            raw = mail(number=f"{number}@speed.example", said=said, at=at, to=ME, sender=sender)
            line.append(raw, "INBOX", dt=at)
