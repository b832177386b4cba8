"""Mails that come back: noted where they went out, never as an answer, and mended first."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.models import Event, MailAccount, Opportunity, Outgoing, Person, Plan, User
from nachhaken.desk.stories import tell
from nachhaken.terms import StepKind
from tests.post import HUBER, ME, SENT, bounce, mail


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def sent(owner: User, alpenblick: int, now: datetime) -> int:
    """A mail that went out two hours ago and was taken in."""
    raw = mail(number=SENT, said="Haben Sie noch Fragen?", at=now - timedelta(hours=2))
    take_in(owner, raw)
    return alpenblick


def take_in(owner: User, raw: bytes) -> commands.Imported:
    return commands.import_file(raw=raw, name="post.eml", actor=owner, now=timezone.now())


def kinds(opportunity: int) -> list[str]:
    rows = Event.objects.filter(opportunity=opportunity).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_bounce_is_noted_with_the_mail_that_it_is_about(
    owner: User, sent: int, now: datetime
) -> None:
    done = take_in(owner, bounce(at=now - timedelta(hours=1)))
    (event,) = Event.objects.filter(kind="bounced")
    assert (done.new, done.faults) == (1, ())
    assert (event.opportunity_id, event.came_in) == (sent, False)
    assert event.payload["entry_id"] == Event.objects.get(source_key=mail_key(SENT)).pk
    assert event.payload["address"] == HUBER
    assert event.payload["status"] == "5.1.1"
    assert event.payload["is_permanent"] is True
    assert "replied" not in kinds(sent)
    plan = Plan.objects.get(pk=sent)
    assert (plan.kind, plan.title["key"]) == (StepKind.CALL, "step.bounced")


def test_a_bounce_taken_in_twice_is_one(owner: User, sent: int, now: datetime) -> None:
    raw = bounce(at=now - timedelta(hours=1))
    take_in(owner, raw)
    again = take_in(owner, raw)
    assert (again.new, again.same) == (0, 1)
    assert kinds(sent).count("bounced") == 1


def test_mail_and_bounce_in_one_mailbox_find_each_other(
    owner: User, alpenblick: int, now: datetime
) -> None:
    pair = [
        bounce(at=now - timedelta(hours=1)),
        mail(number=SENT, said="Haben Sie noch Fragen?", at=now - timedelta(hours=2)),
    ]
    raw = b"".join(b"From - x\r\n" + one + b"\r\n" for one in pair)
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=now)
    assert kinds(alpenblick)[-2:] == ["touched", "bounced"]


@pytest.mark.parametrize("name", ["postfix-delay", "exim-delay", "sendmail-warning"])
def test_a_delay_is_no_failure(owner: User, sent: int, now: datetime, name: str) -> None:
    done = take_in(owner, bounce(name, at=now - timedelta(hours=1)))
    assert (done.new, done.skipped) == (0, 1)
    assert not {"bounced", "replied"} & set(kinds(sent))


def test_a_bounce_of_a_mail_that_is_not_ours_is_forgotten(
    owner: User, sent: int, now: datetime
) -> None:
    done = take_in(owner, bounce(at=now - timedelta(hours=1), of="privat@brandt.example"))
    assert (done.new, done.unmatched, done.skipped) == (0, 0, 1)


def test_a_bounce_that_names_no_mail_is_of_the_last_one_to_the_address(
    owner: User, sent: int, now: datetime
) -> None:
    raw = bounce("exchange-de-plain", at=now - timedelta(hours=1))
    raw = raw.replace(f"In-Reply-To: <{SENT}>\r\n".encode(), b"")
    take_in(owner, raw.replace(b"seidel@hv-seidel.example", HUBER.encode()))
    (event,) = Event.objects.filter(kind="bounced")
    assert event.payload["entry_id"] == Event.objects.get(source_key=mail_key(SENT)).pk


def test_the_bounce_of_a_copy_to_a_colleague_loses_no_touch(
    owner: User, sent: int, now: datetime
) -> None:
    prospect = Opportunity.objects.get(pk=sent).prospect
    Person.objects.create(prospect=prospect, name="Sepp Huber", mail="sepp@alpenblick.example")
    raw = bounce(at=now - timedelta(hours=1), address="sepp@alpenblick.example")
    take_in(owner, raw)
    (event,) = Event.objects.filter(kind="bounced")
    assert "entry_id" not in event.payload
    assert event.person
    assert event.person.name == "Sepp Huber"
    assert Plan.objects.get(pk=sent).title["key"] != "step.bounced"


def test_a_dead_address_is_not_proposed_until_it_is_changed(
    owner: User, sent: int, now: datetime
) -> None:
    take_in(owner, bounce(at=now - timedelta(hours=1)))
    assert tell([sent])[0].story.mail == ""
    Person.objects.filter(mail=HUBER).update(mail="rosa.huber@alpenblick.example")
    assert tell([sent])[0].story.mail == "rosa.huber@alpenblick.example"


def test_a_dead_address_is_marked_and_set_right_by_hand(
    desk: Client, owner: User, sent: int, now: datetime
) -> None:
    take_in(owner, bounce(at=now - timedelta(hours=1)))
    person = Person.objects.get(mail=HUBER)
    page = f"/prospects/{person.prospect_id}/"
    assert "Adresse prüfen" in desk.get(page).content.decode()
    assert "Adresse prüfen" in desk.get(f"/opportunities/{sent}/").content.decode()
    form = f"{page}people/{person.pk}/reach"
    assert HUBER in desk.get(form).content.decode()
    new = {"mail": "Rosa.Huber@alpenblick.example", "phone": "08026 555 48 10"}
    assert desk.post(form, new).status_code == 302
    assert "Adresse prüfen" not in desk.get(page).content.decode()
    assert Plan.objects.get(pk=sent).title["key"] != "step.bounced"
    assert tell([sent])[0].story.mail == "rosa.huber@alpenblick.example"


def test_somebody_elses_address_is_refused_and_nothing_lost(desk: Client, alpenblick: int) -> None:
    person = Person.objects.get(mail=HUBER)
    Person.objects.create(prospect=person.prospect, name="Sepp", mail="sepp@alpenblick.example")
    form = f"/prospects/{person.prospect_id}/people/{person.pk}/reach"
    answer = desk.post(form, {"mail": "sepp@alpenblick.example", "phone": "089 1"})
    assert answer.status_code == 422
    assert "gehört schon zu jemand anderem" in answer.content.decode()
    assert "089 1" in answer.content.decode()
    assert desk.post(form, {"mail": "kein@", "phone": ""}).status_code == 422
    assert Person.objects.get(pk=person.pk).mail == HUBER
    assert desk.get(f"/prospects/{person.prospect_id}/people/999/reach").status_code == 404


def test_an_address_whose_box_is_full_is_proposed_again(
    owner: User, sent: int, now: datetime
) -> None:
    take_in(owner, bounce("postfix-full", at=now - timedelta(hours=1)))
    assert kinds(sent)[-1] == "bounced"
    assert tell([sent])[0].story.mail == HUBER


def test_an_undone_bounce_leaves_the_mail_as_sent(owner: User, sent: int, now: datetime) -> None:
    take_in(owner, bounce(at=now - timedelta(hours=1)))
    event = Event.objects.get(kind="bounced")
    commands.undo(actor=owner, now=now, key="zurück", entry_id=event.pk)
    assert tell([sent])[0].story.mail == HUBER
    assert Plan.objects.get(pk=sent).title["key"] != "step.bounced"


def outgoing(owner: User, opportunity: int, state: Outgoing.State, now: datetime) -> Outgoing:
    return Outgoing.objects.create(
        source_key="act:1:post",
        opportunity_id=opportunity,
        actor=owner,
        message_id=SENT,
        sender=ME,
        recipient=HUBER,
        subject="Ihr Angebot",
        text="Haben Sie noch Fragen?",
        raw=b"",
        step=StepKind.MAIL,
        state=state,
        queued_at=now,
        state_at=now,
    )


@pytest.mark.parametrize("state", ["claimed", "transmitting", "sent"])
def test_the_copy_of_what_leaves_the_desk_is_no_second_mail(
    owner: User, alpenblick: int, now: datetime, state: str
) -> None:
    outgoing(owner, alpenblick, Outgoing.State(state), now)
    done = take_in(owner, mail(number=SENT, said="Haben Sie noch Fragen?", at=now))
    assert (done.new, done.same) == (0, 1)
    assert "touched" not in kinds(alpenblick)


def test_an_answer_to_what_leaves_the_desk_finds_its_place(
    owner: User, alpenblick: int, now: datetime
) -> None:
    outgoing(owner, alpenblick, Outgoing.State.SENT, now)
    raw = mail(number="re@alpenblick.example", said="Ja, gern.", at=now, to=ME, sender=HUBER)
    take_in(owner, raw.replace(b"Subject:", f"In-Reply-To: <{SENT}>\r\nSubject:".encode()))
    assert kinds(alpenblick)[-1] == "replied"


def test_a_bounce_finds_a_mail_of_which_nobody_knew_whether_it_went(
    owner: User, alpenblick: int, now: datetime
) -> None:
    outgoing(owner, alpenblick, Outgoing.State.UNKNOWN, now)
    take_in(owner, bounce(at=now))
    (event,) = Event.objects.filter(kind="bounced")
    assert (event.opportunity_id, event.payload.get("entry_id")) == (alpenblick, None)


def test_the_address_of_the_account_is_ours(owner: User, alpenblick: int, now: datetime) -> None:
    MailAccount.objects.create(
        user=owner, address="Angebote@Brandt.example", username="x", smtp_host="x", set_at=now
    )
    take_in(owner, mail(number=SENT, said="Noch Fragen?", at=now, sender="angebote@brandt.example"))
    assert kinds(alpenblick)[-1] == "touched"
