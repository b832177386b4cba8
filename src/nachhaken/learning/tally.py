"""What one past, or many, brought: follow-ups, lines of the playbook, talks, as counts."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from nachhaken.learning.follow_ups import Counts, follow_ups
from nachhaken.learning.followed import Past
from nachhaken.learning.scripts import Uses, uses
from nachhaken.learning.talk_share import Talks, talks


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts that may be added up; `good` are the talks that went on, `other` the others."""

    follow_ups: Mapping[int, Counts] = field(default_factory=dict)
    uses: Mapping[str, Uses] = field(default_factory=dict)
    good: Talks = field(default_factory=Talks)
    other: Talks = field(default_factory=Talks)


def tally(past: Past) -> Tally:
    """Return the counts of one opportunity."""
    good, other = talks(past)
    return Tally(follow_ups=follow_ups(past), uses=uses(past), good=good, other=other)


def sum_of(tallies: Iterable[Tally]) -> Tally:
    """Return the counts of all together."""
    counts: dict[int, Counts] = {}
    used: dict[str, Uses] = {}
    good, other = Talks(), Talks()
    for one in tallies:
        for n, more in one.follow_ups.items():
            counts[n] = counts.get(n, Counts()) + more
        for key, times in one.uses.items():
            used[key] = used.get(key, Uses()) + times
        good, other = good + one.good, other + one.other
    return Tally(follow_ups=counts, uses=used, good=good, other=other)


def to_record(counts: Tally) -> dict[str, Any]:
    """Return a tally as JSON."""
    return {
        "follow_ups": {str(n): astuple(one) for n, one in sorted(counts.follow_ups.items())},
        "uses": {key: astuple(one) for key, one in sorted(counts.uses.items())},
        "talks": [astuple(counts.good), astuple(counts.other)],
    }


def from_record(record: Mapping[str, Any]) -> Tally:
    """Return the tally of `to_record`."""
    good, other = (Talks(*numbers) for numbers in record["talks"])
    return Tally(
        follow_ups={int(n): Counts(*numbers) for n, numbers in record["follow_ups"].items()},
        uses={key: Uses(*numbers) for key, numbers in record["uses"].items()},
        good=good,
        other=other,
    )
