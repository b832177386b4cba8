"""Friction and warmth beside the intent: which signals a reply shows, and where."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nachhaken.reading.features import tokens
from nachhaken.reading.phrases import hits
from nachhaken.reading.scores import TextModel, load
from nachhaken.reading.speaks import speaking_most
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.terms import Signal

TABLE = Path(__file__).with_name("tables") / "signals.npz"
# Said in too many ways for phrases, and often enough to be learnt.
LEARNT = (Signal.URGENCY, Signal.FREE_WORK)

# Hardly a reply that is urgent or wants free work has none of these. Scoring costs as much as all
# phrases together, so it is spared where it would tell nothing.
TELLING = (
    "bis ", "by ", "sonst", "before", "brauch", "need", "schnell", "rasch", "dring", "urgent",
    "sofort", " eil", "pressier", "asap", "spaetest", "frist", "deadline", "vorher", "ausgefall",
    "gratis", "umsonst", "kostenl", "kostenfr", "entgelt", "honorar", "verguet", "probe", "pilot",
    "free", "trial", "charge", "unbezahl", "unpaid", "on spec", " nix", "entwurf", "ohne kosten",
    "auf eigene", "vorab",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal, first shown at `[start:end]` of the folded text.

    `rule` names the phrase; "" where none does: then it is the sentence that speaks most for it.
    """

    signal: Signal
    start: int
    end: int
    rule: str


def find_signals(
    folded: str, words: list[str] | None = None, anchors: AbstractSet[str] | None = None
) -> list[Shown]:
    """The signals of a folded reply in the order of the text, each at its first place.

    `words` are its tokens and `anchors` those of its phrases, where they are known already.

    Only the first 4,000 characters are looked at. A signal that is missed harms less than one
    that is invented, so the phrases are plain words, and of what was learnt (by
    `python -m tests.corpus.reading.train_signals`) only the sure is shown.
    """
    text = folded[:READ_AT_MOST]
    shown = sorted([*_said(text, anchors), *_told(text, words)], key=lambda one: one.start)
    first: dict[Signal, Shown] = {}
    for one in shown:
        first.setdefault(one.signal, one)
    return list(first.values())


def _said(text: str, anchors: AbstractSet[str] | None) -> Iterator[Shown]:
    for hit in hits(text, "signals", anchors=anchors):
        yield Shown(Signal(hit.phrase.label), hit.start, hit.end, hit.phrase.id)


def _told(text: str, words: list[str] | None) -> Iterator[Shown]:
    if not any(stem in text for stem in TELLING):
        return
    model = _learnt()
    scores, limits = model.scores(words or tokens(text)), model.tables.limits
    for column, signal in enumerate(LEARNT):
        if scores[column] >= limits[column]:
            yield Shown(signal, *speaking_most(text, model, column), "")


@cache
def _learnt() -> TextModel:
    return load(TABLE)
