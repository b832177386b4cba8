"""What the n-th follow-up brings, and what the lines of the playbook led to."""

from collections.abc import Iterator, Mapping
from datetime import date

from nachhaken.learning.follow_ups import MOST, Counts
from nachhaken.learning.insight.tally import Tally
from nachhaken.learning.insight.values import FollowUp, Used
from nachhaken.learning.shares import jeffreys, share_of_share

_MEAN = 0.5  # of Jeffreys' prior, which weighs one case


def follow_up_curve(tally: Tally, *, today: date) -> tuple[FollowUp, ...]:
    """Return each follow-up of which cases are settled today, the first one first.

    The share that wins is that of the answered ones times that of the won among those answered
    ones whose matter has ended, so that open matters distort nothing.
    """
    settled = settled_follow_ups(tally, today=today)
    return tuple(_follow_up(n, settled[n]) for n in range(1, MOST + 1) if n in settled)


def settled_follow_ups(tally: Tally, *, today: date) -> dict[int, Counts]:
    """Return the counts by n of the follow-ups that are settled today."""
    return {int(n): one for n, one in _settled(tally, ("nth", "waiting"), today).items()}


def lines_used(tally: Tally, *, today: date) -> tuple[Used, ...]:
    """Return the lines of the playbook by how often they were said, the most frequent first.

    `won` is the share of orders among the settled uses in matters that have ended.
    """
    settled = _settled(tally, ("used", "using"), today)
    order = sorted(settled.items(), key=lambda item: (-item[1].cases, item[0]))
    return tuple(
        Used(
            key=key,
            version=key.partition(".")[2],
            cases=counts.cases,
            answered=jeffreys(counts.answered, counts.cases),
            won=jeffreys(counts.won, counts.ended) if counts.ended else None,
        )
        for key, counts in order
    )


def _follow_up(n: int, counts: Counts) -> FollowUp:
    answered = (counts.answered, counts.cases, _MEAN)
    won = (counts.won, counts.ended, _MEAN)
    return FollowUp(
        nth=n,
        cases=counts.cases,
        answered=jeffreys(counts.answered, counts.cases),
        won=share_of_share(answered, won, weight=1.0) if counts.ended else None,
        annoyed=counts.annoyed,
    )


def _settled(tally: Tally, names: tuple[str, str], today: date) -> Mapping[str, Counts]:
    """Return the counts by key: what is settled, and what has waited for long enough by today."""
    known, waits = names
    found: dict[str, Counts] = {}
    for key, counts in _parts(tally, known):
        found[key] = found.get(key, Counts()) + counts
    for name, count in tally.group(waits):
        day, _, key = name.partition(".")
        if int(day) < today.toordinal():
            found[key] = found.get(key, Counts()) + Counts(cases=count)
    return {key: counts for key, counts in found.items() if counts.cases}


def _parts(tally: Tally, name: str) -> Iterator[tuple[str, Counts]]:
    for rest, amount in tally.group(name):
        key, _, part = rest.rpartition(".")
        yield key, Counts(**{part: amount})
