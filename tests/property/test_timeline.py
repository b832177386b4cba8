"""Laws of the timeline."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.timeline import Restated, Timeline, Undone
from tests.strategies import moments, timelines


@given(timelines(), moments)
def test_as_of_never_sees_a_later_record(timeline: Timeline, moment: datetime) -> None:
    assert all(e.recorded_at <= moment for e in timeline.as_of(moment))


@given(timelines(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(timeline: Timeline, rng: object) -> None:
    shuffled = list(timeline)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Timeline.of(shuffled) == timeline


@given(timelines())
def test_what_stands_holds_neither_undone_nor_undoing_entries(timeline: Timeline) -> None:
    standing = timeline.standing()
    assert not any(isinstance(e.fact, Undone | Restated) for e in standing)
    assert standing.standing() == standing


@given(timelines())
def test_undoing_the_newest_entry_brings_back_what_stood_before(timeline: Timeline) -> None:
    if not len(timeline):
        return
    newest = max(timeline, key=lambda e: e.id)
    before = Timeline.of(e for e in timeline if e.id != newest.id)
    undo = type(newest)(
        id=newest.id + 1,
        occurred_at=newest.recorded_at,
        recorded_at=newest.recorded_at,
        actor="brandt",
        source_key="t:undo",
        fact=Undone(entry_id=newest.id),
    )
    assert Timeline.of([*timeline, undo]).standing() == before.standing()
