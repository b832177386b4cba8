"""How a customer fits: rated by the seller, by criteria of his own; and how a job went."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.text import slugify

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import Change, InvalidError, act_of, record
from nachhaken.desk.fits import KEY, LONGEST_NAME, MOST_CRITERIA, Criterion, criteria, usual_names
from nachhaken.desk.jobs_done import limits_of, price_of
from nachhaken.desk.models import Event, Opportunity, Preference, User
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import FitRated, JobFinished, Mark

LONGEST_NOTE = 500
MOST_MINUTES = 60 * 10_000


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
        # Of whom an objection stops nothing is judged any more (GDPR Art. 21).
        if opportunity.prospect.opted_out_at:
            raise InvalidError("opted_out")
        _check_evidence(opportunity, rated.evidence)
        return [rated]

    return record(act_of(actor, now, key), opportunity_id, facts)


def finish_job(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    planned_minutes: int | None = None,
    worked_minutes: int | None = None,
    margin_cents: int | None = None,
    again: bool | None = None,
    kept: Sequence[bool] = (),
    note: str = "",
) -> Change:
    """Note how the job of a won opportunity went; the newest note counts.

    `kept` says of each limit that was agreed on, in their order, whether it held; () where none
    is told. InvalidError where nothing was won, nothing is said, or the limits are others.
    """
    is_some = (planned_minutes, worked_minutes, margin_cents, again) != (None,) * 4
    if not (is_some or kept or note.strip()) or not _may_be(planned_minutes, worked_minutes):
        raise InvalidError("job")

    def facts(opportunity: Opportunity) -> list[JobFinished]:
        if opportunity.outcome != OutcomeKind.WON:
            raise InvalidError("won")
        if kept and len(kept) != len(limits_of(opportunity.pk)):
            raise InvalidError("limits")
        return [
            JobFinished(
                planned_minutes=planned_minutes,
                worked_minutes=worked_minutes,
                margin_cents=margin_cents,
                currency=price_of(opportunity.pk)[1],
                again=again,
                kept=tuple(kept),
                note=note.strip()[:LONGEST_NOTE],
            )
        ]

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


def _may_be(*minutes: int | None) -> bool:
    return all(one is None or 0 <= one <= MOST_MINUTES for one in minutes)


def _named(one: Criterion) -> Criterion:
    name = one.name.strip()[:LONGEST_NAME]
    return Criterion(one.key or _key_of(name), name, one.is_retired)


def _key_of(name: str) -> str:
    """Return a key for a new criterion: its first name, whatever it is called later."""
    taken = {one.key for one in criteria()}
    plain = "own-" + slugify(name, allow_unicode=True)
    return plain if plain not in taken else f"{plain}-{len(taken)}"


def _stored(one: Criterion) -> dict[str, object]:
    # What is called as it came is kept without its name, so that it follows the language.
    name = "" if usual_names().get(one.key) == one.name else one.name
    return {"key": one.key, "name": name, "is_retired": one.is_retired}
