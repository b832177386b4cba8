"""Phrases in two languages."""

import re
from datetime import date

import pytest

from nachhaken.plan import Phrase, frequency, say, strength
from nachhaken.plan.words import PhraseError, phrases
from nachhaken.terms import Intent, StepKind

FIELD = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("key", sorted(phrases()))
def test_every_phrase_is_said_in_both_languages_with_the_same_facts(key: str) -> None:
    texts = phrases()[key]
    assert set(texts) == {"de", "en"}
    named = [set(FIELD.findall(text)) - {"nth", "ordinal"} for text in texts.values()]
    assert named[0] - {"count"} == named[1] - {"count"}


@pytest.mark.parametrize("key", sorted(phrases()))
def test_german_phrases_are_typeset_as_germans_do(key: str) -> None:
    german = phrases()[key]["de"]
    assert '"' not in german
    assert " - " not in german
    assert "!" not in german
    assert german.count("„") == german.count("“")


@pytest.mark.parametrize("kind", StepKind)
def test_every_step_has_a_sentence_and_a_name(kind: StepKind) -> None:
    assert f"kind.{kind.value}" in phrases()
    assert f"step.{kind.value}" in phrases()


@pytest.mark.parametrize("intent", Intent)
def test_every_answer_has_its_reason(intent: Intent) -> None:
    assert f"reason.heard.{intent.value}" in phrases()


def test_one_day_is_said_in_the_singular() -> None:
    assert (
        say(Phrase("why.silence", {"count": 1, "usual": 4}), "de") == "seit einem Arbeitstag still"
    )
    assert (
        say(Phrase("why.silence", {"count": 12, "usual": 4}), "de")
        == "seit 12 Arbeitstagen still, üblich sind 4"
    )


def test_dates_and_money_are_written_in_the_language() -> None:
    phrase = Phrase("against.runner_up", {"other": "kind.mail", "less": 123_456})
    assert say(phrase, "de") == "Nächstbester Schritt: Kurze Mail (rund 1.235 € weniger wert)."
    assert say(phrase, "en") == "Next best step: Short mail (worth about €1,235 less)."
    held = Phrase("held.window", {"on": date(2026, 12, 1)})
    assert "1.12.2026" in say(held, "de")
    assert "1 December 2026" in say(held, "en")


def test_a_stored_date_comes_back_as_iso_text() -> None:
    assert "1.12.2026" in say(Phrase("held.window", {"on": "2026-12-01"}), "de")


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "so gut wie nie"),
        (0.34, "etwa 1 von 3"),
        (0.76, "etwa 3 von 4"),
        (1.0, "so gut wie immer"),
    ],
)
def test_a_probability_is_said_as_a_frequency(p: float, words: str) -> None:
    assert say(frequency(p), "de") == words


def test_the_strength_of_evidence_has_a_word() -> None:
    assert say(strength(11.0), "de") == "stark dafür"
    assert say(strength(-3.5), "de") == "dagegen"
    assert say(strength(-0.2), "de") == "kaum dagegen"


def test_an_unknown_language_is_answered_in_german() -> None:
    assert say(Phrase("kind.mail"), "fr") == "Kurze Mail"


def test_an_unknown_key_is_a_fault_of_ours() -> None:
    with pytest.raises(PhraseError):
        say(Phrase("kind.poem"), "de")


def test_b3_what_is_less_than_nothing_says_so() -> None:
    sunk = Phrase("effort.sunk", {"spent": 82_000, "expected": -500})
    assert say(sunk, "de").endswith("zu erwarten sind im Mittel rund −5 €.")
    assert "about −€5" in say(sunk, "en")
