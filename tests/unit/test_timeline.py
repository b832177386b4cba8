"""The timeline of one opportunity."""

from datetime import UTC, datetime, timedelta

import pytest

from nachhaken.terms import Channel, Intent
from nachhaken.timeline import Entry, Fact, Replied, Restated, Statement, Timeline, Touched, Undone

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def entry(number: int, fact: Fact, *, hours: int = 0) -> Entry:
    at = NOON + timedelta(hours=hours)
    return Entry(
        id=number,
        occurred_at=at,
        recorded_at=at,
        actor="brandt",
        source_key=f"t:{number}",
        fact=fact,
    )


def test_an_undone_entry_does_not_stand() -> None:
    call = entry(1, Touched(channel=Channel.CALL))
    undo = entry(2, Undone(entry_id=1), hours=1)
    assert Timeline.of([undo, call]).standing().entries == ()


def test_undoing_an_undo_brings_the_entry_back() -> None:
    call = entry(1, Touched(channel=Channel.CALL))
    undo = entry(2, Undone(entry_id=1), hours=1)
    redo = entry(3, Undone(entry_id=2), hours=2)
    assert Timeline.of([call, undo, redo]).standing().entries == (call,)


def test_the_newest_correction_of_a_reading_counts() -> None:
    reply = entry(1, Replied(channel=Channel.MAIL, text="Melden Sie sich im Januar."))
    first = entry(2, Restated(entry_id=1, statement=Statement(intent=Intent.NO)))
    second = entry(3, Restated(entry_id=1, statement=Statement(intent=Intent.LATER_VAGUE)))
    (standing,) = Timeline.of([reply, second, first]).standing()
    assert isinstance(standing.fact, Replied)
    assert standing.fact.statement == Statement(intent=Intent.LATER_VAGUE)


def test_an_entry_refuses_a_moment_without_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Entry(
            id=1,
            occurred_at=datetime(2026, 11, 23, 12),  # noqa: DTZ001
            recorded_at=NOON,
            actor="brandt",
            source_key="t:1",
            fact=Touched(channel=Channel.CALL),
        )


def test_the_head_is_the_newest_entry_whatever_its_date() -> None:
    old = entry(7, Touched(channel=Channel.CALL), hours=-500)
    new = entry(3, Touched(channel=Channel.CALL))
    assert Timeline.of([old, new]).head == 7
