"""Two that are one: what goes over, what that means for contact, and that it can be taken back."""

from datetime import timedelta

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.commands import parties
from nachhaken.desk.models import Blocked, Event, Opportunity, Person, Plan, Prospect, User
from nachhaken.terms import Channel, StepKind
from tests import cast
from tests.cast import NOW
from tests.desk.twins import State, offered, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def twins(owner: User) -> tuple[Opportunity, Opportunity]:
    one = offered(owner, "Metallbau Huber GmbH", "Sabine Keller", "keller@huber.example", "AN-1")
    other = offered(owner, "Huber Metallbau", "S. Keller", "s.keller@gmx.de", "AN-2")
    return one, other


def merged(owner: User, twins: tuple[Opportunity, Opportunity], **taken: str) -> int:
    return commands.merge_prospects(
        actor=owner,
        now=NOW,
        key="m",
        kept_id=twins[0].prospect_id,
        gone_id=twins[1].prospect_id,
        taken=taken,
    ).pk


def people_of(prospect: int) -> list[str]:
    return [p.name for p in Prospect.objects.get(pk=prospect).standing_people]


def test_everything_of_the_gone_one_is_at_the_kept_one(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    merged(owner, twins)
    kept, gone = twins[0].prospect_id, twins[1].prospect_id
    page = queries.prospect(owner, kept, now=NOW)
    assert page.offers == 2
    assert [person.name for person in page.people] == ["Sabine Keller", "S. Keller"]
    assert not Event.objects.filter(prospect=gone).exists()
    assert [row.name for row in queries.prospect_list(owner).rows] == ["Metallbau Huber GmbH"]
    assert queries.prospect_list(owner, search="Huber Metallbau").total == 1


def test_a_gone_name_and_address_lead_to_the_kept_one(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    merged(owner, twins)
    kept = twins[0].prospect_id
    named = parties.prospect_named("HUBER Metallbau", actor=owner, now=NOW)
    assert named.pk == kept
    commands.merge_people(
        actor=owner,
        now=NOW,
        key="p",
        kept_id=twins[0].person_id or 0,
        gone_id=twins[1].person_id or 0,
    )
    found = parties.person_of("S.Keller@gmx.de")
    assert found is not None
    assert (found.pk, found.prospect_id) == (twins[0].person_id, kept)
    assert people_of(kept) == ["Sabine Keller"]


def test_merging_twice_is_merging_once(owner: User, twins: tuple[Opportunity, Opportunity]) -> None:
    assert merged(owner, twins) == merged(owner, twins)
    with pytest.raises(commands.InvalidError):
        commands.merge_prospects(
            actor=owner,
            now=NOW,
            key="again",
            kept_id=twins[0].prospect_id,
            gone_id=twins[1].prospect_id,
        )


def test_parted_again_nothing_is_left_of_the_merger(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=twins[1].prospect_id)
    before = state()
    merger = merged(owner, twins, name="gone", place="gone")
    assert state() != before
    commands.part(actor=owner, now=NOW, merger_id=merger)
    commands.part(actor=owner, now=NOW, merger_id=merger)
    assert state() == before


def test_what_came_since_goes_where_its_matter_goes(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    merger = merged(owner, twins)
    for row in twins:
        commands.promise(
            actor=owner, now=NOW, key=f"p{row.pk}", opportunity_id=row.pk, by_us=True, what="Muster"
        )
    commands.part(actor=owner, now=NOW, merger_id=merger)
    said = Event.objects.filter(kind="promised").order_by("pk")
    assert [event.prospect_id for event in said] == [row.prospect_id for row in twins]


def test_e6_row_1_an_objection_of_either_holds_for_both(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=twins[1].prospect_id)
    merged(owner, twins)
    for row in twins:
        assert Plan.objects.get(pk=row.pk).kind == StepKind.STOP
    assert queries.prospect(owner, twins[0].prospect_id, now=NOW).opted_out


def test_e6_row_1_an_objection_heard_of_the_merged_one_holds_for_both_when_parted(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    merger = merged(owner, twins)
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=twins[0].prospect_id)
    commands.part(actor=owner, now=NOW, merger_id=merger)
    for row in twins:
        assert queries.prospect(owner, row.prospect_id, now=NOW).opted_out


def test_e6_row_1_the_objection_of_a_gone_person_is_the_kept_ones(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    gone = twins[1].person_id or 0
    commands.opt_out(
        actor=owner, now=NOW, key="o", prospect_id=twins[1].prospect_id, person_id=gone
    )
    merged(owner, twins)
    assert Plan.objects.get(pk=twins[0].pk).kind != StepKind.STOP
    merger = commands.merge_people(
        actor=owner, now=NOW, key="p", kept_id=twins[0].person_id or 0, gone_id=gone
    )
    assert Plan.objects.get(pk=twins[0].pk).kind == StepKind.STOP
    assert Blocked.objects.filter(lifted_at=None).count() > 1
    commands.part(actor=owner, now=NOW, merger_id=merger.pk)
    assert Plan.objects.get(pk=twins[0].pk).kind != StepKind.STOP


def test_e6_row_19_the_contact_limit_counts_what_went_to_either_of_them(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    earlier = NOW - timedelta(days=1)
    commands.record_outcome(
        actor=owner,
        now=earlier,
        key="c",
        opportunity_id=twins[1].pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="not_reached",
    )
    merged(owner, twins)
    commands.merge_people(
        actor=owner,
        now=NOW,
        key="p",
        kept_id=twins[0].person_id or 0,
        gone_id=twins[1].person_id or 0,
    )
    from nachhaken.desk.stories import tell

    (told,) = tell([twins[0].pk])
    assert told.story.other_touches == (earlier,)


def test_the_people_that_were_merged_since_are_parted_first(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    before = state()
    merger = merged(owner, twins)
    commands.merge_people(
        actor=owner,
        now=NOW,
        key="p",
        kept_id=twins[0].person_id or 0,
        gone_id=twins[1].person_id or 0,
        taken={"mail": "gone", "name": "gone"},
    )
    assert Person.objects.get(pk=twins[0].person_id or 0).mail == "s.keller@gmx.de"
    commands.part(actor=owner, now=NOW, merger_id=merger)
    assert state() == before


def test_people_of_different_houses_are_not_one(
    owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    with pytest.raises(commands.InvalidError):
        commands.merge_people(
            actor=owner,
            now=NOW,
            key="p",
            kept_id=twins[0].person_id or 0,
            gone_id=twins[1].person_id or 0,
        )


def test_a_state_is_more_than_nothing(twins: tuple[Opportunity, Opportunity]) -> None:
    found: State = state()
    assert all(found[name] for name in ("prospects", "people", "opportunities", "events", "plans"))
