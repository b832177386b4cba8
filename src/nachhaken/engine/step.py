"""What time and events make of one opportunity: the filter in plain floats.

The same rules as in `batch`, which explains them, written in the part of Python that `compiled`
can translate: tuples, floats and loops. One event costs microseconds, so a stored `State` is
brought up to date by `wait` and `update` alone.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nachhaken.engine.columns import FELT_DEAD, HEARD
from nachhaken.engine.kernel import AHEAD, DELAYS, ENDINGS, NO_DATE, REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, Model
from nachhaken.engine.tables import (
    AUTO,
    EARLY,
    ELSE,
    FELT,
    FLOOR,
    NO_TOUCH,
    SHORTEST,
    UNASKED,
    tables_of,
)
from nachhaken.engine.values import Action

Numbers = Sequence[float]
Four = tuple[float, float, float, float]
Nine = tuple[float, float, float, float, float, float, float, float, float]

_INVEST = TOUCHES.index(Action.INVEST)
_ENDINGS = tuple(SYMBOLS.index(symbol) for symbol in ENDINGS)
_DELAYS = tuple(SYMBOLS.index(symbol) for symbol in DELAYS)
_NEVER = -math.inf
_FOREVER = math.inf
_ROOT_HALF = math.sqrt(0.5)
_PEAK = 1 / math.sqrt(2 * math.pi)
_TINY = 1e-300
_CERTAIN = (1.0, 1.0, 1.0, 1.0)


class Constants(NamedTuple):
    """`Tables` with one axis each, what is read together last: lists here, arrays when compiled.

    drift [c,12]: rates, then mixes; messages [f,w,h] per day; will [t,h]; log_median, sharpness
    [k,h]; says, hints [w,k,o,h]; writes [f,w,o,h]; the others as in `Tables`.
    """

    drift: Numbers
    messages: Numbers
    will: Numbers
    log_median: Numbers
    sharpness: Numbers
    says: Numbers
    hints: Numbers
    writes: Numbers
    start: Numbers
    goodwill_lost: Numbers
    stay: Numbers
    window: Numbers
    delay: float
    date_reached: float
    repeat_days: float
    repeat_factor: float
    cap: float
    gut: float


class State(NamedTuple):
    """One opportunity; the fields are those of `tracks.Tracks`, what was said newest first."""

    joint: Nine
    day: float
    workday: float
    touch: int
    clock: float
    busy_until: float
    level: int
    drop: float
    date: float
    work: int
    said: tuple[int, int, int, int]
    said_day: Four


class Event(NamedTuple):
    """One row of `Columns`; `labels` are its rows in one, `label` the row that is heard."""

    kind: int
    labels: Numbers
    label: int
    window: float
    away_day: float
    away_workday: float


@lru_cache(maxsize=8)
def constants_of(model: Model) -> Constants:
    """Return the constants of `model` as lists."""
    t = tables_of(model)
    return Constants(
        drift=[
            x
            for c in range(len(t.slowest))
            for x in (*t.rates[:, c].tolist(), *t.mixes[:, c].tolist())
        ],
        messages=model.unprompted.sum(axis=-1).ravel().tolist(),
        will=t.will.T.ravel().tolist(),
        log_median=t.log_median.T.ravel().tolist(),
        sharpness=t.sharpness.T.ravel().tolist(),
        says=t.says.T.ravel().tolist(),
        hints=t.hints.ravel().tolist(),
        writes=t.writes.T.ravel().tolist(),
        start=t.start.tolist(),
        goodwill_lost=model.goodwill_lost.tolist(),
        stay=t.stay.tolist(),
        window=t.window.tolist(),
        delay=t.delay,
        date_reached=t.date_reached,
        repeat_days=t.repeat_days,
        repeat_factor=t.repeat_factor,
        cap=t.cap,
        gut=t.gut,
    )


def opening(start: Sequence[float], day: float, workday: float) -> State:
    """Return the state before anything happened."""
    genuine, stalled, pretend, lost = floored((start[0], start[1], start[2], start[3]))
    return State(
        (genuine, 0.0, 0.0, 0.0, stalled, 0.0, pretend, 0.0, lost),
        day, workday, NO_TOUCH, 0.0, _NEVER, 0, _FOREVER, _NEVER, 0,
        (-1, -1, -1, -1), (_NEVER, _NEVER, _NEVER, _NEVER),
    )  # fmt: skip


def wait(k: Constants, s: State, day: float, workday: float) -> State:
    """Return the state after silence until `day`, `workday`: one piece per context on the way."""
    joint, at, level, drop = s.joint, s.day, s.level, s.drop
    while at < day:
        date = date_at(k, s.date, at)
        stop = min(_edge(k, s.date, drop, at), day)
        joint = _drifted(k, joint, (level * 3 + date) * 2 + s.work, stop - at)
        at = stop
        if at >= drop:
            level -= 1
            drop += k.stay[level]
    return State(
        joint, at, workday, s.touch, s.clock, s.busy_until, level, drop, s.date, s.work,
        s.said, s.said_day,
    )  # fmt: skip


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


def belief(k: Constants, s: State) -> Four:
    """Return the belief [h], silence counted: shares that sum to 1, none of them 0."""
    return floored(through(s.joint, unanswered(k, s.touch, s.workday - s.clock)))


def hushed(k: Constants, s: State, day: float, workday: float) -> Four:
    """Return the belief if the same silence passed and no truth changed: with S, but Q = 0."""
    at, level, drop = s.day, s.level, s.drop
    genuine, stalled, pretend, lost = 0.0, 0.0, 0.0, 0.0
    while at < day:
        stop = min(drop, day)
        row = (level * 2 + s.work) * 4
        genuine += k.messages[row] * (stop - at)
        stalled += k.messages[row + 1] * (stop - at)
        pretend += k.messages[row + 2] * (stop - at)
        lost += k.messages[row + 3] * (stop - at)
        at = stop
        if at >= drop:
            level -= 1
            drop += k.stay[level]
    least = min(genuine, stalled, pretend, lost)
    weights = through(s.joint, unanswered(k, s.touch, workday - s.clock))
    return floored(
        (
            weights[0] * decay(genuine - least),
            weights[1] * decay(stalled - least),
            weights[2] * decay(pretend - least),
            weights[3] * decay(lost - least),
        )
    )


def context(k: Constants, s: State) -> int:
    """Return the planner's context, as `kernel.context_index`."""
    return (s.level * 3 + date_at(k, s.date, s.day)) * 2 + s.work


