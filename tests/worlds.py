"""Made-up worlds for learning: cases drawn exactly from a model, and models drawn around a prior.

The seller of these worlds follows up without a plan: a week or two after silence, some days after
an answer, by any means, at most eight times within half a year.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.kernel import goodwill
from nachhaken.engine.model import REQUOTE, SYMBOLS, YES, Array, Model
from nachhaken.engine.values import Symbol
from nachhaken.learning.outcomes import LOST, OPEN, WON, Codes

MAIL, INVEST = 0, 4
NO, OPT_OUT, AUTO = (SYMBOLS.index(s) for s in (Symbol.NO, Symbol.OPT_OUT, Symbol.AUTO_REPLY))
DELAYS = (SYMBOLS.index(Symbol.LATER_VAGUE), SYMBOLS.index(Symbol.STALLED_NAMED))
HORIZON, MOST_TOUCHES = 180.0, 8
WORKDAYS = 5 / 7


class World(NamedTuple):
    """Cases with their outcomes [N] and customers [N]."""

    columns: Columns
    outcomes: Codes
    customers: NDArray[np.int64]


def silent_machines(model: Model) -> Model:
    """Return the model without automatic replies, which end no wait and so are no answer."""
    symbols = model.symbols.copy()
    symbols[..., AUTO] = 0
    return replace(model, symbols=symbols / symbols.sum(axis=-1, keepdims=True))


def world(model: Model, cases: int, rng: np.random.Generator, *, start: Array) -> World:
    """Return `cases` drawn from `model`, believed to begin as `start`.

    Every customer has one to three of them.
    """
    tables = _Tables(model)
    life = [_Case(tables, rng).live() for _ in range(cases)]
    customers = np.repeat(np.arange(cases), rng.integers(1, 4, cases))[:cases]
    return World(_columns(life, start), np.array([c.outcome for c in life], np.uint8), customers)


def drawn(model: Model, rng: np.random.Generator) -> Model:
    """Return a model drawn from the prior around `model` with the strengths of the design."""
    symbols = _dirichlet(40 * model.symbols, rng)
    same = (model.symbols[0] == model.symbols[1]).all(axis=-1)
    symbols[1][same] = symbols[0][same]
    rates = model.generators * (1 - np.eye(4))
    factor = rng.gamma(60, 1 / 60, (4, 4))
    rates = rates * factor
    rates[:, range(4), range(4)] = -rates.sum(axis=2)
    return replace(
        model,
        start=_dirichlet(20 * model.start, rng),
        symbols=symbols,
        generators=rates,
        unprompted=model.unprompted * rng.gamma(60, 1 / 60, model.unprompted.shape[2:]),
        will=rng.beta(30 * model.will, 30 * (1 - model.will)),
    )


def _dirichlet(shape: Array, rng: np.random.Generator) -> Array:
    draws = np.where(shape > 0, rng.gamma(np.maximum(shape, 1e-9)), 0)
    return np.asarray(draws / draws.sum(axis=-1, keepdims=True))


class _Tables:
    """What the cases of one model share, as lists for speed."""

    def __init__(self, model: Model) -> None:
        self.model = model
        anyway = model.anything * model.symbols[:, MAIL]
        messages = model.unprompted + anyway[None]
        self.messages = np.cumsum(messages, axis=-1)
        rates = model.generators * (1 - np.eye(4))
        self.moves = np.cumsum(rates, axis=-1)
        self.says = np.cumsum(model.symbols, axis=-1)
        self.jump = np.cumsum([goodwill(model, f) for f in range(4)], axis=-1)
        self.start = np.cumsum(model.start)


class _Case:
    def __init__(self, tables: _Tables, rng: np.random.Generator) -> None:
        self.tables, self.model, self.rng = tables, tables.model, rng
        self.events: list[tuple[float, int, int]] = []
        self.day, self.truth = 0.0, self._pick(tables.start)
        self.level, self.drop, self.date, self.work = 0, np.inf, -np.inf, 0
        self.touch, self.reply_day, self.outcome = -1, np.inf, OPEN

    def live(self) -> "_Case":
        touches, touch_day = 0, 0.0
        while self.outcome == OPEN:
            end = touch_day if touches < MOST_TOUCHES else HORIZON
            if self._until(min(end, HORIZON)):
                touch_day = self.day + self.rng.uniform(2, 12)
            elif self.day >= HORIZON:
                break
            else:
                self._follow_up(INVEST if not touches else int(self.rng.integers(0, 4)))
                touches += 1
                touch_day = self.day + self.rng.uniform(5, 15)
        return self

    def _pick(self, cumulated: Array) -> int:
        return int(np.searchsorted(cumulated, self.rng.random() * cumulated[-1], side="right"))

    def _date(self) -> int:
        if self.day >= self.date + self.model.date_reached:
            return 0
        return 1 if self.day < self.date else 2

    def _follow_up(self, touch: int) -> None:
        model = self.model
        self.truth = self._pick(self.tables.jump[self.level, self.truth])
        will = model.will[touch, self.truth] * model.reply_factor[self.level]
        delay = self.rng.lognormal(
            np.log(model.median[touch, self.truth]), model.spread[touch, self.truth]
        )
        replies = self.rng.random() < will
        self.reply_day = self.day + delay / WORKDAYS if replies else np.inf
        self.level = max(self.level, 1) if touch == INVEST else min(3, self.level + 1)
        self.drop = self.day + model.stay[self.level - 1]
        self.date = -np.inf if self._date() == 2 else self.date
        self.work = 0 if touch == INVEST else self.work
        self.touch = touch
        self.events.append((self.day, touch, 0))

    def _until(self, end: float) -> bool:
        """Live until `end`; True if the customer said something before, which ends this."""
        while self.day < end:
            r, messages = self._date(), self.tables.messages[self.level, self.work, self.truth]
            moves = self.tables.moves[r, self.truth]
            total = messages[-1] + moves[-1]
            edges = [self.drop, self.date, self.date + self.model.date_reached, self.reply_day]
            edge = min([end, *(day for day in edges if day > self.day)])
            at = self.day + self.rng.exponential(1 / total)
            self.day = min(at, edge)
            if at < edge:
                if self.rng.random() * total < moves[-1]:
                    self.truth = self._pick(moves)
                    continue
                return self._say(self._pick(messages))
            if self.day >= self.reply_day:
                return self._say(self._pick(self.tables.says[self.work, self.touch, self.truth]))
            if self.day >= self.drop:
                self.level -= 1
                stay = self.model.stay[self.level - 1] if self.level else np.inf
                self.drop += stay
        return False

    def _say(self, symbol: int) -> bool:
        self.reply_day = np.inf
        self.events.append((self.day, HEARD, symbol))
        self.level, self.drop = 1, self.day + self.model.stay[0]
        self.date = self.day + 1 / self.model.date_rate if symbol in DELAYS else -np.inf
        self.work = max(self.work, int(symbol == REQUOTE))
        if symbol == YES:
            self.outcome = WON
        elif symbol in (NO, OPT_OUT):
            self.outcome = LOST
        return True


def _columns(cases: list[_Case], start: Array) -> Columns:
    events = [event for case in cases for event in case.events]
    day = np.array([e[0] for e in events])
    now = np.array([case.day for case in cases])
    none = np.full(len(events), np.nan)
    return Columns(
        offsets=np.concatenate([[0], np.cumsum([len(case.events) for case in cases])]),
        day=day,
        workday=day * WORKDAYS,
        kind=np.array([e[1] for e in events], np.uint8),
        label=np.array([e[2] for e in events], np.int32),
        labels=np.eye(len(SYMBOLS)),
        window=none,
        away_day=none,
        away_workday=none,
        start=np.tile(start, (len(cases), 1)),
        now_day=now,
        now_workday=now * WORKDAYS,
    )


def subset(world: World, rows: NDArray[np.int64]) -> World:
    """Return some of the cases, in the order given."""
    c = world.columns
    events = np.concatenate([np.arange(c.offsets[i], c.offsets[i + 1]) for i in rows])
    columns = replace(
        c,
        offsets=np.concatenate([[0], np.cumsum(np.diff(c.offsets)[rows])]),
        start=c.start[rows],
        now_day=c.now_day[rows],
        now_workday=c.now_workday[rows],
        **{
            name: getattr(c, name)[events]
            for name in ("day", "workday", "kind", "label", "window", "away_day", "away_workday")
        },
    )
    return World(columns, world.outcomes[rows], world.customers[rows])
