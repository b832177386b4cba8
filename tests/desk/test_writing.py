"""Sending what was written: against the law only with a reason, and never too early by itself."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import MailAccount, Outgoing, Person, User
from nachhaken.plan.law import Permission
from nachhaken.plan.values import Phrase
from nachhaken.terms import StepKind, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(owner: User) -> MailAccount:
    return MailAccount.objects.create(
        user=owner,
        address="katrin@brandt.example",
        username="katrin",
        smtp_host="localhost",
        set_at=timezone.now(),
    )


def ruled(verdict: Verdict, *, until: datetime | None = None) -> Permission:
    reason = Phrase("law.objected.reason")
    return Permission(verdict=verdict, rule="DE-8", reason=reason, source="UWG § 7", until=until)


def hand_over(owner: User, pk: int, posting: commands.Posting, *, key: str = "k") -> Outgoing:
    person = Person.objects.get(mail="huber@alpenblick.example")
    typed = commands.Typed(
        slot="s", step=StepKind.MAIL, subject="Ihr Tor", text="Passt es?", person_id=person.pk
    )
    return commands.send_writing(
        actor=owner,
        now=timezone.now(),
        key=key,
        opportunity_id=pk,
        typed=typed,
        posting=posting,
    )


@pytest.mark.parametrize("verdict", [Verdict.ASK_FIRST, Verdict.NOT_ALLOWED])
def test_e6_row_8_what_the_law_forbids_goes_only_with_a_reason_that_is_kept(
    alpenblick: int, owner: User, account: MailAccount, verdict: Verdict
) -> None:
    with pytest.raises(commands.ForbiddenError):
        hand_over(owner, alpenblick, commands.Posting(permission=ruled(verdict), reason=" "))
    assert not Outgoing.objects.exists()
    bold = commands.Posting(permission=ruled(verdict), reason="Sie rief eben an.")
    (beside,) = hand_over(owner, alpenblick, bold).beside
    assert beside["kind"] == "law_overruled"
    assert beside["payload"] == {"rule": "DE-8", "channel": "mail", "reason": "Sie rief eben an."}


def test_e6_row_18_what_is_too_early_waits_until_it_is_welcome(
    alpenblick: int, owner: User, account: MailAccount
) -> None:
    monday = timezone.now() + timedelta(hours=14)
    later = ruled(Verdict.LATER, until=monday)
    with pytest.raises(commands.ForbiddenError):
        hand_over(owner, alpenblick, commands.Posting(permission=later))
    row = hand_over(owner, alpenblick, commands.Posting(permission=later, not_before=monday))
    assert row.due_at == monday
    assert row.beside == []
