"""What an event says about the hidden truth: touches, answers and gut feelings.

Labels come with probabilities. A label's likelihood is taken relative to how common the label is
at the start (P(text|h) ~ sum_o P(o|text) P(o|h)/P(o)), so the share that is about something else
has likelihood 1 on the same scale. A machine's answer says nothing about the truth; it restarts
the clock of the reply at the day of return. Anybody may also write unprompted: without that small
rate a second message in a row would be impossible for some truths.
"""

import math
from dataclasses import replace

import numpy as np

from nachhaken.engine.flow import arrival
from nachhaken.engine.kernel import DELAYS, ENDINGS, REACHED, goodwill, touched_level
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.track import (
    Key,
    Touch,
    Track,
    belief,
    date_at,
    floored,
    level_at,
    unanswered,
)
from nachhaken.engine.values import Acted, Action, Evidence, Felt, Heard, Symbol

Chances = dict[Symbol, float]

_MAIL = TOUCHES.index(Action.MAIL)
_UNPROMPTED = "unprompted"
_UNCAPPED = frozenset(symbol.value for symbol in ENDINGS)


def update(model: Model, track: Track, event: Evidence) -> Track:
    """Return the track after `event`, which happens at `track.at`."""
    match event:
        case Acted():
            return _acted(model, track, event)
        case Heard():
            return _heard(model, track, event)
        case Felt():
            return _felt(model, track, event)


def genuine_decibans(shares: Array) -> float:
    """Return the log-odds of "genuine or stalled" in a belief [h], in decibans."""
    genuine, stalled, pretend, lost = shares.tolist()
    return 10 * math.log10((genuine + stalled) / (pretend + lost))


def _acted(model: Model, track: Track, event: Acted) -> Track:
    """A touch closes the one before it; waiting and stopping leave no trace with the customer."""
    if event.action not in TOUCHES:
        return track
    day, level = track.at.day, level_at(model, track, track.at.day)
    kind = TOUCHES.index(event.action)
    after = touched_level(event.action, level)
    return replace(
        track,
        joint=np.diag(floored(belief(model, track) @ goodwill(model, level))),
        touch=Touch(kind, float(model.reply_factor[level]), day, track.at.workday),
        level=after,
        drop=day + float(model.stay[after - 1]),
        date=None if date_at(model, track, day) == REACHED else track.date,
        work=track.work and event.action is not Action.INVEST,
    )


def _felt(model: Model, track: Track, event: Felt) -> Track:
    strength = 10 ** (model.gut_decibans / 10)
    odds = 1 / strength if event.dead_horse else strength
    key = ("felt", "dead horse" if event.dead_horse else "alive", track.at.day)
    return _weighed(model, track, np.array([odds, odds, 1.0, 1.0]), key)


def _heard(model: Model, track: Track, event: Heard) -> Track:
    """Take an answer in; what is most likely about something else leaves the touch open."""
    chances: Chances = {
        s: p for s, p in event.symbols.items() if p > 0 and s is not Symbol.AUTO_REPLY
    }
    rest = max(0.0, 1 - sum(chances.values()))
    main = max(SYMBOLS, key=lambda symbol: chances.get(symbol, 0.0))
    asked = TOUCHES[track.touch.kind].value if track.touch else _UNPROMPTED
    key = (asked, main.value, track.at.day)
    if rest >= chances.get(main, 0.0):
        if event.symbols.get(Symbol.AUTO_REPLY, 0.0) > rest / 2:
            track = _away(track, event)
        return _weighed(model, track, _hint(model, track, chances, rest), key)
    before = belief(model, track)
    after = _cautious(model, track, (before, _replied(model, track, chances, rest)), key)
    return _answered(model, track, (event, main, after), key)


def _away(track: Track, event: Heard) -> Track:
    if track.touch is None or event.away_until is None:
        return track
    day, workday = event.away_until
    touch = track.touch._replace(
        day=max(track.touch.day, day), clock=max(track.touch.clock, workday)
    )
    return replace(track, touch=touch)


