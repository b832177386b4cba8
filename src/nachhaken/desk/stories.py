"""From rows to what the plan works on: the stories of many opportunities in five queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch

from nachhaken.desk.aliases import aliases_in, aliases_of
from nachhaken.desk.fits import KIND, Pair, Rated, ratings_in
from nachhaken.desk.jobs_done import Fitted, factor_of, jobs_of
from nachhaken.desk.layers import layer_of, layers_for, reader_version
from nachhaken.desk.models import Event, Opportunity, Person, ReadingCache
from nachhaken.desk.objections import PERSON, Objection, house_objected_at, objections_of
from nachhaken.desk.preferences import preferences
from nachhaken.desk.records import NOBODY, decode_reading, encode_reading, timeline_of
from nachhaken.desk.speech import local_date
from nachhaken.plan.delivery import arrived, died_at
from nachhaken.plan.values import Story
from nachhaken.reading.layer import Layer
from nachhaken.reading.values import Reading
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Replied, Touched

VOID = "void"


@dataclass(frozen=True, slots=True)
class Told:
    """An opportunity with its story, and the objections of anybody at its prospect.

    `unreached` says of the people there whose mail address is known to be dead, since when.
    `ratings` are everybody's of this prospect; `fitted` is how it fits the owner, None where he
    did not rate it.
    """

    opportunity: Opportunity
    story: Story
    objections: tuple[Objection, ...] = ()
    unreached: Mapping[int, datetime] = field(default_factory=dict)
    ratings: Mapping[Pair, Rated] = field(default_factory=dict)
    fitted: Fitted | None = None

    @property
    def opted_out(self) -> datetime | None:
        """Since when the whole house must not be contacted."""
        return house_objected_at(self.objections)


def tell(opportunity_ids: Iterable[int]) -> list[Told]:
    """Return the stories of the given opportunities, with readings made where they are missing."""
    rows = list(
        Opportunity.objects.filter(pk__in=list(opportunity_ids))
        .select_related("prospect", "person", "owner")
        .prefetch_related(Prefetch("prospect__people", Person.objects.here().order_by("pk")))
        .order_by("pk")
    )
    prospects = {row.prospect_id for row in rows}
    siblings = _siblings(prospects)
    events = _events(prospects)
    # Of all the prospect's replies: an objection in one matter ends contact in every other.
    readings = readings_of(event for prospect in prospects for event in events[prospect])
    ratings = {pk: _ratings(pk, found) for pk, found in events.items()}
    fitted = _fitted(rows, ratings)
    return [
        _fitting(
            _tell(
                row,
                events[row.prospect_id],
                siblings=siblings[row.prospect_id],
                people=list(row.prospect.people.all()),
                readings=readings,
            ),
            ratings.get(row.prospect_id, {}),
            fitted.get(_pair(row)),
        )
        for row in rows
    ]


def objections_in(prospect_ids: Iterable[int]) -> dict[int, tuple[Objection, ...]]:
    """Return the objections at these prospects, whether or not there is a matter with them."""
    wanted = set(prospect_ids)
    events = _events(wanted)
    readings = readings_of(event for found in events.values() for event in found)
    aliases = aliases_in(event for found in events.values() for event in found)
    return {pk: objections_of(timeline_of(events[pk], aliases), readings) for pk in wanted}


def readings_of(events: Iterable[Event]) -> dict[int, Reading]:
    """Return the readings of the replies among `events`, made where they are missing.

    A reply is read with what the corrections of its opportunity's owner taught.
    """
    replies = [event for event in events if event.kind == "replied"]
    layers = layers_for({event.opportunity_id for event in replies if event.opportunity_id})
    own = [event for event in replies if event.opportunity_id in layers]
    bare = bare_readings_of(event for event in replies if event.opportunity_id not in layers)
    if not own:
        return bare
    used = {event.pk: layers[event.opportunity_id or 0] for event in own}
    versions = {pk: f"{reader_version()}-{name}" for pk, (_, name) in used.items()}
    return bare | _made(own, versions, {pk: layer_of(*one) for pk, one in used.items()})


def bare_readings_of(events: Iterable[Event]) -> dict[int, Reading]:
    """Return the readings of the replies among `events` as the shipped reader makes them."""
    replies = [event for event in events if event.kind == "replied"]
    return _made(replies, {event.pk: reader_version() for event in replies}, None)


def _made(
    replies: list[Event], versions: Mapping[int, str], layers: Mapping[int, Layer | None] | None
) -> dict[int, Reading]:
    """Return cached readings of these versions; what is not cached is read and cached."""
    is_own = layers is not None
    rows = ReadingCache.objects.filter(event__in=list(versions), is_own=is_own)
    found = rows.filter(version__in=set(versions.values()))
    readings = {
        row.event_id: decode_reading(row.payload)
        for row in found
        if row.version == versions[row.event_id]
    }
    missing = {event.pk: event for event in replies if event.pk not in readings}
    fresh = {pk: _read(event, (layers or {}).get(pk)) for pk, event in missing.items()}
    if fresh:
        _keep(fresh, versions, is_own=is_own)
    return readings | fresh


def _fitted(
    rows: list[Opportunity], ratings: Mapping[int, Mapping[Pair, Rated]]
) -> dict[Pair, Fitted]:
    """Return how the customers fit those who sell to them, asking only where these rated."""
    rated = {_pair(row): ratings.get(row.prospect_id, {}).get(_pair(row)) for row in rows}
    known = {pair: one for pair, one in rated.items() if one}
    if not known:
        return {}
    jobs, usual = jobs_of(seller for seller, _prospect in known), preferences().margin
    return {
        pair: Fitted(
            seller=pair[0],
            rated=one,
            factor=factor_of(one.fact),
            usual_margin=usual,
            jobs=jobs.get(pair[0], ()),
        )
        for pair, one in known.items()
    }


def _pair(row: Opportunity) -> Pair:
    return row.owner_id or 0, row.prospect_id


def _ratings(prospect_id: int, events: list[Event]) -> dict[Pair, Rated]:
    if not any(event.kind == KIND for event in events):
        return {}
    kinds = (KIND, "undone")
    return ratings_in(prospect_id, timeline_of(one for one in events if one.kind in kinds))


def _fitting(told: Told, ratings: Mapping[Pair, Rated], fitted: Fitted | None) -> Told:
    """Return the same with what the fit makes of its worth; unrated it stays as it is."""
    if fitted is None:
        return replace(told, ratings=ratings) if ratings else told
    margin = fitted.margin
    story = replace(
        told.story,
        fit=fitted.factor,
        hidden_hours=fitted.costs_hours,
        margin_share=margin.mean if margin else None,
    )
    return replace(told, story=story, ratings=ratings, fitted=fitted)


def _siblings(prospects: set[int]) -> dict[int, list[Opportunity]]:
    found: dict[int, list[Opportunity]] = defaultdict(list)
    rows = Opportunity.objects.filter(prospect_id__in=prospects).exclude(outcome__in=["", VOID])
    for row in rows.order_by("ended_at", "pk").defer("search"):
        found[row.prospect_id].append(row)
    return found


def _events(prospects: set[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(prospect_id__in=prospects).select_related("prospect").order_by("pk")
    for event in rows:
        found[event.prospect_id].append(event)
    return found


def _tell(
    row: Opportunity,
    events: list[Event],
    *,
    siblings: list[Opportunity],
    people: list[Person],
    readings: Mapping[int, Reading],
) -> Told:
    aliases = aliases_of(people)
    people = [one for one in people if one.pk not in aliases]
    person = row.person or (people[0] if people else None)
    contact = person.pk if person else None
    lost = unreached([*people, *filter(None, [person])], events, aliases)
    own = (event for event in events if _is_of(event, row, contact, aliases))
    timeline = timeline_of(own, aliases)
    earlier = [s for s in siblings if s.pk != row.pk and _ended_before(s, row)]
    orders = [index for index, s in enumerate(earlier, 1) if s.outcome == OutcomeKind.WON]
    objections = objections_of(timeline_of(events, aliases), readings)
    story = Story(
        timeline=timeline,
        readings={entry.id: readings[entry.id] for entry in timeline if entry.id in readings},
        title=row.title,
        prospect=row.prospect.name,
        person=person.name if person else "",
        person_id=contact,
        is_consumer=row.prospect.is_consumer,
        region=row.prospect.region,
        mail=person.mail if person and person.pk not in lost else "",
        has_dead_mail=contact in lost,
        phone=person.phone if person else "",
        opted_out=any(one.concerns(contact) for one in objections),
        other_touches=_other_touches(row, events, contact, aliases),
        offers=len(earlier),
        orders=len(orders),
        last_order=orders[-1] if orders else 0,
    )
    return Told(row, story, objections, lost)


def unreached(
    people: Iterable[Person], events: Sequence[Event], aliases: Mapping[int, int] = NOBODY
) -> dict[int, datetime]:
    """Return since when the mail address of each of a prospect's people is known to be dead."""
    if not any(event.kind == "bounced" for event in events):
        return {}
    standing = timeline_of(events, aliases).standing()
    found = {p.pk: died_at(p.mail, standing, person_id=p.pk) for p in people if p.mail}
    return {pk: at for pk, at in found.items() if at is not None}


