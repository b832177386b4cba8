"""A table of activities into what happened: calls, mails, meetings and notes in their matters.

What has no matter, or could belong to several, is doubtful: it is told and left out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from nachhaken.desk import labels
from nachhaken.desk.commands.arriving import Arrival, Told, compare, stem_of
from nachhaken.desk.commands.bulk import blocks
from nachhaken.desk.commands.import_offers import moment
from nachhaken.desk.commands.matters import Matters, is_titled
from nachhaken.desk.commands.matters_named import Whom, matters_named
from nachhaken.desk.commands.pending import Pending
from nachhaken.desk.models import Opportunity, Person
from nachhaken.sources.activity_row import ActivityKind, ActivityRow
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact, Mentioned, Met, Replied, Touched

_NOON = time(12)
_CHANNELS = {
    ActivityKind.CALL: Channel.CALL,
    ActivityKind.MAIL: Channel.MAIL,
    ActivityKind.LETTER: Channel.LETTER,
}


def import_activities(arrival: Arrival, rows: Sequence[ActivityRow], pending: Pending) -> None:
    """Take in what was done; what is only planned is passed over, but for agreed meetings."""
    seen: set[str] = set()
    done = 0
    for block in blocks(rows):
        fresh = [row for row in block if row.key not in seen]
        arrival.same += len(block) - len(fresh)
        seen |= {row.key for row in fresh}
        _take(arrival, fresh, pending)
        done += len(block)
        arrival.progress("write", done, len(rows))


def _take(arrival: Arrival, block: list[ActivityRow], pending: Pending) -> None:
    past = [row for row in block if _has_happened(row, arrival.now)]
    arrival.skipped += len(block) - len(past)
    whom = [Whom(row.customer, row.person, row.mail, row.title) for row in past]
    matters, places = matters_named(whom)
    told: list[Told] = []
    for row, (prospects, person) in zip(past, places, strict=True):
        found = _opportunity(row, prospects, matters)
        if isinstance(found, str):
            arrival.doubtful += 1
            arrival.faults.append(found)
            continue
        told.append(_told(row, found, person))
    touched, due = compare(arrival, told)
    pending.keep([], due)
    for one in told:
        match touched.get(one.stem):
            case True:
                arrival.new += 1
            case False:
                arrival.changed += 1
            case None:
                arrival.same += 1


def _has_happened(row: ActivityRow, now: datetime) -> bool:
    if row.kind is ActivityKind.TASK:
        return False
    if row.kind is ActivityKind.MEETING:
        return True
    return row.is_done is not False and _at(row) <= now


def _at(row: ActivityRow) -> datetime:
    return moment(row.on, row.at or _NOON)


def _opportunity(row: ActivityRow, prospects: Sequence[int], matters: Matters) -> Opportunity | str:
    """Return where it belongs, or the sentence that says why nobody can tell."""
    all_of = [one for pk in prospects for one in matters.of_prospect.get(pk, [])]
    who = row.customer or row.person or row.mail or row.title
    if not all_of:
        return labels.text("no_matter", row=row.row, who=who)
    fitting = list(_fitting(row, all_of, matters))
    if len(fitting) == 1:
        return fitting[0]
    return labels.text("many_matters", row=row.row, who=who)


def _fitting(
    row: ActivityRow, all_of: list[Opportunity], matters: Matters
) -> Iterator[Opportunity]:
    named = list(_by_name(row, all_of, matters))
    if named or len(all_of) == 1:
        yield from named or all_of
        return
    at = _at(row)
    begun = [one for one in all_of if one.created_at <= at]
    yield from [one for one in begun if one.ended_at is None or at <= one.ended_at] or all_of


def _by_name(
    row: ActivityRow, all_of: list[Opportunity], matters: Matters
) -> Iterator[Opportunity]:
    for one in all_of:
        is_numbered = row.number and matters.is_numbered(one, row.number)
        if is_numbered or (row.title and is_titled(one, row.title)):
            yield one


def _told(row: ActivityRow, opportunity: Opportunity, person: Person | None) -> Told:
    return Told(
        stem=stem_of("activity", row.key),
        opportunity=opportunity,
        fact=_fact(row, person),
        at=_at(row),
        person=person,
    )


def _fact(row: ActivityRow, person: Person | None) -> Fact:
    pk = person.pk if person else None
    text = row.text or row.subject
    channel = _CHANNELS.get(row.kind)
    if row.kind is ActivityKind.MEETING:
        return Met(title=row.subject or row.text[:200] or labels.text("meeting_untitled"))
    if channel is None:
        return Mentioned(what=text or row.kind.value)
    if row.came_in:
        return Replied(channel=channel, text=text, subject=row.subject, person_id=pk)
    is_call = channel is Channel.CALL
    return Touched(
        channel=channel,
        step=StepKind.CALL if is_call else StepKind.MAIL,
        reached=(row.reached if row.reached is not None else bool(row.text)) if is_call else None,
        text=row.text,
        subject=row.subject,
        person_id=pk,
    )
