"""The block list: kept beside the objections, asked whenever somebody becomes known."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from nachhaken.desk import digests, labels
from nachhaken.desk.digests import Kind
from nachhaken.desk.models import Blocked, Event, Person, Prospect, User
from nachhaken.desk.objections import HOUSE, PERSON, Objection
from nachhaken.desk.records import encode
from nachhaken.desk.speech import local_date
from nachhaken.desk.stories import objections_in
from nachhaken.timeline import OptedOut

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a digest is blocked for."""

    kind: Kind
    objection: Objection


def keep_block_list(objections: Mapping[int, Sequence[Objection]], *, now: datetime) -> None:
    """Block whoever objects at these prospects; lift what rests on an objection that was undone.

    Hold the prospects locked. An entry whose event was erased stays: nobody can undo it any more.
    """
    grounds = _grounds({pk: found for pk, found in objections.items() if found})
    standing = {one.entry_id for found in objections.values() for one in found}
    events = Event.objects.filter(prospect__in=objections, kind__in=["opted_out", "replied"])
    rested = Blocked.objects.filter(lifted_at=None, event__in=events.values("pk"))
    _settle([row for row in rested if _has_changed(row, grounds, standing)], grounds, now=now)
    _block(grounds)


def blocked_among(met: Sequence[tuple[Prospect, Person | None]]) -> set[int]:
    """Return which of these houses (without a person) and people the block list names.

    One look for many: whoever is returned is then to be heeded, in the order of becoming known.
    """
    standing = Blocked.objects.filter(lifted_at=None)
    if not met or not standing.exists():
        return set()
    asked: dict[str, set[int]] = defaultdict(set)
    for index, (prospect, person) in enumerate(met):
        for digest in _asked(prospect, person):
            asked[digest].add(index)
    wanted = sorted(asked)
    parts = (wanted[i : i + _AT_ONCE] for i in range(0, len(wanted), _AT_ONCE))
    found = (standing.filter(digest__in=part).values_list("digest", flat=True) for part in parts)
    return {index for digests_of in found for digest in digests_of for index in asked[digest]}


def heed(
    prospect: Prospect, person: Person | None = None, *, actor: User | None, now: datetime
) -> bool:
    """Note the objection of a newly known house or person that stands on the block list.

    Once for each of them: who takes it back is not overruled by the next import. Returns whether
    it was noted.
    """
    found = list(Blocked.objects.filter(digest__in=_asked(prospect, person), lifted_at=None))
    if not found or _has_objected(prospect):
        return False
    is_house = any(row.scope == HOUSE for row in found) and not _has_others(prospect, person)
    reason = labels.text("on_block_list", on=labels.day(local_date(min(r.at for r in found))))
    fact = OptedOut(reason=reason)
    if person and not is_house:
        fact = OptedOut(scope=PERSON, person_id=person.pk, reason=reason)
    _, is_new = Event.objects.get_or_create(
        source_key=f"block-list:person:{person.pk}" if person else f"block-list:{prospect.pk}",
        defaults={
            "kind": "opted_out",
            "prospect": prospect,
            "person": person,
            "occurred_at": now,
            "recorded_at": now,
            "actor": actor,
            "payload": encode(fact),
        },
    )
    return is_new


def standing_ground(asked: Collection[str]) -> Objection | None:
    """Return an objection that stands at a customer of ours and blocks one of these digests."""
    found = _elsewhere(asked)
    return next((ground.objection for ground in found.values()), None)


def objecting(prospect_ids: Collection[int]) -> int:
    """Count the prospects at which somebody's objection was noted."""
    rows = Event.objects.filter(prospect__in=prospect_ids, kind="opted_out").standing()
    return rows.values("prospect").distinct().count()


def _asked(prospect: Prospect, person: Person | None) -> digests.Digests:
    if person is None:
        return digests.of_name(prospect.name, prospect.place)
    return digests.of_person(person, region=digests.region_of(prospect))


