"""How much of what waits for a person, by kind: one query, before any rows are asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from nachhaken.desk.models import ImportRun, SetAside, UnmatchedMail
from nachhaken.desk.queries.mailboxes import faulty_folders
from nachhaken.desk.queries.post import faulty_accounts, unsettled_mails

POST, ACCOUNT, MAILBOX, ASIDE, MAIL, RUN = "post", "account", "mailbox", "aside", "mail", "run"


def waiting(*, now: datetime) -> Mapping[str, int]:
    """Return how many of each kind wait; a kind of which nothing waits may be missing."""
    first, *others = (
        _counted(POST, unsettled_mails()),
        _counted(ACCOUNT, faulty_accounts()),
        _counted(MAILBOX, faulty_folders(now=now), "account"),
        _counted(ASIDE, outcomes_aside()),
        _counted(MAIL, unmatched_mails()),
        _counted(RUN, faulty_runs()),
    )
    return dict(first.union(*others, all=True))


def outcomes_aside() -> QuerySet[SetAside]:
    """Return outcomes that were noted without a network and did not fit any more."""
    return SetAside.objects.filter(settled_at__isnull=True).order_by("-at", "-pk")


def unmatched_mails() -> QuerySet[UnmatchedMail]:
    """Return mails that belong to no opportunity yet."""
    return UnmatchedMail.objects.filter(settled_at__isnull=True).order_by("-at")


def faulty_runs() -> QuerySet[ImportRun]:
    """Return imports that left something out."""
    rows = ImportRun.objects.filter(state=ImportRun.State.DONE, settled_at__isnull=True).exclude(
        faults=[]
    )
    return rows.order_by("-at")


def _counted(kind: str, rows: QuerySet[Any], what: str = "pk") -> QuerySet[Any, tuple[str, int]]:
    bare = rows.order_by().annotate(waits=Value(kind)).values("waits")
    counted: QuerySet[Any, tuple[str, int]]
    counted = bare.annotate(n=Count(what, distinct=True)).values_list("waits", "n")
    return counted
