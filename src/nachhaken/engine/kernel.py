"""What can come of an action: the exact first event, or the end of its time, from every state.

States are s = ((f*3 + r)*2 + w)*4 + h, 96 in all (axis letters as in `model`). The step is one day.
"""

import math
from dataclasses import dataclass

import numpy as np

from nachhaken.engine.flow import matrix_exponential, reached
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.values import Action, Symbol

CONTEXTS = tuple((f, r, w) for f in range(4) for r in range(3) for w in range(2))
ACTIONS = tuple(Action)
NO_DATE, AHEAD, REACHED = range(3)
ENDINGS = (Symbol.YES, Symbol.NO, Symbol.OPT_OUT)
DELAYS = (Symbol.LATER_VAGUE, Symbol.STALLED_NAMED)
_WAITS = {Action.WAIT7: 7, Action.WAIT30: 30}
_SILENCE, _DATE = len(SYMBOLS), len(SYMBOLS) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kernel:
    """Discounted sums per action and state.

    after [a,s,s']: the state at the next decision; yes, opt_out [a,s]: orders and objections;
    days [a,s]: days held open; asked [c,o,h,c',h']: `after` of ask_what by what was heard
    (o: the symbols, silence, the named date).
    """

    after: Array
    yes: Array
    opt_out: Array
    days: Array
    asked: Array


def build_kernel(model: Model) -> Kernel:
    """Return the kernel of all actions; stop has no sequel and stays zero."""
    sums = _Sums(model)
    asked = np.zeros((24, _DATE + 1, 4, 24, 4))
    for a, action in enumerate(ACTIONS):
        if action is Action.STOP:
            continue
        for c, context in enumerate(CONTEXTS):
            heard = sums.run(a, c, context)
            if action is Action.ASK_WHAT:
                asked[c] = heard
    return Kernel(after=sums.after, yes=sums.yes, opt_out=sums.opt_out, days=sums.days, asked=asked)


def context_index(level: int, date: int, work: int) -> int:
    """Return the axis position of a context."""
    return (level * 3 + date) * 2 + work


