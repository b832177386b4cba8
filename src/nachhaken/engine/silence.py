"""What time alone makes of one opportunity: the filter between events in plain floats.

The same rules as in `tracks` and `batch`, which explain them.
"""

import math
from collections.abc import Sequence

from nachhaken.engine.kernel import AHEAD, NO_DATE, REACHED
from nachhaken.engine.state import Constants, Four, Fours, Nine, State, Twelve, Twelves
from nachhaken.engine.tables import EARLY, FLOOR, NO_TOUCH

_NEVER = -math.inf
_FOREVER = math.inf
_ROOT_HALF = math.sqrt(0.5)
_TINY = 1e-300
_DECIBANS = 10 / math.log(10)


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
        date, until = _named(k, s.date, at)
        stop = min(drop, until, day)
        joint = _drifted(twelve(k.drift, (level * 3 + date) * 2 + s.work), joint, stop - at)
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
    return floored(after_silence(k, s, s.workday))


def after_silence(k: Constants, s: State, workday: float) -> Four:
    """Return the weights [h] of the truths now, silence until `workday` counted."""
    if s.touch == NO_TOUCH:
        return now(s.joint)
    return through(s.joint, unanswered(k, s.touch, workday - s.clock))


def hushed(k: Constants, s: State, day: float, workday: float) -> Four:
    """Return the belief if the same silence passed and no truth changed: with S, but Q = 0."""
    at, level, drop = s.day, s.level, s.drop
    genuine, stalled, pretend, lost = 0.0, 0.0, 0.0, 0.0
    while at < day:
        stop = min(drop, day)
        rates = four(k.messages, level * 2 + s.work)
        genuine += rates[0] * (stop - at)
        stalled += rates[1] * (stop - at)
        pretend += rates[2] * (stop - at)
        lost += rates[3] * (stop - at)
        at = stop
        if at >= drop:
            level -= 1
            drop += k.stay[level]
    least = min(genuine, stalled, pretend, lost)
    weights = after_silence(k, s, workday)
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
    return _DECIBANS * logarithm((shares[0] + shares[1]) / (shares[2] + shares[3]))


def floored(weights: Four) -> Four:
    """Return the weights [h] as shares that sum to 1, none of them 0."""
    a, b, c, d = weights
    scale = 1 / max(a + b + c + d, _TINY)
    a, b, c, d = a * scale, b * scale, c * scale, d * scale
    if a >= FLOOR and b >= FLOOR and c >= FLOOR and d >= FLOOR:
        return a, b, c, d
    a, b, c, d = max(a, FLOOR), max(b, FLOOR), max(c, FLOOR), max(d, FLOOR)
    scale = 1 / (a + b + c + d)
    return a * scale, b * scale, c * scale, d * scale


def now(joint: Nine) -> Four:
    """Return the weights of the truth now."""
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = joint
    return aa + sa, a_s + ss, pp, ad + sd + pd + dd


def through(joint: Nine, weights: Four) -> Four:
    """Return weights of the truth at the touch carried to the truth now."""
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = joint
    a, b, c, d = weights
    return a * aa + b * sa, a * a_s + b * ss, c * pp, a * ad + b * sd + c * pd + d * dd


def unanswered(k: Constants, touch: int, workdays: float) -> Four:
    """Return S [h]: no reply `workdays` after the touch, by truth at the touch."""
    log = logarithm(max(workdays, EARLY))
    wa, ws, wp, wd, ka, ks, kp, kd, ma, ms, mp, md = twelve(k.delays, touch)
    return (
        1 - wa * share_below(log * ka - ma),
        1 - ws * share_below(log * ks - ms),
        1 - wp * share_below(log * kp - mp),
        1 - wd * share_below(log * kd - md),
    )


def four(table: Fours, i: int) -> Four:
    """Return a row of a table; compiled code reads it from an array."""
    return table[i]


def twelve(table: Twelves, i: int) -> Twelve:
    """Return a row of a table; compiled code reads it from an array."""
    return table[i]


def share_below(x: float) -> float:
    """Return Phi(x); compiled code reads it from the cells of `normal`."""
    return 0.5 * math.erfc(-x * _ROOT_HALF)


def decay(x: float) -> float:
    """Return exp(-x) for x >= 0; compiled code has its own."""
    return math.exp(-x)


def logarithm(x: float) -> float:
    """Return ln x for x > 0; compiled code has its own."""
    return math.log(x)


def _named(k: Constants, date: float, at: float) -> tuple[int, float]:
    """Return what the named date is on day `at`, and until when."""
    if at < date:
        return AHEAD, date
    until = date + k.date_reached
    return (REACHED, until) if at < until else (NO_DATE, _FOREVER)


def _drifted(row: Twelve, joint: Nine, days: float) -> Nine:
    """Return the joint after `days` in the context of `row`; the closed form is in `tables`."""
    r_slow, r_fast, r_left, r_lost, share, mix_s, mix_a, a_slow, a_fast, s_slow, s_fast, p = row
    slow, fast = decay(r_slow * days), decay(r_fast * days)
    left, lost = decay(r_left * days), decay(r_lost * days)
    apart, slower, faster = slow - fast, slow - lost, fast - lost
    within = share * apart
    in_a, in_s = fast + within, slow - within
    to_s, to_a = mix_s * apart, mix_a * apart
    from_a = max(a_slow * slower + a_fast * faster, 0.0)
    from_s = max(s_slow * slower + s_fast * faster, 0.0)
    from_p = max(p * (left - lost), 0.0)
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = joint
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
