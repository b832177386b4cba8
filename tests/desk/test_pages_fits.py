"""The pages about fit: rating in seconds, evidence, a matter's section, a finished job (D1)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nachhaken.desk import commands, fits, queries
from nachhaken.desk.commands.ledger import act_of, record
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.terms import Channel, OutcomeKind
from nachhaken.timeline import Replied, TakenAnyway, Touched
from tests import cast
from tests.desk.shown import Done, page_of

RUDE = "Danke für das Angebot. Das ist eine Frechheit bei dem Preis. Bitte bis morgen neu rechnen."


def rated() -> dict[str, object]:
    row = Event.objects.filter(kind=fits.KIND).standing().order_by("pk").last()
    return dict(row.payload) if row else {}


def happen(owner: User, opportunity: int, *facts: Touched | Replied | TakenAnyway) -> None:
    act = act_of(owner, timezone.now(), f"happened {Event.objects.count()}")
    record(act, opportunity, facts)


def test_d1_a_customer_is_rated_on_one_page_without_script(desk: Client, alpenblick: int) -> None:
    page = page_of(desk, f"/opportunities/{alpenblick}/fit")
    assert "Wie passt Pension Alpenblick zu Ihnen?" in page
    names = ["Wellenlänge", "Werte", "Erwartungen", "Achtung der Grenzen", "Wertschätzung"]
    legends = re.findall(r"<legend>([^<]+)</legend>", page)
    assert legends == [*names, "Ihre Kraft nach dem Gespräch"]
    assert page.count('type="radio"') == 6 * 4
    assert "data-question hidden" not in page
    assert "passt nicht" in page
    assert "weiß nicht" in page
    assert "kostet Kraft" in page
    sent = {"key": "a", "mark-values": "1", "mark-respect": "-1", "energy": "0", "note": "Nett"}
    for _ in range(2):
        answer = desk.post(f"/opportunities/{alpenblick}/fit", sent)
        assert answer["Location"] == f"/opportunities/{alpenblick}/"
    assert Event.objects.filter(kind=fits.KIND).count() == 1
    assert rated() == {
        "marks": [{"criterion": "respect", "points": -1}, {"criterion": "values", "points": 1}],
        "energy": 0,
        "evidence": [],
        "note": "Nett",
    }


def test_d1_a_rating_is_taken_back_with_the_toast(desk: Client, alpenblick: int) -> None:
    desk.post(f"/opportunities/{alpenblick}/fit", {"key": "a", "mark-values": "1"})
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Festgehalten, wie es passt." in page
    assert "Passung: gemischt" in page
    entry = Event.objects.get(kind=fits.KIND)
    assert f'action="/entries/{entry.pk}/undo"' in page
    desk.post(f"/entries/{entry.pk}/undo")
    assert rated() == {}
    assert "Noch nicht eingeschätzt" in page_of(desk, f"/opportunities/{alpenblick}/")


@pytest.mark.parametrize("sent", [{}, {"mark-values": "5"}, {"energy": "x"}, {"note": "Nett"}])
def test_d1_a_rating_that_rates_nothing_is_asked_again(
    desk: Client, alpenblick: int, sent: dict[str, str]
) -> None:
    answer = desk.post(f"/opportunities/{alpenblick}/fit", {"key": "a"} | sent)
    assert answer.status_code == 422
    assert rated() == {}


def test_d1_friction_is_shown_in_its_words_and_counts_only_when_ticked(
    desk: Client, owner: User, alpenblick: int
) -> None:
    happen(owner, alpenblick, Replied(channel=Channel.MAIL, text=RUDE))
    reply = Event.objects.get(kind="replied")
    address = f"/opportunities/{alpenblick}/fit"
    page = page_of(desk, address)
    box = re.search(r'<input type="checkbox" name="evidence" value="([^"]+)"( checked)?>', page)
    assert box
    assert box[2] is None
    assert "<q>Das ist eine Frechheit bei dem Preis.</q>" in page
    desk.post(address, {"key": "a", "mark-values": "1"})
    assert rated()["evidence"] == []
    desk.post(address, {"key": "b", "mark-values": "1", "evidence": box[1]})
    assert rated()["evidence"] == [reply.pk]
    assert {"criterion": "respect", "points": -1} in rated()["marks"]  # type: ignore[operator]
    sent = {"key": "c", "mark-respect": "1", "evidence": box[1]}
    desk.post(address, sent)
    assert rated()["marks"] == [{"criterion": "respect", "points": 1}]
    wrong = desk.post(address, {"key": "d", "mark-values": "1", "evidence": "999-disrespect"})
    assert wrong.status_code == 422


def test_d1_after_the_first_talk_the_desk_asks_and_after_a_later_one_quietly(
    desk: Client, owner: User, alpenblick: int
) -> None:
    address = f"/opportunities/{alpenblick}/"
    assert "Wie passt Pension Alpenblick zu Ihnen?" not in page_of(desk, address)
    happen(owner, alpenblick, Touched(channel=Channel.CALL, reached=False))
    assert "Wie passt Pension Alpenblick zu Ihnen?" not in page_of(desk, address)
    happen(owner, alpenblick, Touched(channel=Channel.CALL, reached=True))
    page = page_of(desk, address)
    assert "Wie passt Pension Alpenblick zu Ihnen?" in page
    assert "20 Sekunden" in page
    desk.post(f"/opportunities/{alpenblick}/fit", {"key": "a", "mark-values": "1"})
    page = page_of(desk, address)
    assert "Wie passt Pension Alpenblick zu Ihnen?" not in page
    assert "noch einmal einschätzen" not in page
    happen(owner, alpenblick, Touched(channel=Channel.CALL, reached=True))
    page = page_of(desk, address)
    assert "Wie passt Pension Alpenblick zu Ihnen?" not in page
    assert "noch einmal einschätzen" in page


def test_d1_the_page_says_what_the_fit_changes(desk: Client, alpenblick: int) -> None:
    sent = {"key": "a", "mark-values": "-1", "mark-respect": "-1", "energy": "-1"}
    desk.post(f"/opportunities/{alpenblick}/fit", sent)
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Passung: schlecht" in page
    assert "Ein Auftrag ist hier rund 2.800 EUR weniger wert." in page
    assert "Das geht ab 5 fertigen Aufträgen" in page
    assert "Achtung der Grenzen: passt nicht" in page
    assert "Kraft: kostet Kraft" in page


def test_d2_the_customer_s_page_shows_every_seller_s_own_view(
    desk: Client, owner: User, alpenblick: int
) -> None:
    now, asked = timezone.now(), {"values": -1, "respect": -1}
    colleague = cast.colleague()
    for key, actor, sign in (("a", owner, 1), ("b", colleague, -1)):
        marks = {name: sign * points for name, points in asked.items()}
        commands.rate_fit(actor=actor, now=now, key=key, opportunity_id=alpenblick, marks=marks)
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    page = page_of(desk, f"/prospects/{prospect}/")
    assert f"{owner}: schlecht" in page
    assert f"{colleague}: gut" in page


def test_d1_whom_an_objection_stops_nobody_rates(
    desk: Client, done: Done, owner: User, alpenblick: int
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    commands.opt_out(
        actor=owner, now=timezone.now(), key="no", prospect_id=prospect, person_id=None, reason=""
    )
    assert desk.get(f"/opportunities/{alpenblick}/fit").status_code == 404
    with pytest.raises(commands.InvalidError):
        done(commands.rate_fit, marks={"values": 1})
    assert "Passung" not in page_of(desk, f"/opportunities/{alpenblick}/")


def test_d1_criteria_are_set_on_a_page_that_the_settings_name(desk: Client) -> None:
    assert 'href="/settings/fit"' in page_of(desk, "/settings/")
    assert "Achtung der Grenzen" in page_of(desk, "/settings/fit")
    sent = {"name1": "Zahlt pünktlich", "key1": "", "name2": "Werte", "key2": "values"}
    assert desk.post("/settings/fit", sent).status_code == 302
    assert [one.name for one in fits.asked()] == ["Zahlt pünktlich", "Werte"]
    assert desk.post("/settings/fit", {"name1": " "}).status_code == 422
    assert [one.name for one in fits.asked()] == ["Zahlt pünktlich", "Werte"]


def test_d1_a_finished_job_is_told_with_its_limits(
    desk: Client, done: Done, owner: User, alpenblick: int
) -> None:
    address = f"/opportunities/{alpenblick}/job"
    assert desk.get(address).status_code == 404
    limits = ("keine Anrufe am Wochenende", "Nachträge nur schriftlich")
    happen(owner, alpenblick, TakenAnyway(reason="Auslastung", limits=limits))
    done(commands.close, outcome=OutcomeKind.WON, now=timezone.now() - timedelta(weeks=5))
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Ist der Auftrag fertig?" in page
    page = page_of(desk, address)
    assert "keine Anrufe am Wochenende" in page
    sent = {"key": "j", "planned": "40", "worked": "49,5", "margin_cents": "6.200", "again": "no"}
    assert desk.post(address, sent | {"kept0": "yes"}).status_code == 422
    answer = desk.post(address, sent | {"kept0": "yes", "kept1": "no"})
    assert answer.status_code == 302
    job = Event.objects.get(kind="job_finished").payload
    assert (job["planned_minutes"], job["worked_minutes"]) == (2_400, 2_970)
    assert (job["margin_cents"], job["again"], job["kept"]) == (620_000, False, [True, False])
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "9 Std. 30 mehr als geplant." in page
    assert "Übrig blieben 6.200 EUR." in page
    assert "Nachträge nur schriftlich: nicht gehalten" in page
    assert 'value="49,5"' in page_of(desk, address)


@pytest.mark.parametrize("sent", [{}, {"planned": "-1"}, {"worked": "x"}, {"margin_cents": "5-"}])
def test_d1_a_job_that_says_nothing_is_asked_again(
    desk: Client, done: Done, alpenblick: int, sent: dict[str, str]
) -> None:
    done(commands.close, outcome=OutcomeKind.WON)
    answer = desk.post(f"/opportunities/{alpenblick}/job", {"key": "j"} | sent)
    assert answer.status_code == 422
    assert not Event.objects.filter(kind="job_finished").exists()


def test_a_fresh_win_does_not_press_for_how_the_job_went(
    desk: Client, done: Done, alpenblick: int
) -> None:
    done(commands.close, outcome=OutcomeKind.WON)
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Ist der Auftrag fertig?" not in page
    assert f'href="/opportunities/{alpenblick}/job"' in page


def test_who_is_not_logged_in_rates_nothing(client: Client, alpenblick: int) -> None:
    for place in (f"/opportunities/{alpenblick}/fit", f"/opportunities/{alpenblick}/job"):
        assert client.get(place)["Location"].startswith("/login/")
    assert client.post("/settings/fit", {"name1": "A"})["Location"].startswith("/login/")
    assert rated() == {}


def test_d1_the_section_takes_a_constant_number_of_queries(
    desk: Client, owner: User, alpenblick: int
) -> None:
    def count() -> int:
        desk.get(f"/opportunities/{alpenblick}/")
        with CaptureQueriesContext(connection) as found:
            desk.get(f"/opportunities/{alpenblick}/")
        return len(found)

    desk.post(f"/opportunities/{alpenblick}/fit", {"key": "a", "mark-values": "1"})
    one = count()
    for number in range(4):
        desk.post(f"/opportunities/{alpenblick}/fit", {"key": f"b{number}", "mark-values": "0"})
        happen(owner, alpenblick, Touched(channel=Channel.CALL, reached=True))
    assert count() <= one


def test_d1_the_toast_of_the_first_talk_leads_to_the_rating_once(
    desk: Client, alpenblick: int
) -> None:
    def noted(key: str, result: str) -> str:
        sent = {"key": key, "step": "call", "head": "0", "result": result}
        desk.post(f"/opportunities/{alpenblick}/calls", sent)
        return page_of(desk, "/")

    assert "Wie passt es?" not in noted("a", "not_reached")
    assert f'href="/opportunities/{alpenblick}/fit">Wie passt es?' in noted("b", "engaged")
    assert "Wie passt es?" not in noted("c", "noncommittal")


def test_d1_who_has_rated_or_lost_is_not_asked_by_the_toast(
    owner: User, alpenblick: int, done: Done
) -> None:
    talk = Touched(channel=Channel.CALL, reached=True)
    first = record(act_of(owner, timezone.now(), "t"), alpenblick, [talk])
    assert queries.was_first_talk(owner, first)
    done(commands.close, outcome=OutcomeKind.LOST)
    assert not queries.was_first_talk(owner, first)
    done(commands.reopen)
    done(commands.rate_fit, marks={"values": 1})
    assert not queries.was_first_talk(owner, first)
