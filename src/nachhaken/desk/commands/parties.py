"""Prospects and people by name and address, made where they are unknown."""

from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

from nachhaken.desk.aliases import kept_person, kept_prospect
from nachhaken.desk.blocking import heed
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Filled, ImportRun, Person, Prospect, User

Party = TypeVar("Party", Prospect, Person)
_DERIVED = ("name", "place", "region", "is_consumer", "created_at", "folded", "search", "run")


def prospect_named(
    name: str,
    *,
    actor: User | None,
    now: datetime,
    place: str = "",
    region: str = "",
    mail: str = "",
    is_consumer: bool = False,
    run: ImportRun | None = None,
) -> Prospect:
    """Return the prospect of this name in this place, else of this address, else a new one.

    A name that went over to another prospect leads there.

    `run` is the import that names it.
    """
    name, place = " ".join(name.split())[:200], place.strip()[:120]
    same = list(Prospect.objects.filter(folded=fold(name)[:200]).order_by("pk"))
    for row in same:
        if not place or not row.place or fold(place) == fold(row.place):
            return here_again(kept_prospect(row), run)
    if not same and (person := person_of(mail)):
        return here_again(person.prospect, run)
    fresh = Prospect(
        name=name,
        place=place,
        region=region,
        is_consumer=is_consumer,
        created_at=now,
        key=f"{fold(name)}|{fold(place)}" if same else fold(name),
        run=run,
    )
    fresh.refold()
    defaults = {field: getattr(fresh, field) for field in _DERIVED}
    row, is_new = Prospect.objects.get_or_create(key=fresh.key, defaults=defaults)
    if is_new:
        heed(row, actor=actor, now=now)
    return kept_prospect(row)


def named_again(rows: QuerySet[Prospect] | QuerySet[Person], run: ImportRun | None) -> int:
    """Let parties of imports that were taken back be here again, as those of `run`."""
    return rows.filter(run__state=ImportRun.State.REVERTED).update(run=run)


def here_again(row: Party, run: ImportRun | None) -> Party:
    """Return the party, which is here again where it had gone, as one of `run`."""
    if row.run is not None and row.run.state == ImportRun.State.REVERTED:
        row.run = run
        row.save(update_fields=["run"])
    return row


def person_of(mail: str) -> Person | None:
    """Return whose address this is; of twins that were merged, the one who was kept."""
    address = mail.strip().casefold()
    if not address:
        return None
    found = Person.objects.select_related("prospect").filter(mail=address).first()
    return kept_person(found) if found else None


def person_at(
    prospect: Prospect,
    *,
    actor: User | None,
    now: datetime,
    name: str,
    mail: str = "",
    phone: str = "",
    run: ImportRun | None = None,
) -> Person | None:
    """Return the person of this address or name at the prospect, made where there is none.

    Whose address is new is asked for on the block list: an objection stands before any plan.
    """
    name, mail, phone = name.strip()[:200], mail.strip().casefold(), phone.strip()[:50]
    person, is_new = _person(prospect, name=name, mail=mail, phone=phone, run=run)
    if person and is_new:
        heed(person.prospect, person, actor=actor, now=now)
    return person


def _person(
    prospect: Prospect, *, name: str, mail: str, phone: str, run: ImportRun | None
) -> tuple[Person | None, bool]:
    if known := person_of(mail):
        return known, _complete(here_again(known, run), run, name=name, phone=phone)
    if not (name or mail or phone):
        return None, False
    same = Person.objects.filter(prospect=prospect, name=name) if name else None
    found = same.order_by("pk").first() if same is not None else None
    named = kept_person(found) if found else None
    if named and not (mail and named.mail):
        return named, _complete(here_again(named, run), run, mail=mail, phone=phone)
    fresh = Person.objects.create(prospect=prospect, name=name, mail=mail, phone=phone, run=run)
    return fresh, True


def _complete(person: Person, run: ImportRun | None, **known: str) -> bool:
    """Fill in what was not known; what is known stays. Returns whether something was new.

    What an import fills in is kept on record, so that it can be taken out again.
    """
    fresh = {field: value for field, value in known.items() if value and not getattr(person, field)}
    for field, value in fresh.items():
        setattr(person, field, value)
    if fresh:
        person.save(update_fields=list(fresh))
    if run is not None and person.run_id != run.pk:
        Filled.objects.bulk_create(
            Filled(run=run, table="person", row=person.pk, field=field, after=value)
            for field, value in fresh.items()
        )
    return bool(fresh)
