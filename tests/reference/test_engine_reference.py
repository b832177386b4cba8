"""The engine against numbers from elsewhere: a paper, SciPy, and a filter that counts the days."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from nachhaken.engine import Action, Symbol, standard
from nachhaken.engine.batch import acted
from nachhaken.engine.dead_horse import alive, log_likelihood, next_order
from nachhaken.engine.flow import drift, reached
from nachhaken.engine.follow import silent_until
from nachhaken.engine.kernel import context_index
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.tracks import begin

# Donations to a public radio station, 11,104 people over six years: (x, t_x, people). From Fader,
# Hardie and Shang, Marketing Science 2010, table 1; the same counts ship with BTYD.
_DONATIONS = [
    (6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129), (5, 5, 335),
    (4, 5, 284), (3, 5, 225), (2, 5, 173), (1, 5, 119), (4, 4, 240), (3, 4, 181), (2, 4, 155),
    (1, 4, 78), (3, 3, 322), (2, 3, 255), (1, 3, 129), (2, 2, 613), (1, 2, 277), (1, 1, 1091),
    (0, 0, 3464),
]  # fmt: skip
_FITTED = (1.20352, 0.74971, 0.65672, 2.78345)


def test_the_donations_have_the_published_likelihood() -> None:
    assert sum(people for _, _, people in _DONATIONS) == 11104
    total = sum(people * log_likelihood(_FITTED, x, last, 6) for x, last, people in _DONATIONS)
    assert total == pytest.approx(-33225.5813, abs=1e-3)


@pytest.mark.parametrize(
    ("x", "last", "expected"),
    [(0, 0, 0.1081), (1, 1, 0.0695), (1, 6, 0.9304), (3, 3, 0.0950), (6, 6, 0.9304)],
)
def test_the_donors_live_as_published(x: int, last: int, expected: float) -> None:
    assert alive(_FITTED, x, last, 6) == pytest.approx(expected, abs=1e-4)


def test_offers_without_order_lower_the_hope() -> None:
    shape = standard().orders.tolist()
    living = [alive(shape, 0, 0, n) for n in range(1, 7)]
    orders = [next_order(shape, 0, 0, n) for n in range(7)]
    assert living == pytest.approx([0.77, 0.65, 0.56, 0.48, 0.41, 0.36], abs=0.006)
    assert orders == pytest.approx([0.32, 0.20, 0.14, 0.10, 0.07, 0.05, 0.04], abs=0.006)


_STRENGTHS = [
    (Symbol.ENGAGED, (11.7, 16.3, 14.5)),
    (Symbol.STALLED_NAMED, (7.4, 10.5, 10.5)),
    (Symbol.LATER_VAGUE, (-0.4, -2.6, -1.6)),
    (Symbol.NONCOMMITTAL, (-2.8, -6.2, -4.8)),
    (Symbol.REQUOTE, (0.6, 1.1, 0.0)),
    (Symbol.REFERRAL, (5.5, 8.8, 7.1)),
]


@pytest.mark.parametrize(("symbol", "expected"), _STRENGTHS)
def test_answers_weigh_as_the_tables_say(symbol: Symbol, expected: tuple[float, ...]) -> None:
    model = standard()
    touches = [TOUCHES.index(a) for a in (Action.MAIL, Action.ASK_WHAT, Action.CLARIFY)]
    column = model.symbols[0, touches, :, SYMBOLS.index(symbol)]
    found = [_decibans(model, row) for row in model.will[touches] * column]
    assert found == pytest.approx(expected, abs=0.06)


def test_silence_after_a_mail_tells_less_and_less() -> None:
    model = standard()
    came = reached(model, 0, np.array([1.0, 3.0, 7.0, 14.0]))
    found = [_decibans(model, row) for row in 1 - model.will[0] * came]
    assert found == pytest.approx([-1.2, -2.0, -2.4, -2.5], abs=0.06)


def _decibans(model: Model, likelihood: Array) -> float:
    weighed = model.start * likelihood
    return 10 * math.log10(weighed[:2].sum() / 0.6 / (weighed[2:].sum() / 0.4))


@pytest.mark.parametrize("days", [0.01, 1.0, 40.0, 400.0, 4000.0])
def test_drift_is_the_matrix_exponential(days: float) -> None:
    model = standard()
    for f, r, w in [(0, 0, 0), (1, 1, 0), (2, 2, 1), (3, 0, 1)]:
        generator = model.generators[r] - np.diag(model.unprompted[f, w].sum(axis=-1))
        found = drift(model, [context_index(f, r, w)], np.array([days]))[0]
        np.testing.assert_allclose(found, expm(generator * days), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("action", TOUCHES)
def test_the_filter_equals_counting_every_day(action: Action) -> None:
    """Against the full chain (truth at the touch x truth now x reply pending), stepped by days."""
    model, days = standard(), [3, 7, 14, 30, 60]
    tracks = begin(model, model.start[None], np.zeros(1), np.zeros(1))
    acted(tracks, np.array([0]), TOUCHES.index(action))
    found = silent_until(tracks, np.array(days), np.array(days))[0][0]
    expected = [_counted(model, TOUCHES.index(action), day) for day in days]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def _counted(model: Model, touch: int, days: int) -> Array:
    """Belief after a first touch (level 0 before, 1 for 14 days, then 0) and `days` of silence."""
    will = model.will[touch] * model.reply_factor[0]
    pending, never = np.diag(model.start * will), np.diag(model.start * (1 - will))
    came = reached(model, touch, np.arange(days + 1.0))
    for day in range(days):
        generator = model.generators[0] - np.diag(
            model.unprompted[1 if day < 14 else 0, 0].sum(axis=-1)
        )
        still = (1 - came[day + 1]) / (1 - came[day])
        pending, never = still[:, None] * pending @ expm(generator), never @ expm(generator)
    weights = (pending + never).sum(axis=0)
    return np.asarray(weights / weights.sum())
