"""Imports that are killed at random moments, in a desk of their own; run by test_imports_killed.

It prints one JSON object. Each import is looked at or taken in by a forked child that gets SIGKILL,
some time after it noted the stage that the kill is meant for; then another child goes on, as the
next start would. What came of it is held against an import that nobody disturbed, with the number
of the round taken out of every name.
"""

import argparse
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from nachhaken.project.starting import start_django
from tests.real.killed import _forked as forked

ROWS = 40
MAILS = 150  # a piece of a hundred, and half a piece: kills meet the time between them
CALM = 3
# Mails are written as they are read.
STAGES = {".csv": ("look", "read", "write", "plan"), ".mbox": ("look", "read", "read", "plan")}
POLL = 0.001  # seconds
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
    from nachhaken.desk import incoming

    calm, lasted = [], dict[tuple[str, str], float]()
    for number in range(CALM):
        for end in STAGES:
            pk = _begin(f"c{number}", end)
            lasted |= {(end, "look"): _timed(_looking(pk), pk).get("look", 0.0)}
            lasted |= {(end, one): time for one, time in _timed(_taking(pk), pk).items()}
        calm.append(_state(f"c{number}"))
    assert calm[1] == calm[2], "an undisturbed import is not the same each time"
    found: dict[str, int] = {}
    faults = []
    for number in range(0, kills, len(STAGES)):
        name, met = f"k{number}", []
        for end, stage in _aims(number):
            pk = _begin(name, end)
            met.append(f"{end} {_killed(pk, stage, rng.uniform(0, lasted[end, stage]))}")
            _in_child(_looking(pk))
            _in_child(_taking(pk))
        for one in met:
            found[one] = found.get(one, 0) + 1
        if (state := _state(name)) != calm[-1]:
            wrong = sorted(set(state) ^ set(calm[-1]))
            faults.append(f"{name}: {met}: {len(wrong)} differ, {wrong[:4]}")
    if left := sorted(path.name for path in incoming.path_of("x").parent.iterdir()):
        faults.append(f"left lying: {left}")
    return {"killed_in": dict(sorted(found.items())), "faults": faults}


def _aims(number: int) -> Iterator[tuple[str, str]]:
    """Let each stage of a table meet each stage of mails."""
    turn, shift = number // len(STAGES), 0
    for end, stages in STAGES.items():
        yield end, stages[(turn + shift) % len(stages)]
        shift = turn // len(stages)


def _killed(pk: int, stage: str, wait: float) -> str:
    """Kill an import `wait` seconds after it came to a stage; return where it really was."""
    file = _file(pk)
    child = forked(_looking(pk) if stage == "look" else _taking(pk))
    while _noted(file) != stage and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(POLL)
    time.sleep(wait)
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return _stage(pk)


def _timed(work: Callable[[], None], pk: int) -> dict[str, float]:
    """Do the work in a child; return how long each stage of it lasted."""
    file, lasted = _file(pk), dict[str, float]()
    child, before = forked(work), time.monotonic()
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        time.sleep(POLL)
        now = time.monotonic()
        stage = _noted(file)
        lasted[stage] = lasted.get(stage, 0.0) + now - before
        before = now
    assert ended[1] == 0
    return lasted


def _file(pk: int) -> str:
    from django.db import connection

    from nachhaken.desk.models import ImportRun

    file = ImportRun.objects.get(pk=pk).file
    connection.close()
    return file


def _noted(file: str) -> str:
    from nachhaken.desk import incoming

    progress = incoming.progress_of(file)
    return progress.stage if progress else ""


def _begin(name: str, end: str) -> int:
    """Receive a file that nobody has looked at yet, and return its import."""
    from django.db import connection

    from nachhaken.desk import commands, incoming
    from nachhaken.desk.models import ImportRun, User

    raw = _table(name) if end == ".csv" else _mails(name)
    actor = User.objects.get()
    pk = commands.receive_file(actor=actor, now=_now(), name=name + end, chunks=[raw])
    incoming.forget_look(ImportRun.objects.get(pk=pk).file)
    connection.close()  # a child must not inherit it
    return pk


def _in_child(work: Callable[[], None]) -> None:
    _pid, status = os.waitpid(forked(work), 0)
    assert status == 0


def _looking(pk: int) -> Callable[[], None]:
    def look() -> None:
        from nachhaken.desk import incoming
        from nachhaken.desk.commands.imports_looking import look_at
        from nachhaken.desk.models import ImportRun

        look_at(pk)
        run = ImportRun.objects.get(pk=pk)
        assert run.state != ImportRun.State.SEEN or incoming.look_of(run.file)["new"]

    return look


def _taking(pk: int) -> Callable[[], None]:
    """As after the yes: begun where nobody has, else gone on with."""

    def take_in() -> None:
        from nachhaken.desk import commands
        from nachhaken.desk.models import ImportRun

        seen = ImportRun.objects.filter(pk=pk, state=ImportRun.State.SEEN)
        seen.update(state=ImportRun.State.RUNNING)
        assert commands.take_in(pk, now=_now())

    return take_in


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