def _hint(model: Model, track: Track, chances: Chances, rest: float) -> Array:
    """Likelihood [h] of a text that is probably about something else."""
    table = model.symbols[int(track.work), track.touch.kind if track.touch else _MAIL]
    likelihood = np.full(4, rest)
    for symbol, chance in chances.items():
        column = table[:, SYMBOLS.index(symbol)]
        common = float(model.start @ column)
        likelihood = likelihood + (chance * column / common if common > 0 else chance)
    return likelihood


def _weighed(model: Model, track: Track, likelihood: Array, key: Key) -> Track:
    """Weigh the truth of now and leave the touch, if any, open."""
    before = belief(model, track)
    after = _cautious(model, track, (before, before * likelihood), key)
    return replace(track, joint=track.joint * (after / before), said=(*track.said, key))


def _replied(model: Model, track: Track, chances: Chances, rest: float) -> Array:
    """Weights [h] after an answer: the reply to the open touch, or a message of its own accord."""
    silent, coming = unanswered(model, track), _coming(model, track)
    says, writes = _tables(model, track)
    at = [SYMBOLS.index(symbol) for symbol in chances]
    labels = np.array(list(chances.values()))
    by_silence = silent @ track.joint
    said = (coming @ track.joint)[:, None] * says[:, at] + by_silence[:, None] * writes[:, at]
    common = model.start @ (coming[:, None] * says[:, at] + silent[:, None] * writes[:, at])
    # A label that the tables exclude for every truth says nothing, like one about something else.
    rest = rest + float(labels[common <= 0].sum())
    scale = np.divide(labels, common, out=np.zeros_like(labels), where=common > 0)
    return np.asarray(said @ scale + rest * by_silence / float(model.start @ silent))


def _coming(model: Model, track: Track) -> Array:
    """Return the density [h0] per day with which the reply to the open touch comes right now."""
    if track.touch is None:
        return np.zeros(4)
    density = arrival(model, track.touch.kind, track.at.workday - track.touch.clock)
    return np.asarray(model.will[track.touch.kind] * track.touch.factor * density)


def _tables(model: Model, track: Track) -> tuple[Array, Array]:
    """Return what a reply to the open touch says, and what is written unprompted per day [h,o]."""
    work = int(track.work)
    says = model.symbols[work, track.touch.kind if track.touch else _MAIL]
    writes = model.unprompted[level_at(model, track, track.at.day), work]
    return says, writes + model.anything * model.symbols[work, _MAIL]


def _answered(model: Model, track: Track, what: tuple[Heard, Symbol, Array], key: Key) -> Track:
    event, main, after = what
    day = track.at.day
    date = day + 1 / model.date_rate if main in DELAYS else None
    if event.window is not None:
        date = max(day, event.window[0])
    return replace(
        track,
        joint=np.diag(after),
        touch=None,
        level=1,
        drop=day + float(model.stay[0]),
        date=date,
        work=track.work or main is Symbol.REQUOTE,
        said=(*track.said, key),
    )


def _cautious(model: Model, track: Track, change: tuple[Array, Array], key: Key) -> Array:
    """Return the belief after the change, repeats tempered and the evidence capped."""
    before, weights = change
    if not weights.sum() > 0:
        return before
    asked, symbol, day = key
    repeats = sum(k[:2] == (asked, symbol) and day - k[2] <= model.repeat_days for k in track.said)
    if repeats:
        ratio = weights / weights.max() / before
        weights = before * (ratio / ratio.max()) ** (model.repeat_factor**repeats)
    after = floored(weights)
    return after if symbol in _UNCAPPED else _capped(model, before, after)


def _capped(model: Model, before: Array, after: Array) -> Array:
    """Move the odds of "genuine" by at most the cap; the shares within each side stay."""
    old, new = genuine_decibans(before), genuine_decibans(after)
    bounded = min(max(new, old - model.cap_decibans), old + model.cap_decibans)
    if bounded == new:
        return after
    genuine = 1 / (1 + 10 ** (-bounded / 10))
    sides = np.repeat([genuine, 1 - genuine], 2)
    return floored(after * sides / np.repeat([after[:2].sum(), after[2:].sum()], 2))