def decibans(shares: Four) -> float:
    """Return the log-odds of "genuine or stalled" in a belief [h], in decibans."""
    return 10 * math.log10((shares[0] + shares[1]) / (shares[2] + shares[3]))


def date_at(k: Constants, date: float, day: float) -> int:
    """Return 0 for no named date, 1 while it is ahead, 2 once it is reached."""
    if day < date:
        return AHEAD
    return REACHED if day < date + k.date_reached else NO_DATE


def floored(weights: Four) -> Four:
    """Return the weights [h] as shares that sum to 1, none of them 0."""
    scale = 1 / max(weights[0] + weights[1] + weights[2] + weights[3], _TINY)
    genuine, stalled = max(weights[0] * scale, FLOOR), max(weights[1] * scale, FLOOR)
    pretend, lost = max(weights[2] * scale, FLOOR), max(weights[3] * scale, FLOOR)
    scale = 1 / (genuine + stalled + pretend + lost)
    return genuine * scale, stalled * scale, pretend * scale, lost * scale


def through(joint: Nine, weights: Four) -> Four:
    """Return weights of the truth at the touch carried to the truth now."""
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = joint
    genuine, stalled, pretend, lost = weights
    return (
        genuine * aa + stalled * sa,
        genuine * a_s + stalled * ss,
        pretend * pp,
        genuine * ad + stalled * sd + pretend * pd + lost * dd,
    )


