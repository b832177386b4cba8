"""When a mail was sent, by whatever its header says of it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from nachhaken.sources.mail_headers import Headers

_EARLIEST, _LATEST = 1980, 2200


def sent_at_of(headers: Headers) -> datetime | None:
    """Return the moment of a header: its date, or when a server took the mail; None for neither."""
    stamps = [headers.first("date"), headers.first("delivery-date"), headers.first("resent-date")]
    stamps += [received.rpartition(";")[2] for received in headers.all("received")]
    return next((at for at in map(moment_of, stamps) if at), None)


def moment_of(stamp: str) -> datetime | None:
    """Return the moment (aware) in the form of RFC 5322; None where it is none, or unbelievable."""
    try:
        at = parsedate_to_datetime(stamp.strip())
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        # Far offsets overflow only when somebody converts them later.
        return at if _EARLIEST <= at.astimezone(UTC).year <= _LATEST else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
