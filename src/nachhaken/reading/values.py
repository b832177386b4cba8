"""What a reading of a reply is: the intent with its probabilities, and the text that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from nachhaken.terms import Intent, NoReason, Signal


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the reply text: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Window:
    """A closed interval of calendar days in which the customer wants to be contacted."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"window ends before it starts: {self.start} to {self.end}")


class Doubt(StrEnum):
    """Why a reading is not sure."""

    EMPTY = "empty"
    """No text is left: nothing was written, or only history and a signature."""
    WORDLESS = "wordless"
    """Signs, emojis or numbers without a word."""
    UNREADABLE = "unreadable"
    """The characters were lost on the way."""
    FOREIGN = "foreign"
    """Neither German nor English."""
    CLOSE = "close"
    """Two intents hold about equally."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reply, read. Spans point into the text that was read.

    `probabilities` holds every intent and sums to 1; `intent` is the one stated.
    `rule` names the phrase that decided, "" where none did. `doubt` says why a person should
    look; None where the reading is sure.
    """

    intent: Intent
    probabilities: dict[Intent, float]
    callback: Window | None = None
    condition: str | None = None
    no_reason: NoReason | None = None
    signals: frozenset[Signal] = frozenset()
    intent_span: Span | None = None
    callback_span: Span | None = None
    condition_span: Span | None = None
    reason_span: Span | None = None
    signal_spans: Mapping[Signal, Span] = field(default_factory=dict)
    doubt: Doubt | None = None
    rule: str = ""
    language: str = "de"

    @property
    def confidence(self) -> float:
        """The probability in [0, 1] of the stated intent."""
        return self.probabilities[self.intent]
