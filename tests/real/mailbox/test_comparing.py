"""What the server holds against what was taken: nothing is missing without being told."""

from datetime import date, datetime, timedelta

import pytest

from nachhaken.desk import commands
from nachhaken.desk.commands.looking_again import acquaintances
from nachhaken.desk.commands.sifting import Fate, Sieve
from nachhaken.desk.lines import mailbox_of
from nachhaken.desk.models import Event, MailAccount, MailFolder, UnmatchedMail, User
from nachhaken.sources.uid_set import UidSet
from tests.post import ME, mail
from tests.real.dovecot import Account
from tests.real.mailboxes import (
    SENT_FOLDER,
    assert_whole,
    fetch,
    folder_of,
    kinds,
    reply,
    stranger,
)

pytestmark = pytest.mark.real


def replies(matter: int) -> list[str]:
    rows = Event.objects.filter(opportunity=matter, kind="replied").order_by("occurred_at", "pk")
    return [row.payload["text"] for row in rows]


def test_only_mails_of_people_we_know_are_fetched_and_the_others_counted(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(5):
        account.deliver(stranger(f"{number}@x.example", now))
    account.deliver(reply("1@alpenblick.example", "Gern.", now))
    done = fetch(box)
    assert (done.taken.new, done.taken.skipped, done.taken.unmatched) == (1, 5, 0)
    inbox = folder_of(box)
    assert (inbox.kept, inbox.skipped, inbox.taken, inbox.held) == (1, 5, "1:6", 6)
    assert inbox.compared_at == inbox.fetched_at is not None
    assert_whole(box, account)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"From: <x@alpenblick.example>", id="known domain"),
        pytest.param(b"From: <x@web.de>\r\nCc: <huber@alpenblick.example>", id="copy"),
        pytest.param(b"From: <x@web.de>\r\nReply-To: <huber@alpenblick.example>", id="reply-to"),
        pytest.param(b"From: <x@web.de>\r\nX-Number: 2026/0417", id="offer number"),
        pytest.param(b"From: <katrin@brandt.example>", id="forwarded to oneself"),
        pytest.param(b"From: MAILER-DAEMON <postmaster@web.de>", id="report"),
        pytest.param(b"From: <x@web.de>\r\nReturn-Path: <>", id="no return path"),
    ],
)
def test_a_mail_that_may_concern_somebody_is_read(
    account: Account, box: MailAccount, matter: int, now: datetime, raw: bytes
) -> None:
    lines = stranger("1@x.example", now)
    raw = lines.replace(b"From: <neffe@web.de>", raw)
    if b"X-Number" in raw:
        raw = raw.replace(b"Kaffee und Kuchen", b"Re: Angebot 2026/0417")
    account.deliver(raw)
    account.deliver(stranger("2@x.example", now))
    with mailbox_of(box) as line:
        heads = list(line.heads("INBOX", line.span("INBOX").uid_validity, [1, 2]))
    assert Sieve(acquaintances()).fates_of(heads) == [Fate.READ, Fate.PASSED_OVER]


