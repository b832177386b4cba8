"""What a file holds that `nachhaken read` is given: a mail, or a plain text."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from nachhaken.project.data import terminal_language
from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import Unreadable, say
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.mail import parse_message
from nachhaken.sources.new_text import own_part

# Where the days are counted whose holidays are known: a mail of half past midnight is of that day.
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The customer's new text with its day; `automatic` where the headers say a machine wrote."""

    text: str
    on: date
    subject: str = ""
    automatic: bool = False


def said_in(raw: bytes, name: str, *, now: datetime) -> Said:
    """Return what the file holds, of a pasted mail only the new text; its day is that of `now`."""
    if kind_of(raw[:HEAD], name) is not Kind.EML:
        return Said(text=own_part(decoded(raw)), on=now.astimezone(_ZONE).date())
    try:
        mail = parse_message(raw, fallback=now)
    except Unreadable as error:
        raise click.ClickException(say(error.fault, terminal_language())) from error
    return Said(
        text=mail.new_text,
        on=mail.sent_at.astimezone(_ZONE).date(),
        subject=mail.subject,
        automatic=mail.automatic,
    )
