import pytest

from nachhaken.reading.phrases import Phrase, hits_of, phrases
from nachhaken.reading.text import fold
from nachhaken.terms import Intent, NoReason, Signal

ROWS = [row for kind in ("intents", "reasons", "signals") for row in phrases(kind)]
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.label}-{row.id}")


@BY_NAME
def test_example_fires(row: Phrase) -> None:
    assert hits_of(fold(row.example).text, row)


@BY_NAME
def test_counter_example_does_not_fire(row: Phrase) -> None:
    assert not hits_of(fold(row.counter).text, row)


def test_labels_are_of_the_vocabularies() -> None:
    assert {row.label for row in phrases("intents")} == set(Intent)
    assert {row.label for row in phrases("reasons")} == set(NoReason) - {NoReason.UNKNOWN}
    assert {row.label for row in phrases("signals")} == set(Signal)


@pytest.mark.parametrize("kind", ["intents", "reasons", "signals"])
def test_ids_name_one_row_each(kind: str) -> None:
    names = [(row.label, row.id) for row in phrases(kind)]
    assert len(names) == len(set(names))
