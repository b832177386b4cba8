"""The advice for many cases as one table: belief, step, day, worth, and what moved the belief."""

from datetime import date

import numpy as np

from nachhaken.engine.follow import follow
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import Model
from nachhaken.engine.planner import planner_for
from nachhaken.engine.solve import Money
from nachhaken.scale.arrow import Arrow, pa
from nachhaken.scale.cases import Cases
from nachhaken.scale.clock import ZONE, Floats, Ints
from nachhaken.scale.plan import Plan, ahead_of, plan_of

_TRUTHS = ("p_genuine", "p_stalled", "p_pretend", "p_lost")
STEPS = tuple(action.value for action in ACTIONS)


ADVICE = pa.schema(
    [
        ("opportunity", pa.string()),
        *((name, pa.float32()) for name in _TRUTHS),
        ("step", pa.dictionary(pa.int8(), pa.string())),
        ("due", pa.date32()),
        ("value_eur", pa.float32()),
        ("gain_eur", pa.float32()),
        ("runner_up", pa.dictionary(pa.int8(), pa.string())),
        ("runner_up_eur", pa.float32()),
    ]
)
"""The columns of the advice; `opportunity` is of the type of the input."""


def advice_of(cases: Cases, *, now: int, model: Model, money: Money) -> Arrow:
    """Return one row per case, in their order: see docs/columns.md."""
    tracks = follow(cases.columns, model)
    shares = tracks.belief
    plan = plan_of(cases, tracks, planner_for(model, money), now=now)
    columns = {"opportunity": cases.ids}
    columns |= {name: _short(shares[:, h]) for h, name in enumerate(_TRUTHS)}
    columns |= _planned(cases, plan, now)
    return pa.table(columns)


def _planned(cases: Cases, plan: Plan, now: int) -> dict[str, Arrow]:
    return {
        "step": _words(plan.step, STEPS),
        "due": _due(cases, plan, now),
        "value_eur": _short(plan.worth),
        "gain_eur": _short(plan.gain),
        "runner_up": _words(plan.runner_up, STEPS),
        "runner_up_eur": _short(plan.runner_up_worth),
    }


def _due(cases: Cases, plan: Plan, now: int) -> Arrow:
    """Return the day of the step as a date; null where there is none."""
    dates = [
        [at.astimezone(ZONE).date() for at in ahead_of(now, region)]
        for region in cases.clock.regions
    ]
    table = np.array([[(day - _EPOCH).days for day in row] for row in dates], dtype=np.int32)
    found = table[cases.region, np.maximum(plan.due, 0)]
    return pa.array(found, mask=plan.due < 0).cast(pa.date32())


def _short(numbers: Floats) -> Arrow:
    return pa.array(numbers.astype(np.float32))


def _words(codes: Ints, words: tuple[str, ...]) -> Arrow:
    return pa.DictionaryArray.from_arrays(codes.astype(np.int8), list(words))


_EPOCH = date(1970, 1, 1)
