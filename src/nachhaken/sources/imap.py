"""A mailbox on its server (IMAP): what is new in a folder, and a copy into the Sent folder.

Nothing is ever deleted, moved or marked as read here.
"""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from imaplib import IMAP4
from itertools import islice
from typing import ClassVar, Self

from imap_tools import AND, BaseMailBox, H, MailBox, MailBoxUnencrypted
from imap_tools.errors import (
    ImapToolsError,
    MailboxAppendError,
    MailboxFetchError,
    MailboxLoginError,
)
from imap_tools.utils import check_command_status

from nachhaken.sources.imap_answers import LARGEST_WHOLE, Head, head_of, portions, raws_of

BEGINNING = 300_000
"""Bytes of a larger mail that are fetched: headers and, before all attachments, its text."""

_BATCH_MAILS = 50
_TIMEOUT = 30.0

_USUAL_NAMES = (
    "sent", "gesendet", "gesendete objekte", "gesendete elemente", "gesendete nachrichten",
    "gesendete e-mails", "sent items", "sent messages", "sent mail", "sent-mail", "postausgang",
    "envoyés", "éléments envoyés", "messages envoyés", "inviati", "posta inviata",
)  # fmt: skip


class MailboxError(Exception):
    """The mailbox did not do what was asked; `code` names the cause, `answer` the server's word."""

    code: ClassVar[str] = "refused"

    def __init__(self, answer: str = "") -> None:
        super().__init__(self.code)
        self.answer = answer


class NotReached(MailboxError):  # noqa: N818
    """Nobody answers under this host and port, or the line went dead."""

    code = "not_reached"


class Untrusted(MailboxError):  # noqa: N818
    """The server's certificate is not one that this machine trusts."""

    code = "untrusted"


class WrongPassword(MailboxError):  # noqa: N818
    """The server does not know this name with this password."""

    code = "wrong_password"


class Refused(MailboxError):  # noqa: N818
    """The server answers, but says no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail of a folder. `uid_validity` is the folder's: under another one no `uid` counts.

    `internal_date` (aware) is when it came into the folder, `size` its bytes on the server; where
    `is_cut`, `raw` is only its beginning.
    """

    uid: int
    uid_validity: int
    raw: bytes
    internal_date: datetime
    size: int
    is_cut: bool


