"""What time and events make of many opportunities at once, in place: the filter in NumPy.

Labels come with probabilities. A label's likelihood is taken relative to how common the label is
at the start (P(text|h) ~ sum_o P(o|text) P(o|h)/P(o)), so the share that is about something else
has likelihood 1 on the same scale. A machine's answer says nothing about the truth; it restarts
the clock of the reply at the day of return. Anybody may also write unprompted: without that small
rate a second message in a row would be impossible for some truths. An observation that no truth
allows leaves the belief as it was. An answer within a talk, at the moment of the touch, is not
timed: whether there is one and what it says count, and no truth is faster than another.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nachhaken.engine.columns import FELT_DEAD, HEARD, Floats
from nachhaken.engine.kernel import DELAYS, ENDINGS, REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, Array
from nachhaken.engine.normal import density, share_below
from nachhaken.engine.tables import (
    ELSE,
    FELT,
    NO_TOUCH,
    SHORTEST,
    Tables,
    drift_of,
    tables_of,
)
from nachhaken.engine.texts import Labels, read_labels
from nachhaken.engine.tracks import (
    DIAGONAL,
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
_SYMBOLS = len(SYMBOLS)
_CAPPED = ~np.isin(np.arange(FELT) % 12, [SYMBOLS.index(s) for s in ENDINGS])
_CAPPED = np.append(_CAPPED, [True, True])
_DELAYED = np.isin(np.arange(ELSE + 1), [SYMBOLS.index(s) for s in DELAYS])


class Said(NamedTuple):
    """What is heard: the text, and the times [n] that it names, NaN for none (as in `Columns`)."""

    text: Labels
    window: Floats
    away_day: Floats
    away_workday: Floats

    def take(self, rows: Ints) -> "Said":
        """Return what is heard in `rows`."""
        return Said(
            text=self.text.take(rows),
            window=self.window.take(rows),
            away_day=self.away_day.take(rows),
            away_workday=self.away_workday.take(rows),
        )


def advance(tracks: Tracks, day: ArrayLike, workday: ArrayLike) -> None:
    """Let silence pass until `day`, `workday` ([N] or one for all), never backwards."""
    until = np.broadcast_to(np.asarray(day, dtype=np.float64), tracks.day.shape)
    _to_edge(tracks, until)
    late = np.flatnonzero(tracks.day < until)
    while late.size:
        part = tracks.take(late)
        _to_edge(part, until[late])
        tracks.put(late, part)
        late = late[part.day < until[late]]
    tracks.workday[:] = workday


def acted(tracks: Tracks, rows: Rows, touch: ArrayLike) -> None:
    """Touch the customers of `rows` with `touch` (axis of `TOUCHES`), closing the touch before.

    It happens at the moment of each track, as all events here: `advance` first.
    """
    part = tracks.take(rows)
    happen(part, np.broadcast_to(touch, len(part)), NOTHING)
    tracks.put(rows, part)


def felt(tracks: Tracks, rows: Rows, kind: ArrayLike) -> None:
    """Weigh the seller's gut feeling about `rows`: FELT_DEAD or FELT_ALIVE."""
    part = tracks.take(rows)
    happen(part, np.broadcast_to(kind, len(part)), NOTHING)
    tracks.put(rows, part)


def heard(
    tracks: Tracks,
    rows: Rows,
    labels: Floats,
    *,
    window: Floats | None = None,
    away: tuple[Floats, Floats] | None = None,
) -> None:
    """Take the answers of `rows` in: `labels` [n,10] probabilities of the symbols, the rest else.

    `window` [n] is the first day of an agreed time, `away` the day and working day [n] of the
    return that an automatic reply names; NaN for none. What is most likely about something else
    leaves the touch open.
    """
    part = tracks.take(rows)
    none = np.full(len(part), np.nan)
    times = (none if window is None else window, *(away or (none, none)))
    happen(part, np.full(len(part), HEARD), Said(read_labels(labels), *times))
    tracks.put(rows, part)


def hushed(tracks: Tracks, day: Floats, workday: Floats) -> Array:
    """Return the beliefs [4,N] if the same silence passed and no truth changed: S, but Q = 0."""
    spent = np.zeros((4, len(tracks)))
    at, level, drop = tracks.day.copy(), tracks.level.copy(), tracks.drop.copy()
    messages, stay = tracks.model.unprompted.sum(axis=-1), tables_of(tracks.model).stay
    while True:
        stop = np.minimum(drop, day)
        spent += messages[level, tracks.work].T * np.maximum(stop - at, 0.0)
        at = np.maximum(at, stop)
        fallen = np.flatnonzero((level > 0) & (at >= drop))
        if not fallen.size:
            break
        level[fallen] -= 1
        drop[fallen] += stay[level[fallen]]
    z = lateness(tables_of(tracks.model), tracks.touch, workday - tracks.clock)
    silent = 1 - will_reply(tables_of(tracks.model), tracks.touch) * share_below(z)
    return floored(through(tracks.joint, silent) * np.exp(spent.min(axis=0) - spent))


