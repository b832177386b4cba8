"""How opportunities go on by themselves: the same semantics as the filter, drawn instead of summed.

Every row has its own time and goes from event to event. Between two edges of its context all rates
are constant, so an exponential wait is exact, and drawing anew at an edge is, too. Whether and when
a touch is answered is drawn from the truth at the touch, what the answer says from the truth of its
day. A message of its own accord closes the touch: to the seller it is the answer. A machine's
answer restarts the clock of the person's. The seller looks at his list in the morning, at whole
days, as the planner's day has it: quicker exchanges would be worth 2 % more.
"""

import math
from itertools import product

import numpy as np

from nachhaken.engine.kernel import (
    AHEAD,
    CONTEXTS,
    DELAYS,
    ECHOED,
    ENDINGS,
    NO_DATE,
    REACHED,
    VAGUE,
    echo_chance,
    echoing,
)
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, TRUTHS, Array, Model
from nachhaken.engine.simulation.values import Bools, End, Ints, World
from nachhaken.engine.values import Action, Symbol

DROP, DATE, ANSWER, DUE, WATCH, HORIZON = range(6)
STALLED, LOST = TRUTHS.index("stalled"), TRUTHS.index("lost")  # up to STALLED: genuine

_MAIL, _INVEST = TOUCHES.index(Action.MAIL), TOUCHES.index(Action.INVEST)
AUTO_REPLY = SYMBOLS.index(Symbol.AUTO_REPLY)
_DELAYS = [SYMBOLS.index(symbol) for symbol in DELAYS]
_ENDS = {SYMBOLS.index(symbol): End[symbol.name] for symbol in ENDINGS}


