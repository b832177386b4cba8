"""Offers in the desk: written once, never over another window, sent once, and always followed."""

from datetime import date

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import Event, OfferDraft, Opportunity, Outgoing, Plan, User
from nachhaken.desk.offering import draft_in_work, next_version, stamp_of
from nachhaken.desk.papers import (
    mark_sent,
    rows_of,
)
from nachhaken.plan.numbers import next_number
from nachhaken.plan.offers import OfferStatus
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import Statement
from tests import cast
from tests.cast import NOW
from tests.desk.offered import DAY, FITTING, RAILING, send, sent, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["2026-0417", "2026-0416"], "2026-0418"),
        (["AN-1412", "AN-1701"], "AN-1702"),
        (["2025-0417"], "2026-0001"),
        (["26-099"], "26-100"),
        (["0417/26"], "0418/26"),
        (["A2026.0009-B"], "A2026.0010-B"),
        (["999"], "1000"),
        (["ohne", "R-7"], "R-8"),
        ([], "2026-001"),
    ],
)
def test_the_next_number_follows_the_users_own_pattern(numbers: list[str], expected: str) -> None:
    assert next_number(numbers, on=date(2026, 11, 24)) == expected


def test_a_new_offer_begins_with_what_the_user_is_used_to(owner: User) -> None:
    commands.prefer(actor=owner, now=NOW, offer_days=14, offer_closing="Zahlbar in 14 Tagen.")
    begun = commands.create_opportunity(
        actor=owner, now=NOW, key="n", prospect="Huber", title="Tor"
    )
    draft = queries.offer_draft(owner, begun.opportunity_id or 0, now=NOW)
    assert not draft.pk
    assert (draft.number, draft.title) == ("2026-001", "Tor")
    assert (draft.valid_until, draft.closing) == (date(2026, 12, 8), "Zahlbar in 14 Tagen.")
    assert (draft.currency, draft.vat_permille) == ("EUR", 190)
    assert OfferDraft.objects.count() == 0


def test_the_country_gives_currency_and_rate(owner: User, silent: Opportunity) -> None:
    commands.prefer(actor=owner, now=NOW, region="CH-ZH")
    begun = commands.create_opportunity(
        actor=owner, now=NOW, key="n", prospect="Muster AG", title="Tor"
    )
    draft = queries.offer_draft(owner, begun.opportunity_id or 0, now=NOW)
    assert (draft.currency, draft.vat_permille) == ("CHF", 81)


def test_what_is_typed_is_kept_in_one_draft(owner: User, silent: Opportunity) -> None:
    first = write(owner, silent)
    again = write(owner, silent)  # the same post once more, with the stamp of an empty page
    assert first.pk == again.pk
    later = write(owner, silent, seen=stamp_of(first), title="Balkone Süd")
    assert (later.pk, later.title) == (first.pk, "Balkone Süd")
    assert OfferDraft.objects.count() == 1


def test_a_second_window_that_is_older_does_not_write_over_it(
    owner: User, silent: Opportunity
) -> None:
    page = stamp_of(write(owner, silent))
    commands.write_offer(
        actor=owner,
        now=NOW + DAY,
        opportunity_id=silent.pk,
        typed={"title": "aus Fenster 1"},
        seen=page,
    )
    with pytest.raises(commands.OlderError):
        write(owner, silent, seen=page, title="aus Fenster 2")
    draft = draft_in_work(silent.pk)
    assert draft is not None
    assert draft.title == "aus Fenster 1"
    assert write(owner, silent, seen=None, title="aus Fenster 2").title == "aus Fenster 2"


def test_only_who_may_writes_and_reads_offers(owner: User, silent: Opportunity) -> None:
    stranger = cast.stranger()
    draft = write(owner, silent)
    for act in (
        lambda: write(stranger, silent),
        lambda: send(stranger, draft),
        lambda: commands.adapt_offer(actor=stranger, now=NOW, opportunity_id=silent.pk),
        lambda: commands.drop_offer(actor=stranger, now=NOW, opportunity_id=silent.pk),
        lambda: commands.resume_offer(actor=stranger, draft_id=draft.pk),
        lambda: queries.offer_list(stranger, now=NOW),
        lambda: queries.offer_writing(stranger, silent.pk, now=NOW),
        lambda: queries.offer_draft(stranger, silent.pk, now=NOW),
        lambda: queries.offer(stranger, 1, now=NOW),
    ):
        with pytest.raises(RefusedError):
            act()


