"""The archive, part by part: everything of the desk, or everything about one customer."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language, override

from nachhaken import __version__
from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.digests import block_list_key
from nachhaken.desk.models import Prospect, User
from nachhaken.desk.takeout.cards import cards
from nachhaken.desk.takeout.fields import FORMAT, MIMETYPE
from nachhaken.desk.takeout.files import documents, mails
from nachhaken.desk.takeout.meetings import meetings
from nachhaken.desk.takeout.readme import readme
from nachhaken.desk.takeout.scope import Scope, scope_of
from nachhaken.desk.takeout.tables import tables
from nachhaken.desk.takeout.zips import ZipStream

_LARGE = 1_000_000  # rows: a table of more may pass two gigabytes


def export_all(*, user: User, now: datetime) -> Iterator[bytes]:
    """Return everything as chunks of a zip, as of one moment; what is not in it says the README.

    The moment begins with the first chunk. Nothing lies in memory or on disk as a whole.
    """
    allow(user)
    return _at_one_moment(Scope(), now, get_language())


def export_prospect(*, user: User, prospect_id: int, now: datetime) -> tuple[str, Iterator[bytes]]:
    """Return a customer's name and all about them as chunks of a zip, or raise NotFoundError."""
    allow(user)
    row = Prospect.objects.filter(pk=prospect_id).first()
    if row is None:
        raise NotFoundError(f"prospect {prospect_id}")
    return row.name, _at_one_moment(scope_of(row), now, get_language())


@contextmanager
def one_moment() -> Iterator[None]:
    """Let everything within be read as of one moment; who writes meanwhile is not held up."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        # Not `atomic`: on SQLite the desk's transactions take the lock for writing.
        cursor.execute(_BEGIN[connection.vendor])
        try:
            User.objects.exists()  # with the first look the moment stands
            yield
        finally:
            cursor.execute("ROLLBACK")


_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


def _at_one_moment(scope: Scope, now: datetime, language: str | None) -> Iterator[bytes]:
    # The page that began it is done when the first chunk is asked for.
    with one_moment(), override(language):
        yield from _archive(scope, now)


def _archive(scope: Scope, now: datetime) -> Iterator[bytes]:
    stream = ZipStream(timezone.localtime(now))
    try:
        yield from stream.part("mimetype", [MIMETYPE.encode()], packed=False)
        yield from stream.part("README.txt", [readme(scope, now=now)])
        counts = {table.name: scope.rows(table).count() for table in scope.tables()}
        for table in scope.tables():
            large = counts[table.name] > _LARGE
            yield from stream.part(table.path, scope.lines(table), large=large)
        for name, chunks in tables(scope, now=now):
            yield from stream.part(name, chunks, large=counts["events"] > _LARGE)
        yield from stream.part("contacts.vcf", cards(scope))
        yield from stream.part("meetings.ics", meetings(scope, now=now))
        for name, raw in _files(scope):
            yield from stream.part(name, [raw])
        yield from stream.part("manifest.json", [_manifest(scope, stream, counts, now)])
        yield from stream.end()
    finally:
        stream.drop()


def _files(scope: Scope) -> Iterable[tuple[str, bytes]]:
    yield from mails(scope)
    yield from documents(scope)


def _manifest(scope: Scope, stream: ZipStream, counts: dict[str, int], now: datetime) -> bytes:
    parts = {n: {"size": p.size, "sha256": p.sha256} for n, p in stream.written.items()}
    content = {
        "format": FORMAT,
        "about": scope.about,
        "desk": __version__,
        "moment": now.astimezone(UTC).isoformat(),
        "counts": counts,
        "parts": parts,
    }
    if scope.prospects is None:
        content["block_list_key"] = block_list_key().hex()
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