class Courses:
    """N opportunities on their way; `edges` [edge,N] are the days on which something is sure."""

    def __init__(
        self, world: World, n: int, rng: np.random.Generator, *, watch: tuple[float, ...] = ()
    ) -> None:
        self.world, self.model, self.rng = world, world.model, rng
        self.rates = _Rates(world.model)
        self.truth = _pick(rng, np.broadcast_to(world.model.start, (n, 4)))
        self.day, self.weekday = np.zeros(n), rng.integers(0, 5, n)
        self.level, self.date, self.work = np.zeros((3, n), dtype=np.int64)
        self.named, self.edges = np.full(n, np.inf), np.full((6, n), np.inf)
        self.edges[DUE], self.edges[HORIZON] = 0.0, world.horizon
        self.end, self.symbol = np.zeros(n, dtype=np.int64), np.full(n, -1)
        self.kind, self.touched, self.heard = np.full(n, -1), np.full(n, -np.inf), np.zeros(n)
        self.unanswered = np.zeros(n, dtype=np.int64)
        self.asked, self.said = np.full((2, n), -1)
        self.messages = np.zeros((n, len(SYMBOLS)), dtype=np.int64)
        self.watch = np.array([*watch, np.inf])
        self.edges[WATCH], self.watched = self.watch[0], np.zeros(n, dtype=np.int64)
        self.seen = np.full((len(watch), n), -1)
        self.is_open = np.ones(n, dtype=np.bool_)
        if not world.offered:
            self.level[:], self.edges[DROP] = 1, world.model.stay[0]

    def workday(self, rows: Ints, day: Array) -> Array:
        """Return the working days [n] from each opportunity's day 0 until `day`."""
        if not self.world.weeks:
            return day
        first = self.weekday[rows]
        return np.asarray(_workdays(first + day) - _workdays(first.astype(np.float64)))

    def advance(self, rows: Ints) -> tuple[Ints, Ints]:
        """Take each of `rows` to its next event; return who said what [m], [m]."""
        context = (self.level[rows], self.date[rows], self.work[rows], self.truth[rows])
        drift, speak = self.rates.of(context)
        wait = self.rng.exponential(size=len(rows)) / np.maximum(drift + speak, 1e-12)
        edge = self.edges[:, rows].min(axis=0)
        happens = self.day[rows] + wait < edge
        self.day[rows] = np.where(happens, self.day[rows] + wait, edge)
        speaks = happens & (self.rng.random(len(rows)) * (drift + speak) >= drift)
        self._move(rows[happens & ~speaks])
        return self._turn(rows[~happens], rows[speaks])

    def echo(self, rows: Ints, repeat_days: float | None = None) -> Ints:
        """Return [n] which question an answer has left an echo of, as in the planner's contexts."""
        days = self.model.repeat_days if repeat_days is None else repeat_days
        recent = self.day[rows] - self.heard[rows] <= days
        asked = np.where(recent, self.asked[rows], -1)
        return echoing(self.date[rows] * 2, asked, self.said[rows]) // len(CONTEXTS)

    def touch(self, rows: Ints, kind: Ints) -> Bools:
        """Touch `rows`, one `kind` each; return who [n] objects at once and is closed by it."""
        level, model = self.level[rows], self.model
        objects = self.rng.random(len(rows)) < model.opt_out[level]
        lost = self.rng.random(len(rows)) < model.goodwill_lost[level]
        self.truth[rows] = np.where(lost & (self.truth[rows] <= STALLED), LOST, self.truth[rows])
        chance = model.will[kind, self.truth[rows]] * model.reply_factor[level]
        answers = self.rng.random(len(rows)) < chance
        self.edges[ANSWER, rows] = np.where(answers, self._delayed(rows, kind), np.inf)
        after = np.where(kind == _INVEST, np.maximum(level, 1), np.minimum(level + 1, 3))
        self._set_level(rows, after)
        self._forget_date(rows[self.date[rows] == REACHED])
        self.work[rows] = np.where(kind == _INVEST, 0, self.work[rows])
        self.kind[rows], self.touched[rows] = kind, self.day[rows]
        self.unanswered[rows] += 1
        self.close(rows[objects], End.OPT_OUT)
        return objects

    def close(self, rows: Ints, end: End) -> None:
        """End `rows` now."""
        self.end[rows], self.is_open[rows] = end, False

    def _move(self, rows: Ints) -> None:
        self.truth[rows] = _pick(self.rng, self.rates.moves[self.date[rows], self.truth[rows]])

    def _turn(self, rows: Ints, speaking: Ints) -> tuple[Ints, Ints]:
        """Pass the edge at which `rows` stand; return the messages of both."""
        now = self.day[rows]
        at_edge = self.edges[:, rows] <= now
        self._set_level(rows[at_edge[DROP]], self.level[rows[at_edge[DROP]]] - 1)
        self._pass_date(rows[at_edge[DATE]])
        self._look(rows[at_edge[WATCH]])
        self.close(rows[at_edge[HORIZON]], End.OPEN)
        answering = rows[at_edge[ANSWER] & ~at_edge[HORIZON]]
        says = self.model.symbols[self.work[answering], self.kind[answering], self.truth[answering]]
        writes = self.rates.writes[self.level[speaking], self.work[speaking], self.truth[speaking]]
        who = np.concatenate([answering, speaking])
        what = _pick(self.rng, np.concatenate([says, writes]))
        what[: len(answering)] = self._repeated(answering, what[: len(answering)])
        self._hear(who, what)
        return who, what

    def _set_level(self, rows: Ints, level: Ints) -> None:
        self.level[rows] = level
        stay = np.where(level > 0, self.model.stay[np.maximum(level, 1) - 1], np.inf)
        self.edges[DROP, rows] = self.day[rows] + stay

    def _pass_date(self, rows: Ints) -> None:
        """A date that is reached asks the seller; one that is over is forgotten."""
        arrives = self.date[rows] == AHEAD
        self._forget_date(rows[~arrives])
        rows = rows[arrives]
        self.date[rows] = REACHED
        self.edges[DATE, rows] = self.named[rows] + self.model.date_reached
        self.edges[DUE, rows] = _next_morning(self.day[rows])

    def _forget_date(self, rows: Ints) -> None:
        self.date[rows], self.named[rows], self.edges[DATE, rows] = NO_DATE, np.inf, np.inf

    def _look(self, rows: Ints) -> None:
        self.seen[self.watched[rows], rows] = self.truth[rows]
        self.watched[rows] += 1
        self.edges[WATCH, rows] = self.watch[self.watched[rows]]

    def _hear(self, rows: Ints, symbols: Ints) -> None:
        """Take messages in; after a machine's answer the person's own is still to come."""
        machine = symbols == AUTO_REPLY
        again = rows[machine & (self.edges[ANSWER, rows] <= self.day[rows])]
        self.edges[ANSWER, again] = self._delayed(again, self.kind[again])
        rows, symbols = rows[~machine], symbols[~machine]
        self.edges[ANSWER, rows] = np.inf
        self.messages[rows, symbols] += 1
        self.asked[rows] = np.where(self.unanswered[rows] > 0, self.kind[rows], -1)
        self.said[rows] = symbols
        self.unanswered[rows] = 0
        self.symbol[rows], self.heard[rows] = symbols, self.day[rows]
        self._set_level(rows, np.ones(len(rows), dtype=np.int64))
        self.work[rows] |= symbols == REQUOTE
        self._forget_date(rows)
        self._name_date(rows[np.isin(symbols, _DELAYS)])
        self.edges[DUE, rows] = _next_morning(self.day[rows])
        for symbol, end in _ENDS.items():
            self.close(rows[symbols == symbol], end)

    def _repeated(self, rows: Ints, symbols: Ints) -> Ints:
        """Let some of the answers only repeat the vague one before, whatever the truth."""
        if not self.world.echoes:
            return symbols
        echo = self.echo(rows)
        same = (echo > 0) & (self.asked[rows] == self.kind[rows])
        chance = np.where(same, self.rates.echo[self.kind[rows], self.said[rows]], 0.0)
        return np.where(self.rng.random(len(rows)) < chance, self.said[rows], symbols)

    def _name_date(self, rows: Ints) -> None:
        ahead = self.rng.exponential(1 / self.model.date_rate, len(rows))
        self.date[rows], self.named[rows] = AHEAD, self.day[rows] + ahead
        self.edges[DATE, rows] = self.named[rows]

    def _delayed(self, rows: Ints, kind: Ints) -> Array:
        """Return the day on which an answer to a touch of now would come."""
        truth, day = self.truth[rows], self.day[rows]
        spread = self.model.spread[kind, truth] * self.rng.standard_normal(len(rows))
        delay = self.model.median[kind, truth] * np.exp(spread)
        if not self.world.weeks:
            return np.asarray(day + delay)
        first = self.weekday[rows]
        return np.asarray(_day_of(_workdays(first + day) + delay) - first)


