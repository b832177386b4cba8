"""Whom would a customer suit who does not suit his seller? All such customers at once, by room."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from django.db.models import Count, Q

from nachhaken.desk.fits import KIND, Pair, Rated, newest_of
from nachhaken.desk.jobs_done import factor_of
from nachhaken.desk.models import Event, Opportunity, Prospect, User
from nachhaken.engine.fit import Level, level_of
from nachhaken.learning.assignment import assign
from nachhaken.learning.expected_fit import Expected, expected_fit
from nachhaken.learning.insight.figures import band_of

NEWEST = 5_000  # ratings: older ones say little about how one works today
SPARE = 3  # who has not said how many are enough has room for so many more
LEAST_GAIN = 0.1  # of the factor: less is not worth that a customer gets used to somebody new [E]

Features = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many more open matters somebody can take; `is_said` where he set it himself."""

    free: int
    is_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A colleague whom a customer would suit better, what is expected, and his room."""

    seller: int
    expected: Expected
    room: Room


def is_team() -> bool:
    """Does more than one person work at this desk?"""
    return User.objects.filter(is_active=True).count() > 1


def rooms() -> dict[int, Room]:
    """Return the room of everybody who works here, in one query."""
    has_open = Count("opportunity", filter=Q(opportunity__outcome=""))
    users = User.objects.filter(is_active=True).annotate(open=has_open).order_by("pk")
    return {
        one.pk: Room(free=SPARE, is_said=False)
        if one.most_open is None
        else Room(free=max(0, one.most_open - one.open), is_said=True)
        for one in users
    }


def suggestions() -> dict[Pair, Suggestion]:
    """Return who would suit each customer who suits his seller poorly, by (seller, customer).

    All of them are solved together; who is not among them stays where he is. Four queries.
    """
    room, rated = rooms(), _rated()
    open_at = _open_matters()
    misfits = [
        pair
        for pair in sorted(open_at)
        if pair in rated and level_of(factor_of(rated[pair].fact)) is Level.POOR
    ]
    if not misfits or len(room) < 2:  # noqa: PLR2004 - nobody to hand over to
        return {}
    features = _features({customer for _seller, customer in rated})
    past = _past(rated, features)
    sellers = sorted(room)
    expected = [
        [_expected(seller, pair, rated=rated, past=past, features=features) for seller in sellers]
        for pair in misfits
    ]
    gains = [
        [
            nan if seller == pair[0] else one.factor - factor_of(rated[pair].fact) - LEAST_GAIN
            for seller, one in zip(sellers, row, strict=True)
        ]
        for pair, row in zip(misfits, expected, strict=True)
    ]
    free = [room[seller].free for seller in sellers]
    taken = assign(gains, free, [open_at[pair] for pair in misfits])
    return {
        pair: Suggestion(seller=sellers[one], expected=row[one], room=room[sellers[one]])
        for pair, row, one in zip(misfits, expected, taken, strict=True)
        if one is not None
    }


def _rated() -> dict[Pair, Rated]:
    rows = Event.objects.filter(kind=KIND, actor__is_active=True).standing()
    newest = list(rows.order_by("-occurred_at", "-pk")[:NEWEST])
    return newest_of(reversed(newest))


def _open_matters() -> Counter[Pair]:
    rows = Opportunity.objects.filter(outcome="", owner__isnull=False)
    return Counter(
        (owner or 0, prospect) for owner, prospect in rows.values_list("owner", "prospect")
    )


def _features(prospects: set[int]) -> dict[int, Features]:
    """Return what is known of each customer from the start: whom one sells to, where, how much."""
    rows = Prospect.objects.filter(pk__in=prospects).order_by("pk", "-opportunities__pk")
    asked = rows.values_list("pk", "is_consumer", "region", "opportunities__plan__amount_cents")
    found: dict[int, Features] = {}
    for pk, is_consumer, region, cents in asked:
        known = {"kind": "consumer" if is_consumer else "business", "region": region or ""}
        if cents is not None:
            known["band"] = band_of(cents).value
        found.setdefault(pk, {name: value for name, value in known.items() if value})
    return found


def _past(
    rated: Mapping[Pair, Rated], features: Mapping[int, Features]
) -> dict[int, list[tuple[int, Features, float]]]:
    past: dict[int, list[tuple[int, Features, float]]] = defaultdict(list)
    for (seller, customer), one in sorted(rated.items()):
        past[seller].append((customer, features.get(customer, {}), factor_of(one.fact)))
    return past


def _expected(
    seller: int,
    pair: Pair,
    *,
    rated: Mapping[Pair, Rated],
    past: Mapping[int, list[tuple[int, Features, float]]],
    features: Mapping[int, Features],
) -> Expected:
    own = rated.get((seller, pair[1]))
    others = [(told, factor) for pk, told, factor in past.get(seller, ()) if pk != pair[1]]
    factor = factor_of(own.fact) if own else None
    return expected_fit(features.get(pair[1], {}), others, own=factor)
