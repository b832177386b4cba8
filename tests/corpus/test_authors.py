"""Six authors' replies: every row can be learnt from and measured against."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nachhaken.terms import Intent, NoReason, Signal

FILES = sorted((Path(__file__).parent / "reading" / "authors").glob("*.jsonl"))
CHANNELS = {"email", "message", "call_note"}


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_labels_are_those_of_the_vocabulary(file: Path) -> None:
    for row in rows(file):
        assert row["text"].strip(), row["id"]
        assert row["channel"] in CHANNELS, row["id"]
        intent = Intent(row["intent"])
        assert (row["no_reason"] is not None) == (intent is Intent.NO), row["id"]
        assert row["no_reason"] is None or NoReason(row["no_reason"])
        assert all(Signal(signal) for signal in row["signals"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_conditions_stand_in_the_text_and_windows_lie_ahead(file: Path) -> None:
    for row in rows(file):
        assert row["condition"] is None or row["condition"] in row["text"], row["id"]
        if row["callback"]:
            start, end = (date.fromisoformat(row["callback"][key]) for key in ("start", "end"))
            assert date.fromisoformat(row["reference"]) <= start <= end, row["id"]


def test_many_people_write_and_nobody_twice() -> None:
    every = [row for file in FILES for row in rows(file)]
    assert len({row["id"] for row in every}) == len(every) >= 2_500
    assert len({row["text"] for row in every}) == len(every)
    assert len({row["group"] for row in every}) >= 50
    assert min(Counter(row["intent"] for row in every).values()) >= 90
