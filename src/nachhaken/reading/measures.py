"""How well readings agree with what careful people found: the figures, with their definitions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import sqrt
from statistics import NormalDist

from nachhaken.reading.values import Reading, Window
from nachhaken.terms import Intent, NoReason, Signal

BINS = 10
NEAR = timedelta(days=3)
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a careful person found in a reply."""

    intent: Intent
    callback: Window | None = None
    condition: str | None = None
    no_reason: NoReason | None = None
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total` cases."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share in [0, 1]; None of no cases."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (E. B. Wilson, JASA 22, 1927); (0, 1) of no cases."""
        if not self.total:
            return 0.0, 1.0
        share, spread = self.hits / self.total, _Z * _Z / self.total
        centre = share + spread / 2
        width = sqrt(spread * (share * (1 - share) + spread / 4))
        return max(0.0, (centre - width) / (1 + spread)), min(1.0, (centre + width) / (1 + spread))


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was read is right, and how much of what is there was read."""

    precision: Share
    recall: Share

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nothing is there and nothing was read."""
        total = self.precision.total + self.recall.total
        return 2 * self.recall.hits / total if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMeasures:
    """Call-back windows. `invented` is of the replies without a window, the rest of those with one.

    `exact`: both days right. `near`: it starts within 3 days of the true start. `early`: it starts
    before the true start, which costs most. `missed`: no window was read.
    """

    exact: Share
    near: Share
    early: Share
    missed: Share
    invented: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMeasures:
    """Conditions. `right` is of the `stalled_named` replies with one: one piece contains the other.

    `invented` is of the replies without a condition, whatever their intent.
    """

    right: Share
    invented: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The agreement of readings with labels.

    `macro_f1` is the plain mean of F1 over the intents that the labels hold. `top_error` is the
    expected calibration error of the stated intent's probability, `class_error` the mean of that
    error over the 11 intents, each taken by itself: the mean distance, weighted by count, between
    forecast and share in 10 bins of equal width (Naeini et al., AAAI 2015; class-wise: Kull et al.,
    NeurIPS 2019). `no_reasons` is of the true noes, `signals` over all signals of all replies.
    `confusion` counts (true, read), without the pairs that never occur. Of no replies the three
    figures are None.
    """

    right: Share
    macro_f1: float | None
    intents: Mapping[Intent, Score]
    top_error: float | None
    class_error: float | None
    windows: WindowMeasures
    conditions: ConditionMeasures
    no_reasons: Share
    signals: Score
    confusion: Mapping[tuple[Intent, Intent], int]


def measure(pairs: Iterable[tuple[Label, Reading]]) -> Measures:
    """Return the figures over `pairs`, which are taken one by one: memory does not grow."""
    counts: Counter[str] = Counter()
    confusion: Counter[tuple[Intent, Intent]] = Counter()
    top, classes = _Bins(), {intent: _Bins() for intent in Intent}
    for label, reading in pairs:
        confusion[label.intent, reading.intent] += 1
        counts.update(_facts(label, reading))
        top.add(reading.confidence, hit=reading.intent is label.intent)
        for intent, bins in classes.items():
            bins.add(reading.probabilities.get(intent, 0.0), hit=intent is label.intent)
    return _measures(counts, confusion, top, classes)


def _measures(
    counts: Counter[str],
    confusion: Counter[tuple[Intent, Intent]],
    top: "_Bins",
    classes: Mapping[Intent, "_Bins"],
) -> Measures:
    intents = _intents(confusion)
    present = [score.f1 or 0.0 for score in intents.values() if score.recall.total]
    errors = [bins.error() for bins in classes.values()]
    return Measures(
        right=Share(sum(n for (true, read), n in confusion.items() if true is read), top.total),
        macro_f1=sum(present) / len(present) if present else None,
        intents=intents,
        top_error=top.error() if present else None,
        class_error=sum(errors) / len(errors) if present else None,
        windows=_windows(counts),
        conditions=ConditionMeasures(
            right=Share(counts["condition right"], counts["stalled on a condition"]),
            invented=Share(counts["condition invented"], counts["no condition"]),
        ),
        no_reasons=Share(counts["reason right"], counts["no"]),
        signals=Score(
            Share(counts["signal right"], counts["signal read"]),
            Share(counts["signal right"], counts["signal"]),
        ),
        confusion=dict(confusion),
    )


def _intents(confusion: Counter[tuple[Intent, Intent]]) -> dict[Intent, Score]:
    scores = {}
    for intent in Intent:
        hits = confusion[intent, intent]
        read = sum(n for (_, said), n in confusion.items() if said is intent)
        true = sum(n for (label, _), n in confusion.items() if label is intent)
        if read or true:
            scores[intent] = Score(Share(hits, read), Share(hits, true))
    return scores


def _windows(counts: Counter[str]) -> WindowMeasures:
    there = counts["window"]
    return WindowMeasures(
        exact=Share(counts["window exact"], there),
        near=Share(counts["window near"], there),
        early=Share(counts["window early"], there),
        missed=Share(counts["window missed"], there),
        invented=Share(counts["window invented"], counts["no window"]),
    )


def _facts(label: Label, reading: Reading) -> Iterator[str]:
    """Name what holds for one reply, to be counted."""
    yield from _window_facts(label.callback, reading.callback)
    yield from _condition_facts(label, reading.condition)
    if label.intent is Intent.NO:
        yield "no"
        if reading.no_reason is label.no_reason:
            yield "reason right"
    yield from ["signal"] * len(label.signals)
    yield from ["signal read"] * len(reading.signals)
    yield from ["signal right"] * len(label.signals & reading.signals)


def _window_facts(true: Window | None, read: Window | None) -> Iterator[str]:
    if true is None:
        yield "no window"
        if read is not None:
            yield "window invented"
        return
    yield "window"
    if read is None:
        yield "window missed"
        return
    if read == true:
        yield "window exact"
    if abs(read.start - true.start) <= NEAR:
        yield "window near"
    if read.start < true.start:
        yield "window early"


def _condition_facts(label: Label, read: str | None) -> Iterator[str]:
    if label.condition is None:
        yield "no condition"
        if read is not None:
            yield "condition invented"
    elif label.intent is Intent.STALLED_NAMED:
        yield "stalled on a condition"
        if read is not None and _overlap(label.condition, read):
            yield "condition right"


def _overlap(one: str, other: str) -> bool:
    """Whether one contains the other, whatever the case and the line breaks."""
    first, second = (" ".join(text.casefold().split()) for text in (one, other))
    return bool(first and second) and (first in second or second in first)


@dataclass(slots=True)
class _Bins:
    """Forecasts in bins of equal width; the last one holds 1.0, too."""

    total: int = 0
    sums: list[float] = field(default_factory=lambda: [0.0] * BINS)
    hits: list[int] = field(default_factory=lambda: [0] * BINS)

    def add(self, probability: float, *, hit: bool) -> None:
        place = min(int(probability * BINS), BINS - 1)
        self.total += 1
        self.sums[place] += probability
        self.hits[place] += hit

    def error(self) -> float:
        """The count of a bin cancels: its weight times the distance of its two means."""
        if not self.total:
            return 0.0
        gaps = (abs(s - h) for s, h in zip(self.sums, self.hits, strict=True))
        return sum(gaps) / self.total
