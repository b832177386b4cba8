"""Laws of merging: parting undoes it, whatever came in between, and in whatever order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nachhaken.desk import commands
from nachhaken.desk.models import Event, Merger, Opportunity, Person, Prospect, User
from nachhaken.desk.stories import tell
from tests import cast
from tests.cast import NOW
from tests.desk.twins import offered, state

pytestmark = pytest.mark.django_db

HOUSES = ("Metallbau Huber", "Huber Bau", "Bau Huber Süd")
SIDES = st.sampled_from(["kept", "gone"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "people", "part", "note", "object", "undo"]),
        st.integers(0, 99),
        st.integers(0, 99),
        SIDES,
    ),
    min_size=1,
    max_size=7,
)


@dataclass
class Desk:
    """Three houses with two people and two matters each, and what is done to them."""

    owner: User
    key: int = 0
    rows: list[Opportunity] = field(default_factory=list)

    def __post_init__(self) -> None:
        for house in HOUSES:
            for n in (1, 2):
                who = house.replace(" ", "").lower()
                mail = f"{n}@{who}.example"
                self.rows.append(
                    offered(self.owner, house, f"Person {n} {house}", mail, f"{n}{who}")
                )
        first = Person.objects.order_by("pk").first()
        assert first is not None
        self.objects(first.prospect_id, first.pk)

    def next_key(self) -> str:
        self.key += 1
        return f"step {self.key}"

    def objects(self, prospect: int, person: int | None) -> None:
        commands.opt_out(
            actor=self.owner, now=NOW, key=self.next_key(), prospect_id=prospect, person_id=person
        )

    def run(self, what: str, one: int, other: int, side: str) -> None:
        acts: dict[str, Callable[[int, int, str], Any]] = {
            "merge": self.merge,
            "people": self.people,
            "part": self.part,
            "note": self.note,
            "object": self.object,
            "undo": self.undo,
        }
        try:
            with transaction.atomic():
                acts[what](one, other, side)
        except commands.InvalidError:
            pass  # the same, or of two houses

    def merge(self, one: int, other: int, side: str) -> None:
        houses = list(Prospect.objects.order_by("pk").values_list("pk", flat=True))
        commands.merge_prospects(
            actor=self.owner,
            now=NOW,
            key=self.next_key(),
            kept_id=houses[one % len(houses)],
            gone_id=houses[other % len(houses)],
            taken={"name": side, "place": side},
        )

    def people(self, one: int, other: int, side: str) -> None:
        people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
        commands.merge_people(
            actor=self.owner,
            now=NOW,
            key=self.next_key(),
            kept_id=people[one % len(people)],
            gone_id=people[other % len(people)],
            taken={"name": side, "mail": side},
        )

    def part(self, one: int, _other: int, _side: str) -> None:
        mergers = list(Merger.objects.order_by("pk").values_list("pk", flat=True))
        if mergers:
            commands.part(actor=self.owner, now=NOW, merger_id=mergers[one % len(mergers)])

    def note(self, one: int, _other: int, _side: str) -> None:
        row = self.rows[one % len(self.rows)]
        commands.feel(
            actor=self.owner, now=NOW, key=self.next_key(), opportunity_id=row.pk, dead_horse=True
        )

    def object(self, one: int, _other: int, side: str) -> None:
        people = list(Person.objects.order_by("pk"))
        person = people[one % len(people)]
        self.objects(person.prospect_id, person.pk if side == "gone" else None)

    def undo(self, one: int, _other: int, _side: str) -> None:
        events = list(Event.objects.filter(kind="opted_out").order_by("pk"))
        event = events[one % len(events)]
        commands.undo(actor=self.owner, now=NOW, key=self.next_key(), entry_id=event.pk)

    def part_all(self, order: list[int]) -> None:
        mergers = list(Merger.objects.order_by("pk").values_list("pk", flat=True))
        mergers.sort(key=lambda pk: order[pk % len(order)])
        for pk in mergers:
            commands.part(actor=self.owner, now=NOW, merger_id=pk)


def rolled_back(work: Callable[[Desk], None]) -> None:
    with transaction.atomic():
        work(Desk(cast.owner()))
        transaction.set_rollback(True)


LAWS = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@LAWS
@given(steps=STEPS, order=st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_parting_in_any_order_leaves_the_state_as_it_was(
    db: None, steps: list[tuple[str, int, int, str]], order: list[int]
) -> None:
    def law(desk: Desk) -> None:
        before = state()
        for what, one, other, side in steps:
            if what in {"merge", "people", "part"}:
                desk.run(what, one, other, side)
        desk.part_all(order)
        assert state() == before

    rolled_back(law)


@LAWS
@given(steps=STEPS, order=st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_whatever_came_in_between_each_has_what_is_theirs(
    db: None, steps: list[tuple[str, int, int, str]], order: list[int]
) -> None:
    def law(desk: Desk) -> None:
        columns = ("pk", "prospect_id", "person_id")
        owners = list(Opportunity.objects.order_by("pk").values_list(*columns))
        fields = ("pk", "prospect_id", "mail", "name")
        people = list(Person.objects.order_by("pk").values_list(*fields))
        told = list(Event.objects.order_by("pk").values_list("pk", "prospect_id", "person_id"))
        for what, one, other, side in steps:
            desk.run(what, one, other, side)
        desk.part_all(order)
        assert list(Opportunity.objects.order_by("pk").values_list(*columns)) == owners
        assert list(Person.objects.order_by("pk").values_list(*fields)) == people
        known = Event.objects.filter(pk__lte=told[-1][0])
        assert list(known.order_by("pk").values_list(*columns)) == told
        for event in Event.objects.exclude(opportunity=None).select_related("opportunity"):
            assert event.opportunity is not None
            assert event.prospect_id == event.opportunity.prospect_id

    rolled_back(law)


@LAWS
@given(steps=STEPS)
def test_e6_row_1_no_merger_and_no_parting_takes_an_objection_away(
    db: None, steps: list[tuple[str, int, int, str]]
) -> None:
    def law(desk: Desk) -> None:
        said = objecting()
        for what, one, other, side in steps:
            if what == "undo":
                continue
            before = objecting()
            desk.run(what, one, other, side)
            after = objecting()
            # Who objects only because of a merger is free again without it.
            said |= after - before if what == "object" else set()
            assert said <= after

    rolled_back(law)


def objecting() -> set[int]:
    """Return the matters in which nobody may be contacted."""
    told = tell(Opportunity.objects.values_list("pk", flat=True))
    return {one.opportunity.pk for one in told if one.story.opted_out}
