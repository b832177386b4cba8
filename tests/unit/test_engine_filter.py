"""The filter at its edges: what it refuses and ignores, and three ways to the same numbers."""

import sys
from dataclasses import replace
from subprocess import run

import numpy as np
import pytest

from nachhaken.engine import Acted, Action, Case, Felt, Heard, Moment, Symbol, standard
from nachhaken.engine.columns import (
    FELT_DEAD,
    HEARD,
    Columns,
    ColumnsError,
    check_columns,
    columns_of,
    soft_labels,
)
from nachhaken.engine.compiled import decay, logarithm, share_below
from nachhaken.engine.course import tell
from nachhaken.engine.flow import reached
from nachhaken.engine.follow import follow, follow_with_trail
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array
from nachhaken.engine.tables import tables_of
from nachhaken.engine.tracks import unanswered
from tests.speed._events import events

_MODEL = standard()


def _at(day: float) -> Moment:
    return Moment(day, day * 5 / 7)


def _said(day: float, symbols: dict[Symbol, float], **named: object) -> Heard:
    return Heard(at=_at(day), symbols=symbols, ref=int(day) + 2, **named)  # type: ignore[arg-type]


_OFFER = Acted(at=_at(0), action=Action.MAIL, ref=1)
_LATER = _said(5, {Symbol.LATER_VAGUE: 0.9}, window=(40.0, 60.0))


def _columns(*evidence: Acted | Heard | Felt, now: float = 60) -> Columns:
    return columns_of([Case(evidence=evidence, now=_at(now), ahead=(), value=1000.0)], _MODEL)


def test_a_million_would_be_followed_like_a_few() -> None:
    many = events(300, np.random.default_rng(5))
    arrays, compiled = (follow(many, _MODEL, compiled=c) for c in (False, True))
    np.testing.assert_allclose(arrays.belief, compiled.belief, rtol=0, atol=1e-10)
    np.testing.assert_array_equal(arrays.context, compiled.context)
    np.testing.assert_array_equal(arrays.busy_until, compiled.busy_until)
    np.testing.assert_array_equal(arrays.said, compiled.said)
    last = [Case(evidence=(_OFFER, _LATER), now=_at(9), ahead=(), value=1.0)]
    plain = tell(last[0], _MODEL).tracks
    loop = follow(columns_of(last, _MODEL), _MODEL, compiled=True)
    np.testing.assert_allclose(plain.belief, loop.belief, rtol=0, atol=1e-9)
    assert len(follow(columns_of([], _MODEL), _MODEL, compiled=True)) == 0


def test_reasons_are_the_same_compiled() -> None:
    many = events(300, np.random.default_rng(6))
    (arrays, told), (compiled, same) = (
        follow_with_trail(many, _MODEL, compiled=c) for c in (False, True)
    )
    np.testing.assert_allclose(arrays.belief, compiled.belief, rtol=0, atol=1e-10)
    for expected, found in zip(told, same, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)


def test_compiled_code_has_its_own_functions_right() -> None:
    for x in np.concatenate([[0.0, 1e-9], np.geomspace(1e-6, 600, 600)]):
        assert decay(float(x)) == pytest.approx(np.exp(-x), rel=1e-12)
        assert logarithm(float(x) + 1e-300) == pytest.approx(np.log(x + 1e-300), abs=1e-11)
    known = {-9.0: 0.0, -1.0: 0.15865525393145707, 0.0: 0.5, 1.0: 0.8413447460685429, 9.0: 1.0}
    for z, share in known.items():
        assert share_below(z) == pytest.approx(share, abs=2e-10)


