"""Names, forms of address, days and sums as they are said to this customer."""

from datetime import date, datetime, timedelta

import pytest

from nachhaken.plan.address import address_of, voice_of
from nachhaken.plan.situation import situation_of
from nachhaken.plan.spoken import in_window, of_day, on_day, sum_of
from nachhaken.plan.wording import clause, last_words, quote, sentence_of
from nachhaken.playbook.values import Voice
from nachhaken.reading import Span, Window, read
from nachhaken.terms import Channel
from nachhaken.timeline import Entry, Replied, Timeline
from tests.cast import NOW

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        ("Rosa Huber", ["Sehr geehrte Frau Huber,"], "Frau Huber"),
        ("Rosa Huber", ["Frau Rosa Huber hat angerufen"], "Frau Huber"),
        ("Markus Kern", ["Guten Tag Herrn Kern, wie vereinbart"], "Herr Kern"),
        ("Markus Kern", ["Hr. Kern war nicht da"], "Herr Kern"),
        ("Dr. Leyla Yıldız", ["Sehr geehrte Frau Dr. Yıldız"], "Frau Dr. Yıldız"),
        ("Leyla Yıldız", ["Sehr geehrte Frau Dr. Yıldız"], "Frau Dr. Yıldız"),
        ("Prof. Dr. med. Eva Stein", ["Frau Stein"], "Frau Prof. Stein"),
        ("Frau Huber", [], "Frau Huber"),
        ("Herr Dr. Jan de Vries", [], "Herr Dr. de Vries"),
        ("Huber, Rosa", ["Frau Huber"], "Frau Huber"),
        ("Anna von der Tann", ["Frau von der Tann"], "Frau von der Tann"),
        ("Rosa Huber", [], "Rosa Huber"),
        ("Dr. Leyla Yıldız", [], "Dr. Leyla Yıldız"),
        ("Rosa Huber", ["Herr Meier und Frau Hubermann"], "Rosa Huber"),
        ("Kim Huber", ["Frau Huber kommt mit", "Herr Huber auch"], "Kim Huber"),
        ("Rosa", ["Frau Huber"], "Rosa"),
        ("Getränke Lohmeier", [], "Getränke Lohmeier"),
    ],
)
def test_a3_the_form_of_address_is_found_and_never_guessed(
    name: str, texts: list[str], said: str
) -> None:
    assert address_of(name, texts, Voice.SIE) == said


def test_what_somebody_set_stands_above_what_is_found() -> None:
    assert address_of("Kim Huber", ["Frau Huber"], Voice.SIE, salutation="herr") == "Herr Huber"


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        ("Rosa Huber", ["Frau Huber"], "Ms Huber"),
        ("Mark Kern", ["Dear Mr Kern"], "Mr Kern"),
        ("Dr. Leyla Yıldız", ["Frau Dr. Yıldız"], "Dr Yıldız"),
        ("Rosa Huber", [], "Rosa Huber"),
    ],
)
def test_english_addresses(name: str, texts: list[str], said: str) -> None:
    assert address_of(name, texts, Voice.ENGLISH) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Rosa Huber", "Rosa"),
        ("Dr. Leyla Yıldız", "Leyla"),
        ("Huber, Rosa", "Rosa"),
        ("Kai", "Kai"),
    ],
)
def test_who_is_called_du_is_called_by_the_first_name(name: str, said: str) -> None:
    assert address_of(name, ["Frau Huber"], Voice.DU) == said


def voice(*texts: str, region: str = "DE-BY", tone: str = "", automatic: bool = False) -> Voice:
    entries = [
        Entry(
            id=number,
            occurred_at=NOW + timedelta(hours=number),
            recorded_at=NOW,
            actor="",
            source_key=str(number),
            fact=Replied(channel=Channel.MAIL, text=text, automatic=automatic),
        )
        for number, text in enumerate(texts, 1)
    ]
    readings = {e.id: read(text, reference=TODAY) for e, text in zip(entries, texts, strict=True)}
    return voice_of(Timeline.of(entries), readings, region=region, tone=tone)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["Hallo Karl, kannst du mir das nochmal schicken?"], Voice.DU),
        (["Danke dir, das passt."], Voice.DU),
        (["Können Sie das nochmal schicken?"], Voice.SIE),
        (["Danke dir, aber Sie müssten das noch ändern."], Voice.SIE),
        (["Können Sie das?", "Ist gut.", "Passt.", "Dann machst du das so."], Voice.DU),
        (["Passt schon."], Voice.SIE),
        ([], Voice.SIE),
        (["Thank you for the offer, we are going to look at it next week."], Voice.ENGLISH),
        (["Thank you for the offer, we will look at it.", "Danke, passt so für uns."], Voice.SIE),
    ],
)
def test_du_and_english_are_the_customers_own(texts: list[str], said: Voice) -> None:
    assert voice(*texts) is said


