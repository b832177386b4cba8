"""The call-backs of the labelled replies are read as they are labelled, and general dates too."""

from pathlib import Path

import pytest

from tests.corpus.reading.windows_tally import AUTHORS, HERE, business, general, rates, replies

# Expressions collected elsewhere; they lie beside the working copy, not in it.
TIME = Path(__file__).parents[3] / "shared" / "time"
needs_time = pytest.mark.skipif(not TIME.is_dir(), reason="the collected expressions are not here")


@pytest.mark.parametrize("path", [*AUTHORS, HERE / "replies.jsonl"], ids=lambda path: path.stem)
def test_windows_are_read_as_labelled(path: Path) -> None:
    read = rates(replies(path))
    assert read.exact >= 0.85
    assert read.near >= 0.87
    assert read.early <= 0.03
    assert read.invented <= 0.04


@needs_time
def test_business_expressions_are_read() -> None:
    read = rates(business(TIME / "sales_de_examples.jsonl"))
    assert read.exact >= 0.95
    assert read.early == 0


@needs_time
def test_general_expressions_are_named() -> None:
    assert rates(general(TIME / "external_de.jsonl")).exact >= 0.9
