"""Mails of strangers: shown as the server has them, and kept only if a person says so."""

from datetime import datetime, timedelta

import pytest

from nachhaken.desk import commands
from nachhaken.desk.commands import InvalidError, NotFoundError, OtherMail
from nachhaken.desk.models import Blocked, Event, MailAccount, MailFolder, Person, UnmatchedMail
from tests.post import HUBER, ME, mail
from tests.real.dovecot import Account
from tests.real.mailboxes import SENT_FOLDER, assert_whole, fetch, owner_of

pytestmark = pytest.mark.real

STRANGER = "h.lang@web.de"


def from_stranger(number: int, at: datetime, said: str = "Was kostet ein Geländer?") -> bytes:
    raw = mail(number=f"{number}@lang.example", said=said, at=at, to=ME, sender=STRANGER)
    return raw.replace(b"Ihr Angebot 2026-0417", f"Anfrage {number}".encode())


def others(box: MailAccount, now: datetime, most: int = 20) -> tuple[OtherMail, ...]:
    return commands.other_mails(account=box, now=now, most=most)


def assign(box: MailAccount, one: OtherMail, matter: int, now: datetime) -> commands.Change:
    return commands.assign_other(
        actor=owner_of(box),
        now=now,
        key=f"assign {one.uid}",
        account=box,
        folder=one.folder,
        uid_validity=one.uid_validity,
        uid=one.uid,
        opportunity_id=matter,
    )


def test_mails_of_strangers_are_shown_and_not_kept(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(3):
        account.deliver(from_stranger(number, now), at=now - timedelta(hours=5 - number))
    account.deliver(mail(number="k@a.example", said="Gern.", at=now, to=ME, sender=HUBER))
    circular = from_stranger(9, now).replace(b"Subject", b"List-Id: <x.example>\r\nSubject")
    account.deliver(circular)
    fetch(box)
    found = others(box, now, most=2)
    assert [one.subject for one in found] == ["Anfrage 2", "Anfrage 1"]
    assert (found[0].sender, found[0].is_ours, found[0].folder) == (STRANGER, False, "INBOX")
    assert not UnmatchedMail.objects.exists()
    folder = MailFolder.objects.get(name="INBOX")
    assert (folder.kept, folder.skipped) == (1, 4)


def test_a_mail_that_is_assigned_makes_its_sender_known(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(3):
        account.deliver(from_stranger(number, now - timedelta(hours=5 - number)))
    fetch(box)
    newest = others(box, now)[0]
    change = assign(box, newest, matter, now)
    reply = Event.objects.get(kind="replied", opportunity=matter)
    assert (reply.payload["text"], reply.came_in) == ("Was kostet ein Geländer?", True)
    assert change.event_ids == (reply.pk,)
    assert Person.objects.get(mail=STRANGER).prospect_id == change.prospect_id
    assert others(box, now) == ()  # all of them are theirs
    # The two that were passed over before come in by themselves.
    fetch(box)
    assert Event.objects.filter(kind="replied", opportunity=matter).count() == 3
    folder = MailFolder.objects.get(name="INBOX")
    assert (folder.kept, folder.skipped) == (3, 0)
    assert_whole(box, account)


def test_assigning_twice_is_assigning_once(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(from_stranger(1, now))
    (one,) = others(box, now)
    first = assign(box, one, matter, now)
    assert assign(box, one, matter, now).event_ids == first.event_ids
    with pytest.raises(InvalidError):
        commands.assign_other(
            actor=owner_of(box), now=now, key="another", account=box, folder=one.folder,
            uid_validity=one.uid_validity, uid=one.uid, opportunity_id=matter,
        )  # fmt: skip
    assert Event.objects.filter(kind="replied").count() == 1


def test_what_we_wrote_to_a_stranger_becomes_a_touch(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    raw = mail(number="s@brandt.example", said="Gern.", at=now, to=STRANGER)
    account.deliver(raw.replace(b"Ihr Angebot 2026-0417", b"Danke"), SENT_FOLDER)
    (one,) = others(box, now)
    assert (one.is_ours, one.sender) == (True, STRANGER)
    assign(box, one, matter, now)
    touch = Event.objects.get(kind="touched", opportunity=matter)
    assert touch.person == Person.objects.get(mail=STRANGER)


def test_a_mail_that_is_gone_cannot_be_assigned(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(from_stranger(1, now))
    (one,) = others(box, now)
    account.erase()
    with pytest.raises(NotFoundError):
        assign(box, one, matter, now)


def test_e6_row_1_whoever_is_blocked_is_known_as_such_when_assigned(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    owner = owner_of(box)
    other = commands.create_opportunity(
        actor=owner, now=now, key="x", prospect="Lang", title="Tor", person="H. Lang", mail=STRANGER
    )
    commands.opt_out(actor=owner, now=now, key="o", prospect_id=other.prospect_id)
    Person.objects.filter(mail=STRANGER).update(mail="")  # forgotten, but for the block list
    assert Blocked.objects.filter(lifted_at=None).exists()
    account.deliver(from_stranger(1, now))
    (one,) = others(box, now)
    assign(box, one, matter, now)
    objections = Event.objects.filter(kind="opted_out", person__mail=STRANGER)
    assert objections.count() == 1
