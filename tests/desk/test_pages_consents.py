"""Consents on the pages: what stands, what ended, and the record to take along."""

import csv
import json
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.pursuit import ConsentState
from nachhaken.terms import Channel, ConsentScope, StepKind
from tests import cast
from tests.desk.shown import Done, in_days, page_of, pursued

pytestmark = pytest.mark.django_db


def test_e5_a_standing_consent_is_shown_with_words_day_and_window(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    address = f"/opportunities/{alpenblick}/"
    text = page_of(desk, address).partition('id="einwilligung"')[2]
    assert "Noch keine festgehalten.<br>" in text
    done(
        commands.give_consent,
        heard_on=Channel.CALL,
        words="Ja, im Januar gern.",
        channel=Channel.CALL,
        window=(in_days(40), in_days(50)),
    )
    text = page_of(desk, address).partition('id="einwilligung"')[2]
    assert "„Ja, im Januar gern.“" in text
    assert "am Telefon · für Anrufe, in dieser Sache · gilt" in text
    (row,) = pursued(owner, alpenblick).consents
    desk.post(f"{address}consents/{row.id}/withdrawal", {"key": "w"})
    assert pursued(owner, alpenblick).consents == ()
    assert "Noch keine festgehalten." in page_of(desk, address)


def test_e5_every_consent_stays_on_record_whatever_became_of_it(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    give = {"heard_on": Channel.CALL}
    over = (in_days(-9), in_days(-2))
    stands = done(commands.give_consent, words="gern", **give).entry_id
    past = done(commands.give_consent, words="nur bis Montag", window=over, **give).entry_id
    gone = done(commands.give_consent, words="schon gut", **give).entry_id
    done(commands.withdraw_consent, entry_id=gone, words="doch nicht")
    wrong = done(commands.give_consent, words="verhört", **give).entry_id
    commands.undo(actor=owner, now=timezone.now(), key="u", entry_id=wrong)
    page = queries.prospect(owner, prospect, now=timezone.now())
    assert {one.id: one.state for one in page.consents} == {
        stands: ConsentState.STANDS,
        past: ConsentState.OVER,
        gone: ConsentState.WITHDRAWN,
        wrong: ConsentState.UNDONE,
    }
    withdrawn = next(one for one in page.consents if one.id == gone)
    assert (withdrawn.ended_words, withdrawn.ended_by) == ("doch nicht", "Katrin Brandt")
    assert withdrawn.ended_at is not None
    assert {one.noted_by for one in page.consents} == {"Katrin Brandt"}
    text = page_of(desk, f"/prospects/{prospect}/").partition('id="einwilligungen"')[2]
    for words in ("gern", "nur bis Montag", "schon gut", "verhört", "„doch nicht“"):
        assert words in text
    for state in ("gilt", "abgelaufen", "widerrufen", "irrtümlich notiert, zurückgenommen"):
        assert state in text


def test_e5_an_objection_ends_every_consent(owner: User, alpenblick: int, done: Done) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    done(commands.give_consent, words="gern", heard_on=Channel.CALL)
    commands.opt_out(
        actor=owner, now=timezone.now(), key="o", prospect_id=prospect, reason="keine Anrufe mehr"
    )
    (one,) = queries.prospect(owner, prospect, now=timezone.now()).consents
    assert (one.state, one.ended_words) == (ConsentState.OBJECTED, "keine Anrufe mehr")
    assert pursued(owner, alpenblick).consents == ()


def test_e5_a_reply_that_objects_ends_a_consent_too(
    owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.give_consent, words="gern", heard_on=Channel.CALL)
    done(
        commands.record_outcome,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        text="Bitte streichen Sie mich aus Ihrem Verteiler und rufen Sie nicht mehr an.",
    )
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    (one,) = queries.prospect(owner, prospect, now=timezone.now()).consents
    assert one.state is ConsentState.OBJECTED
    assert one.ended_at is not None


def test_e5_the_record_is_taken_along_as_a_table_without_formulas(
    desk: Client, alpenblick: int, done: Done
) -> None:
    evil = '=HYPERLINK("http://x.example";"hier")'
    done(commands.give_consent, words=evil, heard_on=Channel.MAIL, channel=Channel.MAIL)
    done(commands.give_consent, words='sagte: "gern; jederzeit"', heard_on=Channel.CALL)
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    answer = desk.get(f"/prospects/{prospect}/consents.csv")
    assert answer.content.startswith(b"\xef\xbb\xbfPerson;Vorgang;Wortlaut;")
    assert answer["Content-Disposition"] == (
        'attachment; filename="einwilligungen-pension-alpenblick.csv"'
    )
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Wortlaut"] for row in rows] == ['sagte: "gern; jederzeit"', f"'{evil}"]
    assert rows[1]["Weg"] == "für Mails"
    assert rows[1]["notiert von"] == "Katrin Brandt"
    assert rows[1]["Stand"] == "gilt"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r="])
def test_e5_no_cell_of_the_table_is_a_formula(start: str) -> None:
    from nachhaken.desk.exports import table

    content = table(["x"], [[f"{start}1+1"]]).decode("utf-8-sig")
    ((cell,),) = list(csv.reader(StringIO(content, newline=""), delimiter=";"))[1:]
    assert cell == f"'{start}1+1"


def test_e5_the_record_is_taken_along_for_programs(
    desk: Client, alpenblick: int, done: Done
) -> None:
    window = (in_days(3), in_days(9))
    done(
        commands.give_consent,
        words="gern",
        heard_on=Channel.CALL,
        scope=ConsentScope.ADVERTISING,
        window=window,
    )
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    found = json.loads(desk.get(f"/prospects/{prospect}/consents.json").content)
    assert found["prospect"] == "Pension Alpenblick"
    (one,) = found["consents"]
    assert (one["words"], one["scope"], one["state"]) == ("gern", "advertising", "stands")
    assert one["window"] == [day.isoformat() for day in window]
    assert one["ended_at"] is None
    assert Event.objects.get(pk=one["id"]).kind == "consented"


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_e5_nobody_else_gets_the_record(
    client: Client, owner: User, alpenblick: int, ending: str
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    address = f"/prospects/{prospect}/consents.{ending}"
    assert client.get(address).status_code == 302
    client.force_login(owner)
    assert client.get(f"/prospects/999999/consents.{ending}").status_code == 404
    with pytest.raises(RefusedError):
        queries.consent_records(cast.stranger(), prospect, now=timezone.now())
