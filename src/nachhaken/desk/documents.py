"""Where do the files lie that go with offers? Each once, by its content, beside the database."""

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.models import Document, User

PDF = "application/pdf"
# A mail carries a third more than the file, and many servers refuse mails above 25 to 30 MB.
LARGEST = 20 * 2**20  # bytes
_LONGEST_NAME = 200
_HEAD = 1024  # bytes: readers of PDF look so far for its mark


class DocumentError(ValueError):
    """The file was not taken; the message is a sentence for the user."""


class TooLargeError(DocumentError):
    """The file is larger than a mail can carry."""


class NotAPdfError(DocumentError):
    """The file calls itself a PDF and is none."""


class DiskFullError(DocumentError):
    """The file could not be written; no row was made."""


class MissingFileError(LookupError):
    """The row is there, its file is not, or is another one than was kept."""


def keep_document(
    raw: bytes, *, name: str, media_type: str, actor: User, now: datetime
) -> Document:
    """Return the document of these bytes, written once, or raise a DocumentError."""
    allow(actor)
    check(raw, media_type=media_type)
    digest = sha256(raw).hexdigest()
    # The file first: a row without its file would be a promise that cannot be kept.
    _write_once(_path(digest), raw)
    row, _is_new = Document.objects.get_or_create(
        sha256=digest,
        defaults={
            "name": _plain_name(name),
            "media_type": media_type,
            "size": len(raw),
            "at": now,
            "actor": actor,
        },
    )
    return row


def keep_brought(raw: bytes, digest: str) -> list[str]:
    """Keep the file of a document whose row comes later; return its digest if it is new here."""
    path = _path(digest)
    if path.exists():
        return []
    check_size(len(raw))
    _write_once(path, raw)
    return [digest]


def forget_documents(digests: Iterable[str]) -> None:
    """Delete files whose rows did not come."""
    for digest in digests:
        _path(digest).unlink(missing_ok=True)


def bytes_of(document: Document) -> bytes:
    """Return the file as it was kept, or raise MissingFileError."""
    try:
        raw = _path(document.sha256).read_bytes()
    except OSError as error:
        raise MissingFileError(document.sha256) from error
    if sha256(raw).hexdigest() != document.sha256:
        raise MissingFileError(document.sha256)
    return raw


def check(raw: bytes, *, media_type: str) -> None:
    """Raise a DocumentError if these bytes are not taken."""
    check_size(len(raw))
    if media_type == PDF and b"%PDF-" not in raw[:_HEAD]:
        raise NotAPdfError(_("Das ist kein PDF. Bitte die Datei als PDF speichern."))


def check_size(size: int) -> None:
    """Raise TooLargeError for a file of so many bytes; asked before it is read."""
    if size > LARGEST:
        raise TooLargeError(
            _("Die Datei hat %(size)d MB. Mehr als %(most)d MB nimmt kaum ein Mailserver an.")
            % {"size": -(-size // 2**20), "most": LARGEST // 2**20}
        )


def _path(digest: str) -> Path:
    return Path(settings.DATA) / "documents" / digest[:2] / digest[2:]


def _write_once(path: Path, raw: bytes) -> None:
    if path.is_file() and sha256(path.read_bytes()).digest() == sha256(raw).digest():
        return
    beside = path.with_name(f".{path.name[:16]}-{secrets.token_hex(4)}")
    try:
        path.parent.parent.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write(beside, raw)
        beside.replace(path)
        _settle(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DiskFullError(
            _("Die Datei ließ sich nicht ablegen. Ist die Platte voll? Übernommen wurde nichts.")
        ) from error


def _write(path: Path, raw: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Let the new name outlive a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain_name(name: str) -> str:
    """Return the bare name of the file: no folders, nothing that cannot be printed."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in bare if char.isprintable()).strip()[-_LONGEST_NAME:]
