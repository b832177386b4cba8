"""What the n-th follow-up brings: how often it is answered, wins, annoys. Own history, or a prior.

A follow-up is a contact after an offer with no reply of the customer in between; calls that reached
nobody are none. The n-th one counts as soon as it is settled what followed (`followed`). It brings
the order where it is answered and the opportunity is won later: how often, is the share answered
times the share won of the answered ones that have ended, so that open ones distort nothing.

`STATED` is what is said while own cases are fewer than `OWN_FROM`: the engine's parameters played
through (`follow_up_prior`: an offer, then a contact every 14 days), rounded to whole per cent. They
are expert judgement with vendors' figures for orientation (`engine/parameters.toml`), so no
interval is sharper than 30 cases, their `n0` there: Beta(30 m, 30 (1 - m)). From `OWN_FROM` on own
cases count alone, after Jeffreys' prior: 0 of 42 is not never. At least half of the answered ones
must have ended for that; what is open everywhere says nothing about orders.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nachhaken.learning.followed import Past, followed, got_through
from nachhaken.learning.shares import Share, share, share_of_share
from nachhaken.plan.evidence import answer_of
from nachhaken.terms import Intent, OutcomeKind
from nachhaken.timeline import Entry, OfferSent

MOST = 6
OWN_FROM = 30
_STATED_CASES = 30.0
_NOTHING, _JEFFREYS = 0.5, 1.0  # the mean and the weight of a prior that states nothing


class Stated(NamedTuple):
    """Shares answered, won of the answered, and annoyed."""

    answered: float
    won: float
    annoyed: float


STATED = (
    Stated(0.60, 0.17, 0.01),
    Stated(0.54, 0.12, 0.01),
    Stated(0.51, 0.09, 0.01),
    Stated(0.48, 0.06, 0.01),
    Stated(0.47, 0.03, 0.01),
    Stated(0.45, 0.02, 0.01),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """Settled follow-ups; `ended` of the answered ones belong to ended opportunities."""

    cases: int = 0
    answered: int = 0
    ended: int = 0
    won: int = 0
    annoyed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.cases + other.cases,
            self.answered + other.answered,
            self.ended + other.ended,
            self.won + other.won,
            self.annoyed + other.annoyed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Courage:
    """What follows the `nth` follow-up, from `cases` own ones; not `is_own`: the stated prior.

    `annoying` of the own cases annoyed somebody.
    """

    nth: int
    cases: int
    answered: Share
    won: Share
    annoyed: Share
    annoying: int
    is_own: bool


def follow_ups(past: Past) -> dict[int, Counts]:
    """Return the counts of one opportunity by n, from 1 to `MOST`."""
    numbers = dict(_numbered(past))
    counts: dict[int, Counts] = {}
    for one in followed(past, got_through(past.touches)):
        n = numbers.get(one.touch.id, 0)
        if one.is_settled and 1 <= n <= MOST:
            is_answered = one.intent is not None
            won = past.end is not None and past.end[1] is OutcomeKind.WON
            counts[n] = counts.get(n, Counts()) + Counts(
                cases=1,
                answered=is_answered,
                ended=is_answered and past.end is not None,
                won=is_answered and won,
                annoyed=one.is_annoyed,
            )
    return counts


def courage(counts: Mapping[int, Counts], *, nth: int) -> Courage:
    """Return what is known of the `nth` follow-up; from the seventh on that of the sixth."""
    n = min(max(nth, 1), MOST)
    own = counts.get(n, Counts())
    is_own = own.cases >= OWN_FROM and 2 * own.ended >= own.answered
    told = own if is_own else Counts()
    means = Stated(_NOTHING, _NOTHING, _NOTHING) if is_own else STATED[n - 1]
    weight = _JEFFREYS if is_own else _STATED_CASES
    answered = (told.answered, told.cases, means.answered)
    return Courage(
        nth=n,
        cases=own.cases,
        answered=share(told.answered, told.cases, mean=means.answered, weight=weight),
        won=share_of_share(answered, (told.won, told.ended, means.won), weight=weight),
        annoyed=share(told.annoyed, told.cases, mean=means.annoyed, weight=weight),
        annoying=own.annoyed,
        is_own=is_own,
    )


def _numbered(past: Past) -> Iterable[tuple[int, int]]:
    """Give (entry id, n) of the contacts since the offer; a reply ends the row."""
    through = {e.id for e in got_through(past.touches)}
    n, is_waiting = 0, False
    for entry in past.timeline:
        if isinstance(entry.fact, OfferSent):
            n, is_waiting = 0, True
        elif is_waiting and entry.id in through:
            n += 1
            yield entry.id, n
        elif _is_human(entry, past):
            is_waiting = False


def _is_human(entry: Entry, past: Past) -> bool:
    answer = answer_of(entry, past.readings)
    return answer is not None and answer.intent is not Intent.AUTO_REPLY
