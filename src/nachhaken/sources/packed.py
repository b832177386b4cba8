"""The files in a zip, written one behind the other into one file without a name.

No name of the zip ever becomes a path, and no size that it claims is believed: what is read is
counted. Sources: D. Fifield, "A better zip bomb" (WOOT 2019); APPNOTE.TXT 4.3.12 to 4.3.16.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MOST_FILES = 100_000
MOST_BYTES = 4_000_000_000
MOST_RATIO = 200
_SMALL = 1_000_000
_MOST_DIRECTORY = 30_000_000
_CHUNK = 1_000_000


class RefusedZipError(ValueError):
    """The zip would take more than a mailbox may: a bomb, or far too large."""


class Unpacked(NamedTuple):
    """A file of the zip: its name, and where it lies in the file that it was written to."""

    name: str
    start: int
    length: int


def unpack(source: BinaryIO, target: BinaryIO) -> Iterator[Unpacked | str]:
    """Write the files of the zip one by one into `target`; a name alone is one that is broken.

    Raises `RefusedZipError`, and `BadZipFile` where this is no zip that can be read.
    """
    _look_at_directory(source)
    try:
        with ZipFile(source) as packed:
            files = [one for one in packed.infolist() if not one.is_dir()]
            if len(files) > MOST_FILES:
                raise RefusedZipError
            for one in files:
                yield _unpacked(packed, one, target)
    except _BROKEN as error:
        raise BadZipFile(str(error)) from None


# All that zipfile raises for a damaged, encrypted or odd file; RefusedZipError is none of them.
_BROKEN = (
    struct.error, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, KeyError,
    IndexError, AttributeError, UnicodeError, OverflowError, MemoryError,
)  # fmt: skip


def _unpacked(packed: ZipFile, one: ZipInfo, target: BinaryIO) -> Unpacked | str:
    if one.flag_bits & 1 or one.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return one.filename
    start = target.tell()
    try:
        with packed.open(one) as member:
            while chunk := member.read(_CHUNK):
                _check(start, target.tell() - start + len(chunk), one.compress_size)
                target.write(chunk)
    except (BadZipFile, struct.error, zlib.error, EOFError, NotImplementedError, RuntimeError):
        with suppress(OSError):
            target.seek(start)
            target.truncate()
        return one.filename
    return Unpacked(one.filename, start, target.tell() - start)


def _check(before: int, size: int, packed_size: int) -> None:
    is_bomb = size > _SMALL and size > MOST_RATIO * max(1, packed_size)
    if is_bomb or before + size > MOST_BYTES:
        raise RefusedZipError


_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_ELSEWHERE = 2**32 - 1  # the size stands in the other record


def _look_at_directory(source: BinaryIO) -> None:
    """Refuse a table of contents that would fill the memory, before zipfile reads it whole."""
    source.seek(0, 2)
    size = source.tell()
    source.seek(max(0, size - 70_000))
    tail = source.read()
    ends = [tail[i + 12 : i + 16] for i in _places(tail, _END)]
    ends64 = [tail[i + 40 : i + 48] for i in _places(tail, _END64)]
    sizes = [int.from_bytes(one, "little") for one in (*ends, *ends64)]
    if any(_MOST_DIRECTORY < one != _ELSEWHERE for one in sizes):
        raise RefusedZipError
    source.seek(0)


def _places(tail: bytes, mark: bytes) -> Iterator[int]:
    place = tail.find(mark)
    while place >= 0:
        yield place
        place = tail.find(mark, place + 1)
