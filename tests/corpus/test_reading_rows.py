"""Whatever customers write: what is read of it points into it, and agrees with itself."""

import json
from pathlib import Path

import pytest

from nachhaken.project.reply_rows import Row, answer, rows

FILES = sorted((Path(__file__).parent / "reading" / "authors").glob("*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_row_comes_out_with_places_in_its_text(file: Path) -> None:
    lines = file.read_bytes().splitlines()
    read = list(rows(lines, labelled=True))
    assert len(read) == len(lines)
    for row in read:
        assert isinstance(row, Row)
        told = answer(row, row.read())
        assert json.loads(json.dumps(told)) == told
        assert sum(told["probabilities"].values()) == pytest.approx(1), row.id
        assert (told["no_reason"] is None) == (told["intent"] != "no"), row.id
        assert set(told["spans"]) <= {"intent", "callback", "condition", "no_reason"} | set(
            told["signals"]
        )
        for start, end in told["spans"].values():
            assert 0 <= start < end <= len(row.text), row.id
        places = {name: row.text[start:end] for name, (start, end) in told["spans"].items()}
        assert places.get("condition") == told["condition"], row.id
        assert ("callback" in places) == (told["callback"] is not None), row.id
