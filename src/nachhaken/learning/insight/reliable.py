"""Were the desk's probabilities true? Chances in fine bins, merged where cases are few.

A chance is kept in per mille, in the quarter in which its matter began, so that all numbers stay
whole and few. It counts as soon as everybody's answer of that quarter is known: counting those
that ended early beside those that are open would make the chances look too low or too high.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from nachhaken.learning.insight.clarity import Z
from nachhaken.learning.insight.tally import Tally
from nachhaken.learning.insight.values import Bin, Measured, Reliability
from nachhaken.learning.replay import WITHIN_DAYS
from nachhaken.learning.shares import jeffreys

FINE = 20
MOST_BINS = 10
LEAST_IN_BIN = 10
LEAST_FOR_SKILL = 20
SAID_ON = 14
"""Days after the offer at which the chance is given."""

KNOWN_AFTER = timedelta(days=SAID_ON + round(WITHIN_DAYS))
_ALL = 1000


@dataclass(frozen=True, slots=True)
class _Sums:
    """Cases, orders and the sum of chances (per mille) of some bins."""

    cases: int = 0
    won: int = 0
    chances: int = 0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(self.cases + other.cases, self.won + other.won, self.chances + other.chances)


def chance_tally(chance: float, *, began: date, won: bool) -> Tally:
    """Return what a chance in [0, 1] adds; `won`: an order came within the time it was given for.

    Beside the bins: the squared errors e in millionths, their squares, and e where an order came.
    """
    mille = round(chance * _ALL)
    quarter, number = f"{began.year}-{(began.month + 2) // 3}", min(mille * FINE // _ALL, FINE - 1)
    error = (mille - _ALL * won) ** 2
    return Tally.of(
        {
            f"chance.{quarter}.{number}.cases": 1,
            f"chance.{quarter}.{number}.won": int(won),
            f"chance.{quarter}.{number}.chances": mille,
            f"error.{quarter}.e": error,
            f"error.{quarter}.ee": error * error,
            f"error.{quarter}.ey": error * won,
        }
    )


def reliability(tally: Tally, *, today: date) -> Reliability:
    """Return the bins and the Brier skill of the quarters whose answers are all known."""
    fine = _fine(tally, today)
    bins = [one for one in _merged(fine) if one.cases]
    whole = sum(fine, _Sums())
    return Reliability(
        bins=tuple(
            Bin(
                chance=one.chances / (_ALL * one.cases),
                share=jeffreys(one.won, one.cases),
                cases=one.cases,
            )
            for one in bins
        ),
        cases=whole.cases,
        skill=_skill(whole, _errors(tally, today)),
    )


def is_known(quarter: str, *, today: date) -> bool:
    """Say whether what began in a quarter (such as 2026-3) is all known, its last day, too."""
    year, number = map(int, quarter.split("-"))
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return after + KNOWN_AFTER <= today


def _fine(tally: Tally, today: date) -> list[_Sums]:
    bins = [_Sums()] * FINE
    for name, amount in tally.group("chance"):
        quarter, number, part = name.split(".")
        if is_known(quarter, today=today):
            bins[int(number)] += _Sums(**{part: amount})
    return bins


def _merged(fine: list[_Sums]) -> list[_Sums]:
    """Join neighbours from below until each has its share of the cases; the rest to the last."""
    least = max(LEAST_IN_BIN, sum(one.cases for one in fine) / MOST_BINS)
    bins, current = [], _Sums()
    for one in fine:
        current += one
        if current.cases >= least:
            bins.append(current)
            current = _Sums()
    return [*bins[:-1], bins[-1] + current] if bins else [current]


def _errors(tally: Tally, today: date) -> dict[str, int]:
    sums = {"e": 0, "ee": 0, "ey": 0}
    for name, amount in tally.group("error"):
        quarter, part = name.split(".")
        if is_known(quarter, today=today):
            sums[part] += amount
    return sums


def _skill(whole: _Sums, errors: dict[str, int]) -> Measured | None:
    """1 - B / (m (1 - m)) with its interval by the delta method; None with too few, or one outcome.

    B is the mean of the squared errors e, m the share of orders. With S = B / (m (1 - m)):
    dS/dB = 1 / (m (1 - m)), dS/dm = -B (1 - 2 m) / (m (1 - m))^2.
    """
    n = whole.cases
    if n < LEAST_FOR_SKILL or not 0 < whole.won < n:
        return None
    mean = whole.won / n
    scale = mean * (1 - mean)
    error = errors["e"] / n / _ALL**2
    spread = errors["ee"] / n / _ALL**4 - error**2
    together = errors["ey"] / n / _ALL**2 - error * mean
    by_error, by_mean = 1 / scale, -error * (1 - 2 * mean) / scale**2
    variance = by_error**2 * spread + by_mean**2 * scale + 2 * by_error * by_mean * together
    value, reach = 1 - error / scale, Z * sqrt(max(variance, 0.0) / n)
    return Measured(value=value, low=value - reach, high=min(value + reach, 1.0))
