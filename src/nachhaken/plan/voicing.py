"""Texts of the playbook as lines for this customer, those first that suit best."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from nachhaken.plan.sheet_values import Line, Part
from nachhaken.playbook.filling import fill, in_voice
from nachhaken.playbook.values import Answer, Said, Script, Voice

_Text = TypeVar("_Text", Script, Answer)


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
        known = [self.rank[line.key] for line in found if line.key in self.rank]
        middle = sum(known) / len(known) if known else 0.0

        def place(line: Line) -> tuple[bool, float, bool]:
            rank = self.rank.get(line.key, middle)
            return line.key in self.used, -rank, line.key not in self.rank

        return tuple(sorted(found, key=place))

    def knowing(self, **values: str) -> "Speech":
        """Return the same speech with other values; "" takes one away."""
        return replace(self, values={**self.values, **values})

    def _filled(self, text: str) -> tuple[Part, ...] | None:
        parts = fill(text, self.values, self.voice)
        return None if parts is None else tuple(Part(*part) for part in parts)


def first_of(lines: Sequence[Line]) -> Line:
    """Return the first line, an empty one where there is none."""
    return lines[0] if lines else Line("", ())


@lru_cache(maxsize=4096)
def _fixed(text: str, voice: Voice) -> tuple[Part, ...] | None:
    """Most texts hold nothing to fill in and are the same for every customer."""
    parts = fill(text, {}, voice)
    return None if parts is None else tuple(Part(*part) for part in parts)
