"""How one opportunity stands, why, and on which day something is worth more than waiting."""

import numpy as np

from nachhaken.engine.case import check
from nachhaken.engine.course import tell
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import Array, Model, standard
from nachhaken.engine.policies import Policy, policy_for
from nachhaken.engine.solve import Money
from nachhaken.engine.track import Track, belief, busy_until, context, outlook
from nachhaken.engine.values import Action, Belief, Case, Judgement

_WAITS = (Action.WAIT7, Action.WAIT30)
_STEPS = tuple(action for action in ACTIONS if action not in _WAITS)
_EVEN = 1e-9  # EUR: below it a step is not better than waiting but equal


def judge(case: Case, model: Model | None = None, *, money: Money | None = None) -> Judgement:
    """Return belief, reasons, values and plan of `case`; CaseError where it contradicts itself.

    `model` is the standard one and `money` the usual one unless given. No step falls into the time
    that the last touch has for its answer: until then waiting is part of that touch. `values` and
    `worth_of_asking` (EUR, the answer alone, cost not deducted) hold for now. Where nothing beats
    waiting, `action` is the better wait of now and `gain` 0.
    """
    check(case)
    model, money = model or standard(), money or Money()
    story = tell(case, model)
    policy = policy_for(model, money)
    q = policy.at(case.value)
    due, action, gain, ranked = _plan(case, model, story.track, q)
    now = belief(model, story.track)
    here = context(model, story.track)
    return Judgement(
        belief=Belief(*now.tolist()),
        course=story.course,
        weights=story.weights,
        values=dict(zip(ACTIONS, (_at(q, here) @ now).tolist(), strict=True)),
        due=due,
        action=action,
        gain=gain,
        runner_up=next((pair for pair in ranked if pair[0] is not action), None),
        worth_of_asking=_worth_of_asking(policy, q, here, now),
    )


_Plan = tuple[int | None, Action, float, list[tuple[Action, float]]]


def _plan(case: Case, model: Model, track: Track, q: Array) -> _Plan:
    """Return due, action, gain and the actions by value on that day."""
    moments = (*case.ahead, case.now) if not case.ahead else case.ahead
    future = outlook(model, track, moments)
    tables = q.reshape(len(ACTIONS), 24, 4)[:, future.contexts]
    worths = np.einsum("anh,nh->na", tables, future.beliefs)
    gains = worths[:, len(_WAITS) :].max(axis=1) - worths[:, : len(_WAITS)].max(axis=1)
    free = np.array([m.day for m in moments]) >= busy_until(model, track)
    days = np.flatnonzero(free & (gains > _EVEN)) if case.ahead else np.array([], dtype=np.int64)
    if not days.size:
        ranked = _ranked(worths[0])
        return None, next(a for a, _ in ranked if a in _WAITS), 0.0, ranked
    due = int(days[0])
    ranked = _ranked(worths[due])
    return due, next(a for a, _ in ranked if a in _STEPS), float(gains[due]), ranked


def _ranked(worths: Array) -> list[tuple[Action, float]]:
    pairs = zip(ACTIONS, worths.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])


def _at(q: Array, here: int) -> Array:
    """Return Q [a,h] in one context."""
    return q[:, 4 * here : 4 * here + 4]


def _worth_of_asking(policy: Policy, q: Array, here: int, now: Array) -> float:
    """EVSI of ask_what in EUR: the best next step for each answer, against one for all."""
    to, by = policy.asked.to[here], policy.asked.by[here]
    tables = q.reshape(len(ACTIONS), 24, 4)[:, to]
    worths = np.einsum("h,nhj,anj->na", now, by, tables)
    return max(0.0, float(worths.max(axis=1).sum() - worths.sum(axis=0).max()))
