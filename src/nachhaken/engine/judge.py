"""How one opportunity stands, why, and on which day something is worth more than waiting."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.case import check
from nachhaken.engine.course import tell
from nachhaken.engine.kernel import ACTIONS, echoing
from nachhaken.engine.model import SYMBOLS, TOUCHES, Model, standard
from nachhaken.engine.planner import Choices, Planner, planner_for
from nachhaken.engine.policies import Policy
from nachhaken.engine.solve import Floats, Money
from nachhaken.engine.track import Track, belief, busy_until, context, outlook
from nachhaken.engine.values import Action, Belief, Case, Judgement, Symbol

_FIRST_STEP = 2


def judge(
    case: Case,
    model: Model | None = None,
    *,
    money: Money | None = None,
    policy: Policy | None = None,
) -> Judgement:
    """Return belief, reasons, values and plan of `case`; CaseError where it contradicts itself.

    `model` is the standard one, `money` the usual one and `policy` the shipped one unless given. No
    step falls into the time that the last touch has for its answer: until then waiting is part of
    that touch. Where nothing beats waiting, `action` is the better wait of now and `gain` 0.
    """
    check(case)
    model, money = model or standard(), money or Money()
    planner = planner_for(model, money, policy)
    story = tell(case, model)
    track, now = story.track, belief(model, story.track)[None]
    here = _contexts(model, track, [track.at.day], [context(model, track)])
    now_choice = planner.choose(now, here, [case.value])
    due, choice = _plan(case, model, track, planner) or (None, now_choice)
    action = ACTIONS[int(choice.action[0])] if due is not None else _wait(choice)
    at = (now[0], int(here[0]))
    return Judgement(
        belief=Belief(*now[0].tolist()),
        course=story.course,
        weights=story.weights,
        values=_by_action(now_choice.worths[0]),
        due=due,
        action=action,
        gain=float(choice.gain[0]) if due is not None else 0.0,
        runner_up=_runner_up(choice, action),
        tied_with=_tied(choice, action) if due is not None else (),
        bits=_by_action(planner.bits(now, here)[0]),
        worth_of_knowing=planner.worth_of_knowing(*at, case.value),
        worth_of_asking=planner.worth_of_answer(Action.ASK_WHAT, *at, value=case.value),
        cost_of_asking=float(model.hours[TOUCHES.index(Action.ASK_WHAT)]) * money.hour_eur,
    )


def _plan(case: Case, model: Model, track: Track, planner: Planner) -> tuple[int, Choices] | None:
    """Return the first day on which a step beats waiting, and the choice then; None: never.

    The plans alone say which days come into question, the exact step decides.
    """
    days = [moment.day for moment in case.ahead]
    if not days:
        return None
    future = outlook(model, track, case.ahead)
    contexts = _contexts(model, track, days, future.contexts)
    wanted = planner.steps(future.beliefs, contexts, np.full(len(days), case.value)).action
    free = np.array(days) >= busy_until(model, track)
    for due in np.flatnonzero(free & (wanted >= _FIRST_STEP)).tolist():
        choice = planner.choose(future.beliefs[[due]], contexts[[due]], [case.value])
        if choice.gain[0] > 0:
            return due, choice
    return None


def _wait(choice: Choices) -> Action:
    return ACTIONS[int(choice.worths[0, :_FIRST_STEP].argmax())]


def _runner_up(choice: Choices, action: Action) -> tuple[Action, float]:
    others = _by_action(choice.worths[0])
    del others[action]
    return max(others.items(), key=lambda pair: pair[1])


def _tied(choice: Choices, action: Action) -> tuple[Action, ...]:
    return tuple(a for a, tied in zip(ACTIONS, choice.tied[0], strict=True) if tied and a != action)


def _by_action(numbers: Floats) -> dict[Action, float]:
    return dict(zip(ACTIONS, numbers.tolist(), strict=True))


def _contexts(
    model: Model, track: Track, days: Sequence[float], plain: Sequence[int]
) -> NDArray[np.int64]:
    """Return the contexts with the echo that the last answer leaves for `repeat_days`."""
    answers = [key for key in track.said if key[0] != "felt"]
    if not answers:
        return np.asarray(plain, dtype=np.int64)
    asked, symbol, said = answers[-1]
    recent = np.array(days) - said <= model.repeat_days
    touch = TOUCHES.index(Action(asked)) if asked in TOUCHES else len(TOUCHES)
    return echoing(plain, np.where(recent, touch, len(TOUCHES)), SYMBOLS.index(Symbol(symbol)))
