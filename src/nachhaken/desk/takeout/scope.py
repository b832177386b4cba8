"""Which rows go along: everything, or all about one customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from nachhaken.desk.models import Event, OfferDraft, Outgoing, Prospect
from nachhaken.desk.preferences import BLOCK_LIST_KEY
from nachhaken.desk.takeout.fields import PROFILE, TABLES, Table, table_of
from nachhaken.desk.takeout.values import lines

Rows = models.QuerySet[Any]

_AT_ONCE = 2_000  # rows fetched at a time
_THEIRS = "opportunity__prospect__in"
_BY_PROSPECT = {
    "prospects": "pk__in",
    "people": "prospect__in",
    "opportunities": "prospect__in",
    "events": "prospect__in",
    "advice_given": _THEIRS,
    "offer_drafts": _THEIRS,
    "outgoing": _THEIRS,
    "writings": _THEIRS,
    "unmatched_mails": _THEIRS,
    "set_aside": _THEIRS,
    "plans": _THEIRS,
    "readings": "event__prospect__in",
}
_UNDER_WAY = {Outgoing.State.QUEUED, Outgoing.State.CLAIMED, Outgoing.State.TRANSMITTING}


@dataclass(frozen=True, slots=True)
class Scope:
    """What goes along; `prospects` None means the whole desk."""

    prospects: frozenset[int] | None = None

    @property
    def about(self) -> str:
        """Return what the archive is about, as its manifest says."""
        return "desk" if self.prospects is None else "prospect"

    def tables(self) -> Iterator[Table]:
        """Return the tables whose rows go along."""
        if self.prospects is None:
            yield from TABLES
            return
        yield from (t for t in (*TABLES, *PROFILE) if t.name in _BY_PROSPECT or t.name in _RESTING)

    def rows(self, table: Table) -> Rows:
        """Return the rows of a table that go along, by their ids."""
        found: Rows = table.model._default_manager.order_by("pk")  # noqa: SLF001
        if table.name == "import_runs":
            # Only looked at so far: nothing rests on it, and its file stays here.
            found = found.exclude(state="seen")
        if table.name == "preferences":
            found = found.exclude(key=BLOCK_LIST_KEY)  # sealed; the manifest names it
        if self.prospects is None:
            return found
        if table.name in _BY_PROSPECT:
            return found.filter(**{_BY_PROSPECT[table.name]: self.prospects})
        return found.filter(_RESTING[table.name](self.prospects))

    def present(self, name: str) -> Rows:
        """Return prospects or people who go along in files to read.

        Who went with an import that was taken back is in the customer's own copy alone.
        """
        rows = self.rows(table_of(name))
        return rows if self.prospects is not None else rows.exclude(run__state="reverted")

    def lines(self, table: Table) -> Iterator[bytes]:
        """Return the rows of a table as lines of JSON."""
        names = [field.attname for field in table.fields]
        rows = self.rows(table).values_list(*names).iterator(chunk_size=_AT_ONCE)
        settle = _SETTLED.get(table.name)
        if settle is None:
            return lines(table, rows)
        return lines(table, (list(settle(dict(zip(names, r, strict=True))).values()) for r in rows))

    def documents(self) -> Rows:
        """Return the documents that go along."""
        return self.rows(table_of("documents"))

    def outgoing(self) -> Rows:
        """Return the mails that go along."""
        return self.rows(table_of("outgoing"))


def scope_of(prospect: Prospect) -> Scope:
    """Return what is about one customer, under every name that it had."""
    found, fresh = {prospect.pk}, {prospect.pk}
    while fresh:
        twins = Prospect.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)
        fresh = set(twins) - found
        found |= fresh
    return Scope(frozenset(found))


def _of_documents(prospects: frozenset[int]) -> Q:
    drafts = OfferDraft.objects.filter(opportunity__prospect__in=prospects)
    sent = Event.objects.filter(prospect__in=prospects, kind="offer_sent")
    named = {p.get("document", "") for p in sent.values_list("payload", flat=True)} - {""}
    return Q(pk__in=drafts.exclude(document=None).values("document")) | Q(sha256__in=named)


def _of_blocked(prospects: frozenset[int]) -> Q:
    return Q(event__in=Event.objects.filter(prospect__in=prospects).values("pk"))


_RESTING = {"documents": _of_documents, "blocked": _of_blocked}


def _settled_mail(row: dict[str, object]) -> dict[str, object]:
    """A mail on its way may go from here at any moment: elsewhere nobody can know, and asks."""
    if row["state"] in _UNDER_WAY:
        row |= {"state": Outgoing.State.UNKNOWN.value, "due_at": None}
    return row


def _settled_run(row: dict[str, object]) -> dict[str, object]:
    """An import that runs goes on here; elsewhere its file is missing, and it ended early."""
    return row | {"state": "failed"} if row["state"] == "running" else row


_SETTLED = {"outgoing": _settled_mail, "import_runs": _settled_run}
