"""What followed a contact of ours: whether it was answered in time, how, and whether it annoyed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from nachhaken.plan.delivery import arrived
from nachhaken.plan.evidence import Answer, action_of, answer_of, is_cover, offer_days
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent, OutcomeKind, Signal
from nachhaken.timeline import Closed, Entry, OfferSent, OptedOut, Reopened, Timeline, Touched

IN_TIME = timedelta(days=14)
"""So long an answer is taken for an answer to the contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A touch with the customer's first word after it, before our next contact.

    `intent` is what it said, None where nothing came within `IN_TIME`; an order that was noted
    without its words is a yes. `is_settled`: nothing more can come that would count.
    """

    touch: Entry
    intent: Intent | None
    is_annoyed: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Past:
    """The standing timeline of one opportunity as it was `now`, with its readings."""

    timeline: Timeline
    readings: Mapping[int, Reading]
    now: datetime

    @classmethod
    def of(cls, timeline: Timeline, readings: Mapping[int, Reading], *, now: datetime) -> "Past":
        """Return what of `timeline` stands, arrived, and had happened by `now`."""
        standing = (e for e in timeline.standing() if e.occurred_at <= now)
        return cls(arrived(Timeline(tuple(standing))), readings, now)

    @property
    def answers(self) -> list[Answer]:
        """What a person said, machines left out."""
        found = (answer_of(entry, self.readings) for entry in self.timeline)
        return [a for a in found if a and a.intent is not Intent.AUTO_REPLY]

    @property
    def touches(self) -> list[Entry]:
        """Our contacts; the mail that carries an offer is the offer."""
        days = offer_days(self.timeline)
        touched = (e for e in self.timeline if isinstance(e.fact, Touched))
        return [e for e in touched if not is_cover(e, days)]

    @property
    def end(self) -> tuple[datetime, OutcomeKind] | None:
        """When and how the opportunity ended; None while it is open."""
        end = None
        for entry in self.timeline:
            if isinstance(entry.fact, Closed):
                end = entry.occurred_at, entry.fact.outcome
            elif isinstance(entry.fact, Reopened):
                end = None
        return end


def got_through(touches: Iterable[Entry]) -> list[Entry]:
    """Return the touches that the customer noticed, as the engine counts them."""
    return [e for e in touches if isinstance(e.fact, Touched) and action_of(e.fact) is not None]


def followed(past: Past, touches: Sequence[Entry]) -> list[Followed]:
    """Return what followed each of `touches`, given in order; a new offer is a contact, too.

    Of two contacts the later one has the answer. What was said in a talk bears its very time.
    """
    offers = [e for e in past.timeline if isinstance(e.fact, OfferSent)]
    contacts = sorted([*touches, *offers], key=lambda e: (e.occurred_at, e.id))
    spans = [*pairwise(contacts), (contacts[-1], None)] if contacts else []
    words = list(_words(past))
    return [
        _followed(past, touch, after.occurred_at if after else None, words)
        for touch, after in spans
        if isinstance(touch.fact, Touched)
    ]


_Word = tuple[datetime, Intent, bool]


def _words(past: Past) -> Iterator[_Word]:
    """Give (when, what, whether it annoys); an order and an objection may come without words."""
    for answer in past.answers:
        rude = answer.intent is Intent.OPT_OUT or Signal.DISRESPECT in answer.signals
        yield answer.entry.occurred_at, answer.intent, rude
    for entry in past.timeline:
        if isinstance(entry.fact, OptedOut):
            yield entry.occurred_at, Intent.OPT_OUT, True
    if past.end and past.end[1] is OutcomeKind.WON:
        yield past.end[0], Intent.YES, False


def _followed(past: Past, touch: Entry, until: datetime | None, words: Sequence[_Word]) -> Followed:
    since = touch.occurred_at
    ours = [w for w in words if since <= w[0] and (until is None or w[0] < until)]
    first = min(ours, key=lambda w: w[0], default=None)  # of two at once the spoken one comes first
    in_time = first is not None and first[0] - since <= IN_TIME
    is_over = past.end is not None or until is not None or past.now - since > IN_TIME
    return Followed(
        touch=touch,
        intent=first[1] if first and in_time else None,
        is_annoyed=first is not None and first[2],
        is_settled=is_over or first is not None,
    )
