"""Imports that are killed at random moments, in a desk of their own; run by test_imports_killed.

It prints one JSON object. Each import is taken in by a forked child that gets SIGKILL; then another
child goes on, as the next start would. What came of it is held against an import that nobody
disturbed, with the number of the round taken out of every name.
"""

import argparse
import json
import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from nachhaken.project.starting import start_django
from tests.real.killed import _forked as forked

ROWS = 6
MAILS = 104  # more than one batch
CALM = 3
HEADER = "Angebot;Datum;Kunde;Ansprechpartner;E-Mail;Projekt;Netto;Status"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, required=True)
    asked.add_argument("--seed", type=int, required=True)
    given = asked.parse_args()
    start_django()
    from tests import cast

    cast.owner()
    print(json.dumps(_campaign(given.kills, random.Random(given.seed))))


def _campaign(kills: int, rng: random.Random) -> dict[str, Any]:
    calm, times = [], dict.fromkeys((".csv", ".mbox"), 0.0)
    for number in range(CALM):
        for end in times:
            begun = time.monotonic()
            _in_child(_begin(f"c{number}", end))
            times[end] = time.monotonic() - begun
        calm.append(_state(f"c{number}"))
    assert calm[1] == calm[2], "an undisturbed import is not the same each time"
    found: dict[str, int] = {}
    faults = []
    for number in range(kills):
        end = (".csv", ".mbox")[number % 2]
        name = f"k{number}"
        if end == ".mbox":
            _in_child(_begin(name, ".csv"))
        pk = _begin(name, end)
        child = forked(lambda pk=pk: _take_in(pk))  # type: ignore[misc]
        time.sleep(rng.uniform(0, times[end]))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        stage = _stage(pk)
        found[stage] = found.get(stage, 0) + 1
        _in_child(pk)
        if end == ".csv":
            _in_child(_begin(name, ".mbox"))
        if _state(name) != calm[-1]:
            faults.append(f"{name}{end} killed while {stage}")
    return {"killed_in": found, "faults": faults}


def _begin(name: str, end: str) -> int:
    """Put a file where a confirmed one lies, and return its import."""
    from django.db import connection

    from nachhaken.desk import commands
    from nachhaken.desk.models import ImportRun, User

    raw = _table(name) if end == ".csv" else _mails(name)
    actor = User.objects.get()
    pk = commands.receive_file(actor=actor, now=_now(), name=name + end, chunks=[raw])
    ImportRun.objects.filter(pk=pk).update(state=ImportRun.State.RUNNING)
    connection.close()  # a child must not inherit it
    return pk


def _in_child(pk: int) -> None:
    _pid, status = os.waitpid(forked(lambda: _take_in(pk)), 0)
    assert status == 0


def _take_in(pk: int) -> None:
    from nachhaken.desk import commands

    assert commands.take_in(pk, now=_now())


def _stage(pk: int) -> str:
    from django.db import connection

    from nachhaken.desk import incoming
    from nachhaken.desk.models import ImportRun

    run = ImportRun.objects.get(pk=pk)
    progress = incoming.progress_of(run.file)
    connection.close()
    return f"{run.state} {progress.stage if progress else '-'}"


def _state(name: str) -> list[str]:
    """Return what the desk knows of this round, without the round's name and numbers of rows."""
    from django.db import connection

    from nachhaken.desk.models import Event, ImportRun, Opportunity

    events = Event.objects.filter(prospect__name__endswith=f" {name}")
    told = [f"{e.kind} {e.occurred_at} {e.source_key} {e.payload}" for e in events]
    rows = Opportunity.objects.filter(prospect__name__endswith=f" {name}")
    stale = {row.pk for row in Opportunity.objects.stale()}
    told += [
        f"{o.prospect.name} {o.person} {o.outcome} {o.plan.kind} {o.plan.due} {o.pk in stale}"
        for o in rows.select_related("prospect", "person", "plan")
    ]
    runs = ImportRun.objects.filter(name__startswith=f"{name}.")
    told += [f"{r.name} {r.state} {r.new} {r.same} {r.unmatched} {r.faults}" for r in runs]
    connection.close()
    return sorted(_without_people(one).replace(name, "X") for one in told)


def _without_people(told: str) -> str:
    """A person's number differs from round to round."""
    head, mark, rest = told.partition("'person_id': ")
    return head + mark + rest.lstrip("0123456789") if mark else told


def _table(name: str) -> bytes:
    rows = [
        f"{name}-{n};02.11.2026;Betrieb {n} {name};Person {n};p{n}@b{n}-{name}.example;"
        f"Tor {n};{n}00,00;offen"
        for n in range(ROWS)
    ]
    return "\n".join([HEADER, *rows]).encode()


def _mails(name: str) -> bytes:
    from tests.cast import MAIL

    box = b""
    for number in range(MAILS):
        place = number % ROWS
        mail = EmailMessage()
        mail["From"] = f"Person {place} <p{place}@b{place}-{name}.example>"
        mail["To"] = MAIL
        mail["Subject"] = f"AW: Angebot {name}-{place}"
        mail["Message-ID"] = f"<{number}@{name}.example>"
        sent = datetime(2026, 11, 3, 8, tzinfo=UTC) + timedelta(minutes=number)
        mail["Date"] = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
        mail.set_content("Wir melden uns nach Ostern.")
        box += b"From x Thu Nov 12 10:00:00 2026\n" + mail.as_bytes() + b"\n"
    return box


def _now() -> datetime:
    from tests.cast import NOW

    return NOW


if __name__ == "__main__":
    main()
