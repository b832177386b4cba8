"""The copy in the Sent folder: laid there once, known again, and asked what became of a mail."""

from datetime import timedelta
from email import message_from_bytes

import pytest

from nachhaken.desk import commands, outbox
from nachhaken.desk.models import MailAccount, Opportunity, User
from tests.cast import NOW
from tests.real.dovecot import MARKED, Account
from tests.real.outgoing import LATER, STATE, again, queue, touches, unknown
from tests.real.smtp import MailServer, Mode

pytestmark = [pytest.mark.real, pytest.mark.django_db]


def test_a_copy_lies_in_the_sent_folder_and_is_known_when_it_is_imported(
    matter: Opportunity, own_mailbox: Account, mail_server: MailServer, seller: User
) -> None:
    own_mailbox.make_folder(MARKED)
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    for minutes in range(1, 4):
        outbox.due(now=LATER + timedelta(minutes=minutes))
    (copy,) = own_mailbox.mails(MARKED)
    assert message_from_bytes(copy)["Message-ID"] == f"<{waiting.message_id}>"
    assert again(waiting).filed_at is not None
    imported = commands.import_file(raw=copy, name="a.eml", actor=seller, now=LATER)
    assert (imported.new, imported.same) == (0, 1)


def test_a_copy_that_the_provider_filed_is_not_doubled(
    matter: Opportunity, own_mailbox: Account, mail_server: MailServer
) -> None:
    own_mailbox.make_folder(MARKED)
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    own_mailbox.deliver(bytes(waiting.raw), MARKED)
    outbox.due(now=LATER + timedelta(minutes=1))
    assert len(own_mailbox.mails(MARKED)) == 1
    assert again(waiting).filed_at is not None


def test_an_unknown_mail_that_lies_in_the_sent_folder_was_sent(
    matter: Opportunity, own_mailbox: Account, mail_server: MailServer
) -> None:
    own_mailbox.make_folder(MARKED)
    waiting = unknown(matter, mail_server)
    own_mailbox.deliver(bytes(waiting.raw), MARKED)
    outbox.due(now=LATER + timedelta(minutes=2))
    assert again(waiting).state == STATE.SENT
    assert len(touches(matter)) == 1


def test_an_unknown_mail_whose_copy_was_imported_was_sent(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = unknown(matter, mail_server)
    raw = bytes(waiting.raw)
    assert commands.import_file(raw=raw, name="a.eml", actor=seller, now=LATER).new == 1
    outbox.due(now=LATER + timedelta(minutes=2))
    assert again(waiting).state == STATE.SENT
    assert len(touches(matter)) == 1
    assert again(waiting).event == touches(matter)[0]


def test_an_unknown_offer_whose_copy_was_imported_stands_once(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    draft = commands.write_offer(
        actor=seller, now=NOW, opportunity_id=matter.pk, seen=None,
        typed={"number": "AN-1700", "net_cents": 1_390_000},
    )  # fmt: skip
    mail_server.post.mode = Mode.DROP_AFTER
    waiting = queue(matter, draft=draft)
    outbox.deliver(waiting.pk, now=LATER)
    commands.import_file(raw=bytes(waiting.raw), name="a.eml", actor=seller, now=LATER)
    outbox.due(now=LATER + timedelta(minutes=2))
    assert touches(matter) == []
    offers = matter.events.filter(kind="offer_sent", recorded_at__gte=NOW).standing()
    assert [event.payload["number"] for event in offers] == ["AN-1700"]
    draft.refresh_from_db()
    assert draft.sent_as == again(waiting).event == offers[0]


def test_no_mailbox_changes_nothing_about_a_sent_mail(
    matter: Opportunity, own_mailbox: Account, mail_account: MailAccount, mail_server: MailServer
) -> None:
    port = mail_account.imap_port
    MailAccount.objects.filter(pk=mail_account.pk).update(imap_port=1)
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    outbox.due(now=LATER + timedelta(minutes=1))
    after = again(waiting)
    assert (after.state, after.filed_at) == (STATE.SENT, None)
    mail_account.refresh_from_db()
    assert mail_account.fault == "imap.not_reached"
    MailAccount.objects.filter(pk=mail_account.pk).update(imap_port=port)
    outbox.due(now=LATER + timedelta(hours=1))
    assert again(waiting).filed_at is not None
