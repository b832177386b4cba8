"""The morning's list by mail: what it says, to whom it goes, when, once, and what alarms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.cli import cli
from nachhaken.desk import commands, mailer, queries
from nachhaken.desk.digest import digest_of
from nachhaken.desk.models import (
    Digest,
    DigestFault,
    DigestState,
    MailAccount,
    Person,
    Plan,
    User,
)
from nachhaken.desk.sealing import seal
from tests import cast
from tests.cast import NOW
from tests.post import mailbox

BERLIN = ZoneInfo("Europe/Berlin")
DIGEST = time(7, 0)
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@dataclass
class Line:
    """A line to a mail server that answers as it is told and keeps what was sent."""

    answer: mailer.Answer = field(default_factory=lambda: mailer.Accepted(answer="250 OK"))
    dies: str = ""  # "before" or "after" the text
    taken: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    def __call__(
        self,
        raw: bytes,
        sender: str,
        recipients: Sequence[str],
        server: mailer.Server,
        *,
        on_data: Callable[[], None],
    ) -> mailer.Answer:
        if self.dies == "before":
            raise OSError
        if not isinstance(self.answer, mailer.NotReached):
            on_data()
            self.taken.append(raw)
            self.to += recipients
        if self.dies == "after":
            raise OSError
        return self.answer

    @property
    def mail(self) -> EmailMessage:
        (raw,) = self.taken
        return message_from_bytes(raw, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


@pytest.fixture
def owner() -> User:
    user = cast.owner()
    commands.set_digest(actor=user, now=NOW - timedelta(days=1), at=DIGEST)
    user.refresh_from_db()
    return user


def account(user: User, *, at: datetime = NOW) -> MailAccount:
    return MailAccount.objects.create(
        user=user, address=user.email, username=user.email, secret=seal("x"),
        smtp_host="mail.x.example", set_at=at,
    )  # fmt: skip


@pytest.fixture
def line(owner: User) -> Line:
    account(owner, at=NOW - timedelta(days=1))
    return Line()


def at(clock: str, day: date = TODAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), BERLIN)


def send(line: Line, clock: str = "07:05", day: date = TODAY) -> int:
    return commands.send_digests(now=at(clock, day), transmit=line)


def row() -> Digest:
    return Digest.objects.exclude(state=DigestState.NOTHING).latest("day")


def test_x1_the_mail_says_who_why_now_which_step_which_words_and_when(owner: User) -> None:
    placed = cast.settle_all(actor=owner)
    text = digest_of(owner, now=NOW).text
    page = queries.today(owner, now=NOW, minutes=60)
    assert page.fits >= 2
    for step in page.rows[: page.fits]:
        assert f"{step.prospect} · {step.title}" in text
        assert step.step in text
        assert step.why in text
        assert step.phone in text
        assert f"http://localhost:8000/opportunities/{step.opportunity_id}/" in text
    assert text.count("/later/") == page.fits
    assert "am besten" in text
    assert any(" ".join(step.words.split())[:60] in text for step in page.rows if step.words)
    assert "Dienstag, 24. November" in text
    assert placed["Getränke Lohmeier"].prospect.name not in text


def test_what_came_in_stands_above_and_what_is_late_says_so(owner: User) -> None:
    silent = cast.settle(cast.SILENT, actor=owner)
    raw = mailbox(f"Markus Kern <{cast.SILENT.mail}>", now=NOW)
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=NOW)
    Plan.objects.filter(pk=silent.pk).update(due=TODAY - timedelta(days=3))
    text = digest_of(owner, now=NOW).text
    assert "Autohaus Kern · Schiebetor Hof (" in text
    assert "Neu eingegangen\n– Autohaus Kern: " in text
    assert "Im Eingang braucht etwas Sie" in text


def test_the_list_of_an_empty_day_says_why_and_what_comes_next(owner: User) -> None:
    assert "noch keine Vorgänge" in digest_of(owner, now=NOW).text
    pk = cast.settle(cast.SILENT, actor=owner).pk
    commands.snooze(actor=owner, now=NOW, key="s", opportunity_id=pk, until=date(2026, 12, 15))
    letter = digest_of(owner, now=NOW)
    assert letter.subject == "Heute ist nichts fällig"
    assert "Als Nächstes: Dienstag, 15. Dezember." in letter.text


def test_a_stranger_to_german_gets_it_in_english(owner: User) -> None:
    cast.settle(cast.SILENT, actor=owner)
    owner.language = "en"
    assert "Tuesday, 24 November" in digest_of(owner, now=NOW).text


def test_it_goes_to_the_user_alone_and_never_to_a_customer(owner: User, line: Line) -> None:
    cast.settle_all(actor=owner)
    assert send(line) == 1
    customers = set(Person.objects.exclude(mail="").values_list("mail", flat=True))
    assert customers
    assert line.to == [owner.email]
    for header in ("To", "Cc", "Bcc", "Reply-To", "Sender"):
        assert not any(mail in str(line.mail[header] or "") for mail in customers)


def test_it_is_plain_text_without_anything_that_calls_home(owner: User, line: Line) -> None:
    cast.settle_all(actor=owner)
    send(line)
    assert line.mail.get_content_type() == "text/plain"
    assert line.mail.get_content_charset() == "utf-8"
    assert line.mail["Auto-Submitted"] == "auto-generated"
    assert "<img" not in text_of(line.mail)
    assert "Schritte" in str(line.mail["Subject"])


def test_it_goes_at_the_hour_and_once_a_day(owner: User, line: Line) -> None:
    assert send(line, "06:59") == 0
    assert send(line, "07:00") == 1
    assert [send(line, clock) for clock in ("07:01", "12:00", "23:59")] == [0, 0, 0]
    assert len(line.taken) == 1
    assert (row().state, row().fault) == (DigestState.SENT, "")
    assert row().message_id == str(line.mail["Message-ID"]).strip("<>")


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 12, 25)], ids=["Sat", "Christmas"])
def test_on_days_off_nothing_goes(owner: User, line: Line, day: date) -> None:
    assert send(line, day=day) == 0
    assert not Digest.objects.filter(day=day).exists()


def test_a_holiday_of_the_own_state_alone_counts(owner: User, line: Line) -> None:
    corpus_christi = date(2027, 5, 27)
    assert send(line, day=corpus_christi) == 0
    commands.prefer(actor=owner, now=NOW, region="DE-BE")
    assert send(line, day=corpus_christi) == 1


# Easter Monday, the day after the change in spring, is a day off, and so is All Saints' in autumn.
@pytest.mark.parametrize("day", [date(2027, 3, 30), date(2027, 11, 2)], ids=["spring", "autumn"])
def test_the_hour_holds_on_both_sides_of_the_change(owner: User, line: Line, day: date) -> None:
    assert send(line, "06:59", day) == 0
    assert send(line, "07:00", day) == 1


def test_after_downtime_it_goes_late_on_the_same_day_and_says_so(owner: User, line: Line) -> None:
    assert send(line, "09:12") == 1
    (alarm,) = queries.alarms(owner, now=at("09:13"))
    assert "erst um 9:12" in alarm.what


def test_never_for_past_days_but_they_are_owned_up_to(owner: User, line: Line) -> None:
    send(line)
    monday = date(2026, 11, 30)
    assert send(line, day=monday) == 1
    assert len(line.taken) == 2
    missed = Digest.objects.filter(fault=DigestFault.OFF).values_list("day", flat=True)
    assert sorted(missed) == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]
    (alarm,) = queries.alarms(owner, now=at("07:06", monday))
    assert "Freitag, 27. November" in alarm.what
    assert "Nachhaken lief nicht" in alarm.what


def test_the_days_before_it_was_wanted_are_not_missed(owner: User, line: Line) -> None:
    send(line)
    assert not Digest.objects.filter(fault=DigestFault.OFF).exists()


def test_without_an_account_there_is_an_alarm_and_a_mail_as_soon_as_there_is_one(
    owner: User,
) -> None:
    line = Line()
    assert send(line) == 0
    (alarm,) = queries.alarms(owner, now=at("07:06"))
    assert "kein Postfach" in alarm.what
    assert send(line, "08:00") == 0
    account(owner, at=at("08:01"))
    assert send(line, "08:02") == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (mailer.NotReached(fault=mailer.Fault.TIMEOUT), "nicht zu erreichen"),
        (mailer.NotReached(fault=mailer.Fault.CERTIFICATE), "Zertifikat"),
        (
            mailer.Refused(fault=mailer.Fault.RECIPIENT, answer="550 no", is_permanent=True),
            "nicht angenommen",
        ),
        (mailer.Unknown(fault=mailer.Fault.BROKEN), "ungewiss"),
    ],
)
def test_what_did_not_arrive_shows_on_today_until_it_is_put_away(
    owner: User, line: Line, client: Client, answer: mailer.Answer, words: str
) -> None:
    line.answer = answer
    assert send(line) == 0
    Digest.objects.update(state_at=timezone.now())
    client.force_login(owner)
    assert words in html(client.get("/"))
    client.post(f"/digests/{row().pk}/seen")
    assert words not in html(client.get("/"))


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_an_alarm_is_its_users_alone(owner: User, line: Line) -> None:
    line.answer = mailer.NotReached(fault=mailer.Fault.HOST)
    send(line)
    other = cast.colleague()
    assert queries.alarms(other, now=at("07:06")) == ()
    commands.put_away_alarm(actor=other, now=at("07:06"), digest_id=row().pk)
    assert len(queries.alarms(owner, now=at("07:06"))) == 1


def test_what_was_not_reached_is_tried_again_some_minutes_later(owner: User, line: Line) -> None:
    line.answer = mailer.NotReached(fault=mailer.Fault.HOST)
    send(line, "07:00")
    line.answer = mailer.Accepted(answer="250 OK")
    assert send(line, "07:05") == 0
    assert send(line, "07:10") == 1
    assert queries.alarms(owner, now=at("07:11")) == ()


def test_a_refusal_is_not_asked_for_twice_until_the_account_changes(
    owner: User, line: Line
) -> None:
    line.answer = mailer.Refused(fault=mailer.Fault.SENDER, answer="550", is_permanent=True)
    send(line, "07:00")
    send(line, "09:00")
    assert len(line.taken) == 1
    MailAccount.objects.update(set_at=at("09:30"))
    line.answer = mailer.Accepted(answer="250 OK")
    assert send(line, "09:31") == 1


def test_dead_before_the_text_is_sent_again_dead_after_it_never(owner: User, line: Line) -> None:
    line.dies = "before"
    assert send(line, "07:00") == 0
    assert row().fault == DigestFault.ERROR
    line.dies = "after"
    assert send(line, "07:30") == 0
    assert (len(line.taken), row().state) == (1, DigestState.UNKNOWN)
    line.dies = ""
    assert send(line, "08:30") == 0
    assert len(line.taken) == 1


@pytest.mark.parametrize(
    ("state", "sent", "after"),
    [
        (DigestState.SENDING, 0, DigestState.UNKNOWN),
        (DigestState.WAITING, 1, DigestState.SENT),
    ],
)
def test_what_a_killed_process_left_is_unknown_or_taken_up(
    owner: User, line: Line, state: str, sent: int, after: str
) -> None:
    Digest.objects.create(user=owner, day=NOW.date(), state=state, state_at=at("07:00"))
    assert send(line, "07:05") == 0
    assert row().state == state
    assert send(line, "07:20") == sent
    assert row().state == after


def test_one_users_fault_stops_nobody_else(owner: User, line: Line) -> None:
    other = cast.colleague()
    other.email = other.username
    other.save()
    commands.set_digest(actor=other, now=at("06:00"), at=DIGEST)
    account(other)
    User.objects.filter(pk=owner.pk).update(email="kein Postfach")
    assert send(line) == 1
    assert line.to == [other.username]
    assert Digest.objects.get(user=owner, day=NOW.date()).state == DigestState.FAILED


def test_whatever_breaks_for_one_the_next_one_gets_the_list(owner: User, line: Line) -> None:
    other = cast.colleague()
    other.email = other.username
    other.save()
    commands.set_digest(actor=other, now=at("06:00"), at=DIGEST)
    account(other)

    def brittle(
        raw: bytes,
        sender: str,
        recipients: Sequence[str],
        server: mailer.Server,
        *,
        on_data: Callable[[], None],
    ) -> mailer.Answer:
        if recipients == [owner.email]:
            raise ZeroDivisionError
        return line(raw, sender, recipients, server, on_data=on_data)

    assert commands.send_digests(now=at("07:05"), transmit=brittle) == 1
    assert line.to == [other.username]


def test_an_hour_that_is_past_today_begins_tomorrow_and_a_later_one_today(
    owner: User, line: Line
) -> None:
    commands.set_digest(actor=owner, now=at("12:00"), at=time(11, 0))
    assert send(line, "12:01") == 0
    commands.set_digest(actor=owner, now=at("12:02"), at=time(12, 10))
    assert [send(line, "12:05"), send(line, "12:10")] == [0, 1]


def test_who_left_or_wants_none_gets_none(owner: User, line: Line) -> None:
    commands.set_digest(actor=owner, now=at("06:00"), at=None)
    assert send(line) == 0
    commands.set_digest(actor=owner, now=at("06:00"), at=DIGEST)
    User.objects.update(is_active=False)
    assert send(line) == 0


def test_the_hour_is_set_on_the_page_of_settings(owner: User, client: Client) -> None:
    client.force_login(owner)
    client.post("/settings/calendar/digest", {"at": "06:45"})
    owner.refresh_from_db()
    assert owner.digest_at == time(6, 45)
    assert 'value="06:45"' in html(client.get("/settings/calendar/"))
    bad = client.post("/settings/calendar/digest", {"at": "halb sieben"})
    assert bad.status_code == 422
    client.post("/settings/calendar/digest", {"at": ""})
    owner.refresh_from_db()
    assert owner.digest_at is None


def test_the_terminal_shows_the_mail_without_sending_it() -> None:
    user = cast.owner()
    cast.settle_all(actor=user, now=timezone.now())
    done = CliRunner().invoke(cli, ["digest", "--print"], catch_exceptions=False)
    assert f"An: {user.email}" in done.output
    assert "/later/" in done.output
    assert not Digest.objects.exists()
