"""One of two that may be one: as what it is compared, and what a page says of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from nachhaken.desk.models import Event, Merger, Opportunity, Person, Prospect
from nachhaken.desk.pages_twins import SideRow
from nachhaken.desk.stories import VOID
from nachhaken.desk.twin_words import sums
from nachhaken.desk.twins import FEW
from nachhaken.sources.freemail import house_domain
from nachhaken.sources.names import house_name

PROSPECT, PERSON = Merger.Table.PROSPECT.value, Merger.Table.PERSON.value
_SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Side:
    """A side and how much of a history it has: the heavier one stays."""

    row: SideRow
    weight: tuple[int, int]


def near(name: str, mails: Iterable[str], *, but: int) -> list[Prospect]:
    """Return prospects that share a word of the name or a domain; few where the word is common."""
    words = [word for word in house_name(name).split() if len(word) >= _SHORTEST_WORD]
    condition = Q(pk__in=[])
    for word in words[:4]:
        condition |= Q(search__contains=word)
    for domain in {house_domain(mail) for mail in mails} - {""}:
        condition |= Q(people__mail__endswith=f"@{domain}")
    rows = Prospect.objects.here().filter(condition, merged_into=None).exclude(pk=but)
    return list(rows.distinct().order_by("-pk")[:FEW])


def sides_of(table: str, ids: Collection[int]) -> dict[int, Side]:
    """Return the sides by number, in a few queries; who is gone is not among them."""
    if not ids:
        return {}
    return _house_sides(ids) if table == PROSPECT else _person_sides(ids)


def sums_of(table: str, ids: Collection[int]) -> str:
    """Return what these have together."""
    column = "prospect" if table == PROSPECT else "person"
    matters = Opportunity.objects.filter(**{f"{column}__in": ids}).exclude(outcome=VOID)
    events = Event.objects.filter(**{f"{column}__in": ids})
    people = Person.objects.here().filter(prospect__in=ids, merged_into=None)
    return sums(
        people=people.count() if table == PROSPECT else 0,
        matters=matters.count(),
        events=events.count(),
    )


def _house_sides(ids: Collection[int]) -> dict[int, Side]:
    rows = Prospect.objects.here().filter(pk__in=ids, merged_into=None)
    people = Person.objects.here().filter(prospect__in=ids, merged_into=None)
    names: dict[int, list[str]] = defaultdict(list)
    for house, name, mail in people.order_by("pk").values_list("prospect_id", "name", "mail"):
        names[house].append(name or mail)
    matters = Counter(
        Opportunity.objects.filter(prospect__in=ids)
        .exclude(outcome=VOID)
        .values_list("prospect_id", flat=True)
    )
    return {
        row.pk: Side(
            SideRow(
                id=row.pk,
                name=row.name,
                second=" · ".join(filter(None, [row.place or _town(row), *names[row.pk][:2]])),
                sums=sums(people=len(names[row.pk]), matters=matters[row.pk]),
                has_objected=row.opted_out_at is not None,
            ),
            (matters[row.pk], len(names[row.pk])),
        )
        for row in rows
    }


def _person_sides(ids: Collection[int]) -> dict[int, Side]:
    rows = Person.objects.here().filter(pk__in=ids, merged_into=None)
    rows = rows.select_related("prospect")
    matters = Counter(
        Opportunity.objects.filter(person__in=ids)
        .exclude(outcome=VOID)
        .values_list("person_id", flat=True)
    )
    events = Counter(Event.objects.filter(person__in=ids).values_list("person_id", flat=True))
    noted = Event.objects.filter(kind="opted_out", prospect__people__in=ids).standing()
    objected = {told.get("person_id") for told in noted.values_list("payload", flat=True)}
    return {
        row.pk: Side(
            SideRow(
                id=row.pk,
                name=str(row) or _("ohne Namen"),
                second=" · ".join(
                    filter(None, [row.prospect.name, row.mail if row.name else "", row.phone])
                ),
                sums=sums(matters=matters[row.pk], events=events[row.pk]),
                has_objected=row.pk in objected,
            ),
            (matters[row.pk], events[row.pk]),
        )
        for row in rows
    }


def _town(row: Prospect) -> str:
    return row.address.strip().rpartition("\n")[2]
