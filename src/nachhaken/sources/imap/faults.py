"""What can go wrong with a mailbox, told apart by what a person can do about it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from typing import ClassVar

from imap_tools.errors import ImapToolsError


class MailboxError(Exception):
    """The mailbox did not do what was asked; `code` names the cause, `answer` the server's word."""

    code: ClassVar[str] = "refused"

    def __init__(self, answer: str = "") -> None:
        super().__init__(self.code)
        self.answer = answer


class NotReached(MailboxError):  # noqa: N818
    """Nobody answers under this host and port, or the line went dead."""

    code = "not_reached"


class Garbled(MailboxError):  # noqa: N818
    """Something answers, but not as a mail server does."""

    code = "garbled"


class Untrusted(MailboxError):  # noqa: N818
    """The server's certificate is not one that this machine trusts."""

    code = "untrusted"


class WrongPassword(MailboxError):  # noqa: N818
    """The server does not know this name with this password."""

    code = "wrong_password"


class Refused(MailboxError):  # noqa: N818
    """The server answers, but says no."""


class NoFolder(Refused):
    """The server cannot open this folder: mostly it was renamed or removed."""

    code = "no_folder"


class Renumbered(Refused):
    """The numbers of this folder mean other mails than when they were asked for."""

    code = "renumbered"


class NoIdle(Refused):
    """The server does not tell of new mail by itself."""

    code = "no_idle"


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what the libraries raise into what a caller can do something about."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(error.verify_message) from error
    except (OSError, IMAP4.abort) as error:
        raise NotReached(str(error)) from error
    except (ImapToolsError, IMAP4.error) as error:
        raise Refused(str(error)) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # The libraries trust the server to answer in its language.
        raise Garbled(type(error).__name__) from error
