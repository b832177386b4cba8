"""Whatever happens in whatever order: the sums at the desk are those of counting all anew."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from nachhaken.desk import commands
from nachhaken.desk.cells import cell_of, sums_of
from nachhaken.desk.chances import give_chances
from nachhaken.desk.commands.ledger import act_of, append, locked
from nachhaken.desk.figures import catch_up, counted_of, rebuild, recount, without_chance
from nachhaken.desk.models import (
    Event,
    Figures,
    FiguresCell,
    ImportRun,
    Opportunity,
    Prospect,
    User,
)
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import tell
from nachhaken.learning.insight.tally import Tally, to_record
from tests import cast, matters
from tests.cast import NOW
from tests.desk.looked import table, taken
from tests.desk.race import race

pytestmark = pytest.mark.django_db

Sums = dict[str, dict[str, int]]


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


def kept() -> Sums:
    while catch_up(limit=3):
        pass
    return {row.key: row.tally for row in FiguresCell.objects.all() if row.tally}


def whole() -> Sums:
    """Count every matter at once, without what is kept."""
    told = tell(Opportunity.objects.values_list("pk", flat=True))
    counted = counted_of(told, preferences=preferences())
    sums: dict[str, Tally] = {}
    for one in told:
        facts, tally = counted[one.opportunity.pk]
        if facts is not None:
            for part in sums_of(cell_of(facts, one.opportunity.owner_id)):
                sums[part.key] = sums.get(part.key, Tally()) + tally
    return {key: to_record(tally) for key, tally in sums.items() if tally.numbers}


def without_chances(sums: Sums) -> Sums:
    """Return what follows from the timelines alone."""
    found = {key: without_chance(numbers) for key, numbers in sums.items()}
    return {key: numbers for key, numbers in found.items() if numbers}


class Desk:
    """Matters of a few houses, and what happens to them by lot."""

    def __init__(self, seed: int) -> None:
        self.owner, self.rng, self.key = cast.owner(), Random(seed), 0
        self.runs: list[ImportRun] = []

    def step(self) -> None:
        self.key += 1
        acts = [
            self.opens,
            self.notes,
            self.notes,
            self.takes_back,
            self.merges,
            self.imports,
            self.reverts,
            self.gives_chances,
            self.catches_up,
        ]
        (self.opens if self.key < 4 else self.rng.choice(acts))()

    def opens(self) -> None:
        commands.create_opportunity(
            actor=self.owner,
            now=NOW - timedelta(days=300 * self.rng.random()),
            key=f"{self.key}",
            prospect=f"Haus {self.rng.randrange(4)}",
            title="Treppe",
            amount_cents=self.rng.choice([None, 90_000, 900_000]),
            number=f"A-{self.key}",
        )

    def notes(self) -> None:
        row = locked(self.rng.choice(Opportunity.objects.values_list("pk", flat=True)))
        at = NOW - timedelta(days=200 * self.rng.random())
        (_, fact) = matters.facts_of(self.rng)[-1]
        append(act_of(self.owner, NOW, f"{self.key}"), [fact], opportunity=row, at=at)
        commands.replan_prospects([row.prospect_id], now=NOW)

    def takes_back(self) -> None:
        rows = Event.objects.exclude(act="").exclude(kind="undone")
        entry = self.rng.choice(rows.values_list("pk", flat=True))
        commands.undo(actor=self.owner, now=NOW, key=f"{self.key}", entry_id=entry)

    def merges(self) -> None:
        houses = list(Prospect.objects.filter(merged_into=None).values_list("pk", flat=True))
        if len(houses) > 1:
            kept_id, gone_id = self.rng.sample(houses, 2)
            commands.merge_prospects(
                actor=self.owner,
                now=NOW,
                key=f"{self.key}",
                kept_id=kept_id,
                gone_id=gone_id,
                taken={"name": "kept", "place": "kept"},
            )

    def imports(self) -> None:
        """A table of offers, of which the next one tells some differently."""
        told = self.rng.sample(range(6), 3)
        rows = [
            f"I-{n};1;0{n + 1}.03.2026;Haus {n % 4};;h{n}@haus.example;Tor;{self._amount()};"
            f"{self.rng.choice(['offen', 'Auftrag', 'abgelehnt'])};2,5"
            for n in told
        ]
        self.runs.append(taken(self.owner, table(*rows)))

    def reverts(self) -> None:
        if self.runs:
            commands.revert_import(actor=self.owner, now=NOW, run_id=self.runs.pop().pk)

    def gives_chances(self) -> None:
        give_chances(now=NOW, limit=3)

    def _amount(self) -> str:
        return self.rng.choice(["900,00", "9.000,00"])

    def catches_up(self) -> None:
        catch_up(limit=2)


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_kept_by_differences_are_those_of_counting_anew(seed: int) -> None:
    desk = Desk(seed)
    for _ in range(18):
        desk.step()
    desk.imports()
    desk.reverts()
    found = kept()
    assert without_chances(found) == whole()
    assert any(row["figures"] for row in Opportunity.objects.values("figures"))
    while give_chances(now=NOW):
        pass
    found = kept()
    rebuild()
    recount()
    while give_chances(now=NOW):
        pass
    assert kept() == found


def test_what_an_import_brought_and_took_back_counts_no_more() -> None:
    desk = Desk(3)
    desk.opens()
    before = kept()
    desk.imports()
    assert kept() == whole() != before
    desk.reverts()
    assert kept() == whole() == before


class TestAtOnce:
    """SQLite's tests have one connection: two at once can only be had from a server."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def _on_a_server(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("two connections at once need PostgreSQL")

    def test_two_that_catch_up_at_once_count_everything_once(self) -> None:
        cast.settle_all(actor=cast.owner())
        behind = Figures.objects.filter(is_behind=True).count()
        done = race(*[lambda: catch_up(limit=4)] * 4)
        assert sum(done) + catch_up() == behind
        assert kept() == whole()

    def test_changes_while_another_catches_up_are_counted(self) -> None:
        rows = cast.settle_all(actor=cast.owner())
        row = rows[cast.SILENT.prospect]
        race(catch_up, lambda: commands.replan([row.pk], now=NOW), catch_up, recount)
        assert kept() == whole()


def test_another_owner_takes_the_figures_along() -> None:
    owner = cast.owner()
    row = cast.settle(cast.SILENT, actor=owner)
    colleague: User = cast.colleague()
    before = kept()
    Opportunity.objects.filter(pk=row.pk).update(owner=colleague)
    commands.replan([row.pk], now=NOW)
    after = kept()
    assert after == whole()
    assert {key for key in after if f".{colleague.pk}." in key}
    assert before != after
