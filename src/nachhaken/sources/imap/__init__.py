"""A mailbox on its server (IMAP): what its folders hold, and a copy into that of sent mail.

Nothing is ever deleted, moved or marked as read here.
"""

import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from imaplib import IMAP4
from itertools import islice
from typing import Self

from imap_tools import AND, BaseMailBox, H
from imap_tools.errors import ImapToolsError, MailboxAppendError
from imap_tools.folder import FolderInfo

from nachhaken.sources.imap import folders as folder_list
from nachhaken.sources.imap import idle
from nachhaken.sources.imap.answers import (
    HEADS,
    LARGEST_WHOLE,
    heads_in,
    portions,
    raws_in,
    uids_in,
)
from nachhaken.sources.imap.faults import (
    Garbled,
    MailboxError,
    NoFolder,
    NoIdle,
    NotReached,
    Refused,
    Renumbered,
    Untrusted,
    WrongPassword,
    plainly,
)
from nachhaken.sources.imap.folders import Role, ServerFolder
from nachhaken.sources.imap.line import connected, hang_up, log_in
from nachhaken.sources.mail_head import MailHead
from nachhaken.sources.uid_set import UidSet

__all__ = [
    "BEGINNING",
    "Fetched",
    "Garbled",
    "Mailbox",
    "MailboxError",
    "NoFolder",
    "NoIdle",
    "NotReached",
    "Refused",
    "Renumbered",
    "Role",
    "ServerFolder",
    "Span",
    "Untrusted",
    "WrongPassword",
]

BEGINNING = 300_000
"""Bytes of a larger mail that are fetched: headers and, before all attachments, its text."""

