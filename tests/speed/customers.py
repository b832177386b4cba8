"""How long it takes to learn from a seller's own customers."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from nachhaken.engine import standard
from nachhaken.engine.dead_horse_estimate import estimate_orders
from tests.reference.test_orders_reference import HISTORIES
from tests.speed import Row, measure


@measure
def orders() -> Iterator[Row]:
    """The donation data: 11,104 people in 22 kinds of history."""
    prior, times = standard().orders.tolist(), []
    estimate_orders(HISTORIES, prior)  # SciPy is imported here
    for _ in range(50):
        start = perf_counter()
        estimate_orders(HISTORIES, prior)
        times.append(1000 * (perf_counter() - start))
    yield Row("Learn orders, 11,104 customers", median(times), "ms", at_most=20)
