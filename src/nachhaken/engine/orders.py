"""How do this seller's own customers order? The BG/BB shape learnt from their histories.

Maximum a posteriori over the logarithms of the shape. The prior is worth `n0` imaginary customers:

    ln p(shape) = n0 (E[ln L(history | shape)] - |ln shape - ln prior|^2 / (2 * 20 * ln(2)^2))

The first term are customers with six offers each who behave exactly as the prior says (a power
prior: Ibrahim and Chen, Statistical Science 2000); it is highest at the prior (Gibbs). They say
little about how the shares spread, so the second term holds every number within a factor of two
(one standard deviation at n0 = 20). Together they leave no direction free, so that nobody who ever
ordered, or everybody, or nobody at all is a history to learn from, too.

Why n0 = 20: then the chance that a first offer becomes an order is .32 +- .07 (delta method on the
information of this prior), and twice that spans the 18-45 % that vendors report for proposals.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.dead_horse import Shape, log_likelihood, places
from nachhaken.engine.model import Array, ModelError

IMAGINARY_OFFERS = 6
_LOOSENESS = 20 * math.log(2) ** 2  # variance of a logarithm per imaginary customer
_SMALLEST, _LARGEST = 1e-3, 1e4  # where data alone would want a share of exactly 0 or 1


class History(NamedTuple):
    """One customer: orders x, index of the last order (0: none, or not known), offers n."""

    orders: int
    last: int
    offers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What the histories say: shape (alpha, beta, gamma, delta), and how many say it.

    `log_likelihood` is of the data alone, in nats, without the count of paths (as published).
    `trust` in [0, 1] is the share of real offers among all, real and imaginary.
    """

    shape: tuple[float, float, float, float]
    customers: int
    offers: int
    log_likelihood: float
    trust: float


def estimate_orders(histories: Mapping[History, int], prior: Shape, *, n0: float = 20.0) -> Orders:
    """Return the shape for a histogram of customers by their (orders, last, offers).

    `prior` is the shape before any data, `n0` >= 0 its weight in imaginary customers: 0 leaves
    the data alone (maximum likelihood), inf the prior. No offers at all give the prior. ModelError
    for a history or prior that cannot be.
    """
    _check(histories, prior, n0)
    told = {h: count for h, count in histories.items() if count and h.offers}
    shape = tuple(map(float, prior))
    if told and math.isfinite(n0):
        shape = _highest(_terms(_joined(told, _imaginary(shape, n0))), shape, n0)
    offers = sum(count * h.offers for h, count in told.items())
    a, b, c, d = shape
    return Orders(
        shape=(a, b, c, d),
        customers=sum(told.values()),
        offers=offers,
        log_likelihood=sum(count * log_likelihood(shape, *h) for h, count in told.items()),
        trust=offers / (offers + n0 * IMAGINARY_OFFERS) if offers else 0.0,
    )


def _check(histories: Mapping[History, int], prior: Shape, n0: float) -> None:
    if len(prior) != len("abcd") or not all(0 < value < math.inf for value in prior):
        raise ModelError("orders: the prior must be four finite numbers above 0")
    if not n0 >= 0:
        raise ModelError("orders.n0 must not be negative")
    for (x, last, n), count in histories.items():
        known = x <= last <= n and (x > 0) == (last > 0)
        if count < 0 or not 0 <= x <= n or not (known or last == 0):
            raise ModelError(f"orders: no history has {x} orders, the last {last}, of {n} offers")


def _imaginary(shape: Shape, n0: float) -> dict[History, float]:
    """Return the expected histogram of `n0` customers with six offers each."""
    n = IMAGINARY_OFFERS
    cells = [(0, 0), *((x, last) for last in range(1, n + 1) for x in range(1, last + 1))]
    return {
        History(x, last, n): n0
        * math.comb(max(last - 1, 0), max(x - 1, 0))
        * math.exp(log_likelihood(shape, x, last, n))
        for x, last in cells
    }


