"""Append-only events and the timeline folded from them."""

from nachhaken.timeline.facts import (
    Closed,
    EffortSpent,
    Fact,
    GutFelt,
    Met,
    OfferSent,
    Opened,
    OptedOut,
    Promised,
    PromiseSettled,
    Reopened,
    Replied,
    Restated,
    Snoozed,
    Statement,
    Touched,
    Undone,
)
from nachhaken.timeline.timeline import Entry, Timeline

__all__ = [
    "Closed",
    "EffortSpent",
    "Entry",
    "Fact",
    "GutFelt",
    "Met",
    "OfferSent",
    "Opened",
    "OptedOut",
    "PromiseSettled",
    "Promised",
    "Reopened",
    "Replied",
    "Restated",
    "Snoozed",
    "Statement",
    "Timeline",
    "Touched",
    "Undone",
]
