"""Laws of the figures: differences add up to the whole, and both to what timelines say."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.learning.insight.figures import Told, facts_of, past_of, tally_of
from nachhaken.learning.insight.saved import saved
from nachhaken.learning.insight.summary import insight_of
from nachhaken.learning.insight.tally import Tally, from_record, to_record, total
from nachhaken.learning.insight.values import Band, Ending, Insight
from nachhaken.timeline import Timeline
from tests import matters, naive_insight

ZONE = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 7, 9, tzinfo=UTC)
TODAY = BEGIN + timedelta(days=200)

STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "change", "remove"]), st.integers(0, 10**6)),
    max_size=12,
)


def counted(timeline: Timeline) -> tuple[Band, Tally]:
    one = Told(timeline=timeline, readings={})
    past = past_of(one)
    if past is None:
        return Band.UNKNOWN, Tally()
    facts = facts_of(one, past, hour_eur=75, zone=ZONE)
    return facts.band, tally_of(facts, past, zone=ZONE)


def shown(timelines: list[Timeline]) -> Insight:
    bands: dict[Band, Tally] = {}
    for band, tally in map(counted, timelines):
        bands[band] = bands.get(band, Tally()) + tally
    return insight_of(bands, today=TODAY.date())


def told(steps: list[tuple[str, int]]) -> tuple[list[Timeline], dict[Band, Tally]]:
    """Return the timelines after all steps, and the sums kept by differences."""
    rows: list[tuple[list[matters.Dated], datetime]] = []
    sums: dict[Band, Tally] = {}
    for what, number in steps:
        rng = Random(number)
        at = number % len(rows) if rows else 0
        before = matters.timeline_of(*rows[at]) if rows and what != "add" else None
        after = None
        if what == "add":
            rows.append((matters.facts_of(rng), BEGIN + timedelta(days=200 * rng.random())))
            after = matters.timeline_of(*rows[-1])
        elif rows and what == "change":
            found, begin = rows[at]
            rows[at] = matters.changes_of(found, rng), begin
            after = matters.timeline_of(*rows[at])
        elif rows:
            rows.pop(at)
        for timeline, sign in ((before, -1), (after, 1)):
            if timeline is not None:
                band, tally = counted(timeline)
                known = sums.get(band, Tally())
                sums[band] = known + tally if sign > 0 else known - tally
    return [matters.timeline_of(*row) for row in rows], sums


@given(STEPS)
def test_differences_add_up_to_the_whole(steps: list[tuple[str, int]]) -> None:
    timelines, sums = told(steps)
    whole: dict[Band, Tally] = {}
    for band, tally in map(counted, timelines):
        whole[band] = whole.get(band, Tally()) + tally
    assert {band: t for band, t in sums.items() if t.numbers} == {
        band: t for band, t in whole.items() if t.numbers
    }
    assert all(from_record(to_record(t)) == t for t in whole.values())


@given(STEPS)
def test_b3_figures_are_what_the_timelines_say(steps: list[tuple[str, int]]) -> None:
    timelines, _ = told(steps)
    found = shown(timelines)
    naive = [naive_insight.told(t) for t in timelines if len(t.standing())]
    endings = Counter(one.ending for one in naive)
    assert found.open_cases == endings.pop(None, 0)
    assert {e: f.count for e, f in found.fields.items() if f.count} == endings
    for ending in Ending:
        mine = [one for one in naive if one.ending is ending]
        field = found.fields[ending]
        assert field.minutes == sum(one.minutes for one in mine)
        assert sum(field.sunk.values()) == pytest.approx(
            sum(o.sunk for o in mine), abs=len(mine) * 3
        )
        amounts: Counter[str] = Counter()
        for one in mine:
            amounts[one.currency] += one.amount or 0
        assert field.amount == {c: cents for c, cents in amounts.items() if cents}


@given(STEPS)
def test_c1_follow_ups_are_what_the_timelines_say(steps: list[tuple[str, int]]) -> None:
    timelines, _ = told(steps)
    naive = [naive_insight.told(t) for t in timelines if len(t.standing())]
    counts = naive_insight.counts_of(naive, TODAY.date())
    found = shown(timelines).follow_ups
    assert {one.nth: one.cases for one in found} == {n: c[0] for n, c in counts.items()}
    for one in found:
        _, answered, ended, won = counts[one.nth]
        assert one.answered.value == pytest.approx((answered + 0.5) / (one.cases + 1))
        assert (one.won is None) == (ended == 0)
        if one.won:
            share = (won + 0.5) / (ended + 1)
            assert one.won.value == pytest.approx(one.answered.value * share)


@given(STEPS)
def test_a4_shares_of_clarity_are_what_the_timelines_say(steps: list[tuple[str, int]]) -> None:
    timelines, _ = told(steps)
    naive = [naive_insight.told(t) for t in timelines if len(t.standing())]
    for point in shown(timelines).clarity.points:
        yes, no = naive_insight.incidence(naive, point.day, TODAY.date())
        assert point.yes.value == pytest.approx(yes)
        assert point.no.value == pytest.approx(no)
        assert 0 <= point.yes.low <= point.yes.value <= point.yes.high <= 1
        assert point.yes.value + point.no.value <= 1 + 1e-9


@given(STEPS)
def test_a4_saved_hours_are_those_of_the_matters_one_by_one(steps: list[tuple[str, int]]) -> None:
    timelines, _ = told(steps)
    naive = [naive_insight.told(t).as_compared() for t in timelines if len(t.standing())]
    one_by_one = saved([one for one in naive if one is not None])
    found = shown(timelines).saved
    assert (found.early, found.compared) == (one_by_one.early, one_by_one.compared)
    assert (found.minutes is None) == (one_by_one.minutes is None)
    if found.minutes and one_by_one.minutes:
        assert found.minutes.value == pytest.approx(one_by_one.minutes.value)
        assert found.minutes.high >= one_by_one.minutes.value


def test_what_cancels_out_is_not_kept() -> None:
    tally = Tally({"clear.yes.3": 2})
    assert (tally - tally).numbers == {}
    assert total([]).numbers == {}
