"""Ways to follow up: rules of thumb from practice, the articles' rule, policies, and an oracle.

The rules answer a demand for new work only where `serving` is put around them.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nachhaken.engine.kernel import ACTIONS, AHEAD, REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.simulation.values import Choice, Conduct, Ints, View
from nachhaken.engine.values import Action, Symbol

WAIT, MAIL, CALL, ASK, CLARIFY, INVEST, STOP = (
    ACTIONS.index(action)
    for action in (
        Action.WAIT7, Action.MAIL, Action.CALL, Action.ASK_WHAT, Action.CLARIFY, Action.INVEST,
        Action.STOP,
    )
)  # fmt: skip
_WEEK = 7.0  # days
EIGHT_TOUCHES = (2.0, 5.0, 9.0, 14.0, 21.0, 30.0, 45.0, 60.0)

_VAGUE = [SYMBOLS.index(s) for s in (Symbol.LATER_VAGUE, Symbol.NONCOMMITTAL)]
_SERIOUS = [SYMBOLS.index(s) for s in (Symbol.ENGAGED, Symbol.STALLED_NAMED)]


def scheduled(days: Sequence[float], drop: float) -> Conduct:
    """Return the conduct that mails on the given days, whatever is heard, and drops it at last."""
    marks = np.array([-np.inf, *days, drop, np.inf])

    def choose(view: View) -> Choice:
        coming = np.searchsorted(marks, view.day, side="right")
        due = marks[coming - 1] > np.maximum(view.touched, 0)
        action = np.where(view.day >= drop, STOP, np.where(due, MAIL, WAIT))
        return _certain(action, marks[coming])

    return Conduct(choose=choose)


def every(days: float = 3.0) -> Conduct:
    """Return the conduct that mails every so many days until an answer ends it."""

    def choose(view: View) -> Choice:
        return _mailing(view, np.maximum(view.touched, 0.0) + days, days)

    return Conduct(choose=choose)


def rotting(mail: float = 7.0, drop: float = 14.0) -> Conduct:
    """Return the conduct of sales boards: mail after `mail` idle days, drop after `drop`.

    Idle is who has not been heard of for so long; a mail of our own does not count as life.
    """

    def choose(view: View) -> Choice:
        mailed = view.touched >= view.heard + mail
        due = np.where(mailed, view.heard + drop, view.heard + mail)
        act = np.where(mailed, STOP, MAIL)
        is_due = view.day >= due
        return _certain(np.where(is_due, act, WAIT), np.where(is_due, view.heard + drop, due))

    return Conduct(choose=choose)


def wait_for_date(pause: float = 14.0) -> Conduct:
    """Return the conduct that does as the customer says and never lets go.

    It mails when a date that was given has come; without one `pause` days after the last contact of
    either side.
    """

    def choose(view: View) -> Choice:
        due = np.maximum(view.heard, view.touched) + pause
        due = np.where(view.date == AHEAD, view.named, due)
        return _mailing(view, np.where(view.date == REACHED, view.day, due), pause)

    return Conduct(choose=choose)


def articles(pause: float = 7.0) -> Conduct:
    """Return the articles' rule: ask WHAT, clarify at the second vague sign, stop at the third.

    A vague sign is a vague answer or a touch without one for `pause` days. A date that came with a
    condition is waited for, then called. A demand for new work is met with the question WHAT, and
    served once the answer is serious.
    """

    def choose(view: View) -> Choice:
        vague = view.messages[:, _VAGUE].sum(axis=1)
        signs = vague + view.unanswered
        due = np.maximum(view.heard, view.touched) + pause
        waits = (view.date == AHEAD) & (view.unanswered == 0) & ~np.isin(view.symbol, _VAGUE)
        due = np.where(waits, view.named, due)
        asked = (view.symbol == REQUOTE) | np.isin(view.symbol, _VAGUE)
        served = (view.work == 1) & np.isin(view.symbol, _SERIOUS)
        step = np.choose(np.minimum(signs, 3), [ASK, ASK, CLARIFY, STOP])
        step = np.where((view.date == REACHED) & (signs <= 1), CALL, step)
        act = asked | served | (view.day >= due) | (view.date == REACHED)
        action = np.where(served, INVEST, np.where(act, step, WAIT))
        return _certain(action, np.where(act, view.day + pause, due))

    return Conduct(choose=choose)


def serving(conduct: Conduct) -> Conduct:
    """Return the conduct that serves every demand for new work at once, and else acts as given."""

    def choose(view: View) -> Choice:
        choice = conduct.choose(view)
        served = (view.work == 1) & (choice.action != STOP)
        return Choice(
            action=np.where(served, INVEST, choice.action), until=choice.until, chance=choice.chance
        )

    return Conduct(choose=choose, model=conduct.model)


Values = Callable[[Array, Ints], Array]


def best_of(values: Values, model: Model) -> Conduct:
    """Return the conduct that takes the action of the highest value.

    `values` gives EUR [n,a] for beliefs [n,h] in contexts [n]; beliefs are followed by `model`. The
    next question comes at the end of the action's own time.
    """
    return following(lambda beliefs, contexts: values(beliefs, contexts).argmax(axis=1), model)


def following(actions: Callable[[Array, Ints], Ints], model: Model) -> Conduct:
    """Return the conduct that takes `actions` [n] for beliefs [n,h] in contexts [n] by `model`."""
    times = _times(model)

    def choose(view: View) -> Choice:
        action = actions(view.belief, view.context)
        return _certain(action, view.day + times[action])

    return Conduct(choose=choose, model=model)


def oracle(values: Values, model: Model) -> Conduct:
    """Return the conduct that is told the truth; no other can be better by these values."""
    times, sure = _times(model), np.eye(4)

    def choose(view: View) -> Choice:
        action = values(sure[view.truth], view.context).argmax(axis=1)
        return _certain(action, view.day + times[action])

    return Conduct(choose=choose)


def known_truth(q: Array) -> Values:
    """Return the values by Q [a,c,h]: what each action is worth if the truth showed after it."""

    def values(beliefs: Array, contexts: Ints) -> Array:
        return np.asarray(np.einsum("anh,nh->na", q[:, contexts], beliefs))

    return values


def straying(
    conduct: Conduct, actions: Sequence[int], share: float, rng: np.random.Generator
) -> Conduct:
    """Return the conduct that in `share` of the decisions draws one of `actions` instead.

    The chance of what was done is noted, so that its logs can judge other conducts. After a stray
    the next question comes in a week.
    """
    options = np.array(actions)

    def choose(view: View) -> Choice:
        choice = conduct.choose(view)
        drawn = options[rng.integers(0, len(options), len(view.rows))]
        action = np.where(rng.random(len(view.rows)) < share, drawn, choice.action)
        chance = (action == choice.action) * (1 - share) * choice.chance
        chance = chance + share * np.isin(action, options) / len(options)
        until = np.where(action == choice.action, choice.until, view.day + _WEEK)
        return Choice(action=action, until=until, chance=chance)

    return Conduct(choose=choose, model=conduct.model)


def _mailing(view: View, due: Array, pause: float) -> Choice:
    is_due = view.day >= due
    return _certain(np.where(is_due, MAIL, WAIT), np.where(is_due, view.day + pause, due))


def _certain(action: ArrayLike, until: Array) -> Choice:
    return Choice(action=np.asarray(action), until=until, chance=np.ones(len(until)))


def _times(model: Model) -> Array:
    """Days [a] that an action takes for itself."""
    waits = {Action.WAIT7: 7.0, Action.WAIT30: 30.0, Action.STOP: 0.0}
    return np.array([waits.get(a) or _window(model, a) for a in ACTIONS])


def _window(model: Model, action: Action) -> float:
    return float(model.window[TOUCHES.index(action)]) if action in TOUCHES else 0.0
