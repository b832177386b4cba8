"""Made-up opportunities in any number, to measure the desk: few stories, told many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nachhaken.desk.folding import searchable
from nachhaken.desk.models import Event, Opportunity, Plan, Prospect, User
from nachhaken.desk.planning import plan_of
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.stories import Told
from nachhaken.plan.values import Preferences, Story
from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    Fact,
    OfferSent,
    Replied,
    Statement,
    Timeline,
    Touched,
)

BATCH = 2_000
AGES = (6, 11, 17, 25, 40, 70, 120, 200)  # days since the offer
PER_PROSPECT = 2

_TOWNS = ("Rosenheim", "Miesbach", "Bad Tölz", "Holzkirchen", "Weilheim", "Murnau", "Erding")
_NAMES = ("Müller", "Huber", "Schröder", "Yıldız", "Großmann", "Jäger", "Höß", "Löffler", "Stöckl")
_MATTERS = ("Treppe", "Geländer", "Balkon", "Hoftor", "Carport", "Vordach", "Zaun", "Überdachung")

_Story = tuple[tuple[float, Fact], ...]  # when, as a share of the age, and what


@dataclass(frozen=True, slots=True)
class _Template:
    events: tuple[tuple[timedelta, Fact], ...]  # how long before now
    plan: Plan


def seed(count: int, *, actor: User, now: datetime) -> Iterator[int]:
    """Insert `count` opportunities with events and plans; yield how many are done so far."""
    templates = _templates(now)
    offset = Opportunity.objects.count()
    for start in range(0, count, BATCH):
        numbers = range(offset + start, offset + min(start + BATCH, count))
        with transaction.atomic():
            _insert(numbers, templates, actor=actor, now=now)
        yield numbers.stop - offset


def _insert(
    numbers: Sequence[int], templates: Sequence[_Template], *, actor: User, now: datetime
) -> None:
    prospects = _prospects(numbers, now)
    rows = Opportunity.objects.bulk_create(
        _opportunity(n, prospects[n // PER_PROSPECT], _of(templates, n), actor=actor, now=now)
        for n in numbers
    )
    events = Event.objects.bulk_create(
        _event(row, index, ago, fact, now=now)
        for n, row in zip(numbers, rows, strict=True)
        for index, (ago, fact) in enumerate(_of(templates, n).events)
    )
    heads = {event.opportunity_id: event.pk for event in events}
    offers = {event.opportunity_id: event.pk for event in events if event.kind == "offer_sent"}
    Plan.objects.bulk_create(
        _plan(row, _of(templates, n).plan, n, head=heads[row.pk], offer=offers.get(row.pk))
        for n, row in zip(numbers, rows, strict=True)
    )


def _of(templates: Sequence[_Template], n: int) -> _Template:
    # A step that shares no factor with their number runs through all of them.
    return templates[n * 7 % len(templates)]


def _prospects(numbers: Sequence[int], now: datetime) -> dict[int, Prospect]:
    wanted = sorted({n // PER_PROSPECT for n in numbers})
    rows = {number: _prospect(number, now) for number in wanted}
    Prospect.objects.bulk_create(rows.values(), ignore_conflicts=True)
    found = Prospect.objects.in_bulk([row.key for row in rows.values()], field_name="key")
    return {number: found[row.key] for number, row in rows.items()}


def _prospect(number: int, now: datetime) -> Prospect:
    name = f"{_NAMES[number % len(_NAMES)]} {number} GmbH"
    place = _TOWNS[number % len(_TOWNS)]
    row = Prospect(name=name, place=place, region="DE-BY", key=f"seed|{number}", created_at=now)
    row.refold()
    return row


def _opportunity(
    n: int, prospect: Prospect, template: _Template, *, actor: User, now: datetime
) -> Opportunity:
    end = next(((ago, f) for ago, f in template.events if isinstance(f, Closed)), None)
    title = f"{_MATTERS[n % len(_MATTERS)]} {n}"
    return Opportunity(
        prospect=prospect,
        owner=actor,
        title=title,
        source_key=f"seed:{n}",
        created_at=now - template.events[0][0],
        outcome=end[1].outcome if end else "",
        ended_at=now - end[0] if end else None,
        search=searchable(prospect.name, title, f"S-{n}"),
    )


def _event(row: Opportunity, index: int, ago: timedelta, fact: Fact, *, now: datetime) -> Event:
    return Event(
        kind=kind_of(fact),
        prospect_id=row.prospect_id,
        opportunity=row,
        occurred_at=now - ago,
        recorded_at=now,
        source_key=f"{row.source_key}:{index}",
        payload=encode(fact),
        came_in=isinstance(fact, Replied),
    )


def _plan(row: Opportunity, plan: Plan, n: int, *, head: int, offer: int | None) -> Plan:
    fields = {f.attname: getattr(plan, f.attname) for f in Plan._meta.concrete_fields}  # noqa: SLF001
    fields |= {"opportunity_id": row.pk, "head": head, "offer_number": f"S-{n}"}
    fields["offer_entry"] = offer
    fields["rate"] = plan.rate * (1 + n % 97 / 1000)  # no two of a kind tie
    return Plan(**fields)


def _templates(now: datetime) -> list[_Template]:
    return [_template(story, timedelta(days=age), now=now) for age in AGES for story in _stories()]


def _template(story: _Story, age: timedelta, *, now: datetime) -> _Template:
    events = tuple((age * (1 - share), fact) for share, fact in story)
    timeline = Timeline.of(
        Entry(
            id=index,
            occurred_at=now - ago,
            recorded_at=now - ago,
            actor="",
            source_key=str(index),
            fact=fact,
        )
        for index, (ago, fact) in enumerate(events, 1)
    )
    told = Told(
        Opportunity(title="Treppe", created_at=now - age, outcome=_outcome(story)),
        Story(timeline=timeline, readings={}, title="Treppe", prospect="Huber", mail="m@x.example"),
    )
    return _Template(events, plan_of(told, now=now, preferences=Preferences()))


def _outcome(story: _Story) -> str:
    return next((fact.outcome.value for _, fact in story if isinstance(fact, Closed)), "")


def _stories() -> list[_Story]:
    """The standing prospects in short: who decides, evades, collects quotes, is silent, ended."""
    offer = (0.0, OfferSent(number="S", net_cents=840_000))
    worked = (0.0, EffortSpent(minutes=180))
    mail = Touched(channel=Channel.MAIL)
    called = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
    missed = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)
    return [
        (worked, offer),
        (offer, (0.5, mail)),
        (offer, (0.4, mail), (0.7, missed), (0.9, missed)),
        (worked, offer, (0.5, _said(Intent.ENGAGED))),
        (offer, (0.3, mail), (0.35, _said(Intent.NONCOMMITTAL)), (0.8, called)),
        (offer, (0.3, _said(Intent.LATER_VAGUE)), (0.6, mail)),
        (worked, offer, (0.2, _said(Intent.REQUOTE)), (0.5, mail)),
        (offer, (0.4, _said(Intent.STALLED_NAMED))),
        (offer, (0.5, _said(Intent.YES)), (0.6, Closed(outcome=OutcomeKind.WON))),
        (
            offer,
            (0.5, _said(Intent.NO)),
            (0.6, Closed(outcome=OutcomeKind.LOST, no_reason=NoReason.PRICE)),
        ),
        (worked, offer, (0.4, mail), (0.9, Closed(outcome=OutcomeKind.STOPPED))),
    ]


def _said(intent: Intent) -> Replied:
    statement = Statement(intent=intent)
    return Replied(channel=Channel.MAIL, text="Vielen Dank für Ihr Angebot.", statement=statement)
