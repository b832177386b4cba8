"""What all early noes saved together, from sums: as `saved.saved` would say of the same matters.

Compared with an early no that ended on day d are the noes of its price band that went on beyond d;
where those are fewer than `LEAST`, the noes of all bands. The mean is the same; as sums do not know
which matters are compared twice, the interval takes their errors as going together, so it is rather
too wide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

from nachhaken.learning.insight.saved import LEAST
from nachhaken.learning.insight.tally import Tally
from nachhaken.learning.insight.values import LATE_DAYS, Band, Measured, Saved

_UPPER = 0.95  # of a two-sided 90 % interval


@dataclass(frozen=True, slots=True)
class _Rest:
    """Of `n` noes that went on: the minutes that came later, and the sum of their squares."""

    n: int = 0
    minutes: int = 0
    squares: int = 0

    def __add__(self, other: "_Rest") -> "_Rest":
        return _Rest(self.n + other.n, self.minutes + other.minutes, self.squares + other.squares)

    def half(self) -> float:
        """Half the 90 % interval of the mean, by Student's t."""
        from scipy.special import stdtrit  # noqa: PLC0415 a page need not wait for SciPy

        variance = (self.squares - self.minutes**2 / self.n) / (self.n - 1)
        return float(stdtrit(self.n - 1, _UPPER)) * sqrt(max(variance, 0.0) / self.n)


def savings(by_band: Mapping[Band, Tally]) -> Saved:
    """Return the minutes saved, from the tally of each price band."""
    rests = {band: _rests(tally) for band, tally in by_band.items()}
    early = [(band, day, count) for band, tally in by_band.items() for day, count in _days(tally)]
    value, half = 0.0, 0.0
    since: dict[Band, int] = {}  # by band the first day from which on its noes are compared
    for band, day, count in early:
        bands = [band] if rests[band][day].n >= LEAST else list(rests)
        rest = sum((rests[one][day] for one in bands), _Rest())
        if rest.n >= LEAST:
            value += count * rest.minutes / rest.n
            half += count * rest.half()
            since |= {one: min(day, since.get(one, day)) for one in bands}
    return Saved(
        minutes=Measured(value=value, low=max(0.0, value - half), high=value + half)
        if since
        else None,
        early=sum(count for _, _, count in early),
        compared=sum(rests[band][day].n for band, day in since.items()),
        least=LEAST,
    )


def _rests(tally: Tally) -> list[_Rest]:
    """Return what came after each day on which an early no can end."""
    columns = (_after(tally, name) for name in ("clear.no", "rest.m", "rest.mm"))
    return [_Rest(*numbers) for numbers in zip(*columns, strict=True)]


def _after(tally: Tally, name: str) -> list[int]:
    """Return by day the sum of the numbers of all later days."""
    sums = [0] * (LATE_DAYS + 2)
    for on, amount in tally.group(name):
        sums[min(int(on), LATE_DAYS + 1)] += amount
    later = list(accumulate(reversed(sums)))
    return later[-2::-1]


def _days(tally: Tally) -> Iterator[tuple[int, int]]:
    for day, count in tally.group("early"):
        yield int(day), count