def test_an_answer_of_a_stranger_in_a_known_thread_comes_in(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    asked = now - timedelta(hours=2)
    account.deliver(mail(number="a@brandt.example", said="?", at=asked), SENT_FOLDER, asked)
    answer = stranger("b@x.example", now).replace(
        b"Subject", b"References: <a@brandt.example>\r\nSubject"
    )
    account.deliver(answer, at=now)
    fetch(box)
    assert kinds(matter)[-2:] == ["touched", "replied"]
    assert_whole(box, account)


def test_older_mail_comes_in_when_the_start_day_moves_back(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for days in (700, 500, 3):
        at = now - timedelta(days=days)
        account.deliver(reply(f"{days}@alpenblick.example", f"Vor {days} Tagen", at), at=at)
    fetch(box)
    assert replies(matter) == ["Vor 3 Tagen"]
    MailAccount.objects.filter(pk=box.pk).update(since=date(2000, 1, 1))
    fetch(box)
    assert replies(matter) == ["Vor 700 Tagen", "Vor 500 Tagen", "Vor 3 Tagen"]
    assert folder_of(box).held == 3
    assert_whole(box, account)


def test_a_chosen_folder_is_read_and_no_other(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.make_folder("Nachhaken")
    account.deliver(reply("1@alpenblick.example", "Aus dem Eingang", now))
    account.deliver(reply("2@alpenblick.example", "Abgelegt", now), "Nachhaken")
    MailAccount.objects.filter(pk=box.pk).update(folders_chosen_at=now)
    MailFolder.objects.create(account=box, name="Nachhaken")
    fetch(box)
    assert replies(matter) == ["Abgelegt"]
    assert list(MailFolder.objects.values_list("name", "held")) == [("Nachhaken", 1)]


def test_a_mail_that_came_in_under_a_lower_number_is_not_overlooked(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(3):
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number}", now))
    fetch(box)
    # As if higher numbers had been shown before, and were gone by now.
    MailFolder.objects.filter(name="INBOX").update(taken="1:3,9:12", last_uid=12, kept=7)
    account.deliver(reply("9@alpenblick.example", "Noch eine", now))
    assert fetch(box).taken.new == 1
    assert folder_of(box).taken == "1:4,9:12"
    assert_whole(box, account)


def test_what_was_deleted_or_moved_meanwhile_is_no_gap(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.make_folder("Ablage")
    for number in range(6):
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number}", now))
    fetch(box, most=2)
    account.erase(uids=[1, 4])
    account.move(5, "INBOX", to="Ablage")
    account.move(2, "INBOX", to=SENT_FOLDER)  # by mistake: it stays what it is
    fetch(box)
    assert sorted(replies(matter)) == ["Frage 0", "Frage 1", "Frage 2", "Frage 5"]
    assert folder_of(box).held == 2
    assert_whole(box, account)


def test_numbers_that_mean_other_mails_are_forgotten_and_nothing_comes_twice(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    sent = [mail(number=f"{n}@brandt.example", said=f"Text {n}", at=now) for n in range(3)]
    for raw in sent:
        account.deliver(raw, SENT_FOLDER)
    fetch(box)
    account.drop_folder(SENT_FOLDER)
    account.make_folder(SENT_FOLDER)
    for raw in [*sent[::-1], mail(number="9@brandt.example", said="Text 9", at=now)]:
        account.deliver(raw, SENT_FOLDER)
    done = fetch(box)
    assert (done.taken.new, done.taken.same) == (1, 3)
    row = folder_of(box, SENT_FOLDER)
    assert (row.kept, row.taken, row.held) == (4, "1:4", 4)
    assert_whole(box, account)


def test_who_becomes_known_later_is_looked_for_in_what_was_passed_over(
    account: Account, box: MailAccount, owner: User, now: datetime
) -> None:
    for number in range(3):
        at = now - timedelta(days=9 - number)
        raw = mail(
            number=f"{number}@late.example",
            said=f"Text {number}",
            at=at,
            to=ME,
            sender="eva@late.example",
        )
        account.deliver(raw, at=at)
        account.deliver(stranger(f"{number}@x.example", at), at=at)
    sent = mail(number="s@brandt.example", said="Hier.", at=now, to="eva@late.example")
    account.deliver(sent, SENT_FOLDER, now)
    fetch(box)
    assert (folder_of(box).skipped, Event.objects.count()) == (6, 0)
    # The Excel list comes afterwards.
    table = (
        "Angebotsnummer;Datum;Kunde;Ansprechpartner;E-Mail;Betrag\n"
        f"A-77;{now - timedelta(days=12):%d.%m.%Y};Spät GmbH;Eva Spät;eva@late.example;1.200,00\n"
    )
    commands.import_file(raw=table.encode(), name="liste.csv", actor=owner, now=now)
    done = fetch(box)
    assert done.taken.new == 4
    assert (folder_of(box).kept, folder_of(box).skipped) == (3, 3)
    assert fetch(box).taken.new == 0
    assert_whole(box, account, "eva@late.example")


def test_of_many_who_become_known_the_headers_are_read_once_more(
    account: Account, box: MailAccount, owner: User, now: datetime
) -> None:
    for number in range(25):
        raw = mail(
            number=f"{number}@w.example", said="Gern", at=now, to=ME, sender=f"kunde{number}@web.de"
        )
        account.deliver(raw)
    fetch(box)
    for number in range(25):
        commands.create_opportunity(
            actor=owner, now=now, key=f"{number}", prospect=f"Kunde {number}", title="Tor",
            mail=f"kunde{number}@web.de",
        )  # fmt: skip
    assert fetch(box).taken.new == 25
    assert folder_of(box).skipped == 0


def test_an_answer_is_found_when_the_folder_with_what_it_answers_comes_later(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    asked = now - timedelta(hours=5)
    account.deliver(mail(number="a@brandt.example", said="?", at=asked), SENT_FOLDER, asked)
    answer = stranger("b@x.example", now).replace(
        b"Subject", b"In-Reply-To: <a@brandt.example>\r\nSubject"
    )
    account.deliver(answer, at=now)
    MailAccount.objects.filter(pk=box.pk).update(folders_chosen_at=now)
    MailFolder.objects.create(account=box, name="INBOX")
    fetch(box)
    assert "replied" not in kinds(matter)
    MailFolder.objects.create(account=box, name=SENT_FOLDER, is_sent=True)
    fetch(box)
    fetch(box)
    assert kinds(matter)[-2:] == ["touched", "replied"]
    assert_whole(box, account)


def test_what_we_sent_under_another_address_is_ours(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    raw = mail(number="1@gmx.example", said="Noch Fragen?", at=now, sender="brandt.metall@gmx.de")
    account.deliver(raw, SENT_FOLDER)
    # And what came to one is no less the customer's.
    account.deliver(
        mail(
            number="2@a.example",
            said="Ja.",
            at=now,
            to="brandt.metall@gmx.de",
            sender="huber@alpenblick.example",
        )
    )
    fetch(box)
    assert sorted(kinds(matter)[-2:]) == ["replied", "touched"]


def test_what_cannot_be_read_is_counted_and_told_with_subject_and_day(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(b"Subject: Nur ein Betreff\r\n\r\nUnd ein Text.\r\n")
    account.deliver(reply("2@alpenblick.example", "Gern.", now))
    done = fetch(box)
    inbox = folder_of(box)
    assert (inbox.kept, inbox.faulty, inbox.taken) == (1, 1, "1:2")
    (told,) = done.taken.faults
    assert told.startswith(f"„Nur ein Betreff“ vom {now:%d.%m.%Y} ist nicht lesbar")


def test_nothing_new_is_nothing_asked_and_nothing_written(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(reply("1@alpenblick.example", "Gern.", now))
    fetch(box)
    before = MailFolder.objects.values("taken", "kept", "skipped", "looked_for").get(name="INBOX")
    done = fetch(box)
    assert (done.taken.new, done.taken.same, done.taken.skipped) == (0, 0, 0)
    after = MailFolder.objects.values("taken", "kept", "skipped", "looked_for").get(name="INBOX")
    assert {**after, "looked_for": bytes(after["looked_for"])} == {
        **before, "looked_for": bytes(before["looked_for"]),
    }  # fmt: skip


def test_a_clock_that_goes_wrong_loses_nothing(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(reply("1@alpenblick.example", "Gern.", now))
    past = now - timedelta(days=900)
    commands.fetch_mail(account=box, now=past)
    account.deliver(reply("2@alpenblick.example", "Doch nicht.", now))
    commands.fetch_mail(account=box, now=now + timedelta(days=4000))
    fetch(box)
    assert_whole(box, account)


def test_a_person_who_is_known_only_by_a_mail_that_was_set_aside_keeps_it(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    raw = stranger("1@x.example", now).replace(b"Kaffee und Kuchen", b"Re: Angebot 2026-0417")
    account.deliver(raw)
    fetch(box)
    assert folder_of(box).unmatched == UnmatchedMail.objects.count()
    assert set(UidSet.read(folder_of(box).taken)) == {1}
