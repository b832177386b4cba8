"""An archive that comes in: checked before a byte of it is believed."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from nachhaken.desk.takeout.fields import FORMAT, Table
from nachhaken.desk.takeout.values import ValueRefusedError, values_of

_MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 64 * 2**20
_LONGEST_LINE = 64 * 2**20
_LONGEST_FILE = 64 * 2**20  # a mail with a document of the largest size, or that document
_MOST_PARTS = 1_000_000
_AT_ONCE = 2**20
# Rows that resemble one another pack to a fiftieth; a bomb to a thousandth.
_MOST_PACKED = 400
_HARMLESS = 2**24  # bytes


class ArchiveError(ValueError):
    """The archive was refused, nothing of it was taken; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the archive says of itself."""

    about: str
    moment: datetime
    counts: Mapping[str, int]
    parts: Mapping[str, tuple[int, str]]
    block_list_key: bytes


@dataclass(slots=True)
class Archive:
    """An open archive; each part is checked against its size and SHA-256 while it is read."""

    manifest: Manifest
    _zip: zipfile.ZipFile
    _seen: set[str] = field(default_factory=set)

    def rows(self, table: Table) -> Iterator[dict[str, object]]:
        """Return the rows of a table, or raise ArchiveError; read it to the end."""
        number = 0
        for number, line in enumerate(self._lines(table.path), 1):
            try:
                yield values_of(table, line)
            except ValueRefusedError as error:
                raise _broken(f"{table.path}:{number} ({error})") from error
        if number != self.manifest.counts.get(table.name):
            raise _broken(table.path)

    def files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """Return name and bytes of each file in a folder."""
        for name in self.manifest.parts:
            if name.startswith(f"{folder}/"):
                yield name, self.file(name)

    def file(self, name: str) -> bytes:
        """Return the bytes of a file, or raise ArchiveError where it is missing."""
        if self.manifest.parts.get(name, (0, ""))[0] > _LONGEST_FILE:
            raise _bomb()
        return b"".join(self._chunks(name))

    def check_rest(self) -> None:
        """Read what nobody asked for, so that nothing in the archive is other than it says."""
        for name in self.manifest.parts.keys() - self._seen:
            for _chunk in self._chunks(name):
                pass

    def _lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise _bomb()
            yield from whole
        if rest:
            raise _broken(name)

    def _chunks(self, name: str) -> Iterator[bytes]:
        if name not in self.manifest.parts:
            raise _broken(name)
        size, digest = self.manifest.parts[name]
        read, known = 0, sha256()
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_AT_ONCE):
                    read += len(chunk)
                    known.update(chunk)
                    if read > size:
                        raise _broken(name)
                    yield chunk
        except _UNREADABLE as error:
            raise _broken(name) from error
        if (read, known.hexdigest()) != (size, digest):
            raise _broken(name)
        self._seen.add(name)


# What the zip library raises at bytes that it did not expect.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError),
    *(UnicodeError, OverflowError),
)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive of a whole desk, or raise ArchiveError for any other."""
    try:
        found = zipfile.ZipFile(path)
    except (*_UNREADABLE, OSError, ValueError) as error:
        raise _broken("zip") from error
    with found:
        manifest = _manifest(found)
        _check(found, manifest)
        yield Archive(manifest, found)


def _check(found: zipfile.ZipFile, manifest: Manifest) -> None:
    names = [info.filename for info in found.infolist()]
    if len(names) != len(set(names)) or set(names) - {_MANIFEST} != manifest.parts.keys():
        raise _broken(_MANIFEST)
    if len(names) > _MOST_PARTS:
        raise _bomb()
    for info in found.infolist():
        if not _is_plain(info.filename) or info.flag_bits & 1:
            raise _broken("zip")
        packed = max(info.compress_size, 1)
        if info.file_size > _HARMLESS and info.file_size / packed > _MOST_PACKED:
            raise _bomb()


def _is_plain(name: str) -> bool:
    """A name below the archive: nothing that leads out of a folder or to another disk."""
    parts = PurePosixPath(name).parts
    odd = any(char in name for char in "\\:\0")
    return bool(parts) and not name.startswith("/") and ".." not in parts and not odd


def _manifest(found: zipfile.ZipFile) -> Manifest:
    try:
        info = found.getinfo(_MANIFEST)
        if info.file_size > _LONGEST_MANIFEST:
            raise _bomb()
        with found.open(info) as part:
            held = json.loads(part.read(_LONGEST_MANIFEST))
    except (*_UNREADABLE, RecursionError, ValueError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise _broken(_MANIFEST) from error
    if not isinstance(held, dict):
        raise _broken(_MANIFEST)
    _check_format(held)
    try:
        return _read(held)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _broken(_MANIFEST) from error


def _check_format(held: dict[str, Any]) -> None:
    version = held.get("format")
    if type(version) is int and version > FORMAT:
        raise ArchiveError(
            _(
                "Dieses Archiv ist neuer als dieses Nachhaken: Es hat die Fassung %(theirs)d, "
                "lesbar ist bis %(ours)d. Bitte zuerst Nachhaken aktualisieren."
            )
            % {"theirs": version, "ours": FORMAT}
        )
    if type(version) is not int or version < 1:
        raise _broken(_MANIFEST)
    if held.get("about") != "desk":
        raise ArchiveError(
            _(
                "Das ist die Auskunft über einen einzelnen Kunden. Einlesen lässt sich nur, was "
                "unter „Alles mitnehmen“ gesichert wurde."
            )
        )


def _read(held: dict[str, Any]) -> Manifest:
    parts = {str(n): (int(p["size"]), str(p["sha256"])) for n, p in held["parts"].items()}
    return Manifest(
        about=held["about"],
        moment=datetime.fromisoformat(held["moment"]),
        counts={str(name): int(count) for name, count in held["counts"].items()},
        parts=parts,
        block_list_key=bytes.fromhex(held["block_list_key"]),
    )


def _broken(where: str) -> ArchiveError:
    return ArchiveError(
        _(
            "Dieses Archiv ist beschädigt oder wurde verändert (%(where)s). Übernommen wurde "
            "nichts. Bitte noch einmal herunterladen oder eine andere Kopie nehmen."
        )
        % {"where": where}
    )


def _bomb() -> ArchiveError:
    return ArchiveError(
        _("Dieses Archiv packt sich zu ungewöhnlicher Größe aus. Übernommen wurde nichts.")
    )
