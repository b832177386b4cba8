"""Twins: pairs that may be one, two side by side, and what was merged."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.merging import PERSON_FIELDS, PROSPECT_FIELDS
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Apart, Merger, Person, Prospect, User
from nachhaken.desk.pages_twins import (
    ApartRow,
    FieldRow,
    MergerRow,
    SideRow,
    TwinPage,
    TwinRow,
    TwinsPage,
)
from nachhaken.desk.preferences import preferences
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.queries.twin_sides import (
    PERSON,
    PROSPECT,
    Side,
    near,
    sides_of,
    sums_of,
)
from nachhaken.desk.twin_words import label, said, why
from nachhaken.desk.twins import houses_of, somebodies
from nachhaken.sources.likeness import (
    SAME,
    House,
    Pair,
    alike,
    alike_people,
    like_houses,
    like_people,
)

MOST_LATELY = 10
MOST_LIKELY = 3
_FIELDS = {PROSPECT: PROSPECT_FIELDS, PERSON: PERSON_FIELDS}


def twins(user: User, *, page: int = 1) -> TwinsPage:
    """Return whom the desk takes for one, the surest first, houses before people."""
    allow(user)
    found = [*_pairs(PROSPECT), *_pairs(PERSON)]
    found.sort(key=lambda one: (-one[1].strength, one[0] == PERSON, one[1].first))
    at = Page.of(len(found), page)
    return TwinsPage(
        rows=_rows(found[at.start : at.end]),
        total=len(found),
        page=at.number,
        pages=at.pages,
        mergers=_mergers(Merger.objects.filter(undone_at=None).order_by("-pk")[:MOST_LATELY]),
        aparts=_aparts(Apart.objects.order_by("-pk")[:MOST_LATELY]),
    )


def twin(user: User, table: str, one: int, other: int) -> TwinPage:
    """Return two side by side; raise NotFoundError where one of them is gone or was never there."""
    allow(user)
    if table not in {PROSPECT, PERSON}:
        raise NotFoundError(table)
    pair = _pair(table, one, other)
    rows = _rows([(table, pair)])
    if not rows:
        raise NotFoundError(f"{table} {one}, {other}")
    (row,) = rows
    model = Prospect if table == PROSPECT else Person
    kept, gone = (model.objects.get(pk=side.id) for side in (row.one, row.other))
    house = kept if isinstance(kept, Prospect) else kept.prospect
    objector = next((side.name for side in (row.one, row.other) if side.has_objected), "")
    return TwinPage(
        row=row,
        fields=tuple(_field(name, kept, gone) for name in _FIELDS[table]),
        sums=sums_of(table, [row.one.id, row.other.id]),
        objection=objector,
        back_id=house.pk,
    )


def likely_twins(row: Prospect) -> tuple[TwinRow, ...]:
    """Return who may be the same as this prospect, the surest first; and people here, likewise."""
    others = near(row.name, [person.mail for person in row.people.all()], but=row.pk)
    houses = houses_of([row, *others]) if others else []
    own = next((house for house in houses if house.id == row.pk), None)
    pairs = [alike(own, house) for house in houses if own and house.id != row.pk]
    found = [(PROSPECT, pair) for pair in pairs if pair]
    found += [(PERSON, pair) for pair in like_people(somebodies(row.standing_people))]
    apart = _said_apart() if found else set()
    standing = [one for one in found if (one[0], one[1].first, one[1].second) not in apart]
    standing.sort(key=lambda one: -one[1].strength)
    return _rows(standing[:MOST_LIKELY]) if standing else ()


def known_like(
    user: User,
    *,
    name: str,
    place: str = "",
    mail: str = "",
    phone: str = "",
    is_consumer: bool = False,
) -> tuple[SideRow, ...]:
    """Return known prospects that one about to be made may be; none where the name is known."""
    allow(user)
    same = Prospect.objects.here().filter(folded=fold(name)[:200])
    if any(not place or not row.place or fold(place) == fold(row.place) for row in same):
        return ()
    others = near(name, [mail], but=0)
    asked = House(
        id=0,
        name=name,
        place=place,
        region=preferences().region[:2],
        is_consumer=is_consumer,
        mails=(mail,) if mail else (),
        phones=(phone,) if phone else (),
    )
    pairs = [pair for house in houses_of(others) if (pair := alike(asked, house))]
    found = sorted(pairs, key=lambda pair: (-pair.strength, pair.second))[:MOST_LIKELY]
    sides = sides_of(PROSPECT, [pair.second for pair in found])
    return tuple(sides[pair.second].row for pair in found)


def mergers_of(row: Prospect) -> tuple[MergerRow, ...]:
    """Return what went over to this prospect, or to one of its people, and may be parted again."""
    people = [person.pk for person in row.people.all()]
    mine = Q(table=PROSPECT, kept__in=_within(row)) | Q(table=PERSON, kept__in=people)
    found = list(Merger.objects.filter(mine, undone_at=None).order_by("-pk"))
    return _mergers(found) if found else ()


def _within(row: Prospect) -> list[int]:
    """Return the prospect and all who live on in it."""
    found = [row.pk]
    while more := _gone_into(found):
        found += more
    return found


def _gone_into(kept: list[int]) -> list[int]:
    rows = Prospect.objects.filter(merged_into__in=kept).exclude(pk__in=kept)
    return list(rows.values_list("pk", flat=True))


def _pairs(table: str) -> list[tuple[str, Pair]]:
    apart = _said_apart()
    if table == PROSPECT:
        pairs = like_houses(houses_of(Prospect.objects.here().filter(merged_into=None)))
    else:
        people = Person.objects.here().filter(merged_into=None, prospect__merged_into=None)
        pairs = like_people(somebodies(people))
    return [(table, pair) for pair in pairs if (table, pair.first, pair.second) not in apart]


def _pair(table: str, one: int, other: int) -> Pair:
    """Return the two as a pair, whether or not anything says that they are one."""
    first, second = sorted((one, other))
    found: Pair | None = None
    if table == PROSPECT:
        rows = Prospect.objects.here().filter(pk__in=[one, other], merged_into=None)
        houses = houses_of(rows)
        found = alike(*houses) if len(houses) == 2 else None  # noqa: PLR2004
    else:
        people = somebodies(Person.objects.here().filter(pk__in=[one, other], merged_into=None))
        found = alike_people(*people) if len(people) == 2 else None  # noqa: PLR2004
    return found or Pair(first=first, second=second, strength=0.0, signs=())


def _said_apart() -> set[tuple[str, int, int]]:
    return set(Apart.objects.values_list("table", "first", "second"))


def _rows(pairs: Sequence[tuple[str, Pair]]) -> tuple[TwinRow, ...]:
    sides = {table: sides_of(table, _named(table, pairs)) for table in (PROSPECT, PERSON)}
    found = [
        (table, pair, [sides[table].get(pk) for pk in (pair.first, pair.second)])
        for table, pair in pairs
    ]
    return tuple(
        _row(table, pair, [side for side in both if side])
        for table, pair, both in found
        if all(both)
    )


def _named(table: str, pairs: Sequence[tuple[str, Pair]]) -> list[int]:
    return [pk for kind, pair in pairs if kind == table for pk in (pair.first, pair.second)]


def _row(table: str, pair: Pair, both: Sequence[Side]) -> TwinRow:
    """Who has more of a history stays; of equals the one who was known first."""
    kept, gone = sorted(both, key=lambda side: (side.weight, -side.row.id), reverse=True)
    return TwinRow(
        table=table,
        one=kept.row,
        other=gone.row,
        why=why(pair.signs),
        is_sure=pair.strength >= SAME,
    )


def _field(name: str, kept: Prospect | Person, gone: Prospect | Person) -> FieldRow:
    one, other = (said(name, getattr(row, name)) for row in (kept, gone))
    return FieldRow(name=name, label=label(name), one=one, other=other, is_gone=not one)


def _mergers(rows: Iterable[Merger]) -> tuple[MergerRow, ...]:
    found = list(rows)
    names = _names((one.table, pk) for one in found for pk in (one.kept, one.gone))
    houses = dict(
        Person.objects.filter(pk__in=[m.kept for m in found if m.table == PERSON]).values_list(
            "pk", "prospect_id"
        )
    )
    users = User.objects.in_bulk({one.actor_id for one in found})
    return tuple(
        MergerRow(
            id=one.pk,
            table=one.table,
            kept_id=one.kept if one.table == PROSPECT else houses[one.kept],
            kept=names[one.table, one.kept],
            gone=names[one.table, one.gone],
            at=timezone.localtime(one.at),
            by=str(users[one.actor_id]),
        )
        for one in found
    )


def _aparts(rows: Iterable[Apart]) -> tuple[ApartRow, ...]:
    found = list(rows)
    names = _names((one.table, pk) for one in found for pk in (one.first, one.second))
    users = User.objects.in_bulk({one.actor_id for one in found})
    return tuple(
        ApartRow(
            id=one.pk,
            one=names.get((one.table, one.first), ""),
            other=names.get((one.table, one.second), ""),
            at=timezone.localtime(one.at),
            by=str(users[one.actor_id]),
        )
        for one in found
    )


def _names(asked: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    wanted = set(asked)
    houses = Prospect.objects.filter(pk__in=[pk for table, pk in wanted if table == PROSPECT])
    people = Person.objects.filter(pk__in=[pk for table, pk in wanted if table == PERSON])
    return {(PROSPECT, row.pk): row.name for row in houses} | {
        (PERSON, row.pk): str(row) for row in people
    }
