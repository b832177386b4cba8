"""Sending what was written: against the law only with a reason, and never too early by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nachhaken.desk import commands, outbox
from nachhaken.desk.commands.ledger import act_of
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import MailAccount, Opportunity, Outgoing, User
from nachhaken.desk.post_words import mail_sentence
from nachhaken.terms import Channel, ConsentScope, Intent, StepKind
from nachhaken.timeline import LawOverruled, Statement
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

WHY = "Er rief eben an und bat darum."
NIGHT = NOW.replace(hour=22)
MORNING = (NOW + timedelta(days=1)).replace(hour=8, minute=0)


@pytest.fixture
def seller() -> User:
    return cast.owner()


@pytest.fixture
def silent(seller: User) -> Opportunity:
    row = cast.settle(cast.SILENT, actor=seller)
    MailAccount.objects.create(
        user=seller, address=cast.MAIL, username="k", smtp_host="localhost", set_at=NOW
    )
    return row


def agree(seller: User, row: Opportunity) -> None:
    commands.give_consent(
        actor=seller,
        now=NOW - timedelta(days=1),
        key="agreed",
        opportunity_id=row.pk,
        words="Schreiben Sie mir ruhig.",
        heard_on=Channel.CALL,
        scope=ConsentScope.FOLLOW_UP,
    )


def hand_over(row: Opportunity, *, now: datetime = NOW, **more: Any) -> Outgoing:
    typed = commands.Typed(
        slot="s", step=StepKind.MAIL, subject="Ihr Tor", text="Passt?", person_id=row.person_id
    )
    posting = commands.Posting(**more)
    return commands.send_writing(
        actor=User.objects.get(),
        now=now,
        key="k",
        opportunity_id=row.pk,
        typed=typed,
        posting=posting,
    )


def claimed(row: Outgoing, *, now: datetime) -> Outgoing:
    """Let the outbox take the mail; the line leads nowhere."""
    outbox.deliver(row.pk, now=now)
    return Outgoing.objects.get(pk=row.pk)


def test_e6_row_8_what_the_law_forbids_goes_only_with_a_reason_that_is_kept(
    silent: Opportunity,
) -> None:
    with pytest.raises(commands.NotAllowedError):
        hand_over(silent, reason=" ")
    with pytest.raises(commands.ReasonNeededError, match="ein paar Worten"):
        hand_over(silent, reason="weil halt")
    assert not Outgoing.objects.exists()
    (beside,) = hand_over(silent, reason=WHY).beside
    assert beside["kind"] == "law_overruled"
    assert beside["payload"] == {"rule": "DE-8", "channel": "mail", "reason": WHY}


def test_a_reason_of_today_counts_for_the_mail_as_well(silent: Opportunity, seller: User) -> None:
    commands.overrule(
        actor=seller, now=NOW, key="o", opportunity_id=silent.pk, rule="DE-8",
        channel=Channel.MAIL, reason=WHY,
    )  # fmt: skip
    assert hand_over(silent).beside == []


def test_e6_row_18_what_is_too_early_waits_until_it_is_welcome(
    silent: Opportunity, seller: User
) -> None:
    agree(seller, silent)
    with pytest.raises(commands.NotAllowedError):
        hand_over(silent, now=NIGHT)
    row = hand_over(silent, now=NIGHT, not_before=MORNING)
    assert (row.due_at, row.queued_at, row.beside) == (MORNING, MORNING, [])


def test_e6_row_8_no_way_into_the_outbox_leads_past_the_law(
    silent: Opportunity, seller: User
) -> None:
    letter, step = Letter(to=cast.SILENT.mail, subject="Tor", text="Passt?"), StepKind.MAIL
    with pytest.raises(commands.NotAllowedError):
        outbox.queue_mail(act_of(seller, NOW, "a"), silent.pk, letter, step=step)
    other = LawOverruled(rule="CH-14", channel=Channel.MAIL, reason=WHY)
    with pytest.raises(commands.NotAllowedError):
        outbox.queue_mail(act_of(seller, NOW, "b"), silent.pk, letter, step=step, beside=[other])
    assert not Outgoing.objects.exists()


def test_i_said_no_last_night_and_your_mail_still_came_in_the_morning(
    silent: Opportunity, seller: User
) -> None:
    agree(seller, silent)
    waiting = hand_over(silent, now=NIGHT, not_before=MORNING)
    commands.record_outcome(
        actor=seller,
        now=NIGHT + timedelta(minutes=5),
        key="no",
        opportunity_id=silent.pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=Statement(intent=Intent.NO),
    )
    after = claimed(waiting, now=MORNING)
    assert (after.state, after.fault) == (Outgoing.State.WITHDRAWN, "forbidden")
    assert "darf diese Mail nicht mehr hinaus" in mail_sentence(after, None)


def test_e6_row_19_a_second_mail_in_a_week_waits_instead_of_pressing(
    silent: Opportunity, seller: User
) -> None:
    agree(seller, silent)
    waiting = hand_over(silent)
    commands.record_outcome(
        actor=seller, now=NOW, key="call", opportunity_id=silent.pk, step=StepKind.CALL,
        channel=Channel.CALL, reached="not_reached",
    )  # fmt: skip
    after = claimed(waiting, now=NOW + timedelta(minutes=1))
    assert after.state == Outgoing.State.QUEUED
    assert after.due_at is not None
    assert after.due_at > NOW + timedelta(days=6)
