"""What the n-th follow-up brings by the engine's parameters: its own simulation, counted.

The world is the shipped model: an offer on day 0, then a contact every 14 days, whatever is said,
until yes, no, an objection or a year. Counted as `follow_ups` counts the own history; friction that
is no objection has no parameter, so annoyed are those who object.
"""

from itertools import pairwise

import numpy as np

from nachhaken.engine import Model
from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.model import SYMBOLS
from nachhaken.engine.simulation.conducts import every
from nachhaken.engine.simulation.play import End, World, record
from nachhaken.engine.values import Symbol
from nachhaken.learning.follow_ups import MOST, Stated
from nachhaken.learning.followed import IN_TIME

_DAYS = float(IN_TIME.days)
_AUTO, _OPT_OUT = (SYMBOLS.index(s) for s in (Symbol.AUTO_REPLY, Symbol.OPT_OUT))


def simulated(model: Model, *, n: int, rng: np.random.Generator) -> tuple[Stated, ...]:
    """Return the shares of the 1st to the `MOST`-th follow-up after `n` offers."""
    world = World(model=model, weeks=True, offered=True)
    results, evidence, _, _ = record(world, every(_DAYS), n=n, rng=rng)
    counts = np.zeros((MOST, 4))  # made, answered, won, annoyed
    for row, (first, last) in enumerate(pairwise(evidence.offsets.tolist())):
        _count(counts, evidence, range(first, last), End(int(results.end[row])))
    made, answered, won, annoyed = counts.T
    shares = zip(answered / made, won / answered, annoyed / made, strict=True)
    return tuple(Stated(*map(float, one)) for one in shares)


def _count(counts: np.ndarray, evidence: Columns, events: range, end: End) -> None:
    """Add the follow-ups of one offer, up to the first answer of a person."""
    said = [(int(evidence.kind[e]), int(evidence.label[e]), float(evidence.day[e])) for e in events]
    human = [one for one in said if one[:2] != (HEARD, _AUTO)]
    after = human[1:]  # the first is the offer
    for n, (kind, _, day) in enumerate(after[:MOST]):
        if kind == HEARD:
            return
        answer = after[n + 1] if n + 1 < len(after) and after[n + 1][0] == HEARD else None
        counts[n, 0] += 1
        counts[n, 1] += answer is not None and answer[2] - day <= _DAYS
        counts[n, 2] += answer is not None and answer[2] - day <= _DAYS and end is End.YES
        is_last = n + 1 == len(after)
        objects = answer[1] == _OPT_OUT if answer else is_last and end is End.OPT_OUT
        counts[n, 3] += objects
