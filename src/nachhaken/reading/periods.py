"""Calendar arithmetic: months, weeks, quarters and seasons as closed intervals of days."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Grain(StrEnum):
    """How finely a period was named; it decides what "from" and "after" make of it."""

    DAY = "DAY"
    EVENT = "EVENT"
    OFFSET = "OFFSET"
    PERIOD = "PERIOD"


class Period(NamedTuple):
    """A closed interval of days as the text names it, before "ab", "nach" or "bis" apply."""

    start: date
    end: date
    grain: Grain = Grain.PERIOD

    @property
    def is_short(self) -> bool:
        """Whether a day or an event is named, from which "from" and "after" count 14 days."""
        return self.grain in _SHORT


# Looking a member up in its class costs more than the comparison.
_SHORT = (Grain.DAY, Grain.EVENT)
LAST_YEAR = 9998
MONTHS_IN_YEAR = 12
SEASONS = {"spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "winter": (12, 3)}


def day(on: date) -> Period:
    """The period of one day."""
    return Period(on, on, Grain.DAY)


def safe_date(year: int, month: int, number: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not (
        1 <= month <= MONTHS_IN_YEAR
        and 1 <= year <= LAST_YEAR
        and 1 <= number <= monthrange(year, month)[1]
    ):
        return None
    return date(year, month, number)


def add_days(on: date, days: int) -> date:
    """`on` plus days, held within the calendar's bounds."""
    number = min(max(on.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(number)


def add_months(on: date, months: int) -> date:
    """The same day months later; the month's last day where it is shorter."""
    year, month0 = divmod(on.year * 12 + on.month - 1 + months, 12)
    year = min(max(year, 1), LAST_YEAR)
    return date(year, month0 + 1, min(on.day, monthrange(year, month0 + 1)[1]))


def months(year: int, first: int, count: int) -> Period:
    """`count` whole months from month `first` (1-12) of `year` on."""
    start = date(min(max(year, 1), 9990), first, 1)
    return Period(start, add_days(add_months(start, count), -1))


def month_part(whole: Period, part: str) -> Period:
    """1-10, 11-20 or 21-last of a month; the month itself for ""."""
    first, last = {"early": (1, 10), "mid": (11, 20), "late": (21, whole.end.day)}.get(
        part, (1, whole.end.day)
    )
    return Period(whole.start.replace(day=first), whole.end.replace(day=last))


def week(monday: date, part: str = "") -> Period:
    """An ISO week from its Monday; "early" is Mo-Tu, "mid" Tu-Th, "late" Th-Fr."""
    first, last = {"early": (0, 1), "mid": (1, 3), "late": (3, 4)}.get(part, (0, 6))
    return Period(add_days(monday, first), add_days(monday, last))


def monday_of(on: date) -> date:
    """The Monday of the ISO week of `on`."""
    return add_days(on, -on.weekday())


def iso_week(year: int, number: int) -> date | None:
    """The Monday of a numbered week, or None where the year has no such week."""
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def long_part(whole: Period, part: str) -> Period:
    """The first, second or third month of a quarter; of a year Jan-Feb, Jun-Jul or Nov-Dec."""
    if not part:
        return whole
    length = (whole.end.year - whole.start.year) * 12 + whole.end.month - whole.start.month + 1
    if length >= MONTHS_IN_YEAR:
        first, count = {"early": (0, 2), "mid": (5, 2), "late": (10, 2)}[part]
    else:
        third = max(length // 3, 1)
        first, count = {"early": 0, "mid": third, "late": length - third}[part], third
    begin = add_months(whole.start, first)
    return months(begin.year, begin.month, count)


def coming(whole: Period, reference: date) -> Period:
    """The period, or a year later where it lies before the reference."""
    if whole.end >= reference:
        return whole
    count = (whole.end.year - whole.start.year) * 12 + whole.end.month - whole.start.month + 1
    return months(whole.start.year + 1, whole.start.month, count)


def season(name: str, year: int) -> Period:
    """The meteorological season; winter begins in December of `year`."""
    first, count = SEASONS[name]
    return months(year, first, count)


def fortnight(start: date) -> Period:
    """14 days from `start`, both ends counted."""
    return Period(start, start + timedelta(days=13) if start.year < LAST_YEAR else start)


def in_year(period: Period, year: int) -> Period:
    """The period moved to begin in `year`; a month's last day stays one."""
    count = 12 * (year - period.start.year)
    end = add_months(period.end, count)
    if add_days(period.end, 1).day == 1:
        end = add_days(add_months(add_days(period.end, 1), count), -1)
    return Period(add_months(period.start, count), end, period.grain)
