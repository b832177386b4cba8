"""Which days are working days in a region of DE, AT or CH, and how many lie between."""

from bisect import bisect_left
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

REGIONS = {
    "DE": "Deutschland",
    "DE-BB": "Brandenburg",
    "DE-BE": "Berlin",
    "DE-BW": "Baden-Württemberg",
    "DE-BY": "Bayern",
    "DE-HB": "Bremen",
    "DE-HE": "Hessen",
    "DE-HH": "Hamburg",
    "DE-MV": "Mecklenburg-Vorpommern",
    "DE-NI": "Niedersachsen",
    "DE-NW": "Nordrhein-Westfalen",
    "DE-RP": "Rheinland-Pfalz",
    "DE-SH": "Schleswig-Holstein",
    "DE-SL": "Saarland",
    "DE-SN": "Sachsen",
    "DE-ST": "Sachsen-Anhalt",
    "DE-TH": "Thüringen",
    "AT": "Österreich",
    "AT-1": "Burgenland",
    "AT-2": "Kärnten",
    "AT-3": "Niederösterreich",
    "AT-4": "Oberösterreich",
    "AT-5": "Salzburg",
    "AT-6": "Steiermark",
    "AT-7": "Tirol",
    "AT-8": "Vorarlberg",
    "AT-9": "Wien",
    "CH": "Schweiz",
    "CH-AG": "Aargau",
    "CH-AI": "Appenzell Innerrhoden",
    "CH-AR": "Appenzell Ausserrhoden",
    "CH-BE": "Bern",
    "CH-BL": "Basel-Landschaft",
    "CH-BS": "Basel-Stadt",
    "CH-FR": "Freiburg",
    "CH-GE": "Genf",
    "CH-GL": "Glarus",
    "CH-GR": "Graubünden",
    "CH-JU": "Jura",
    "CH-LU": "Luzern",
    "CH-NE": "Neuenburg",
    "CH-NW": "Nidwalden",
    "CH-OW": "Obwalden",
    "CH-SG": "St. Gallen",
    "CH-SH": "Schaffhausen",
    "CH-SO": "Solothurn",
    "CH-SZ": "Schwyz",
    "CH-TG": "Thurgau",
    "CH-TI": "Tessin",
    "CH-UR": "Uri",
    "CH-VD": "Waadt",
    "CH-VS": "Wallis",
    "CH-ZG": "Zug",
    "CH-ZH": "Zürich",
}
"""Every region that `Calendar` knows, with its German name."""

_ZONES = {
    "DE": ZoneInfo("Europe/Berlin"),
    "AT": ZoneInfo("Europe/Vienna"),
    "CH": ZoneInfo("Europe/Zurich"),
}
_LANGUAGES = {"de": "de", "en": "en_US"}
_SATURDAY = 5


class UnknownRegion(ValueError):  # noqa: N818
    """The region is none of `REGIONS`."""


class Calendar:
    """Monday to Friday without the public holidays of one region."""

    __slots__ = ("_country", "_part", "region", "zone")

    def __init__(self, region: str) -> None:
        if region not in REGIONS:
            raise UnknownRegion(region)
        self.region = region
        self._country, _, self._part = region.partition("-")
        self.zone = _ZONES[self._country]

    def __repr__(self) -> str:
        return f"Calendar({self.region!r})"

    def is_workday(self, on: date) -> bool:
        """Whether people work on this day."""
        return on.weekday() < _SATURDAY and on.toordinal() not in self._year(on.year).holidays

    def is_holiday(self, on: date) -> bool:
        """Whether this day is a public holiday, on whatever day of the week."""
        return on.toordinal() in self._year(on.year).holidays

    def next_workday(self, on: date) -> date:
        """Return the first working day that is not before `on`: `on` itself where it is one."""
        return self.add(on, 0)

    def add(self, on: date, n: int) -> date:
        """Return the working day `n` working days from `on`; `n` may be negative.

        From a day off, counting forward starts at the working day before it (Saturday + 1 is
        Monday) and counting back at the one after it; + 0 is the next working day.
        """
        year, index = on.year, self._before(on) + n
        if n > 0 and not self.is_workday(on):
            index -= 1
        while index < 0:
            year -= 1
            index += len(self._year(year).workdays)
        while index >= len(self._year(year).workdays):
            index -= len(self._year(year).workdays)
            year += 1
        return date.fromordinal(self._year(year).workdays[index])

    def between(self, start: datetime, end: datetime) -> float:
        """Return the working days from `start` to `end`, with fractions; negative when reversed.

        A working day counts from midnight to midnight in the region's time zone, so the figure is
        additive: between(a, b) + between(b, c) = between(a, c). Both moments must be aware.
        """
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("start and end must be aware of their time zone")
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if first.year > last.year:
            return -self.between(end, start)
        years = sum(len(self._year(year).workdays) for year in range(first.year, last.year))
        return years + self._elapsed(last) - self._elapsed(first)

    def holiday_name(self, on: date, language: str = "de") -> str:
        """Return the name of the public holiday on this day, "" where there is none."""
        names = _names(self._country, self._part, on.year, _LANGUAGES.get(language, "en_US"))
        return names.get(on, "")

    def _year(self, year: int) -> "_Year":
        return _year(self._country, self._part, year)

    def _before(self, on: date) -> int:
        """Working days of the year that are before `on`."""
        return bisect_left(self._year(on.year).workdays, on.toordinal())

    def _elapsed(self, at: datetime) -> float:
        # Asked for sixty days of every plan: the year is looked up once.
        year, ordinal = self._year(at.year), at.toordinal()
        whole = float(bisect_left(year.workdays, ordinal))
        if at.weekday() >= _SATURDAY or ordinal in year.holidays:
            return whole
        seconds = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6
        return whole + seconds / 86400


class _Year(NamedTuple):
    """The ordinals of the working days, ascending, and of the holidays."""

    workdays: tuple[int, ...]
    holidays: frozenset[int]


@lru_cache(maxsize=512)
def _year(country: str, part: str, year: int) -> _Year:
    off = frozenset(day.toordinal() for day in _names(country, part, year, "de"))
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    # Ordinal 1 was a Monday, so (n - 1) % 7 is the weekday.
    days = (n for n in range(first, last + 1) if (n - 1) % 7 < _SATURDAY and n not in off)
    return _Year(tuple(days), off)


@lru_cache(maxsize=512)
def _names(country: str, part: str, year: int, language: str) -> dict[date, str]:
    # Half a second of import that a page without dates need not pay.
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(
        country, subdiv=part or None, years=year, expand=False, language=language
    )
    return dict(found.items())