def _grounds(objections: Mapping[int, Sequence[Objection]]) -> dict[str, _Ground]:
    """Return what is to be blocked, by digest; a house's objection covers its people's."""
    rows = Prospect.objects.filter(pk__in=objections).prefetch_related("people")
    grounds: dict[str, _Ground] = {}
    for prospect in rows:
        for one in sorted(objections[prospect.pk], key=lambda one: one.scope == HOUSE):
            for digest, kind in _digests(prospect, one).items():
                grounds[digest] = _Ground(kind, one)
    return grounds


def _digests(prospect: Prospect, one: Objection) -> digests.Digests:
    region, people = digests.region_of(prospect), list(prospect.people.all())
    if one.person_id is None:
        return digests.of_house(prospect, people, region=region)
    person = next((row for row in people if row.pk == one.person_id), None)
    if person is None:
        return {}
    known = digests.of_person(person, region=region)
    return known or digests.of_name(prospect.name, prospect.place, person.name)


def _has_changed(row: Blocked, grounds: Mapping[str, _Ground], standing: set[int]) -> bool:
    ground = grounds.get(row.digest)
    if ground is None:
        return row.event not in standing
    return (row.event, row.scope) != (ground.objection.entry_id, ground.objection.scope)


def _settle(rows: list[Blocked], grounds: Mapping[str, _Ground], *, now: datetime) -> None:
    """Let entries rest on what justifies them now, here or elsewhere; lift the others."""
    orphans = {row.digest for row in rows} - grounds.keys()
    justified = {**(_elsewhere(orphans) if orphans else {}), **grounds}
    for row in rows:
        if ground := justified.get(row.digest):
            row.event, row.scope = ground.objection.entry_id, ground.objection.scope
        else:
            row.lifted_at = now
    Blocked.objects.bulk_update(rows, ["event", "scope", "lifted_at"])


def _elsewhere(wanted: Collection[str]) -> dict[str, _Ground]:
    """Return the grounds for these digests at any prospect: two houses may share a number."""
    noted = Event.objects.filter(kind="opted_out").values("prospect")
    houses = Prospect.objects.filter(opted_out_at__isnull=False).values("pk")
    people = Person.objects.filter(Q(prospect__in=houses) | Q(prospect__in=noted))
    near = {
        person.prospect_id
        for person in people.select_related("prospect")
        if set(wanted) & digests.of_person(person, region=digests.region_of(person.prospect)).keys()
    }
    found = _grounds({pk: held for pk, held in objections_in(near).items() if held})
    return {digest: ground for digest, ground in found.items() if digest in wanted}


def _block(grounds: Mapping[str, _Ground]) -> None:
    known = {row.digest: row for row in Blocked.objects.filter(digest__in=grounds)}
    fresh = [_entry(Blocked(digest=d), g) for d, g in grounds.items() if d not in known]
    Blocked.objects.bulk_create(fresh, ignore_conflicts=True)
    again = [_entry(row, grounds[d]) for d, row in known.items() if row.lifted_at]
    Blocked.objects.bulk_update(
        again, ["kind", "scope", "event", "at", "actor", "lifted_at", "lifted_by", "lift_reason"]
    )


def _entry(row: Blocked, ground: _Ground) -> Blocked:
    one = ground.objection
    row.kind, row.scope, row.event, row.at = ground.kind, one.scope, one.entry_id, one.at
    row.actor_id = int(one.noted_by) if one.noted_by else None
    row.lifted_at, row.lifted_by, row.lift_reason = None, None, ""
    return row


def _has_objected(prospect: Prospect) -> bool:
    noted = Event.objects.filter(prospect=prospect, kind="opted_out", payload__scope=HOUSE)
    return noted.standing().exists()


def _has_others(prospect: Prospect, person: Person | None) -> bool:
    """Somebody known at a known house objected elsewhere: that is not the house's word."""
    others = Person.objects.filter(prospect=prospect)
    return person is not None and others.exclude(pk=person.pk).exists()