NOTHING = Said(read_labels(np.zeros((0, _SYMBOLS))), *np.zeros((3, 0)))
"""No text at all."""


def happen(tracks: Tracks, kind: Ints, said: Said) -> None:
    """Let one event of `kind` [N] (codes of `columns`) happen on each track; `said` the heard."""
    heard, hint = np.flatnonzero(kind == HEARD), said.text.hint
    aside = np.concatenate([heard[hint], np.flatnonzero(kind > HEARD)])
    weighed = tracks.take(aside)
    if aside.size:
        _weigh_aside(weighed, kind[aside], said.take(np.flatnonzero(hint)))
    if aside.size < len(tracks):
        touched, answered = np.flatnonzero(kind < HEARD), np.flatnonzero(~hint)
        _close(tracks, (touched, heard[answered]), kind, said.take(answered))
    tracks.put(aside, weighed)


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
    aa, a_s, ad, sa, ss, sd, pp, pd, dd = drift_of(tables, context, days)
    for row in (0, 3):
        one, two, out = joint[row : row + 3]
        out *= dd
        out += one * ad + two * sd
        joint[row], joint[row + 1] = one * aa + two * sa, one * a_s + two * ss
    joint[7] = joint[6] * pd + joint[7] * dd
    joint[6] *= pp
    joint[8] *= dd


def _weigh_aside(tracks: Tracks, kind: Ints, said: Said) -> None:
    """Weigh the truth of now and leave the touch, if any, open: hints first, then feelings."""
    tables = tables_of(tracks.model)
    hints = len(said.window)
    _away(tracks, np.flatnonzero(said.text.machine), said)
    asked = tracks.touch >> 2
    likelihood = np.ones((4, len(tracks)))
    table = tables.hints[tracks.work[:hints], asked[:hints]]
    likelihood[:, :hints] = said.text.rest + np.einsum("no,noh->hn", said.text.chances, table)
    likelihood[:2, hints:] = np.where(kind[hints:] == FELT_DEAD, 1 / tables.gut, tables.gut)
    key = np.append(12 * asked[:hints] + said.text.main, FELT - FELT_DEAD + kind[hints:])
    before = floored(after_silence(tracks))
    factor = _cautious(tracks, before, before * likelihood, key) / before
    tracks.joint[:] *= factor[[0, 1, 3, 0, 1, 3, 2, 3, 3]]
    _remember(tracks, np.arange(len(tracks)), key)


def _away(tracks: Tracks, rows: Rows, said: Said) -> None:
    rows = rows[np.isfinite(said.away_day[rows]) & (tracks.touch[rows] != NO_TOUCH)]
    window = tables_of(tracks.model).window[tracks.touch[rows] >> 2]
    tracks.busy_until[rows] = np.maximum(tracks.busy_until[rows], said.away_day[rows] + window)
    tracks.clock[rows] = np.maximum(tracks.clock[rows], said.away_workday[rows])


def _close(tracks: Tracks, rows: tuple[Rows, Rows], kind: Ints, said: Said) -> None:
    """Let touches and answers end what was open: the truth now becomes the truth at the touch."""
    touched, answered = rows
    silent = unanswered(tracks)
    weights = through(tracks.joint, silent)
    belief = floored(weights)
    if touched.size:
        belief[:, touched] = _less_goodwill(tracks, touched, belief)
        _touch(tracks, touched, kind[touched])
    if answered.size:
        part, before = tracks.take(answered), belief.take(answered, axis=1)
        key = 12 * (part.touch >> 2) + said.text.main
        left = weights.take(answered, axis=1)
        replied = _replied(part, said.text, silent.take(answered, axis=1), left)
        belief[:, answered] = _cautious(part, before, replied, key)
        _remember(tracks, answered, key)
        _answer(tracks, answered, said)
    tracks.joint[:] = 0.0
    tracks.joint[DIAGONAL] = belief


def _less_goodwill(tracks: Tracks, rows: Rows, belief: Array) -> Array:
    """Return the belief [4,n] after a touch: some of A and S are lost by it."""
    lost = tracks.model.goodwill_lost[tracks.level[rows]]
    genuine, stalled, pretend, gone = belief.take(rows, axis=1)
    gone += lost * (genuine + stalled)
    return floored(np.stack([genuine * (1 - lost), stalled * (1 - lost), pretend, gone]))


def _touch(tracks: Tracks, rows: Rows, touch: Ints) -> None:
    tables, day, level = tables_of(tracks.model), tracks.day[rows], tracks.level[rows]
    asked_for = touch == _INVEST
    after = np.where(asked_for, np.maximum(level, 1), np.minimum(level + 1, 3))
    reached = date_at(tracks, tracks.day)[rows] == REACHED
    tracks.touch[rows] = 4 * touch + level
    tracks.clock[rows] = tracks.workday[rows]
    tracks.busy_until[rows] = day + tables.window[touch]
    tracks.level[rows] = after
    tracks.drop[rows] = day + tables.stay[after]
    tracks.date[rows[reached]] = -np.inf
    tracks.work[rows[asked_for]] = 0


