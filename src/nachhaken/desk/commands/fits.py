"""How a customer fits: rated by the seller, by criteria of his own; and how a job went."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import Change, InvalidError, act_of, record
from nachhaken.desk.fits import KEY, LONGEST_NAME, MOST_CRITERIA, Criterion, criteria, usual_names
from nachhaken.desk.models import Event, Opportunity, Preference, User
from nachhaken.timeline import FitRated, Mark

LONGEST_NOTE = 500


def rate_fit(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    marks: Mapping[str, int],
    energy: int | None = None,
    evidence: Iterable[int] = (),
    note: str = "",
) -> Change:
    """Note how the customer of this opportunity and `actor` fit; his newest rating counts.

    `marks` are points by the key of a criterion; what is not known stays away. `evidence` are
    replies of this customer that `actor` let count. InvalidError for what nobody asked for.
    """
    known = {one.key for one in criteria()}
    if not marks.keys() <= known:
        raise InvalidError("criterion")
    try:
        rated = FitRated(
            marks=tuple(Mark(criterion=name, points=marks[name]) for name in sorted(marks)),
            energy=energy,
            evidence=tuple(sorted(set(evidence))),
            note=note.strip()[:LONGEST_NOTE],
        )
    except ValueError as error:
        raise InvalidError(str(error)) from error

    def facts(opportunity: Opportunity) -> list[FitRated]:
        _check_evidence(opportunity, rated.evidence)
        return [rated]

    return record(act_of(actor, now, key), opportunity_id, facts)


def set_criteria(wanted: Sequence[Criterion], *, actor: User, now: datetime) -> None:
    """Set what is rated by. Ratings that were made keep the keys that they were made with.

    A criterion without a key is new; one that is missing is retired, not forgotten.
    """
    allow(actor)
    kept = [_named(one) for one in wanted if one.name.strip()]
    names = {one.key for one in kept}
    retired = [Criterion(one.key, one.name, True) for one in criteria() if one.key not in names]
    asked = [one for one in kept if not one.is_retired]
    if not asked or len(asked) > MOST_CRITERIA or len(names) < len(kept):
        raise InvalidError("criteria")
    Preference.objects.update_or_create(
        key=KEY,
        defaults={
            "value": [_stored(one) for one in [*kept, *retired]],
            "set_at": now,
            "set_by": actor,
        },
    )


def _check_evidence(opportunity: Opportunity, entries: Sequence[int]) -> None:
    rows = Event.objects.filter(
        pk__in=entries, kind="replied", prospect_id=opportunity.prospect_id
    ).standing()
    if rows.count() != len(entries):
        raise InvalidError("evidence")


def _named(one: Criterion) -> Criterion:
    name = one.name.strip()[:LONGEST_NAME]
    return Criterion(one.key or _key_of(name), name, one.is_retired)


def _key_of(name: str) -> str:
    """Return a key for a new criterion: its first name, whatever it is called later."""
    taken = {one.key for one in criteria()}
    plain = "own " + name.casefold()
    return plain if plain not in taken else f"{plain} {len(taken)}"


def _stored(one: Criterion) -> dict[str, object]:
    # What is called as it came is kept without its name, so that it follows the language.
    name = "" if usual_names().get(one.key) == one.name else one.name
    return {"key": one.key, "name": name, "is_retired": one.is_retired}
