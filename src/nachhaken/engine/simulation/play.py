"""What a conduct brings in a world: opportunities played from the offer to their end."""

import numpy as np

from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import SYMBOLS, TOUCHES, YES, Array
from nachhaken.engine.simulation.course import DUE, STALLED, Courses, decay_integral
from nachhaken.engine.simulation.records import Notes
from nachhaken.engine.simulation.values import (
    Choice,
    Conduct,
    Decisions,
    End,
    Ints,
    Record,
    Results,
    View,
    World,
)
from nachhaken.engine.simulation.watch import Watch
from nachhaken.engine.values import Action, Symbol

__all__ = [
    "Choice",
    "Conduct",
    "ConductError",
    "Decisions",
    "End",
    "Record",
    "Results",
    "View",
    "World",
    "record",
    "simulate",
]

_STOP = ACTIONS.index(Action.STOP)
_MAIL = TOUCHES.index(Action.MAIL)
_OPT_OUT = SYMBOLS.index(Symbol.OPT_OUT)
# The touch that an action is, -1 for waiting and stopping.
_TOUCH = np.array([TOUCHES.index(a) if a in TOUCHES else -1 for a in ACTIONS])


class ConductError(ValueError):
    """A conduct that names no later day and so would be asked for ever."""


def simulate(
    world: World,
    conduct: Conduct,
    *,
    n: int,
    rng: np.random.Generator,
    watch: tuple[float, ...] = (),
) -> Results:
    """Return what came of `n` opportunities, in exact time.

    `watch`: ascending days on which the truth is noted. The same generator state gives the same
    results. ConductError where a conduct asks to be asked again at once.
    """
    play = _Play(world, conduct, Courses(world, n, rng, watch=watch))
    play.through()
    return play.results()


def record(
    world: World,
    conduct: Conduct,
    *,
    n: int,
    rng: np.random.Generator,
    watch: tuple[float, ...] = (),
) -> Record:
    """Return what `simulate` would, with the evidence and every decision.

    The filter reads the evidence rightly where `world.offered`: its cases begin with a touch.
    """
    courses = Courses(world, n, rng, watch=watch)
    notes = Notes(courses)
    play = _Play(world, conduct, courses, notes)
    play.through()
    rows = np.arange(n)
    workdays = [courses.workday(rows, np.full(n, day)) for day in watch]
    return Record(
        results=play.results(),
        evidence=notes.evidence(),
        decisions=notes.decisions(),
        workdays=np.array(workdays).reshape(-1, n),
    )


class _Play:
    """Keeps the books: money, hours, evidence, decisions."""

    def __init__(
        self, world: World, conduct: Conduct, courses: Courses, notes: Notes | None = None
    ) -> None:
        n = len(courses.day)
        self.world, self.conduct, self.courses, self.notes = world, conduct, courses, notes
        self.eur, self.gross, self.hours = np.zeros((3, n))
        self.beliefs = Watch(conduct.model, courses) if conduct.model else None

    def through(self) -> None:
        """Play every opportunity to its end."""
        rows = np.arange(len(self.eur))
        if self.world.offered:
            self.touch(rows, np.full(len(rows), _MAIL))
        rows = rows[self.courses.is_open]
        while rows.size:
            self.ask(rows)
            rows = rows[self.courses.is_open[rows]]
            self.go_on(rows)
            rows = rows[self.courses.is_open[rows]]

    def go_on(self, rows: Ints) -> None:
        """Take `rows` to their next event and book what came of it."""
        courses, money = self.courses, self.world.money
        before = courses.day[rows]
        who, what = courses.advance(rows)
        now, g = courses.day[rows], self.world.model.discount
        self.eur[rows] -= money.hold_eur_per_day * decay_integral(g, before, now)
        self.gross[rows] -= money.hold_eur_per_day * (now - before)
        self._book(who[what == YES], self.world.value)
        self._book(who[what == _OPT_OUT], money.opt_out_eur)
        for watcher in (self.notes, self.beliefs):
            if watcher is not None:
                watcher.heard(who, what)

    def ask(self, rows: Ints) -> None:
        """Ask the conduct about those of `rows` whose day has come, and do what it says."""
        courses = self.courses
        rows = rows[courses.edges[DUE, rows] <= courses.day[rows]]
        if not rows.size:
            return
        view = self._view(rows)
        choice = self.conduct.choose(view)
        if self.notes is not None:
            self.notes.decided(view, choice, self.eur[rows])
        courses.edges[DUE, rows], courses.symbol[rows] = choice.until, -1
        stops = choice.action == _STOP
        if (choice.until[~stops] <= view.day[~stops]).any():
            raise ConductError("a conduct must name a later day")
        self._stop(rows[stops])
        kind = _TOUCH[choice.action]
        touching = rows[kind >= 0]
        self._work(touching, self.world.model.hours[kind[kind >= 0]])
        self.touch(touching, kind[kind >= 0])

    def touch(self, rows: Ints, kind: Ints) -> None:
        """Touch `rows`; the hours are booked by `ask`, since an offer costs none here."""
        objects = self.courses.touch(rows, kind)
        self._book(rows[objects], self.world.money.opt_out_eur)
        for watcher in (self.notes, self.beliefs):
            if watcher is not None:
                watcher.touched(rows, kind)

    def results(self) -> Results:
        courses = self.courses
        return Results(
            eur=self.eur,
            gross=self.gross,
            hours=self.hours,
            day=courses.day,
            end=courses.end,
            seen=courses.seen,
        )

    def _view(self, rows: Ints) -> View:
        c = self.courses
        belief = self.beliefs.belief(rows) if self.beliefs else np.zeros((len(rows), 0))
        model = self.conduct.model
        return View(
            rows=rows,
            day=c.day[rows],
            level=c.level[rows],
            date=c.date[rows],
            work=c.work[rows],
            echo=c.echo(rows, model.repeat_days if model else None),
            named=c.named[rows],
            symbol=c.symbol[rows],
            touched=c.touched[rows],
            heard=c.heard[rows],
            unanswered=c.unanswered[rows],
            messages=c.messages[rows],
            belief=belief,
            truth=c.truth[rows],
        )

    def _stop(self, rows: Ints) -> None:
        money = self.world.money
        genuine = self.courses.truth[rows] <= STALLED
        self._book(rows, np.where(genuine, money.residual * self.world.value, 0.0))
        self._work(rows, np.full(len(rows), money.stop_hours))
        self.courses.close(rows, End.STOPPED)

    def _work(self, rows: Ints, hours: Array) -> None:
        self.hours[rows] += hours
        worth = self.world.model.discount ** self.courses.day[rows]
        self.eur[rows] -= worth * hours * self.world.money.hour_eur

    def _book(self, rows: Ints, eur: float | Array) -> None:
        self.eur[rows] += self.world.model.discount ** self.courses.day[rows] * eur
        self.gross[rows] += eur
