"""What can come of an action: the exact first event, or the end of its time, from every state.

A context is c = echo*24 + (f*3 + r)*2 + w (axis letters as in `model`), a state a context and a
truth h. The step is one day.

`echo` is 0, or 1 + the position in `ECHOED` of the question that the customer has just answered
vaguely: whoever is asked the same again within about `repeat_days` merely repeats himself with some
probability, whatever the truth (`echo_chance`). What he repeats is "later" where that answer left a
date (r = 1), else "noncommittal"; once the date is reached, or he says something else, the echo is
gone. This is the generative side of the filter's tempering of repeats.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nachhaken.engine.flow import matrix_exponential, reached
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.values import Action, Symbol

CONTEXTS = tuple((f, r, w) for f in range(4) for r in range(3) for w in range(2))
ACTIONS = tuple(Action)
NO_DATE, AHEAD, REACHED = range(3)
ENDINGS = (Symbol.YES, Symbol.NO, Symbol.OPT_OUT)
DELAYS = (Symbol.LATER_VAGUE, Symbol.STALLED_NAMED)
VAGUE = (Symbol.LATER_VAGUE, Symbol.NONCOMMITTAL)
ECHOED = (Action.MAIL, Action.ASK_WHAT)
ALL_CONTEXTS = len(CONTEXTS) * (1 + len(ECHOED))

# Components of value: discounted sums, each linear in money (`Money.prices`).
YES, LEFT, STOPS, HOURS, DAYS, OPT_OUTS = range(6)
COMPONENTS = ("yes", "left", "stops", "hours", "days", "opt_outs")

SILENCE, DATE = len(SYMBOLS), len(SYMBOLS) + 1
_WAITS = {Action.WAIT7: 7, Action.WAIT30: 30}
_DAILY = "rwqaish,rwqsho->rwqaioh"
_UNASKED = "rwqaifh,fwho->rwqaioh"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kernel:
    """Discounted sums per action a, context c and branch n (what may happen next).

    symbol [a,c,n]: what is heard (an index of SYMBOLS, SILENCE or DATE; -1: no such branch);
    to [a,c,n]: the context after it; by [a,c,n,h,h']: the moves, discounted, so rows sum to less
    than 1; rewards [a,c,h,k]: what the action itself brings, by component; heard [a,c,h,o]: the
    probability that o is what is heard next (SYMBOLS, silence, date), not discounted. Orders,
    refusals and objections end a case and have no branch; stop has none at all.
    """

    symbol: NDArray[np.int64]
    to: NDArray[np.int64]
    by: Array
    rewards: Array
    heard: Array


def build_kernel(model: Model) -> Kernel:
    """Return the kernel of all actions; takes about a tenth of a second."""
    found = [_followed(model, action) for action in ACTIONS]
    moves, to, rewards, heard = (np.stack(parts) for parts in zip(*found, strict=True))
    there = moves.any(axis=(-2, -1))
    first = np.argsort(~there, axis=-1, kind="stable")[..., : int(there.sum(axis=-1).max())]
    symbols = np.array([*range(len(SYMBOLS)), *[SILENCE] * 8, *[DATE] * 4])
    return Kernel(
        symbol=np.where(np.take_along_axis(there, first, axis=-1), symbols[first], -1),
        to=np.take_along_axis(to, first, axis=-1),
        by=np.take_along_axis(moves, first[..., None, None], axis=2),
        rewards=rewards,
        heard=heard,
    )


def context_index(level: int, date: int, work: int, echo: int = 0) -> int:
    """Return the axis position of a context."""
    return echo * len(CONTEXTS) + (level * 3 + date) * 2 + work


def echoing(contexts: ArrayLike, asked: ArrayLike, symbols: ArrayLike) -> NDArray[np.int64]:
    """Return the contexts [n] (without echo) with the echo of the last answer, if there is one.

    asked [n]: the axis of `TOUCHES` that was answered, anything else for none; symbols [n]: what
    was heard. What would be repeated follows from the date, so it must be the one that was left.
    """
    plain = np.asarray(contexts, dtype=np.int64)
    asked, symbols = np.broadcast_arrays(np.asarray(asked), np.asarray(symbols))
    echo = np.zeros(plain.shape, dtype=np.int64)
    for n, action in enumerate(ECHOED, start=1):
        for symbol, left in zip(VAGUE, (AHEAD, NO_DATE), strict=True):
            said = (asked == TOUCHES.index(action)) & (symbols == SYMBOLS.index(symbol))
            echo[said & (plain // 2 % 3 == left)] = n
    return plain + len(CONTEXTS) * echo


def echo_chance(model: Model, action: Action, symbol: Symbol) -> float:
    """Return the probability that a repeated question only gets the repeated answer.

    Chosen so that the strongest evidence of a repeat, max/min over h of e + (1-e) O[h,o], is that
    of the filter, (max/min)^repeat_factor.
    """
    column = model.symbols[0, TOUCHES.index(action), :, SYMBOLS.index(symbol)]
    low, high = float(column.min()), float(column.max())
    if not 0 < low < high or not 0 < model.repeat_factor < 1:
        return 0.0
    ratio = float((high / low) ** model.repeat_factor)
    odds = (high - low * ratio) / (ratio - 1)
    return odds / (1 + odds)


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


def _followed(model: Model, action: Action) -> tuple[Array, NDArray[np.int64], Array, Array]:
    """Return moves [c,slot,h,h'], targets [c,slot], rewards [c,h,k] and heard [c,h,o] of an action.

    Slots: the symbols, silence by (echo still there, f), the date by f.
    """
    run = _Run(model, action)
    for day in range(run.length):
        run.pass_day(day)
    rewards = np.zeros((ALL_CONTEXTS, 4, len(COMPONENTS)))
    if action is Action.STOP:
        rewards[:, :2, LEFT], rewards[..., STOPS] = 1, 1
    else:
        run.end()
        rewards[..., YES] = run.ended(Symbol.YES)
        rewards[..., OPT_OUTS] = run.ended(Symbol.OPT_OUT) + _by_context(run.opt_out)
        rewards[..., HOURS] = model.hours[TOUCHES.index(action)] if action in TOUCHES else 0
        rewards[..., DAYS] = _by_context(run.days)
    run.heard[[SYMBOLS.index(symbol) for symbol in ENDINGS]] = 0
    moves = np.stack([_by_context(slot) for slot in run.heard], axis=1)
    return moves, run.targets(), rewards, _by_context(run.noted)


def _by_context(table: Array) -> Array:
    """Reorder [r,w,q,f,..] to contexts [c,..]."""
    return np.asarray(
        table.transpose(2, 3, 0, 1, *range(4, table.ndim)).reshape(ALL_CONTEXTS, *table.shape[4:])
    )


class _Run:
    """One action followed from all contexts at once.

    mass [r,w,q,a,i,p,s,f,h]: start context (a: its level), start truth i, the truth at the touch if
    a reply is coming (p = 4: none is), whether the echo is still there, level and truth now.
    """

    def __init__(self, model: Model, action: Action) -> None:
        self.model, self.action = model, action
        echoes = 1 + len(ECHOED)
        start = (3, 2, echoes, 4, 4)
        self.heard = np.zeros((len(SYMBOLS) + 12, *start, 4))
        self.days, self.opt_out = np.zeros((2, *start))
        self.noted = np.zeros((*start, len(SYMBOLS) + 2))
        self.mass = np.zeros((*start, 5, 2, 4, 4))
        self.date, self.work = [0, 1, 2], [0, 1]
        self.hazard = np.zeros((_WAITS.get(action, 0), 5))
        if action in TOUCHES:
            self._touch(TOUCHES.index(action))
        elif action in _WAITS:
            for f in range(4):
                self.mass[:, :, :, f, range(4), 4, 1, f, range(4)] = 1
        self.length = len(self.hazard)
        self.drift = np.stack([matrix_exponential(model.generators[r]) for r in self.date])
        self.level_day = matrix_exponential(_level_generator(model))
        self.fade = -math.expm1(-1 / model.repeat_days) if model.repeat_days else 1.0
        self.message_day = _at_least_one(model.unprompted)[:, self.work]
        self.says = _says(model, action, self.date, self.work)

    def _touch(self, touch: int) -> None:
        model = self.model
        self.date = [NO_DATE, AHEAD, NO_DATE]
        self.work = [0, 0] if self.action is Action.INVEST else [0, 1]
        self.opt_out += model.opt_out[:, None]
        self.noted[..., SYMBOLS.index(Symbol.OPT_OUT)] += self.opt_out
        for f in range(4):
            start = goodwill(model, f) * (1 - model.opt_out[f])
            will = model.will[touch] * model.reply_factor[f]
            after = touched_level(self.action, f)
            for h in range(4):
                self.mass[:, :, :, f, :, h, 1, after, h] = start[:, h] * will[h]
                self.mass[:, :, :, f, :, 4, 1, after, h] = start[:, h] * (1 - will[h])
        arrived = reached(model, touch, np.arange(model.window[touch] + 1))
        self.hazard = np.zeros((len(arrived) - 1, 5))
        self.hazard[:, :4] = np.diff(arrived, axis=0) / np.maximum(1 - arrived[:-1], 1e-12)

    def pass_day(self, day: int) -> None:
        """Book one day's events and keep the mass without event.

        An event, too, gets the day's drift and discount: leaving them out overstates the value by
        5 %.
        """
        self.days += self.model.discount**day * self.mass.sum(axis=(5, 6, 7, 8))
        worth, chance = self.model.discount ** (day + 1), self.hazard[day][:, None, None, None]
        replied = (self.mass * chance).sum(axis=(5, 7))
        said = np.einsum(_DAILY, replied, self.says)
        self.mass = self.mass * (1 - chance)
        said += np.einsum(_UNASKED, self.mass.sum(axis=(5, 6)), self.message_day)
        self.mass = self.mass * (1 - self.message_day.sum(axis=-1))[:, :, None].transpose(
            1, 2, 0, 3
        ).reshape(1, 2, 1, 1, 1, 1, 1, 4, 4)
        self.noted[..., : len(SYMBOLS)] += said.sum(axis=-1)
        booked = worth * said @ self.drift[:, None, None, None, None]
        self.heard[: len(SYMBOLS)] += np.moveaxis(booked, -2, 0)
        self._reach_date(worth)
        self._drift()

    def _reach_date(self, worth: float) -> None:
        due = -math.expm1(-self.model.date_rate) * np.array([r == AHEAD for r in self.date])
        due = due.reshape(3, *[1] * 8)
        self.noted[..., DATE] += (self.mass * due).sum(axis=(5, 6, 7, 8))
        moved = self._moved((self.mass * due).sum(axis=(5, 6), keepdims=True))[..., 0, 0, :, :]
        self.heard[len(SYMBOLS) + 8 :] += worth * np.moveaxis(moved, -2, 0)
        self.mass = self.mass * (1 - due)

    def _drift(self) -> None:
        mass = self._moved(self.mass)
        faded = self.fade * mass[..., 1, :, :]
        self.mass = np.stack([mass[..., 0, :, :] + faded, mass[..., 1, :, :] - faded], axis=-3)

    def _moved(self, mass: Array) -> Array:
        return np.asarray(self.level_day.T @ mass @ self.drift.reshape(3, *[1] * 6, 4, 4))

    def end(self) -> None:
        """Book what is left as silence."""
        self.noted[..., SILENCE] += self.mass.sum(axis=(5, 6, 7, 8))
        left = self.model.discount**self.length * self.mass.sum(axis=5)
        slots = left.reshape(*left.shape[:5], 8, 4)
        self.heard[len(SYMBOLS) : len(SYMBOLS) + 8] += np.moveaxis(slots, -2, 0)

    def ended(self, symbol: Symbol) -> Array:
        return _by_context(self.heard[SYMBOLS.index(symbol)].sum(axis=-1))

    def targets(self) -> NDArray[np.int64]:
        """Return the context [c,slot] after each slot."""
        rows = []
        for q in range(1 + len(ECHOED)):
            for _, r, w in CONTEXTS:
                date, work = self.date[r], self.work[w]
                said = [self._answered(symbol, work) for symbol in SYMBOLS]
                silent = [context_index(f, date, work, s * q) for s in range(2) for f in range(4)]
                rows.append([*said, *silent, *(context_index(f, REACHED, work) for f in range(4))])
        return np.array(rows)

    def _answered(self, symbol: Symbol, work: int) -> int:
        is_echoed = self.action in ECHOED and symbol in VAGUE
        echo = 1 + ECHOED.index(self.action) if is_echoed else 0
        after = max(work, int(symbol is Symbol.REQUOTE))
        return context_index(1, int(symbol in DELAYS), after, echo)


def _says(model: Model, action: Action, date: list[int], work: list[int]) -> Array:
    """Return what a reply says [r,w,q,s,h,o]; with an echo still there, sometimes only that."""
    touch = TOUCHES.index(action) if action in TOUCHES else 0
    plain = model.symbols[work, touch]
    says = np.tile(plain[None, :, None, None], (3, 1, 1 + len(ECHOED), 2, 1, 1))
    if action in ECHOED:
        q = 1 + ECHOED.index(action)
        for r, named in enumerate(date):
            symbol = Symbol.LATER_VAGUE if named == AHEAD else Symbol.NONCOMMITTAL
            echo = echo_chance(model, action, symbol)
            says[r, :, q, 1] *= 1 - echo
            says[r, :, q, 1, :, SYMBOLS.index(symbol)] += echo
    return says


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
