"""The line to a mail server (IMAP): kept private, logged in, and spared what is too much."""

import re
import ssl
from contextlib import suppress
from imaplib import IMAP4, IMAP4_SSL
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxLoginError

from nachhaken.sources.imap.faults import Refused, WrongPassword

LARGEST_LITERAL = 60_000_000
"""Bytes that a server may announce at once; more than any mail that is asked for whole."""


def connected(host: str, port: int, security: str, timeout: float) -> BaseMailBox:
    """Return a line that is not logged in; `security` is "tls", "starttls" or "none"."""
    trust = ssl.create_default_context()
    if security == "tls":
        return _Private(host, port, timeout=timeout, ssl_context=trust)
    line = _Open(host, port, timeout=timeout)
    if security == "starttls":
        try:
            line.client.starttls(trust)
        except BaseException:
            hang_up(line)
            raise
    return line


def log_in(line: BaseMailBox, username: str, password: str) -> None:
    """Log in; raises WrongPassword, or Refused where the password is not to blame."""
    is_plain = (username + password).isascii()
    say = line.login if is_plain else line.login_utf8
    try:
        say(username, password, initial_folder=None)
    except IMAP4.abort:
        raise
    except (MailboxLoginError, IMAP4.error) as error:
        # RFC 5530: the server names what is not the password's fault.
        told = str(error)
        raise (Refused(told) if _NOT_NOW.search(told) else WrongPassword(told)) from error


def hang_up(line: BaseMailBox) -> None:
    """Close the line without a farewell."""
    with suppress(OSError, IMAP4.error):
        line.client.shutdown()


_NOT_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|PRIVACYREQUIRED|CONTACTADMIN)\]")


class _Sparing:
    """A client that does not take as much into memory as a server pleases to announce."""

    def read(self, size: int) -> bytes:
        """Return `size` bytes of the server's answer."""
        if size > LARGEST_LITERAL:
            raise IMAP4.abort(f"literal of {size} bytes")
        found: bytes = super().read(size)  # type: ignore[misc]
        return found

    def readline(self) -> bytes:
        """Return a line of the answer; after one without an end no answer could be told apart."""
        try:
            found: bytes = super().readline()  # type: ignore[misc]
        except IMAP4.error as error:
            raise IMAP4.abort(str(error)) from error
        return found


class _SparingClient(_Sparing, IMAP4):
    pass


class _SparingPrivateClient(_Sparing, IMAP4_SSL):
    pass


class _Open(MailBoxUnencrypted):
    def _get_mailbox_client(self) -> IMAP4:
        return _SparingClient(self._host, self._port, self._timeout)


class _Private(MailBox):
    def _get_mailbox_client(self) -> IMAP4:
        given: dict[str, Any] = {"ssl_context": self._ssl_context, "timeout": self._timeout}
        return _SparingPrivateClient(self._host, self._port, **given)
