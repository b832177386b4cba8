"""Files on their way in, for the tests of the imports."""

from collections.abc import Iterator
from typing import Any

from nachhaken.desk import commands, incoming
from nachhaken.desk.models import Event, Filled, ImportRun, Opportunity, Person, Prospect, User
from tests.cast import NOW

HEADER = "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Projekt;Netto;Status;Stunden"
KERN = "AN-1;1;02.11.2026;Autohaus Kern;Markus Kern;m.kern@autohaus-kern.example;Schiebetor Hof"
GRUBER = "AN-2;1;05.11.2026;Zimmerei Gruber;Lena Gruber;lena@zimmerei-gruber.example;Carport"


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def received(actor: User, raw: bytes, name: str = "angebote.csv") -> int:
    return commands.receive_file(actor=actor, now=NOW, name=name, chunks=[raw])


def taken(actor: User, raw: bytes, name: str = "angebote.csv") -> ImportRun:
    """Take a file in as the desk does: kept, looked at, confirmed, and done in the background."""
    pk = received(actor, raw, name)
    commands.confirm_import(actor=actor, now=NOW, run_id=pk)
    assert commands.take_in(pk, now=NOW)
    return ImportRun.objects.get(pk=pk)


def state() -> dict[str, Any]:
    """What the desk says now, without the numbers of its rows."""
    return {
        "opportunities": sorted(
            (row.title, row.prospect.name, str(row.person or ""), row.outcome, *_plan(row))
            for row in Opportunity.objects.exclude(outcome="void").select_related("prospect")
        ),
        "prospects": sorted(
            (row.name, row.place, row.region) for row in Prospect.objects.exclude(**_GONE)
        ),
        "people": sorted(
            (row.prospect.name, row.name, row.mail, row.phone)
            for row in Person.objects.exclude(**_GONE)
        ),
        "events": sorted(_standing()),
    }


_GONE = {"run__state": ImportRun.State.REVERTED}


def _standing() -> Iterator[tuple[str, str, str, str]]:
    for event in Event.objects.standing().exclude(kind="undone").select_related("prospect"):
        yield event.prospect.name, event.kind, f"{event.occurred_at}", f"{event.payload}"


def _plan(row: Opportunity) -> tuple[str, ...]:
    plan = row.plan
    return f"{plan.amount_cents}", plan.kind, f"{plan.due}", plan.truth


def lying_about() -> list[str]:
    """Return what lies in the folder of the imports."""
    folder = incoming.path_of("x").parent
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def filled() -> int:
    return Filled.objects.count()