def test_what_somebody_set_is_how_they_are_spoken_to() -> None:
    assert voice("Können Sie das schicken?", tone="du") is Voice.DU
    assert voice("Danke dir.", tone="sie") is Voice.SIE
    assert voice("Danke dir.", tone="sie", region="CH-BE") is Voice.SWISS
    assert voice("Thank you for the offer, we will see.", tone="sie") is Voice.SIE


def test_swiss_customers_are_spoken_to_as_swiss_and_machines_say_nothing() -> None:
    assert voice("Das passt.", region="CH-ZH") is Voice.SWISS
    assert voice("Danke dir.", automatic=True) is Voice.SIE


@pytest.mark.parametrize(
    ("start", "end", "german", "english"),
    [
        ("2027-01-01", "2027-01-31", "im Januar", "in January"),
        ("2027-01-21", "2027-01-31", "Ende Januar", "at the end of January"),
        ("2027-02-01", "2027-02-10", "Anfang Februar", "at the beginning of February"),
        ("2027-03-11", "2027-03-20", "Mitte März", "in mid-March"),
        ("2027-01-18", "2027-01-24", "in der Woche ab dem 18. Januar", "in the week of 18 January"),
        (
            "2026-11-30",
            "2026-12-04",
            "in der Woche ab dem 30. November",
            "in the week of 30 November",
        ),
        ("2027-01-12", "2027-01-25", "ab dem 12. Januar", "from 12 January"),
        ("2027-01-12", "2027-01-12", "am 12. Januar", "on 12 January"),
        ("2026-11-24", "2026-11-24", "heute", "today"),
        ("2027-01-01", "2027-03-31", "im ersten Quartal", "in the first quarter"),
        ("2027-10-01", "2027-12-31", "im vierten Quartal", "in the fourth quarter"),
        ("2027-01-01", "2027-12-31", "im Jahr 2027", "in 2027"),
        ("2027-08-01", "2027-08-31", "im August 2027", "in August 2027"),
    ],
)
def test_b1_a_time_is_said_with_its_preposition(
    start: str, end: str, german: str, english: str
) -> None:
    window = Window(date.fromisoformat(start), date.fromisoformat(end))
    assert in_window(window, today=TODAY, language="de") == german
    assert in_window(window, today=TODAY, language="en") == english


def test_days_near_and_far() -> None:
    assert of_day(date(2026, 11, 3), today=TODAY, language="de") == "vom 3. November"
    assert of_day(TODAY, today=TODAY, language="de") == "von heute"
    assert of_day(date(2026, 11, 23), today=TODAY, language="en") == "from yesterday"
    assert on_day(date(2025, 3, 1), today=TODAY, language="de") == "am 1. März 2025"
    assert on_day(date(2025, 3, 1), today=TODAY, language="en") == "on 1 March 2025"


def test_sums_are_said_in_their_country() -> None:
    assert sum_of(3_120_000, "EUR") == "31.200 Euro"
    assert sum_of(3_120_049, "CHF", swiss=True) == "31’200 Franken"
    assert sum_of(3_120_000, "EUR", language="en") == "31,200 euros"
    assert sum_of(99_900, "USD") == "999 USD"


@pytest.mark.parametrize(
    ("text", "shown", "sentence"),
    [
        (
            "Hallo Herr Brandt,\nwir melden uns.\n\nViele Grüße\nRosa Huber",
            "melden",
            "wir melden uns.",
        ),
        ("Danke. Wir melden uns. Schönes Wochenende!", "melden", "Wir melden uns."),
        ("Danke. Wir melden uns.\nMfG Kern", "", "Wir melden uns."),
        ("Wir brauchen\nnoch Zeit", "", "Wir brauchen\nnoch Zeit"),
        ("", "", ""),
        ("Viele Grüße", "", ""),
    ],
)
def test_the_sentence_that_shows_it_is_quoted(text: str, shown: str, sentence: str) -> None:
    place = text.find(shown)
    span = Span(place, place + len(shown)) if shown else None
    assert sentence_of(text, span) == sentence


def test_only_short_words_are_quoted() -> None:
    assert quote(" wenn das Budget\nfrei ist. ") == "wenn das Budget frei ist"
    assert quote("Passt das?") == "Passt das?"
    assert quote("x" * 81) == ""
    assert clause("Montage in einem Tag.") == "Montage in einem Tag"


def test_what_was_noted_of_a_talk_is_not_quoted() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=NOW.tzinfo)
    for channel, said in ((Channel.CALL, ""), (Channel.MAIL, "Wir melden uns")):
        fact = Replied(channel=channel, text="Wir melden uns.")
        entry = Entry(id=1, occurred_at=at, recorded_at=at, actor="", source_key="1", fact=fact)
        readings = {1: read(fact.text, reference=at.date())}
        assert last_words(situation_of(Timeline.of([entry]), readings, now=NOW)) == said
