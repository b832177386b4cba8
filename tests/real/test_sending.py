"""From the press of a button to the copy in the Sent folder, over real servers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from nachhaken.desk import commands, outbox
from nachhaken.desk.commands import post
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.commands.ledger import InvalidError, act_of, append
from nachhaken.desk.documents import PDF, keep_document
from nachhaken.desk.letters import Attachment, Letter
from nachhaken.desk.models import Event, MailAccount, Opportunity, Outgoing, Person, User
from nachhaken.desk.sealing import seal
from nachhaken.terms import StepKind
from nachhaken.timeline import OptedOut, Promised
from tests import cast
from tests.cast import NOW
from tests.real.dovecot import MARKED, Account, Dovecot
from tests.real.smtp import PASSWORD, USERNAME, MailServer, Mode

pytestmark = [pytest.mark.real, pytest.mark.django_db]

LATER = NOW + timedelta(seconds=10)
STATE = Outgoing.State
TEXT = "Guten Tag Herr Kern,\n\nkamen Sie dazu, sich das Angebot anzusehen?\n"


@pytest.fixture
def server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[MailServer]:
    settings.MAIL_PATIENCE = (2.0, 0.5)
    with MailServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def row(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.fixture
def own(owner: User, server: MailServer) -> MailAccount:
    return MailAccount.objects.create(
        user=owner, address=USERNAME, username=USERNAME, secret=seal(PASSWORD), set_at=NOW,
        smtp_host=server.host, smtp_port=server.port,
    )  # fmt: skip


@pytest.fixture
def folder(own: MailAccount, dovecot: Dovecot, server: MailServer) -> Account:
    """The mailbox of the account; the line to it is plain, as it has a certificate of its own."""
    found = dovecot.account(password=PASSWORD)
    server.username = own.username = found.user
    own.imap_host, own.imap_port, own.imap_security = found.host, found.port, "none"
    own.save()
    return found


def queue(row: Opportunity, key: str = "k1", text: str = TEXT, **more: Any) -> Outgoing:
    letter = Letter(to=cast.SILENT.mail, subject="Schiebetor Hof", text=text)
    act = act_of(User.objects.get(), NOW, key)
    given = {"step": StepKind.MAIL, "person_id": row.person_id} | more
    return outbox.queue_mail(act, row.pk, given.pop("letter", letter), **given)


def again(waiting: Outgoing) -> Outgoing:
    return Outgoing.objects.get(pk=waiting.pk)


def touches(row: Opportunity) -> list[Event]:
    return list(row.events.filter(kind="touched", recorded_at__gte=NOW).standing())


def test_what_is_sent_stands_in_the_story_once(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    waiting = queue(row, beside=[Promised(by_us=True, what="Muster schicken")])
    assert not outbox.deliver(waiting.pk, now=NOW)
    assert outbox.deliver(waiting.pk, now=LATER)
    assert not outbox.deliver(waiting.pk, now=LATER)
    (touch,) = touches(row)
    assert touch.source_key == mail_key(waiting.message_id)
    assert touch.payload["text"] == TEXT
    assert touch.payload["subject"] == "Schiebetor Hof"
    assert touch.payload["person_id"] == row.person_id
    assert row.events.filter(kind="promised", act=touch.act).count() == 1
    sent = again(waiting)
    assert (sent.state, sent.event, sent.answer) == (STATE.SENT, touch, "2.0.0 OK, angenommen")
    assert server.post.counts == {waiting.message_id: 1}
    assert row.advice.get().decision in {"followed", "overruled"}
    row.refresh_from_db()
    assert row.plan.last_contact_on == NOW.date()
    assert row.plan.head == touch.pk + 1


def test_an_offer_that_is_sent_is_what_stood_when_it_was_handed_over(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    draft = commands.write_offer(
        actor=owner, now=NOW, opportunity_id=row.pk, seen=None,
        typed={"number": "AN-1700", "net_cents": 1_390_000, "vat_permille": 190},
    )  # fmt: skip
    document = keep_document(b"%PDF-1.7", name="AN-1700.pdf", media_type=PDF, actor=owner, now=NOW)
    waiting = queue(row, draft=draft, document=document)
    assert queue(row, key="again", draft=draft).pk == waiting.pk
    assert outbox.deliver(waiting.pk, now=LATER)
    offer = row.events.get(kind="offer_sent", act=waiting.source_key)
    assert offer.source_key == mail_key(waiting.message_id)
    assert (offer.payload["number"], offer.payload["net_cents"], offer.payload["channel"]) == (
        "AN-1700", 1_390_000, "mail"
    )  # fmt: skip
    assert offer.payload["document"] == document.sha256
    draft.refresh_from_db()
    assert (draft.sent_as, draft.sent_at) == (offer, LATER)
    assert touches(row) == []


def test_five_presses_are_one_mail(row: Opportunity, own: MailAccount, server: MailServer) -> None:
    rows = {queue(row).pk for _ in range(5)} | {queue(row, key=f"other {n}").pk for n in range(5)}
    assert len(rows) == 1
    outbox.deliver(rows.pop(), now=LATER)
    assert len(server.post.taken) == 1
    assert queue(row).state == STATE.SENT
    assert queue(row, key="on purpose").state == STATE.QUEUED


@pytest.mark.parametrize(
    ("mode", "state", "fault"),
    [
        (Mode.NO_SUCH_PERSON, STATE.REFUSED, "recipient"),
        (Mode.NO_TEXT, STATE.REFUSED, "text"),
        (Mode.BUSY, STATE.QUEUED, "recipient"),
        (Mode.BUSY_TEXT, STATE.QUEUED, "text"),
        (Mode.DROP_BEFORE, STATE.QUEUED, "broken"),
        (Mode.HANG, STATE.UNKNOWN, "timeout"),
        (Mode.DROP_AFTER, STATE.UNKNOWN, "broken"),
    ],
)
def test_each_end_has_its_state(
    row: Opportunity, own: MailAccount, server: MailServer, mode: Mode, state: str, fault: str
) -> None:
    server.post.mode = mode
    waiting = queue(row)
    assert not outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (state, fault)
    assert touches(row) == []


def test_what_is_unknown_is_never_sent_by_itself(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    server.post.mode = Mode.DROP_AFTER
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    server.post.mode = Mode.NORMAL
    for hours in range(60):
        outbox.due(now=LATER + timedelta(hours=hours))
    assert again(waiting).state == STATE.UNKNOWN
    assert again(waiting).due_at is None
    assert len(server.post.taken) == 1


def unknown(row: Opportunity, server: MailServer) -> Outgoing:
    server.post.mode = Mode.DROP_AFTER
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    server.post.mode = Mode.NORMAL
    return waiting


def test_the_person_says_that_it_arrived(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = unknown(row, server)
    for _ in range(3):
        commands.confirm_sent(actor=owner, now=LATER + timedelta(hours=3), outgoing_id=waiting.pk)
    (touch,) = touches(row)
    assert touch.occurred_at == LATER
    assert len(server.post.taken) == 1


def test_the_person_sends_it_once_more_under_the_same_name(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = unknown(row, server)
    commands.send_again(actor=owner, now=LATER, outgoing_id=waiting.pk)
    with pytest.raises(post.TooLateError):
        commands.send_again(actor=owner, now=LATER, outgoing_id=waiting.pk)
    assert outbox.deliver(waiting.pk, now=LATER)
    assert server.post.counts == {waiting.message_id: 2}
    assert len(touches(row)) == 1


def test_the_person_drops_it(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = unknown(row, server)
    commands.drop_mail(actor=owner, now=LATER, outgoing_id=waiting.pk)
    assert again(waiting).state == STATE.WITHDRAWN
    assert touches(row) == []


def test_not_now_is_tried_again_for_a_day_and_then_told(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    server.post.mode = Mode.BUSY
    waiting = queue(row)
    tried = []
    while (now := again(waiting).due_at) is not None:
        outbox.deliver(waiting.pk, now=now)
        tried.append(now)
    pauses = [(b - a) // timedelta(minutes=1) for a, b in pairwise(tried)]
    assert pauses[:6] == [1, 5, 15, 30, 60, 120]
    assert tried[-1] - NOW > timedelta(days=1)
    after = again(waiting)
    assert (after.state, after.answer) == (
        STATE.REFUSED, "451 4.7.1 Bitte in fünf Minuten noch einmal"
    )  # fmt: skip
    assert server.post.taken == []


def test_a_wrong_password_waits_and_says_so(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    own.secret = seal("nicht das richtige")
    own.save()
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (STATE.QUEUED, "login")
    assert after.due_at is not None
    assert after.due_at - LATER >= timedelta(hours=1)
    own.refresh_from_db()
    assert own.fault == "smtp.login"
    own.secret = seal(PASSWORD)
    own.save()
    assert outbox.deliver(waiting.pk, now=after.due_at)
    own.refresh_from_db()
    assert own.fault == ""


def test_who_opted_out_a_second_ago_gets_no_mail(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = queue(row)
    commands.opt_out(
        actor=owner, now=LATER - timedelta(seconds=1), key="o", prospect_id=row.prospect_id
    )
    assert not outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (STATE.WITHDRAWN, "objected")
    assert server.post.taken == []
    with pytest.raises(InvalidError):
        queue(row, key="k2", text="Trotzdem")
    with pytest.raises(InvalidError):
        commands.correct_mail(
            actor=owner, now=LATER, outgoing_id=waiting.pk, to="x@y.example", subject="", text="a"
        )


def test_an_address_on_the_block_list_gets_no_mail_in_any_matter(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    cast.settle(cast.OPTED_OUT, actor=owner)
    with pytest.raises(InvalidError, match="kein Kontakt"):
        queue(row, letter=Letter(to=cast.OPTED_OUT.mail.upper(), subject="x", text="y"))


def test_a_colleague_of_who_opted_out_may_still_be_written_to(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    other = Person.objects.create(prospect_id=row.prospect_id, mail="kern.junior@x.example")
    act = act_of(owner, NOW, "own")
    fact = OptedOut(scope="person", person_id=other.pk)
    with transaction.atomic():
        append(act, [fact], prospect=row.prospect)
    assert outbox.deliver(queue(row).pk, now=LATER)
    with pytest.raises(InvalidError, match="kein Kontakt"):
        queue(row, key="k2", text="Und Sie?", person_id=other.pk)


def test_a_mail_can_be_taken_back_until_it_goes(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = queue(row)
    assert outbox.seconds_to_next(now=NOW, most=60) == 10
    for _ in range(2):
        commands.take_back(actor=owner, now=NOW, outgoing_id=waiting.pk)
    outbox.due(now=LATER)
    assert again(waiting).state == STATE.WITHDRAWN
    gone = queue(row, key="k2")
    outbox.deliver(gone.pk, now=LATER)
    with pytest.raises(post.TooLateError):
        commands.take_back(actor=owner, now=LATER, outgoing_id=gone.pk)
    assert server.post.counts == {gone.message_id: 1}


def test_a_refused_mail_goes_with_another_address_in_its_thread(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    server.post.mode = Mode.NO_SUCH_PERSON
    letter = Letter(
        to="m.kren@autohaus-kern.example", subject="Schiebetor", text=TEXT,
        in_reply_to="<a@autohaus-kern.example>", references=("<z@x.example>",),
        attachments=(Attachment(name="Angebot.pdf", raw=b"%PDF-1.7 ..."),),
    )  # fmt: skip
    waiting = queue(row, letter=letter)
    outbox.deliver(waiting.pk, now=LATER)
    server.post.mode = Mode.NORMAL
    commands.correct_mail(
        actor=owner, now=LATER, outgoing_id=waiting.pk,
        to=cast.SILENT.mail, subject="Schiebetor", text="Anders gesagt",
    )  # fmt: skip
    assert outbox.deliver(waiting.pk, now=LATER + timedelta(minutes=1))
    (mail,) = server.post.mails
    assert mail["To"] == cast.SILENT.mail
    assert mail["In-Reply-To"] == "<a@autohaus-kern.example>"
    assert mail["References"] == "<z@x.example> <a@autohaus-kern.example>"
    assert mail["Message-ID"] != f"<{waiting.message_id}>"
    text, plan = mail.iter_parts()
    assert text.get_content().strip() == "Anders gesagt"
    assert plan.get_content() == b"%PDF-1.7 ..."
    assert touches(row)[0].payload["text"] == "Anders gesagt"


def test_what_a_dead_process_claimed_goes_after_all(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    waiting = queue(row)
    Outgoing.objects.filter(pk=waiting.pk).update(state=STATE.CLAIMED, state_at=NOW, tries=1)
    outbox.recover(now=NOW + outbox.LEASE / 2)
    assert again(waiting).state == STATE.CLAIMED
    outbox.recover(now=NOW + 2 * outbox.LEASE)
    assert outbox.deliver(waiting.pk, now=NOW + 2 * outbox.LEASE)
    assert server.post.counts == {waiting.message_id: 1}


def test_what_a_dead_process_was_sending_is_unknown(
    row: Opportunity, own: MailAccount, server: MailServer
) -> None:
    waiting = queue(row)
    Outgoing.objects.filter(pk=waiting.pk).update(state=STATE.TRANSMITTING, state_at=NOW, tries=1)
    outbox.due(now=NOW + 2 * outbox.LEASE)
    assert (again(waiting).state, again(waiting).fault) == (STATE.UNKNOWN, "died")
    assert server.post.taken == []


def test_one_that_cannot_be_written_down_stops_no_other(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    strange = queue(row)
    Outgoing.objects.filter(pk=strange.pk).update(beside=[{"kind": "from_the_future"}])
    fine = queue(cast.settle(cast.DECIDER, actor=owner), key="k2", text="Gern")
    assert outbox.due(now=LATER + timedelta(days=1)) == 1
    assert again(fine).state == STATE.SENT
    assert again(strange).state == STATE.TRANSMITTING


def test_a_copy_lies_in_the_sent_folder_and_is_known_when_it_is_imported(
    row: Opportunity, folder: Account, server: MailServer, owner: User
) -> None:
    folder.make_folder(MARKED)
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    for minutes in range(1, 4):
        outbox.due(now=LATER + timedelta(minutes=minutes))
    (copy,) = folder.mails(MARKED)
    assert message_from_bytes(copy)["Message-ID"] == f"<{waiting.message_id}>"
    assert again(waiting).filed_at is not None
    imported = commands.import_file(raw=copy, name="a.eml", actor=owner, now=LATER)
    assert (imported.new, imported.same) == (0, 1)


def test_a_copy_that_the_provider_filed_is_not_doubled(
    row: Opportunity, folder: Account, server: MailServer
) -> None:
    folder.make_folder(MARKED)
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    folder.deliver(bytes(waiting.raw), MARKED)
    outbox.due(now=LATER + timedelta(minutes=1))
    assert len(folder.mails(MARKED)) == 1
    assert again(waiting).filed_at is not None


def test_an_unknown_mail_that_lies_in_the_sent_folder_was_sent(
    row: Opportunity, folder: Account, server: MailServer
) -> None:
    folder.make_folder(MARKED)
    waiting = unknown(row, server)
    folder.deliver(bytes(waiting.raw), MARKED)
    outbox.due(now=LATER + timedelta(minutes=2))
    assert again(waiting).state == STATE.SENT
    assert len(touches(row)) == 1


def test_an_unknown_mail_whose_copy_was_imported_was_sent(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    waiting = unknown(row, server)
    raw = bytes(waiting.raw)
    assert commands.import_file(raw=raw, name="a.eml", actor=owner, now=LATER).new == 1
    outbox.due(now=LATER + timedelta(minutes=2))
    assert again(waiting).state == STATE.SENT
    assert len(touches(row)) == 1
    assert again(waiting).event == touches(row)[0]


def test_an_unknown_offer_whose_copy_was_imported_stands_once(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    draft = commands.write_offer(
        actor=owner, now=NOW, opportunity_id=row.pk, seen=None,
        typed={"number": "AN-1700", "net_cents": 1_390_000},
    )  # fmt: skip
    server.post.mode = Mode.DROP_AFTER
    waiting = queue(row, draft=draft)
    outbox.deliver(waiting.pk, now=LATER)
    commands.import_file(raw=bytes(waiting.raw), name="a.eml", actor=owner, now=LATER)
    outbox.due(now=LATER + timedelta(minutes=2))
    assert touches(row) == []
    offers = row.events.filter(kind="offer_sent", recorded_at__gte=NOW).standing()
    assert [event.payload["number"] for event in offers] == ["AN-1700"]
    draft.refresh_from_db()
    assert draft.sent_as == again(waiting).event == offers[0]


def test_a_server_in_trouble_is_not_asked_for_each_mail(
    row: Opportunity, own: MailAccount, server: MailServer, owner: User
) -> None:
    server.post.mode = Mode.HANG
    first = queue(row)
    other = queue(cast.settle(cast.DECIDER, actor=owner), key="k2", text="Gern")
    assert outbox.due(now=LATER) == 0
    assert [again(first).state, again(other).state] == [STATE.UNKNOWN, STATE.QUEUED]
    assert len(server.post.taken) == 1
    server.post.mode = Mode.NORMAL
    assert outbox.due(now=LATER + timedelta(minutes=2)) == 1
    assert again(other).state == STATE.SENT


def test_no_mailbox_changes_nothing_about_a_sent_mail(
    row: Opportunity, folder: Account, own: MailAccount, server: MailServer
) -> None:
    port = own.imap_port
    MailAccount.objects.filter(pk=own.pk).update(imap_port=1)
    waiting = queue(row)
    outbox.deliver(waiting.pk, now=LATER)
    outbox.due(now=LATER + timedelta(minutes=1))
    after = again(waiting)
    assert (after.state, after.filed_at) == (STATE.SENT, None)
    own.refresh_from_db()
    assert own.fault == "imap.not_reached"
    MailAccount.objects.filter(pk=own.pk).update(imap_port=port)
    outbox.due(now=LATER + timedelta(hours=1))
    assert again(waiting).filed_at is not None


def test_without_an_account_nothing_is_taken(row: Opportunity) -> None:
    with pytest.raises(post.NoAccountError):
        queue(row)


@pytest.mark.parametrize("to", ["", "kern", "a@b.example, c@d.example"])
def test_a_wrong_address_is_said(row: Opportunity, own: MailAccount, to: str) -> None:
    with pytest.raises(InvalidError, match="keine Mailadresse"):
        queue(row, letter=Letter(to=to, subject="x", text="y"))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """SQLite's tests have one connection: `test_sending_killed` does the same on a file."""

    @pytest.fixture(autouse=True)
    def _on_a_server(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("two connections at once need PostgreSQL")

    def test_five_presses_at_once_are_one_mail(
        self, row: Opportunity, own: MailAccount, server: MailServer
    ) -> None:
        gate = Barrier(5)

        def press(number: int) -> int:
            try:
                gate.wait(timeout=10)
                pk = queue(row, key=f"k{number % 2}").pk
                outbox.deliver(pk, now=LATER)
            finally:
                connection.close()
            return pk

        with ThreadPoolExecutor(5) as pool:
            pks = set(pool.map(press, range(5)))
        assert len(pks) == 1
        assert list(server.post.counts.values()) == [1]
        assert len(touches(row)) == 1

    def test_a_claim_that_ran_out_sends_nothing(
        self, row: Opportunity, own: MailAccount, server: MailServer, settings: Settings
    ) -> None:
        settings.MAIL_PATIENCE = (5.0, 5.0)
        waiting = queue(row)
        server.post.pause = 0.5

        def slow() -> bool:
            try:
                return outbox.deliver(waiting.pk, now=LATER)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(slow)
            while again(waiting).state == STATE.QUEUED:
                pass
            outbox.recover(now=LATER + 2 * outbox.LEASE)
            assert outbox.deliver(waiting.pk, now=LATER + 2 * outbox.LEASE)
            assert not first.result(timeout=20)
        assert server.post.counts == {waiting.message_id: 1}
