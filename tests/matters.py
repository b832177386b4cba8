"""Made-up matters with all that figures can rest on, drawn by a seed: for tests and measures."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from nachhaken.terms import Channel, Intent, NoReason, OurReason, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    Fact,
    GutFelt,
    OfferSent,
    Reopened,
    Replied,
    Statement,
    Timeline,
    Touched,
    Undone,
)

SCRIPTS = ("what.until_then", "clarify.open", "mail.short", "own.1")
CURRENCIES = ("EUR", "EUR", "EUR", "CHF", "USD")
_ENDS = (
    OutcomeKind.WON,
    OutcomeKind.WON,
    OutcomeKind.LOST,
    OutcomeKind.LOST,
    OutcomeKind.LOST,
    OutcomeKind.STOPPED,
    OutcomeKind.DECLINED,
    OutcomeKind.OPTED_OUT,
)

Dated = tuple[timedelta, Fact]


def facts_of(rng: Random) -> list[Dated]:
    """Return what happened, each so long after the beginning: about twelve things."""
    lasted = timedelta(days=round(rng.lognormvariate(3.4, 1.0), 2))
    found: list[Dated] = [(timedelta(days=-3 * rng.random()), _effort(rng))]
    if rng.random() < 0.95:
        found.append((timedelta(0), _offer(rng, 1)))
    found += [(lasted * rng.random(), _effort(rng)) for _ in range(rng.randrange(4))]
    for n in range(1, rng.randrange(1, 5)):
        at = timedelta(days=14 * n + rng.random())
        if at < lasted:
            found.append((at, _touch(rng)))
            if rng.random() < 0.5:
                found.append((at + timedelta(days=rng.random() * 20), _reply(rng)))
    if rng.random() < 0.2:
        found.append((lasted * rng.random(), _offer(rng, 2)))
    if rng.random() < 0.3:
        found.append((lasted * rng.random(), GutFelt(dead_horse=rng.random() < 0.5)))
    if rng.random() < 0.8:
        found.append((lasted, _closed(rng)))
    return found


def timeline_of(
    found: list[Dated], begin: datetime, *, ids: Iterator[int] | None = None
) -> Timeline:
    """Return them as a timeline, noted when they happened."""
    numbers = ids or count(1)
    return Timeline.of(
        Entry(
            id=number,
            occurred_at=begin + after,
            recorded_at=begin + after,
            actor="",
            source_key=f"{number}",
            fact=fact,
        )
        for (after, fact), number in zip(sorted(found, key=_when), numbers, strict=False)
    )


def changes_of(found: list[Dated], rng: Random) -> list[Dated]:
    """Return `found` with one more thing: another touch, an end, a new beginning, or an undo."""
    last = max((after for after, _ in found), default=timedelta(0))
    more: Fact = rng.choice(
        [_touch(rng), _reply(rng), _closed(rng), Reopened(), _effort(rng), _offer(rng, 3)]
    )
    if rng.random() < 0.3:
        more = Undone(entry_id=rng.randint(1, len(found)))
    return [*found, (last + timedelta(days=rng.random() * 30), more)]


def _when(one: Dated) -> timedelta:
    return one[0]


def _effort(rng: Random) -> Fact:
    rate = rng.choice([None, 6_000])
    return EffortSpent(
        minutes=rng.randrange(15, 240, 15), cents=rng.choice([0, 0, 4_550]), rate_cents=rate
    )


def _offer(rng: Random, version: int) -> Fact:
    cents = rng.choice([None, *(round(10 ** rng.uniform(4.5, 7)) for _ in range(9))])
    return OfferSent(
        number="A-1", version=version, net_cents=cents, currency=rng.choice(CURRENCIES)
    )


def _touch(rng: Random) -> Fact:
    is_call = rng.random() < 0.4
    return Touched(
        channel=Channel.CALL if is_call else Channel.MAIL,
        step=StepKind.CALL if is_call else StepKind.MAIL,
        reached=rng.random() < 0.7 if is_call else None,
        scripts=(rng.choice(SCRIPTS),) if rng.random() < 0.5 else (),
    )


def _reply(rng: Random) -> Fact:
    intent = rng.choice([Intent.ENGAGED, Intent.LATER_VAGUE, Intent.NO, Intent.STALLED_NAMED])
    return Replied(channel=Channel.MAIL, statement=Statement(intent=intent))


def _closed(rng: Random) -> Fact:
    outcome = rng.choice(_ENDS)
    is_lost = outcome is OutcomeKind.LOST
    return Closed(
        outcome=outcome,
        no_reason=rng.choice([None, *NoReason]) if is_lost else None,
        our_reason=rng.choice(list(OurReason)) if outcome is OutcomeKind.DECLINED else None,
    )
