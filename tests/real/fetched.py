"""A desk of its own that fetches from a mailbox in processes that are killed at random moments.

Called with the port of the server and the name of its user; prints what became of it as JSON.
Each visit is a fork: a program that starts anew takes seconds, and a kill in them meets nothing.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nachhaken.project.starting import start_django
from tests.post import mail
from tests.real.dovecot import HOST, Account
from tests.real.killing_fetching import Campaign

CUSTOMERS = tuple(f"kunde{number}@haus{number}.example" for number in range(8))
PASSWORD = "Kabeltrommel 9"
SENT = "Gesendet"
STRANGER = "neffe@web.de"
CALM = 5


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--user", required=True)
    asked.add_argument("--kills", type=int, required=True)
    asked.add_argument("--seed", type=int, required=True)
    given = asked.parse_args()
    start_django()
    account = Account(given.user, PASSWORD, HOST, given.port, given.port, Path())
    account.make_folder(SENT)
    _furnish(given.port, given.user)
    print(json.dumps(asdict(_campaign(account, kills=given.kills, rng=random.Random(given.seed)))))


def _furnish(port: int, user: str) -> None:
    from django.db import connection

    from nachhaken.desk import commands
    from nachhaken.desk.models import MailAccount
    from nachhaken.desk.sealing import seal
    from tests import cast

    owner = cast.owner()
    now = datetime.now(UTC)
    for number, address in enumerate(CUSTOMERS):
        commands.create_opportunity(
            actor=owner, now=now, key=f"{number}", prospect=f"Haus {number}", title="Tor",
            mail=address,
        )  # fmt: skip
    MailAccount.objects.create(
        user=owner, address=cast.MAIL, username=user, secret=seal(PASSWORD), set_at=now,
        smtp_host="localhost", imap_host=HOST, imap_port=port, imap_security="none",
    )  # fmt: skip
    connection.close()  # a child must not inherit it


def _campaign(account: Account, *, kills: int, rng: random.Random) -> Campaign:
    found = Campaign()
    times = []
    for _ in range(CALM):
        _deliver(account, found, rng)
        start = time.monotonic()
        os.waitpid(_forked(_fetch), 0)
        times.append(time.monotonic() - start)
    longest = sorted(times)[CALM // 2] * 1.15
    for _ in range(kills):
        _deliver(account, found, rng)
        _kill(found, rng.uniform(0, longest))
    for _ in range(2):
        os.waitpid(_forked(_fetch), 0)
    _judge(found, account)
    return found


def _deliver(account: Account, found: Campaign, rng: random.Random) -> None:
    with account.opened() as line:
        for _ in range(rng.randrange(4, 30)):
            number = f"{len(found.due) + sum(found.others.values())}@soak.example"
            at = datetime.now(UTC) - timedelta(minutes=rng.randrange(60))
            folder = rng.choice(["INBOX", "INBOX", SENT])
            whom = rng.choice([*CUSTOMERS, *[STRANGER] * 8])
            line.append(_mail(number, whom, folder, at, rng), folder, dt=at)
            if whom == STRANGER:
                found.others[folder] = found.others.get(folder, 0) + 1
            else:
                found.due.append(f"mail:{number}")


def _mail(number: str, whom: str, folder: str, at: datetime, rng: random.Random) -> bytes:
    from tests import cast

    said = "Text " * rng.randrange(2_000)
    if folder == SENT:
        return mail(number=number, said=said, at=at, to=whom, sender=cast.MAIL)
    return mail(number=number, said=said, at=at, to=cast.MAIL, sender=whom)


def _fetch() -> None:
    from nachhaken.desk import commands
    from nachhaken.desk.models import MailAccount

    done = commands.fetch_mail(account=MailAccount.objects.get(), now=datetime.now(UTC))
    assert done.fault == ""


def _forked(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 - the fork must not return into the loop of its parent
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _kill(found: Campaign, after: float) -> None:
    child = _forked(_fetch)
    time.sleep(after)
    if os.waitpid(child, os.WNOHANG)[0]:
        found.ended += 1
        return
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    found.struck += 1
    rows = _folders()
    # More was taken than was there when it was last compared: the kill came in between.
    found.between += any(row["held"] != _count(row["taken"]) for row in rows)
    for row in rows:
        _judge_numbers(found, row)


def _judge(found: Campaign, account: Account) -> None:
    from nachhaken.desk.models import Event
    from nachhaken.sources.uid_set import UidSet

    rows = Event.objects.filter(kind__in=["replied", "touched"])
    here = Counter(rows.values_list("source_key", flat=True))
    found.faults += [f"lost {key}" for key in set(found.due) - here.keys()]
    found.faults += [f"twice {key}" for key, count in here.items() if count > 1]
    found.faults += [f"not asked for {key}" for key in here.keys() - set(found.due)]
    for row in _folders():
        _judge_numbers(found, row)
        held = account.uids(row["name"])
        if set(UidSet.read(row["taken"])) != held or row["held"] != len(held):
            found.faults.append(f"{row['name']}: taken {row['taken']}, held {row['held']}")
        if row["missing"] or row["fault"] or row["skipped"] != found.others[row["name"]]:
            found.faults.append(f"{row['name']}: {row}")


def _judge_numbers(found: Campaign, row: dict[str, Any]) -> None:
    counted = row["kept"] + row["unmatched"] + row["skipped"] + row["faulty"]
    if counted != _count(row["taken"]):
        found.faults.append(f"{row['name']}: counted {counted}, taken {row['taken']}")


def _folders() -> list[dict[str, Any]]:
    from django.db import connection

    from nachhaken.desk.models import MailFolder

    rows = MailFolder.objects.order_by("pk").values(
        "name", "taken", "kept", "unmatched", "skipped", "faulty", "held", "missing", "fault",
    )  # fmt: skip
    found: list[dict[str, Any]] = [{**row} for row in rows]
    connection.close()
    return found


def _count(taken: str) -> int:
    from nachhaken.sources.uid_set import UidSet

    return len(UidSet.read(taken))


if __name__ == "__main__":
    main()
