"""Texts of the playbook as lines for this customer, those first that suit best."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, TypeVar

from nachhaken.plan.sheet_values import Line, Part
from nachhaken.playbook.filling import fill, in_voice
from nachhaken.playbook.values import Answer, Said, Script, Voice
from nachhaken.timeline import Timeline, Touched

_Text = TypeVar("_Text", Script, Answer)


class _HasKey(Protocol):
    @property
    def key(self) -> str: ...


_Keyed = TypeVar("_Keyed", bound=_HasKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How texts become lines: the voice, what is known, and what has worked.

    `language` is the user's. `rank` says by key how well own experience speaks for a text, `used`
    holds what this customer has heard before.
    """

    voice: Voice
    language: str
    values: Mapping[str, str]
    rank: Mapping[str, float]
    used: frozenset[str]

    def line(self, key: str, said: Said, angle: Mapping[str, str] | None = None) -> Line | None:
        """Return the line; None where a voice or something to fill in is missing."""
        text = in_voice(said, self.voice)
        if text is None:
            return None
        parts = _fixed(text, self.voice) if "{" not in text else self._filled(text)
        shown = (angle or {}).get(self.language, "")
        return None if parts is None else Line(key, parts, shown)

    def lines(self, texts: Iterable[_Text]) -> tuple[Line, ...]:
        """Return what can be said of `texts`, the best first.

        Nobody hears the same words twice while there are others; then own experience counts, and
        what has none stands in the middle.
        """
        found = [line for t in texts if (line := self.line(t.key, t.say, t.angle))]
        return best_first(found, rank=self.rank, used=self.used)

    def knowing(self, **values: str) -> "Speech":
        """Return the same speech with other values; "" takes one away."""
        return replace(self, values={**self.values, **values})

    def _filled(self, text: str) -> tuple[Part, ...] | None:
        parts = fill(text, self.values, self.voice)
        return None if parts is None else tuple(Part(*part) for part in parts)


def best_first(
    found: Iterable[_Keyed], *, rank: Mapping[str, float], used: Collection[str]
) -> tuple[_Keyed, ...]:
    """Return `found` with what this customer has not had first, then by own experience.

    What no experience ranks stands in the middle.
    """
    listed = list(found)
    known = [rank[one.key] for one in listed if one.key in rank]
    middle = sum(known) / len(known) if known else 0.0

    def place(one: _Keyed) -> tuple[bool, float, bool]:
        return one.key in used, -rank.get(one.key, middle), one.key not in rank

    return tuple(sorted(listed, key=place))


def used_in(timeline: Timeline) -> frozenset[str]:
    """Return the keys of what this customer has been told or written from the playbook."""
    touches = (e.fact for e in timeline.standing() if isinstance(e.fact, Touched))
    return frozenset(key for touch in touches for key in touch.scripts)


def first_of(lines: Sequence[Line]) -> Line:
    """Return the first line, an empty one where there is none."""
    return lines[0] if lines else Line("", ())


@lru_cache(maxsize=4096)
def _fixed(text: str, voice: Voice) -> tuple[Part, ...] | None:
    """Most texts hold nothing to fill in and are the same for every customer."""
    parts = fill(text, {}, voice)
    return None if parts is None else tuple(Part(*part) for part in parts)
