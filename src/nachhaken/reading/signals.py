"""Friction and warmth beside the intent: which signals a reply shows, and where."""

from dataclasses import dataclass

from nachhaken.reading.phrases import hits
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.terms import Signal


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal, first shown at `[start:end]` of the folded text; `rule` names the row."""

    signal: Signal
    start: int
    end: int
    rule: str


def find_signals(folded: str) -> list[Shown]:
    """The signals of a folded reply in the order of the text, each at its first place.

    Only the first 4,000 characters are looked at. A signal that is missed harms less than one
    that is invented, so the rows ask for plain words.
    """
    first: dict[Signal, Shown] = {}
    for hit in sorted(hits(folded[:READ_AT_MOST], "signals"), key=lambda hit: hit.start):
        signal = Signal(hit.phrase.label)
        first.setdefault(signal, Shown(signal, hit.start, hit.end, hit.phrase.id))
    return list(first.values())
