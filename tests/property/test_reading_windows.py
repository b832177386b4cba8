"""Whatever is written, windows lie ahead, point into the text, and need no long search."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.reading.atoms import When
from nachhaken.reading.feasts import easter, feast, school_break
from nachhaken.reading.text import fold
from nachhaken.reading.windows import find_windows, named_period

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
REGIONS = st.sampled_from(["DE", "DE-BY", "AT-9", "AT", "CH", "CH-ZH", "GB", ""])
WORDS = [
    "in", "nach", "bis", "ab", "vor", "am", "dem", "den", "der", "zwei", "2", "12", "31", "99",
    "2027", ".", ",", "-", "/", ":", "\n", "ende", "mitte", "nächste", "woche", "wochen", "monat",
    "jahr", "mai", "märz", "montag", "mo", "kw", "q1", "q", "ostern", "sommerferien", "ferien",
    "herbst", "heute", "morgen", "nicht", "mehr", "dieses", "neuen", "halbes", "viertel",
    "ersten", "zweiten", "advent", "uhr", "€", "bitte", "melden", "urlaub", "zwischen", "und",
    "oder", "ein", "paar", "letzten", "drauf", "danach", "i", "h", "1", "29", "februar",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


@given(text=PIECES | st.text(max_size=200), on=DAYS, region=REGIONS)
def test_windows_lie_ahead_and_in_the_text(text: str, on: date, region: str) -> None:
    folded = fold(text).text
    for found in find_windows(folded, When(on, region)):
        assert found.window.end >= on
        assert 0 <= found.start < found.end <= len(folded)
        assert found.cues


@given(text=PIECES | st.text(max_size=200), on=DAYS)
def test_naming_never_raises(text: str, on: date) -> None:
    named = named_period(fold(text).text, on, "DE")
    assert named is None or named.start <= named.end


@given(on=st.dates(date.min, date.max), text=PIECES)
def test_the_calendars_ends_are_no_error(on: date, text: str) -> None:
    assert all(one.window.end >= on for one in find_windows(fold(text).text, When(on, "DE")))


@given(year=st.integers(1600, 9000))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@given(on=st.dates(date(2019, 1, 1), date(2035, 1, 1)))
def test_the_next_feast_is_not_over(on: date) -> None:
    assert feast("easter", on).end >= on
    assert feast("easter", on).start - on < timedelta(days=400)


@given(year=st.integers(2020, 2027), name=st.sampled_from(["summer", "autumn"]))
def test_a_country_is_never_earlier_than_its_states(year: int, name: str) -> None:
    whole = school_break(name, date(year, 5, 1), "DE")
    state = school_break(name, date(year, 5, 1), "DE-BY")
    assert whole is not None
    assert state is not None
    assert whole.end >= state.end
