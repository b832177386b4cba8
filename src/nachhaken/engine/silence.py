"""What time alone makes of one opportunity: the filter between events in plain floats.

The same rules as in `tracks` and `batch`, which explain them.
"""

import math
from collections.abc import Sequence

from nachhaken.engine.kernel import AHEAD, NO_DATE, REACHED
from nachhaken.engine.state import Constants, Four, Nine, State
from nachhaken.engine.tables import EARLY, FLOOR, NO_TOUCH

CERTAIN = (1.0, 1.0, 1.0, 1.0)

_NEVER = -math.inf
_FOREVER = math.inf
_ROOT_HALF = math.sqrt(0.5)
_PEAK = 1 / math.sqrt(2 * math.pi)
_TINY = 1e-300


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
        return CERTAIN
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
