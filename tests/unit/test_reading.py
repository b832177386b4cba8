import csv
import math
import subprocess
import sys
from datetime import date

import pytest

from nachhaken.reading import read
from nachhaken.reading.confusion import TABLE, confusion
from nachhaken.reading.values import Doubt
from nachhaken.terms import Intent, NoReason, Signal
from tests.corpus.reading import rows

REFERENCE = date(2026, 10, 7)
QUOTE = "\n\nAm 01.10.2026 um 09:00 schrieb Max Muster:\n> Wir nehmen das Angebot an.\n"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Bitte streichen Sie mich aus Ihrem Verteiler.", Intent.OPT_OUT),
        ("Ich bin bis 30.10. nicht im Büro.", Intent.AUTO_REPLY),
        ("Hiermit beauftragen wir Sie.", Intent.YES),
        ("Wir haben uns für einen Mitbewerber entschieden.", Intent.NO),
        ("Da müssen Sie mit Frau Kunz vom Einkauf reden.", Intent.REFERRAL),
        ("Können Sie das nochmal mit 50 Stück rechnen?", Intent.REQUOTE),
        ("Wenn wir beim Zahlungsziel auf 30 Tage kommen, sind wir uns einig.", Intent.ENGAGED),
        ("Erst wenn das Budget im Januar freigegeben ist.", Intent.STALLED_NAMED),
        ("Rufen Sie mich in 2-3 Monaten wieder an.", Intent.LATER_VAGUE),
        ("Ich kann noch nichts sagen, wir melden uns.", Intent.NONCOMMITTAL),
        ("Anbei die Rechnung vom März.", Intent.OTHER),
    ],
)
def test_typical_sentence_of_the_label_page(text: str, intent: Intent) -> None:
    assert read(text, reference=REFERENCE).intent is intent


@pytest.mark.parametrize("text", ["", "   \n", "\u200b"])
def test_empty_text_is_other_with_low_confidence(text: str) -> None:
    reading = read(text, reference=REFERENCE)
    assert reading.intent is Intent.OTHER
    assert reading.confidence < 0.3


def test_text_that_says_little_is_read_softly() -> None:
    assert read("Sonne.", reference=REFERENCE).doubt is Doubt.CLOSE


def test_quoted_mail_is_not_read() -> None:
    text = "Das müssen wir leider absagen."
    alone, quoting = (read(one, reference=REFERENCE) for one in (text, text + QUOTE))
    assert alone == quoting
    assert alone.intent is Intent.NO


def test_signature_is_not_read() -> None:
    text = "Wird noch geprüft.\n\nMit freundlichen Grüßen\nA. Herbst\nBetriebsferien bis 30.10."
    assert read(text, reference=REFERENCE).callback is None


def test_sellers_idea_is_not_read() -> None:
    note = "Kein Bedarf. -> meine Idee: im Frühjahr nochmal anrufen"
    assert read(note, reference=REFERENCE).callback is None


def test_headers_tell_a_machine() -> None:
    assert read("Danke!", reference=REFERENCE, automatic=True).intent is Intent.AUTO_REPLY


def test_subject_tells_a_machine() -> None:
    reading = read("Danke!", reference=REFERENCE, subject="Automatische Antwort: Angebot")
    assert reading.intent is Intent.AUTO_REPLY
    assert reading.intent_span is None


def test_condition_is_a_verbatim_piece() -> None:
    text = "Wir können erst weitermachen, sobald das Budget freigegeben ist. Danke."
    reading = read(text, reference=REFERENCE)
    assert reading.condition == "sobald das Budget freigegeben ist"
    assert reading.condition_span is not None
    assert text[reading.condition_span.start : reading.condition_span.end] == reading.condition


def test_vague_condition_is_none() -> None:
    reading = read("Gern, wenn es bei uns ruhiger ist.", reference=REFERENCE)
    assert reading.intent is Intent.LATER_VAGUE
    assert reading.condition is None


def test_better_reason_goes_before_competitor() -> None:
    text = "Ein anderer Anbieter hat den Auftrag, Sie waren leider zu teuer. Wir müssen absagen."
    assert read(text, reference=REFERENCE).no_reason is NoReason.PRICE


def test_negated_order_is_no_yes() -> None:
    text = "Wir haben das noch nicht bestellt."
    assert read(text, reference=REFERENCE).intent is not Intent.YES


def test_insult_is_a_signal() -> None:
    reading = read("Das ist eine Frechheit.", reference=REFERENCE)
    assert reading.signals == frozenset({Signal.DISRESPECT})


def test_umlauts_may_be_written_out() -> None:
    spelled = read("Nächste Woche gern, schöne Grüße", reference=REFERENCE)
    plain = read("Naechste Woche gern, schoene Gruesse", reference=REFERENCE)
    assert spelled.callback == plain.callback
    assert spelled.callback is not None


def test_language_is_told() -> None:
    assert read("We will not take this.", reference=REFERENCE).language == "en"
    assert read("Das nehmen wir nicht.", reference=REFERENCE).language == "de"


def test_confusion_rows_are_distributions() -> None:
    table = confusion()
    assert set(table) == set(Intent)
    for row in table.values():
        assert math.isclose(math.fsum(row.values()), 1)
        assert min(row.values()) > 0


def test_stored_confusion_counts_every_held_reply_once() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        stored = [(row["true"], int(row["count"])) for row in csv.DictReader(file)]
    for intent in Intent:
        there = sum(row.label.intent is intent for row in rows.replies())
        assert sum(count for true, count in stored if true == intent) == there


def test_holidays_are_loaded_only_when_needed() -> None:
    code = (
        "import sys, datetime, nachhaken.reading as r;"
        "r.read('nach Ostern', reference=datetime.date(2026, 5, 1));"
        "sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
