"""What was used of the playbook and what followed: counts by key, shares, an order.

A use is a contact in which the line was said, once it is settled what followed (`followed`); what
was said in the same talk follows it too. A turn is good where it brings clarity: engaged, a named
condition, yes, or an honest no.

Ranks are posterior means shrunk towards the mean of the scene (of the refusal, for answers), which
counts like `LEAST` uses; nothing is ranked before it was used `LEAST` times itself.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from nachhaken.learning.followed import Past, followed
from nachhaken.learning.shares import Share, jeffreys
from nachhaken.terms import Intent
from nachhaken.timeline import Touched

LEAST = 8

GOOD = frozenset({Intent.YES, Intent.NO, Intent.ENGAGED, Intent.STALLED_NAMED})


@dataclass(frozen=True, slots=True)
class Uses:
    """How often a line was said, answered, and a good turn followed."""

    used: int = 0
    answered: int = 0
    good: int = 0

    def __add__(self, other: "Uses") -> "Uses":
        return Uses(self.used + other.used, self.answered + other.answered, self.good + other.good)

    @property
    def share(self) -> Share:
        """The share of good turns, with Jeffreys' interval."""
        return jeffreys(self.good, self.used)


def uses(past: Past) -> dict[str, Uses]:
    """Return the uses of one opportunity by playbook key."""
    counts: dict[str, Uses] = defaultdict(Uses)
    for one in followed(past, past.touches):
        touch = one.touch.fact
        if isinstance(touch, Touched) and one.is_settled:
            turn = Uses(1, one.intent is not None, one.intent in GOOD)
            for key in dict.fromkeys(touch.scripts):
                counts[key] += turn
    return dict(counts)


def ranks(counts: Mapping[str, Uses], own: Mapping[str, str] | None = None) -> dict[str, float]:
    """Return the rank value in [0, 1] of every key that was used at least `LEAST` times.

    `own` names the scenes of own lines; the key of a shipped one begins with its scene.
    """
    of = {key: (own or {}).get(key, key.partition(".")[0]) for key in counts}
    scenes: dict[str, Uses] = defaultdict(Uses)
    for key, one in counts.items():
        scenes[of[key]] += one
    return {
        key: (one.good + LEAST * scenes[of[key]].share.value) / (one.used + LEAST)
        for key, one in counts.items()
        if one.used >= LEAST
    }
