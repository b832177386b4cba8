"""How long the page Auswertung takes with 100,000 and 1,000,000 opportunities."""

from collections.abc import Iterator

from tests.postgres import find_programs, running_postgres
from tests.speed import Row, measure
from tests.speed.desk import told

OPPORTUNITIES = 100_000
MANY = 1_000_000
TARGETS = (("cold", 1_500), ("all", 300), ("own business", 300), ("cases", 500), ("catch up", 100))


@measure
def insight() -> Iterator[Row]:
    yield from _rows("SQLite", {})


@measure
def insight_on_postgres() -> Iterator[Row]:
    programs = find_programs()
    if programs is None:
        return
    with running_postgres(programs) as address:
        yield from _rows("PostgreSQL", {"NACHHAKEN_DATABASE": address})


@measure
def insight_of_many() -> Iterator[Row]:
    times = dict(told("", MANY, {}, module="_insight_run"))
    yield Row(f"Insight, cold, {MANY:,} opportunities", times["cold"], "ms", at_most=1_500)


def _rows(database: str, settings: dict[str, str]) -> Iterator[Row]:
    times = dict(told("", OPPORTUNITIES, settings, module="_insight_run"))
    for name, target in TARGETS:
        label = f"Insight, {name}, {OPPORTUNITIES:,} opportunities, {database}"
        yield Row(label, times[name], "ms", at_most=target)
