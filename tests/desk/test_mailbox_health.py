"""How it stands with a mailbox, from its rows, and the word before somebody asks into the dark."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nachhaken.desk import queries
from nachhaken.desk.digest import digest_of
from nachhaken.desk.mailbox_words import since
from nachhaken.desk.models import MailAccount, MailFolder, Opportunity, Plan, User
from nachhaken.desk.pages_mailbox import Trouble
from nachhaken.desk.queries.mail import Asked
from nachhaken.desk.queries.mailboxes import count_of
from nachhaken.terms import StepKind
from tests import cast
from tests.cast import NOW
from tests.desk.shown import page_of

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOOK = "Vielleicht liegt dort schon eine Antwort: bitte erst nachsehen."
Folder = Callable[..., MailFolder]


@pytest.fixture
def box(owner: User) -> MailAccount:
    return account_of(owner)


def account_of(user: User, **changed: object) -> MailAccount:
    known: dict[str, object] = {"address": "k@brandt.example", "username": "k", "set_at": NOW}
    servers = {"smtp_host": "mail.brandt.example", "imap_host": "imap.brandt.example"}
    return MailAccount.objects.create(user=user, **(known | servers | changed))


def folder(box: MailAccount, *, now: datetime = NOW, name: str = "INBOX", **changed: Any) -> None:
    well = {"fetched_at": now - MINUTE, "compared_at": now - MINUTE, "last_mail_at": now - HOUR}
    MailFolder.objects.create(account=box, name=name, **(well | changed))


def trouble(owner: User, now: datetime = NOW) -> Trouble | None:
    health = queries.health_of(owner, now)
    assert health is not None
    return health.trouble


def test_without_a_mailbox_there_is_nothing_to_say(owner: User) -> None:
    assert queries.health_of(owner, NOW) is None
    account_of(owner, imap_host="")  # it only sends
    assert queries.health_of(owner, NOW) is None


def test_every_folder_read_compared_and_lately_is_well(owner: User, box: MailAccount) -> None:
    folder(box, held=41, kept=12, unmatched=2, skipped=27, last_uid=90)
    folder(box, name="Sent", is_sent=True, fetched_at=NOW - 9 * MINUTE)
    health = queries.health_of(owner, NOW)
    assert health is not None
    assert health.is_well
    assert health.fetched_at == NOW - 9 * MINUTE  # the folder that was read least lately
    assert health.last_mail_at == NOW - HOUR
    inbox, sent = health.folders
    assert (inbox.title, inbox.held, inbox.kept) == ("Posteingang", 41, 12)
    assert (inbox.doubtful, inbox.passed_over, inbox.read_up_to) == (2, 27, 90)
    assert (sent.title, sent.is_sent) == ("Gesendet", True)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"fault": "wrong_password"}, Trouble.FAULT),
        ({"fault": "not_reached"}, Trouble.FAULT),
        ({"fetched_at": None}, Trouble.UNREAD),
        ({"missing": "17"}, Trouble.GAP),
        ({"missing": "4:6", "fetched_at": NOW - 3 * HOUR}, Trouble.GAP),
        ({"fetched_at": NOW - 61 * MINUTE}, Trouble.STALE),
        ({"fetched_at": NOW - 59 * MINUTE}, None),
        ({"compared_at": None}, Trouble.UNCOMPARED),
        ({"compared_at": NOW - 2 * HOUR}, Trouble.UNCOMPARED),
        ({"faulty": 3}, None),  # they were decided on, and wait in the inbox
    ],
)
@pytest.mark.parametrize("name", ["INBOX", "Sent"])
def test_one_folder_that_is_not_well_is_enough(
    owner: User, box: MailAccount, name: str, changed: dict[str, Any], expected: Trouble | None
) -> None:
    folder(box, name="Nachhaken")
    folder(box, name=name, **changed)
    assert trouble(owner) is expected


def test_before_the_first_visit_it_is_not_well(owner: User, box: MailAccount) -> None:
    assert trouble(owner) is Trouble.UNREAD


def test_a_gap_is_never_shown_well_however_it_is_counted(owner: User, box: MailAccount) -> None:
    folder(box, missing="3:5,9,12:13")
    health = queries.health_of(owner, NOW)
    assert health is not None
    assert (health.is_well, health.gaps) == (False, 6)
    assert health.sentence == "In Ihrem Postfach liegen 6 Mails, die hier noch fehlen."
    assert count_of("") == 0


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (20 * timedelta(seconds=1), "seit einer Minute"),
        (40 * MINUTE, "seit 40 Minuten"),
        (3 * HOUR, "seit 3 Stunden"),
        (16 * HOUR, "seit gestern 17:30"),
        (3 * 24 * HOUR, "seit Samstag 9:30"),
        (21 * 24 * HOUR, "seit dem 3. November"),
    ],
)
def test_the_age_is_said_as_people_say_it(ago: timedelta, said: str) -> None:
    assert since(NOW - ago, NOW) == said


def due(row: Opportunity, kind: StepKind, *, at: datetime, owner: User | None = None) -> None:
    Plan.objects.filter(pk=row.pk).update(due=at.date(), kind=kind)
    Opportunity.objects.filter(pk=row.pk).update(owner=owner)


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    """One whose reply is answered, one who is asked: both are due."""
    found = cast.settle_all(actor=owner)
    due(found[cast.DECIDER.prospect], StepKind.ANSWER, at=NOW, owner=owner)
    due(found[cast.SILENT.prospect], StepKind.CALL, at=NOW, owner=owner)
    return found


def test_the_list_says_it_once_and_marks_whom_it_concerns(
    owner: User, box: MailAccount, rows: dict[str, Opportunity]
) -> None:
    folder(box, fetched_at=NOW - 16 * HOUR)
    page = queries.today(owner, now=NOW)
    assert [one.sentence for one in page.doubts] == [
        f"Ihr Postfach wurde seit gestern 17:30 nicht gelesen. {LOOK}"
    ]
    marked = {row.prospect: row.in_doubt for row in page.rows}
    assert marked[cast.SILENT.prospect]
    assert not marked[cast.DECIDER.prospect]


@pytest.mark.parametrize(("fault", "missing"), [("login", ""), ("", "3")])
def test_what_is_said_above_the_list_is_no_fault_besides(
    owner: User, box: MailAccount, rows: dict[str, Opportunity], fault: str, missing: str
) -> None:
    folder(box, fault=fault, missing=missing)
    assert [row.kind.partition("_")[0] for row in queries.inbox(owner).faults] == ["mailbox"]
    page = queries.today(owner, now=NOW)
    assert len(page.doubts) == 1
    assert page.faults == ()
    Plan.objects.all().update(due=None)
    assert len(queries.today(owner, now=NOW).faults) == 1


def test_nothing_is_said_of_a_mailbox_that_is_well_or_missing(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    assert queries.today(owner, now=NOW).doubts == ()
    folder(account_of(owner))
    page = queries.today(owner, now=NOW)
    assert page.doubts == ()
    assert not any(row.in_doubt for row in page.rows)


def test_a_colleagues_mailbox_is_named_and_cannot_be_fetched_by_me(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    jonas = cast.colleague()
    folder(account_of(jonas), fetched_at=NOW - 3 * HOUR)
    Plan.objects.all().update(due=None)
    due(rows[cast.SILENT.prospect], StepKind.CALL, at=NOW, owner=jonas)
    (said,) = queries.today(owner, now=NOW).doubts
    assert said.sentence.startswith("Das Postfach von Jonas Wirth wurde seit 3 Stunden nicht")
    assert not said.is_own


def test_whom_nobody_owns_is_asked_from_ones_own_mailbox(
    owner: User, box: MailAccount, rows: dict[str, Opportunity]
) -> None:
    Plan.objects.all().update(due=None)
    due(rows[cast.SILENT.prospect], StepKind.STOP, at=NOW)
    assert [one.is_own for one in queries.today(owner, now=NOW).doubts] == [True]


def test_all_mailboxes_of_a_list_cost_one_query(owner: User, rows: dict[str, Opportunity]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.today(owner, now=NOW)
        return sum('JOIN "desk_mailfolder"' in q["sql"] for q in captured.captured_queries)

    assert asked() == 1
    judged = [row for name, row in rows.items() if name != cast.OPTED_OUT.prospect]
    for number, row in enumerate(judged):
        colleague = User.objects.create_user(f"c{number}@brandt.example")
        folder(account_of(colleague, address=f"c{number}@brandt.example"), missing="2")
        due(row, StepKind.CALL, at=NOW, owner=colleague)
    assert asked() == 1
    assert len(queries.today(owner, now=NOW).doubts) == len(judged)
    Plan.objects.update(kind=StepKind.ANSWER)
    assert asked() == 0


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [
        (StepKind.MAIL, True),
        (StepKind.CLARIFY, True),
        (StepKind.STOP, True),
        (StepKind.ANSWER, False),
        (StepKind.DELIVER, False),
    ],
)
def test_every_page_of_a_step_says_it_where_somebody_is_asked(
    owner: User, box: MailAccount, rows: dict[str, Opportunity], kind: StepKind, is_told: bool
) -> None:
    folder(box, missing="7")
    pk = rows[cast.SILENT.prospect].pk
    shown = [
        queries.opportunity(owner, pk, now=NOW, step=kind).doubt,
        queries.call_sheet(owner, pk, now=NOW, step=kind).doubt,
        queries.mail_page(owner, pk, now=NOW, asked=Asked(step=kind)).doubt,
    ]
    assert [doubt is not None for doubt in shown] == [is_told] * 3


def test_what_is_closed_asks_nobody(
    owner: User, box: MailAccount, rows: dict[str, Opportunity]
) -> None:
    Opportunity.objects.update(outcome="lost")
    assert queries.opportunity(owner, rows[cast.SILENT.prospect].pk, now=NOW).doubt is None


def test_the_morning_mail_says_it_above_the_list_and_at_the_step(
    owner: User, box: MailAccount, rows: dict[str, Opportunity]
) -> None:
    folder(box, fault="wrong_password", fetched_at=NOW - 16 * HOUR)
    text = digest_of(owner, now=NOW).text
    assert text.count(LOOK) == 1
    assert "Ihr Postfach ist gestört und wurde seit gestern 17:30 nicht gelesen." in text
    assert "/settings/post" in text
    assert "Vorher ins Postfach sehen." in text


def test_the_pages_lead_to_fetching_and_to_the_mailbox(
    desk: Client, owner: User, box: MailAccount, alpenblick: int
) -> None:
    now = timezone.now()
    folder(box, now=now, fetched_at=now - 2 * HOUR)
    Plan.objects.filter(pk=alpenblick).update(due=timezone.localdate(), kind=StepKind.CALL)
    today = page_of(desk, "/")
    assert today.count(LOOK) == 1
    assert today.count('<span class="look">erst nachsehen</span>') == 1
    for name in ("opportunity", "call-sheet", "mail"):
        shown = page_of(desk, reverse(name, args=[alpenblick]) + "?step=call")
        assert LOOK in shown
        assert reverse("fetching") in shown
        assert reverse("mail-account") in shown


def test_who_has_no_mailbox_finds_the_hint_in_the_inbox_alone(
    desk: Client, alpenblick: int
) -> None:
    assert "sobald Ihr Postfach eingerichtet ist" in page_of(desk, "/inbox/")
    assert "Postfach" not in page_of(desk, "/").partition("<main")[2].partition("</main")[0]


def test_a_gap_waits_in_the_inbox_until_it_is_closed(
    desk: Client, owner: User, box: MailAccount
) -> None:
    now = timezone.now()
    folder(box, now=now, missing="3:4")
    shown = page_of(desk, "/inbox/")
    assert "Im Postfach k@brandt.example liegen Mails, die hier fehlen" in shown
    assert "Posteingang: 2 Mails liegen auf dem Server und fehlen hier." in shown
    assert queries.badges(owner, now=now).inbox == 1
    MailFolder.objects.update(missing="")
    assert queries.badges(owner, now=now).inbox == 0
    assert "es fehlt nichts" in page_of(desk, "/inbox/")