def unanswered(k: Constants, touch: int, workdays: float) -> Four:
    """Return S [h]: no reply `workdays` after the touch, by truth at the touch."""
    if touch == NO_TOUCH:
        return _CERTAIN
    log = logarithm(max(workdays, EARLY))
    t, d = 4 * touch, touch // 4 * 4
    return (
        1 - k.will[t] * share_below((log - k.log_median[d]) * k.sharpness[d]),
        1 - k.will[t + 1] * share_below((log - k.log_median[d + 1]) * k.sharpness[d + 1]),
        1 - k.will[t + 2] * share_below((log - k.log_median[d + 2]) * k.sharpness[d + 2]),
        1 - k.will[t + 3] * share_below((log - k.log_median[d + 3]) * k.sharpness[d + 3]),
    )


def share_below(x: float) -> float:
    """Return Phi(x); compiled code reads it from the cells of `normal`."""
    return 0.5 * math.erfc(-x * _ROOT_HALF)


def density(z: float) -> float:
    """Return phi(z)."""
    return _PEAK * decay(0.5 * z * z)


def decay(x: float) -> float:
    """Return exp(-x) for x >= 0; compiled code has its own."""
    return math.exp(-x)


def logarithm(x: float) -> float:
    """Return ln x for x > 0; compiled code has its own."""
    return math.log(x)


def _edge(k: Constants, date: float, drop: float, at: float) -> float:
    """Return the next day after `at` on which the context changes by itself."""
    if at < date:
        return min(drop, date)
    if at < date + k.date_reached:
        return min(drop, date + k.date_reached)
    return drop


def _drifted(k: Constants, joint: Nine, place: int, days: float) -> Nine:
    """Return the joint after `days` in one context; the closed form is in `tables`."""
    c = 12 * place
    slow, fast = decay(k.drift[c] * days), decay(k.drift[c + 1] * days)
    left, lost = decay(k.drift[c + 2] * days), decay(k.drift[c + 3] * days)
    apart, slower, faster = slow - fast, slow - lost, fast - lost
    within = k.drift[c + 4] * apart
    to_s, to_a = k.drift[c + 5] * apart, k.drift[c + 6] * apart
    from_a = max(k.drift[c + 7] * slower + k.drift[c + 8] * faster, 0.0)
    from_s = max(k.drift[c + 9] * slower + k.drift[c + 10] * faster, 0.0)
    from_p = max(k.drift[c + 11] * (left - lost), 0.0)
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = joint
    in_a, in_s = fast + within, slow - within
    return (
        aa * in_a + a_s * to_a,
        aa * to_s + a_s * in_s,
        aa * from_a + a_s * from_s + ad * lost,
        sa * in_a + ss * to_a,
        sa * to_s + ss * in_s,
        sa * from_a + ss * from_s + sd * lost,
        pp * left,
        pp * from_p + pd * lost,
        dd * lost,
    )


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
    reply, message = (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)
    start = k.start
    touch = (start[0] * coming[0], start[1] * coming[1], start[2] * coming[2], start[3] * coming[3])
    hush = (start[0] * silent[0], start[1] * silent[1], start[2] * silent[2], start[3] * silent[3])
    for o in range(10):
        chance = float(event.labels[event.label * 10 + o])
        if chance <= 0 or o == AUTO:
            continue
        i = ((s.work * (UNASKED + 1) + s.touch // 4) * 10 + o) * 4
        j = ((s.level * 2 + s.work) * 10 + o) * 4
        says = (k.says[i], k.says[i + 1], k.says[i + 2], k.says[i + 3])
        writes = (k.writes[j], k.writes[j + 1], k.writes[j + 2], k.writes[j + 3])
        common = _inner(touch, says) + _inner(hush, writes)
        # A label that the tables exclude for every truth says nothing, like one about other things.
        if common > 0:
            reply = _plus(reply, chance / common, says)
            message = _plus(message, chance / common, writes)
        else:
            rest += chance
    message = _plus(message, rest / (hush[0] + hush[1] + hush[2] + hush[3]), _CERTAIN)
    came = through(s.joint, coming)
    return (
        came[0] * reply[0] + left[0] * message[0],
        came[1] * reply[1] + left[1] * message[1],
        came[2] * reply[2] + left[2] * message[2],
        came[3] * reply[3] + left[3] * message[3],
    )


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