def test_what_does_not_exist_is_not_found(owner: User, silent: Opportunity) -> None:
    touched = silent.events.filter(kind="touched").first()
    assert touched is not None
    with pytest.raises(commands.NotFoundError):
        queries.offer(owner, touched.pk, now=NOW)
    with pytest.raises(commands.NotFoundError):
        queries.offer_writing(owner, 4711, now=NOW)
    with pytest.raises(commands.NotFoundError):
        queries.offer_draft(owner, 4711, now=NOW)
    with pytest.raises(commands.NotFoundError):
        commands.resume_offer(actor=owner, draft_id=4711)
    with pytest.raises(commands.NotFoundError):
        commands.adapt_offer(actor=owner, now=NOW, opportunity_id=silent.pk, based_on=4711)
    with pytest.raises(TypeError, match="sent_at"):
        write(owner, silent, sent_at=NOW)


def test_c1_an_offer_that_went_out_has_a_next_step_with_a_day(
    owner: User, silent: Opportunity
) -> None:
    change = send(owner, write(owner, silent))
    plan = Plan.objects.get(pk=silent.pk)
    assert plan.due is not None
    assert plan.due >= NOW.date()
    assert change.after is not None
    assert change.after.due == plan.due
    offer = sent(change)
    assert (offer.version, offer.net_cents, offer.channel) == (2, 360_000, Channel.LETTER)
    assert offer.positions == (RAILING, FITTING)
    assert (plan.offer_entry, plan.offer_state) == (change.entry_id, OfferStatus.SENT)


def test_c1_the_first_offer_of_a_new_matter_has_a_next_step(owner: User) -> None:
    begun = commands.create_opportunity(
        actor=owner, now=NOW, key="n", prospect="Huber", title="Tor", mail="h@huber.example"
    )
    row = Opportunity.objects.get(pk=begun.opportunity_id or 0)
    send(owner, write(owner, row))
    assert Plan.objects.get(pk=row.pk).due is not None


def test_sending_twice_is_sending_once(owner: User, silent: Opportunity) -> None:
    draft = write(owner, silent)
    first, again = send(owner, draft), send(owner, draft)
    assert (first.event_ids, again.repeated) == (again.event_ids, True)
    assert draft_in_work(silent.pk) is None
    with pytest.raises(commands.InvalidError, match="schon verschickt"):
        send(owner, draft, key="other")


def test_an_offer_of_last_week_went_out_then(owner: User, silent: Opportunity) -> None:
    change = send(owner, write(owner, silent), sent_on=NOW.date() - 7 * DAY)
    event = Event.objects.get(pk=change.entry_id)
    assert (NOW - event.occurred_at).days in (6, 7)
    assert event.recorded_at == NOW


def test_undoing_brings_the_draft_back_and_redoing_takes_it_out(
    owner: User, silent: Opportunity
) -> None:
    draft = write(owner, silent)
    change = send(owner, draft)
    undone = commands.undo(actor=owner, now=NOW + DAY, key="u", entry_id=change.entry_id)
    back = draft_in_work(silent.pk)
    assert back is not None
    assert back.pk == draft.pk
    commands.undo(actor=owner, now=NOW + DAY, key="r", entry_id=undone.entry_id)
    assert draft_in_work(silent.pk) is None


def test_a_draft_that_came_back_does_not_push_another_one_out(
    owner: User, silent: Opportunity
) -> None:
    change = send(owner, write(owner, silent))
    other = write(owner, silent, title="anders")
    commands.undo(actor=owner, now=NOW + DAY, key="u", entry_id=change.entry_id)
    draft = draft_in_work(silent.pk)
    assert draft is not None
    assert draft.pk == other.pk


def test_a_dropped_draft_can_be_taken_up_again(owner: User, silent: Opportunity) -> None:
    draft = write(owner, silent)
    assert commands.drop_offer(actor=owner, now=NOW, opportunity_id=silent.pk) == draft
    assert commands.drop_offer(actor=owner, now=NOW, opportunity_id=silent.pk) is None
    other = write(owner, silent, title="anders")
    assert other.pk != draft.pk
    commands.resume_offer(actor=owner, draft_id=draft.pk)
    back = draft_in_work(silent.pk)
    assert back is not None
    assert (back.pk, back.title) == (draft.pk, "Balkone")


def test_an_offer_in_the_outbox_does_not_change(owner: User, silent: Opportunity) -> None:
    draft = write(owner, silent)
    mail = Outgoing.objects.create(
        source_key="o",
        opportunity=silent,
        actor=owner,
        message_id="1@x.example",
        sender="a@x.example",
        recipient="b@x.example",
        subject="Angebot",
        text="anbei",
        raw=b"",
        step=StepKind.MAIL,
        draft=draft,
        queued_at=NOW,
        state_at=NOW,
        due_at=NOW,
    )
    stamp = stamp_of(draft)
    for act in (
        lambda: write(owner, silent, seen=stamp, title="anders"),
        lambda: commands.drop_offer(actor=owner, now=NOW, opportunity_id=silent.pk),
        lambda: send(owner, draft),
    ):
        with pytest.raises(commands.OnTheWayError):
            act()
    assert queries.offer_writing(owner, silent.pk, now=NOW).is_on_the_way
    Outgoing.objects.filter(pk=mail.pk).update(state=Outgoing.State.WITHDRAWN)
    assert write(owner, silent, seen=stamp, title="anders").title == "anders"


