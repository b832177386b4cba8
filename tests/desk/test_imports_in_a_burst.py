"""A table is prepared before anything is held, and prepared again where somebody wrote."""

from collections.abc import Callable

import pytest

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_tables import import_table
from nachhaken.desk.models import Event, Opportunity, Prospect, User
from nachhaken.sources.tables import read_table
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HEADER = "Angebot;Datum;Kunde;Ansprechpartner;E-Mail;Netto;Status"


@pytest.fixture
def owner() -> User:
    return cast.owner()


def listed(count: int) -> bytes:
    rows = [
        f"A-{n};02.11.2026;Haus {n // 2};Rosa {n // 2};rosa{n // 2}@haus.example;1.000,00;offen"
        for n in range(count)
    ]
    return "\n".join([HEADER, *rows]).encode()


def taken(owner: User, raw: bytes, watch: Callable[[str, int, int], None]) -> Arrival:
    arrival = Arrival(actor=owner, now=NOW, progress=watch)
    import_table(arrival, read_table(raw, "a.csv"))
    return arrival


def test_nothing_is_written_before_everything_is_prepared(owner: User) -> None:
    seen: list[int] = []
    taken(owner, listed(1200), lambda *_told: seen.append(Opportunity.objects.count()))
    assert seen == [0, 0, 0]
    assert Opportunity.objects.count() == 1200
    assert Prospect.objects.count() == 600


def test_what_came_in_meanwhile_is_not_taken_in_twice(owner: User) -> None:
    raw, meanwhile = listed(4), [listed(2)]

    def somebody(stage: str, done: int, total: int) -> None:
        if meanwhile:
            taken(owner, meanwhile.pop(), lambda *_told: None)

    arrival = taken(owner, raw, somebody)
    assert (arrival.new, arrival.same) == (2, 2)
    assert Event.objects.filter(kind="offer_sent").count() == Opportunity.objects.count() == 4


def test_who_writes_without_a_pause_does_not_keep_it_from_ending(owner: User) -> None:
    rounds: list[int] = []

    def somebody(stage: str, done: int, total: int) -> None:
        rounds.append(Prospect.objects.create(name="x", key=f"x{len(rounds)}", created_at=NOW).pk)

    assert taken(owner, listed(2), somebody).new == 2
    assert len(rounds) == 4
    assert Opportunity.objects.count() == 2
