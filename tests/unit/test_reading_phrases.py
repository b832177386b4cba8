import pytest

from nachhaken.reading.anchors import alternatives, anchors_of
from nachhaken.reading.phrases import Phrase, hits, hits_of, phrases
from nachhaken.reading.signals import LEARNT
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
    assert {row.label for row in phrases("signals")} == set(Signal) - set(LEARNT)


@pytest.mark.parametrize("kind", ["intents", "reasons", "signals"])
def test_ids_name_one_row_each(kind: str) -> None:
    names = [(row.label, row.id) for row in phrases(kind)]
    assert len(names) == len(set(names))


@BY_NAME
def test_the_index_finds_what_the_row_finds(row: Phrase) -> None:
    for text in (fold(row.example).text, fold(row.counter).text):
        assert [hit for hit in hits(text, row.kind) if hit.phrase == row] == hits_of(text, row)


@pytest.mark.parametrize("pattern", ["sagen ab", "(sagen|geben) ab", "sagens? ab", "s*agen ab"])
def test_a_phrase_begins_and_ends_with_whole_words(pattern: str) -> None:
    row = Phrase("", "", "", pattern, 1.0, "", "", "")
    text = "sie versagen ab und zu, absagen ab morgen, wir sagen abends und sagen ab"
    assert [(hit.start, hit.end) for hit in hits_of(text, row)] == [(len(text) - 8, len(text))]


@pytest.mark.parametrize(
    ("pattern", "anchors"),
    [
        ("zu teuer", ("teuer",)),
        ("zu (teuer|hoch)", ("hoch", "teuer")),
        ("kein(e)? (budget|geld)", ("kein",)),
        ("(bitte )?(an|ab)", ()),
        ("nicht", ("ned", "net", "nicht", "nid", "nit", "noed")),
        ("ist", ()),
        ("mails?", ("mail",)),
        ("rabatt|skonto( … )?drin", ("rabatt", "skonto")),
        ("preis[.!?(] (runter)", ("runter",)),
        (r"\bhaus\b", ()),
        ("hausbau|haus", ("haus",)),
    ],
)
def test_every_match_holds_an_anchor(pattern: str, anchors: tuple[str, ...]) -> None:
    assert anchors_of(pattern) == anchors


def test_alternatives_are_cut_outside_of_brackets_only() -> None:
    assert alternatives(r"a (b|c)|d\|e|[|(]f") == ["a (b|c)", r"d\|e", "[|(]f"]
