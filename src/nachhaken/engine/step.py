"""What an event makes of one opportunity: the filter at events in plain floats.

The same rules as in `batch`, which explains them, written in the part of Python that `compiled`
can translate: tuples, floats and loops. One event costs microseconds, so a stored `State` is
brought up to date by `silence.wait` and `update` alone.
"""

import math

from nachhaken.engine.columns import FELT_DEAD, HEARD
from nachhaken.engine.kernel import DELAYS, ENDINGS
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES
from nachhaken.engine.silence import (
    after_silence,
    belief,
    decay,
    floored,
    four,
    logarithm,
    now,
    through,
    twelve,
    unanswered,
)
from nachhaken.engine.state import Constants, Event, Four, Fours, State
from nachhaken.engine.tables import ELSE, FELT, NO_TOUCH, SHORTEST, UNASKED
from nachhaken.engine.values import Action

_INVEST = TOUCHES.index(Action.INVEST)
_ENDINGS = tuple(SYMBOLS.index(symbol) for symbol in ENDINGS)
_DELAYS = tuple(SYMBOLS.index(symbol) for symbol in DELAYS)
_NEVER = -math.inf
_TINY = 1e-300
_NOTHING = (0.0, 0.0, 0.0, 0.0)
_PEAK = 1 / math.sqrt(2 * math.pi)


def update(k: Constants, s: State, event: Event) -> State:
    """Return the state after an event at its moment (`wait` for it first)."""
    if event.kind < HEARD:
        return _touched(k, s, event.kind)
    if event.kind > HEARD:
        return _felt(k, s, event.kind)
    if not event.texts.hint[event.label]:
        return _answered(k, s, event)
    if event.texts.machine[event.label] and event.away_day > _NEVER and s.touch != NO_TOUCH:
        s = _away(k, s, event)
    return _hinted(k, s, event)


def _touched(k: Constants, s: State, kind: int) -> State:
    genuine, stalled, pretend, gone = after_silence(k, s, s.workday)
    lost = k.goodwill_lost[s.level]
    gone += lost * (genuine + stalled)
    genuine, stalled, pretend, gone = floored(
        (genuine * (1 - lost), stalled * (1 - lost), pretend, gone)
    )
    invest = kind == _INVEST
    level = max(s.level, 1) if invest else min(s.level + 1, 3)
    reached = s.date <= s.day < s.date + k.date_reached
    return State(
        (genuine, 0.0, 0.0, 0.0, stalled, 0.0, pretend, 0.0, gone),
        s.day, s.workday, 4 * kind + s.level, s.workday, s.day + k.window[kind],
        level, s.day + k.stay[level], _NEVER if reached else s.date, 0 if invest else s.work,
        s.said, s.said_day,
    )  # fmt: skip


def _felt(k: Constants, s: State, kind: int) -> State:
    odds = 1 / k.gut if kind == FELT_DEAD else k.gut
    return _weighed(k, s, (odds, odds, 1.0, 1.0), FELT - FELT_DEAD + kind)


