"""Opportunities as a table names them: by their name in the table, by offer number, by title."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from nachhaken.desk.folding import fold
from nachhaken.desk.models import Event, Opportunity, Prospect
from nachhaken.desk.stories import VOID


@dataclass(slots=True)
class Matters:
    """What is known of the opportunities of some prospects; of what is void, nothing."""

    of_prospect: dict[int, list[Opportunity]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[tuple[int, str], Opportunity] = field(default_factory=dict)
    versions: dict[int, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    def numbered(self, prospect: Prospect, number: str) -> Opportunity | None:
        """Return the opportunity of this customer in which an offer of this number is out."""
        if not (prospect.pk and number):
            return None
        return self.by_number.get((prospect.pk, squeezed(number)))

    def titled(self, prospect: Prospect, title: str) -> list[Opportunity]:
        """Return the opportunities of this customer with this title."""
        rows = self.of_prospect.get(prospect.pk, []) if prospect.pk else []
        return [row for row in rows if is_titled(row, title)]

    def is_numbered(self, opportunity: Opportunity, number: str) -> bool:
        """Whether an offer of this number went out in it."""
        return self.by_number.get((opportunity.prospect_id, squeezed(number))) == opportunity

    def has_offer(self, opportunity: Opportunity, number: str, version: int) -> bool:
        """Whether this version went out already, as something else than this table says."""
        held = self.versions.get(opportunity.pk, set())
        return (squeezed(number), version) in held if number else bool(held)


def is_titled(opportunity: Opportunity, title: str) -> bool:
    """Whether this is its title, however it is spelled."""
    return fold(opportunity.title) == fold(title)


def squeezed(number: str) -> str:
    """Return an offer number for comparison."""
    return "".join(number.casefold().split())


def by_source_key(keys: Iterable[str]) -> dict[str, Opportunity]:
    """Return the opportunities that earlier imports brought under these names."""
    rows = Opportunity.objects.filter(source_key__in=list(keys)).select_related("prospect")
    return {row.source_key: row for row in rows}


def matters_of(prospects: Collection[Prospect], *, own: Sequence[str]) -> Matters:
    """Return what is known of these prospects' opportunities.

    Offers whose events begin with one of `own` are the table's own word and not counted.
    """
    ids = {row.pk for row in prospects if row.pk}
    found = Matters()
    rows = Opportunity.objects.filter(prospect_id__in=ids).exclude(outcome=VOID)
    held = {row.pk: row for row in rows.select_related("prospect").order_by("pk")}
    for row in held.values():
        found.of_prospect[row.prospect_id].append(row)
    offers = Event.objects.filter(kind="offer_sent", opportunity_id__in=held).standing()
    told = offers.order_by("pk").values_list("opportunity_id", "source_key", "payload")
    for pk, source_key, payload in told:
        if pk is None:
            continue
        number = squeezed(payload.get("number", ""))
        if number:
            found.by_number.setdefault((held[pk].prospect_id, number), held[pk])
        if not source_key.startswith(tuple(own)):
            found.versions[pk].add((number, payload.get("version", 1)))
    return found
