"""What an event makes of one opportunity: the filter at events in plain floats.

The same rules as in `batch`, which explains them, written in the part of Python that `compiled`
can translate: tuples, floats and loops. One event costs microseconds, so a stored `State` is
brought up to date by `silence.wait` and `update` alone.
"""

import math

from nachhaken.engine.columns import FELT_DEAD, HEARD
from nachhaken.engine.kernel import DELAYS, ENDINGS, REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES
from nachhaken.engine.silence import (
    CERTAIN,
    belief,
    date_at,
    density,
    floored,
    logarithm,
    through,
    unanswered,
)
from nachhaken.engine.state import Constants, Event, Four, Numbers, State
from nachhaken.engine.tables import AUTO, ELSE, FELT, NO_TOUCH, SHORTEST, UNASKED
from nachhaken.engine.values import Action

_INVEST = TOUCHES.index(Action.INVEST)
_ENDINGS = tuple(SYMBOLS.index(symbol) for symbol in ENDINGS)
_DELAYS = tuple(SYMBOLS.index(symbol) for symbol in DELAYS)
_NEVER = -math.inf
_TINY = 1e-300


def update(k: Constants, s: State, event: Event) -> State:
    """Return the state after an event at its moment (`wait` for it first)."""
    if event.kind < HEARD:
        return _touched(k, s, event.kind)
    if event.kind > HEARD:
        return _felt(k, s, event.kind)
    rest, main, best = _read(event)
    if rest < best:
        return _answered(k, s, event, (rest, main))
    automatic = event.labels[event.label * 10 + AUTO] > rest / 2
    if automatic and event.away_day > _NEVER and s.touch != NO_TOUCH:
        s = _away(k, s, event)
    return _hinted(k, s, event, (rest, main))


def _touched(k: Constants, s: State, kind: int) -> State:
    genuine, stalled, pretend, gone = belief(k, s)
    lost = k.goodwill_lost[s.level]
    gone += lost * (genuine + stalled)
    genuine, stalled, pretend, gone = floored(
        (genuine * (1 - lost), stalled * (1 - lost), pretend, gone)
    )
    invest = kind == _INVEST
    level = max(s.level, 1) if invest else min(s.level + 1, 3)
    date = _NEVER if date_at(k, s.date, s.day) == REACHED else s.date
    return State(
        (genuine, 0.0, 0.0, 0.0, stalled, 0.0, pretend, 0.0, gone),
        s.day, s.workday, 4 * kind + s.level, s.workday, s.day + k.window[kind],
        level, s.day + k.stay[level], date, 0 if invest else s.work, s.said, s.said_day,
    )  # fmt: skip


def _felt(k: Constants, s: State, kind: int) -> State:
    odds = 1 / k.gut if kind == FELT_DEAD else k.gut
    return _weighed(k, s, (odds, odds, 1.0, 1.0), FELT - FELT_DEAD + kind)


def _read(event: Event) -> tuple[float, int, float]:
    """Return what is left for something else, the likeliest symbol and its probability."""
    known, main, best = 0.0, ELSE, 0.0
    for o in range(10):
        chance = float(event.labels[event.label * 10 + o])
        if o != AUTO:
            known += chance
            if chance > best:
                main, best = o, chance
    return max(1 - known, 0.0), main, best


