from datetime import date

import pytest

from nachhaken.reading import read
from nachhaken.reading.scope import questions
from nachhaken.reading.text import fold
from nachhaken.terms import Intent

REFERENCE = date(2026, 11, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Können wir das so beauftragen?",
        "Bevor ich bestelle, brauche ich die Laufzeit.",
        "Wie lange dauert es von der Bestellung bis zur Lieferung?",
        "Wenn ich heute unterschreibe, wann liefern Sie?",
        "I'm afraid it's a no for now. You were lovely to deal with.",
    ],
)
def test_order_only_asked_or_conditional_is_no_yes(text: str) -> None:
    assert read(text, reference=REFERENCE).intent is not Intent.YES


def test_otherwise_is_no_refusal() -> None:
    text = "Rechnen Sie es nochmal ohne Montage statt mit, sonst brauchen wir es nicht."
    assert read(text, reference=REFERENCE).intent is Intent.REQUOTE


def test_several_questions_are_engaged() -> None:
    text = "Ist die Schulung dabei? Wie lange läuft der Vertrag? Und wer haftet bei Ausfall?"
    assert read(text, reference=REFERENCE).intent is Intent.ENGAGED


def test_tag_question_asks_nothing() -> None:
    assert questions(fold("Rufen Sie im Mai wieder an, ja?").text) == []


def test_date_in_passing_puts_nothing_off() -> None:
    text = (
        "Wir haben das Angebot gelesen, es ist verständlich geschrieben und liegt bei den anderen. "
        "Ich bin Rentner und immer zu Hause, außer am Donnerstag, da ist Kegelabend im Verein."
    )
    assert read(text, reference=REFERENCE).intent is not Intent.LATER_VAGUE


def test_spoken_form_reads_as_the_written_one() -> None:
    assert read("Bitte ned mehr anrufen.", reference=REFERENCE).intent is Intent.OPT_OUT
