"""The files that go along: documents under names that say what they are, and mails as they went."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from nachhaken.desk.documents import MissingFileError, bytes_of
from nachhaken.desk.models import Document, Outgoing
from nachhaken.desk.takeout.scope import Scope

_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')  # what Windows cannot keep in a name
_LONGEST = 80


def mail_path(outgoing_id: int) -> str:
    """Return the name of the part that holds a mail as it went."""
    return f"mails/{outgoing_id}.eml"


def mails(scope: Scope) -> Iterator[tuple[str, bytes]]:
    """Return every mail that a person sent off from here, whole."""
    for pk in scope.outgoing().values_list("pk", flat=True).iterator():
        yield mail_path(pk), bytes(Outgoing.objects.values_list("raw", flat=True).get(pk=pk))


def documents(scope: Scope) -> Iterator[tuple[str, bytes]]:
    """Return every kept file that is still there as it was kept."""
    for row in scope.documents().iterator():
        try:
            yield document_path(row), bytes_of(row)
        except MissingFileError:
            continue


def document_path(row: Document) -> str:
    """Return a name that says what it is; the digest in it keeps equal names apart."""
    name = PurePath(_UNFIT.sub(" ", row.name))
    stem = name.stem.strip(" .")[:_LONGEST] or "Dokument"
    ending = name.suffix if name.suffix[1:].isalnum() else ""
    return f"documents/{row.at:%Y-%m-%d} {stem} {row.sha256[:8]}{ending[:10]}"
