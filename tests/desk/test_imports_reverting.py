"""Taking an import back: as if it had never come, save what somebody has worked on since."""

from datetime import timedelta
from pathlib import Path

import pytest

from nachhaken.desk import commands, incoming, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import (
    Event,
    Filled,
    ImportRun,
    Opportunity,
    Person,
    Prospect,
    UnmatchedMail,
    User,
)
from nachhaken.example import render
from nachhaken.terms import OutcomeKind
from tests import cast
from tests.cast import NOW
from tests.desk.looked import GRUBER, KERN, lying_about, state, table, taken
from tests.desk.test_imports import mail

pytestmark = pytest.mark.django_db
OFFERS = table(f"{KERN};14.800,00;offen;2,5", f"{GRUBER};7.900,00;offen;")


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


def back(owner: User, run: ImportRun) -> bool:
    return commands.revert_import(actor=owner, now=NOW, run_id=run.pk)


def test_import_revert_import_is_import(owner: User) -> None:
    before = state()
    first = taken(owner, OFFERS)
    whole = state()
    assert back(owner, first)
    assert state() == before
    again = taken(owner, OFFERS)
    assert state() == whole
    assert (again.new + again.changed, again.same) == (2, 0)
    assert back(owner, again)
    assert state() == before
    taken(owner, OFFERS)
    assert state() == whole


def test_taking_back_twice_changes_nothing(owner: User) -> None:
    run = taken(owner, OFFERS)
    assert back(owner, run)
    events = list(Event.objects.order_by("pk").values())
    assert not back(owner, run)
    assert list(Event.objects.order_by("pk").values()) == events


def test_the_second_of_two_leaves_the_first_whole(owner: User) -> None:
    taken(owner, OFFERS)
    whole = state()
    changed = table(f"{KERN};13.900,00;Auftrag;2,5", f"{GRUBER};7.900,00;offen;", *_more(3))
    for _ in range(2):
        second = taken(owner, changed)
        assert state() != whole
        back(owner, second)
        assert state() == whole


def test_everything_of_the_example_goes_and_comes_back(owner: User) -> None:
    files = render(NOW.date())
    before = whole = state()
    order = sorted(files, key=lambda name: not name.endswith((".csv", ".xlsx")))
    for _ in range(2):
        runs = [taken(owner, files[name], name) for name in order]
        whole = state()
        for run in reversed(runs):
            back(owner, run)
        assert state() == before
        assert not UnmatchedMail.objects.exists()
    for name in order:
        taken(owner, files[name], name)
    assert state() == whole


def test_what_somebody_worked_on_stays_and_is_named(owner: User) -> None:
    run = taken(owner, OFFERS)
    kern = Opportunity.objects.get(prospect__name="Autohaus Kern")
    commands.close(actor=owner, now=NOW, key="k", opportunity_id=kern.pk, outcome=OutcomeKind.WON)
    page = queries.reversal(owner, run.pk, now=NOW)
    assert [(row.name, row.why) for row in page.staying] == [
        ("Autohaus Kern · Schiebetor Hof", "worked")
    ]
    assert (page.opportunities, page.staying_total) == (1, 1)
    back(owner, run)
    assert [row[0] for row in state()["opportunities"]] == ["Schiebetor Hof"]
    assert [row[0] for row in state()["prospects"]] == ["Autohaus Kern"]
    assert [row[1] for row in state()["people"]] == ["Markus Kern"]
    assert Opportunity.objects.get(pk=kern.pk).outcome == OutcomeKind.WON


def test_a_mail_that_another_import_brought_holds_its_opportunity(owner: User) -> None:
    run = taken(owner, OFFERS)
    later = taken(owner, mail("AW: Angebot AN-1", "Wir melden uns nach Ostern."), "antwort.eml")
    assert (later.new, queries.reversal(owner, run.pk, now=NOW).staying[0].why) == (1, "other")
    back(owner, run)
    assert len(state()["opportunities"]) == 1
    back(owner, later)
    assert [event[1] for event in state()["events"]] == ["offer_sent", "effort_spent"][::-1]


def test_mails_go_and_come_back(owner: User) -> None:
    taken(owner, OFFERS)
    whole = state()
    rosa = "Rosa Huber <rosa@huber.example>"
    box = b"".join(
        b"From x Thu Nov 12 10:00:00 2026\n" + raw + b"\n"
        for raw in (
            mail("AW: Angebot AN-1", "Wir melden uns nach Ostern."),
            mail("Anfrage Balkon", "Was kostet das?", From=rosa, Message_ID="<x@huber.example>"),
        )
    )
    for _ in range(3):
        run = taken(owner, box, "post.mbox")
        assert UnmatchedMail.objects.count() == 1
        assert len(state()["events"]) == len(whole["events"]) + 1
        back(owner, run)
        assert state() == whole
        assert not UnmatchedMail.objects.exists()


def test_what_was_filled_in_is_taken_out_again(owner: User) -> None:
    nameless = KERN.replace("m.kern@autohaus-kern.example", "")
    taken(owner, table(f"{nameless};14.800,00;offen;"))
    assert Person.objects.get().mail == ""
    second = KERN.replace("AN-1", "AN-9")
    run = taken(owner, table(f"{second};1.000,00;offen;"))
    assert Person.objects.get().mail == "m.kern@autohaus-kern.example"
    back(owner, run)
    assert Person.objects.get().mail == ""


def test_what_was_changed_since_is_not_put_back(owner: User) -> None:
    nameless = KERN.replace("m.kern@autohaus-kern.example", "")
    taken(owner, table(f"{nameless};14.800,00;offen;"))
    run = taken(owner, table(f"{KERN.replace('AN-1', 'AN-9')};1.000,00;offen;"))
    assert Filled.objects.filter(run=run).count() == 1
    Person.objects.update(mail="kern@anders.example")
    back(owner, run)
    assert Person.objects.get().mail == "kern@anders.example"


def test_contacts_of_nobody_else_are_deleted(owner: User) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Rosa Huber\nORG:Huber GmbH\n"
        "EMAIL:rosa@huber.example\nEND:VCARD\n"
    )
    run = taken(owner, card.encode(), "kontakte.vcf")
    assert (Prospect.objects.count(), Person.objects.count()) == (1, 1)
    back(owner, run)
    assert (Prospect.objects.count(), Person.objects.count()) == (0, 0)


def test_only_for_thirty_days_and_by_somebody_of_the_desk(owner: User) -> None:
    run = taken(owner, OFFERS)
    later = NOW + timedelta(days=31)
    with pytest.raises(commands.InvalidError):
        commands.revert_import(actor=owner, now=later, run_id=run.pk)
    with pytest.raises(commands.NotFoundError):
        commands.revert_import(actor=owner, now=NOW, run_id=run.pk + 1)
    with pytest.raises(RefusedError):
        commands.revert_import(actor=cast.stranger(), now=NOW, run_id=run.pk)


def test_a_large_one_is_planned_anew_in_the_background(owner: User) -> None:
    run = taken(owner, table(*_more(120)))
    assert len(state()["opportunities"]) == 120
    back(owner, run)
    assert incoming.progress_of(ImportRun.objects.get(pk=run.pk).file)
    commands.take_in(run.pk, now=NOW)
    assert state()["opportunities"] == []
    assert lying_about() == []


def _more(count: int) -> list[str]:
    return [
        f"B-{n};1;02.11.2026;Betrieb {n};Person {n};p{n}@betrieb-{n}.example;Tor {n};100,00;offen;"
        for n in range(count)
    ]
