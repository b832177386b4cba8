"""Mails that come as a file: .mbox, .eml, a Maildir, a folder, or a zip of any of these.

A first pass notes where each mail lies and when it was sent; a second one reads them in the order
of their dates, as a mail must be known before the answer to it. Neither holds more than one mail.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO, Self, cast
from zipfile import BadZipFile

from nachhaken.sources import mbox, packed
from nachhaken.sources.faults import EmptyFile, Fault, NotAMail, NotAMailbox
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.mail import MailMessage, parse_message
from nachhaken.sources.mail_folder import is_left_out, mail_files, moment_of_name
from nachhaken.sources.mail_place import MOST_MAILS, Places
from nachhaken.sources.mail_top import is_unsent, moment_in, top_of
from nachhaken.sources.owner import Letters

LARGEST_MAIL = 50_000_000
"""Bytes of one mail; a larger one is a fault, so memory stays flat."""

MOST_FAULTS = 1_000


def messages(source: Path | bytes, *, name: str = "") -> Iterator[MailMessage | Fault]:
    """Yield each mail of `source`, oldest first, a `Fault` where one cannot be read.

    Raises `EmptyFile` and `NotAMailbox`, at the first step, where the whole is not what it should
    be.
    """
    with MailFile(source, name=name) as found:
        yield from found.in_order()


class MailFile:
    """The mails of a file or folder, looked through once at the start; a context manager.

    `scratch` is the folder for what a zip holds (a file without a name, gone with this object).
    """

    def __init__(
        self, source: Path | bytes, *, name: str = "", scratch: Path | None = None
    ) -> None:
        self.name = name or (source.name if isinstance(source, Path) else "")
        self.faults: list[Fault] = []
        self.unsent = 0
        self.letters = Letters()
        self._places = Places()
        self._files: list[Path | BinaryIO] = []
        self._scratch = scratch
        self._open = ExitStack()
        try:
            self._look(source)
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def __len__(self) -> int:
        return len(self._places)

    def in_order(self) -> Iterator[MailMessage | Fault]:
        """Yield what could not be opened, then each mail, oldest first."""
        yield from self.faults
        for i in self._places.by_date():
            yield self._read(i)

    def _look(self, source: Path | bytes) -> None:
        if isinstance(source, Path) and source.is_dir():
            self._look_at_folder(source)
        else:
            self._look_at_file(self._open.enter_context(_opened(source)))
        if not len(self) and not self.faults and not self.unsent:
            raise NotAMailbox(Fault(file=self.name, code="no_mails_inside"))

    def _look_at_file(self, stream: BinaryIO) -> None:
        head = stream.read(HEAD)
        if not head.strip():
            raise EmptyFile(Fault(file=self.name, code="empty"))
        kind = kind_of(head, self.name)
        if kind is Kind.ZIP:
            self._look_at_zip(stream)
        elif kind in {Kind.MBOX, Kind.EML}:
            self._files.append(stream)
            self._note(stream, 0, stream.seek(0, 2), kind)
        else:
            raise NotAMailbox(Fault(file=self.name, code=_ADVICE.get(kind, "no_mailbox")))

    def _look_at_folder(self, folder: Path) -> None:
        for path in mail_files(folder):
            inside = path.relative_to(folder).as_posix()
            try:
                with path.open("rb") as stream:
                    self._files.append(path)
                    self._look_inside(stream, 0, stream.seek(0, 2), inside)
            except OSError:
                self._fault(inside, "unreadable_file")

    def _look_at_zip(self, stream: BinaryIO) -> None:
        target = self._open.enter_context(_without_name(self._scratch))
        self._files.append(target)
        try:
            for one in packed.unpack(stream, target):
                if isinstance(one, str):
                    self._fault(one, "unreadable_file")
                elif not is_left_out(one.name):
                    self._look_inside(target, one.start, one.start + one.length, one.name)
                    target.seek(0, 2)
        except packed.RefusedZipError:
            raise NotAMailbox(Fault(file=self.name, code="zip_refused")) from None
        except BadZipFile:
            raise NotAMailbox(Fault(file=self.name, code="broken_zip")) from None

    def _look_inside(self, stream: BinaryIO, start: int, end: int, name: str) -> None:
        """Take what is a mail or a mailbox; of the rest, name what a person may take for one."""
        stream.seek(start)
        kind = kind_of(stream.read(min(HEAD, end - start)), name)
        if kind in {Kind.MBOX, Kind.EML}:
            self._note(stream, start, end, kind, name=name)
        elif kind in _ADVICE and kind is not Kind.ZIP:
            self._fault(name, _ADVICE[kind])
        elif name.lower().endswith((".eml", ".mbox", ".emlx")):
            self._fault(name, "no_mail_file")

    def _note(self, stream: BinaryIO, start: int, end: int, kind: Kind, *, name: str = "") -> None:
        found = mbox.mails_in(stream, start, end) if kind is Kind.MBOX else _one(stream, start, end)
        for one in found:
            if len(self) >= MOST_MAILS:
                raise NotAMailbox(
                    Fault(file=self.name, code="too_many_mails", params={"limit": MOST_MAILS})
                )
            if is_unsent(one.head):
                self.unsent += 1
                continue
            if self.letters.wants_more:
                self.letters.add(top_of(one.head))
            at = moment_in(one.head, one.envelope) or moment_of_name(name)
            self._places.add(at, start=one.start, length=one.length, file=len(self._files) - 1)

    def _read(self, i: int) -> MailMessage | Fault:
        file, start, length = self._places.at(i)
        if length > LARGEST_MAIL:
            limit = {"limit": LARGEST_MAIL // 1_000_000}
            return Fault(file=self.name, row=i + 1, code="mail_too_large", params=limit)
        try:
            raw = _bytes_at(self._files[file], start, length)
            return parse_message(mbox.unquoted(raw), fallback=self._places.moment(i))
        except NotAMail as error:
            return Fault(file=self.name, row=i + 1, code=error.fault.code)
        except OSError:
            return Fault(file=self.name, row=i + 1, code="gone_meanwhile")

    def _fault(self, name: str, code: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(file=name, code=code))


def _opened(source: Path | bytes) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else BytesIO(source)


def _without_name(folder: Path | None) -> BinaryIO:
    return cast(BinaryIO, TemporaryFile(dir=folder))


_ADVICE = {Kind.MSG: "outlook_mail", Kind.PST: "outlook_store", Kind.ZIP: "packed"}


def _one(stream: BinaryIO, start: int, end: int) -> Iterator[mbox.Found]:
    """The file is the mail; Apple Mail's .emlx has the count of its bytes above it."""
    stream.seek(start)
    head = stream.read(min(mbox.HEAD, end - start))
    first, _, rest = head.partition(b"\n")
    if first.strip().isdigit():
        above = len(first) + 1
        length = min(int(first[:12]), end - start - above)
        yield mbox.Found(start + above, length, rest[:length], b"")
    else:
        yield mbox.Found(start, end - start, head, b"")


def _bytes_at(file: Path | BinaryIO, start: int, length: int) -> bytes:
    if isinstance(file, Path):
        with file.open("rb") as stream:
            stream.seek(start)
            return stream.read(length)
    file.seek(start)
    return file.read(length)
