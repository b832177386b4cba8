"""What time and events make of many opportunities at once, in place: the filter in NumPy.

Labels come with probabilities. A label's likelihood is taken relative to how common the label is
at the start (P(text|h) ~ sum_o P(o|text) P(o|h)/P(o)), so the share that is about something else
has likelihood 1 on the same scale. A machine's answer says nothing about the truth; it restarts
the clock of the reply at the day of return. Anybody may also write unprompted: without that small
rate a second message in a row would be impossible for some truths. An observation that no truth
allows leaves the belief as it was.
"""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Floats
from nachhaken.engine.kernel import DELAYS, ENDINGS, REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, Array
from nachhaken.engine.normal import density
from nachhaken.engine.tables import AUTO, NO_TOUCH, SHORTEST, Tables, tables_of
from nachhaken.engine.tracks import (
    Ints,
    Tracks,
    after_silence,
    context_at,
    date_at,
    floored,
    lateness,
    through,
    unanswered,
    will_reply,
)
from nachhaken.engine.values import Action

Rows = NDArray[np.intp]

_INVEST = TOUCHES.index(Action.INVEST)
_OTHERWISE = len(SYMBOLS)
FELT_DEAD, FELT_ALIVE = 72, 73
_UNCAPPED = np.isin(np.arange(74) % 12, [SYMBOLS.index(s) for s in ENDINGS])
_UNCAPPED[72:] = False
_DELAYS = np.isin(np.arange(11), [SYMBOLS.index(s) for s in DELAYS])


def advance(tracks: Tracks, day: Floats, workday: Floats) -> None:
    """Let silence pass until `day`, `workday` [N] (scalars do for all), never backwards."""
    until = np.broadcast_to(np.asarray(day, dtype=np.float64), tracks.day.shape)
    _to_edge(tracks, until)
    late = np.flatnonzero(tracks.day < until)
    while late.size:
        part = tracks.part(late)
        _to_edge(part, until[late])
        tracks.put(late, part)
        late = late[part.day < until[late]]
    tracks.workday[:] = workday


def acted(tracks: Tracks, rows: Rows, touch: Ints) -> None:
    """Touch the customers of `rows` with `touch` [n] (axis of `TOUCHES`), closing the one before.

    It happens at the moment of each track, as all events here: `advance` first.
    """
    part, tables = tracks.part(rows), tables_of(tracks.model)
    level = part.level.astype(np.intp)
    weights = (floored(after_silence(part)).T[:, None, :] @ tables.jump[level])[:, 0]
    _reset(part, floored(weights.T))
    part.touch[:] = 4 * touch + level
    part.clock[:] = part.workday
    part.busy_until[:] = part.day + tables.window[touch]
    work = touch == _INVEST
    part.level[:] = np.where(work, np.maximum(level, 1), np.minimum(level + 1, 3))
    part.drop[:] = part.day + tables.stay[part.level]
    part.date[date_at(part, part.day) == REACHED] = -np.inf
    part.work[work] = 0
    tracks.put(rows, part)


def felt(tracks: Tracks, rows: Rows, dead: NDArray[np.bool_]) -> None:
    """Weigh the seller's gut feeling about `rows`: for or against a dead horse."""
    part, tables = tracks.part(rows), tables_of(tracks.model)
    odds = np.where(dead, 1 / tables.gut, tables.gut)
    likelihood = np.stack([odds, odds, np.ones_like(odds), np.ones_like(odds)])
    _weigh(part, likelihood, np.where(dead, FELT_DEAD, FELT_ALIVE))
    tracks.put(rows, part)


def heard(
    tracks: Tracks,
    rows: Rows,
    labels: Floats,
    *,
    window: Floats | None = None,
    away_day: Floats | None = None,
    away_workday: Floats | None = None,
) -> None:
    """Take the answers of `rows` in: `labels` [n,10] probabilities of the symbols, the rest else.

    `window` [n] is the first day of an agreed time, `away_day` and `away_workday` [n] the return
    that an automatic reply names; NaN for none. What is most likely about something else leaves
    the touch open.
    """
    chances = np.array(labels.T, dtype=np.float64, order="C")
    auto = chances[AUTO].copy()
    chances[AUTO] = 0.0
    rest = np.maximum(1 - chances.sum(axis=0), 0.0)
    best = chances.max(axis=0)
    hint = rest >= best
    main = np.where(best > 0, chances.argmax(axis=0), _OTHERWISE)
    if away_day is not None and away_workday is not None:
        away = np.flatnonzero(hint & (auto > rest / 2) & np.isfinite(away_day))
        _away(tracks, rows[away], away_day[away], away_workday[away])
    _hinted(tracks, rows[hint], (chances[:, hint], rest[hint], main[hint]))
    said = (chances[:, ~hint], rest[~hint], main[~hint])
    _answered(tracks, rows[~hint], said, None if window is None else window[~hint])