def _is_of(event: Event, row: Opportunity, contact: int | None, aliases: Mapping[int, int]) -> bool:
    """What concerns the prospect as a whole, such as an objection, is part of each opportunity.

    The objection of one person alone belongs to the matters that are talked over with them.
    """
    if event.kind == "opted_out" and event.payload.get("scope") == PERSON:
        objector = event.payload.get("person_id")
        return bool(contact == aliases.get(objector, objector))
    return event.opportunity_id in {row.pk, None}


def _ended_before(sibling: Opportunity, row: Opportunity) -> bool:
    if sibling.ended_at is None:
        return False
    return row.ended_at is None or (sibling.ended_at, sibling.pk) < (row.ended_at, row.pk)


def _other_touches(
    row: Opportunity, events: list[Event], contact: int | None, aliases: Mapping[int, int]
) -> tuple[datetime, ...]:
    """Return the moments at which this person was touched over the prospect's other matters."""
    others = [e for e in events if e.opportunity_id not in {row.pk, None}]
    return tuple(
        entry.occurred_at
        for entry in arrived(timeline_of(others, aliases).standing())
        if isinstance(entry.fact, Touched) and _same_person(entry.fact.person_id, contact)
    )


def _same_person(one: int | None, other: int | None) -> bool:
    """Where it is not known whom a touch reached, it counts: rather once too few than too often."""
    return one is None or other is None or one == other


def _read(event: Event, layer: Layer | None) -> Reading:
    # Late: the phrase tables and weights are not needed to show a page.
    from nachhaken.reading import read

    (entry,) = timeline_of([event])
    fact = entry.fact
    assert isinstance(fact, Replied)  # noqa: S101 - the caller picked the kind
    return read(
        fact.text,
        reference=local_date(entry.occurred_at),
        region=event.prospect.region,
        subject=fact.subject,
        automatic=fact.automatic,
        layer=layer,
    )


def _keep(readings: Mapping[int, Reading], versions: Mapping[int, str], *, is_own: bool) -> None:
    ReadingCache.objects.bulk_create(
        (
            ReadingCache(
                event_id=pk,
                is_own=is_own,
                version=versions[pk],
                payload=encode_reading(reading),
            )
            for pk, reading in readings.items()
        ),
        batch_size=100,
        update_conflicts=True,
        unique_fields=["event", "is_own"],
        update_fields=["version", "payload"],
    )
