"""How sellers and customers fit, as the sellers rated it, and what they rate by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from nachhaken.desk.models import Event
from nachhaken.desk.preferences import stored
from nachhaken.desk.records import decode
from nachhaken.timeline import FitRated, Timeline

KEY = "fit_criteria"
KIND = "fit_rated"
MOST_CRITERIA = 10
LONGEST_NAME = 60

Pair = tuple[int, int]
"""A seller and a customer: the ids of a user and a prospect."""


class Rated(NamedTuple):
    """A rating, with the entry that says it and when it was made."""

    entry_id: int
    at: datetime
    fact: FitRated


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a seller asks himself about a customer.

    The key stays when the name changes, so old ratings keep their meaning. What is retired is not
    asked for any more.
    """

    key: str
    name: str
    is_retired: bool = False


def ratings_of(prospect_ids: Iterable[int]) -> dict[Pair, Rated]:
    """Return the newest standing rating of each seller at each of these prospects.

    It counts for all opportunities there, whichever it was made at.
    """
    rows = Event.objects.filter(kind=KIND, prospect_id__in=set(prospect_ids)).standing()
    return newest_of(rows.filter(actor__isnull=False).order_by("occurred_at", "pk"))


def newest_of(rows: Iterable[Event]) -> dict[Pair, Rated]:
    """Return the last rating of each pair among rows in order; each has an actor."""
    return {
        (row.actor_id or 0, row.prospect_id): Rated(
            row.pk, row.occurred_at, decode(FitRated, row.payload)
        )
        for row in rows
    }


def ratings_in(prospect_id: int, timeline: Timeline) -> dict[Pair, Rated]:
    """Return the newest rating of each seller in all that happened at one prospect."""
    return {
        (int(entry.actor), prospect_id): Rated(entry.id, entry.occurred_at, entry.fact)
        for entry in timeline.standing()
        if isinstance(entry.fact, FitRated) and entry.actor
    }


def criteria() -> tuple[Criterion, ...]:
    """Return what is rated by, as set, or the five that Nachhaken brings."""
    own = stored().get(KEY)
    usual = usual_names()
    if own is None:
        return tuple(Criterion(key, name) for key, name in usual.items())
    return tuple(
        Criterion(one["key"], one["name"] or usual.get(one["key"], one["key"]), one["is_retired"])
        for one in own
    )


def asked() -> tuple[Criterion, ...]:
    """Return the criteria that are asked for today."""
    return tuple(one for one in criteria() if not one.is_retired)


def usual_names() -> Mapping[str, str]:
    """Return the criteria that Nachhaken brings, by key, in the language of the user."""
    return {
        "wavelength": _("Wellenlänge"),
        "values": _("Werte"),
        "expectations": _("Erwartungen"),
        "respect": _("Achtung der Grenzen"),
        "appreciation": _("Wertschätzung"),
    }
