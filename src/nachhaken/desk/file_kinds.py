"""What kinds of files come in, and what the columns of a table among them can hold."""

from nachhaken.sources.fields import FIELDS, About
from nachhaken.sources.kind import Kind

MAILS = frozenset({Kind.MBOX, Kind.EML, Kind.MSG, Kind.PST, Kind.ZIP})
_OTHERS = MAILS | {Kind.ICS, Kind.VCF}


def is_table(kind: str) -> bool:
    """Say whether a file of this kind has rows and columns, as far as its kind tells."""
    return kind not in _OTHERS


def fields_for(about: str) -> tuple[str, ...]:
    """Return what the columns of a table about this can hold, in the order of asking."""
    return tuple(FIELDS[About(about)]) if about else ()