class _Rates:
    """Rates per day by truth and context, and where they lead."""

    def __init__(self, model: Model) -> None:
        self.leave = -np.diagonal(model.generators, axis1=1, axis2=2)
        self.moves = np.maximum(model.generators, 0.0)
        mail = model.symbols[:, _MAIL]
        self.writes = model.unprompted + model.anything * mail
        self.speak = self.writes.sum(axis=-1)
        self.echo = np.zeros((len(TOUCHES), len(SYMBOLS)))
        for action, symbol in product(ECHOED, VAGUE):
            chance = echo_chance(model, action, symbol)
            self.echo[TOUCHES.index(action), SYMBOLS.index(symbol)] = chance

    def of(self, context: tuple[Ints, Ints, Ints, Ints]) -> tuple[Array, Array]:
        level, date, work, truth = context
        return self.leave[date, truth], self.speak[level, work, truth]


def _pick(rng: np.random.Generator, weights: Array) -> Ints:
    """Draw one column of each row [n,m] with probability in proportion to its weight."""
    heights = weights.cumsum(axis=1)
    drawn = rng.random(len(weights)) * heights[:, -1]
    return np.asarray((drawn[:, None] >= heights).sum(axis=1), dtype=np.int64)


def _next_morning(day: Array) -> Array:
    return np.asarray(np.floor(day) + 1)


def _workdays(day: Array) -> Array:
    """Working days from a Monday's midnight until `day`."""
    return np.asarray(5 * np.floor(day / 7) + np.minimum(day % 7, 5))


def _day_of(workday: Array) -> Array:
    """The inverse of `_workdays`; what falls on a weekend's edge is Monday."""
    return np.asarray(7 * np.floor(workday / 5) + workday % 5)


def decay_integral(rate: float, start: Array, end: Array) -> Array:
    """Return the integral of rate**day from `start` to `end`."""
    if rate == 1:
        return np.asarray(end - start)
    return np.asarray((rate**end - rate**start) / math.log(rate))
