"""The values of the page "Traumkunde" and of the short section about a customer."""

from dataclasses import dataclass

from nachhaken.learning.dream import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitRow:
    """A trait: a sentence, its counts in words, the shares of both for the bars, and its cases."""

    sentence: str
    interval: str
    share_good: float
    share_other: float
    counts_good: str
    counts_other: str
    cases: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DreamPage:
    """What the page "Traumkunde" shows; `missing` says what it takes before anything is claimed."""

    traits: tuple[TraitRow, ...]
    missing: str
    good: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """How well a customer suits, in a word, with what speaks for it and against it."""

    verdict: Verdict
    title: str
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
