"""Why a mailbox does not open, as closely as it can be told: from the line's fault or its words."""

import errno
import re
import socket
import ssl

from nachhaken.sources.imap.faults import MailboxError, NotReached, Refused, WrongPassword

_NO_NAMES = frozenset({socket.EAI_AGAIN})  # nobody there to ask for names
_NO_WAY = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH})
# What the usual servers say; GMX and WEB.DE, Gmail, Dovecot, Cyrus, Courier, Exchange.
_SAID = {
    "app_password": re.compile(
        r"application-specific password|app(?:lication)? password|anwendungsspezifisch",
        re.IGNORECASE,
    ),
    "imap_off": re.compile(
        r"not enabled for imap|imap (?:access )?(?:is )?(?:disabled|not enabled|not allowed)|"
        r"enable imap|imap.{0,40}(?:freischalt|freigeschaltet|aktivier|einschalt)",
        re.IGNORECASE,
    ),
    "too_many": re.compile(
        r"too many (?:simultaneous )?(?:connections|logins|sessions)|maximum number of connections|"
        r"\[LIMIT\]|connection limit",
        re.IGNORECASE,
    ),
}


def cause_of(error: MailboxError) -> str:
    """Return the code of what is behind `error`: its own, or a closer one."""
    if isinstance(error, NotReached):
        return _of_line(error.__cause__) or _of_words(error) or error.code
    if isinstance(error, Refused | WrongPassword):
        return _of_words(error) or error.code
    return error.code


def _of_words(error: MailboxError) -> str:
    return next((code for code, said in _SAID.items() if said.search(error.answer)), "")


def _of_line(cause: BaseException | None) -> str:
    match cause:
        case socket.gaierror():
            return "offline" if cause.errno in _NO_NAMES else "host"
        case ConnectionRefusedError():
            return "port"
        case TimeoutError():
            return "timeout"
        case ssl.SSLError():
            return "security"
        case OSError() if cause.errno in _NO_WAY:
            return "offline"
        case ConnectionError():
            return "broken"
    return ""