def _joined(one: Mapping[History, float], other: Mapping[History, float]) -> dict[History, float]:
    return {h: one.get(h, 0) + other.get(h, 0) for h in {**one, **other}}


class _Terms(NamedTuple):
    """The likelihoods as sums of products of two Beta ratios.

    weights [cell]; per term: orders, failures, deaths, survivals, ln ways [term]; `starts` [cell]
    is the first term of each cell.
    """

    weights: Array
    orders: Array
    failures: Array
    deaths: Array
    survivals: Array
    log_ways: Array
    starts: NDArray[np.int64]


def _terms(weights: Mapping[History, float]) -> _Terms:
    rows = [list(_rows(history)) for history in weights]
    starts = np.cumsum([0, *(len(cell) for cell in rows[:-1])])
    table = np.array([row for cell in rows for row in cell], dtype=np.float64).T
    orders, failures, deaths, survivals, log_ways = table
    counts = np.array(list(weights.values()), dtype=np.float64)
    return _Terms(counts, orders, failures, deaths, survivals, log_ways, starts)


def _rows(history: History) -> Iterator[tuple[float, float, float, float, float]]:
    x, last, n = history
    for place, ways in places(x, last, n):
        yield x, n - x, 0, n, math.log(ways)
        for i in range(n - place):
            yield x, place - x + i, 1, place + i, math.log(ways)


def _highest(terms: _Terms, prior: tuple[float, ...], n0: float) -> tuple[float, ...]:
    """Return the shape of the highest posterior, searched over its logarithms."""
    from scipy.optimize import minimize  # noqa: PLC0415 - only whoever learns waits for SciPy

    total, centre = terms.weights.sum(), np.log(prior)

    def loss(logs: Array) -> tuple[float, Array]:
        value, slope = _score(terms, np.exp(logs))
        away = n0 * (logs - centre) / _LOOSENESS
        return (away @ (logs - centre) / 2 - value) / total, (away - slope) / total

    limits = [(math.log(_SMALLEST), math.log(_LARGEST))] * 4
    found = minimize(
        loss,
        centre,
        jac=True,
        # L-BFGS-B starts threads for its four unknowns: a hundred times slower on a busy machine.
        method="TNC",
        bounds=limits,
        options={"maxfun": 1000, "ftol": 1e-12, "gtol": 1e-6, "xtol": 1e-8},
    )
    return tuple(np.exp(found.x).tolist())


def _score(terms: _Terms, shape: Array) -> tuple[float, Array]:
    """Return the weighted ln L and its gradient [4] by the logarithms of the shape."""
    a, b, c, d = shape
    trials, trials_slope = _log_beta_ratio(a, b, terms.orders, terms.failures)
    lives, lives_slope = _log_beta_ratio(c, d, terms.deaths, terms.survivals)
    logs = trials + lives + terms.log_ways
    highest = np.maximum.reduceat(logs, terms.starts)
    sizes = np.diff([*terms.starts, len(logs)])
    shares = np.exp(logs - np.repeat(highest, sizes))
    sums = np.add.reduceat(shares, terms.starts)
    value = float(terms.weights @ (highest + np.log(sums)))
    shares *= np.repeat(terms.weights / sums, sizes)
    return value, np.concatenate([trials_slope, lives_slope]) @ shares * shape


def _log_beta_ratio(p: float, q: float, more_p: Array, more_q: Array) -> tuple[Array, Array]:
    """Return ln B(p + more_p, q + more_q) / B(p, q) [term] and its slopes by p and q [2,term]."""
    from scipy.special import betaln, digamma  # noqa: PLC0415

    both = digamma(p + q) - digamma(p + q + more_p + more_q)
    by_p = digamma(p + more_p) - digamma(p) + both
    by_q = digamma(q + more_q) - digamma(q) + both
    return betaln(p + more_p, q + more_q) - betaln(p, q), np.stack([by_p, by_q])
