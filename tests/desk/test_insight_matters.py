"""The exported matters, recomputed with pandas, give the figures of the page."""

from datetime import date, timedelta
from io import BytesIO
from random import Random

import pandas as pd
import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.ledger import act_of, append, locked
from nachhaken.desk.models import User
from nachhaken.desk.pages_insight import Chosen
from nachhaken.learning.insight.values import Ending, Insight, Segment
from tests import cast, matters
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    owner = cast.owner()
    rng = Random(11)
    for number in range(25):
        _settle(owner, number, rng)
    return owner


def _settle(owner: User, number: int, rng: Random) -> None:
    begin = NOW - timedelta(days=5 + 400 * rng.random())
    change = commands.create_opportunity(
        actor=owner,
        now=begin,
        key=f"{number}",
        prospect=f"Haus {number // 2}",
        title="Treppe",
        is_consumer=number % 4 < 2,
    )
    found = [(after, fact) for after, fact in matters.facts_of(rng) if begin + after <= NOW]
    for index, (after, fact) in enumerate(sorted(found, key=lambda one: one[0])):
        row = locked(change.opportunity_id or 0)
        append(act_of(owner, begin + after, f"{number} {index}"), [fact], opportunity=row)
    commands.replan([change.opportunity_id or 0], now=NOW)


def exported(owner: User, chosen: Chosen) -> pd.DataFrame:
    content = b"".join(queries.matters_csv(owner, chosen, now=NOW))
    return pd.read_csv(BytesIO(content), sep=";", parse_dates=["began", "cleared"])


@pytest.mark.parametrize(
    "chosen", [Chosen(), Chosen(segment=Segment.CONSUMER), Chosen(since=date(2026, 6, 1))]
)
def test_b3_c1_figures_are_those_of_the_exported_file(owner: User, chosen: Chosen) -> None:
    table = exported(owner, chosen)
    found = queries.insight(owner, chosen, now=NOW)
    ended = table[table.outcome.notna()]
    assert (found.decided, found.open_cases) == (len(ended), len(table) - len(ended))
    for ending in Ending:
        mine, field = ended[ended.ending == ending.value], found.fields[ending]
        assert (field.count, field.minutes) == (len(mine), mine.minutes.sum())
        assert sum(field.sunk.values()) == mine.sunk_cents.sum()
        by_currency = mine.groupby("currency").amount_cents.sum()
        assert field.amount == {name: cents for name, cents in by_currency.items() if cents}
    _compare_follow_ups(table, found)
    _compare_clarity(table, found)


def _compare_follow_ups(table: pd.DataFrame, found: Insight) -> None:
    for one in found.follow_ups:
        cases, answered = (table[f"nth_{one.nth}_{part}"].sum() for part in ("cases", "answered"))
        assert one.cases == cases
        assert one.answered.value == pytest.approx((answered + 0.5) / (cases + 1))
    assert sum(one.cases for one in found.follow_ups) == table.filter(like="_cases").sum().sum()


def _compare_clarity(table: pd.DataFrame, found: Insight) -> None:
    """Kaplan-Meier over the days, with what is open censored today."""
    today = pd.Timestamp(NOW.date())
    days = table.days.fillna((today - table.began).dt.days)
    staying, median = 1.0, None
    shares = {point.day: point.yes.value + point.no.value for point in found.clarity.points}
    for day in range(int(days.max()) + 1):
        ends = ((days == day) & table.outcome.notna()).sum()
        staying *= 1 - ends / max((days >= day).sum(), 1)
        if day in shares:
            assert shares[day] == pytest.approx(1 - staying)
        if median is None and staying <= 0.5 + 1e-12:
            median = day
    shown = found.clarity.median_days
    assert (shown.value if shown else None) == median
