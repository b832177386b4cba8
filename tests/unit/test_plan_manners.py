"""Good manners: quiet time over both changes of the clock, and how often a person may be asked."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from nachhaken.plan import Preferences
from nachhaken.terms import Channel, Purpose, Verdict
from nachhaken.timeline import OptedOut
from tests.unit.test_plan import MAIL, NOW, OFFER
from tests.unit.test_plan_law import ENDED, REQUEST, may, said, verdict

ANSWER = Purpose.ANSWER
BERLIN = ZoneInfo("Europe/Berlin")


def local(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("at", "until", "reason"),
    [
        (local(11, 24, 7, 59), local(11, 24, 8), "Ruhezeit vor 8 und nach 20 Uhr"),
        (local(11, 24, 20), local(11, 25, 8), "Ruhezeit vor 8 und nach 20 Uhr"),
        (local(11, 28, 21), local(11, 30, 8), "Ruhezeit vor 8 und nach 20 Uhr"),
        (local(11, 29, 10), local(11, 30, 8), "Sonntagsruhe"),
        (local(12, 25, 10), local(12, 28, 8), "Feiertag beim Kunden"),
    ],
)
def test_e6_row_18_in_quiet_time_a_contact_is_for_later(
    at: datetime, until: datetime, reason: str, channel: Channel
) -> None:
    found = may(channel, (20, OFFER), purpose=ANSWER, at=at)
    assert verdict(found) == (Verdict.LATER, "18")
    assert found.until == until
    assert reason in said(found)
    assert may(channel, (20, OFFER), purpose=ANSWER, at=until).is_allowed


def test_e6_row_18_saturday_afternoon_is_quiet_for_consumers_alone() -> None:
    saturday = local(11, 28, 12)
    assert may(Channel.LETTER, at=saturday).is_allowed
    assert may(Channel.LETTER, at=saturday - timedelta(minutes=1), is_consumer=True).is_allowed
    found = may(Channel.LETTER, at=saturday, is_consumer=True)
    assert found.until == local(11, 30, 8)
    assert "Samstag nach 12 Uhr" in said(found)


def test_e6_row_18_the_holidays_are_those_of_the_customer_s_region() -> None:
    three_kings = local(1, 6, 10, year=2027)
    assert not may(Channel.LETTER, at=three_kings, region="DE-BY").is_allowed
    assert may(Channel.LETTER, at=three_kings, region="DE-BE").is_allowed
    assert not may(Channel.LETTER, at=three_kings, region="AT-9").is_allowed


def test_e6_row_18_the_hours_are_the_user_s_own_setting() -> None:
    own = Preferences(quiet_before=time(9, 30))
    found = may(Channel.LETTER, at=local(11, 24, 9), preferences=own)
    assert found.until == local(11, 24, 9, 30)
    assert "vor 9:30 und nach 20 Uhr" in said(found)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"])
@pytest.mark.parametrize(
    ("utc", "is_quiet"),
    [
        ("2026-10-24T05:59", True),  # 7:59 in summer
        ("2026-10-24T06:00", False),
        ("2026-10-26T06:30", True),  # 7:30 in winter, from 25 October on
        ("2026-10-26T07:00", False),
        ("2026-10-26T18:30", False),
        ("2026-10-24T18:30", True),
        ("2027-03-27T06:59", True),  # the day before summer begins, 28 March
        ("2027-03-27T07:00", False),
        ("2027-03-30T06:00", False),
        ("2027-03-30T18:00", True),
    ],
)
def test_e6_row_18_quiet_time_keeps_to_the_wall_clock_over_both_changes(
    utc: str, zone: str, *, is_quiet: bool
) -> None:
    at = datetime.fromisoformat(utc + "+00:00")
    found = may(Channel.LETTER, at=at, preferences=Preferences(zone=zone))
    assert (found.verdict is Verdict.LATER) is is_quiet


def test_e6_row_18_over_the_night_of_a_change_the_morning_is_right() -> None:
    autumn = may(Channel.LETTER, at=datetime.fromisoformat("2026-10-24T19:00+00:00"))
    assert autumn.until == datetime.fromisoformat("2026-10-26T07:00+00:00")
    spring = may(Channel.LETTER, at=datetime.fromisoformat("2027-03-27T20:00+00:00"))
    assert spring.until == datetime.fromisoformat("2027-03-30T06:00+00:00")  # Easter Monday between


def test_e6_row_19_the_next_chase_waits_until_the_week_is_over() -> None:
    found = may(Channel.CALL, (20, OFFER), (3, MAIL))
    assert verdict(found) == (Verdict.LATER, "19")
    assert found.until == local(11, 27, 8)
    assert said(found) == "Später: in den letzten 7 Tagen schon nachgefragt, wieder ab 27.11.2026"
    assert may(Channel.CALL, (20, OFFER), (3, MAIL), at=local(11, 27, 8)).is_allowed
    assert not may(Channel.CALL, (20, OFFER), (3, MAIL), at=local(11, 26, 19)).is_allowed


def test_e6_row_19_the_fourth_chase_waits_until_the_month_is_over() -> None:
    found = may(Channel.CALL, (60, OFFER), (26, MAIL), (18, MAIL), (9, MAIL))
    assert verdict(found) == (Verdict.LATER, "19")
    assert found.until == local(11, 27, 8)
    assert said(found) == "Später: schon 3 Mal in 30 Tagen nachgefragt, wieder ab 27.11.2026"


def test_e6_row_19_counts_other_matters_and_this_person_alone_and_no_answers() -> None:
    other = (NOW - timedelta(days=2),)
    assert may(Channel.CALL, (20, OFFER), other_touches=other).rule == "19"
    assert may(Channel.CALL, (20, OFFER), other_touches=other, purpose=ANSWER).is_allowed
    theirs = replace(MAIL, person_id=7)
    assert may(Channel.CALL, (20, OFFER), (2, theirs), person_id=7).rule == "19"
    assert may(Channel.CALL, (20, OFFER), (2, theirs), person_id=8).is_allowed


def test_e6_row_19_the_day_of_a_chase_is_the_user_s_not_that_of_utc() -> None:
    """23:30 in UTC is half past midnight in Berlin: the week begins a day later."""
    late = (datetime.fromisoformat("2026-11-16T23:30+00:00"),)
    found = may(Channel.CALL, (20, OFFER), other_touches=late)
    assert found.until == local(11, 24, 8)


def test_e6_rows_18_and_19_what_the_law_forbids_is_not_put_off() -> None:
    night = local(11, 24, 23)
    assert may(Channel.CALL, *REQUEST, (1, OptedOut()), at=night).rule == "1"
    assert may(Channel.MAIL, *REQUEST, (3, MAIL), at=night).rule == "DE-8"
    assert may(Channel.CALL, ENDED, region="CH-ZH", at=night).rule == "CH-14"
