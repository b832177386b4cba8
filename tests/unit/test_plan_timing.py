"""E3: the hours to call at follow from when this person was reached and when he wrote."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nachhaken.engine.timing import Call, Written
from nachhaken.plan import Preferences, Story, advise
from nachhaken.plan.timing import calling_hours, calls_of, written_in
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Entry, Fact, OfferSent, Replied, Statement, Timeline, Touched, Undone

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=BERLIN)  # a Tuesday
TUESDAY, SATURDAY = NOW.date(), date(2026, 11, 28)
REACHED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
MISSED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)
MAIL = Replied(channel=Channel.MAIL, text="Ich schaue es mir an.")


def story(*facts: tuple[datetime, Fact], **more: object) -> Story:
    entries = [
        Entry(id=n, occurred_at=at, recorded_at=at, actor="brandt", source_key=f"t:{n}", fact=fact)
        for n, (at, fact) in enumerate(facts, start=1)
    ]
    known: dict[str, object] = {"phone": "08026 555 48 10", "title": "Balkone", "prospect": "Huber"}
    timeline = Timeline.of(entries)
    return Story(timeline=timeline, readings={}, **(known | more))  # type: ignore[arg-type]


def at(days_ago: int, clock: str) -> datetime:
    """A local time so many days before that Tuesday."""
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=hour, minute=minute) - timedelta(days=days_ago)


def hours(told: Story, on: date = TUESDAY) -> tuple[tuple[float, float], int]:
    return tuple(calling_hours(told, on=on, now=NOW, zone=BERLIN))  # type: ignore[return-value]


def test_before_any_call_offices_in_the_morning_and_private_people_after_work() -> None:
    assert hours(story()) == ((9.0, 11.0), 0)
    assert hours(story(is_consumer=True)) == ((17.0, 19.0), 0)


def test_calls_and_mails_move_the_hours_and_are_counted() -> None:
    told = story(
        (at(21, "9:40"), MISSED), (at(14, "10:15"), MISSED), (at(12, "15:30"), REACHED),
        (at(6, "15:50"), MAIL),
    )  # fmt: skip
    span, count = hours(told)
    assert span[0] >= 14.0
    assert count == 4


def test_at_a_weekend_the_hours_are_those_of_the_best_working_day() -> None:
    assert hours(story(), SATURDAY) == hours(story(), TUESDAY)


def test_what_comes_later_or_was_undone_does_not_count() -> None:
    later = story((at(-1, "15:30"), REACHED))
    undone = story((at(5, "15:30"), REACHED), (at(4, "9:00"), Undone(entry_id=1)))
    assert hours(later) == hours(undone) == hours(story())


def test_hours_are_those_of_the_users_zone() -> None:
    utc = at(1, "15:30").astimezone(ZoneInfo("UTC"))
    assert list(calls_of(story((utc, REACHED)).timeline, BERLIN)) == [Call(0, 15.5, True)]


@pytest.mark.parametrize(
    "fact",
    [
        Touched(channel=Channel.CALL, step=StepKind.CALL),
        Touched(channel=Channel.MAIL, reached=True),
        Replied(channel=Channel.MAIL, automatic=True),
        Replied(channel=Channel.LETTER),
        OfferSent(number="AN-1"),
    ],
)
def test_what_does_not_show_the_person_there_is_left_out(fact: Fact) -> None:
    timeline = story((at(1, "15:30"), fact)).timeline
    assert [*calls_of(timeline, BERLIN), *written_in(timeline, BERLIN)] == []


def test_a_day_without_a_time_is_left_out() -> None:
    timeline = story((at(1, "0:00"), MAIL), (at(1, "0:01"), MAIL)).timeline
    assert list(written_in(timeline, BERLIN)) == [Written(0, 1 / 60)]


def test_the_advice_says_when_to_call_and_from_how_much_it_knows() -> None:
    promised = Replied(channel=Channel.CALL, statement=Statement(intent=Intent.ENGAGED))
    facts: list[tuple[datetime, Fact]] = [
        (at(20, "11:00"), OfferSent(number="AN-1", net_cents=1_000_000)),
        (at(7, "16:30"), REACHED),
        (at(6, "9:30"), MISSED),
        (at(1, "16:30"), promised),
    ]
    told = story(*facts)
    given = advise(told, now=NOW, preferences=Preferences())
    assert given.step.channel is Channel.CALL
    assert given.due is not None
    expected = calling_hours(told, on=given.due, now=NOW, zone=BERLIN)
    assert (given.best_hours, given.best_hours_from) == expected
    assert given.best_hours_from == 2
    by_mail = advise(
        replace(told, phone="", mail="h@x.example"), now=NOW, preferences=Preferences()
    )
    assert (by_mail.best_hours, by_mail.best_hours_from) == ((8.0, 9.0), 0)
