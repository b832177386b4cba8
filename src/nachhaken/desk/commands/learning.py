"""Learning from the own past when a person asks for it, and forgetting what corrections taught."""

from datetime import datetime

from nachhaken.desk import lessons, teaching
from nachhaken.desk.access import allow
from nachhaken.desk.layers import reader_version
from nachhaken.desk.models import Lesson, ReadingLayer, User


def learn_anew(*, actor: User, now: datetime) -> Lesson:
    """Learn from everything that has ended until now, and keep what was learnt."""
    allow(actor)
    return lessons.learn(now=now)


def forget_corrections(*, actor: User, now: datetime) -> ReadingLayer:
    """Read replies to `actor` as shipped again; only what they say from now on is learnt from.

    The statements themselves stand: each reply means what was said of it.
    """
    head = teaching.newest_word()
    row = ReadingLayer(
        owner=allow(actor), learnt_at=now, head=head, since=head, version=reader_version()
    )
    return teaching.put(row, now=now)
