"""What goes over when two become one, and what goes back when they are parted again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from nachhaken.desk import digests
from nachhaken.desk.models import (
    Blocked,
    Event,
    Merger,
    Opportunity,
    Outgoing,
    Person,
    Prospect,
    User,
    Writing,
)
from nachhaken.desk.objections import HOUSE

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is merged: its table, the column that names it, and the tables that have the column."""

    model: Any
    column: str
    rows: Mapping[str, Any]


PROSPECTS = Kind(
    Prospect, "prospect", {"people": Person, "opportunities": Opportunity, "events": Event}
)
PEOPLE = Kind(
    Person,
    "person",
    {"opportunities": Opportunity, "events": Event, "outgoing": Outgoing, "writings": Writing},
)
_BLOCK = ("kind", "scope", "event", "at", "actor_id", "lifted_at", "lifted_by_id", "lift_reason")


def moved_over(kind: Kind, kept: int, gone: int) -> Json:
    """Let all that is `gone`'s be `kept`'s; return what went, and what was newest then."""
    moved: Json = {"head": _newest(Event), "newest_person": _newest(Person)}
    for name, model in kind.rows.items():
        rows = model.objects.filter(**{kind.column: gone})
        moved[name] = sorted(rows.values_list("pk", flat=True))
        _move(kind, model, moved[name], kept)
    return moved


def moved_back(kind: Kind, merger: Merger, root: int, *, actor: User, now: datetime) -> None:
    """Give `gone` back what went over, and what was noted since about what goes back.

    `root` is who has it now: who was kept may have gone over to somebody else since.
    """
    going = {
        name: _ids(model.objects.filter(**{"pk__in": merger.moved[name], kind.column: root}))
        for name, model in kind.rows.items()
    }
    if kind is PROSPECTS:
        _follow(going, merger, root)
    heard = _objections_since(kind, merger, root, going["events"])
    for name, model in kind.rows.items():
        _move(kind, model, going[name], merger.gone)
    _forget(kind, merger, going)
    for event in heard:
        _say_again(kind, merger, event, actor=actor, now=now)


def blocks_seen(houses: Sequence[Prospect], since: Json | None = None) -> Json:
    """Return the entries of the block list about these houses; with `since` what changed.

    Blocking follows from objections: what a merger blocks in addition has to go when it is undone.
    """
    asked: set[str] = set()
    for house in houses:
        asked |= digests.of_name(house.name, house.place).keys()
        region = digests.region_of(house)
        people = Person.objects.filter(prospect=house)
        asked |= digests.of_house(house, people, region=region).keys()
        for person in people:
            asked |= digests.of_name(house.name, house.place, person.name).keys()
    noted = Event.objects.filter(prospect__in=houses, kind__in=["opted_out", "replied"])
    rows = Blocked.objects.filter(Q(digest__in=asked) | Q(event__in=noted.values("pk")))
    seen = {str(row.pk): _block(row) for row in rows}
    if since is None:
        return {"rows": seen, "newest": _newest(Blocked)}
    before = since["rows"]
    return {
        "new": [int(pk) for pk in seen if int(pk) > since["newest"]],
        "changed": {
            pk: [before[pk], row] for pk, row in seen.items() if pk in before and before[pk] != row
        },
    }


def blocks_restored(blocks: Json) -> None:
    """Put entries back as they were; what is justified by itself is blocked anew by the plan."""
    Blocked.objects.filter(pk__in=blocks["new"], lifted_at=None).delete()
    for pk, (before, after) in blocks["changed"].items():
        row = Blocked.objects.filter(pk=pk).first()
        if row is not None and _block(row) == after:
            Blocked.objects.filter(pk=pk).update(**before)


def _block(row: Blocked) -> Json:
    held = {name: getattr(row, name) for name in _BLOCK}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in held.items()}


def _newest(model: Any) -> int:
    return model.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _move(kind: Kind, model: Any, ids: Iterable[int], to: int) -> None:
    rows = model.objects.filter(pk__in=list(ids))
    if model is Event:
        rows.moved_to(**{kind.column: to})
    else:
        rows.update(**{f"{kind.column}_id": to})


def _follow(going: dict[str, set[int]], merger: Merger, root: int) -> None:
    """Add what came since and belongs to what goes back: events of its matters, its new people."""
    here = Event.objects.filter(prospect=root)
    going["events"] |= _ids(here.filter(opportunity__in=going["opportunities"]))
    going["people"] |= _new_people(going, merger, root)
    since = here.filter(opportunity=None, pk__gt=merger.moved["head"])
    going["events"] |= _ids(since.filter(person__in=going["people"]))
    going["events"] |= {
        pk
        for pk, told in since.values_list("pk", "payload")
        if told.get("person_id") in going["people"]
    }
    while more := _ids(since.filter(about__in=going["events"])) - going["events"]:
        going["events"] |= more


def _new_people(going: dict[str, set[int]], merger: Merger, root: int) -> set[int]:
    """Return who became known since, and only in matters that go back."""
    fresh = _ids(Person.objects.filter(prospect=root, pk__gt=merger.moved["newest_person"]))
    if not fresh:
        return set()
    matters = Opportunity.objects.filter(person__in=fresh).values_list("person_id", "pk")
    events = Event.objects.filter(person__in=fresh).exclude(opportunity=None)
    named = [*matters, *events.values_list("person_id", "opportunity_id")]
    theirs = {person for person, matter in named if matter in going["opportunities"]}
    others = {person for person, matter in named if matter not in going["opportunities"]}
    return theirs - others


def _forget(kind: Kind, merger: Merger, going: Mapping[str, set[int]]) -> None:
    """What went back is no more among what a later merger took along."""
    table = Merger.Table.PROSPECT if kind is PROSPECTS else Merger.Table.PERSON
    for later in Merger.objects.filter(table=table, pk__gt=merger.pk, undone_at=None):
        for name in kind.rows:
            later.moved[name] = [pk for pk in later.moved[name] if pk not in going[name]]
        later.save(update_fields=["moved"])


def _objections_since(kind: Kind, merger: Merger, root: int, going: set[int]) -> list[Event]:
    """Return the objections that were noted while the two were one, and stay with who is kept."""
    rows = Event.objects.filter(kind="opted_out", pk__gt=merger.moved["head"]).standing()
    if kind is PROSPECTS:
        rows = rows.filter(prospect=root, payload__scope=HOUSE)
        return [event for event in rows.order_by("pk") if event.pk not in going]
    return list(rows.filter(payload__person_id=root).order_by("pk"))


def _say_again(kind: Kind, merger: Merger, event: Event, *, actor: User, now: datetime) -> None:
    gone = merger.gone
    is_person = kind is PEOPLE
    Event.objects.create(
        kind="opted_out",
        prospect_id=event.prospect_id if is_person else gone,
        person_id=gone if is_person else None,
        occurred_at=event.occurred_at,
        recorded_at=now,
        actor=actor,
        source_key=f"merger:{merger.pk}:{event.pk}",
        payload={**event.payload, "person_id": gone} if is_person else event.payload,
    )


def _ids(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))
