"""What the customer still has in mind of the key points, and what to say again in which form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from nachhaken.engine.memory import Exchange, KeyMessage, Repeat, remembered, worth_repeating
from nachhaken.terms import Form
from nachhaken.timeline import Conveyed, Entry, KeyPointDropped, KeyPointSet, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A key point by its entry: the share in [0, 1] still in mind, and when it came in which form.

    `form` is the one to say it in next, None where it is not worth repeating; `is_new_form` says
    that it never came in that form.
    """

    id: int
    text: str
    importance: float
    in_mind: float
    conveyed: Mapping[Form, tuple[date, ...]]
    form: Form | None
    is_new_form: bool

    @property
    def used(self) -> Mapping[Form, int]:
        """How often it came in each form."""
        return {form: len(days) for form, days in self.conveyed.items()}


def key_points_of(
    timeline: Timeline, *, now: datetime, forms: Sequence[Form] = tuple(Form)
) -> tuple[Remembered, ...]:
    """Return the key points that stand at `now` (aware), what to repeat first, then as they came.

    `forms` are those at hand in the next contact; without any nothing is proposed. Days are those
    of the zone of `now`.
    """
    standing = timeline.standing()
    points = _points(standing)
    if not points:
        return ()
    told = [e for e in standing if isinstance(e.fact, Conveyed) and e.occurred_at <= now]
    exchanges = [_exchange(e, now) for e in told]
    repeats = worth_repeating(_messages(points), exchanges, 0.0, forms=forms) if forms else ()
    proposed = {int(repeat.message.name): repeat for repeat in repeats}
    order = [*proposed, *(pk for pk in points if pk not in proposed)]
    return tuple(
        _remembered(pk, points[pk], told, exchanges, repeat=proposed.get(pk), now=now)
        for pk in order
    )


def _points(standing: Timeline) -> dict[int, KeyPointSet]:
    dropped = {e.fact.key_point_id for e in standing if isinstance(e.fact, KeyPointDropped)}
    return {
        e.id: e.fact for e in standing if isinstance(e.fact, KeyPointSet) and e.id not in dropped
    }


def _messages(points: Mapping[int, KeyPointSet]) -> list[KeyMessage]:
    return [KeyMessage(name=str(pk), importance=p.importance) for pk, p in points.items()]


def _exchange(entry: Entry, now: datetime) -> Exchange:
    """Days count back from now, which is day 0."""
    fact = entry.fact
    assert isinstance(fact, Conveyed)  # noqa: S101 - the caller picked the kind
    return Exchange(
        day=(entry.occurred_at - now).total_seconds() / 86_400,
        messages=frozenset(map(str, fact.key_points)),
        form=fact.form,
        two_way=fact.two_way,
    )


def _remembered(
    pk: int,
    point: KeyPointSet,
    told: Sequence[Entry],
    exchanges: Sequence[Exchange],
    *,
    repeat: Repeat | None,
    now: datetime,
) -> Remembered:
    conveyed: dict[Form, tuple[date, ...]] = {}
    for entry, exchange in zip(told, exchanges, strict=True):
        if str(pk) in exchange.messages:
            on = entry.occurred_at.astimezone(now.tzinfo).date()
            conveyed[exchange.form] = (*conveyed.get(exchange.form, ()), on)
    return Remembered(
        id=pk,
        text=point.text,
        importance=point.importance,
        in_mind=remembered(exchanges, str(pk), 0.0),
        conveyed=MappingProxyType(conveyed),
        form=repeat.form if repeat else None,
        is_new_form=repeat.is_new_form if repeat else False,
    )
