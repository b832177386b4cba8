"""What a person said of readings: which stood, which were put right, and how."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.models import Event, User
from nachhaken.desk.pages import CorrectionsPage
from nachhaken.desk.records import decode_fact
from nachhaken.desk.speech import local_date
from nachhaken.desk.statements import replies_said, statements_of
from nachhaken.desk.stories import bare_readings_of
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent
from nachhaken.timeline import Replied, Statement

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A reply, what the reader said of it, and what the person did; both may be the same."""

    text: str
    on: date
    region: str
    read: Reading
    said: Statement


def corrections(user: User) -> tuple[Correction, ...]:
    """Return the statements of `user` that stand, the newest of each reply, newest first.

    What was read is what the shipped reader says, whatever the user taught it since.
    """
    allow(user)
    said = statements_of(user)
    replies = replies_said(said)
    readings = bare_readings_of(replies.values())
    return tuple(
        _correction(replies[pk], readings[pk], statement)
        for pk, statement in said.items()
        if pk in replies
    )


def _correction(event: Event, reading: Reading, statement: Statement) -> Correction:
    fact = decode_fact(event.kind, event.payload)
    assert isinstance(fact, Replied)  # noqa: S101 - only replies are asked for
    return Correction(
        text=fact.text,
        on=local_date(event.occurred_at),
        region=event.prospect.region,
        read=reading,
        said=statement,
    )


def corrections_page(user: User) -> CorrectionsPage:
    """Return how often the reader was right where the person looked, and what it mixed up."""
    stated = [(one.read.intent, one.said.intent) for one in corrections(user)]
    wrong = Counter(pair for pair in stated if pair[0] is not pair[1])
    return CorrectionsPage(
        total=len(stated),
        right=len(stated) - wrong.total(),
        mixed=tuple((_word(a), _word(b), count) for (a, b), count in wrong.most_common(MOST_SHOWN)),
    )


def _word(intent: Intent) -> str:
    return labels.word(labels.INTENTS[intent])