def test_silence_is_read_from_cells_and_right() -> None:
    workdays = np.concatenate([[-3.0, 0.0], np.geomspace(1e-6, 1e5, 400)])
    tracks = follow(_columns(_OFFER, now=0), _MODEL).take(np.zeros(402, dtype=np.intp))
    for kind in range(len(TOUCHES)):
        tracks.touch[:], tracks.clock[:], tracks.workday[:] = 4 * kind, 0.0, workdays
        willing = _MODEL.will[kind] * _MODEL.reply_factor[0]
        expected = 1 - willing * reached(_MODEL, kind, workdays)
        np.testing.assert_allclose(unanswered(tracks).T, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "row"),
    [
        ("day", [0.0, 5.0, 4.0], 2),
        ("day", [0.0, np.nan, 6.0], 1),
        ("workday", [0.0, 3.0, 2.0], 2),
        ("kind", [0, HEARD, 8], 2),
        ("label", [0, 7, 0], 1),
        ("label", [0, -1, 0], 1),
        ("window", [np.nan, np.inf, np.nan], 1),
        ("away_day", [np.nan, 9.0, np.nan], 1),
        ("labels", [[1.5, *[0.0] * 9]], 0),
        ("labels", [[0.6] * 2 + [0.0] * 8], 0),
        ("labels", [[np.nan] * 10], 0),
        ("labels", [[0.1] * 9], None),
        ("start", [[0.5, 0.5, 0.5, 0.5]], 0),
        ("start", [[np.nan, 0.4, 0.3, 0.3]], 0),
        ("now_day", [5.0], 0),
        ("now_workday", [np.inf], 0),
        ("now_workday", [1.0, 2.0], None),
        ("offsets", [0, 2], None),
        ("offsets", [0, 4, 3], None),
        ("workday", [0.0], None),
    ],
)
def test_columns_that_cannot_be_are_refused(name: str, value: object, row: int | None) -> None:
    good = _columns(_OFFER, _LATER, Felt(at=_at(6), dead_horse=True, ref=3))
    check_columns(good)
    dtype = getattr(good, name).dtype
    with pytest.raises(ColumnsError) as refused:
        follow(replace(good, **{name: np.array(value, dtype=dtype)}), _MODEL)
    assert refused.value.row == row


def test_nothing_is_nothing_to_follow() -> None:
    nobody = columns_of([], _MODEL)
    for compiled in (None, False):
        assert len(follow(nobody, _MODEL, compiled=compiled)) == 0
    fresh = follow(_columns(), _MODEL)
    np.testing.assert_allclose(fresh.belief[0], _MODEL.start)
    assert fresh.busy_until[0] == -np.inf


def test_what_no_truth_allows_changes_nothing() -> None:
    symbols = _MODEL.symbols.copy()
    symbols[..., SYMBOLS.index(Symbol.REFERRAL)] = 0.0
    symbols /= symbols.sum(axis=-1, keepdims=True)
    model = replace(_MODEL, symbols=symbols)
    heard = _columns(_OFFER, _said(3, {Symbol.REFERRAL: 1.0}), now=3)
    silent = _columns(_OFFER, now=3)
    found = follow(heard, model).belief, follow(heard, model, compiled=False).belief
    for belief in found:
        np.testing.assert_allclose(belief, follow(silent, model).belief, atol=1e-9)


def test_what_was_not_recognised_is_not_remembered() -> None:
    away = _said(1, {Symbol.AUTO_REPLY: 1.0})
    agreed = _said(3, {Symbol.YES: 1.0})
    with_note, without = _columns(_OFFER, away, agreed, now=3), _columns(_OFFER, agreed, now=3)
    np.testing.assert_allclose(
        follow(with_note, _MODEL).belief, follow(without, _MODEL).belief, atol=1e-9
    )


def test_waiting_and_stopping_leave_no_event() -> None:
    stopped = Acted(at=_at(3), action=Action.STOP, ref=9)
    assert len(_columns(_OFFER, stopped).day) == 1


def test_a_date_cannot_be_told_from_a_cap_without_end() -> None:
    bold = replace(_MODEL, cap_decibans=1e5)
    assert np.isfinite(tables_of(bold).cap)


def test_silence_is_told_apart_from_drift() -> None:
    evidence = (_OFFER, _LATER, Felt(at=_at(20), dead_horse=True, ref=9))
    case = Case(evidence=evidence, now=_at(30), ahead=(), value=1.0)
    _, trail = follow_with_trail(columns_of([case], _MODEL), _MODEL)
    times = [w for w in tell(case, _MODEL).weights if w.what == "time"]
    expected = [*trail.time[trail.time != 0], *trail.since]
    assert [w.decibans for w in times] == pytest.approx(expected, abs=1e-8)
    expected = [*trail.hush[trail.time != 0], *trail.hush_since]
    assert [w.silence for w in times] == pytest.approx(expected, abs=1e-8)
    assert times[0].silence < 0


