"""A calendar into meetings: each with somebody we know becomes part of that opportunity."""

from collections.abc import Iterator

from nachhaken.desk.commands.arriving import Arrival, Told, reconcile, stem_of
from nachhaken.desk.directory import directory_of
from nachhaken.desk.models import Opportunity, Person, User
from nachhaken.desk.preferences import own_addresses
from nachhaken.desk.speech import language
from nachhaken.sources.calendar import Meeting, Meetings
from nachhaken.sources.faults import say
from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.match import Directory, match
from nachhaken.timeline import Met


def import_meetings(arrival: Arrival, found: Meetings) -> None:
    """Take in the meetings whose attendees we know; the others are nobody's business here."""
    arrival.faults += [say(fault, language()) for fault in found.faults if not fault.is_note]
    addresses = {address for meeting in found.meetings for address in meeting.attendees}
    own = own_addresses() | frozenset(User.objects.values_list("email", flat=True)) - {""}
    directory = directory_of(addresses, own=own, threads={})
    told = list(_told(found.meetings, directory))
    touched = reconcile(arrival, told)
    arrival.new += sum(touched.values())
    arrival.changed += sum(not is_new for is_new in touched.values())
    arrival.same += len(told) - len(touched)
    arrival.skipped += len(found.meetings) - len(told)


def _told(meetings: tuple[Meeting, ...], directory: Directory) -> Iterator[Told]:
    for meeting in meetings:
        for address in meeting.attendees:
            place = match(_as_mail(meeting, address), directory)
            if place.opportunity_id is not None and place.person_id is not None:
                yield Told(
                    stem=stem_of("meeting", meeting.uid),
                    opportunity=Opportunity.objects.get(pk=place.opportunity_id),
                    fact=Met(title=meeting.title, ends_at=meeting.end),
                    at=meeting.start,
                    person=Person.objects.get(pk=place.person_id),
                )
                break


def _as_mail(meeting: Meeting, address: str) -> MailMessage:
    """An invitation is matched like a mail of the attendee with the title as its subject."""
    return MailMessage(
        message_id=meeting.uid,
        sent_at=meeting.start,
        sender=Address("", address),
        recipients=(),
        subject=meeting.title,
        in_reply_to="",
        references=(),
        new_text="",
        full_text="",
        automatic=False,
        attachments=(),
    )
