"""What a mail stands for: itself, or the ones that somebody forwarded in it, each taken once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from nachhaken.desk.commands.import_bounces import mail_key
from nachhaken.desk.models import Event, UnmatchedMail
from nachhaken.sources.forwarded import MADE, content_id, unwrapped
from nachhaken.sources.mail import MailMessage

MOST_AT_ONCE = 50  # mails of one minute that are compared


@dataclass(frozen=True, slots=True)
class Found:
    """A mail to be placed; `note` is what one of us wrote above it when forwarding it."""

    mail: MailMessage
    note: str = ""
    is_forwarded: bool = False


def opened(mail: MailMessage, own: frozenset[str]) -> list[Found]:
    """Return the mail, or those in it where we forwarded it to ourselves."""
    inside = unwrapped(mail, own)
    if not inside:
        return [Found(mail)]
    return [Found(one.mail, note=one.comment, is_forwarded=True) for one in inside]


def same_as(found: Sequence[Found]) -> dict[str, str]:
    """Return the keys of mails that came in another way: forwarded then, or forwarded now.

    A forwarded copy does not always name the message; then its content tells (`content_id`). The
    value is the key of the event.
    """
    contents = {mail_key(one.mail.message_id): mail_key(content_id(one.mail)) for one in found}
    made = set(contents.values())
    events = Event.objects.filter(source_key__in=made).values_list("source_key", flat=True)
    waiting = UnmatchedMail.objects.filter(source_key__in=made)
    came = {*events, *waiting.values_list("source_key", flat=True)}
    same = {key: content for key, content in contents.items() if content in came}
    nameless = [one.mail for one in found if one.mail.message_id.endswith(MADE)]
    return same | {mail_key(m.message_id): key for m in nameless if (key := _came_itself(m))}


def _came_itself(mail: MailMessage) -> str:
    """Return the key of the event of the mail of which this is a copy, "" where there is none."""
    minute = mail.sent_at.replace(second=0, microsecond=0)
    near = Event.objects.filter(
        kind__in=("replied", "touched"),
        occurred_at__gte=minute,
        occurred_at__lt=minute + timedelta(minutes=1),
        source_key__startswith="mail:",
    ).select_related("person")
    for event in near[:MOST_AT_ONCE]:
        told = replace(
            mail, subject=event.payload["subject"], new_text=event.payload["text"], sent_at=minute
        )
        is_theirs = event.kind == "touched" or event.person is None
        sender = mail.sender.mail if is_theirs or not event.person else event.person.mail
        if sender == mail.sender.mail and content_id(told) == mail.message_id:
            return event.source_key
    return ""
