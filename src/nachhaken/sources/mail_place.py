"""Where the mails of a file, a folder or a zip lie, in few bytes each."""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime

MOST_MAILS = 1_000_000
_UNKNOWN = 2**62  # what names no moment comes last


class Places:
    """The place and the moment of each mail; about 30 bytes for one, whatever its size."""

    def __init__(self) -> None:
        self._moments = array("q")
        self._starts = array("q")
        self._lengths = array("q")
        self._files = array("l")

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, at: datetime | None, *, start: int, length: int, file: int) -> None:
        """Note one mail, in file number `file`."""
        self._moments.append(_UNKNOWN if at is None else int(at.timestamp()))
        self._starts.append(start)
        self._lengths.append(length)
        self._files.append(file)

    def at(self, i: int) -> tuple[int, int, int]:
        """Return file, start and length of mail number `i`."""
        return self._files[i], self._starts[i], self._lengths[i]

    def moment(self, i: int) -> datetime | None:
        """Return when mail number `i` was sent, to the second."""
        known = self._moments[i]
        return None if known == _UNKNOWN else datetime.fromtimestamp(known, UTC)

    def by_date(self) -> Iterator[int]:
        """Yield the numbers of the mails, oldest first; those of one second as they lie."""
        yield from sorted(range(len(self)), key=self._moments.__getitem__)
