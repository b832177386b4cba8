"""What is known of a case at a moment: its events taken in one by one, told as a row of numbers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nachhaken.learning.snapshots.log import OFFER, REPLY, Case, Event

DAY = 86_400.0
NEVER = -1.0
_SHORT, _LONG = 60.0, 120.0  # seconds: nobody answered; somebody talked

CALLS = "W_Nabellen offertes"
DRAFTS = "W_Completeren aanvraag"
DOSSIERS = "W_Nabellen incomplete dossiers"
CHECKS = "W_Valideren aanvraag"
LEADS = "W_Afhandelen leads"
FRAUD = "W_Beoordelen fraude"


class Row(NamedTuple):
    """One case at one moment. Days since, days to, counts, seconds of work; -1 says never.

    since_offer counts from the last offer, to_offer from the registration to the first one.
    """

    amount: float
    to_offer: float
    since_first: float
    since_offer: float
    offers: float
    calls: float
    call_days: float
    calls_week: float
    since_call: float
    short_calls: float
    long_calls: float
    last_call: float
    longest_call: float
    all_calls: float
    drafts: float
    drafting: float
    is_drafted: float
    leads: float
    frauds: float
    replies: float
    since_reply: float
    to_reply: float
    is_sent_again: float
    dossiers: float
    dossier_work: float
    since_dossier: float
    is_dossier_open: float
    checks: float
    check_work: float
    since_check: float
    is_check_open: float


@dataclass(slots=True)
class Work:
    """What was done of one kind: start and length of each piece, and the piece in hand."""

    starts: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    begun: float | None = None

    def take(self, event: Event) -> None:
        """Take in a START or COMPLETE; one that completes nothing, and SCHEDULE, change nothing."""
        if event.lifecycle == "START":
            self.begun = event.at
        elif event.lifecycle == "COMPLETE" and self.begun is not None:
            self.starts.append(self.begun)
            self.lengths.append(event.at - self.begun)
            self.begun = None

    def days_since(self, at: float) -> float:
        """Days since the end of the last piece."""
        return (at - self.starts[-1] - self.lengths[-1]) / DAY if self.starts else NEVER


class Course:
    """A case as far as it was told; it cannot know what it was not told."""

    def __init__(self, amount: float, registered: float) -> None:
        """Begin with what is known at the registration."""
        self._amount, self._registered = amount, registered
        self._work: dict[str, Work] = {
            kind: Work() for kind in (CALLS, DRAFTS, DOSSIERS, CHECKS, LEADS, FRAUD)
        }
        self._offers: list[float] = []
        self._replies: list[float] = []

    def take(self, event: Event) -> None:
        """Take in the next event."""
        if event.activity == OFFER:
            self._offers.append(event.at)
        elif event.activity == REPLY:
            self._replies.append(event.at)
        elif event.activity in self._work:
            self._work[event.activity].take(event)

    def row(self, at: float) -> Row:
        """Return what is known at `at`, after an offer."""
        work, offers, replies = self._work, self._offers, self._replies
        drafts, dossiers, checks = work[DRAFTS], work[DOSSIERS], work[CHECKS]
        return Row(
            amount=self._amount,
            to_offer=(offers[0] - self._registered) / DAY,
            since_first=(at - offers[0]) / DAY,
            since_offer=(at - offers[-1]) / DAY,
            offers=len(offers),
            **self._calls(at),
            drafts=len(drafts.starts),
            drafting=sum(drafts.lengths),
            is_drafted=drafts.begun is not None,
            leads=len(work[LEADS].starts),
            frauds=len(work[FRAUD].starts),
            replies=len(replies),
            since_reply=(at - replies[-1]) / DAY if replies else NEVER,
            to_reply=(replies[0] - offers[0]) / DAY if replies else NEVER,
            is_sent_again=bool(replies) and offers[-1] > replies[-1],
            dossiers=len(dossiers.starts),
            dossier_work=sum(dossiers.lengths),
            since_dossier=dossiers.days_since(at),
            is_dossier_open=dossiers.begun is not None,
            checks=len(checks.starts),
            check_work=sum(checks.lengths),
            since_check=checks.days_since(at),
            is_check_open=checks.begun is not None,
        )

    def _calls(self, at: float) -> dict[str, float]:
        calls = self._work[CALLS]
        starts, lengths = calls.starts, calls.lengths
        return {
            "calls": len(starts),
            "call_days": len({start // DAY for start in starts}),
            "calls_week": len(starts) - bisect_left(starts, at - 7 * DAY),
            "since_call": calls.days_since(at),
            "short_calls": sum(length < _SHORT for length in lengths),
            "long_calls": sum(length >= _LONG for length in lengths),
            "last_call": lengths[-1] if lengths else NEVER,
            "longest_call": max(lengths, default=0.0),
            "all_calls": sum(lengths),
        }


def rows_of(case: Case, moments: Sequence[float]) -> Iterator[tuple[float, Row]]:
    """Yield moment and row for those of the rising `moments` [seconds] at which the case is open.

    Open: an offer was sent before the moment, and nobody decided before it.
    """
    course, taken = Course(case.amount, case.registered), 0
    offered, closed = case.offered, case.closed
    for at in moments[bisect_right(moments, offered) :]:
        if closed < at:
            return
        while taken < len(case.events) and case.events[taken].at < at:
            course.take(case.events[taken])
            taken += 1
        yield at, course.row(at)