def test_what_goes_out_by_mail_is_settled_with_its_event(owner: User, silent: Opportunity) -> None:
    draft = write(owner, silent)
    event = silent.events.filter(kind="offer_sent").get()
    mark_sent(draft, event)
    assert draft_in_work(silent.pk) is None
    assert (draft.sent_as, draft.sent_at) == (event, event.recorded_at)


def test_c2_adapting_takes_the_last_version_along(owner: User, silent: Opportunity) -> None:
    send(owner, write(owner, silent, opening="Vielen Dank.", closing="Bis bald."))
    said = commands.record_outcome(
        actor=owner,
        now=NOW + DAY,
        key="r",
        opportunity_id=silent.pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=Statement(intent=Intent.REQUOTE, condition="ohne Montage"),
        text="Können Sie das ohne Montage rechnen?",
    )
    reply = Event.objects.get(pk__in=said.event_ids, kind="replied")
    draft = commands.adapt_offer(
        actor=owner, now=NOW + DAY, opportunity_id=silent.pk, based_on=reply.pk
    )
    assert (draft.version, draft.based_on_id) == (3, reply.pk)
    assert (draft.opening, draft.closing) == ("Vielen Dank.", "Bis bald.")
    commands.write_offer(
        actor=owner,
        now=NOW + DAY,
        opportunity_id=silent.pk,
        typed={"positions": rows_of((RAILING,))},
        seen=stamp_of(draft),
    )
    page = queries.offer_writing(owner, silent.pk, now=NOW + DAY)
    assert "Position „Montage“ entfällt (−2.400,00 €)" in page.changes
    assert page.asked is not None
    assert page.asked.text == "Können Sie das ohne Montage rechnen?"
    assert page.asked.condition == "ohne Montage"
    assert [point.what for point in page.points] == ["ohne Montage"]
    again = commands.adapt_offer(actor=owner, now=NOW + DAY, opportunity_id=silent.pk)
    assert again.pk == draft.pk
    first = silent.events.filter(kind="offer_sent").earliest("pk")
    moved = commands.adapt_offer(
        actor=owner, now=NOW + DAY, opportunity_id=silent.pk, based_on=first.pk
    )
    assert (moved.pk, moved.based_on_id) == (draft.pk, first.pk)


def test_an_imported_offer_without_positions_can_be_adapted(
    owner: User, silent: Opportunity
) -> None:
    draft = commands.adapt_offer(actor=owner, now=NOW, opportunity_id=silent.pk)
    assert (draft.number, draft.version, draft.net_cents) == ("AN-1633", 2, 1_480_000)
    assert draft.vat_permille == 190


def test_a_number_of_its_own_begins_with_version_one(owner: User, silent: Opportunity) -> None:
    assert next_version(silent.pk, "AN-1633") == 2
    assert next_version(silent.pk, "AN-2000") == 1


def test_the_list_filters_by_what_became_of_the_offers(owner: User) -> None:
    rows = cast.settle_all(actor=owner)
    silent = rows[cast.SILENT.prospect]
    send(owner, write(owner, silent))
    commands.close(
        actor=owner,
        now=NOW,
        key="c",
        opportunity_id=rows[cast.DECIDER.prospect].pk,
        outcome=OutcomeKind.WON,
    )
    everything = queries.offer_list(owner, now=NOW)
    found = {s: queries.offer_list(owner, now=NOW, state=s) for s in OfferStatus}
    assert sum(page.total for page in found.values()) == everything.total
    for status, page in found.items():
        assert {row.status for row in page.rows} <= {status}
    assert [row.opportunity_id for row in found[OfferStatus.REVISED].rows] == [silent.pk]
    assert found[OfferStatus.ACCEPTED].total == 3  # one now, two of the returning customer
    later = queries.offer_list(owner, now=NOW + 40 * DAY, state="expired")
    assert [row.opportunity_id for row in later.rows] == [silent.pk]
    assert queries.offer_list(owner, now=NOW, state="x").state == "all"


def test_list_and_page_agree_on_the_state(owner: User) -> None:
    for row in cast.settle_all(actor=owner).values():
        for line in queries.offer_list(owner, now=NOW).rows:
            if line.opportunity_id == row.pk:
                assert queries.offer(owner, line.entry_id, now=NOW).newest.status is line.status
