"""What does the customer still have in mind, and what is worth saying again, in which form?

The articles' rule: people understand about half of what they hear in a first exchange, and two
weeks later half of that is gone. So with u the share of a message in mind,

    u <- 1 - (1 - u) x (1 - taken in)   at each exchange that conveys it
    u(t) = u 2^(-t / 14 days)           between

Of a text that is only read half as much is taken in as of a talk [E]: nobody asks back, and 22 % of
proposals are never opened (Tilkee 2018 [L]). The planner does not use u; the seller's words do.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nachhaken.terms import Form

WORTH_REPEATING_BELOW = 0.5  # what a first talk leaves: nobody wants it twice on the same day


class RecallError(ValueError):
    """A message, an exchange or a rule of forgetting that cannot be; it says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMessage:
    """What the customer shall keep in mind; `importance` is relative to the other messages."""

    name: str
    importance: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.importance) and self.importance > 0):
            raise RecallError(f"{self.name}: importance must be finite and above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A contact at `day` that conveyed the named `messages`; `two_way`: the customer took part."""

    day: float
    messages: frozenset[str]
    form: Form
    two_way: bool

    def __post_init__(self) -> None:
        if not math.isfinite(self.day):
            raise RecallError("the day of an exchange must be finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """The rule: half-life in days, and the share of what is missing that is taken in."""

    half_life_days: float = 14.0
    by_talking: float = 0.5
    by_reading: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.half_life_days < math.inf:
            raise RecallError("the half-life must be finite and above 0")
        if not (0 <= self.by_talking < 1 and 0 <= self.by_reading < 1):
            raise RecallError("what is taken in must lie in [0, 1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A message to say again: the share still in mind, and the form to say it in.

    `is_new_form` is False where every form at hand has been used for this message.
    """

    message: KeyMessage
    remembered: float
    form: Form
    is_new_form: bool


ARTICLES = Forgetting()


def remembered(
    exchanges: Iterable[Exchange], message: str, now: float, *, rule: Forgetting = ARTICLES
) -> float:
    """Return the share in [0, 1] of the named message that is in mind on day `now`.

    0 where it was never conveyed; exchanges after `now` do not count, their order does not matter.
    """
    share, since = 0.0, now
    for exchange in sorted(_conveying(exchanges, message, now), key=lambda e: (e.day, e.two_way)):
        share *= _kept(exchange.day - since, rule)
        taken = rule.by_talking if exchange.two_way else rule.by_reading
        share, since = 1 - (1 - share) * (1 - taken), exchange.day
    return share * _kept(now - since, rule)


def worth_repeating(
    messages: Iterable[KeyMessage],
    exchanges: Sequence[Exchange],
    now: float,
    *,
    forms: Sequence[Form] = tuple(Form),
    rule: Forgetting = ARTICLES,
) -> tuple[Repeat, ...]:
    """Return what to say again in the next contact, the most missed first.

    A message is worth it while less than half of it is in mind; missed is importance x (1 - u).
    `forms` are those at hand in the next contact; the form is the one used least for this message,
    then the one used longest ago, then the first. On day one that is every message, by importance.
    """
    if not forms:
        raise RecallError("at least one form must be at hand")
    found = []
    for message in messages:
        share = remembered(exchanges, message.name, now, rule=rule)
        if share < WORTH_REPEATING_BELOW:
            used = _conveying(exchanges, message.name, now)
            form = min(forms, key=lambda form: _use(form, used))
            is_new = all(e.form is not form for e in used)
            found.append(Repeat(message=message, remembered=share, form=form, is_new_form=is_new))
    return tuple(sorted(found, key=lambda r: -r.message.importance * (1 - r.remembered)))


def _conveying(exchanges: Iterable[Exchange], message: str, now: float) -> list[Exchange]:
    return [e for e in exchanges if message in e.messages and e.day <= now]


def _kept(days: float, rule: Forgetting) -> float:
    return 2 ** (-max(0.0, days) / rule.half_life_days)


def _use(form: Form, used: Iterable[Exchange]) -> tuple[int, float]:
    """Return how often, and when last, a message came in this form."""
    days = [e.day for e in used if e.form is form]
    return len(days), max(days, default=-math.inf)