_HEADS_AT_ONCE = 250
_WORDS_AT_ONCE = 10
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Span:
    """What a folder holds from a day on; under another `uid_validity` no number counts."""

    uid_validity: int
    uids: UidSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail of a folder, whole; where `is_cut`, `raw` is only its beginning."""

    head: MailHead
    raw: bytes
    is_cut: bool


class Mailbox:
    """A mailbox as a context manager: within it there is a line to the server, logged in.

    `security` is "tls", "starttls" or "none". No answer takes longer than `timeout` seconds. Every
    method raises a MailboxError. Those that are given a `uid_validity` raise Renumbered where the
    folder has another one by now, and NoFolder where it cannot be opened.
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
        self._opened = ("", 0)  # the open folder and its UIDVALIDITY

    def __enter__(self) -> Self:
        with plainly():
            line = connected(self._host, self._port, self._security, self._timeout)
        try:
            with plainly():
                log_in(line, self._username, self._password)
        except MailboxError:
            hang_up(line)
            raise
        self._line = line
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if not isinstance(error, NotReached | Garbled):  # they give no answer to a farewell either
            with suppress(OSError, IMAP4.error, ImapToolsError):
                line.logout()
        hang_up(line)  # also after a farewell that broke off: imaplib leaves the socket open then

    def folders(self) -> tuple[ServerFolder, ...]:
        """Return the folders that hold mails, in the order of their names, the inbox first."""
        rows = [
            ServerFolder(name=one.name, role=folder_list.role_of(one), mails=self._count(one.name))
            for one in self._listed()
        ]
        return tuple(sorted(rows, key=lambda row: (row.role is not Role.INBOX, row.name)))

    def sent_folder(self) -> str | None:
        """Return the folder of sent mail: as the server marks it, else by its usual name."""
        return folder_list.sent_of(self._listed())

    def holds(self, folder: str, message_id: str) -> bool:
        """Say whether `folder` has the mail of this id (without angle brackets)."""
        named = AND(header=H("Message-ID", f"<{message_id.replace(chr(34), '')}>"))
        self._open(folder)
        with plainly():
            return bool(self._box.uids(named, charset=_charset(message_id)))

    def keep_sent(self, folder: str, raw: bytes, at: datetime) -> None:
        """Lay a copy of the mail into `folder`, as read; make the folder where it is missing."""
        copy = re.sub(rb"\r?\n", b"\r\n", raw)
        with plainly():
            try:
                self._box.append(copy, folder, dt=at, flag_set=[r"\Seen"])
            except MailboxAppendError as error:
                if "TRYCREATE" not in str(error):
                    raise
                self._box.folder.create(folder)
                self._box.append(copy, folder, dt=at, flag_set=[r"\Seen"])

    def span(self, folder: str, since: date | None = None) -> Span:
        """Return the numbers of all mails that came into `folder` on the day `since` or later."""
        # Opened anew: in a folder that is open, some servers show new mail only after a while.
        self._open(folder)
        uids = self._search(str(AND(date_gte=since)) if since else "ALL")
        return Span(self._opened[1], uids)

    def mentioning(self, folder: str, uid_validity: int, words: Iterable[str]) -> UidSet:
        """Return the mails of `folder` in whose sender or receivers one of `words` (ASCII) stands.

        The server searches; what it does not find may be there nevertheless.
        """
        self._reopen(folder, uid_validity)
        walk, found = iter(words), UidSet()
        while batch := list(islice(walk, _WORDS_AT_ONCE)):
            found |= self._search(_any_of(batch))
        return found

    def heads(self, folder: str, uid_validity: int, uids: Iterable[int]) -> Iterator[MailHead]:
        """Yield what the headers of these mails tell, in the order asked for, batch by batch.

        Mails that are gone, or that the server does not give, are left out.
        """
        walk = iter(uids)
        while batch := list(islice(walk, _HEADS_AT_ONCE)):
            self._reopen(folder, uid_validity)
            found = {head.uid: head for head in heads_in(self._asked(batch, HEADS))}
            yield from (found[uid] for uid in batch if uid in found)

    def mails(self, folder: str, uid_validity: int, heads: Iterable[MailHead]) -> Iterator[Fetched]:
        """Yield these mails whole, in the order asked for; of a huge one only the beginning.

        Mails that are gone, or that the server does not give, are left out.
        """
        for part in portions(heads):
            self._reopen(folder, uid_validity)
            is_cut = part[0].size > LARGEST_WHOLE
            what = f"BODY.PEEK[]<0.{BEGINNING}>" if is_cut else "BODY.PEEK[]"
            raws = raws_in(self._asked([head.uid for head in part], f"(UID {what})"))
            for head in part:
                if head.uid in raws:
                    yield Fetched(head=head, raw=raws.pop(head.uid), is_cut=is_cut)

    def wait(self, folder: str, seconds: float) -> bool:
        """Say whether mail came into `folder` within `seconds`; returns as soon as it does.

        From one waiting to the next nothing goes unnoticed. Raises NoIdle where the server does
        not tell of new mail by itself, and NotReached, `FAREWELL` seconds late at most, where the
        line died meanwhile.
        """
        if self._opened[0] != folder:
            self._open(folder)
            with plainly():
                if not idle.has_idle(self._box):
                    raise NoIdle
        with plainly():
            return idle.came(self._box, seconds)

    def interrupt(self) -> None:
        """Cut the line, from another thread: who waits at it gets a MailboxError at once."""
        line = self._line
        if line is not None:
            with suppress(OSError):
                # Below TLS, whose state belongs to the thread that waits.
                socket.socket.shutdown(line.client.sock, socket.SHUT_RDWR)

    @property
    def _box(self) -> BaseMailBox:
        if self._line is None:
            raise NotReached
        return self._line

    def _listed(self) -> list[FolderInfo]:
        with plainly():
            return folder_list.openable(self._box.folder.list())

    def _count(self, folder: str) -> int | None:
        try:
            with plainly():
                return self._box.folder.status(folder, ["MESSAGES"]).get("MESSAGES")
        except Refused:
            return None

    def _open(self, folder: str) -> None:
        self._opened = ("", 0)
        try:
            with plainly():
                self._box.folder.set(folder, readonly=True)
                told = self._box.client.response("UIDVALIDITY")[1]
                self._opened = (folder, int(told[0]) if told and told[0] else 0)
        except Refused as error:
            if folder in {one.name for one in self._listed()}:
                raise
            raise NoFolder(error.answer) from error

    def _reopen(self, folder: str, uid_validity: int) -> None:
        if self._opened[0] != folder:
            self._open(folder)
        if self._opened[1] != uid_validity:
            raise Renumbered

    def _search(self, criteria: str) -> UidSet:
        with plainly():
            kind, told = self._box.client.uid("SEARCH", criteria)
            if kind != "OK":
                raise Refused(str(told))
            return uids_in(told)

    def _asked(self, uids: Sequence[int], what: str) -> Sequence[object]:
        """Ask for mails; where the server refuses, only the one that it cannot give is left out."""
        with plainly():
            kind, told = self._box.client.uid("FETCH", str(UidSet.of(uids)), what)
        if kind == "OK":
            return told
        if len(uids) == 1:
            return []
        half = len(uids) // 2
        return [*self._asked(uids[:half], what), *self._asked(uids[half:], what)]


def _any_of(words: Sequence[str]) -> str:
    asked = [f'{field} "{_quotable(word)}"' for word in words for field in ("FROM", "TO", "CC")]
    found = asked[-1]
    for one in reversed(asked[:-1]):
        found = f"OR {one} {found}"
    return found


def _quotable(word: str) -> str:
    return re.sub(r'["\\\r\n]', "", word)


def _charset(text: str) -> str | None:
    return None if text.isascii() else "UTF-8"
