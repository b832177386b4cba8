"""Cells of a table as values: amounts, dates, hours, yes and no, as people here write them.

Every function takes a cell and returns None where the cell does not say such a value.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

Cell = str | int | float | date | datetime | None

_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_MOST_EUROS = 10**10
_LONGEST = 100
_MONTHS_A_YEAR = 12
_THOUSANDS = 3
_CENTURY_TURN = 70  # 69 is 2069, 70 is 1970


class Amount(NamedTuple):
    """Money in cents; `currency` is "" where the cell names none."""

    cents: int
    currency: str


def text_of(cell: Cell) -> str:
    """Return the cell as people read it: "" when empty, whole numbers without a fraction."""
    if isinstance(cell, str):  # nearly all are
        return " ".join(cell.split())
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}" if cell.time() != cell.min.time() else f"{cell:%d.%m.%Y}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def amount(cell: Cell) -> Amount | None:
    """Return the money in a cell: 38.400,00 · 1'234.50 · 1234.5 · 12.900 EUR · CHF 900.-"""
    if not isinstance(cell, str):
        return _money(number(cell), "")
    if len(cell) > _LONGEST:  # prose, on which the patterns below would take their time
        return None
    bare = _BESIDE.sub("", _without_currency(cell)).strip()
    scale = next((many for word, many in _SCALES if word.search(bare)), 1)
    value = number(re.sub(r"[A-Za-z.]+$", "", bare).strip() if scale > 1 else bare)
    return _money(None if value is None else value * scale, _currency(cell))


def _money(value: Decimal | None, currency: str) -> Amount | None:
    if value is None or abs(value) > _MOST_EUROS:
        return None
    return Amount(int((value * 100).to_integral_value()), currency)


# What stands beside an amount and does not change it; and what makes it a thousand times as much.
_BESIDE = re.compile(
    r"^(?:ca\.?|circa|rund|etwa|~)\s*"
    r"|\s*(?:netto|net|zzgl\.?.*|exkl\.?.*|excl\.?.*|plus .*|\+ ?(?:mwst|ust).*)$",
    re.IGNORECASE,
)
_SCALES = (
    (re.compile(r"\d\s*(?:t|k|tsd\.?|tausend)$", re.IGNORECASE), 1_000),
    (re.compile(r"\d\s*mio\.?$", re.IGNORECASE), 1_000_000),
)


