"""Fetch from a mailbox in this process: `python -m tests.speed._mailbox_run port user`.

Prints the seconds of the first visit, the megabytes that it took, and the seconds of the next one.
"""

import resource
import sys
from time import perf_counter

from nachhaken.project.starting import start_django

start_django()

from django.utils import timezone  # noqa: E402 - the settings come first

from nachhaken.desk import commands  # noqa: E402
from nachhaken.desk.models import MailAccount, MailFolder  # noqa: E402
from nachhaken.desk.sealing import seal  # noqa: E402
from tests.real.dovecot import HOST  # noqa: E402
from tests.speed.mailbox import CUSTOMERS, MAILS, ME, PASSWORD  # noqa: E402

NOW = timezone.now()
OWNER = commands.create_owner(name="Katrin", mail=ME, password="Treppenstufe-77", now=NOW)


def main(port: int, user: str) -> None:
    for number, address in enumerate(CUSTOMERS):
        commands.create_opportunity(
            actor=OWNER, now=NOW, key=f"{number}", prospect=f"Haus {number}", title="Tor",
            mail=address,
        )  # fmt: skip
    account = MailAccount.objects.create(
        user=OWNER, address=ME, username=user, secret=seal(PASSWORD), set_at=NOW,
        smtp_host=HOST, imap_host=HOST, imap_port=port, imap_security="none",
    )  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first = _seconds(account)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    row = MailFolder.objects.get(name="INBOX")
    assert (row.kept + row.skipped, row.held, row.missing, row.fault) == (MAILS, MAILS, "", "")
    print(first, memory, min(_seconds(account) for _ in range(3)))


def _seconds(account: MailAccount) -> float:
    start = perf_counter()
    done = commands.fetch_mail(account=account, now=timezone.now())
    assert not done.fault
    return perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
