"""The labelled texts: replies by author, older replies, and single statements."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nachhaken.reading import Window
from nachhaken.reading.measures import Label
from nachhaken.sources.new_text import own_part
from nachhaken.terms import Intent, NoReason, Signal

FOLDER = Path(__file__).parent
# Statements have no date of their own, and nothing dated is measured on them.
_UNDATED = "2026-01-01"
_COUNTRIES = {"de-AT": "AT", "de-CH": "CH"}


@dataclass(frozen=True, slots=True)
class Row:
    """A text with what a careful person found in it; `author` is the name of its file.

    Of a mail, history and signature have been made blank.
    """

    id: str
    author: str
    text: str
    reference: date
    region: str
    label: Label


def replies() -> Iterator[Row]:
    """The replies of the authors on whom the reader is measured, each by models without them."""
    for file in sorted((FOLDER / "authors").glob("*.jsonl")):
        yield from _rows(file)


def older() -> Iterator[Row]:
    """The replies on which the first rules were written; they only serve to learn."""
    return _rows(FOLDER / "replies.jsonl")


def statements() -> Iterator[Row]:
    """Single sentences in many wordings; they only serve to learn."""
    for file in sorted((FOLDER / "statements").glob("*.jsonl")):
        yield from _rows(file)


def window_of(row: dict[str, str] | None) -> Window | None:
    """The window of a labelled row's `start` and `end`."""
    if row is None:
        return None
    return Window(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))


def region_of(row: dict[str, Any]) -> str:
    """The region of a labelled reply; the older ones have only a language."""
    return str(row.get("region") or _COUNTRIES.get(row["lang"], "DE"))


def own_text(row: dict[str, Any]) -> str:
    """The text of a row; of a mail, history and signature have been made blank."""
    return own_part(row["text"]) if row.get("channel") == "email" else str(row["text"])


def _rows(file: Path) -> Iterator[Row]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield _row(json.loads(line), file.stem)


def _row(raw: dict[str, Any], author: str) -> Row:
    return Row(
        id=raw["id"],
        author=author,
        text=own_text(raw),
        reference=date.fromisoformat(raw.get("reference", _UNDATED)),
        region=region_of(raw),
        label=_label(raw),
    )


def _label(raw: dict[str, Any]) -> Label:
    reason = raw.get("no_reason")
    return Label(
        intent=Intent(raw["intent"]),
        callback=window_of(raw.get("callback")),
        condition=raw.get("condition"),
        no_reason=NoReason(reason) if reason else None,
        signals=frozenset(map(Signal, raw.get("signals", ()))),
    )
