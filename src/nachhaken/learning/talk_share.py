"""How much the seller spoke in talks that went on, and in the others: means with intervals."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from nachhaken.learning.followed import Past, followed
from nachhaken.learning.scripts import GOOD
from nachhaken.timeline import Touched

LEAST = 12
"""Talks; fewer say nothing."""

_GRAIN = 5.0  # per cent: no finer is a share that was set with one tap


@dataclass(frozen=True, slots=True)
class Talks:
    """Talks with a noted share: how many, the sum of the shares in per cent, and of squares."""

    number: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: "Talks") -> "Talks":
        return Talks(
            self.number + other.number, self.total + other.total, self.squares + other.squares
        )


class Mean(NamedTuple):
    """A mean share in per cent with its 90 % interval, from so many talks."""

    value: float
    low: float
    high: float
    talks: int


class TalkShare(NamedTuple):
    """The own share where a good turn followed, and where none did; None below two talks."""

    good: Mean | None
    other: Mean | None


def talks(past: Past) -> tuple[Talks, Talks]:
    """Return the talks of one opportunity: with a good turn after them, and the others."""
    good, other = Talks(), Talks()
    for one in followed(past, past.touches):
        touch = one.touch.fact
        if isinstance(touch, Touched) and touch.own_share is not None and one.is_settled:
            talk = Talks(1, touch.own_share, touch.own_share**2)
            if one.intent in GOOD:
                good += talk
            else:
                other += talk
    return good, other


def talk_share(good: Talks, other: Talks) -> TalkShare | None:
    """Return both means with Student's interval; None below `LEAST` talks in all.

    Both groups share one spread, never below the grain of the estimate.
    """
    number = good.number + other.number
    if number < LEAST:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 a page need not wait for SciPy

    groups = [group for group in (good, other) if group.number]
    inner = sum(group.squares - group.total**2 / group.number for group in groups)
    freedom = number - len(groups)
    spread = max(math.sqrt(max(inner, 0.0) / freedom), _GRAIN)
    reach = float(stdtrit(freedom, 0.95)) * spread
    return TalkShare(_mean(good, reach), _mean(other, reach))


def _mean(group: Talks, reach: float) -> Mean | None:
    if group.number <= 1:
        return None
    mean, half = group.total / group.number, reach / math.sqrt(group.number)
    return Mean(mean, max(mean - half, 0.0), min(mean + half, 100.0), group.number)