def test_silence_alone_is_what_the_tables_say() -> None:
    """Without unprompted messages the part of silence is that of S at the touch."""
    quiet = replace(_MODEL, unprompted=np.zeros_like(_MODEL.unprompted))
    _, trail = follow_with_trail(_columns(_OFFER, now=14), quiet)
    came = reached(_MODEL, 0, np.array([10.0]))[0]
    left = _MODEL.start * (1 - _MODEL.will[0] * _MODEL.reply_factor[0] * came)
    expected = 10 * np.log10(left[:2].sum() / left[2:].sum()) - trail.begun[0]
    assert trail.hush_since[0] == pytest.approx(expected, abs=1e-6)


def test_a_labeller_that_errs_is_weighed_by_its_errors() -> None:
    """Row o' gives each truth sum_o C[o,o'] O[h,o], up to a factor."""
    rng = np.random.default_rng(3)
    confusion = rng.dirichlet(np.full(10, 0.3), 10)
    rows = soft_labels(confusion, _MODEL)
    says = _MODEL.symbols[0, 0]
    common = _MODEL.start @ says
    weighed = (rows[:, None, :] * (says / common)).sum(axis=-1)
    expected = (confusion[:, :, None] * says.T[:, None, :]).sum(axis=0)
    ratio = weighed / expected
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape), rtol=1e-9)
    np.testing.assert_allclose(soft_labels(np.eye(10), _MODEL), np.eye(10))
    with pytest.raises(ColumnsError):
        soft_labels(np.full((10, 10), 0.3), _MODEL)


def test_the_engine_starts_without_numba() -> None:
    code = "import sys, nachhaken.engine.follow; sys.exit('numba' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


_SAID_LATER = {Symbol.LATER_VAGUE: 1.0}


def _asked(answered: Moment, *, compiled: bool | None = None) -> Array:
    """The belief after the WHAT question on day 0 and a mere "later"."""
    evidence = (
        Acted(at=_at(0), action=Action.ASK_WHAT, ref=1),
        Heard(at=answered, symbols=_SAID_LATER, ref=2),
    )
    case = Case(evidence=evidence, now=answered, ahead=(), value=1.0)
    start = np.array([[0.487, 0.212, 0.289, 0.012]])
    columns = replace(columns_of([case], _MODEL), start=start)
    return np.asarray(follow(columns, _MODEL, compiled=compiled).belief[0])


def test_how_quickly_it_came_says_nothing_within_a_talk() -> None:
    """Asked WHAT by telephone: "später". By the delays of mail this was .398 .153 .449 .001."""
    by_hand = np.array(
        [
            # prior x (8 a working day x q x rho x O + what they write of their own accord)
            0.487 * (8 * 0.76 * 0.9 * 0.05 + 0.01 * 0.08),
            0.212 * (8 * 0.56 * 0.9 * 0.13 + 0.01 * 0.34 + 1 / 200),
            0.289 * (8 * 0.46 * 0.9 * 0.31 + 0.01 * 0.31),
            0.012 * (8 * 0.32 * 0.9 * 0.10 + 0.01 * 0.13),
        ]
    )
    np.testing.assert_allclose(by_hand / by_hand.sum(), [0.244, 0.206, 0.544, 0.005], atol=5e-4)
    for compiled in (None, False, True):
        found = _asked(_at(0), compiled=compiled)
        np.testing.assert_allclose(found, by_hand / by_hand.sum(), rtol=0, atol=1e-7)


def test_an_answer_on_sunday_to_a_mail_of_saturday_is_no_talk() -> None:
    for compiled in (None, False, True):
        quick = _asked(Moment(1 / 24, 1 / 24), compiled=compiled)
        sunday = _asked(Moment(1.0, 0.0), compiled=compiled)
        talk = _asked(_at(0), compiled=compiled)
        assert sunday[0] == pytest.approx(quick[0], abs=0.03)
        assert sunday[0] > talk[0] + 0.1


def test_feelings_move_both_ways() -> None:
    felt = _columns(_OFFER, Felt(at=_at(2), dead_horse=True, ref=2), now=2)
    assert felt.kind[1] == FELT_DEAD
    dead, plain = (follow(c, _MODEL).belief[0, :2].sum() for c in (felt, _columns(_OFFER, now=2)))
    assert dead < plain