def _away(k: Constants, s: State, event: Event) -> State:
    busy = max(s.busy_until, event.away_day + k.window[s.touch // 4])
    clock = max(s.clock, event.away_workday)
    return State(
        s.joint, s.day, s.workday, s.touch, clock, busy, s.level, s.drop, s.date,
        s.work, s.said, s.said_day,
    )  # fmt: skip


def _hinted(k: Constants, s: State, event: Event) -> State:
    asked = s.touch // 4
    likelihood = _relative(k.hints, (s.work * (UNASKED + 1) + asked) * 10, event)
    return _weighed(k, s, likelihood, 12 * asked + event.texts.main[event.label])


def _relative(table: Fours, place: int, event: Event) -> Four:
    """Return the likelihood [h] of a text by rows that are relative to the start."""
    texts, label = event.texts, event.label
    rest = float(texts.rest[label])
    sums = (rest, rest, rest, rest)
    for n in range(texts.first[label], texts.first[label + 1]):
        sums = _plus(sums, texts.chance[n], four(table, place + texts.symbol[n]))
    return sums


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


def _answered(k: Constants, s: State, event: Event) -> State:
    if s.touch == NO_TOUCH:
        left = now(s.joint)
        replied = _times(left, _relative(k.news, (s.level * 2 + s.work) * 10, event))
    else:
        silent = unanswered(k, s.touch, s.workday - s.clock)
        left = through(s.joint, silent)
        replied = _replied(k, s, event, (silent, left))
    main = int(event.texts.main[event.label])
    key = 12 * (s.touch // 4) + main
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


def _replied(k: Constants, s: State, event: Event, quiet: tuple[Four, Four]) -> Four:
    """Weights [h] after an answer: the reply to the open touch, or of its own accord.

    `quiet` is S and what silence alone leaves of the truths now.
    """
    texts, label, (silent, left) = event.texts, event.label, quiet
    coming = _coming(k, s)
    came = through(s.joint, coming)
    asked = (s.work * (UNASKED + 1) + s.touch // 4) * 10
    wrote = (s.level * 2 + s.work) * 10
    first, last, rest = texts.first[label], texts.first[label + 1], float(texts.rest[label])
    if last == first + 1 and rest == 0:  # one sure label: how common it is cancels
        o = texts.symbol[first]
        return _either(came, four(k.says, asked + o), left, four(k.writes, wrote + o))
    start = four(k.start, 0)
    touch, hush, sums = _times(start, coming), _times(start, silent), _NOTHING
    for n in range(first, last):
        chance, o = texts.chance[n], texts.symbol[n]
        says, writes = four(k.says, asked + o), four(k.writes, wrote + o)
        a, b, c, d = _either(touch, says, hush, writes)
        common = a + b + c + d
        # A label that the tables exclude for every truth says nothing, like one about other things.
        if common > 0:
            sums = _plus(sums, chance / common, _either(came, says, left, writes))
        else:
            rest += chance
    return _plus(sums, rest / (hush[0] + hush[1] + hush[2] + hush[3]), left)


def _coming(k: Constants, s: State) -> Four:
    """Return the density [h] per working day with which the reply comes right now."""
    wa, ws, wp, wd, ka, ks, kp, kd, ma, ms, mp, md = twelve(k.delays, s.touch)
    if _is_talk(k, s):
        return wa / SHORTEST, ws / SHORTEST, wp / SHORTEST, wd / SHORTEST
    days = max(s.workday - s.clock, SHORTEST)
    log, height = logarithm(days), _PEAK / days
    a, b, c, d = log * ka - ma, log * ks - ms, log * kp - mp, log * kd - md
    return (
        wa * ka * height * decay(0.5 * a * a),
        ws * ks * height * decay(0.5 * b * b),
        wp * kp * height * decay(0.5 * c * c),
        wd * kd * height * decay(0.5 * d * d),
    )


def _is_talk(k: Constants, s: State) -> bool:
    """Whether the answer comes at the very moment from which it is awaited: how fast says nothing.

    No working day has passed, but none passes over a weekend either. The moment of the touch is not
    kept; its time ends a window later, so nothing has passed if it would end the same had the touch
    been now. (After an automatic reply: at the hour of return, which nobody wrote.)
    """
    return s.workday <= s.clock and s.busy_until == s.day + k.window[s.touch // 4]


def _times(one: Four, other: Four) -> Four:
    return one[0] * other[0], one[1] * other[1], one[2] * other[2], one[3] * other[3]


def _either(came: Four, says: Four, left: Four, writes: Four) -> Four:
    """Return the weights of a symbol said in reply, or written with no regard to the touch."""
    return (
        came[0] * says[0] + left[0] * writes[0],
        came[1] * says[1] + left[1] * writes[1],
        came[2] * says[2] + left[2] * writes[2],
        came[3] * says[3] + left[3] * writes[3],
    )


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
    repeats = _repeats(k, s, key)
    if repeats:
        weights = _tempered(before, weights, k.repeat_factor**repeats)
    after = floored(weights)
    if key < FELT and key % 12 in _ENDINGS:
        return after
    return _capped(k, before, after)


def _repeats(k: Constants, s: State, key: int) -> int:
    """Return how often this was said of late."""
    (a, b, c, d), days, since = s.said, s.said_day, s.day
    return (
        (a == key and since - days[0] <= k.repeat_days)
        + (b == key and since - days[1] <= k.repeat_days)
        + (c == key and since - days[2] <= k.repeat_days)
        + (d == key and since - days[3] <= k.repeat_days)
    )


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
