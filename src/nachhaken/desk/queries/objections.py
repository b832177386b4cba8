"""Who objected, in words: for the pages on which nothing else is proposed any more."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from nachhaken.desk.models import Person, User
from nachhaken.desk.objections import Objection
from nachhaken.desk.pages_limits import ObjectionRow


def objection_rows(
    objections: Sequence[Objection], people: Iterable[Person]
) -> tuple[ObjectionRow, ...]:
    """Return the objections as rows, the house's first."""
    if not objections:
        return ()
    names = {person.pk: str(person) for person in people}
    by = User.objects.in_bulk([int(one.noted_by) for one in objections if one.noted_by])
    ordered = sorted(objections, key=lambda one: one.person_id is not None)
    return tuple(_row(one, names, by) for one in ordered)


def _row(one: Objection, names: dict[int, str], by: dict[int, User]) -> ObjectionRow:
    return ObjectionRow(
        entry_id=one.entry_id,
        reply_id=one.entry_id if one.is_reply else 0,
        is_house=one.person_id is None,
        who=names.get(one.person_id or 0, ""),
        at=timezone.localtime(one.at),
        words=" ".join(one.words.split()),
        noted_by=str(by[int(one.noted_by)]) if one.noted_by else "",
        noted_at=timezone.localtime(one.noted_at),
    )
