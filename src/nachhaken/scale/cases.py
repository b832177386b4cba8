"""From usable rows in any order to the columns that the filter reads, and the facts beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.model import SYMBOLS, TOUCHES, Model
from nachhaken.engine.prior import prior_of
from nachhaken.engine.values import Action, Case, Moment
from nachhaken.engine.worth import WITHOUT_AMOUNT_EUR
from nachhaken.learning.outcomes import OPEN, Codes, outcome_code
from nachhaken.plan.evidence import OFFICE_OPENS
from nachhaken.scale.arrow import Arrow, pa
from nachhaken.scale.clock import (
    DAY,
    HOUR,
    SECOND,
    Clock,
    Elapsed,
    Floats,
    Ints,
    clock_of,
    utc_of_wall,
)
from nachhaken.scale.events import ALL_REGIONS, FAULTS, NO_DATE, OFFER, OUTCOMES
from nachhaken.scale.order import sort

Numbers = NDArray[Any]

AHEAD = 150 * DAY
"""How far the clock reaches beyond now: further than 60 working days take anywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """N opportunities in the order of `ids`, their E events in the order of time.

    `start` [N] is day 0 in microseconds of UTC and `begun` its working days; `region` [N] indexes
    the regions of `clock`; `value` [N] the margin in EUR; `outcome` [N] a code of
    `learning.outcomes`; `symbol` [E] the label heard (-1: none); `faults` as in `events.Rows`.
    """

    ids: Arrow
    columns: Columns
    clock: Clock
    start: Ints
    begun: Elapsed
    region: Ints
    value: Floats
    outcome: Codes
    symbol: Numbers
    faults: Arrow


def cases_of(batches: Sequence[Arrow], *, now: int, model: Model) -> Cases:
    """Return the cases of batches of `events.Rows` that hold whole opportunities.

    The batches are in the order of the file. An opportunity begins with its first offer, without
    one with its first event; what lies before is refused.
    """
    ids, columns = sort(batches)
    columns, faults = _from_day_0(columns)
    offsets = _offsets(columns["code"])
    firsts, of = offsets[:-1], columns["code"]
    start = columns["at"][firsts]
    known = _known(columns, offsets)
    clock, region = _clock(known, columns, now)
    begun = clock.elapsed(start, region)
    day = days(columns["at"] - start[of])
    told = _labels(columns)
    return Cases(
        ids=ids,
        columns=Columns(
            offsets=offsets,
            day=day,
            workday=clock.elapsed(columns["at"], _each(region, of)).since(begun[of]),
            kind=_kinds(columns["kind"], firsts),
            label=told[0],
            labels=told[1],
            start=_priors(known, model),
            now_day=days(now - start),
            now_workday=clock.elapsed(np.full(1, now), region).since(begun),
            **_dates(columns, start[of], clock, (begun[of], _each(region, of))),
        ),
        clock=clock,
        start=start,
        begun=begun,
        region=region,
        value=known["value"],
        outcome=_ENDS[known["outcome"]],
        symbol=columns["symbol"],
        faults=faults,
    )


def _offsets(code: Ints) -> Ints:
    edges = np.flatnonzero(np.diff(code, prepend=-1))
    return np.append(edges, len(code))


def _from_day_0(columns: dict[str, Numbers]) -> tuple[dict[str, Numbers], Arrow]:
    """Drop what lies before the first offer of its opportunity; return it as faults."""
    offers = np.flatnonzero(columns["kind"] == OFFER)
    code, at = columns["code"], columns["at"]
    if not len(offers):
        return columns, FAULTS.empty_table()
    since = np.full(int(code[-1]) + 1, np.iinfo(np.int64).min)
    firsts = offers[_offsets(code[offers])[:-1]]
    since[code[firsts]] = at[firsts]
    kept = at >= since[code]
    rows = np.sort(columns["row"][~kept])
    words = [["at"] * len(rows), ["lies before the first offer"] * len(rows), [None] * len(rows)]
    faults = pa.table([pa.array(rows), *words], schema=FAULTS)
    if not len(rows):
        return columns, faults
    return {name: column[kept] for name, column in columns.items()}, faults


def _kinds(kind: Numbers, firsts: Ints) -> NDArray[np.uint8]:
    """The first offer was asked for and starts the clock; a further one is new own work."""
    offers = np.flatnonzero(kind == OFFER)
    if not len(offers):
        return kind
    which = np.searchsorted(firsts, offers, side="right")
    first = np.diff(which, prepend=0) > 0
    codes = kind.copy()
    codes[offers] = np.where(first, TOUCHES.index(Action.MAIL), TOUCHES.index(Action.INVEST))
    return codes


