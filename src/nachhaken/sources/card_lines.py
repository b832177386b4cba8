"""The lines of a vCard: a property with its types and its value as text."""

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nachhaken.sources.charsets import decoded

_MOST_BYTES = 20_000
_BEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One property: its name in capitals without its group, its types in capitals.

    `preference` is 100 for the preferred one, 0 where nothing is said.
    """

    name: str
    types: frozenset[str]
    value: str
    preference: int = 0

    @property
    def text(self) -> str:
        """The value as text, without the marks that stand before commas and line breaks."""
        return " ".join(_texts(self.value, "")[:1]).strip()

    @property
    def fields(self) -> tuple[str, ...]:
        """The parts between semicolons, such as of a name."""
        return tuple(part.strip() for part in _texts(self.value, ";"))


def lines_of(rows: Iterable[bytes]) -> Iterator[Line]:
    """Yield the properties among the lines of a card; what is none is passed over."""
    from vobject.base import VObjectError, textLineToContentLine  # noqa: PLC0415 - heavy

    for row in _joined(rows):
        try:
            line = textLineToContentLine(_readable(row), 0)
        except (VObjectError, UnicodeError, LookupError, ValueError):
            continue
        yield _line(line.name, line.params, line.singletonparams, line.value)


_QUOTED = re.compile(rb"[;=]\s*QUOTED-PRINTABLE\b", re.IGNORECASE)
_CODING = re.compile(r";\s*(?:ENCODING\s*=\s*)?(?:QUOTED-PRINTABLE|8BIT|7BIT)\b", re.IGNORECASE)
_CHARSET = re.compile(r";\s*CHARSET\s*=\s*\"?([\w.:-]+)\"?", re.IGNORECASE)


def _joined(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Put lines together that were folded: after a blank, or at the "=" of quoted-printable."""
    whole = b""
    for row in rows:
        if _is_open(whole):
            # Outlook folds what is quoted a second time, with a blank that is none of the text.
            whole = whole[:-1] + row.removeprefix(b" ")
        elif row[:1] in {b" ", b"\t"} and whole:
            whole += row[1:]
        else:
            yield from [whole] if whole.strip() else []
            whole = row
        whole = whole[:_MOST_BYTES]
    yield from [whole] if whole.strip() else []


def _is_open(whole: bytes) -> bool:
    return whole.endswith(b"=") and _QUOTED.search(whole.partition(b":")[0]) is not None


def _readable(row: bytes) -> str:
    """Return the line as text in one encoding, whatever it says about its own."""
    head, colon, value = row.partition(b":")
    named = decoded(head)
    charset = _CHARSET.search(named)
    if _QUOTED.search(head):
        value = quopri.decodestring(value)
    if charset or _QUOTED.search(head):
        named = _CODING.sub("", _CHARSET.sub("", named))
    text = decoded(value, charset[1] if charset else "")
    return named.strip() + colon.decode() + re.sub(r"\r\n?|\n", r"\\n", text)


def _line(name: str, params: dict[str, list[str]], single: list[str], value: str) -> Line:
    types = {kind.upper() for kind in [*single, *params.get("TYPE", [])]}
    flat = {piece.strip() for kind in types for piece in kind.split(",")}
    said = next(iter(params.get("PREF", [])), "")
    # vCard 4 counts from 1, the most preferred, to 100.
    preference = _BEST + 1 - int(said) if said.isdecimal() else 0
    return Line(
        name=name.upper(),
        types=frozenset(flat),
        value=value,
        preference=_BEST if "PREF" in flat else max(0, min(preference, _BEST)),
    )


def _texts(value: str, separator: str) -> list[str]:
    from vobject.icalendar import stringToTextValues  # noqa: PLC0415 - heavy

    return [str(text) for text in stringToTextValues(value, listSeparator=separator)]
