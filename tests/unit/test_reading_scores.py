import numpy as np
import pytest

from nachhaken.reading.scores import TextModel, shipped, sum_of_pieces


@pytest.fixture(scope="module")
def model() -> TextModel:
    return shipped()


@pytest.mark.parametrize("word", ["angebot", "nicht", "?", "beauftragen"])
def test_the_sums_in_the_table_are_those_of_the_pieces(model: TextModel, word: str) -> None:
    tables = model.tables
    stored = tables.word_rows[list(tables.words).index(word)]
    np.testing.assert_array_equal(stored, sum_of_pieces(word, tables.pieces, tables.piece_rows))


def test_words_forgotten_are_learnt_again(model: TextModel) -> None:
    said = ["wir", "haben", "schon", "beauftrogn"]
    once = TextModel(model.tables)
    before = once.scores(said)
    once.scores([f"unbekanntes{number}" for number in range(60_000)])
    np.testing.assert_array_equal(once.scores(said), before)
