"""What the desk shows of a reading, and how a person confirms it or puts it right."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, Plan, User
from nachhaken.desk.queries.marks import marked, shown, what_shows
from nachhaken.desk.queries.replies import reading_view
from nachhaken.desk.wishes import window_in
from nachhaken.reading.values import Doubt, Reading, Span, Window
from nachhaken.terms import Channel, Intent, NoReason, Signal
from nachhaken.timeline import Replied, Statement
from tests.post import mailbox

TEXT = "Bis Freitag, sonst zu teuer, Ostern."
READING = Reading(
    intent=Intent.NO,
    probabilities={intent: 0.9 if intent is Intent.NO else 0.01 for intent in Intent},
    callback=Window(date(2027, 3, 30), date(2027, 4, 12)),
    no_reason=NoReason.PRICE,
    signals=frozenset({Signal.URGENCY, Signal.PRICE_PRESSURE}),
    intent_span=Span(13, 27),
    callback_span=Span(29, 35),
    reason_span=Span(19, 27),
    signal_spans={Signal.URGENCY: Span(0, 18), Signal.PRICE_PRESSURE: Span(19, 27)},
)
db = pytest.mark.django_db


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def replied(owner: User, said: str) -> int:
    raw = mailbox("Rosa Huber <huber@alpenblick.example>", now=timezone.now(), said=said)
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=timezone.now())
    return Event.objects.get(kind="replied").pk


def taps(text: str) -> dict[str, str]:
    """The hidden fields of the form that takes one tap."""
    form = text.partition('class="taps"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.partition("<button")[0]))


def test_pieces_may_show_several_things() -> None:
    pieces = marked(TEXT, READING)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert [(piece.text, [*piece.marks]) for piece in pieces if piece.marks] == [
        ("Bis Freitag, ", [("signal", 0)]),
        ("sonst", [("intent", 2), ("signal", 0)]),
        (" ", [("intent", 2)]),
        ("zu teuer", [("intent", 2), ("reason", 1), ("signal", 0)]),
        ("Ostern", [("window", 0)]),
    ]
    with translation.override("de"):
        (three,) = (piece for piece in marked(TEXT, READING) if len(piece.marks) == 3)
    assert three.title == "Absage, Grund, drückt den Preis"


def test_the_legend_quotes_the_piece_that_shows_each_thing() -> None:
    rows = [(row.mark, row.what, row.piece) for row in shown(TEXT, READING)]
    assert rows == [
        ("intent", "Absage", "sonst zu teuer"),
        ("window", "Fenster", "Ostern"),
        ("reason", "Grund", "zu teuer"),
        ("signal", "drückt den Preis", "zu teuer"),
        ("signal", "eilig", "Bis Freitag, sonst"),
    ]


def test_a_place_behind_the_text_is_left_out() -> None:
    assert [piece.marks for piece in marked("Ja.", READING)] == [()]
    assert marked("", READING) == ()


def test_after_a_persons_word_only_what_agrees_stays_marked() -> None:
    stated = Statement(intent=Intent.LATER_VAGUE, callback=(date(2027, 3, 30), date(2027, 4, 12)))
    fact = Replied(channel=Channel.MAIL, text=TEXT, statement=stated)
    seen = what_shows(fact, READING)
    assert {row.mark for row in shown(TEXT, seen)} == {"window", "signal"}
    view = reading_view(fact, READING)
    assert view is not None
    assert (view.label, view.by_person, view.guesses) == ("später, ohne Grund", True, ())
    assert view.signals == ("drückt den Preis", "eilig")


def test_a_confirmed_condition_over_two_lines_stays_marked() -> None:
    text = "Erst wenn der\nUmbau fertig ist."
    read = replace(
        READING,
        intent=Intent.STALLED_NAMED,
        condition="wenn der\nUmbau fertig ist",
        condition_span=Span(5, 30),
    )
    stated = Statement(intent=Intent.STALLED_NAMED, condition="wenn der Umbau fertig ist")
    seen = what_shows(Replied(channel=Channel.MAIL, text=text, statement=stated), read)
    assert seen is not None
    assert seen.condition_span == Span(5, 30)


@pytest.mark.parametrize("doubt", list(Doubt))
def test_a_doubt_is_told_in_words_and_two_answers_are_offered(doubt: Doubt) -> None:
    view = reading_view(Replied(channel=Channel.MAIL, text=TEXT), replace(READING, doubt=doubt))
    assert view is not None
    assert view.is_unsure
    assert view.doubt.endswith(".")
    assert view.guesses[0].intent is Intent.NO
    assert len(view.guesses) == 2


def test_a_third_meaning_is_offered_where_it_is_not_far_fetched() -> None:
    likely = {Intent.NO: 0.4, Intent.LATER_VAGUE: 0.3, Intent.NONCOMMITTAL: 0.3}
    read = replace(READING, probabilities={one: likely.get(one, 0.0) for one in Intent})
    view = reading_view(Replied(channel=Channel.MAIL, text=TEXT), read)
    assert view is not None
    assert [guess.intent for guess in view.guesses] == list(likely)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("nach Ostern", date(2027, 3, 30), date(2027, 4, 12)),
        ("KW 12", date(2027, 3, 22), date(2027, 3, 28)),
        ("in 2-3 Monaten", date(2027, 1, 24), date(2027, 2, 24)),
        ("after Easter", date(2027, 3, 30), date(2027, 4, 12)),
    ],
)
def test_words_give_the_days_that_the_customer_means(words: str, start: date, end: date) -> None:
    assert window_in(words, on=date(2026, 11, 24), region="DE") == (start, end)


def test_words_count_from_the_replys_day_and_in_its_region() -> None:
    words = "nach den Sommerferien"
    found = {window_in(words, on=date(2026, 5, 1), region=r) for r in ("DE-BY", "DE-NW", "CH")}
    assert len(found) == 3
    assert window_in("irgendwann", on=date(2026, 5, 1), region="DE") is None


@db
def test_an_unsure_reading_asks_and_one_tap_answers(
    desk: Client, owner: User, alpenblick: int
) -> None:
    pk = replied(owner, "👍")
    text = html(desk.get("/inbox/"))
    assert "Unsicher: klingt nach" in text
    assert f'href="#reply-{pk}">zu einer unsicheren</a>' in text
    assert len(re.findall('<button class="button" name="intent"', text)) in {2, 3}
    before = Plan.objects.get(pk=alpenblick)
    answer = desk.post(
        f"/replies/{pk}/statement",
        {**taps(text), "intent": "yes"},
        headers={"HX-Request": "true", "HX-Target": f"reply-{pk}"},
    )
    assert "von Ihnen bestätigt" in html(answer)
    assert "Unsicher" not in html(answer)
    assert Plan.objects.get(pk=alpenblick).title != before.title


@db
def test_a_sure_reading_is_confirmed_with_all_that_was_read(
    desk: Client, owner: User, alpenblick: int
) -> None:
    pk = replied(owner, "Rufen Sie mich in 2-3 Monaten wieder an.")
    text = html(desk.get("/inbox/"))
    assert "Unsicher" not in text
    held = taps(text)
    desk.post(f"/replies/{pk}/statement", {**held, "intent": "later_vague"})
    stated = Event.objects.get(kind="restated").payload["statement"]
    assert stated == {"intent": "later_vague", "callback": [held["start"], held["end"]]}


@db
def test_a_long_condition_is_confirmed_in_one_line(
    desk: Client, owner: User, alpenblick: int
) -> None:
    pk = replied(owner, "hm")
    condition = "sobald der Gemeinderat\r\n" + "zugestimmt und " * 30 + "unterschrieben hat"
    posted = {"key": "a", "intent": "stalled_named", "condition": condition}
    desk.post(f"/replies/{pk}/statement", posted)
    stated = Event.objects.get(kind="restated").payload["statement"]
    assert stated["condition"] == " ".join(condition.split())


@db
def test_days_count_from_the_day_of_the_users_zone(owner: User, alpenblick: int) -> None:
    """Half past eleven at night in UTC is the next day in Berlin."""
    sender = "Rosa Huber <huber@alpenblick.example>"
    now = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    raw = mailbox(sender, now=now, said="Rufen Sie mich morgen an.")
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=now)
    (reply,) = queries.inbox(owner).replies
    assert reply.reading.window == (date(2026, 11, 25), date(2026, 11, 25))


@db
def test_two_taps_count_once_and_are_taken_back(desk: Client, owner: User, alpenblick: int) -> None:
    pk = replied(owner, "Rufen Sie mich in 2-3 Monaten wieder an.")
    before = Plan.objects.get(pk=alpenblick)
    posted = {**taps(html(desk.get("/inbox/"))), "intent": "no"}
    for _ in range(2):
        desk.post(f"/replies/{pk}/statement", posted)
    event = Event.objects.get(kind="restated")
    assert Plan.objects.get(pk=alpenblick).title != before.title
    desk.post(f"/entries/{event.pk}/undo")
    after = Plan.objects.get(pk=alpenblick)
    assert (after.title, after.due) == (before.title, before.due)
    assert "stimmt nicht?" in html(desk.get("/inbox/"))


@db
def test_the_form_takes_the_time_in_words(desk: Client, owner: User, alpenblick: int) -> None:
    pk = replied(owner, "hm")
    address = f"/replies/{pk}/statement"
    posted = {"key": "a", "intent": "later_vague", "start": "2026-01-01", "words": "irgendwann"}
    assert "Das ergibt keinen Zeitraum." in html(desk.post(address, posted))
    desk.post(address, posted | {"words": "nach Ostern"})
    start, end = Event.objects.get(kind="restated").payload["statement"]["callback"]
    on = timezone.localdate(Event.objects.get(pk=pk).occurred_at)
    assert (date.fromisoformat(start), date.fromisoformat(end)) == window_in(
        "nach Ostern", on=on, region="DE"
    )


@db
def test_who_objects_is_given_no_date(desk: Client, owner: User, alpenblick: int) -> None:
    pk = replied(owner, "hm")
    posted = {"key": "a", "intent": "opt_out", "start": "2026-01-01", "condition": "Messe"}
    desk.post(f"/replies/{pk}/statement", posted)
    assert Event.objects.get(kind="restated").payload["statement"] == {"intent": "opt_out"}


@db
def test_the_page_says_it_in_english(desk: Client, owner: User, alpenblick: int) -> None:
    replied(owner, "👍")
    text = html(desk.get("/inbox/", headers={"Accept-Language": "en"}))
    assert "Unsure: it sounds like" in text
    assert "none of these" in text


@db
def test_what_a_person_said_is_listed_with_what_was_read(
    desk: Client, owner: User, alpenblick: int
) -> None:
    assert queries.corrections(owner) == ()
    said = "Rufen Sie mich in 2-3 Monaten wieder an."
    pk = replied(owner, said)
    for key, intent in (("a", Intent.NO), ("b", Intent.NONCOMMITTAL)):
        desk.post(f"/replies/{pk}/statement", {"key": key, "intent": intent.value})
    (one,) = queries.corrections(owner)
    assert (one.text, one.region) == (said, "")
    assert (one.read.intent, one.said.intent) == (Intent.LATER_VAGUE, Intent.NONCOMMITTAL)
    assert one.on == timezone.localdate(Event.objects.get(pk=pk).occurred_at)


@db
def test_only_what_stands_and_is_ones_own_is_listed(
    desk: Client, owner: User, alpenblick: int
) -> None:
    pk = replied(owner, "Rufen Sie mich in 2-3 Monaten wieder an.")
    for key, intent in (("a", Intent.NO), ("b", Intent.NONCOMMITTAL)):
        desk.post(f"/replies/{pk}/statement", {"key": key, "intent": intent.value})
    colleague = User.objects.create_user("milan", "milan@brandt.example", "x")
    assert queries.corrections(colleague) == ()
    first, second = Event.objects.filter(kind="restated").order_by("pk")
    desk.post(f"/entries/{second.pk}/undo")
    assert [one.said.intent for one in queries.corrections(owner)] == [Intent.NO]
    desk.post(f"/entries/{first.pk}/undo")
    assert queries.corrections(owner) == ()


@db
def test_the_page_of_what_was_learnt_counts_corrections(
    desk: Client, owner: User, alpenblick: int
) -> None:
    assert "Noch keine Antwort haben Sie" in html(desk.get("/learning/"))
    pk = replied(owner, "Rufen Sie mich in 2-3 Monaten wieder an.")
    desk.post(f"/replies/{pk}/statement", {"key": "a", "intent": "no"})
    text = html(desk.get("/learning/"))
    assert "einmal „später, ohne Grund“ gelesen, „Absage“ gemeint" in text
    desk.post(f"/replies/{pk}/statement", {"key": "b", "intent": "later_vague"})
    assert "bei 1 stimmte die Lesart" in html(desk.get("/learning/"))
