"""How one opportunity stands, why, and on which day something is worth more than waiting."""

import numpy as np

from nachhaken.engine.case import check
from nachhaken.engine.course import tell
from nachhaken.engine.follow import silent_until
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import TOUCHES, Model, standard
from nachhaken.engine.planner import Choices, Planner, planner_for, with_echo
from nachhaken.engine.policies import Policy
from nachhaken.engine.solve import Floats, Money
from nachhaken.engine.tracks import Tracks
from nachhaken.engine.values import Action, Belief, Case, Judgement

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
    tracks, now = story.tracks, story.tracks.belief
    here = with_echo(tracks, tracks.context, tracks.day)
    now_choice = planner.choose(now, here, [case.value])
    due, choice = _plan(case, tracks, planner, now_choice) or (None, now_choice)
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


def _plan(case: Case, tracks: Tracks, planner: Planner, now: Choices) -> tuple[int, Choices] | None:
    """Return the first day on which a step beats waiting, and the choice then; None: never.

    The plans alone say which days come into question, the exact step decides: `now` is that of now.
    """
    if not case.ahead:
        return None
    days, workdays = np.array(case.ahead).T
    beliefs, plain = silent_until(tracks, days, workdays)
    contexts = with_echo(tracks, plain, days[None])[0]
    wanted = planner.steps(beliefs[0], contexts, np.full(len(days), case.value)).action
    free = days >= tracks.busy_until[0]
    for due in np.flatnonzero(free & (wanted >= _FIRST_STEP)).tolist():
        later = days[due] > tracks.day[0]
        choice = planner.choose(beliefs[0, [due]], contexts[[due]], [case.value]) if later else now
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