def number(cell: Cell) -> Decimal | None:
    """Return the number in a cell; one lone mark before three digits separates thousands."""
    if isinstance(cell, bool | date) or cell is None or len(str(cell)) > _LONGEST:
        return None
    text = _APART.sub("", str(cell)).replace("−", "-")
    text = _NO_CENTS.sub("", text)
    # Bookkeepers put the minus behind the number, or the number in brackets.
    text = _BOOKED_MINUS.sub(r"-\1\2", text)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(_pointed(text) if isinstance(cell, str) else text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


_APART = re.compile(r"[\s'’‘`´_]")
_NO_CENTS = re.compile(r"[.,](?:-{1,2}|–|—)$")
_BOOKED_MINUS = re.compile(r"^(?:\((.+)\)|([\d.,]+)-)$")
_NUMBER = re.compile(r"[+-]?\d[\d.,]{0,30}(?:[eE][+-]?\d\d?)?")


def day(cell: Cell, *, month_first: bool = False) -> date | None:
    """Return the day in a cell: 31.12.26 · 2026-12-31 · 31. Dezember 2026 · Excel's day number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        return _serial(cell)
    text = " ".join((cell or "")[:60].split())
    if re.fullmatch(r"\d{5}(?:[.,]0*)?", text):
        return _serial(int(text[:5]))
    return _written_day(text, month_first) if text else None


def is_month_first(cells: list[Cell]) -> bool:
    """Whether a column writes dates as the Americans do: 12/31/2026, and never 31/12/2026."""
    pairs = [re.match(r"(\d{1,2})/(\d{1,2})/\d", str(cell)) for cell in cells]
    found = [(int(pair[1]), int(pair[2])) for pair in pairs if pair]
    return any(b > _MONTHS_A_YEAR for _, b in found) and all(a <= _MONTHS_A_YEAR for a, _ in found)


def clock(cell: Cell) -> time | None:
    """Return the time of day in a cell: 14:30 · 14.30 Uhr · 2:30 PM · 12.11.2026 14:30."""
    if isinstance(cell, datetime):
        return cell.time() if cell.time() != cell.min.time() else None
    if not isinstance(cell, str):
        return _part_of_day(cell) if isinstance(cell, float) else None
    found = _TIME.search(cell[:60]) or _UHR.search(cell[:60])
    if found is None:
        return None
    said = found.groupdict()
    hour, half = int(said["hour"]), (said.get("half") or "").lower()
    if half:
        hour = hour % _NOON + _NOON * (half == "p")
    try:
        return time(hour, int(said["minute"] or 0))
    except ValueError:
        return None


_NOON, _MINUTES = 12, 24 * 60
_TIME = re.compile(
    r"(?:^|[ T,])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?: ?(?P<half>[AP])\.?M)?",
    re.IGNORECASE,
)
_UHR = re.compile(r"(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))? ?Uhr", re.IGNORECASE)


def _part_of_day(cell: float) -> time | None:
    """Excel writes half past two as 0.604."""
    part = cell % 1 if abs(cell) < _SERIALS.stop else 0.0
    whole = round(part * _MINUTES)
    return time(whole // 60, whole % 60) if 0 < whole < _MINUTES else None


def minutes(cell: Cell) -> int | None:
    """Return the minutes in a cell of hours: 4,5 · 4:30 · 4,5 h · 270 min."""
    if isinstance(cell, str):
        text = cell[: _LONGEST + 1].strip().lower()
        clock = re.fullmatch(r"(\d{1,4}):(\d\d)(?::\d\d)?\s*h?", text)
        if clock:
            return int(clock[1]) * 60 + int(clock[2])
        if text.endswith(("min", "min.", "minuten", "minutes")):
            value = number(re.sub(r"[a-z. ]+$", "", text))
            return None if value is None or not 0 <= value <= 10**6 else int(value)
        cell = re.sub(r"\s*(?:h|std|stunden?|hours?|hrs?)\.?$", "", text)
    value = number(cell)
    if value is None or not 0 <= value <= 10**5:
        return None
    return int((value * 60).to_integral_value())


def yes(cell: Cell) -> bool:
    """Whether a cell says yes."""
    return text_of(cell).casefold() in {"ja", "j", "x", "yes", "y", "true", "wahr", "1", "privat"}


def no(cell: Cell) -> bool:
    """Whether a cell says no, in a word: an empty one says nothing."""
    return text_of(cell).casefold() in {"nein", "n", "no", "false", "falsch", "0", "nie"}


def mail_address(cell: Cell) -> str | None:
    """Return the mail address in a cell, lower case."""
    # Bounded on both sides of the sign: a long cell without one is else read again at each letter.
    found = _ADDRESS.search(str(cell or "")[:_LONGEST_ADDRESSED])
    return found[0].lower() if found else None


_LONGEST_ADDRESSED = 2_000
_ADDRESS = re.compile(r"[^\s<>,;:\"'()@]{1,100}@[^\s<>,;:\"'()@]{1,200}\.[^\s<>,;:\"'()@.]{2,60}")


_CURRENCIES = {
    "EUR": r"€|\beur(?:o)?\b|(?<=t)eur\b",
    "CHF": r"\bs?fr\.|\bs?fr\b|\bchf\b",
    "USD": r"\$|\busd\b",
    "GBP": r"£|\bgbp\b",
}


_NAMES_MONEY = re.compile(r"[A-Za-z€$£]")


def currency(cell: Cell) -> str | None:
    """Return the ISO code of the currency that a cell names."""
    text = text_of(cell)
    return _currency(text) or (text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else None)


def _currency(text: str) -> str:
    if not _NAMES_MONEY.search(text):
        return ""
    # Digits stick to the code in "900CHF".
    spaced = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", text)
    found = (code for code, form in _CURRENCIES.items() if re.search(form, spaced, re.IGNORECASE))
    return next(found, "")


def _without_currency(text: str) -> str:
    if not _NAMES_MONEY.search(text):
        return text
    spaced = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", text)
    return re.sub("|".join(_CURRENCIES.values()), " ", spaced, flags=re.IGNORECASE).strip()


def _pointed(text: str) -> str:
    """Turn the marks into Python's: the last one tells thousands from decimals."""
    marks = [c for c in text if c in ".,"]
    if not marks:
        return text
    last = marks[-1]
    tail = len(text) - text.rindex(last) - 1
    is_thousands = tail == _THOUSANDS and text.lstrip("+-")[0] != "0" and len(set(marks)) == 1
    if is_thousands or marks.count(last) > 1:
        return re.sub(r"[.,]", "", text)
    whole, _, fraction = text.rpartition(last)
    return re.sub(r"[.,]", "", whole) + "." + fraction


def _serial(value: float) -> date | None:
    return _EXCEL_ZERO + timedelta(days=int(value)) if _is_serial(value) else None


def _is_serial(value: float) -> bool:
    # Not a number compares false.
    return _SERIALS.start <= value < _SERIALS.stop


_MONTHS = {
    "jan": 1, "jän": 1, "feb": 2, "mär": 3, "mrz": 3, "mar": 3, "mae": 3, "apr": 4, "mai": 5,
    "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11,
    "dez": 12, "dec": 12,
}  # fmt: skip
_CLOCK = r"(?:[ ,T]+.*)?$"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}")
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)$")
_POINTS = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}})\. ?(\d{{4}}|\d{{2}}){_CLOCK}")
_SLASHES = re.compile(rf"(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}|\d{{2}}){_CLOCK}")
_NAMED = re.compile(
    rf"(\d{{1,2}})[. -]{{0,2}}([a-zä]{{3}})[a-zä]*[. -]{{1,2}}(\d{{4}}|\d{{2}}){_CLOCK}",
    re.IGNORECASE,
)
_NAME_FIRST = re.compile(rf"([a-zä]{{3}})[a-zä]*\.? (\d{{1,2}}),? (\d{{4}}){_CLOCK}", re.IGNORECASE)


def _written_day(text: str, month_first: bool) -> date | None:  # noqa: FBT001
    text = re.sub(r"^[A-Za-z]{2,10}[.,]{1,2} ?(?=\d)", "", text)  # "Do, 12.11.2026"
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _date(found[1], found[2], found[3])
    if found := _POINTS.match(text):
        return _date(found[3], found[2], found[1])
    if found := _SLASHES.match(text):
        first, second = (found[1], found[2]) if month_first else (found[2], found[1])
        return _date(found[3], first, second)
    if found := _NAMED.match(text):
        return _date(found[3], _MONTHS.get(found[2].lower(), 0), found[1])
    if found := _NAME_FIRST.match(text):
        return _date(found[3], _MONTHS.get(found[1].lower(), 0), found[2])
    return None


def _date(year: str, month: str | int, day_of_month: str) -> date | None:
    full = int(year)
    if len(year) < len("2026"):
        full += 2000 if full < _CENTURY_TURN else 1900
    try:
        return date(full, int(month), int(day_of_month))
    except ValueError:
        return None
