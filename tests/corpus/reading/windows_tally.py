"""How the call-back windows are read; `python -m tests.corpus.reading.windows_tally [TIME]`.

The true intent is given, so that only windows are measured. `exact` and `near` (the start within
three days) are shares of the rows that have a window, `early` (a start before the true one, or a
window where there is none) of all rows, `invented` of the rows that have none. TIME is a folder
with `sales_de_examples.jsonl` and `external_de.jsonl`; with `--wrong` every miss is listed.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nachhaken.reading.atoms import When
from nachhaken.reading.callback import choose
from nachhaken.reading.text import fold, own_words
from nachhaken.reading.values import Window
from nachhaken.reading.windows import find_windows, named_period
from nachhaken.terms import Intent
from tests.corpus.reading.rows import own_text, region_of, window_of

HERE = Path(__file__).parent
AUTHORS = sorted((HERE / "authors").glob("*.jsonl"))
_NEAR_DAYS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its true window, and what was read."""

    id: str
    text: str
    group: str
    true: Window | None
    read: Window | None

    @property
    def is_exact(self) -> bool:
        return self.read == self.true

    @property
    def is_near(self) -> bool:
        both = self.true is not None and self.read is not None
        return both and abs((self.read.start - self.true.start).days) <= _NEAR_DAYS  # type: ignore[union-attr]

    @property
    def is_early(self) -> bool:
        if self.read is None:
            return False
        return self.true is None or self.read.start < self.true.start


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of the cases of one group."""

    rows: int
    exact: float
    near: float
    early: float
    invented: float


def rates(cases: Iterable[Case]) -> Rates:
    """The shares, 1 or 0 as is best where there is nothing to count."""
    every = list(cases)
    dated = [case for case in every if case.true is not None]
    empty = [case for case in every if case.true is None]
    return Rates(
        rows=len(every),
        exact=_share(dated, lambda case: case.is_exact, 1.0),
        near=_share(dated, lambda case: case.is_near, 1.0),
        early=_share(every, lambda case: case.is_early, 0.0),
        invented=_share(empty, lambda case: case.read is not None, 0.0),
    )


def replies(path: Path) -> Iterator[Case]:
    """The replies of a file with the windows chosen by their true intents."""
    for row in _rows(path):
        true = window_of(row["callback"])
        yield _case(row, true, region_of(row), intent=Intent(row["intent"]))


def business(path: Path) -> Iterator[Case]:
    """The business expressions, each read as the whole of a reply that puts off."""
    for row in _rows(path):
        true = window_of(row) if row["start"] else None
        yield _case(row, true, row["region"], intent=Intent.LATER_VAGUE)


def general(path: Path) -> Iterator[Case]:
    """The general expressions: what is named, without any call-back meaning."""
    for row in _rows(path):
        on = date.fromisoformat(row["reference"])
        read = named_period(fold(row["text"]).text, on, "DE")
        yield Case(row["id"], row["text"], row["cls"], window_of(row), read)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _case(row: dict[str, Any], true: Window | None, region: str, *, intent: Intent) -> Case:
    when = When(date.fromisoformat(row["reference"]), region)
    chosen = choose(find_windows(fold(own_words(own_text(row))).text, when), intent)
    return Case(
        id=row["id"],
        text=row["text"],
        group=intent.value,
        true=true,
        read=chosen.window if chosen else None,
    )


def _share(cases: list[Case], holds: Callable[[Case], bool], empty: float) -> float:
    return sum(map(holds, cases)) / len(cases) if cases else empty


def print_rates(name: str, cases: list[Case], *, wrong: bool) -> None:
    """Prints one line of rates, and every miss where `wrong` says so."""
    of = rates(cases)
    print(f"{name:16}{of.rows:6}{of.exact:8.3f}{of.near:8.3f}{of.early:8.3f}{of.invented:9.3f}")
    if wrong:
        for case in cases:
            if not case.is_exact:
                print(f"  {case.id} {case.group} true {_shown(case.true)} read {_shown(case.read)}")
                print(f"    {case.text[:600]!r}")


def _shown(window: Window | None) -> str:
    return f"{window.start}/{window.end}" if window else "-"


def main(arguments: list[str]) -> None:
    wrong = "--wrong" in arguments
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    print(f"{'':16}{'rows':>6}{'exact':>8}{'near':>8}{'early':>8}{'invented':>9}")
    every: list[Case] = []
    for path in [*AUTHORS, HERE / "replies.jsonl"]:
        cases = list(replies(path))
        print_rates(path.stem, cases, wrong=wrong)
        every += cases
    for intent in Intent:
        print_rates(intent.value, [case for case in every if case.group == intent], wrong=False)
    print_rates("all", every, wrong=False)
    for folder in folders:
        print_rates("business", list(business(folder / "sales_de_examples.jsonl")), wrong=wrong)
        print_rates("general", list(general(folder / "external_de.jsonl")), wrong=wrong)


if __name__ == "__main__":
    main(sys.argv[1:])
