from datetime import date

import pytest

from nachhaken.reading import read
from nachhaken.reading.doubts import is_unsure, likeliest
from nachhaken.reading.values import Doubt
from nachhaken.terms import Intent

ON = date(2026, 11, 12)
POLISH = "Dzień dobry, dziękuję za ofertę, niestety musimy zrezygnować z tego projektu w tym roku."
FRENCH = "Bonjour, merci beaucoup pour votre proposition, nous devons malheureusement y renoncer."
RUSSIAN = "Здравствуйте, спасибо за ваше предложение, мы свяжемся с вами после праздников."
DIALECT = "mia schaun uns des nomoi in rua o und meldn uns na bei eahna"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", Doubt.EMPTY),
        (" \n\t\u200b", Doubt.EMPTY),
        ("> Am 3.5. schrieb Max:\n> Hallo", Doubt.EMPTY),
        ("👍🙏", Doubt.WORDLESS),
        ("12.3. 14:00 !!", Doubt.WORDLESS),
        ("Gr\ufffd\ufffde aus M\ufffdnchen, sch\ufffdn", Doubt.UNREADABLE),
        (POLISH, Doubt.FOREIGN),
        (FRENCH, Doubt.FOREIGN),
        (RUSSIAN, Doubt.FOREIGN),
    ],
)
def test_what_cannot_be_read_is_other_and_says_why(text: str, doubt: Doubt) -> None:
    reading = read(text, reference=ON)
    assert (reading.intent, reading.doubt) == (Intent.OTHER, doubt)
    assert reading.confidence < 0.3
    assert is_unsure(reading)


@pytest.mark.parametrize("text", [DIALECT, "Passt.", "We'll take it.", "ok 👍", "Nö, danke!"])
def test_dialect_english_and_short_replies_are_read(text: str) -> None:
    assert read(text, reference=ON).doubt in {None, Doubt.CLOSE}


def test_likeliest_begins_with_the_stated_intent() -> None:
    reading = read("Ja?", reference=ON)
    order = likeliest(reading, 3)
    assert order[0] is reading.intent
    assert len(set(order)) == 3


def test_a_small_chance_of_an_objection_is_stated() -> None:
    reading = read("Lassen Sie mich bitte endlich in Frieden.", reference=ON)
    assert reading.intent is Intent.OPT_OUT
