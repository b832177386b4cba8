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
from nachhaken.desk.stories import readings_of
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent
from nachhaken.timeline import Replied, Restated, Statement

NEWEST = 5_000  # statements: older ones say little about what is written today
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
    """Return the statements of `user` that stand, the newest of each reply, newest first."""
    allow(user)
    rows = Event.objects.filter(kind="restated", actor=user).standing().order_by("-pk")
    said: dict[int, Statement] = {}
    for row in rows[:NEWEST]:
        fact = decode_fact(row.kind, row.payload)
        if isinstance(fact, Restated):
            said.setdefault(fact.entry_id, fact.statement)
    events = Event.objects.filter(kind="replied").standing().select_related("prospect")
    replies = events.in_bulk(said)
    readings = readings_of(replies.values())
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