def _known(columns: Mapping[str, Numbers], offsets: Ints) -> dict[str, Numbers]:
    """Return per opportunity what the newest row says that says anything."""
    size = len(offsets) - 1
    known: dict[str, Numbers] = {
        "region": np.full(size, ALL_REGIONS.index("DE")),
        "outcome": np.full(size, -1),
        "value": np.full(size, WITHOUT_AMOUNT_EUR),
        "offers": np.zeros(size, dtype=np.int64),
        "orders": np.zeros(size, dtype=np.int64),
        "last_order": np.zeros(size, dtype=np.int64),
    }
    for name, column in known.items():
        if name in columns:
            stated = columns[_STATED_BY.get(name, name)]
            says = ~np.isnan(stated) if name == "value" else stated >= 0
            newest = np.maximum.reduceat(np.where(says, np.arange(len(says)), -1), offsets[:-1])
            column[newest >= 0] = columns[name][newest[newest >= 0]]
    return known


_ENDS = np.array([*map(outcome_code, OUTCOMES), OPEN], dtype=np.uint8)
_STATED_BY = {"orders": "offers", "last_order": "offers"}


def _clock(
    known: Mapping[str, Numbers], columns: Mapping[str, Numbers], now: int
) -> tuple[Clock, Ints]:
    codes, region = np.unique(known["region"], return_inverse=True)
    latest = now + AHEAD
    if "away_until" in columns:
        latest = max(latest, (int(columns["away_until"].max()) + 2) * DAY)
    regions = tuple(ALL_REGIONS[code] for code in codes)
    return clock_of(regions, int(columns["at"].min()) - DAY, latest), region


def _each(region: Ints, of: Ints) -> Ints:
    """Return the region of each event; one for all where there is only one."""
    return region[of] if region.any() else region[:1]


def days(span: Ints) -> Floats:
    """Return microseconds as days."""
    return np.asarray(span / SECOND / 86_400)


def _labels(columns: Mapping[str, Numbers]) -> tuple[NDArray[np.int32], Floats]:
    """Return the row of each event in the table of labels, and the table."""
    symbol = np.maximum(columns["symbol"], 0).astype(np.int32)
    if "confidence" not in columns and "p" not in columns:
        return symbol, np.eye(len(SYMBOLS))
    heard = np.flatnonzero(columns["kind"] == HEARD)
    sure = columns["confidence"][heard] if "confidence" in columns else np.ones(len(heard))
    if "p" in columns:
        return _each_its_own(columns, heard, sure)
    levels = np.unique(sure)
    if len(levels) > _LEVELS:
        return _each_its_own(columns, heard, sure)
    symbol *= len(levels)
    symbol[heard] += np.searchsorted(levels, sure).astype(np.int32)
    return symbol, np.kron(np.eye(len(SYMBOLS)), levels[:, None])


def _each_its_own(
    columns: Mapping[str, Numbers], heard: Ints, sure: Floats
) -> tuple[NDArray[np.int32], Floats]:
    labels = columns["p"][heard] if "p" in columns else np.zeros((len(heard), len(SYMBOLS)))
    symbol = columns["symbol"][heard]
    named = np.flatnonzero(symbol >= 0)
    labels[named, symbol[named]] = sure[named]
    rows = np.zeros(len(columns["symbol"]), dtype=np.int32)
    rows[heard] = np.arange(len(heard))
    return rows, labels if len(labels) else np.eye(len(SYMBOLS))


_LEVELS = 1_000
"""Up to so many different probabilities each label has one row for each."""


def _dates(
    columns: Mapping[str, Numbers], start: Ints, clock: Clock, begun: tuple[Elapsed, Ints]
) -> dict[str, Floats]:
    """Return the first day of the agreed time, and the return that an automatic reply names."""
    size = len(start)
    dates = {name: np.full(size, np.nan) for name in ("window", "away_day", "away_workday")}
    if "window" in columns:
        given = np.flatnonzero(columns["window"] != NO_DATE)
        opening = utc_of_wall(columns["window"][given].astype(np.int64) * DAY)
        dates["window"][given] = days(opening - start[given])
    if "away_until" in columns:
        given = np.flatnonzero(columns["away_until"] != NO_DATE)
        back = utc_of_wall(columns["away_until"][given].astype(np.int64) * DAY + _OPENING)
        given, back = given[back > columns["at"][given]], back[back > columns["at"][given]]
        since, region = begun
        dates["away_day"][given] = days(back - start[given])
        worked = clock.elapsed(back, region if len(region) == 1 else region[given])
        dates["away_workday"][given] = worked.since(since[given])
    return dates


_OPENING = (
    timedelta(hours=OFFICE_OPENS.hour, minutes=OFFICE_OPENS.minute) // timedelta(hours=1) * HOUR
)


def _priors(known: Mapping[str, Numbers], model: Model) -> Floats:
    """Return the belief at day 0 [N,4]; each history is looked up once."""
    histories = np.stack([known["offers"], known["orders"], known["last_order"]], axis=1)
    if not histories.any():
        return np.tile(model.start, (len(histories), 1))
    found, which = np.unique(histories, axis=0, return_inverse=True)
    return np.stack([_prior(*row, model=model) for row in found.tolist()])[which]


def _prior(offers: int, orders: int, last_order: int, *, model: Model) -> Floats:
    zero = Moment(0.0, 0.0)
    case = Case(
        evidence=(), now=zero, ahead=(), value=0.0, history=(offers, orders), last_order=last_order
    )
    return prior_of(case, model)
