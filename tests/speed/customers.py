"""How long it takes to learn from a seller's own customers."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

from nachhaken.engine import standard
from nachhaken.engine.orders import estimate_orders
from nachhaken.engine.timing import PERSON_N0, Call, best_windows, learn, usual
from tests.reference.test_orders_reference import HISTORIES
from tests.speed import Row, measure


@measure
def orders() -> Iterator[Row]:
    """The donation data: 11,104 people in 22 kinds of history."""
    prior = standard().orders.tolist()
    time = _milliseconds(lambda: estimate_orders(HISTORIES, prior))
    yield Row("Learn orders, 11,104 customers", time, "ms", at_most=20)


@measure
def hours() -> Iterator[Row]:
    office = usual(office=True)
    calls = [Call(n % 5, 8.3 + 0.7 * n, n % 3 == 0) for n in range(12)]
    time = _milliseconds(lambda: best_windows(learn(office, calls, n0=PERSON_N0), 1))
    yield Row("Hours to call a person, 12 calls", time, "ms", at_most=1)


def _milliseconds(work: Callable[[], object]) -> float:
    work()  # what is imported and cached at the first time is not the question
    times = []
    for _ in range(50):
        start = perf_counter()
        work()
        times.append(1000 * (perf_counter() - start))
    return median(times)
