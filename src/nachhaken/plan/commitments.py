"""Commitments folded from events: what either side still owes, until when, what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from nachhaken.plan.evidence import Answer
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Entry, Promised, PromiseMoved, PromiseSettled, Timeline, Touched

# Who was not reached so often about a point that is due is not rung up about it any more.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A checkable promise, or a condition that the customer named in a reply.

    `id` is its entry; `kept` is None while it is open. `asked` says that the customer has been
    asked about it since it was due.
    """

    id: int
    what: str
    by_us: bool
    due: date | None
    kept: bool | None
    is_condition: bool = False
    asked: bool = False


def points_of(timeline: Timeline, answers: Iterable[Answer]) -> tuple[OpenPoint, ...]:
    """Return promises and named conditions in order of time; `timeline` holds what stands.

    A delivery keeps the promise of ours that is due first; a condition is settled by the next
    reply, or by a call that checked it.
    """
    spoken = [a for a in answers if a.intent is not Intent.AUTO_REPLY]
    promised = [e for e in timeline if isinstance(e.fact, Promised)]
    if not promised and not any(a.condition for a in spoken):
        return ()
    book = _Book(timeline)
    points = [book.promise(e) for e in promised]
    points += [book.condition(a, is_last=a is spoken[-1]) for a in spoken if a.condition]
    return book.delivered(sorted(points, key=lambda point: point.id))


def first_owed(points: Iterable[OpenPoint]) -> OpenPoint | None:
    """Return our open promise that is due first; one without a day comes after those with one."""
    return _first(p for p in points if p.by_us)


def first_awaited(points: Iterable[OpenPoint]) -> OpenPoint | None:
    """Return the customer's open point that is due first and has not been asked about since."""
    return _first(p for p in points if not (p.by_us or p.asked))


def _first(points: Iterable[OpenPoint]) -> OpenPoint | None:
    return min((p for p in points if p.kept is None), key=_order, default=None)


def _order(point: OpenPoint) -> tuple[date, int]:
    return point.due or date.max, point.id


class _Book:
    """What was noted about promises and conditions after they were made."""

    def __init__(self, timeline: Timeline) -> None:
        self.settled: dict[int, Entry] = {}
        self.moved: dict[int, Entry] = {}
        self.touches: list[tuple[Entry, Touched]] = []
        for entry in timeline:
            match entry.fact:
                case PromiseSettled(promise_id=promise):
                    self.settled[promise] = entry
                case PromiseMoved(promise_id=promise):
                    self.moved[promise] = entry
                case Touched() as touch:
                    self.touches.append((entry, touch))
                case _:
                    pass

    def promise(self, entry: Entry) -> OpenPoint:
        fact = entry.fact
        assert isinstance(fact, Promised)  # noqa: S101 - the caller picked the kind
        due = self._due(entry.id, fact.due)
        asked = not fact.by_us and self._is_asked(due)
        return OpenPoint(entry.id, fact.what, fact.by_us, due, self._kept(entry.id), asked=asked)

    def condition(self, answer: Answer, *, is_last: bool) -> OpenPoint:
        entry = answer.entry
        due = self._due(entry.id, answer.window.start if answer.window else None)
        kept = self._kept(entry.id)
        if kept is None and (not is_last or self._is_checked(entry)):
            kept = True
        what, asked = answer.condition or "", self._is_asked(due)
        return OpenPoint(entry.id, what, False, due, kept, is_condition=True, asked=asked)

    def delivered(self, points: list[OpenPoint]) -> tuple[OpenPoint, ...]:
        owed = sorted((p for p in points if p.by_us), key=_order)
        done: set[int] = set()
        for entry, touch in self.touches:
            if owed and touch.step is StepKind.DELIVER and touch.reached is not False:
                open_ = (p.id for p in owed if p.id not in done and self._is_owed(p, entry))
                done |= set(islice(open_, 1))
        return tuple(replace(p, kept=True) if _is_in(p, done) else p for p in points)

    def _is_owed(self, point: OpenPoint, delivery: Entry) -> bool:
        """Who notes the delivery and the kept promise in one go means one point, not two."""
        settled, moved = self.settled.get(point.id), self.moved.get(point.id)
        is_open = settled is None or settled.recorded_at >= delivery.recorded_at
        is_moved = moved is not None and moved.recorded_at > delivery.recorded_at
        return point.id < delivery.id and is_open and not is_moved

    def _kept(self, point: int) -> bool | None:
        entry = self.settled.get(point)
        return entry.fact.kept if entry and isinstance(entry.fact, PromiseSettled) else None

    def _due(self, point: int, due: date | None) -> date | None:
        entry = self.moved.get(point)
        return entry.fact.due if entry and isinstance(entry.fact, PromiseMoved) else due

    def _is_asked(self, due: date | None) -> bool:
        """Every call that reaches somebody asks about what is due; a mail only on purpose."""
        if due is None:
            return False
        since = [t for e, t in self.touches if e.occurred_at.date() >= due]
        checks = [t for t in since if t.step is StepKind.CHECK_CONDITION]
        talked = any(t.reached for t in since if t.channel is Channel.CALL)
        return talked or any(t.reached is not False for t in checks) or len(checks) >= MOST_TRIES

    def _is_checked(self, since: Entry) -> bool:
        return any(
            t.step is StepKind.CHECK_CONDITION and t.reached
            for e, t in self.touches
            if e.occurred_at > since.occurred_at
        )


def _is_in(point: OpenPoint, done: set[int]) -> bool:
    return point.kept is None and point.id in done
