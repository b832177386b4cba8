"""Deliveries that are killed at random moments, in a desk of their own; run by test_sending_killed.

It prints one JSON object. Each mail is delivered by a forked child that gets SIGKILL; then another
child recovers, as the next start would. The folder of the desk comes in NACHHAKEN_DATA.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from nachhaken.project.starting import start_django

AT_ONCE = 5
CALM = 8  # deliveries that nobody kills, to know how long one takes


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("work", choices=["kill", "press"])
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--kills", type=int, default=0)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    start_django()
    opportunity = _furnish(given.port)
    done = _campaign(opportunity, given) if given.work == "kill" else _pressed(opportunity)
    print(json.dumps(done))


def _furnish(port: int) -> int:
    from nachhaken.desk.models import MailAccount
    from nachhaken.desk.sealing import seal
    from tests import cast
    from tests.real.smtp import PASSWORD, USERNAME

    owner = cast.owner()
    MailAccount.objects.create(
        user=owner, address=USERNAME, username=USERNAME, secret=seal(PASSWORD), set_at=_now(),
        smtp_host="localhost", smtp_port=port,
    )  # fmt: skip
    return cast.settle(cast.SILENT, actor=owner).pk


def _campaign(opportunity: int, given: argparse.Namespace) -> dict[str, Any]:
    rng = random.Random(given.seed)
    times = []
    for number in range(CALM):
        pk = _queue(opportunity, f"calm {number}")
        start = time.monotonic()
        os.waitpid(_forked(lambda pk=pk: _deliver(pk)), 0)  # type: ignore[misc]
        times.append(time.monotonic() - start)
    longest = sorted(times)[CALM // 2] * 1.15
    found: dict[str, int] = {}
    for number in range(given.kills):
        pk = _queue(opportunity, f"kill {number}")
        child = _forked(lambda pk=pk: _deliver(pk))  # type: ignore[misc]
        time.sleep(rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        state = _state(pk)
        found[state] = found.get(state, 0) + 1
    # What was claimed goes, of what was on the line nobody knows.
    os.waitpid(_forked(_recover), 0)
    return {"killed_in": found, "longest_ms": round(longest * 1000), "rows": _rows()}


def _pressed(opportunity: int) -> dict[str, Any]:
    """Press the same button in several threads at once, and let each of them send."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connection

    gate = Barrier(AT_ONCE)

    def press(number: int) -> int:
        try:
            gate.wait(timeout=20)
            pk = _queue(opportunity, "the same", key=f"key {number % 2}")
            gate.wait(timeout=20)  # once it went, the other window would mean another mail
            _deliver(pk)
        finally:
            connection.close()
        return pk

    with ThreadPoolExecutor(AT_ONCE) as pool:
        pks = list(pool.map(press, range(AT_ONCE)))
    return {"pks": pks, "rows": _rows()}


def _queue(opportunity: int, text: str, key: str = "") -> int:
    from django.db import connection

    from nachhaken.desk import outbox
    from nachhaken.desk.commands.ledger import act_of
    from nachhaken.desk.models import User
    from nachhaken.terms import Channel, StepKind
    from nachhaken.timeline import LawOverruled
    from tests import cast

    act = act_of(User.objects.get(), _now() - timedelta(minutes=1), key or text)
    letter = outbox.Letter(to=cast.SILENT.mail, subject="Schiebetor Hof", text=text)
    # Whatever the hour, the law, and how many went before.
    beside = [
        LawOverruled(rule=rule, channel=Channel.MAIL, reason="So will es der Test.")
        for rule in ("DE-8", "18", "19")
    ]
    row = outbox.queue_mail(act, opportunity, letter, step=StepKind.MAIL, beside=beside)
    connection.close()  # a child must not inherit it
    return row.pk


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


def _deliver(pk: int) -> None:
    from nachhaken.desk import outbox

    outbox.deliver(pk, now=_now())


def _recover() -> None:
    from nachhaken.desk import outbox

    later = _now() + 2 * outbox.LEASE
    while outbox.due(now=later):
        pass


def _state(pk: int) -> str:
    from django.db import connection

    from nachhaken.desk.models import Outgoing

    state = Outgoing.objects.values_list("state", flat=True).get(pk=pk)
    connection.close()
    return state


def _rows() -> list[dict[str, Any]]:
    from nachhaken.desk.commands.import_mails import mail_key
    from nachhaken.desk.models import Event, Outgoing

    return [
        {
            "id": row.message_id,
            "text": row.text,
            "state": row.state,
            "events": Event.objects.filter(source_key=mail_key(row.message_id)).count(),
        }
        for row in Outgoing.objects.order_by("pk")
    ]


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
