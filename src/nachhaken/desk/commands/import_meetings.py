"""A calendar into meetings: each with somebody we know becomes part of that opportunity."""

import re
from collections.abc import Collection, Iterable
from hashlib import sha256

from nachhaken.desk.commands.arriving import Arrival, Told, reconcile, stem_of
from nachhaken.desk.directory import directory_of
from nachhaken.desk.models import Event, Opportunity, Person, User
from nachhaken.desk.preferences import own_addresses
from nachhaken.desk.speech import language
from nachhaken.sources.calendar import Meeting, Meetings
from nachhaken.sources.faults import say
from nachhaken.sources.mail import Address
from nachhaken.sources.match import Directory, match, of_headers
from nachhaken.timeline import Met

_LONGEST_NAME = 150
_TIME = re.compile(r"/\d{8}T\d{4}\Z")


def import_meetings(
    arrival: Arrival, found: Meetings, *, gone: Collection[str] = ()
) -> frozenset[str]:
    """Take in the meetings whose attendees we know; the others are nobody's business here.

    What was moved there is moved here; what was cancelled there, or is no time of its series any
    more, does not count any more. `gone` are names of entries (`kept_name`) that the calendar has
    no more. Returns the names of the entries with somebody we know.
    """
    arrival.faults += [say(fault, language()) for fault in found.faults if not fault.is_note]
    told = _told(found.meetings)
    withdrawn = list(_withdrawn(found, {*map(kept_name, found.entries), *gone}))
    touched = reconcile(arrival, [*told.values(), *withdrawn])
    arrival.new += sum(touched.values())
    arrival.changed += sum(not is_new for is_new in touched.values())
    arrival.same += len(told) - len(touched.keys() & {one.stem for one in told.values()})
    arrival.skipped += len(found.meetings) - len(told)
    return frozenset(kept_name(meeting.entry) for meeting in found.meetings if meeting.uid in told)


def kept_name(entry: str) -> str:
    """Return the name of a calendar entry, short enough for a column."""
    return entry if len(entry) <= _LONGEST_NAME else sha256(entry.encode()).hexdigest()


def _told(meetings: Iterable[Meeting]) -> dict[str, Told]:
    """Return what is told of the meetings with people whom we know, by the meetings' uids."""
    meetings = list(meetings)
    own = own_addresses() | frozenset(User.objects.values_list("email", flat=True)) - {""}
    addresses = {address for meeting in meetings for address in meeting.attendees}
    directory = directory_of(addresses, own=own, threads={})
    found = {}
    for meeting in meetings:
        if not own.intersection(meeting.declined) and (told := _one(meeting, directory)):
            found[meeting.uid] = told
    return found


def _one(meeting: Meeting, directory: Directory) -> Told | None:
    for address in meeting.attendees:
        # An invitation is matched like a mail of the attendee with the title as its subject.
        sender, at = Address("", address), meeting.start
        mail = of_headers(sender=sender, recipients=(), subject=meeting.title, at=at)
        place = match(mail, directory)
        if place.opportunity_id is not None and place.person_id is not None:
            return Told(
                stem=_stem(meeting),
                opportunity=Opportunity.objects.get(pk=place.opportunity_id),
                fact=Met(title=meeting.title, ends_at=meeting.end),
                at=meeting.start,
                person=Person.objects.get(pk=place.person_id),
            )
    return None


def _stem(meeting: Meeting) -> str:
    return stem_of("meeting", kept_name(meeting.entry) + meeting.uid.removeprefix(meeting.entry))


def _withdrawn(found: Meetings, entries: Collection[str]) -> Iterable[Told]:
    """Yield what was known of these entries and is in the calendar no more."""
    there = {_stem(meeting) for meeting in found.meetings}
    rows = Event.objects.filter(kind="met", source_key__startswith="meeting:")
    rows = rows.filter(occurred_at__range=found.span).select_related("opportunity").order_by("pk")
    told: dict[str, Told] = {}
    for event in rows:
        stem = event.source_key.rpartition("#")[0]
        entry = _TIME.sub("", stem.removeprefix("meeting:"))
        if event.opportunity and entry in entries and stem not in there:
            told[stem] = Told(
                stem=stem, opportunity=event.opportunity, fact=None, at=event.occurred_at
            )
    return told.values()
