"""Does this customer order at all? BG/BB from offers to orders (Fader, Hardie, Shang 2010).

Each offer is a chance to order; a customer orders with Beta(alpha, beta) while alive and dies
before an offer with Beta(gamma, delta). `n` offers, `x` orders, `last` the index of the last order;
`last` 0 with orders means that it is not known which offers became orders: then all places count.
"""

import math
from collections.abc import Sequence

Shape = Sequence[float]


def log_likelihood(shape: Shape, x: int, last: int, n: int) -> float:
    """Return ln L of one history, without the binomial count of paths (as published).

    Where the last order is not known, it is ln of the sum over all paths.
    """
    a, b, c, d = shape
    logs = []
    for place, ways in places(x, last, n):
        living = _log_beta_ratio(a, b, x, n - x) + _log_beta_ratio(c, d, 0, n)
        logs.append(math.log(ways) + living)
        for i in range(n - place):
            trials = _log_beta_ratio(a, b, x, place - x + i)
            logs.append(math.log(ways) + trials + _log_beta_ratio(c, d, 1, place + i))
    return _log_sum(logs)


def alive(shape: Shape, x: int, last: int, n: int) -> float:
    """Return P(alive at the next offer) in [0, 1]."""
    a, b, c, d = shape
    here = _log_beta_ratio(a, b, x, n - x) + _log_beta_ratio(c, d, 0, n + 1)
    return _share(shape, (x, last, n), here)


def next_order(shape: Shape, x: int, last: int, n: int) -> float:
    """Return P(the next offer becomes an order) in [0, 1]."""
    a, b, c, d = shape
    orders = _log_beta_ratio(a, b, x + 1, n - x) + _log_beta_ratio(c, d, 0, n + 1)
    return _share(shape, (x, last, n), orders)


def genuine_at_start(base: float, shape: Shape, history: tuple[int, int, int]) -> float:
    """Return P(genuine) on the day of a new offer, before clipping.

    It is `base` times the customer's chance of ordering relative to a first-timer's; `history` is
    (orders, last order, offers).
    """
    return base * next_order(shape, *history) / next_order(shape, 0, 0, 0)


def places(x: int, last: int, n: int) -> list[tuple[int, int]]:
    """Return where the last order can be, each with the number of paths that lead there."""
    if last or not x:
        return [(last, 1)]
    return [(place, math.comb(place - 1, x - 1)) for place in range(x, n + 1)]


def _share(shape: Shape, history: tuple[int, int, int], one_path: float) -> float:
    """Return the posterior of an event that has the log-probability `one_path` with each path."""
    ways = sum(ways for _, ways in places(*history))
    return min(1.0, math.exp(math.log(ways) + one_path - log_likelihood(shape, *history)))


def _log_beta_ratio(p: float, q: float, more_p: int, more_q: int) -> float:
    """Return ln B(p + more_p, q + more_q) / B(p, q)."""
    return _log_beta(p + more_p, q + more_q) - _log_beta(p, q)


def _log_beta(p: float, q: float) -> float:
    return math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q)


def _log_sum(logs: list[float]) -> float:
    highest = max(logs)
    return highest + math.log(sum(math.exp(value - highest) for value in logs))
