"""Before a contact: what is allowed, who may stand above it, and for how long."""

from datetime import timedelta
from typing import Any

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.terms import Channel, StepKind, Verdict
from tests import cast
from tests.cast import NOW
from tests.desk.sent import stored

pytestmark = pytest.mark.django_db

WHY = "Sie bat beim Termin um eine kurze Mail."


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    """A business in Germany that answers nothing: chasing it by mail needs consent (row 8)."""
    return cast.settle(cast.SILENT, actor=owner)


def refused(row: Opportunity, **more: Any) -> commands.NotAllowedError:
    asked: dict[str, Any] = {"channel": Channel.MAIL, "now": NOW, "step": StepKind.MAIL}
    with pytest.raises(commands.NotAllowedError) as caught:
        commands.require_allowed(row.pk, **asked | more)
    return caught.value


def overruled(actor: User, row: Opportunity, key: str = "k", **more: Any) -> commands.Change:
    rule = refused(row).permission.rule
    asked: dict[str, Any] = {"rule": rule, "channel": Channel.MAIL, "reason": WHY, "now": NOW}
    return commands.overrule(actor=actor, key=key, opportunity_id=row.pk, **asked | more)


def test_e6_row_8_a_chasing_mail_is_refused_with_reason_source_and_remedy(
    owner: User, silent: Opportunity
) -> None:
    shown = queries.allowance(owner, silent.pk, channel=Channel.MAIL, now=NOW, step=StepKind.MAIL)
    assert (shown.verdict, shown.rule, shown.is_usable) == (Verdict.ASK_FIRST, "DE-8", False)
    assert "UWG § 7" in shown.source
    assert shown.remedy
    assert shown.may_overrule
    error = refused(silent)
    assert error.permission.rule == "DE-8"
    assert str(error)


def test_a_reason_in_words_opens_the_channel_until_the_evening(
    owner: User, silent: Opportunity
) -> None:
    overruled(owner, silent)
    fact = Event.objects.get(kind="law_overruled")
    assert (fact.payload["rule"], fact.payload["reason"], fact.actor) == ("DE-8", WHY, owner)
    asked: dict[str, Any] = {"channel": Channel.MAIL, "step": StepKind.MAIL}
    assert commands.require_allowed(silent.pk, now=NOW, **asked).rule == "DE-8"
    shown = queries.allowance(owner, silent.pk, now=NOW, **asked)
    assert (shown.overruled_by, shown.overruled_for) == ("Katharina Brandt", WHY)
    assert shown.overruled_at == NOW
    # Late the same evening it is the quiet time that stands in the way, and tomorrow the law again.
    assert refused(silent, now=NOW + timedelta(days=1)).permission.rule == "DE-8"


def test_it_opens_no_other_channel(owner: User, silent: Opportunity) -> None:
    overruled(owner, silent)
    assert refused(silent, channel=Channel.MESSAGE).permission.rule == "DE-8"


def test_taken_back_it_opens_nothing(owner: User, silent: Opportunity) -> None:
    change = overruled(owner, silent)
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    refused(silent)


def test_posted_twice_it_is_noted_once(owner: User, silent: Opportunity) -> None:
    first = overruled(owner, silent)
    again = commands.overrule(
        actor=owner, now=NOW, key="k", opportunity_id=silent.pk, rule="DE-8",
        channel=Channel.MAIL, reason=WHY,
    )  # fmt: skip
    assert (again.event_ids, again.repeated) == (first.event_ids, True)


@pytest.mark.parametrize("reason", ["", "   ", "weil", "weil halt"])
def test_without_a_reason_in_words_nothing_opens(
    owner: User, silent: Opportunity, reason: str
) -> None:
    with pytest.raises(commands.InvalidError, match="ein paar Worten"):
        overruled(owner, silent, reason=reason)
    assert not Event.objects.filter(kind="law_overruled").exists()


def test_a_rule_that_does_not_decide_here_cannot_be_overruled(
    owner: User, silent: Opportunity
) -> None:
    for rule in ("CH-14", "1", "19"):
        with pytest.raises(commands.InvalidError, match="inzwischen etwas anderes"):
            overruled(owner, silent, rule=rule)


def test_e6_row_1_nobody_stands_above_an_objection(owner: User, silent: Opportunity) -> None:
    overruled(owner, silent)
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=silent.prospect_id)
    assert refused(silent).permission.rule == "1"
    with pytest.raises(commands.InvalidError):
        overruled(owner, silent, "k2", rule="1")
    shown = queries.allowance(owner, silent.pk, channel=Channel.LETTER, now=NOW)
    assert (shown.verdict, shown.may_overrule) == (Verdict.NOT_ALLOWED, False)


def test_e6_row_19_asking_too_often_waits_or_needs_a_reason(
    owner: User, silent: Opportunity
) -> None:
    stored(owner, silent, result="not_reached", now=NOW - timedelta(days=2))
    shown = queries.allowance(owner, silent.pk, channel=Channel.CALL, now=NOW, step=StepKind.CALL)
    assert (shown.verdict, shown.rule) == (Verdict.LATER, "19")
    assert shown.until
    commands.overrule(
        actor=owner, now=NOW, key="k", opportunity_id=silent.pk, rule="19",
        channel=Channel.CALL, reason="Er rief zurück und bat darum.",
    )  # fmt: skip
    commands.require_allowed(silent.pk, channel=Channel.CALL, now=NOW, step=StepKind.CALL)


def test_a_call_that_has_happened_is_noted_whatever_the_law_says(
    owner: User, silent: Opportunity
) -> None:
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=silent.prospect_id)
    assert [event.kind for event in stored(owner, silent)] == ["touched", "replied"]


def test_strangers_ask_and_overrule_nothing(silent: Opportunity) -> None:
    stranger = cast.stranger()
    with pytest.raises(RefusedError):
        overruled(stranger, silent)
    with pytest.raises(RefusedError):
        queries.allowance(stranger, silent.pk, channel=Channel.CALL, now=NOW)
    with pytest.raises(commands.NotFoundError):
        commands.require_allowed(0, channel=Channel.CALL, now=NOW)