def _answer(tracks: Tracks, rows: Rows, said: Said) -> None:
    tables, day = tables_of(tracks.model), tracks.day[rows]
    date = np.where(_DELAYED[said.text.main], day + tables.delay, -np.inf)
    tracks.date[rows] = np.where(np.isfinite(said.window), np.fmax(day, said.window), date)
    tracks.touch[rows] = NO_TOUCH
    tracks.clock[rows] = 0.0
    tracks.busy_until[rows] = -np.inf
    tracks.level[rows] = 1
    tracks.drop[rows] = day + tables.stay[1]
    tracks.work[rows[said.text.main == REQUOTE]] = 1


def _replied(tracks: Tracks, text: Labels, silent: Array, weights: Array) -> Array:
    """Weights [4,n] after an answer: the reply to the open touch, or of its own accord.

    `silent` is S, `weights` what silence alone leaves. A label that the tables exclude for every
    truth says nothing, like one about something else.
    """
    tables, coming = tables_of(tracks.model), _coming(tracks)
    at_touch, at_work = tables.start[:, None] * coming, tables.start[:, None] * silent
    pairs = np.flatnonzero(text.chances)
    rows, chance = pairs // _SYMBOLS, text.chances.ravel().take(pairs)
    symbol = pairs - rows * _SYMBOLS
    says = tables.says.take(
        (6 * tracks.work + (tracks.touch >> 2))[rows] * _SYMBOLS + symbol, axis=1
    )
    place = (2 * tracks.level + tracks.work)[rows] * _SYMBOLS + symbol
    writes = tables.writes.take(place, axis=1)
    common = (at_touch.take(rows, axis=1) * says + at_work.take(rows, axis=1) * writes).sum(axis=0)
    excluded = common <= 0
    chance[excluded], common[excluded] = 0.0, 1.0
    chance /= common
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    by_reply = np.add.reduceat(chance * says, starts, axis=1)
    by_message = np.add.reduceat(chance * writes, starts, axis=1)
    rest = text.rest
    if excluded.any():
        rest = rest + np.bincount(rows[excluded], text.chances.ravel()[pairs[excluded]], len(rest))
    by_message += rest / at_work.sum(axis=0)
    return through(tracks.joint, coming) * by_reply + weights * by_message


def _coming(tracks: Tracks) -> Array:
    """Return the density [4,n] per working day with which the reply comes right now."""
    tables = tables_of(tracks.model)
    days = np.maximum(tracks.workday - tracks.clock, SHORTEST)
    sharpness = tables.sharpness.take(tracks.touch >> 2, axis=1)
    arrival = density(lateness(tables, tracks.touch, days)) * sharpness / days
    arrival[:, _in_talk(tracks)] = 1 / SHORTEST
    return np.asarray(will_reply(tables, tracks.touch) * arrival)


def _in_talk(tracks: Tracks) -> NDArray[np.bool_]:
    """Return [n] whether the answer comes at the very moment from which it is awaited.

    As in `step`: no working day has passed, nor a weekend, or its time would have ended earlier.
    """
    end = tracks.day + tables_of(tracks.model).window[tracks.touch >> 2]
    return np.asarray((tracks.workday <= tracks.clock) & (tracks.busy_until == end))


def _remember(tracks: Tracks, rows: Rows, key: Ints) -> None:
    """Keep what was said; a text in which nothing was recognised repeats nothing."""
    known = np.flatnonzero(key % 12 != ELSE)
    rows, key = rows[known], key[known]
    tracks.said[1:, rows] = tracks.said[:-1, rows]
    tracks.said_day[1:, rows] = tracks.said_day[:-1, rows]
    tracks.said[0, rows] = key
    tracks.said_day[0, rows] = tracks.day[rows]


def _cautious(tracks: Tracks, before: Array, weights: Array, key: Ints) -> Array:
    """Return the belief [4,n] after the change, repeats tempered and the evidence capped."""
    tables = tables_of(tracks.model)
    recent = tracks.day - tracks.said_day <= tables.repeat_days
    repeats = ((tracks.said == key) & recent).sum(axis=0)
    again = np.flatnonzero(repeats)
    if again.size:
        ratio = weights[:, again] / before[:, again]
        ratio /= np.maximum(ratio.max(axis=0), 1e-300)
        weights[:, again] = before[:, again] * ratio**tables.repeat_factor ** repeats[again]
    after = floored(weights)
    unheard = np.flatnonzero(~(weights.sum(axis=0) > 0))
    after[:, unheard] = before[:, unheard]
    return _capped(tables, before, after, _CAPPED[key])


def _capped(tables: Tables, before: Array, after: Array, capped: NDArray[np.bool_]) -> Array:
    """Move the odds of "genuine" by at most the cap; the shares within each side stay."""
    old = (before[0] + before[1]) / (before[2] + before[3])
    new = (after[0] + after[1]) / (after[2] + after[3])
    bounded = np.clip(new, old / tables.cap, old * tables.cap)
    over = np.flatnonzero((bounded != new) & capped)
    after[:2, over] *= bounded[over] / new[over]
    after[:, over] = floored(after[:, over])
    return after
