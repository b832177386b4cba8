"""A zip that is made while it is handed out: nothing of it lies on disk or in memory as a whole."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

_LEAST = 64 * 1024  # bytes handed on at once
_FIRST_YEAR = 1980  # that a zip can say
_PRIVATE = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """What was written: its bytes, and their SHA-256."""

    size: int
    sha256: str


class ZipStream:
    """Parts one after the other as chunks of a zip; `written` says what they were."""

    def __init__(self, at: datetime) -> None:
        self._pipe = _Pipe()
        self._zip = zipfile.ZipFile(self._pipe, "w")  # type: ignore[call-overload]
        self._at = at
        self._written: dict[str, Part] = {}

    @property
    def written(self) -> Mapping[str, Part]:
        """Return what was written so far, by name."""
        return self._written

    def part(
        self, name: str, chunks: Iterable[bytes], *, packed: bool = True, large: bool = False
    ) -> Iterator[bytes]:
        """Write one part; `large` where it may have more than 2 GB."""
        info = zipfile.ZipInfo(name, date_time=_stamp(self._at))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = _PRIVATE
        digest, size = sha256(), 0
        with self._zip.open(info, "w", force_zip64=large) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                if self._pipe.size >= _LEAST:
                    yield self._pipe.take()
        if self._pipe.size:
            yield self._pipe.take()
        self._written[name] = Part(size, digest.hexdigest())

    def end(self) -> Iterator[bytes]:
        """Write the table of contents."""
        self._zip.close()
        yield self._pipe.take()

    def drop(self) -> None:
        """Let go of a zip that nobody takes to the end; after the end nothing happens."""
        with suppress(ValueError):
            self._zip.close()


class _Pipe:
    """Where the zip writes to; it cannot be wound back, and so the zip never tries."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self.size = 0

    def write(self, chunk: bytes) -> int:
        self._chunks.append(bytes(chunk))
        self.size += len(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self._chunks)
        self._chunks, self.size = [], 0
        return taken


def _stamp(at: datetime) -> tuple[int, int, int, int, int, int]:
    year = max(at.year, _FIRST_YEAR)
    return (year, at.month, at.day, at.hour, at.minute, at.second)
