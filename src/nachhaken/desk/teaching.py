"""The reader learns from the corrections of a user, tried before it is used, in the background."""

import logging
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from threading import Event as Bell

from django.db.models import Max

from nachhaken.desk.layers import reader_version
from nachhaken.desk.models import Event, ReadingLayer, User
from nachhaken.desk.planning import replan
from nachhaken.desk.records import decode_fact
from nachhaken.desk.speech import local_date
from nachhaken.desk.statements import replies_said, statements_of
from nachhaken.desk.stories import readings_of
from nachhaken.learning.reading_layer import Taught, fit, taught
from nachhaken.reading.atoms import When
from nachhaken.reading.layer import to_bytes
from nachhaken.reading.scores import shipped
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent
from nachhaken.timeline import Replied

_log = logging.getLogger(__name__)

NEWEST = 200  # statements learnt from: a fifth of a second
_AT_ONCE = 500

said_something = Bell()
"""Rings when somebody corrected a reading or took a correction back."""


def learn_what_was_said(*, now: datetime) -> int:
    """Learn for each user who said something since the last time; return how many did.

    What cannot be learnt from goes to the log: the desk reads on as before.
    """
    said_something.clear()
    stale = [user for user in _teachers() if _is_stale(user)]
    for user in stale:
        try:
            teach(user, now=now)
        except (ArithmeticError, ValueError):
            _log.exception("the reader could not learn")
    return len(stale)


def teach(user: User, *, now: datetime) -> ReadingLayer:
    """Learn from what `user` said, keep how it went, and let readings and plans follow."""
    old = ReadingLayer.objects.filter(pk=user.pk).first()
    since, head = old.since if old else 0, newest_word()
    layer, trial = fit(_said(user, since), shipped())
    row = ReadingLayer(
        owner=user,
        learnt_at=now,
        head=head,
        since=since,
        version=reader_version(),
        fingerprint=layer.fingerprint if layer else "",
        numbers=to_bytes(layer) if layer else b"",
        report=asdict(trial),
    )
    return put(row, now=now)


def put(row: ReadingLayer, *, now: datetime) -> ReadingLayer:
    """Let `row` be the layer of its owner, and plan anew what is now read otherwise."""
    user = row.owner
    ids = list(_replies_to(user))
    before = [_told(readings_of(_events(ids[at : at + _AT_ONCE]))) for at in _starts(ids)]
    row.save()
    changed: set[int] = set()
    for at, told in zip(_starts(ids), before, strict=True):
        events = _events(ids[at : at + _AT_ONCE])
        after = _told(readings_of(events))
        changed |= {e.opportunity_id or 0 for e in events if told[e.pk] != after[e.pk]}
    replan(changed, now=now)
    return row


def newest_word() -> int:
    """Return the newest event that can change what somebody said."""
    rows = Event.objects.filter(kind__in=["restated", "undone"])
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


def _teachers() -> list[User]:
    said = Event.objects.filter(kind="restated").values("actor")
    return list(User.objects.filter(pk__in=said))


def _is_stale(user: User) -> bool:
    rows = ReadingLayer.objects.filter(pk=user.pk, version=reader_version())
    return not rows.filter(head__gte=newest_word()).exists()


def _said(user: User, since: int) -> list[Taught]:
    statements = dict(list(statements_of(user, since=since).items())[:NEWEST])
    replies = replies_said(statements)
    return [
        one
        for pk, event in replies.items()
        if (one := _taught(event, statements[pk].intent)) is not None
    ]


def _taught(event: Event, intent: Intent) -> Taught | None:
    """What a machine wrote is known by the head of the mail: it teaches nothing."""
    fact = decode_fact(event.kind, event.payload)
    if not isinstance(fact, Replied) or fact.automatic:
        return None
    return _looked_at(fact.text, local_date(event.occurred_at), event.prospect.region, intent)


@lru_cache(maxsize=4 * NEWEST)
def _looked_at(text: str, on: date, region: str, intent: Intent) -> Taught:
    return taught(text, When(on, region), intent, shipped())


def _replies_to(user: User) -> list[int]:
    rows = Event.objects.filter(kind="replied", opportunity__owner=user)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _starts(ids: list[int]) -> range:
    return range(0, len(ids), _AT_ONCE)


def _events(ids: list[int]) -> list[Event]:
    return list(Event.objects.filter(pk__in=ids).select_related("prospect"))


def _told(readings: dict[int, Reading]) -> dict[int, tuple[object, ...]]:
    """Return what a plan rests on, by reply."""
    return {
        pk: (one.intent, one.callback, one.condition, one.no_reason) for pk, one in readings.items()
    }