_Said = tuple[Array, Array, Ints]


def _to_edge(tracks: Tracks, until: Array) -> None:
    """Drift to the next day on which the context changes by itself, `until` at the latest."""
    tables = tables_of(tracks.model)
    passed = tracks.date + tables.date_reached
    edge = np.where(tracks.day < tracks.date, tracks.date, passed)
    edge = np.minimum(tracks.drop, np.where(tracks.day < edge, edge, np.inf))
    stop = np.maximum(np.minimum(edge, until), tracks.day)
    _drift(tables, tracks.joint, context_at(tracks, tracks.day), stop - tracks.day)
    tracks.day[:] = stop
    fallen = np.flatnonzero(stop >= tracks.drop)
    tracks.level[fallen] -= 1
    tracks.drop[fallen] += tables.stay[tracks.level[fallen]]


def _drift(tables: Tables, joint: Array, context: Ints, days: Array) -> None:
    cells = drift_of(tables, context, days)
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = cells
    for row in (0, 3):
        one, two, out = joint[row].copy(), joint[row + 1].copy(), joint[row + 2]
        joint[row] = one * aa + two * sa
        joint[row + 1] = one * a_s + two * ss
        joint[row + 2] = one * ad + two * sd + out * dd
    joint[7] = joint[6] * pd + joint[7] * dd
    joint[6] *= pp
    joint[8] *= dd


def drift_of(tables: Tables, context: Ints, days: Array) -> list[Array]:
    """Return the cells [9][n] of the drift over `days` [n] in `context` [n], up to a factor."""
    slow, fast, left, lost = np.exp(tables.rates.take(context, axis=1) * -days)
    share, a_s, sa, by_slow_a, by_fast_a, by_slow_s, by_fast_s, by_left = tables.mixes.take(
        context, axis=1
    )
    apart = slow - fast
    slower, faster = slow - lost, fast - lost
    return [
        fast + share * apart,
        a_s * apart,
        np.maximum(by_slow_a * slower + by_fast_a * faster, 0.0),
        sa * apart,
        slow - share * apart,
        np.maximum(by_slow_s * slower + by_fast_s * faster, 0.0),
        left,
        np.maximum(by_left * (left - lost), 0.0),
        lost,
    ]


def _reset(tracks: Tracks, belief: Array) -> None:
    """Let the truth now be the truth at the touch."""
    tracks.joint[:] = 0.0
    tracks.joint[[0, 4, 6, 8]] = belief


def _away(tracks: Tracks, rows: Rows, day: Floats, workday: Floats) -> None:
    open_ = tracks.touch[rows] != NO_TOUCH
    rows, day, workday = rows[open_], day[open_], workday[open_]
    window = tables_of(tracks.model).window[tracks.touch[rows] >> 2]
    tracks.busy_until[rows] = np.maximum(tracks.busy_until[rows], day + window)
    tracks.clock[rows] = np.maximum(tracks.clock[rows], workday)


def _hinted(tracks: Tracks, rows: Rows, said: _Said) -> None:
    """A text that is probably about something else: likelihood by what else it may say."""
    if not rows.size:
        return
    part = tracks.part(rows)
    chances, rest, main = said
    hints = tables_of(tracks.model).hints[part.work, part.touch >> 2]
    likelihood = rest + np.einsum("on,noh->hn", chances, hints)
    _weigh(part, likelihood, 12 * (part.touch >> 2) + main)
    tracks.put(rows, part)


def _weigh(tracks: Tracks, likelihood: Array, key: Ints) -> None:
    """Weigh the truth of now and leave the touch, if any, open."""
    before = floored(after_silence(tracks))
    after = _cautious(tracks, before, before * likelihood, key)
    factor = after / before
    tracks.joint[[0, 3]] *= factor[0]
    tracks.joint[[1, 4]] *= factor[1]
    tracks.joint[6] *= factor[2]
    tracks.joint[[2, 5, 7, 8]] *= factor[3]
    _remember(tracks, key)


