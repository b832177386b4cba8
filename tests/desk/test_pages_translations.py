"""Every sentence of the pages is there in English, and nothing else is."""

import pytest

from scripts.checks.translations import Sentence, catalogue_faults, of_code, of_template


def test_the_catalogue_is_complete_and_compiled() -> None:
    assert list(catalogue_faults()) == []


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ('{% translate "Heute" %}', Sentence("Heute")),
        ("{% translate 'zu Heute' as x %}", Sentence("zu Heute")),
        ('{% firstof x _("ohne Nummer") %}', Sentence("ohne Nummer")),
        (
            "{% blocktranslate count n=x %}eins{% plural %}{{ n }} Stück{% endblocktranslate %}",
            Sentence("eins", "%(n)s Stück"),
        ),
    ],
)
def test_sentences_of_templates(template: str, sentence: Sentence) -> None:
    assert list(of_template(template)) == [sentence]


def test_sentences_of_code() -> None:
    code = 'x = _("eins")\ny = ngettext("ein Tag", "%(n)d Tage", 2)\nz = other("drei")'
    assert set(of_code(code)) == {Sentence("eins"), Sentence("ein Tag", "%(n)d Tage")}