class Mailbox:
    """A mailbox as a context manager: within it there is a line to the server, logged in.

    `security` is "tls", "starttls" or "none". No answer takes longer than `timeout` seconds. Every
    method raises a MailboxError: NotReached, Untrusted, WrongPassword, or Refused.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        username: str,
        password: str,
        timeout: float = _TIMEOUT,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._username, self._password = username, password
        self._timeout = timeout
        self._line: BaseMailBox | None = None

    def __enter__(self) -> Self:
        with _plain():
            line = self._connected()
        try:
            with _plain():
                self._log_in(line)
        except MailboxError:
            _hang_up(line)
            raise
        self._line = line
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if isinstance(error, NotReached):  # who gave no answer gives none to a farewell
            _hang_up(line)
            return
        with suppress(OSError, IMAP4.error, ImapToolsError):
            line.logout()

    def sent_folder(self) -> str | None:
        """Return the folder of sent mail: as the server marks it, else by its usual name."""
        with _plain():
            found = [f for f in self._box.folder.list() if not _UNUSABLE & set(map(_low, f.flags))]
        marked = [f.name for f in found if r"\sent" in map(_low, f.flags)]
        if marked:
            return marked[0]
        leaves = {f.name.rpartition(f.delim)[2].casefold(): f.name for f in reversed(found)}
        return next((leaves[name] for name in _USUAL_NAMES if name in leaves), None)

    def holds(self, folder: str, message_id: str) -> bool:
        """Say whether `folder` has the mail of this id (without angle brackets)."""
        named = AND(header=H("Message-ID", f"<{message_id.replace(chr(34), '')}>"))
        with _plain():
            self._box.folder.set(folder, readonly=True)
            return bool(self._box.uids(named, charset=_charset(message_id)))

    def keep_sent(self, folder: str, raw: bytes, at: datetime) -> None:
        """Lay a copy of the mail into `folder`, as read; make the folder where it is missing."""
        copy = re.sub(rb"\r?\n", b"\r\n", raw)
        with _plain():
            try:
                self._box.append(copy, folder, dt=at, flag_set=[r"\Seen"])
            except MailboxAppendError as error:
                if "TRYCREATE" not in str(error):
                    raise
                self._box.folder.create(folder)
                self._box.append(copy, folder, dt=at, flag_set=[r"\Seen"])

    def new_since(
        self, folder: str, uid_validity: int, last_uid: int, *, since: date | None = None
    ) -> Iterator[Fetched]:
        """Yield the mails of `folder` above `last_uid`, in the order in which they came in.

        Under another `uid_validity` than the folder has now no number counts any more: then the
        folder is read from its beginning, as one that was never read (0, 0). Such a reading starts
        with the mails of the day `since`. Several folders may be read in turns.
        """
        with _plain():
            valid, numbers = self._numbers(folder, uid_validity, last_uid, since)
        walk = iter(numbers)
        while batch := list(islice(walk, _BATCH_MAILS)):
            with _plain():
                heads = self._heads(folder, batch)
            for part in portions(heads):
                with _plain():
                    found = self._whole(folder, part, valid)
                yield from found

    @property
    def _box(self) -> BaseMailBox:
        if self._line is None:
            raise NotReached
        return self._line

    def _connected(self) -> BaseMailBox:
        trust = ssl.create_default_context()
        if self._security == "tls":
            return MailBox(self._host, self._port, timeout=self._timeout, ssl_context=trust)
        line = MailBoxUnencrypted(self._host, self._port, timeout=self._timeout)
        if self._security == "starttls":
            try:
                line.client.starttls(trust)
            except BaseException:
                _hang_up(line)
                raise
        return line

    def _log_in(self, line: BaseMailBox) -> None:
        is_plain = (self._username + self._password).isascii()
        say = line.login if is_plain else line.login_utf8
        try:
            say(self._username, self._password, initial_folder=None)
        except IMAP4.abort:
            raise
        except (MailboxLoginError, IMAP4.error) as error:
            # RFC 5530: the server names what is not the password's fault.
            told = str(error)
            raise (Refused(told) if _NOT_NOW.search(told) else WrongPassword(told)) from error

    def _numbers(
        self, folder: str, uid_validity: int, last_uid: int, since: date | None
    ) -> tuple[int, list[int]]:
        valid = self._box.folder.status(folder, ["UIDVALIDITY"]).get("UIDVALIDITY", 0)
        # Opened anew: in a folder that is open, some servers show new mail only after a while.
        self._box.folder.set(folder, readonly=True)
        is_known = valid == uid_validity and last_uid > 0
        if is_known:
            found = self._box.uids(f"UID {last_uid + 1}:*")
        else:
            found = self._box.uids(AND(date_gte=since) if since else "ALL")
        # "n:*" always names the last mail, even one below n (RFC 3501, 6.4.8).
        return valid, sorted(int(u) for u in found if not is_known or int(u) > last_uid)

    def _open(self, folder: str) -> None:
        if self._box.folder.get() != folder:
            self._box.folder.set(folder, readonly=True)

    def _heads(self, folder: str, uids: Sequence[int]) -> list[Head]:
        told = self._asked(folder, uids, "(UID RFC822.SIZE INTERNALDATE)")
        heads = (head_of(item) for item in told if isinstance(item, bytes))
        wanted = set(uids)
        return sorted((h for h in heads if h and h.uid in wanted), key=lambda head: head.uid)

    def _whole(self, folder: str, heads: Sequence[Head], valid: int) -> list[Fetched]:
        is_cut = heads[0].size > LARGEST_WHOLE
        what = f"BODY.PEEK[]<0.{BEGINNING}>" if is_cut else "BODY.PEEK[]"
        raws = raws_of(self._asked(folder, [head.uid for head in heads], f"(UID {what})"))
        return [
            Fetched(
                uid=head.uid,
                uid_validity=valid,
                raw=raws[head.uid],
                internal_date=head.at,
                size=head.size,
                is_cut=is_cut,
            )
            for head in heads
            if head.uid in raws  # another program may have deleted it meanwhile
        ]

    def _asked(self, folder: str, uids: Sequence[int], what: str) -> Sequence[object]:
        self._open(folder)
        result = self._box.client.uid("FETCH", ",".join(map(str, uids)), what)
        check_command_status(result, MailboxFetchError)
        return result[1]


_UNUSABLE = frozenset({r"\noselect", r"\nonexistent"})
_NOT_NOW = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|PRIVACYREQUIRED|CONTACTADMIN)\]")


@contextmanager
def _plain() -> Iterator[None]:
    """Turn what the libraries raise into what a caller can do something about."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(error.verify_message) from error
    except (OSError, IMAP4.abort) as error:
        raise NotReached(str(error)) from error
    except (ImapToolsError, IMAP4.error) as error:
        raise Refused(str(error)) from error


def _hang_up(line: BaseMailBox) -> None:
    with suppress(OSError, IMAP4.error):
        line.client.shutdown()


def _low(flag: str) -> str:
    return flag.lower()


def _charset(text: str) -> str | None:
    return None if text.isascii() else "UTF-8"
