"""Every write: what it appends, that it counts once, that it can be taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from nachhaken.desk import commands, queries
from nachhaken.desk.layers import reader_version
from nachhaken.desk.models import (
    AdviceGiven,
    Event,
    Figures,
    FiguresCell,
    Opportunity,
    Plan,
    Prospect,
    ReadingCache,
    User,
)
from nachhaken.desk.pages_insight import Chosen
from nachhaken.desk.planning import refresh, replan, rethink, version
from nachhaken.desk.preferences import preferences
from nachhaken.engine.values import Belief
from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind, StepKind
from nachhaken.timeline import Statement
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.fixture
def evader(owner: User) -> Opportunity:
    return cast.settle(cast.EVADER, actor=owner)


def called(actor: User, row: Opportunity, key: str = "k1", **more: Any) -> commands.Change:
    named: dict[str, Any] = {
        "step": StepKind.CALL,
        "channel": Channel.CALL,
        "reached": "reached",
        "text": "Wir warten noch auf die Zusage der Bank.",
        "minutes": 10,
    }
    return commands.record_outcome(
        actor=actor, now=NOW, key=key, opportunity_id=row.pk, **(named | more)
    )


def belief(row: Opportunity) -> Belief:
    plan = Plan.objects.get(pk=row.pk)
    return Belief(plan.genuine, plan.stalled, plan.pretend, plan.lost)


def kinds(row: Opportunity) -> list[str]:
    return list(row.events.order_by("pk").values_list("kind", flat=True))


def test_a_call_is_a_touch_a_reply_and_the_work_it_took(owner: User, silent: Opportunity) -> None:
    change = called(owner, silent)
    assert kinds(silent)[-3:] == ["touched", "replied", "effort_spent"]
    assert change.event_ids == tuple(silent.events.order_by("pk").values_list("pk", flat=True))[-3:]
    assert change.before is not None
    assert change.after is not None
    assert change.before.headline != change.after.headline


def test_the_note_of_a_call_is_read_like_a_mail(owner: User, silent: Opportunity) -> None:
    called(owner, silent, text="Herr Kern hat den Auftrag schon anderweitig vergeben.")
    reading = queries.opportunity(owner, silent.pk, now=NOW).entries[1].reading
    assert reading is not None
    assert reading.intent is Intent.NO


def test_a_statement_stands_above_the_reading_of_the_note(owner: User, silent: Opportunity) -> None:
    called(owner, silent, text="Er meldet sich.", statement=Statement(intent=Intent.ENGAGED))
    reading = queries.opportunity(owner, silent.pk, now=NOW).entries[1].reading
    assert reading is not None
    assert (reading.intent, reading.by_person) == (Intent.ENGAGED, True)


@pytest.mark.parametrize(
    ("reached", "expected"),
    [("not_reached", False), ("voicemail", False), ("wrote", None), ("reached", True)],
)
def test_a_touch_says_whether_somebody_was_reached(
    owner: User, silent: Opportunity, reached: str, expected: bool | None
) -> None:
    called(owner, silent, reached=reached, text="", minutes=0)
    payload = silent.events.latest("pk").payload
    assert payload.get("reached") is expected


def test_nobody_states_anything_on_a_machine(owner: User, silent: Opportunity) -> None:
    with pytest.raises(commands.InvalidError):
        called(owner, silent, reached="voicemail", statement=Statement(intent=Intent.YES))


def test_five_posts_with_one_key_give_one_event(owner: User, silent: Opportunity) -> None:
    changes = [called(owner, silent) for _ in range(5)]
    assert kinds(silent).count("effort_spent") == 2
    assert [change.repeated for change in changes] == [False, True, True, True, True]
    assert len({change.event_ids for change in changes}) == 1


def test_another_persons_equal_key_is_another_act(owner: User, silent: Opportunity) -> None:
    called(owner, silent)
    assert not called(cast.colleague(), silent).repeated


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_without_a_usable_key_nothing_is_written(
    owner: User, silent: Opportunity, key: str
) -> None:
    with pytest.raises(commands.InvalidError):
        called(owner, silent, key=key)


def test_undo_restores_the_belief_and_the_plan(owner: User, evader: Opportunity) -> None:
    replan([evader.pk], now=NOW)
    before, plan = belief(evader), Plan.objects.get(pk=evader.pk)
    change = called(owner, evader)
    assert belief(evader) != before
    commands.undo(actor=owner, now=NOW, key="k2", entry_id=change.entry_id)
    assert belief(evader) == before
    after = Plan.objects.get(pk=evader.pk)
    assert (after.title, after.due, after.gain_cents) == (plan.title, plan.due, plan.gain_cents)


def test_undo_of_an_undo_does_it_again(owner: User, evader: Opportunity) -> None:
    change = called(owner, evader)
    done = belief(evader)
    undone = commands.undo(actor=owner, now=NOW, key="k2", entry_id=change.entry_id)
    commands.undo(actor=owner, now=NOW, key="k3", entry_id=undone.entry_id)
    assert belief(evader) == done


def test_undoing_twice_changes_nothing_more(owner: User, evader: Opportunity) -> None:
    change = called(owner, evader)
    commands.undo(actor=owner, now=NOW, key="k2", entry_id=change.entry_id)
    again = commands.undo(actor=owner, now=NOW, key="k3", entry_id=change.entry_id)
    assert again.event_ids == ()


def test_an_objection_stops_every_matter_of_the_prospect(owner: User, evader: Opportunity) -> None:
    other = commands.create_opportunity(
        actor=owner, now=NOW, key="a", prospect=cast.EVADER.prospect, title="Zaun", amount_cents=1
    )
    change = commands.opt_out(
        actor=owner, now=NOW, key="b", prospect_id=evader.prospect_id, reason="am Telefon"
    )
    assert [plan.due for plan in Plan.objects.all()] == [None, None]
    page = queries.prospect(owner, evader.prospect_id, now=NOW)
    (shown,) = page.objections
    assert (shown.is_house, shown.words, shown.noted_by) == (True, "am Telefon", "Katharina Brandt")
    commands.undo(actor=owner, now=NOW, key="c", entry_id=change.entry_id)
    assert Plan.objects.get(pk=other.opportunity_id).due is not None


def test_an_objection_on_the_phone_stops_the_other_matters_too(
    owner: User, evader: Opportunity
) -> None:
    other = commands.create_opportunity(
        actor=owner, now=NOW, key="a", prospect=cast.EVADER.prospect, title="Zaun", amount_cents=1
    )
    called(owner, evader, statement=Statement(intent=Intent.OPT_OUT))
    assert Plan.objects.get(pk=other.opportunity_id).due is None


def test_a_reading_is_corrected_and_the_correction_counts(owner: User, evader: Opportunity) -> None:
    reply = evader.events.filter(kind="replied").latest("pk")
    stated = Statement(intent=Intent.STALLED_NAMED, condition="nach dem Umbau")
    commands.restate_reply(actor=owner, now=NOW, key="a", entry_id=reply.pk, statement=stated)
    entries = queries.opportunity(owner, evader.pk, now=NOW).entries
    reading = next(e.reading for e in entries if e.entry_id == reply.pk)
    assert reading is not None
    assert (reading.intent, reading.condition) == (Intent.STALLED_NAMED, "nach dem Umbau")


def test_closing_and_reopening(owner: User, silent: Opportunity) -> None:
    commands.close(
        actor=owner,
        now=NOW,
        key="a",
        opportunity_id=silent.pk,
        outcome=OutcomeKind.LOST,
        no_reason=NoReason.PRICE,
    )
    silent.refresh_from_db()
    assert (silent.outcome, Plan.objects.get(pk=silent.pk).due) == ("lost", None)
    commands.reopen(actor=owner, now=NOW, key="b", opportunity_id=silent.pk)
    silent.refresh_from_db()
    assert (silent.outcome, silent.ended_at) == ("", None)


def test_an_end_is_evidence_for_the_prospects_other_matters(
    owner: User, silent: Opportunity
) -> None:
    other = commands.create_opportunity(
        actor=owner, now=NOW, key="a", prospect=cast.SILENT.prospect, title="Tor 2", amount_cents=1
    )
    commands.close(
        actor=owner, now=NOW, key="b", opportunity_id=silent.pk, outcome=OutcomeKind.LOST
    )
    assert other.opportunity_id is not None
    page = queries.opportunity(owner, other.opportunity_id, now=NOW)
    assert (page.offers, page.orders) == (1, 0)


def test_a_snooze_moves_the_step(owner: User, silent: Opportunity) -> None:
    until = NOW.date() + timedelta(days=20)
    commands.snooze(actor=owner, now=NOW, key="a", opportunity_id=silent.pk, until=until)
    due = Plan.objects.get(pk=silent.pk).due
    assert due is not None
    assert due >= until


def test_a_snooze_into_the_past_is_refused(owner: User, silent: Opportunity) -> None:
    with pytest.raises(commands.InvalidError):
        commands.snooze(actor=owner, now=NOW, key="a", opportunity_id=silent.pk, until=NOW.date())


def test_what_was_proposed_is_kept_with_what_was_done(owner: User, silent: Opportunity) -> None:
    replan([silent.pk], now=NOW)
    plan = Plan.objects.get(pk=silent.pk)
    other = StepKind.CLARIFY if plan.kind != StepKind.CLARIFY else StepKind.CALL
    called(owner, silent, key="a", step=StepKind(plan.kind))
    called(owner, silent, key="b", step=other)
    first, second = (
        AdviceGiven.objects.filter(source_key__endswith=("a")).get(),
        (AdviceGiven.objects.latest("pk")),
    )
    assert (first.proposed, first.decision, first.gain_cents, first.head) == (
        plan.kind,
        "followed",
        plan.gain_cents,
        plan.head,
    )
    assert (second.decision, second.chosen) == ("overruled", other)


def test_another_step_stands_until_something_happens(owner: User, silent: Opportunity) -> None:
    replan([silent.pk], now=NOW)
    commands.decide(
        actor=owner, now=NOW, key="a", opportunity_id=silent.pk, chosen=StepKind.CLARIFY
    )
    assert queries.opportunity(owner, silent.pk, now=NOW).step.kind is StepKind.CLARIFY
    assert Plan.objects.get(pk=silent.pk).kind == StepKind.CLARIFY
    called(owner, silent, key="b", step=StepKind.CLARIFY, text="Ja, wir wollen das Tor.")
    assert queries.opportunity(owner, silent.pk, now=NOW).step.kind is not StepKind.CLARIFY


def test_letting_go_closes(owner: User, silent: Opportunity) -> None:
    commands.decide(actor=owner, now=NOW, key="a", opportunity_id=silent.pk, chosen=StepKind.STOP)
    silent.refresh_from_db()
    assert silent.outcome == OutcomeKind.STOPPED


def test_caches_can_be_deleted_without_loss(owner: User) -> None:
    rows = cast.settle_all(actor=owner)
    pages = [queries.opportunity(owner, row.pk, now=NOW) for row in rows.values()]
    replan([row.pk for row in Opportunity.objects.all()], now=NOW)
    today = queries.today(owner, now=NOW)
    listed = queries.opportunity_list(owner, state="all")
    mirror = queries.insight(owner, Chosen(), now=NOW)
    Plan.objects.all().delete()
    ReadingCache.objects.all().delete()
    Figures.objects.all().delete()
    FiguresCell.objects.all().delete()
    Opportunity.objects.update(outcome="", ended_at=None, search="")
    Prospect.objects.update(opted_out_at=None)
    assert set(Opportunity.objects.stale()) == set(Opportunity.objects.all())
    replan([row.pk for row in Opportunity.objects.all()], now=NOW)
    assert [queries.opportunity(owner, row.pk, now=NOW) for row in rows.values()] == pages
    assert queries.today(owner, now=NOW) == today
    assert queries.opportunity_list(owner, state="all") == listed
    assert queries.insight(owner, Chosen(), now=NOW) == mirror


def test_what_is_due_says_how_long_it_has_been_silent_by_now(
    owner: User, silent: Opportunity
) -> None:
    plan = Plan.objects.get(pk=silent.pk)
    assert plan.due is not None
    later = NOW + timedelta(days=21)
    commands.replan([silent.pk], now=NOW)
    before = Plan.objects.get(pk=silent.pk)
    assert refresh(now=later) == 1
    after = Plan.objects.get(pk=silent.pk)
    assert (after.planned_on, after.why == before.why) == (later.date(), False)
    assert refresh(now=later) == 0


def test_the_first_owner_is_the_only_one_who_starts_the_desk(owner: User) -> None:
    with pytest.raises(commands.AlreadySetUpError):
        commands.create_owner(name="X", mail="x@x.example", password=cast.PASSWORD, now=NOW)
    assert owner.check_password(cast.PASSWORD)
    assert (owner.first_name, owner.last_name) == ("Katharina", "Brandt")


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(ValidationError):
        commands.create_owner(name="X", mail="x@x.example", password="12345", now=NOW)
    assert not User.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_strangers_are_refused_everywhere(silent: Opportunity, who: str) -> None:
    user: Any = AnonymousUser() if who == "nobody" else cast.stranger()
    events = Event.objects.count()
    writes = {"actor": user, "now": NOW, "key": "k", "opportunity_id": silent.pk}
    for refused in (
        lambda: called(user, silent),
        lambda: commands.close(**writes, outcome=OutcomeKind.WON),
        lambda: commands.reopen(**writes),
        lambda: commands.snooze(**writes, until=NOW.date() + timedelta(days=3)),
        lambda: commands.decide(**writes, chosen=StepKind.CALL),
        lambda: commands.feel(**writes, dead_horse=True),
        lambda: commands.spend_effort(**writes, minutes=5),
        lambda: commands.promise(**writes, by_us=True, what="Zeichnung"),
        lambda: commands.opt_out(actor=user, now=NOW, key="k", prospect_id=silent.prospect_id),
        lambda: commands.undo(actor=user, now=NOW, key="k", entry_id=1),
        lambda: commands.prefer(actor=user, now=NOW, margin=0.5),
        lambda: commands.import_file(raw=b"x", name="x.csv", actor=user, now=NOW),
        lambda: commands.dismiss_mail(actor=user, now=NOW, mail_id=1),
        lambda: queries.today(user, now=NOW),
        lambda: queries.inbox(user),
        lambda: queries.corrections(user),
        lambda: queries.opportunity(user, silent.pk, now=NOW),
        lambda: queries.opportunity_list(user),
        lambda: queries.prospect_list(user),
        lambda: queries.prospect(user, silent.prospect_id, now=NOW),
        lambda: queries.offer_list(user, now=NOW),
        lambda: queries.badges(user, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert Event.objects.count() == events


def test_preferences_change_the_advice(owner: User, evader: Opportunity) -> None:
    before = queries.opportunity(owner, evader.pk, now=NOW).effort_cents
    commands.prefer(actor=owner, now=NOW, hour_eur=150.0)
    assert queries.opportunity(owner, evader.pk, now=NOW).effort_cents == 2 * before
    with pytest.raises(TypeError):
        commands.prefer(actor=owner, now=NOW, colour="rot")


def test_other_numbers_plan_anew_what_is_open(owner: User, evader: Opportunity) -> None:
    replan([evader.pk], now=NOW)
    assert rethink(now=NOW) == 0
    before = Plan.objects.get(pk=evader.pk).gain_cents
    commands.prefer(actor=owner, now=NOW, margin=0.60)
    assert Plan.objects.get(pk=evader.pk).gain_cents == before
    assert rethink(now=NOW) >= 1
    assert Plan.objects.get(pk=evader.pk).gain_cents > before
    assert rethink(now=NOW) == 0


def test_x3_another_reader_makes_every_plan_anew(owner: User) -> None:
    known = preferences()
    assert version(known) == version(known, reader=reader_version())
    assert version(known) != version(known, reader="another")


def test_a_promise_stands_open_until_it_is_settled(owner: User, evader: Opportunity) -> None:
    due = date(2026, 12, 1)
    change = commands.promise(
        actor=owner,
        now=NOW,
        key="a",
        opportunity_id=evader.pk,
        by_us=True,
        what="Zeichnung",
        due=due,
    )
    (point,) = queries.opportunity(owner, evader.pk, now=NOW).pursuit.open_points
    assert (point.what, point.by_us, point.due) == ("Zeichnung", True, due)
    commands.settle_promise(
        actor=owner,
        now=NOW,
        key="b",
        opportunity_id=evader.pk,
        entry_id=change.entry_id,
        kept=True,
    )
    assert queries.opportunity(owner, evader.pk, now=NOW).pursuit.open_points == ()


def test_a_call_of_yesterday_happened_yesterday(owner: User, silent: Opportunity) -> None:
    at: datetime = NOW - timedelta(days=1)
    called(owner, silent, at=at)
    event = silent.events.latest("pk")
    assert (event.occurred_at, event.recorded_at) == (at, NOW)
