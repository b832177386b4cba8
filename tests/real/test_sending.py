"""From the press of a button to the server's word, over a real line."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from nachhaken.desk import commands, outbox
from nachhaken.desk.commands import post
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.commands.ledger import InvalidError, act_of, append
from nachhaken.desk.documents import PDF, keep_document
from nachhaken.desk.letters import Attachment, Letter
from nachhaken.desk.models import MailAccount, Opportunity, Outgoing, Person, User
from nachhaken.desk.sealing import seal
from nachhaken.timeline import OptedOut, Promised
from tests import cast
from tests.cast import NOW
from tests.real.outgoing import LATER, STATE, TEXT, again, queue, touches, unknown, willing
from tests.real.smtp import PASSWORD, MailServer, Mode

pytestmark = [pytest.mark.real, pytest.mark.django_db]


def test_what_is_sent_stands_in_the_story_once(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    waiting = queue(matter, beside=[Promised(by_us=True, what="Muster schicken")])
    assert not outbox.deliver(waiting.pk, now=NOW)
    assert outbox.deliver(waiting.pk, now=LATER)
    assert not outbox.deliver(waiting.pk, now=LATER)
    (touch,) = touches(matter)
    assert touch.source_key == mail_key(waiting.message_id)
    assert touch.payload["text"] == TEXT
    assert touch.payload["subject"] == "Schiebetor Hof"
    assert touch.payload["person_id"] == matter.person_id
    assert matter.events.filter(kind="promised", act=touch.act).count() == 1
    sent = again(waiting)
    assert (sent.state, sent.event, sent.answer) == (STATE.SENT, touch, "2.0.0 OK, angenommen")
    assert mail_server.post.counts == {waiting.message_id: 1}
    assert matter.advice.get().decision in {"followed", "overruled"}
    matter.refresh_from_db()
    assert matter.plan.last_contact_on == NOW.date()
    assert matter.plan.head == touch.pk + 1


def test_an_offer_that_is_sent_is_what_stood_when_it_was_handed_over(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    draft = commands.write_offer(
        actor=seller, now=NOW, opportunity_id=matter.pk, seen=None,
        typed={"number": "AN-1700", "net_cents": 1_390_000, "vat_permille": 190},
    )  # fmt: skip
    document = keep_document(b"%PDF-1.7", name="AN-1700.pdf", media_type=PDF, actor=seller, now=NOW)
    waiting = queue(matter, draft=draft, document=document)
    assert queue(matter, key="again", draft=draft).pk == waiting.pk
    assert outbox.deliver(waiting.pk, now=LATER)
    offer = matter.events.get(kind="offer_sent", act=waiting.source_key)
    assert offer.source_key == mail_key(waiting.message_id)
    assert (offer.payload["number"], offer.payload["net_cents"], offer.payload["channel"]) == (
        "AN-1700", 1_390_000, "mail"
    )  # fmt: skip
    assert offer.payload["document"] == document.sha256
    draft.refresh_from_db()
    assert (draft.sent_as, draft.sent_at) == (offer, LATER)
    assert touches(matter) == []


def test_five_presses_are_one_mail(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    rows = {queue(matter).pk for _ in range(5)} | {
        queue(matter, key=f"other {n}").pk for n in range(5)
    }
    assert len(rows) == 1
    outbox.deliver(rows.pop(), now=LATER)
    assert len(mail_server.post.taken) == 1
    assert queue(matter).state == STATE.SENT
    assert queue(matter, key="on purpose").state == STATE.QUEUED


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
    matter: Opportunity,
    mail_account: MailAccount,
    mail_server: MailServer,
    mode: Mode,
    state: str,
    fault: str,
) -> None:
    mail_server.post.mode = mode
    waiting = queue(matter)
    assert not outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (state, fault)
    assert touches(matter) == []


def test_what_is_unknown_is_never_sent_by_itself(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    mail_server.post.mode = Mode.DROP_AFTER
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    mail_server.post.mode = Mode.NORMAL
    for hours in range(60):
        outbox.due(now=LATER + timedelta(hours=hours))
    assert again(waiting).state == STATE.UNKNOWN
    assert again(waiting).due_at is None
    assert len(mail_server.post.taken) == 1


def test_the_person_says_that_it_arrived(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = unknown(matter, mail_server)
    for _ in range(3):
        commands.confirm_sent(actor=seller, now=LATER + timedelta(hours=3), outgoing_id=waiting.pk)
    (touch,) = touches(matter)
    assert touch.occurred_at == LATER
    assert len(mail_server.post.taken) == 1


def test_the_person_sends_it_once_more_under_the_same_name(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = unknown(matter, mail_server)
    commands.send_again(actor=seller, now=LATER, outgoing_id=waiting.pk)
    with pytest.raises(post.TooLateError):
        commands.send_again(actor=seller, now=LATER, outgoing_id=waiting.pk)
    assert outbox.deliver(waiting.pk, now=LATER)
    assert mail_server.post.counts == {waiting.message_id: 2}
    assert len(touches(matter)) == 1


def test_the_person_drops_it(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = unknown(matter, mail_server)
    commands.drop_mail(actor=seller, now=LATER, outgoing_id=waiting.pk)
    assert again(waiting).state == STATE.WITHDRAWN
    assert touches(matter) == []


def test_not_now_is_tried_again_for_a_day_and_then_told(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    mail_server.post.mode = Mode.BUSY
    waiting = queue(matter)
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
    assert mail_server.post.taken == []


def test_a_wrong_password_waits_and_says_so(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    mail_account.secret = seal("nicht das richtige")
    mail_account.save()
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (STATE.QUEUED, "login")
    assert after.due_at is not None
    assert after.due_at - LATER >= timedelta(hours=1)
    mail_account.refresh_from_db()
    assert mail_account.fault == "smtp.login"
    mail_account.secret = seal(PASSWORD)
    mail_account.save()
    assert outbox.deliver(waiting.pk, now=after.due_at)
    mail_account.refresh_from_db()
    assert mail_account.fault == ""


def test_who_opted_out_a_second_ago_gets_no_mail(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = queue(matter)
    commands.opt_out(
        actor=seller, now=LATER - timedelta(seconds=1), key="o", prospect_id=matter.prospect_id
    )
    assert not outbox.deliver(waiting.pk, now=LATER)
    after = again(waiting)
    assert (after.state, after.fault) == (STATE.WITHDRAWN, "objected")
    assert mail_server.post.taken == []
    with pytest.raises(InvalidError):
        queue(matter, key="k2", text="Trotzdem")
    with pytest.raises(InvalidError):
        commands.correct_mail(
            actor=seller, now=LATER, outgoing_id=waiting.pk, to="x@y.example", subject="", text="a"
        )


def test_an_address_on_the_block_list_gets_no_mail_in_any_matter(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    cast.settle(cast.OPTED_OUT, actor=seller)
    with pytest.raises(InvalidError, match="kein Kontakt"):
        queue(matter, letter=Letter(to=cast.OPTED_OUT.mail.upper(), subject="x", text="y"))


def test_a_colleague_of_who_opted_out_may_still_be_written_to(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    other = Person.objects.create(prospect_id=matter.prospect_id, mail="kern.junior@x.example")
    act = act_of(seller, NOW, "mail_account")
    fact = OptedOut(scope="person", person_id=other.pk)
    with transaction.atomic():
        append(act, [fact], prospect=matter.prospect)
    assert outbox.deliver(queue(matter).pk, now=LATER)
    with pytest.raises(InvalidError, match="kein Kontakt"):
        queue(matter, key="k2", text="Und Sie?", person_id=other.pk)


def test_a_mail_can_be_taken_back_until_it_goes(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    waiting = queue(matter)
    assert outbox.seconds_to_next(now=NOW, most=60) == 10
    for _ in range(2):
        commands.take_back(actor=seller, now=NOW, outgoing_id=waiting.pk)
    outbox.due(now=LATER)
    assert again(waiting).state == STATE.WITHDRAWN
    gone = queue(matter, key="k2")
    outbox.deliver(gone.pk, now=LATER)
    with pytest.raises(post.TooLateError):
        commands.take_back(actor=seller, now=LATER, outgoing_id=gone.pk)
    assert mail_server.post.counts == {gone.message_id: 1}


def test_a_refused_mail_goes_with_another_address_in_its_thread(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    mail_server.post.mode = Mode.NO_SUCH_PERSON
    letter = Letter(
        to="m.kren@autohaus-kern.example", subject="Schiebetor", text=TEXT,
        in_reply_to="<a@autohaus-kern.example>", references=("<z@x.example>",),
        attachments=(Attachment(name="Angebot.pdf", raw=b"%PDF-1.7 ..."),),
    )  # fmt: skip
    waiting = queue(matter, letter=letter)
    outbox.deliver(waiting.pk, now=LATER)
    mail_server.post.mode = Mode.NORMAL
    commands.correct_mail(
        actor=seller, now=LATER, outgoing_id=waiting.pk,
        to=cast.SILENT.mail, subject="Schiebetor", text="Anders gesagt",
    )  # fmt: skip
    assert outbox.deliver(waiting.pk, now=LATER + timedelta(minutes=1))
    (mail,) = mail_server.post.mails
    assert mail["To"] == cast.SILENT.mail
    assert mail["In-Reply-To"] == "<a@autohaus-kern.example>"
    assert mail["References"] == "<z@x.example> <a@autohaus-kern.example>"
    assert mail["Message-ID"] != f"<{waiting.message_id}>"
    text, plan = mail.iter_parts()
    assert text.get_content().strip() == "Anders gesagt"
    assert plan.get_content() == b"%PDF-1.7 ..."
    assert touches(matter)[0].payload["text"] == "Anders gesagt"


def test_what_a_dead_process_claimed_goes_after_all(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    waiting = queue(matter)
    Outgoing.objects.filter(pk=waiting.pk).update(state=STATE.CLAIMED, state_at=NOW, tries=1)
    outbox.recover(now=NOW + outbox.LEASE / 2)
    assert again(waiting).state == STATE.CLAIMED
    outbox.recover(now=NOW + 2 * outbox.LEASE)
    assert outbox.deliver(waiting.pk, now=NOW + 2 * outbox.LEASE)
    assert mail_server.post.counts == {waiting.message_id: 1}


def test_what_a_dead_process_was_sending_is_unknown(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
) -> None:
    waiting = queue(matter)
    Outgoing.objects.filter(pk=waiting.pk).update(state=STATE.TRANSMITTING, state_at=NOW, tries=1)
    outbox.due(now=NOW + 2 * outbox.LEASE)
    assert (again(waiting).state, again(waiting).fault) == (STATE.UNKNOWN, "died")
    assert mail_server.post.taken == []


def test_one_that_cannot_be_written_down_stops_no_other(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    strange = queue(matter)
    Outgoing.objects.filter(pk=strange.pk).update(beside=[{"kind": "from_the_future"}])
    fine = queue(willing(cast.DECIDER, actor=seller), key="k2", text="Gern")
    assert outbox.due(now=LATER + timedelta(days=1)) == 1
    assert again(fine).state == STATE.SENT
    assert again(strange).state == STATE.QUEUED


def test_a_server_in_trouble_is_not_asked_for_each_mail(
    matter: Opportunity, mail_account: MailAccount, mail_server: MailServer, seller: User
) -> None:
    mail_server.post.mode = Mode.HANG
    first = queue(matter)
    other = queue(willing(cast.DECIDER, actor=seller), key="k2", text="Gern")
    assert outbox.due(now=LATER) == 0
    assert [again(first).state, again(other).state] == [STATE.UNKNOWN, STATE.QUEUED]
    assert len(mail_server.post.taken) == 1
    mail_server.post.mode = Mode.NORMAL
    assert outbox.due(now=LATER + timedelta(minutes=2)) == 1
    assert again(other).state == STATE.SENT


def test_without_an_account_nothing_is_taken(matter: Opportunity) -> None:
    with pytest.raises(post.NoAccountError):
        queue(matter)


@pytest.mark.parametrize("to", ["", "kern", "a@b.example, c@d.example"])
def test_a_wrong_address_is_said(matter: Opportunity, mail_account: MailAccount, to: str) -> None:
    with pytest.raises(InvalidError, match="keine Mailadresse"):
        queue(matter, letter=Letter(to=to, subject="x", text="y"))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """SQLite's tests have one connection: `test_sending_killed` does the same on a file."""

    @pytest.fixture(autouse=True)
    def _on_a_server(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("two connections at once need PostgreSQL")

    def test_five_presses_at_once_are_one_mail(
        self, matter: Opportunity, mail_account: MailAccount, mail_server: MailServer
    ) -> None:
        gate = Barrier(5)

        def press(number: int) -> int:
            try:
                gate.wait(timeout=10)
                pk = queue(matter, key=f"k{number % 2}").pk
                outbox.deliver(pk, now=LATER)
            finally:
                connection.close()
            return pk

        with ThreadPoolExecutor(5) as pool:
            pks = set(pool.map(press, range(5)))
        assert len(pks) == 1
        assert list(mail_server.post.counts.values()) == [1]
        assert len(touches(matter)) == 1

    def test_a_claim_that_ran_out_sends_nothing(
        self,
        matter: Opportunity,
        mail_account: MailAccount,
        mail_server: MailServer,
        settings: Settings,
    ) -> None:
        settings.MAIL_PATIENCE = (5.0, 5.0)
        waiting = queue(matter)
        mail_server.post.pause = 0.5

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
        assert mail_server.post.counts == {waiting.message_id: 1}
