import math
import os
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.reading import Span, read
from nachhaken.reading.scores import shipped
from nachhaken.terms import Intent
from tests.corpus.reading import rows

PIECES = st.sampled_from(
    ["nach", "ab", "bis", "Ostern", "31.2.", "KW 53", "Ende", "Mai", "in 99 Jahren", "zwischen",
     "und", "9999", "vom", "Q4", ".", "\n", "erst", "wenn", "Budget", "Sommerferien", "ü", "é"]
)  # fmt: skip
# A guess at one of these is not stated though it be the likeliest.
_MUST_BE_SURE = {Intent.AUTO_REPLY, Intent.YES, Intent.NO}
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join))


@given(TEXTS, st.dates(), st.sampled_from(["DE", "DE-BY", "AT-9", "CH", "", "XX-1"]))
def test_any_text_is_read_without_error(text: str, reference: date, region: str) -> None:
    reading = read(text, reference=reference, region=region)
    assert set(reading.probabilities) == set(Intent)
    assert math.isclose(math.fsum(reading.probabilities.values()), 1)
    likeliest = max(reading.probabilities, key=lambda intent: reading.probabilities[intent])
    assert reading.intent in {likeliest, Intent.OPT_OUT} or likeliest in _MUST_BE_SURE


@given(st.sampled_from([row.text for row in rows.statements()]))
def test_what_must_be_sure_is_stated_from_its_limit_on(text: str) -> None:
    reading = read(text, reference=date(2026, 1, 1))
    limits = dict(zip(Intent, shipped().tables.limits, strict=True))
    assert reading.confidence >= limits[reading.intent]
    objection = reading.probabilities[Intent.OPT_OUT] >= limits[Intent.OPT_OUT]
    assert objection == (reading.intent is Intent.OPT_OUT)


def test_chance_of_the_interpreter_changes_no_reading() -> None:
    text = "Wir haben noch nicht entschieden, rufen Sie bitte nach Ostern wieder an."
    code = (
        "import sys, datetime, nachhaken.reading as r;"
        "print(r.read(sys.argv[1], reference=datetime.date(2027, 1, 11)).probabilities)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, text],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(said) == 1


@given(TEXTS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_spans_lie_in_the_text(text: str, reference: date) -> None:
    reading = read(text, reference=reference)
    spans: list[Span | None] = [
        reading.intent_span, reading.callback_span, reading.condition_span,
    ]  # fmt: skip
    assert all(span is None or span.start < span.end <= len(text) for span in spans)


@given(TEXTS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_window_never_lies_in_the_past(text: str, reference: date) -> None:
    found = read(text, reference=reference).callback
    assert found is None or found.end > reference


def test_quoted_history_changes_no_reading() -> None:
    quote = "\n\nAm 01.10.2026 um 09:00 schrieb Max Muster:\n> Melden Sie sich im Mai wieder.\n"
    for row in rows.older():
        plain = read(row.text, reference=row.reference, region=row.region)
        quoted = read(row.text + quote, reference=row.reference, region=row.region)
        assert quoted == plain, row.id


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "in ",
        "1.",
        "wenn das ",
        "am 12.",
        "Ende Mai bis ",
        "keine mails ",
        "\n",
        ">",
        " ",
        "wenn der termin mit ",
    ],
)
def test_long_repetitive_text_is_read(piece: str) -> None:
    # A pattern that explodes would hang here; how long it takes stands in tests/speed/reading.py.
    assert read((piece * 200_000)[:200_000], reference=date(2026, 1, 1)).probabilities
