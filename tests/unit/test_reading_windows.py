"""Each way to name a time gives its window, and none is seen where none is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nachhaken.reading import Window, read
from nachhaken.reading.atoms import When
from nachhaken.reading.callback import choose
from nachhaken.reading.text import fold
from nachhaken.reading.windows import find_windows, named_period
from nachhaken.terms import Intent

# The day of the reply is Wednesday, 2026-10-07.
REFERENCE = date(2026, 10, 7)
CORPUS = Path(__file__).parents[1] / "corpus" / "reading"


def rows(name: str) -> list[dict[str, Any]]:
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def callback(
    text: str, intent: Intent, *, reference: date = REFERENCE, region: str = "DE"
) -> Window | None:
    found = choose(find_windows(fold(text).text, When(reference, region)), intent)
    return found.window if found else None


def window(start: str, end: str) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("row", rows("expressions.jsonl"), ids=lambda row: str(row["text"]))
def test_expression_gives_its_window(row: dict[str, Any]) -> None:
    found = callback(
        row["text"],
        Intent(row["intent"]),
        reference=date.fromisoformat(row["reference"]),
        region=row["region"],
    )
    assert found == window(row["start"], row["end"])


@pytest.mark.parametrize("row", rows("no_window.jsonl"), ids=lambda row: str(row["text"]))
def test_other_dates_and_numbers_give_none(row: dict[str, Any]) -> None:
    on = date.fromisoformat(row["reference"])
    assert callback(row["text"], Intent(row["intent"]), reference=on, region=row["region"]) is None


def test_traps_are_many_and_of_many_kinds() -> None:
    traps = rows("no_window.jsonl")
    assert len({row["text"] for row in traps}) == len(traps) >= 150
    assert len({row["trap"] for row in traps}) >= 12


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Das war gestern.", "2026-10-06", "2026-10-06"),
        ("Am 18. April 2016 war er hier.", "2016-04-18", "2016-04-18"),
        ("in zwei Wochen", "2026-10-21", "2026-10-21"),
        ("letztes Jahr", "2025-01-01", "2025-12-31"),
        ("am zweiten Advent", "2026-12-06", "2026-12-06"),
        ("vom 28. bis 30. Juni 2017", "2017-06-28", "2017-06-30"),
    ],
)
def test_a_period_is_named_without_a_call_back(text: str, start: str, end: str) -> None:
    assert named_period(fold(text).text, REFERENCE, "DE") == window(start, end)


def test_a_text_without_time_names_no_period() -> None:
    assert named_period("das angebot liegt vor", REFERENCE, "DE") is None


def test_the_same_date_is_read_by_what_the_customer_does() -> None:
    text = "Bis zum 30.10. brauche ich die Zahlen."
    assert callback(text, Intent.REQUOTE) == window("2026-10-08", "2026-10-30")
    assert callback(text, Intent.OTHER) is None
    away = "Ich bin bis zum 30.10. im Urlaub."
    assert callback(away, Intent.AUTO_REPLY) == window("2026-10-31", "2026-11-13")


def test_span_holds_the_window_with_its_operator() -> None:
    text = "Grüße! Bitte melden Sie sich nach Ostern nochmal."
    span = read(text, reference=REFERENCE).callback_span
    assert span is not None
    assert text[span.start : span.end] == "nach Ostern"
