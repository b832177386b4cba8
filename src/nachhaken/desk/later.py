"""Links from the morning's mail: signed, for three days, each for one step of one user.

The link itself changes nothing: programs that look mails through for viruses open every address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.signing import BadSignature, Signer

VALID = timedelta(days=3)


class ForgedError(ValueError):
    """This is none of our links, or a piece of one."""


class ExpiredError(ValueError):
    """The link was ours, and its three days are over."""


@dataclass(frozen=True, slots=True)
class Link:
    """Whom the link lets act, and on which plan: that of the opportunity at event `head`."""

    user_id: int
    opportunity_id: int
    head: int
    until: int  # seconds since 1970

    @property
    def key(self) -> str:
        """The key of the act: however often the form is sent, it counts once."""
        told = f"{self.user_id} {self.opportunity_id} {self.head} {self.until}"
        return f"later.{sha256(told.encode()).hexdigest()[:40]}"


def link_of(user_id: int, opportunity_id: int, head: int, *, now: datetime) -> str:
    """Return the full address under which `user_id` can put this step off."""
    until = int((now + VALID).timestamp())
    token = _signer().sign_object([user_id, opportunity_id, head, until])
    return f"{settings.ADDRESS}/later/{token}"


def read_link(token: str, *, now: datetime) -> Link:
    """Return what a token says; ForgedError or ExpiredError where it says nothing any more."""
    try:
        link = Link(*_signer().unsign_object(token))
    except (BadSignature, ValueError, TypeError) as error:
        raise ForgedError from error
    if now.timestamp() >= link.until:
        raise ExpiredError
    return link


def _signer() -> Signer:
    return Signer(salt="nachhaken.later")
