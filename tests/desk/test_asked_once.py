"""What a page asks the database for, it asks for once: settings, what waits, the clock."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.setting_up import set_preferences
from nachhaken.desk.models import (
    Digest,
    DigestFault,
    DigestState,
    Event,
    ImportRun,
    MailAccount,
    MailFolder,
    Opportunity,
    Preference,
    UnmatchedMail,
    User,
)
from nachhaken.desk.preferences import preferences, read_once
from nachhaken.desk.records import encode
from nachhaken.desk.sealing import seal
from nachhaken.sources.imap import NotReached
from nachhaken.timeline import OfferSent
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def tables(captured: CaptureQueriesContext) -> list[str]:
    """Which table each query reads first."""
    asked = [re.search(r' FROM "desk_(\w+)"', q["sql"]) for q in captured.captured_queries]
    return [found[1] for found in asked if found]


@pytest.mark.parametrize("page", ["/", "/opportunities/{}/", "/opportunities/{}/mail", "/inbox/"])
def test_a_page_asks_for_settings_and_for_what_waits_once(
    owner: User, desk: Client, page: str
) -> None:
    address = page.format(cast.settle(cast.EVADER, actor=owner).pk)
    desk.get(address)
    with CaptureQueriesContext(connection) as captured:
        desk.get(address)
    asked = tables(captured)
    assert [asked.count(name) for name in ("preference", "lesson", "timer")] == [1, 1, 1]
    most = 2 if page in {"/", "/inbox/"} else 1  # the list itself, and the number beside it
    assert asked.count("outgoing") <= most + (page.endswith("mail"))


def test_settings_are_read_anew_outside_of_a_page(owner: User) -> None:
    with read_once():
        assert preferences().region == "DE-BY"
        Preference.objects.create(key="region", value="AT-5", set_at=NOW, set_by=owner)
        assert preferences().region == "DE-BY"
    assert preferences().region == "AT-5"


def test_what_writes_sees_what_it_wrote(owner: User, desk: Client) -> None:
    set_preferences({"region": "AT-5"}, actor=owner, now=NOW)
    desk.get("/settings/")
    assert preferences().region == "AT-5"


def account(owner: User, **changed: object) -> MailAccount:
    known = {"address": "k@x.example", "username": "k", "secret": seal("x"), "set_at": NOW}
    servers = {"smtp_host": "mail.x.example", "imap_host": "mail.x.example"}
    return MailAccount.objects.create(user=owner, **{**known, **servers, **changed})


def test_each_thing_that_waits_counts_and_stands_in_the_inbox(owner: User) -> None:
    now = timezone.now()
    ImportRun.objects.create(
        name="a.csv", at=now, new=1, same=0, changed=0, unmatched=0, faults=["Zeile 3", "Zeile 4"]
    )
    UnmatchedMail.objects.create(source_key="m", at=now, sender="a@b.example", text="Hallo")
    box = account(owner)
    for name in ("INBOX", "Sent"):  # two folders of one account are one thing to look after
        MailFolder.objects.create(account=box, name=name, fault="login")
    assert queries.badges(owner, now=now).inbox == len(queries.inbox(owner).faults) == 3


def test_a_server_that_is_silent_for_a_while_waits_for_nobody(owner: User) -> None:
    now = timezone.now()
    box = account(owner, set_at=now)
    folder = MailFolder.objects.create(account=box, name="INBOX", fault=NotReached.code)
    assert queries.badges(owner, now=now).inbox == 0
    assert queries.inbox(owner).faults == ()
    MailFolder.objects.filter(pk=folder.pk).update(fetched_at=now - timedelta(hours=2))
    assert queries.badges(owner, now=now).inbox == len(queries.inbox(owner).faults) == 1


def test_a_list_that_did_not_go_is_still_told(owner: User) -> None:
    assert queries.alarms(owner, now=NOW) == ()
    Digest.objects.create(
        user=owner,
        day=NOW.date(),
        state=DigestState.FAILED,
        state_at=NOW,
        fault=DigestFault.REFUSED,
    )
    assert len(queries.alarms(owner, now=NOW)) == 1


def test_versions_in_francs_cost_no_query_each(owner: User) -> None:
    row = cast.settle(cast.EVADER, actor=owner)
    for version in (2, 3):
        francs(owner, row, version)
    with CaptureQueriesContext(connection) as few:
        queries.opportunity(owner, row.pk, now=NOW)
    for version in (4, 5, 6):
        francs(owner, row, version)
    with CaptureQueriesContext(connection) as many:
        queries.opportunity(owner, row.pk, now=NOW)
    assert len(many) == len(few)


def francs(owner: User, row: Opportunity, version: int) -> None:
    fact = OfferSent(number="AN-1", version=version, net_cents=1_000_000, currency="CHF")
    Event.objects.create(
        kind="offer_sent",
        prospect=row.prospect,
        opportunity=row,
        occurred_at=NOW - timedelta(hours=12 - version),
        recorded_at=NOW,
        actor=owner,
        source_key=f"francs-{version}",
        payload=encode(fact),
    )


def test_a_list_that_is_cut_tells_how_many_there_are(owner: User) -> None:
    cast.settle_all(actor=owner)
    commands.replan([row.pk for row in Opportunity.objects.all()], now=NOW)
    page = queries.today(owner, now=NOW)
    assert page.total == queries.badges(owner, now=NOW).today == len(page.rows)
