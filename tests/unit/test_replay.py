"""Replay of the past: nothing is seen that was not recorded by then."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from nachhaken.engine.kernel import context_index
from nachhaken.learning.calibration import brier
from nachhaken.learning.replay import (
    Snapshot,
    as_it_happened,
    chances_of_yes,
    ending,
    ever,
    snapshots,
    snapshots_before,
    within,
)
from nachhaken.plan import Preferences, Story
from nachhaken.terms import Channel, Intent, OutcomeKind
from nachhaken.timeline import (
    Closed,
    Entry,
    Fact,
    OfferSent,
    Reopened,
    Replied,
    Restated,
    Statement,
    Timeline,
    Touched,
    Undone,
)
from tests import cast

START = cast.NOW - timedelta(days=400)
UNTIL = cast.NOW
USUAL = Preferences()
OFFER = OfferSent(number="AN-1", net_cents=1_000_000)
WON, LOST = (Closed(outcome=kind) for kind in (OutcomeKind.WON, OutcomeKind.LOST))


def _said(intent: Intent) -> Replied:
    return Replied(channel=Channel.MAIL, statement=Statement(intent=intent))


LATER, ENGAGED = _said(Intent.LATER_VAGUE), _said(Intent.ENGAGED)


def _entry(number: int, day: float, fact: Fact, recorded: float | None = None) -> Entry:
    recorded = day if recorded is None else recorded
    return Entry(
        id=number,
        occurred_at=START + timedelta(days=day),
        recorded_at=START + timedelta(days=recorded),
        actor="",
        source_key=str(number),
        fact=fact,
    )


def _story(*entries: Entry, prospect: str = "Pension Alpenblick") -> Story:
    offer = _entry(100, 0, OFFER)
    return Story(timeline=Timeline.of([offer, *entries]), readings={}, title="", prospect=prospect)


def _seen(
    *stories: Story, days: Iterable[int] = (7, 14, 30), until: datetime = UNTIL
) -> list[Snapshot]:
    return snapshots(stories, preferences=USUAL, until=until, days=days)


def _same(later: Story, *, days: Iterable[int] = (7, 14, 30)) -> bool:
    """Whether the beliefs about `later` are those about the story without its entries from 1."""
    alone = Story(
        timeline=Timeline.of(e for e in later.timeline if e.id >= 10),
        readings={},
        title="",
        prospect=later.prospect,
    )
    pairs = zip(_seen(later, days=days), _seen(alone, days=days), strict=True)
    return all((a.belief, a.context) == (b.belief, b.context) for a, b in pairs)


def test_snapshots_stand_on_their_days_and_learn_from_what_was_said() -> None:
    found = _seen(_story(_entry(10, 10, ENGAGED)))
    assert [s.day for s in found] == [7, 14, 30]
    assert [s.at - START for s in found] == [timedelta(days=d) for d in (7, 14, 30)]
    genuine = [s.belief.genuine + s.belief.stalled for s in found]
    assert genuine[1] > genuine[0] + 0.2
    assert found[1].context == context_index(1, 0, 0)
    assert all(sum(s.belief) == pytest.approx(1) for s in found)


def test_what_came_later_changes_nothing() -> None:
    assert not _same(_story(_entry(1, 5, LATER)))
    assert _same(_story(_entry(1, 31, LATER), _entry(2, 40, Touched(channel=Channel.CALL))))


def test_an_entry_dated_back_is_not_seen_before_it_was_recorded() -> None:
    assert _same(_story(_entry(1, 5, ENGAGED, recorded=50)))
    assert not _same(_story(_entry(1, 5, ENGAGED, recorded=20)), days=[30])
    assert _same(_story(_entry(1, 5, ENGAGED, recorded=20)), days=[7, 14])


def test_an_entry_dated_ahead_is_not_seen_before_it_happens() -> None:
    assert _same(_story(_entry(1, 31, ENGAGED, recorded=2)))


def test_an_end_that_was_agreed_ahead_is_none_before_its_day() -> None:
    assert [s.day for s in _seen(_story(_entry(1, 20, LOST, recorded=2)))] == [7, 14]


def test_a_later_correction_is_not_seen() -> None:
    reply = _entry(10, 5, LATER)
    correction = Restated(entry_id=10, statement=Statement(intent=Intent.ENGAGED))
    assert _same(_story(reply, _entry(1, 40, correction)))
    assert not _same(_story(reply, _entry(1, 6, correction)))


def test_a_later_undoing_is_not_seen() -> None:
    reply = _entry(10, 5, LATER)
    assert _same(_story(reply, _entry(1, 40, Undone(entry_id=10))))
    assert not _same(_story(reply, _entry(1, 6, Undone(entry_id=10))))


def test_a_later_end_is_not_seen_and_becomes_the_outcome() -> None:
    story = _story(_entry(1, 60, WON))
    assert _same(story)
    found = _seen(story)
    assert [s.followed for s in found] == pytest.approx([53, 46, 30])
    assert all(s.ended and s.won for s in found)


def test_an_end_noted_late_leaves_the_matter_open_until_then() -> None:
    found = _seen(_story(_entry(1, 10, LOST, recorded=20)))
    assert [s.day for s in found] == [7, 14]
    assert [s.followed for s in found] == pytest.approx([3, 0])
    assert not any(s.won for s in found)


def test_a_later_amount_is_not_seen() -> None:
    revised = replace(OFFER, version=2, net_cents=9_000_000)
    assert _same(_story(_entry(1, 40, revised)))


def test_of_the_customer_only_ended_matters_are_known() -> None:
    """Counts in the story are of today: the replay makes its own."""
    now = _story()
    lost = [
        replace(_story(_entry(n, day, LOST)), title=str(day)) for n, day in enumerate((3, 4, 20))
    ]
    alone = [s.belief.pretend for s in _seen(now)]
    told = [s.belief.pretend for s in _seen(replace(now, offers=5, orders=0))]
    assert told == alone
    beside = [s.belief.pretend for s in _seen(now, *lost) if s.story == 0]
    assert beside[0] > alone[0] + 0.02
    assert beside[2] > alone[2] + 0.02
    two = [s.belief for s in _seen(now, *lost[:2]) if s.story == 0]
    three = [s.belief for s in _seen(now, *lost) if s.story == 0]
    assert two[:2] == three[:2]
    assert two[2] != three[2]
    stranger = replace(now, prospect="Weingut Hallwachs")
    assert [s.belief.pretend for s in _seen(stranger, *lost) if s.story == 0] == alone


def test_what_was_imported_afterwards_gives_no_snapshot() -> None:
    imported = Story(
        timeline=Timeline.of([_entry(1, 0, OFFER, recorded=90), _entry(2, 9, LATER, recorded=90)]),
        readings={},
        title="",
        prospect="Autohaus Kern",
    )
    assert _seen(imported) == []
    assert len(_seen(imported, days=[7, 14, 30, 120])) == 1


def test_a_matter_without_offer_or_ended_gives_none() -> None:
    talk = Story(
        timeline=Timeline.of([_entry(1, 0, LATER)]), readings={}, title="", prospect="Kern"
    )
    assert _seen(talk) == []
    assert [s.day for s in _seen(_story(_entry(1, 10, WON)))] == [7]


def test_a_redated_offer_counts_from_the_date_that_was_known() -> None:
    moved = _story(_entry(1, 4, Undone(entry_id=100)), _entry(2, -3, OFFER, recorded=4))
    assert [(s.day, (s.at - START).days) for s in _seen(moved, days=[14])] == [(14, 11)]
    later = _story(_entry(1, 20, Undone(entry_id=100)), _entry(2, -3, OFFER, recorded=20))
    assert [(s.day, (s.at - START).days) for s in _seen(later, days=[14])] == [(14, 14)]


def test_the_observation_ends_where_it_is_said() -> None:
    story = _story(_entry(1, 60, WON))
    early = _seen(story, until=START + timedelta(days=20))
    assert [s.day for s in early] == [7, 14]
    assert [s.followed for s in early] == pytest.approx([13, 6])
    assert not any(s.ended or s.won for s in early)


def test_a_reopened_matter_is_open() -> None:
    entries = [_entry(1, 10, LOST), _entry(2, 20, Reopened()), _entry(3, 50, WON)]
    assert ending(Timeline.of(entries[:1])) == (START + timedelta(days=10), OutcomeKind.LOST)
    assert ending(Timeline.of(entries[:2])) is None
    found = _seen(_story(*entries))
    assert [s.day for s in found] == [7, 30]
    assert all(s.won for s in found)


def test_rows_count_orders_in_time_and_weigh_for_those_lost_from_sight() -> None:
    stories = [
        _story(_entry(1, 60, WON), prospect="a"),
        _story(_entry(1, 300, WON), prospect="b"),
        _story(_entry(1, 90, LOST), prospect="c"),
        _story(prospect="d"),
    ]
    found = _seen(*stories, days=[30])
    rows = within(found, np.full(4, 0.25))
    assert rows.outcomes.tolist() == [1, 0, 0, 0]
    assert rows.weights.tolist() == [1, 1, 1, 1]
    assert brier(rows) == pytest.approx(0.1875)
    until = START + timedelta(days=150)
    short = within(_seen(*stories, days=[30], until=until), np.full(4, 0.25))
    assert short.weights.tolist() == [1, 0, 1, 0]
    assert short.outcomes.tolist() == [1, 0, 0, 0]
    whole = ever(found, np.full(4, 0.25))
    assert whole.outcomes.tolist() == [1, 1, 0, 0]
    assert whole.weights.tolist() == [1, 1, 1, 0]


def test_the_chance_of_an_order_goes_by_belief_and_context() -> None:
    found = _seen(_story(_entry(10, 10, LATER)), days=[7, 14])
    table = np.zeros((24, 4))
    table[:, 0] = 0.5
    table[found[1].context, 0] = 1.0
    chances = chances_of_yes(found, table)
    assert chances == pytest.approx([0.5 * found[0].belief.genuine, found[1].belief.genuine])
    assert found[0].context != found[1].context
    assert chances_of_yes([], table).shape == (0,)


def test_the_cast_can_be_replayed() -> None:
    found = _seen(*(cast.story(one) for one in cast.CAST))
    assert {s.customer for s in found} == {one.prospect for one in cast.CAST}
    assert not any(s.ended for s in found)


def _told_late(*entries: Entry) -> Story:
    """An import of day 300 tells a matter of `entries`."""
    late = (replace(entry, recorded_at=START + timedelta(days=300)) for entry in entries)
    return Story(
        timeline=Timeline.of([_entry(100, 0, OFFER, recorded=300), *late]),
        readings={},
        title="",
        prospect="Pension Alpenblick",
    )


def test_what_an_import_told_late_is_looked_at_as_it_happened() -> None:
    late = _told_late(_entry(10, 10, ENGAGED), _entry(11, 60, WON))
    assert _seen(late) == []
    noted = _story(_entry(10, 10, ENGAGED), _entry(11, 60, WON))
    assert _seen(as_it_happened(late)) == _seen(noted)
    assert as_it_happened(noted) is noted


def test_a_look_back_sees_nothing_that_came_later() -> None:
    """Whatever came after the day of the look, or was never so, changes nothing."""
    seen = _seen(as_it_happened(_told_late(_entry(10, 10, ENGAGED))), days=[14])
    undone = _entry(12, 301, Undone(entry_id=11))
    correction = Restated(entry_id=10, statement=Statement(intent=Intent.NO))
    more = [
        (_entry(11, 15, LATER),),
        (_entry(11, 5, LATER), undone),
        (_entry(11, 302, correction),),
        (_entry(11, 15, Touched(channel=Channel.CALL)), _entry(12, 40, LOST)),
    ]
    for later in more:
        (found,) = _seen(as_it_happened(_told_late(_entry(10, 10, ENGAGED), *later)), days=[14])
        assert (found.belief, found.context) == (seen[0].belief, seen[0].context)


def test_before_a_moment_that_moment_is_not_known() -> None:
    story = _story(_entry(1, 20, LATER))
    asked = {0: START + timedelta(days=20)}
    (before,) = snapshots_before([story], asked, preferences=USUAL, until=UNTIL)
    (alone,) = snapshots_before([_story()], asked, preferences=USUAL, until=UNTIL)
    assert before.belief == alone.belief
    assert not snapshots_before([story], {0: START}, preferences=USUAL, until=UNTIL)
