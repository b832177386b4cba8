"""Were the desk's probabilities true? Chances in fine bins, merged where cases are few.

A chance is kept in per mille, in the quarter in which its matter began, so that all numbers stay
whole and few. It counts as soon as everybody's answer of that quarter is known: counting those
that ended early beside those that are open would make the chances look too low or too high.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from nachhaken.engine.gut import Hunch
from nachhaken.learning.insight.clarity import Z
from nachhaken.learning.insight.tally import Tally, total
from nachhaken.learning.insight.values import BesideGut, Bin, Look, Measured, Reliability
from nachhaken.learning.replay import WITHIN_DAYS
from nachhaken.learning.shares import jeffreys

FINE = 20
MOST_BINS = 10
LEAST_IN_BIN = 10
LEAST_FOR_SKILL = 20
LOOKS = (1, 14, 42)
"""Days after the offer at which a chance is given: a bounded number for each matter."""

SAID_ON = 14
"""The one of them that is drawn."""

_WITHIN = timedelta(days=round(WITHIN_DAYS))
KNOWN_AFTER = timedelta(days=SAID_ON) + _WITHIN
_ALL = 1000


class Chance(NamedTuple):
    """The chance in [0, 1] of an order within 180 days of `day`, and whether one came."""

    day: int
    chance: float
    won: bool


class Beside(NamedTuple):
    """What the gut said, with how it ended, and the desk's chance the instant before."""

    hunch: Hunch
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What would have been said of one matter; `is_looked_back`: an import told it late."""

    chances: tuple[Chance, ...] = ()
    is_looked_back: bool = False
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class _Sums:
    """Cases, orders, the sum of chances (per mille) of some bins, and how many looked back."""

    cases: int = 0
    won: int = 0
    chances: int = 0
    back: int = 0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(
            self.cases + other.cases,
            self.won + other.won,
            self.chances + other.chances,
            self.back + other.back,
        )


def looks_tally(looks: Looks, *, began: date) -> Tally:
    """Return what the looks at a matter that began on a day add."""
    parts = [_chance(one, began, is_back=looks.is_looked_back) for one in looks.chances]
    if looks.beside is not None:
        hunch, chance = looks.beside
        felt = f"beside.{'dead' if hunch.felt_dead else 'alive'}"
        parts.append(
            {
                f"{felt}.n": 1,
                f"{felt}.won": int(hunch.was_genuine),
                f"{felt}.chances": round(chance * _ALL),
            }
        )
    return total(parts)


def beside_gut(tally: Tally, felt: str) -> BesideGut:
    """Return the desk's chances beside what was felt (`dead` or `alive`)."""
    cases = tally[f"beside.{felt}.n"]
    chance = tally[f"beside.{felt}.chances"] / (_ALL * cases) if cases else 0.0
    return BesideGut(cases=cases, won=tally[f"beside.{felt}.won"], chance=chance)


def reliability(tally: Tally, *, today: date) -> Reliability:
    """Return each look's bins and Brier skill, of the quarters whose answers are all known."""
    looks = {day: _look(tally, day, today) for day in LOOKS}
    drawn, whole = looks[SAID_ON], sum(_fine(tally, SAID_ON, today), _Sums())
    return Reliability(
        bins=drawn.bins,
        cases=drawn.cases,
        looked_back=whole.back,
        said=whole.chances / (_ALL * whole.cases) if whole.cases else 0.0,
        came=jeffreys(whole.won, whole.cases) if whole.cases else None,
        skill=drawn.skill,
        looks=tuple(looks.values()),
    )


def is_known(quarter: str, *, day: int = SAID_ON, today: date) -> bool:
    """Say whether what was said on `day` of a quarter's (2026-3) matters is all known by now."""
    year, number = map(int, quarter.split("-"))
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return after + timedelta(days=day) + _WITHIN <= today


def _chance(said: Chance, began: date, *, is_back: bool) -> dict[str, int]:
    """Beside the bins: the squared errors e in millionths, their squares, and e of the orders."""
    mille = round(said.chance * _ALL)
    when = f"{said.day}.{began.year}-{(began.month + 2) // 3}"
    found = f"chance.{when}.{min(mille * FINE // _ALL, FINE - 1)}"
    error = (mille - _ALL * said.won) ** 2
    return {
        f"{found}.cases": 1,
        f"{found}.won": int(said.won),
        f"{found}.chances": mille,
        f"{found}.back": int(is_back),
        f"error.{when}.e": error,
        f"error.{when}.ee": error * error,
        f"error.{when}.ey": error * said.won,
    }


def _look(tally: Tally, day: int, today: date) -> Look:
    fine = _fine(tally, day, today)
    whole = sum(fine, _Sums())
    return Look(
        day=day,
        bins=tuple(
            Bin(
                chance=one.chances / (_ALL * one.cases),
                share=jeffreys(one.won, one.cases),
                cases=one.cases,
            )
            for one in _merged(fine)
            if one.cases
        ),
        cases=whole.cases,
        skill=_skill(whole, _errors(tally, day, today)),
    )


def _fine(tally: Tally, day: int, today: date) -> list[_Sums]:
    bins = [_Sums()] * FINE
    for name, amount in tally.group(f"chance.{day}"):
        quarter, number, part = name.split(".")
        if is_known(quarter, day=day, today=today):
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


def _errors(tally: Tally, day: int, today: date) -> dict[str, int]:
    sums = {"e": 0, "ee": 0, "ey": 0}
    for name, amount in tally.group(f"error.{day}"):
        quarter, part = name.split(".")
        if is_known(quarter, day=day, today=today):
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
