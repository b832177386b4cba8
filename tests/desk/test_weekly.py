"""The weekly review by mail: at its hour, once, and said where it could not go."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from nachhaken.desk import commands, mailer, queries
from nachhaken.desk.models import REVIEW, Digest, DigestFault, DigestState, MailAccount, User
from tests import cast
from tests.cast import NOW
from tests.desk.test_digest import Line, account, at, text_of
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = 4, 0
HOUR = time(16, 0)
DUE = at("16:05", (NOW + timedelta(days=3)).date())


@pytest.fixture
def owner() -> User:
    user = cast.owner()
    cast.settle(cast.RETURNING, actor=user)
    commands.set_review(actor=user, now=NOW, weekday=FRIDAY, at=HOUR)
    user.refresh_from_db()
    return user


@pytest.fixture
def line(owner: User) -> Line:
    account(owner, at=NOW - timedelta(days=1))
    return Line()


def send(line: Line, now: datetime) -> int:
    return commands.send_reviews(now=now, transmit=line)


def test_it_goes_out_at_its_hour_once_and_to_nobody_else(owner: User, line: Line) -> None:
    assert send(line, NOW) == 0  # the hour of last week was before it was wanted
    assert send(line, at("15:59", DUE.date())) == 0
    assert send(line, DUE) == 1
    assert send(line, DUE + timedelta(hours=1)) == 0
    assert line.to == [owner.email]
    assert line.mail["Subject"] == "Wochenrückblick, Woche 48"
    assert line.mail["Auto-Submitted"] == "auto-generated"


def test_it_says_what_the_page_says(owner: User, line: Line) -> None:
    send(line, DUE)
    text, page = text_of(line.mail), queries.review(owner, now=DUE)
    assert page.push
    for row in page.push:
        assert f"– {row.prospect} · {row.title}" in text
        assert f"/opportunities/{row.opportunity_id}/" in text
    for one in page.let_go:
        assert one.worth in text.replace("\n   ", " ")


def test_next_week_it_goes_again_and_a_slept_through_hour_is_made_good(
    owner: User, line: Line
) -> None:
    assert send(line, DUE) == 1
    assert send(line, DUE + timedelta(days=9)) == 1  # the desk was off on Friday
    assert Digest.objects.filter(kind=REVIEW, state=DigestState.SENT).count() == 2
    assert queries.alarms(owner, now=DUE + timedelta(days=9)) == ()


def test_on_monday_it_looks_back_at_the_week_before(owner: User, line: Line) -> None:
    commands.set_review(actor=owner, now=NOW, weekday=MONDAY, at=HOUR)
    assert send(line, NOW + timedelta(days=7)) == 1
    assert line.mail["Subject"] == "Wochenrückblick, Woche 48"


def test_off_means_off(owner: User, line: Line) -> None:
    commands.set_review(actor=owner, now=NOW, weekday=None, at=HOUR)
    assert send(line, DUE) == 0
    assert not Digest.objects.filter(kind=REVIEW, state=DigestState.SENT).exists()


def test_it_stands_beside_the_morning_list_of_the_same_day(owner: User, line: Line) -> None:
    commands.set_digest(actor=owner, now=NOW, at=time(7))
    assert commands.send_digests(now=at("07:05", DUE.date()), transmit=line) == 1
    assert send(line, DUE) == 1
    assert len(line.taken) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (mailer.NotReached(fault=mailer.Fault.TIMEOUT), "Der Mailserver war nicht"),
        (mailer.Unknown(fault=mailer.Fault.TIMEOUT), "ist ungewiss"),
    ],
)
def test_what_could_not_go_is_said_on_heute(
    owner: User, line: Line, answer: mailer.Answer, said: str
) -> None:
    line.answer = answer
    assert send(line, DUE) == 0
    (alarm,) = queries.alarms(owner, now=DUE)
    assert alarm.what.startswith(("Der Wochenrückblick vom", "Ob der Wochenrückblick vom"))
    assert said in alarm.what
    commands.put_away_alarm(actor=owner, now=DUE, digest_id=alarm.id)
    assert queries.alarms(owner, now=DUE) == ()


def test_without_a_mailbox_it_waits_for_one(owner: User) -> None:
    line = Line()
    assert send(line, DUE) == 0
    assert Digest.objects.get(kind=REVIEW, fault=DigestFault.NO_ACCOUNT).state == "failed"
    account(owner, at=DUE + timedelta(minutes=1))
    assert send(line, DUE + timedelta(minutes=2)) == 1


def test_who_asks_gets_the_week_at_once_and_once_a_day(owner: User, line: Line) -> None:
    for _ in range(2):
        state, fault = commands.mail_review(
            actor=owner, now=NOW, week="2026-W47", owner=None, transmit=line
        )
        assert (state, fault) == (DigestState.SENT, "")
    assert len(line.taken) == 1
    assert "Woche 47" in line.mail["Subject"]


def test_who_asks_is_told_at_once_and_not_by_an_alarm(owner: User, client: Client) -> None:
    client.force_login(owner)
    response = client.post("/review/mail", {"week": "2026-W47", "owner": "²"}, follow=True)
    assert "Dafür fehlt noch ein Postfach" in html(response)
    assert queries.alarms(owner, now=NOW) == ()
    assert not MailAccount.objects.exists()


def test_after_a_failure_one_may_ask_again(owner: User, line: Line) -> None:
    line.answer = mailer.NotReached(fault=mailer.Fault.TIMEOUT)
    asked = commands.mail_review(actor=owner, now=NOW, week="", owner=None, transmit=line)
    assert asked[0] == DigestState.FAILED
    line.answer = mailer.Accepted(answer="250 OK")
    asked = commands.mail_review(actor=owner, now=NOW, week="", owner=None, transmit=line)
    assert asked == (DigestState.SENT, "")


def test_only_who_works_here_gets_it() -> None:
    with pytest.raises(PermissionDenied):
        commands.mail_review(actor=cast.stranger(), now=NOW, week="", owner=None)
    with pytest.raises(PermissionDenied):
        commands.set_review(actor=User.objects.get(), now=NOW, weekday=FRIDAY, at=HOUR)


def test_the_hour_is_set_on_the_page_of_the_calendar(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "Wochenrückblick per Mail" in html(client.get("/settings/calendar/"))
    client.post("/settings/calendar/review", {"weekday": "0", "at": "07:30"})
    owner.refresh_from_db()
    assert (owner.review_weekday, owner.review_at) == (MONDAY, time(7, 30))
    assert client.post("/settings/calendar/review", {"weekday": "0", "at": ""}).status_code == 422
    assert client.post("/settings/calendar/review", {"weekday": "9", "at": "x"}).status_code == 422
    client.post("/settings/calendar/review", {"weekday": "", "at": "07:30"})
    owner.refresh_from_db()
    assert (owner.review_weekday, owner.review_at) == (None, None)
