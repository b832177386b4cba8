"""Laws of the filter: what must hold for every evidence, whichever way it is followed."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nachhaken.engine import standard
from nachhaken.engine.batch import advance
from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.flow import reached
from nachhaken.engine.follow import follow, follow_with_trail, silent_until
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array
from nachhaken.engine.tables import AUTO
from nachhaken.engine.tracks import Tracks
from tests.columns import columns

_MODEL = standard()
_a_few = settings(max_examples=30)


def _decibans(shares: Array) -> Array:
    return np.asarray(10 * np.log10(shares[:, :2].sum(axis=1) / shares[:, 2:].sum(axis=1)))


def _same(one: Tracks, other: Tracks, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(one.belief, other.belief, rtol=0, atol=tolerance)
    np.testing.assert_array_equal(one.context, other.context)
    np.testing.assert_array_equal(one.busy_until, other.busy_until)
    np.testing.assert_array_equal(one.said, other.said)


@_a_few
@given(columns())
def test_a_belief_is_a_distribution_with_a_floor(evidence: Columns) -> None:
    shares = follow(evidence, _MODEL, compiled=False).belief
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert (shares > 0.9e-9).all()


@_a_few
@given(columns())
def test_arrays_and_plain_floats_agree(evidence: Columns) -> None:
    _same(follow(evidence, _MODEL), follow(evidence, _MODEL, compiled=False))


@settings(max_examples=5)
@given(columns(most=200, opportunities=2))
def test_two_hundred_events_agree(evidence: Columns) -> None:
    _same(follow(evidence, _MODEL), follow(evidence, _MODEL, compiled=False))


@_a_few
@given(columns(), st.integers(0, 99))
def test_talks_are_the_same_in_three_ways(evidence: Columns, seed: int) -> None:
    talks = _with_talks(evidence, np.random.default_rng(seed))
    plain, arrays, compiled = (follow(talks, _MODEL, compiled=c) for c in (None, False, True))
    _same(plain, arrays)
    _same(arrays, compiled)


def _with_talks(evidence: Columns, rng: np.random.Generator) -> Columns:
    """Touch and answer at one moment in half of the places; whole working days, so many are 0."""
    day, kind = evidence.day.copy(), evidence.kind.copy()
    later = np.setdiff1d(np.arange(len(day)), evidence.offsets)
    for e in later[rng.random(len(later)) < 0.5]:
        day[e], kind[e - 1], kind[e] = day[e - 1], kind[e - 1] % len(TOUCHES), HEARD
    whole = {
        f"{name}workday": np.floor(time * 5 / 7)
        for name, time in (("", day), ("away_", evidence.away_day), ("now_", evidence.now_day))
    }
    return replace(evidence, day=day, kind=kind, **whole)


@given(
    st.lists(st.integers(1, 99), min_size=4, max_size=4),
    st.integers(0, len(TOUCHES) - 1),
    st.sampled_from([o for o in range(len(SYMBOLS)) if o != AUTO]),
)
def test_in_a_talk_the_prior_the_will_and_the_words_count(
    weights: list[int], touch: int, symbol: int
) -> None:
    """Nobody writes of their own accord here, and nothing is tempered or capped."""
    unasked = np.zeros_like(_MODEL.unprompted)
    model = replace(_MODEL, unprompted=unasked, anything=1e-12, cap_decibans=1e5)
    start = np.array(weights) / sum(weights)
    zero, none = np.zeros(2), np.full(2, np.nan)
    talk = Columns(
        offsets=np.array([0, 2]),
        day=zero,
        workday=zero,
        kind=np.array([touch, HEARD], dtype=np.uint8),
        label=np.array([0, symbol], dtype=np.int32),
        labels=np.eye(len(SYMBOLS)),
        window=none,
        away_day=none,
        away_workday=none,
        start=start[None],
        now_day=zero[:1],
        now_workday=zero[:1],
    )
    expected = start * model.will[touch] * model.symbols[0, touch, :, symbol]
    found = follow(talk, model).belief[0]
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-6, atol=2e-9)


@_a_few
@given(columns())
def test_a_batch_is_its_cases_one_by_one(evidence: Columns) -> None:
    whole = follow(evidence, _MODEL, compiled=False)
    for i in range(len(whole)):
        alone = follow(_rows(evidence, np.array([i])), _MODEL, compiled=False)
        _same(alone, whole.take(np.array([i])))


@_a_few
@given(columns(), st.integers(0, 99))
def test_shuffling_permutes_the_result(evidence: Columns, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(evidence.now_day))
    shuffled = follow(_rows(evidence, order), _MODEL, compiled=False)
    _same(shuffled, follow(evidence, _MODEL, compiled=False).take(order))


def _rows(evidence: Columns, rows: NDArray[np.intp]) -> Columns:
    spans = [np.arange(evidence.offsets[i], evidence.offsets[i + 1]) for i in rows]
    events = np.concatenate([np.empty(0, dtype=np.int64), *spans])
    names = ("day", "workday", "kind", "label", "window", "away_day", "away_workday")
    own = {name: getattr(evidence, name)[events] for name in names}
    own |= {name: getattr(evidence, name)[rows] for name in ("start", "now_day", "now_workday")}
    return replace(evidence, offsets=np.cumsum([0, *map(len, spans)]).astype(np.int64), **own)


@_a_few
@given(columns(), st.floats(0, 100), st.floats(0, 100))
def test_waiting_twice_equals_waiting_the_sum(
    evidence: Columns, first: float, second: float
) -> None:
    at_once, twice = (follow(evidence, _MODEL, compiled=False) for _ in range(2))
    middle, end = evidence.now_day + first, evidence.now_day + first + second
    advance(twice, middle, middle * 5 / 7)
    for tracks in (at_once, twice):
        advance(tracks, end, end * 5 / 7)
    _same(at_once, twice)


@_a_few
@given(columns(), st.lists(st.floats(0, 500), min_size=1, max_size=4))
def test_looking_ahead_is_waiting(evidence: Columns, waits: list[float]) -> None:
    tracks = follow(evidence, _MODEL, compiled=False)
    days = evidence.now_day[:, None] + np.array(waits)
    beliefs, contexts = silent_until(tracks, days, days * 5 / 7)
    for n in range(len(waits)):
        later = replace(evidence, now_day=days[:, n], now_workday=days[:, n] * 5 / 7)
        waited = follow(later, _MODEL, compiled=False)
        some = np.diff(evidence.offsets) > 0
        np.testing.assert_allclose(beliefs[some, n], waited.belief[some], rtol=0, atol=1e-9)
        np.testing.assert_array_equal(contexts[some, n], waited.context[some])


@_a_few
@given(columns())
def test_the_trail_adds_up(evidence: Columns) -> None:
    tracks, trail = follow_with_trail(evidence, _MODEL)
    moved = np.add.reduceat(np.append(trail.time + trail.event, 0.0), evidence.offsets[:-1])
    moved[np.diff(evidence.offsets) == 0] = 0.0
    total = trail.begun + moved + trail.since
    np.testing.assert_allclose(total, _decibans(tracks.belief), rtol=0, atol=1e-9)


@_a_few
@given(columns())
def test_floats_of_half_the_size_are_close(evidence: Columns) -> None:
    """The same rounded times, so that only the arithmetic differs."""
    names = ("day", "workday", "window", "away_day", "away_workday", "now_day", "now_workday")
    short = replace(evidence, **{n: getattr(evidence, n).astype(np.float32) for n in names})
    short = replace(short, labels=evidence.labels.astype(np.float32))
    long = replace(short, **{n: getattr(short, n).astype(np.float64) for n in names})
    found = follow(short, _MODEL, compiled=False)
    _same(found, follow(long, _MODEL), 1e-5)


@given(st.integers(0, 4), st.floats(0, 1000), st.floats(0, 1000))
def test_longer_silence_never_lowers_the_share_that_never_answers(
    touch: int, one: float, other: float
) -> None:
    came = reached(_MODEL, touch, np.array(sorted([one, other])))
    never = (1 - _MODEL.will[touch]) / (1 - _MODEL.will[touch] * came)
    assert (never[1] >= never[0] - 1e-12).all()
    assert (never <= 1).all()
