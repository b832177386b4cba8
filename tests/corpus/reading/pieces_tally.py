"""How conditions, reasons and signals are read; `python -m tests.corpus.reading.pieces_tally`.

The true intent is given, so that only the pieces are measured. A condition is right where what was
read holds the true piece or lies in it; it is false where the row has none. `checkable` is how
often the best candidate of a stalled row weighs more than that of a row put off for no reason that
could be checked. With `--wrong` every miss is listed. Reasons and two signals have been learnt from
these very authors: what holds for new ones is printed by their trainings.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nachhaken.reading.conditions import choose_condition, find_conditions
from nachhaken.reading.reasons import find_reason
from nachhaken.reading.signals import find_signals
from nachhaken.reading.text import fold, own_words
from nachhaken.terms import Intent, NoReason, Signal

AUTHORS = sorted((Path(__file__).parent / "authors").glob("*.jsonl"))


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled reply with what was read of it."""

    row: dict[str, Any]
    condition: str | None
    weight: float
    reason: NoReason | None
    signals: frozenset[Signal] = field(default_factory=frozenset)

    @property
    def intent(self) -> Intent:
        return Intent(self.row["intent"])

    @property
    def true_signals(self) -> frozenset[Signal]:
        return frozenset(map(Signal, self.row["signals"]))

    @property
    def has_right_condition(self) -> bool:
        true, read = self.row["condition"], self.condition
        return bool(read and true and (read in true or true in read))

    @property
    def has_right_reason(self) -> bool:
        return bool(self.row["no_reason"] == self.reason)


def cases(path: Path) -> Iterator[Case]:
    """The rows of one author, read with their true intent."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield _case(json.loads(line))


def _case(row: dict[str, Any]) -> Case:
    folded = fold(own_words(row["text"]).rstrip())
    intent = Intent(row["intent"])
    candidates = find_conditions(folded.text)
    chosen = choose_condition(candidates, intent)
    span = folded.span(chosen.start, chosen.end) if chosen else None
    found = find_reason(folded.text) if intent is Intent.NO else None
    unknown = NoReason.UNKNOWN if intent is Intent.NO else None
    return Case(
        row=row,
        condition=row["text"][span.start : span.end] if span else None,
        weight=max((one.weight for one in candidates if not one.is_term), default=0.0),
        reason=found.reason if found else unknown,
        signals=frozenset(one.signal for one in find_signals(folded.text)),
    )


def share(hits: Iterable[bool]) -> float:
    """The share of true ones; nan of none."""
    every = list(hits)
    return sum(every) / len(every) if every else float("nan")


def of_pieces(some: list[Case]) -> str:
    """One line: conditions of stalled and engaged rows, false ones, reasons, false signals."""
    having = [case for case in some if case.row["condition"]]
    right = {
        intent: share(case.has_right_condition for case in having if case.intent is intent)
        for intent in (Intent.STALLED_NAMED, Intent.ENGAGED)
    }
    false = share(case.condition is not None for case in some if not case.row["condition"])
    reasons = share(case.has_right_reason for case in some if case.intent is Intent.NO)
    invented = share(bool(case.signals - case.true_signals) for case in some)
    return (
        f"stalled {right[Intent.STALLED_NAMED]:.3f}  engaged {right[Intent.ENGAGED]:.3f}"
        f"  false {false:.3f}  reasons {reasons:.3f}  rows with an invented signal {invented:.3f}"
        f"  checkable {checkable(some):.3f}"
    )


def checkable(some: list[Case]) -> float:
    """The chance that a stalled row weighs more than one of later_vague, ties counting half."""
    named = [case.weight for case in some if case.intent is Intent.STALLED_NAMED]
    vague = [case.weight for case in some if case.intent is Intent.LATER_VAGUE]
    won = sum((a > b) + 0.5 * (a == b) for a in named for b in vague)
    return won / (len(named) * len(vague)) if named and vague else float("nan")


def of_signal(signal: Signal, some: list[Case]) -> str:
    """One line: how much of what was shown is right, and how much of what is there was shown."""
    shown = [signal in case.true_signals for case in some if signal in case.signals]
    there = [signal in case.signals for case in some if signal in case.true_signals]
    return f"{signal:17} precision {share(shown):.2f}  recall {share(there):.2f}  of {len(there)}"


def wrong(case: Case) -> Iterator[str]:
    """What was missed or invented in one row."""
    row = case.row
    if (row["condition"] or case.condition) and not case.has_right_condition:
        yield f"{row['id']} condition {row['condition']!r} read {case.condition!r}"
    if not case.has_right_reason:
        yield f"{row['id']} reason {row['no_reason']} read {case.reason}"
    for signal in sorted(case.signals ^ case.true_signals):
        yield f"{row['id']} {signal} {'invented' if signal in case.signals else 'missed'}"


def main(arguments: list[str]) -> None:
    """Print the figures of each file given, else of every author, and of all together."""
    paths = [Path(one) for one in arguments if not one.startswith("-")] or AUTHORS
    by_author = {path.stem: list(cases(path)) for path in paths}
    every = [case for some in by_author.values() for case in some]
    for name, some in {**by_author, "all": every}.items():
        print(f"{name:4} {of_pieces(some)}")
    for signal in Signal:
        print(of_signal(signal, every))
    if "--wrong" in arguments:
        print(*(line for case in every for line in wrong(case)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