def _away(k: Constants, s: State, event: Event) -> State:
    busy = max(s.busy_until, event.away_day + k.window[s.touch // 4])
    clock = max(s.clock, event.away_workday)
    return State(
        s.joint, s.day, s.workday, s.touch, clock, busy, s.level, s.drop, s.date,
        s.work, s.said, s.said_day,
    )  # fmt: skip


def _hinted(k: Constants, s: State, event: Event, read: tuple[float, int]) -> State:
    rest, main = read
    genuine = stalled = pretend = lost = rest
    table = (s.work * (UNASKED + 1) + s.touch // 4) * 40
    for o in range(10):
        chance = float(event.labels[event.label * 10 + o])
        if chance > 0 and o != AUTO:
            row = table + 4 * o
            genuine += chance * k.hints[row]
            stalled += chance * k.hints[row + 1]
            pretend += chance * k.hints[row + 2]
            lost += chance * k.hints[row + 3]
    return _weighed(k, s, (genuine, stalled, pretend, lost), 12 * (s.touch // 4) + main)


def _weighed(k: Constants, s: State, likelihood: Four, key: int) -> State:
    """Weigh the truth of now and leave the touch, if any, open."""
    before = belief(k, s)
    a, b, c, d = before
    weights = (a * likelihood[0], b * likelihood[1], c * likelihood[2], d * likelihood[3])
    after = _cautious(k, s, (before, weights), key)
    a, b, c, d = after[0] / a, after[1] / b, after[2] / c, after[3] / d
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = s.joint
    said, said_day = _remembered(s, key)
    return State(
        (aa * a, a_s * b, ad * d, sa * a, ss * b, sd * d, pp * c, pd * d, dd * d),
        s.day, s.workday, s.touch, s.clock, s.busy_until, s.level, s.drop, s.date, s.work,
        said, said_day,
    )  # fmt: skip


def _answered(k: Constants, s: State, event: Event, read: tuple[float, int]) -> State:
    rest, main = read
    silent = unanswered(k, s.touch, s.workday - s.clock)
    left = through(s.joint, silent)
    key = 12 * (s.touch // 4) + main
    replied = _replied(k, s, event, (rest, silent, left))
    genuine, stalled, pretend, lost = _cautious(k, s, (floored(left), replied), key)
    said, said_day = _remembered(s, key)
    date = s.day + k.delay if main in _DELAYS else _NEVER
    if event.window > _NEVER:
        date = max(s.day, event.window)
    return State(
        (genuine, 0.0, 0.0, 0.0, stalled, 0.0, pretend, 0.0, lost),
        s.day, s.workday, NO_TOUCH, 0.0, _NEVER, 1, s.day + k.stay[1], date,
        1 if main == REQUOTE else s.work, said, said_day,
    )  # fmt: skip


def _replied(k: Constants, s: State, event: Event, quiet: tuple[float, Four, Four]) -> Four:
    """Weights [h] after an answer: the reply to the open touch, or of its own accord.

    `quiet` is the share about something else, S, and what silence alone leaves of the truths now.
    """
    rest, silent, left = quiet
    coming = _coming(k, s)
    reply = message = (0.0, 0.0, 0.0, 0.0)
    touch, hush = _times(_row(k.start, 0), coming), _times(_row(k.start, 0), silent)
    for o in range(10):
        chance = float(event.labels[event.label * 10 + o])
        if chance <= 0 or o == AUTO:
            continue
        i = ((s.work * (UNASKED + 1) + s.touch // 4) * 10 + o) * 4
        j = ((s.level * 2 + s.work) * 10 + o) * 4
        says, writes = _row(k.says, i), _row(k.writes, j)
        common = _inner(touch, says) + _inner(hush, writes)
        # A label that the tables exclude for every truth says nothing, like one about other things.
        if common > 0:
            reply = _plus(reply, chance / common, says)
            message = _plus(message, chance / common, writes)
        else:
            rest += chance
    message = _plus(message, rest / (hush[0] + hush[1] + hush[2] + hush[3]), CERTAIN)
    return _sum(_times(through(s.joint, coming), reply), _times(left, message))


def _coming(k: Constants, s: State) -> Four:
    """Return the density [h] per working day with which the reply comes right now."""
    if s.touch == NO_TOUCH:
        return (0.0, 0.0, 0.0, 0.0)
    days = max(s.workday - s.clock, SHORTEST)
    log = logarithm(days)
    t, d = 4 * s.touch, s.touch // 4 * 4
    a, b, c, e = k.sharpness[d], k.sharpness[d + 1], k.sharpness[d + 2], k.sharpness[d + 3]
    return (
        k.will[t] * density((log - k.log_median[d]) * a) * a / days,
        k.will[t + 1] * density((log - k.log_median[d + 1]) * b) * b / days,
        k.will[t + 2] * density((log - k.log_median[d + 2]) * c) * c / days,
        k.will[t + 3] * density((log - k.log_median[d + 3]) * e) * e / days,
    )


def _row(table: Numbers, i: int) -> Four:
    return table[i], table[i + 1], table[i + 2], table[i + 3]


def _times(one: Four, other: Four) -> Four:
    return one[0] * other[0], one[1] * other[1], one[2] * other[2], one[3] * other[3]


def _sum(one: Four, other: Four) -> Four:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _inner(one: Four, other: Four) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2] + one[3] * other[3]


def _plus(sums: Four, factor: float, row: Four) -> Four:
    return (
        sums[0] + factor * row[0],
        sums[1] + factor * row[1],
        sums[2] + factor * row[2],
        sums[3] + factor * row[3],
    )


def _remembered(s: State, key: int) -> tuple[tuple[int, int, int, int], Four]:
    """Keep what was said; a text in which nothing was recognised repeats nothing."""
    if key % 12 == ELSE:
        return s.said, s.said_day
    said, days = s.said, s.said_day
    return (key, said[0], said[1], said[2]), (s.day, days[0], days[1], days[2])


def _cautious(k: Constants, s: State, change: tuple[Four, Four], key: int) -> Four:
    """Return the belief after the change, repeats tempered and the evidence capped."""
    before, weights = change
    if not weights[0] + weights[1] + weights[2] + weights[3] > 0:
        return before
    repeats = 0
    for n in range(4):
        if s.said[n] == key and s.day - s.said_day[n] <= k.repeat_days:
            repeats += 1
    if repeats:
        weights = _tempered(before, weights, k.repeat_factor**repeats)
    after = floored(weights)
    if key < FELT and key % 12 in _ENDINGS:
        return after
    return _capped(k, before, after)


def _tempered(before: Four, weights: Four, exponent: float) -> Four:
    a, b, c, d = (
        weights[0] / before[0],
        weights[1] / before[1],
        weights[2] / before[2],
        weights[3] / before[3],
    )
    top = max(a, b, c, d, _TINY)
    return (
        before[0] * (a / top) ** exponent,
        before[1] * (b / top) ** exponent,
        before[2] * (c / top) ** exponent,
        before[3] * (d / top) ** exponent,
    )


def _capped(k: Constants, before: Four, after: Four) -> Four:
    """Move the odds of "genuine" by at most the cap; the shares within each side stay."""
    old = (before[0] + before[1]) / (before[2] + before[3])
    new = (after[0] + after[1]) / (after[2] + after[3])
    bounded = min(max(new, old / k.cap), old * k.cap)
    if bounded == new:
        return after
    factor = bounded / new
    return floored((after[0] * factor, after[1] * factor, after[2], after[3]))
