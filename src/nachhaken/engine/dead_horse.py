"""Does this customer order at all? BG/BB from offers to orders (Fader, Hardie, Shang 2010).

Each offer is a chance to order; a customer orders with Beta(alpha, beta) while alive and dies
before an offer with Beta(gamma, delta). `n` offers, `x` orders, `last` the index of the last order.
"""

import math
from collections.abc import Sequence

Shape = Sequence[float]


def log_likelihood(shape: Shape, x: int, last: int, n: int) -> float:
    """Return ln L of one history, without the binomial count of paths (as published)."""
    a, b, c, d = shape
    terms = [_log_beta_ratio(a, b, x, n - x) + _log_beta_ratio(c, d, 0, n)]
    for i in range(n - last):
        trials = _log_beta_ratio(a, b, x, last - x + i)
        terms.append(trials + _log_beta_ratio(c, d, 1, last + i))
    return _log_sum(terms)


def alive(shape: Shape, x: int, last: int, n: int) -> float:
    """Return P(alive at the next offer) in [0, 1]."""
    a, b, c, d = shape
    here = _log_beta_ratio(a, b, x, n - x) + _log_beta_ratio(c, d, 0, n + 1)
    return math.exp(here - log_likelihood(shape, x, last, n))


def next_order(shape: Shape, x: int, last: int, n: int) -> float:
    """Return P(the next offer becomes an order) in [0, 1].

    `last` 0 with orders means that it is not known which offers became orders: then the mean over
    all places, by their likelihood.
    """
    a, b, c, d = shape
    orders = _log_beta_ratio(a, b, x + 1, n - x) + _log_beta_ratio(c, d, 0, n + 1)
    places = [last] if last or not x else list(range(x, n + 1))
    paths = [math.log(math.comb(place - 1, x - 1)) if x else 0.0 for place in places]
    if len(places) == 1:
        paths = [0.0]
    likelihoods = [log_likelihood(shape, x, place, n) for place in places]
    total = _log_sum([p + e for p, e in zip(paths, likelihoods, strict=True)])
    return math.exp(_log_sum(paths) + orders - total)


def genuine_at_start(base: float, shape: Shape, history: tuple[int, int, int]) -> float:
    """Return P(genuine) on the day of a new offer, before clipping.

    It is `base` times the customer's chance of ordering relative to a first-timer's; `history` is
    (orders, last order, offers).
    """
    return base * next_order(shape, *history) / next_order(shape, 0, 0, 0)


def _log_beta_ratio(p: float, q: float, more_p: int, more_q: int) -> float:
    """Return ln B(p + more_p, q + more_q) / B(p, q)."""
    return _log_beta(p + more_p, q + more_q) - _log_beta(p, q)


def _log_beta(p: float, q: float) -> float:
    return math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q)


def _log_sum(logs: list[float]) -> float:
    highest = max(logs)
    return highest + math.log(sum(math.exp(value - highest) for value in logs))
