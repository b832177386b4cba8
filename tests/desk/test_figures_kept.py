"""Whatever happens in whatever order: the sums at the desk are those of counting all anew."""

from datetime import timedelta
from random import Random

import pytest

from nachhaken.desk import commands
from nachhaken.desk.cells import cell_of, sums_of
from nachhaken.desk.commands.ledger import act_of, append, locked
from nachhaken.desk.figures import catch_up, counted_of, rebuild, recount
from nachhaken.desk.models import Event, FiguresCell, Opportunity, Prospect, User
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import tell
from nachhaken.learning.insight.tally import Tally, to_record
from tests import cast, matters
from tests.cast import NOW

pytestmark = pytest.mark.django_db

Sums = dict[str, dict[str, int]]


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


class Desk:
    """Matters of a few houses, and what happens to them by lot."""

    def __init__(self, seed: int) -> None:
        self.owner, self.rng, self.key = cast.owner(), Random(seed), 0

    def step(self) -> None:
        self.key += 1
        acts = [self.opens, self.notes, self.notes, self.takes_back, self.merges, self.catches_up]
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

    def catches_up(self) -> None:
        catch_up(limit=2)


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_kept_by_differences_are_those_of_counting_anew(seed: int) -> None:
    desk = Desk(seed)
    for _ in range(25):
        desk.step()
    found = kept()
    assert found == whole()
    assert any(row["figures"] for row in Opportunity.objects.values("figures"))
    rebuild()
    recount()
    assert kept() == found


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