def _answered(tracks: Tracks, rows: Rows, said: _Said, window: Floats | None) -> None:
    if not rows.size:
        return
    part, tables = tracks.part(rows), tables_of(tracks.model)
    chances, rest, main = said
    key = 12 * (part.touch >> 2) + main
    before = floored(after_silence(part))
    _reset(part, _cautious(part, before, _replied(part, chances, rest), key))
    _remember(part, key)
    part.date[:] = np.where(_DELAYS[main], part.day + tables.delay, -np.inf)
    if window is not None:
        agreed = np.isfinite(window)
        part.date[agreed] = np.maximum(part.day, window)[agreed]
    part.touch[:], part.clock[:], part.busy_until[:] = NO_TOUCH, 0.0, -np.inf
    part.level[:] = 1
    part.drop[:] = part.day + tables.stay[1]
    part.work[main == REQUOTE] = 1
    tracks.put(rows, part)


def _replied(tracks: Tracks, chances: Array, rest: Array) -> Array:
    """Weights [4,n] after an answer: the reply to the open touch, or of its own accord."""
    tables = tables_of(tracks.model)
    silent, coming = unanswered(tracks), _coming(tables, tracks)
    start = tables.start[:, None]
    at_touch, at_work = start * coming, start * silent
    by_reply, by_message = np.zeros_like(silent), np.zeros_like(silent)
    rest = rest.copy()
    asked = 6 * tracks.work + (tracks.touch >> 2)
    place = 2 * tracks.level + tracks.work
    for o, chance in enumerate(chances):
        rows = np.flatnonzero(chance > 0)
        if not rows.size:
            continue
        says = tables.says[:, :, o].reshape(12, 4).T.take(asked[rows], axis=1)
        writes = tables.writes[:, :, o].reshape(8, 4).T.take(place[rows], axis=1)
        common = (at_touch[:, rows] * says + at_work[:, rows] * writes).sum(axis=0)
        possible = common > 0
        scale = np.divide(chance[rows], common, out=np.zeros_like(common), where=possible)
        # A label that the tables exclude for every truth says nothing, like one about other things.
        rest[rows] += np.where(possible, 0.0, chance[rows])
        by_reply[:, rows] += scale * says
        by_message[:, rows] += scale * writes
    by_message += rest / at_work.sum(axis=0)
    return np.asarray(
        through(tracks.joint, coming) * by_reply + through(tracks.joint, silent) * by_message
    )


def _coming(tables: Tables, tracks: Tracks) -> Array:
    """Return the density [4,n] per working day with which the reply comes right now."""
    days = np.maximum(tracks.workday - tracks.clock, SHORTEST)
    sharpness = tables.sharpness.T.take(tracks.touch >> 2, axis=1)
    arrival = density(lateness(tables, tracks.touch, days)) * sharpness / days
    return np.asarray(will_reply(tables, tracks.touch) * arrival)


def _remember(tracks: Tracks, key: Ints) -> None:
    new = key % 12 != _OTHERWISE
    for rows in (np.flatnonzero(new),):
        tracks.said[1:, rows] = tracks.said[:-1, rows]
        tracks.said_day[1:, rows] = tracks.said_day[:-1, rows]
        tracks.said[0, rows], tracks.said_day[0, rows] = key[rows], tracks.day[rows]


def _cautious(tracks: Tracks, before: Array, weights: Array, key: Ints) -> Array:
    """Return the belief [4,n] after the change, repeats tempered and the evidence capped."""
    tables = tables_of(tracks.model)
    recent = tracks.day - tracks.said_day <= tables.repeat_days
    repeats = ((tracks.said == key) & recent).sum(axis=0)
    again = np.flatnonzero(repeats)
    if again.size:
        ratio = weights[:, again] / before[:, again]
        top = np.maximum(ratio.max(axis=0), 1e-300)
        weights[:, again] = before[:, again] * (ratio / top) ** (
            tables.repeat_factor ** repeats[again]
        )
    after = np.where(weights.sum(axis=0) > 0, floored(weights), before)
    capped = np.flatnonzero(~_UNCAPPED[key])
    after[:, capped] = _capped(tables, before[:, capped], after[:, capped])
    return np.asarray(after)


def _capped(tables: Tables, before: Array, after: Array) -> Array:
    """Move the odds of "genuine" by at most the cap; the shares within each side stay."""
    old = (before[0] + before[1]) / (before[2] + before[3])
    new = (after[0] + after[1]) / (after[2] + after[3])
    bounded = np.clip(new, old / tables.cap, old * tables.cap)
    over = np.flatnonzero(bounded != new)
    if over.size:
        odds = bounded[over] / new[over]
        after[:2, over] *= odds
        after[:, over] = floored(after[:, over])
    return after
