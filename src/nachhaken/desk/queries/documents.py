"""One document by its content."""

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import Document, User


def document(user: User, sha256: str) -> Document:
    """Return the document of this SHA-256, or raise NotFoundError."""
    allow(user)
    row = Document.objects.filter(sha256=sha256).first()
    if row is None:
        raise NotFoundError(f"document {sha256[:8]}")
    return row
