import numpy as np
import pytest

from nachhaken.reading.features import grams
from nachhaken.reading.grams import Grams, numbers_of, numbers_of_grams
from nachhaken.reading.stems import Stems

NAMES = ["bitte", "im", "mai", "bitte im", "im mai", "bitte im mai", "bitte _ mai", "über"]


@pytest.fixture
def table() -> Grams:
    return Grams(np.frombuffer("\n".join(NAMES).encode(), np.uint8))


def test_each_name_has_the_row_of_its_line(table: Grams) -> None:
    assert [table[name] for name in NAMES] == list(range(len(NAMES)))
    assert list(table) == NAMES
    assert "im juni" not in table
    assert table.get("mai im") is None


@pytest.mark.parametrize(
    "text", ["bitte im mai über bitte im", "im mai", "mai", "juni im juli", ""]
)
def test_the_numbers_find_what_the_names_find(table: Grams, text: str) -> None:
    words = text.split()
    found = table.rows(numbers_of_grams(numbers_of(words))).tolist()
    assert list(dict.fromkeys(found)) == [table[name] for name in grams(words) if name in table]


def test_stems_are_found_wherever_they_stand_in_a_word() -> None:
    stems = Stems(["^bau", "bau$", "umbau", "antrag"])
    assert stems.inside("^umbau$") == {"bau$", "umbau"}
    assert stems.inside("^bauantrag$") == {"^bau", "antrag"}
    assert stems.inside("um") == frozenset()