class _Sums:
    """Accumulates one action from one context after the other."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.after = np.zeros((len(ACTIONS), 96, 96))
        self.yes, self.opt_out, self.days = np.zeros((3, len(ACTIONS), 96))
        self.truth_day = np.stack([matrix_exponential(q) for q in model.generators])
        self.level_day = matrix_exponential(_level_generator(model))
        self.message_day = _at_least_one(model.unprompted)

    def run(self, a: int, c: int, context: tuple[int, int, int]) -> Array:
        """Follow `a` day by day from context `c`; return heard [o,h,c',h'], discounted."""
        action, rows = ACTIONS[a], slice(4 * c, 4 * c + 4)
        heard = np.zeros((_DATE + 1, 4, 24, 4))
        if action in _WAITS:
            mass, hazard, date, work = _waiting(context, _WAITS[action])
        else:
            mass, hazard, date, work = _touched(self.model, action, context)
            self.opt_out[a, rows] = self.model.opt_out[context[0]]
        touch = TOUCHES.index(action) if action in TOUCHES else 0
        for day, chance in enumerate(hazard):
            self.days[a, rows] += self.model.discount**day * mass.sum(axis=(1, 2, 3))
            mass = self._day(heard, mass, chance, (touch, date, work, day + 1))
        left = self.model.discount ** len(hazard) * mass.sum(axis=1)
        for f in range(4):
            heard[_SILENCE, :, context_index(f, date, work)] += left[:, f]
        self.yes[a, rows] = heard[SYMBOLS.index(Symbol.YES)].sum(axis=(1, 2))
        self.opt_out[a, rows] += heard[SYMBOLS.index(Symbol.OPT_OUT)].sum(axis=(1, 2))
        for symbol in ENDINGS:
            heard[SYMBOLS.index(symbol)] = 0
        self.after[a, rows] = heard.sum(axis=0).reshape(4, 96)
        return heard

    def _day(
        self, heard: Array, mass: Array, chance: Array, where: tuple[int, int, int, int]
    ) -> Array:
        """Book one day's events into `heard` and return the mass without event at its end.

        mass [start h, pending h0 or none, f, h]. An event, too, gets the day's drift and discount:
        leaving them out overstates the value by 5 %.
        """
        touch, date, work, elapsed = where
        worth, drift = self.model.discount**elapsed, self.truth_day[date]
        replied = (mass * chance[None, :, None, None]).sum(axis=(1, 2))
        said = np.einsum("ih,ho->oih", replied, self.model.symbols[work, touch])
        mass = mass * (1 - chance)[None, :, None, None]
        message = self.message_day[:, work]
        said += np.einsum("ikfh,fho->oih", mass, message)
        mass = mass * (1 - message.sum(axis=-1))
        for o, symbol in enumerate(SYMBOLS):
            heard[o, :, _answered(symbol, work)] += worth * said[o] @ drift
        if date == AHEAD:
            due = -math.expm1(-self.model.date_rate)
            moved = self.level_day.T @ (mass * due).sum(axis=1) @ drift
            for f in range(4):
                heard[_DATE, :, context_index(f, REACHED, work)] += worth * moved[:, f]
            mass = mass * (1 - due)
        return np.asarray(self.level_day.T @ mass @ drift)


def _answered(symbol: Symbol, work: int) -> int:
    return context_index(1, int(symbol in DELAYS), max(work, int(symbol is Symbol.REQUOTE)))


def _waiting(context: tuple[int, int, int], days: int) -> tuple[Array, Array, int, int]:
    level, date, work = context
    mass = np.zeros((4, 5, 4, 4))
    mass[range(4), 4, level, range(4)] = 1
    return mass, np.zeros((days, 5)), date, work


def _touched(
    model: Model, action: Action, context: tuple[int, int, int]
) -> tuple[Array, Array, int, int]:
    """Return mass [start, pending, f, h], hazard [day, pending], and the context of the touch."""
    level, date, work = context
    touch = TOUCHES.index(action)
    start = goodwill(model, level) * (1 - model.opt_out[level])
    will = model.will[touch] * model.reply_factor[level]
    mass = np.zeros((4, 5, 4, 4))
    after = touched_level(action, level)
    for h in range(4):
        mass[:, h, after, h] = start[:, h] * will[h]
        mass[:, 4, after, h] = start[:, h] * (1 - will[h])
    arrived = reached(model, touch, np.arange(model.window[touch] + 1))
    hazard = np.zeros((len(arrived) - 1, 5))
    hazard[:, :4] = np.diff(arrived, axis=0) / np.maximum(1 - arrived[:-1], 1e-12)
    return (
        mass,
        hazard,
        NO_DATE if date == REACHED else date,
        0 if action is Action.INVEST else work,
    )


def goodwill(model: Model, level: int) -> Array:
    """Return the jump [h,h'] that a touch at `level` makes: some of A and S are lost by it."""
    jump = np.eye(4)
    lost = model.goodwill_lost[level]
    jump[:2] *= 1 - lost
    jump[:2, 3] = lost
    return jump


def touched_level(action: Action, level: int) -> int:
    """Return the contact level after a touch: work that was asked for does not press."""
    return max(level, 1) if action is Action.INVEST else min(3, level + 1)


def _level_generator(model: Model) -> Array:
    rates = np.zeros((4, 4))
    for f in range(1, 4):
        rates[f, f - 1], rates[f, f] = model.decay[f - 1], -model.decay[f - 1]
    return rates


def _at_least_one(rates: Array) -> Array:
    """Share per day [.., h, o] whose first message of the day is o."""
    total = rates.sum(axis=-1, keepdims=True)
    shares = np.divide(rates, total, out=np.zeros_like(rates), where=total > 0)
    return np.asarray(-np.expm1(-total) * shares)
