"""Who was asked to take over, what was answered, and whose a matter is after that."""

from collections.abc import Iterable

from nachhaken.desk.models import Event
from nachhaken.timeline import HandOverAnswered, HandOverAsked, Timeline

ASKED, ANSWERED = "hand_over_asked", "hand_over_answered"


def owner_of(timeline: Timeline, owner: int | None) -> int | None:
    """Return whose the matter is: of the last who took over, else of the first who asked.

    `owner` where nobody was ever asked. What was undone does not count, but even a question that
    was taken back says whose it was when it was asked.
    """
    first = next((e.fact.by for e in timeline if isinstance(e.fact, HandOverAsked)), None)
    if first is None:
        return owner
    standing = list(timeline.standing())
    asked = {e.id: e.fact.to for e in standing if isinstance(e.fact, HandOverAsked)}
    taken = [
        asked[e.fact.asked_id]
        for e in standing
        if isinstance(e.fact, HandOverAnswered) and e.fact.accepted and e.fact.asked_id in asked
    ]
    return taken[-1] if taken else first


def waiting_at(opportunity_ids: Iterable[int]) -> dict[int, Event]:
    """Return the questions that nobody has answered, by matter."""
    rows = Event.objects.filter(opportunity__in=set(opportunity_ids), kind=ASKED).standing()
    found = list(rows.order_by("occurred_at", "pk"))
    known = answered([row.pk for row in found]) if found else set()
    return {row.opportunity_id or 0: row for row in found if row.pk not in known}


def answered(entry_ids: Iterable[int]) -> set[int]:
    """Return which of these questions were answered."""
    rows = Event.objects.filter(kind=ANSWERED, about__in=set(entry_ids)).standing()
    return {about for about in rows.values_list("about", flat=True) if about is not None}
