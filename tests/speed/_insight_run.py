"""Measure the figures in this process: `python -m tests.speed._insight_run 100000`.

The cells are those of as many made-up matters of five years, five people and all kinds; beyond
100,000 each made-up story stands for several matters.
"""

import sys
from collections import defaultdict
from datetime import timedelta
from itertools import count
from random import Random
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from nachhaken.project.starting import start_django

start_django()

from django.db import connection  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402 - the settings come first

from nachhaken.desk import commands, queries  # noqa: E402
from nachhaken.desk.cells import cell_of, sums_of  # noqa: E402
from nachhaken.desk.figures import catch_up  # noqa: E402
from nachhaken.desk.models import Figures, FiguresCell, Opportunity, User  # noqa: E402
from nachhaken.desk.pages_insight import Chosen  # noqa: E402
from nachhaken.desk.seeding import seed  # noqa: E402
from nachhaken.learning.insight import figures  # noqa: E402
from nachhaken.learning.insight.reliable import LOOKS, Chance, Looks, looks_tally  # noqa: E402
from nachhaken.learning.insight.tally import Tally, to_record, total  # noqa: E402
from nachhaken.learning.insight.values import Ending, Segment  # noqa: E402
from nachhaken.terms import OutcomeKind  # noqa: E402
from tests.matters import facts_of, timeline_of  # noqa: E402
from tests.speed._desk_run import tell  # noqa: E402

NOW = timezone.now()
OWNER = User.objects.get(username="k@x.example")
OTHERS = [User.objects.create_user(f"{n}@x.example") for n in range(4)]
STORIES = 100_000
ZONE = ZoneInfo("Europe/Berlin")
CAUGHT_UP: list[float] = []


def run(matters: int) -> None:
    """Print the times in ms."""
    cells = _cells(matters)
    if matters <= STORIES:
        for _ in seed(matters, actor=OWNER, now=NOW):
            pass
        _give(cells)
    _insert(cells)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself within minutes
    start = perf_counter()
    queries.insight(OWNER, Chosen(), now=NOW)
    print(f"cold\t{1000 * (perf_counter() - start)}")
    tell("all", lambda: queries.insight(OWNER, Chosen(), now=NOW))
    mine = Chosen(owner=OWNER.pk, segment=Segment.BUSINESS)
    tell("own business", lambda: queries.insight(OWNER, mine, now=NOW))
    if matters <= STORIES:
        tell("cases", lambda: queries.cases(OWNER, Chosen(), Ending.LATE_NO, page=1))
        keys = count()
        pk = Opportunity.objects.filter(outcome="").values_list("pk", flat=True)[0]
        tell("change and catch up", lambda: _change(pk, f"{next(keys)}"))
        print(f"catch up\t{median(CAUGHT_UP)}")
    tallies = FiguresCell.objects.values_list("tally", flat=True)
    print(f"cells\t{len(tallies)}")
    print(f"numbers\t{sum(map(len, tallies))}")


def _cells(matters: int) -> dict[str, list[Tally]]:
    rng, found = Random(8), defaultdict(list)
    times = max(1, matters // STORIES)
    people = [OWNER, *OTHERS]
    for _ in range(min(matters, STORIES)):
        begin = NOW - timedelta(days=rng.random() * 1826)
        told = figures.Told(
            timeline=timeline_of(facts_of(rng), begin),
            readings={},
            is_consumer=rng.random() < 0.3,
            earlier_offer=begin - timedelta(days=9) if rng.random() < 0.4 else None,
        )
        past = figures.past_of(told)
        assert past is not None
        facts = figures.facts_of(told, past, hour_eur=75, zone=ZONE)
        tally = figures.tally_of(facts, past, zone=ZONE)
        if facts.cleared:
            won = facts.outcome is OutcomeKind.WON
            said = tuple(Chance(day, rng.random(), won) for day in LOOKS)
            tally += looks_tally(Looks(chances=said), began=facts.began)
        for _ in range(times):
            found[cell_of(facts, rng.choice(people).pk)].append(tally)
    return found


def _insert(cells: dict[str, list[Tally]]) -> None:
    sums = defaultdict(list)
    for cell, tallies in cells.items():
        whole = total(one.numbers for one in tallies)
        for one in sums_of(cell):
            sums[one].append(whole.numbers)
    rows = []
    for one, parts in sums.items():
        row = one.row()
        row.tally = to_record(total(parts))
        rows.append(row)
    FiguresCell.objects.bulk_create(sorted(rows, key=lambda row: row.key), batch_size=500)


def _give(cells: dict[str, list[Tally]]) -> None:
    """Give the seeded matters these numbers, as if they had been counted."""
    shares = ((key, to_record(one)) for key, tallies in cells.items() for one in tallies)
    ids = Opportunity.objects.order_by("pk").values_list("pk", flat=True)
    Figures.objects.bulk_create(
        (
            Figures(
                opportunity_id=pk,
                cell=key,
                head=0,
                version="",
                tally=record,
                counted_cell=key,
                counted=record,
                is_behind=False,
            )
            for pk, (key, record) in zip(ids.iterator(), shares, strict=False)
        ),
        batch_size=2_000,
    )


def _change(pk: int, key: str) -> None:
    commands.spend_effort(
        actor=OWNER, now=NOW, key=key, opportunity_id=pk, minutes=15, what="Anruf"
    )
    start = perf_counter()
    catch_up()
    CAUGHT_UP.append(1000 * (perf_counter() - start))


if __name__ == "__main__":
    run(int(sys.argv[1]))
