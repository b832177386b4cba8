"""Charts: nothing leaves the frame, names do not touch, and a file stands by itself."""

from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.desk.charts.draw import NARROW, WIDE, drawing_of
from nachhaken.desk.charts.file import csv_of, svg_of
from nachhaken.desk.charts.marks import Drawing, Mark
from nachhaken.desk.charts.scale import axis
from nachhaken.desk.charts.values import (
    Bar,
    Bars,
    Chart,
    Lines,
    Panel,
    Point,
    Series,
    Square,
    Squares,
    Table,
)

SHARES = st.floats(0, 1, allow_nan=False)
AMOUNTS = st.floats(0, 1e12, allow_nan=False)
NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöüß ", min_size=1, max_size=30)


@st.composite
def points(draw: st.DrawFn) -> Point:
    low, y, high = sorted(draw(st.tuples(SHARES, SHARES, SHARES)))
    return Point(x=draw(AMOUNTS), y=y, low=low, high=high, size=draw(st.integers(0, 10**6)))


SERIES = st.builds(
    Series,
    name=NAMES,
    points=st.lists(points(), max_size=8).map(lambda them: tuple(sorted(them, key=lambda p: p.x))),
)
CHARTS: st.SearchStrategy[Chart] = st.one_of(
    st.builds(
        Lines,
        series=st.lists(SERIES, max_size=2).map(tuple),
        is_scatter=st.booleans(),
        x_name=NAMES,
    ),
    st.builds(
        Bars,
        bars=st.lists(
            st.builds(Bar, name=NAMES, value=AMOUNTS, shown=st.just("34"), beside=st.just("9 EUR")),
            max_size=9,
        ).map(tuple),
    ),
)


def places(drawing: Drawing) -> list[tuple[str, float]]:
    found = [(name, value) for mark in drawing.marks for name, value in mark.at]
    numbers = [(name, float(v)) for name, v in found if name not in {"points", "text-anchor"}]
    pairs = [pair.split(",") for name, value in found if name == "points" for pair in value.split()]
    return numbers + [place for x, y in pairs for place in (("x", float(x)), ("y", float(y)))]


def texts(drawing: Drawing, role: str) -> list[Mark]:
    return [mark for mark in drawing.marks if mark.role.startswith(role)]


@given(chart=CHARTS, width=st.sampled_from([WIDE, NARROW]))
def test_nothing_leaves_the_frame(chart: Chart, width: int) -> None:
    drawing = drawing_of(chart, width)
    for name, value in places(drawing):
        most = drawing.width if name in {"x", "x1", "x2", "cx", "width"} else drawing.height
        assert -1 <= value <= most + 1, (name, value)


@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_names_of_two_lines_do_not_touch(one: float, other: float) -> None:
    series = tuple(Series(name="beantwortet", points=(Point(x=1, y=y),)) for y in (one, other))
    first, second = texts(drawing_of(Lines(series=series)), "name")
    assert abs(float(dict(first.at)["y"]) - float(dict(second.at)["y"])) >= 17.9


@given(values=st.lists(st.floats(0, 1e15, allow_nan=False), max_size=5))
def test_an_axis_begins_at_zero_and_holds_everything(values: list[float]) -> None:
    found = axis(values, start=0, end=100)
    assert found.ticks[0] == 0
    assert found.ticks[-1] >= max(values, default=0) * (1 - 1e-9)
    assert len(found.ticks) <= 7
    assert sorted(found.ticks) == list(found.ticks)


def test_an_axis_of_nothing_is_one() -> None:
    assert axis([], start=0, end=10).ticks == (0.0, 1.0)
    assert axis([float("nan"), float("inf")], start=0, end=10).ticks == (0.0, 1.0)


SQUARES = Squares(
    columns=("früh", "spät"),
    rows=("Ja", "Nein"),
    squares=tuple(  # type: ignore[arg-type]
        Square(name=name, number="31", lines=("18 % · im Mittel 2,1 Std. Vorarbeit",), tone=tone)
        for name, tone in zip(
            ("frühes Ja", "spätes Ja", "frühes Nein", "spätes Nein"),
            ("genuine", "genuine", "lost", "pretend"),
            strict=True,
        )
    ),
)
PANEL = Panel(
    key="early",
    question="Wie früh wird es klar? <b>",
    how="So liest man es.",
    says="Ein frühes Nein ist gut & billig.",
    chart=SQUARES,
    table=Table(head=("Feld", "Anzahl"), rows=(("=1+1", 31), ("spät", 0.25), ("–", None))),
)


def test_lines_in_a_field_stay_within_it() -> None:
    narrow = drawing_of(SQUARES, NARROW)
    for mark in texts(narrow, "square-line"):
        assert float(dict(mark.at)["x"]) + 7 * len(mark.text) <= NARROW


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_long_names_of_bars_are_cut(width: int) -> None:
    bars = Bars(
        bars=(Bar(name="verschoben, und niemand nennt je einen Grund " * 3, value=3, shown="3"),)
    )
    (name,) = texts(drawing_of(bars, width), "bar-name")
    assert name.text.endswith("…")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_loss_goes_to_the_left_of_a_line_at_zero(width: int) -> None:
    gain = Bar(name="Nachhaken", value=400, low=300, high=500, shown="400 EUR")
    loss = Bar(name="Drängend", value=-200, low=-260, high=-140, shown="−200 EUR")
    marks = drawing_of(Bars(bars=(gain, loss)), width).marks
    right, left = (dict(mark.at) for mark in marks if mark.tag == "rect")
    (zero,) = {dict(mark.at)["x1"] for mark in marks if mark.role == "zero"}
    assert right["x"] == zero
    assert float(left["x"]) + float(left["width"]) == pytest.approx(float(zero), abs=0.2)
    assert float(right["width"]) == pytest.approx(2 * float(left["width"]), abs=0.5)
    written = [dict(mark.at)["x"] for mark in marks if mark.role == "bar-value"]
    assert float(written[1]) > float(zero)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_bars_may_all_be_losses(width: int) -> None:
    losses = Bars(bars=(Bar(name="A", value=-2, shown="−2"), Bar(name="B", value=-8, shown="−8")))
    bars = [mark for mark in drawing_of(losses, width).marks if mark.tag == "rect"]
    first, second = (float(dict(mark.at)["width"]) for mark in bars)
    assert second == pytest.approx(4 * first, abs=0.5)


def test_bars_from_zero_have_no_line_there() -> None:
    drawing = drawing_of(Bars(bars=(Bar(name="A", value=2, shown="2"),)))
    assert not [mark for mark in drawing.marks if mark.role == "zero"]


def test_a_page_has_no_style_of_its_own() -> None:
    page = Template("{% load charts %}{% panel panel '?year=2026' %}")
    with translation.override("de"):
        shown = page.render(Context({"panel": PANEL}))
    assert " style=" not in shown
    assert "<script" not in shown
    assert "&lt;b&gt;" in shown
    assert shown.count('role="img"') == 2


def test_a_file_stands_by_itself() -> None:
    raw = svg_of(PANEL)
    tree = ET.fromstring(raw)
    assert tree.find("{http://www.w3.org/2000/svg}title").text == "Wie früh wird es klar? <b>"  # type: ignore[union-attr]
    assert b"class=" not in raw
    assert b"style" not in raw


def test_a_table_keeps_its_numbers_and_is_no_formula() -> None:
    with translation.override("de"):
        raw = csv_of(PANEL.table).decode("utf-8-sig")
    assert raw.splitlines() == ["Feld;Anzahl", "'=1+1;31", "spät;0,25", "–;"]
