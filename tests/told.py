"""Stories at the level of moments and words: as rows of a table, and as cases of the desk's engine.

The way from a story to a case is written anew here, with `Calendar` and plain dates, so that it can
judge the columns of `nachhaken.scale`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from nachhaken.engine import Acted, Action, Case, Evidence, Felt, Heard, Moment, Symbol
from nachhaken.plan.evidence import days_ahead
from nachhaken.workdays import Calendar

types = {
    "outcome": pa.string(),
    "at": pa.timestamp("us", "UTC"),
    "window": pa.date32(),
    "away_until": pa.date32(),
    "probabilities": pa.list_(pa.float64()),
}
"""What Arrow cannot tell from the values of `table`."""

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
_WORDS = ("mail", "call", "ask_what", "clarify", "invest", "heard", "felt_dead", "felt_alive")
_WEIGHTS = (30, 12, 6, 4, 4, 40, 2, 2)
_REGIONS = ("DE", "DE-BY", "AT-9", "CH-ZH")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row of a table of events."""

    at: datetime
    event: str
    symbol: str | None = None
    confidence: float | None = None
    probabilities: list[float] | None = None
    window: date | None = None
    away_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Story:
    """The rows of one opportunity, in any order, and what is known of it."""

    rows: tuple[Told, ...]
    region: str = "DE"
    value: float | None = None
    history: tuple[int, int, int] = (0, 0, 0)
    outcome: str | None = None


def stories(count: int, *, seed: int) -> list[Story]:
    """Return made-up stories: with and without offer, with dates, regions and histories."""
    rng = Random(seed)
    return [_story(rng) for _ in range(count)]


def table(stories: Mapping[int | str, Story], *, seed: int = 0) -> dict[str, list[Any]]:
    """Return the stories as columns of a file of events, its rows in no order."""
    rows = [
        {"opportunity": name, **vars(row), **_facts(story)}
        for name, story in stories.items()
        for row in story.rows
    ]
    Random(seed).shuffle(rows)
    return {name: [row[name] for row in rows] for name in rows[0]}


def write(path: Path, stories: Mapping[int | str, Story], *, seed: int = 0) -> Path:
    """Write the stories as a file of events."""
    columns = table(stories, seed=seed)
    arrays = {name: pa.array(values, types.get(name)) for name, values in columns.items()}
    pq.write_table(pa.table(arrays), path)
    return path


def case(story: Story, now: datetime = NOW) -> Case:
    """Return the case that a desk would judge."""
    offers = [row.at for row in story.rows if row.event == "offer"]
    start = min(offers or [row.at for row in story.rows])
    clock = _Clock(start, Calendar(story.region))
    told = sorted((row for row in story.rows if row.at >= start), key=lambda row: row.at)
    evidence, seen = [], 0
    for ref, row in enumerate(told, start=1):
        seen += row.event == "offer"
        evidence.append(_evidence(row, ref, clock, is_first=seen == 1))
    return Case(
        evidence=tuple(evidence),
        now=clock.at(now),
        ahead=tuple(clock.at(at) for at in days_ahead(now, clock.calendar, ZONE)),
        value=4000.0 if story.value is None else story.value,
        history=story.history[:2],
        last_order=story.history[2],
    )


@dataclass(frozen=True)
class _Clock:
    start: datetime
    calendar: Calendar

    def at(self, moment: datetime) -> Moment:
        days = (moment - self.start).total_seconds() / 86_400
        return Moment(days, self.calendar.between(self.start, moment))

    def morning(self, on: date, opening: time = time(0)) -> datetime:
        return datetime.combine(on, opening, ZONE).astimezone(UTC)


def _evidence(row: Told, ref: int, clock: _Clock, *, is_first: bool) -> Evidence:
    at = clock.at(row.at)
    if row.event == "offer":
        return Acted(at=at, action=Action.MAIL if is_first else Action.INVEST, ref=ref)
    if row.event.startswith("felt"):
        return Felt(at=at, dead_horse=row.event == "felt_dead", ref=ref)
    if row.event != "heard":
        return Acted(at=at, action=Action(row.event), ref=ref)
    back = clock.morning(row.away_until, time(9)) if row.away_until else None
    opens = clock.at(clock.morning(row.window)).day if row.window else 0.0
    return Heard(
        at=at,
        symbols=_labels(row),
        ref=ref,
        window=(opens, opens + 1) if row.window else None,
        away_until=clock.at(back) if back and back > row.at else None,
    )


def _labels(row: Told) -> dict[Symbol, float]:
    if row.probabilities is not None:
        return {s: p for s, p in zip(Symbol, row.probabilities, strict=True) if p > 0}
    return {Symbol(row.symbol or ""): 1.0 if row.confidence is None else row.confidence}


def _facts(story: Story) -> dict[str, Any]:
    offers, orders, last = story.history if story.history[0] else (None, None, None)
    return {
        "region": story.region,
        "value": story.value,
        "offers": offers,
        "orders": orders,
        "last_order": last,
        "outcome": story.outcome,
    }


def _story(rng: Random) -> Story:
    begins = NOW - timedelta(seconds=rng.randint(0, 300 * 86_400))
    length = (NOW - begins).total_seconds()
    rows = [
        _row(rng, begins + timedelta(seconds=rng.randint(0, int(length))))
        for _ in range(rng.randint(0, 9))
    ]
    if not rows or rng.random() < 0.7:
        rows.append(Told(at=begins, event="offer"))
    if rng.random() < 0.2:
        again = begins + timedelta(
            seconds=rng.randint(0, int(length)), microseconds=rng.randint(0, 3)
        )
        rows.append(Told(at=min(again, NOW), event="offer"))
    offers = rng.choice((0, 0, 1, 4))
    orders = rng.randint(0, offers)
    last = rng.choice((0, rng.randint(orders, offers))) if orders else 0
    return Story(
        rows=tuple(rows),
        region=rng.choice(_REGIONS),
        value=rng.choice((None, 0.0, rng.uniform(10, 200_000))),
        history=(offers, orders, last),
    )


def _row(rng: Random, at: datetime) -> Told:
    event = rng.choices(_WORDS, _WEIGHTS)[0]
    if event != "heard":
        return Told(at=at, event=event)
    shares = [rng.random() ** 3 for _ in Symbol]
    scale = rng.uniform(0.5, 1) / sum(shares)
    listed = [share * scale for share in shares] if rng.random() < 0.2 else None
    day = at.date() + timedelta(days=rng.randint(-2, 60))
    return Told(
        at=at,
        event=event,
        symbol=None if listed else rng.choice(list(Symbol)).value,
        confidence=None if listed else rng.choice((None, round(rng.uniform(0.3, 1), 2))),
        probabilities=listed,
        window=day if rng.random() < 0.3 else None,
        away_until=day if rng.random() < 0.2 else None,
    )
