"""The advice for many cases as one table: belief, step, day, worth, and what moved the belief."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.follow import follow, follow_with_trail
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import Model
from nachhaken.engine.solve import Money
from nachhaken.engine.tracks import Tracks, Trail
from nachhaken.engine.values import Action
from nachhaken.learning.outcomes import OPEN
from nachhaken.scale.arrow import Arrow, pa
from nachhaken.scale.cases import Cases
from nachhaken.scale.choosers import chooser_for
from nachhaken.scale.clock import ZONE, Floats, Ints
from nachhaken.scale.plan import NEVER, Plan, ahead_of, plan_of
from nachhaken.scale.reasons import MOST, OPT_OUT, WORDS, Codes, Decibans, reasons_of, words_of

_TRUTHS = ("p_genuine", "p_stalled", "p_pretend", "p_lost")
_REASONS = tuple(f"reason{n}" for n in range(1, MOST + 1))
_DECIBANS = tuple(f"decibans{n}" for n in range(1, MOST + 1))
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
        *(
            column
            for reason, by in zip(_REASONS, _DECIBANS, strict=True)
            for column in ((reason, pa.dictionary(pa.int8(), pa.string())), (by, pa.float32()))
        ),
    ]
)
"""The columns of the advice; `opportunity` is of the type of the input."""


@dataclass(frozen=True, slots=True)
class How:
    """By the plans alone or as the desk; with reasons or not; by the compiled filter or not."""

    quick: bool = False
    reasons: bool = True
    compiled: bool = False


# One thread compiles, the other waits for it; and the compiled filter has threads of its own.
_COMPILED = Lock()


def advice_of(cases: Cases, *, now: int, model: Model, money: Money, how: How) -> Arrow:
    """Return one row per case, in their order: see docs/columns.md."""
    tracks, trail = _followed(cases, model, how)
    shares = tracks.belief
    plan = plan_of(cases, tracks, chooser_for(model, money, exact=not how.quick), now=now)
    words = words_of(cases.columns)
    held = _objected(cases, words)
    columns = {"opportunity": cases.ids}
    columns |= {name: _short(shares[:, h], held) for h, name in enumerate(_TRUTHS)}
    columns |= _planned(cases, plan, held, now)
    if trail is not None:
        columns |= _reasons(*reasons_of(cases.columns.offsets, words, trail), held)
    table = pa.table(columns)
    ended = cases.outcome != OPEN
    return table.filter(pa.array(~ended)) if ended.any() else table


def _followed(cases: Cases, model: Model, how: How) -> tuple[Tracks, Trail | None]:
    with _COMPILED if how.compiled else nullcontext():
        if how.reasons:
            return follow_with_trail(cases.columns, model, compiled=how.compiled)
        return follow(cases.columns, model, compiled=how.compiled), None


def _objected(cases: Cases, words: Ints) -> NDArray[np.bool_]:
    """Return whose customer wants no more contact [N]."""
    said = np.flatnonzero(words == OPT_OUT)
    held = np.zeros(len(cases.start), dtype=bool)
    held[np.searchsorted(cases.columns.offsets, said, side="right") - 1] = True
    return held


def _planned(cases: Cases, plan: Plan, held: NDArray[np.bool_], now: int) -> dict[str, Arrow]:
    """Nobody is contacted or scored against an objection: stop, on no day (GDPR Art. 21)."""
    step = np.where(held, STEPS.index(Action.STOP), plan.step)
    return {
        "step": _words(step, STEPS),
        "due": _due(cases, np.where(held, NEVER, plan.due), now),
        "value_eur": _short(plan.worth, held),
        "gain_eur": _short(plan.gain, held),
        "runner_up": _words(np.where(held, NEVER, plan.runner_up), STEPS),
        "runner_up_eur": _short(plan.runner_up_worth, held),
    }


def _reasons(found: Codes, decibans: Decibans, held: NDArray[np.bool_]) -> dict[str, Arrow]:
    found = np.where(held[:, None], np.int8(-1), found)
    columns = {}
    for n, (name, by) in enumerate(zip(_REASONS, _DECIBANS, strict=True)):
        columns[name] = _words(found[:, n], WORDS)
        columns[by] = _short(decibans[:, n], found[:, n] < 0)
    return columns


def _due(cases: Cases, due: Ints, now: int) -> Arrow:
    """Return the day of the step as a date; null where there is none."""
    dates = [
        [at.astimezone(ZONE).date() for at in ahead_of(now, region)]
        for region in cases.clock.regions
    ]
    table = np.array([[(day - _EPOCH).days for day in row] for row in dates], dtype=np.int32)
    found = table[cases.region, np.maximum(due, 0)]
    return pa.array(found, mask=due < 0).cast(pa.date32())


def _short(numbers: Floats | Decibans, lacking: NDArray[np.bool_] | None = None) -> Arrow:
    return pa.array(numbers.astype(np.float32), mask=lacking)


def _words(codes: Ints | Codes, words: tuple[str, ...]) -> Arrow:
    """Return words by their place; null below 0."""
    places = pa.array(codes.astype(np.int8), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(places, list(words))


_EPOCH = date(1970, 1, 1)
