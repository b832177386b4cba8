"""What a table says of finished jobs: hours, what was left, and whether one would again."""

import pytest

from nachhaken.sources.fields import About
from nachhaken.sources.job_row import JobDone
from nachhaken.sources.tables import Table, read_table

HEADER = (
    "Angebot;Datum;Kunde;Status;Stunden;Stunden geplant;Stunden gebraucht;Deckungsbeitrag;"
    "Gerne wieder"
)
ROW = "AN-1;12.11.2026;Bräu Tölz;{status};4,5;{cells}"


def read(cells: str, status: str = "Auftrag", header: str = HEADER) -> Table:
    raw = f"{header}\n{ROW.format(status=status, cells=cells)}\n".encode()
    return read_table(raw, "angebote.csv", about=About.OFFERS)


def test_a_won_row_tells_how_the_job_went() -> None:
    (offer,) = read("40;52,5;1.880,50;nein").offers
    assert offer.job == JobDone(
        planned_minutes=2_400, worked_minutes=3_150, margin_cents=188_050, again=False
    )
    assert offer.effort_minutes == 270


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (";;;ja", JobDone(again=True)),
        ("40 h;;;", JobDone(planned_minutes=2_400)),
        (";;-300;", JobDone(margin_cents=-30_000)),
        (";;0;", JobDone(margin_cents=0)),
        (";;;", None),
    ],
)
def test_what_is_not_said_stays_away(cells: str, expected: JobDone | None) -> None:
    table = read(cells)
    assert table.offers[0].job == expected
    assert table.faults == ()


@pytest.mark.parametrize("cells", ["viel;;;", ";;30 %;", ";;0,3;", ";;;vielleicht"])
def test_what_nobody_understands_keeps_no_offer_out(cells: str) -> None:
    table = read(cells)
    assert table.offers[0].job is None
    assert [fault.code for fault in table.faults] == ["left_out"]
    assert all(fault.is_note for fault in table.faults)


def test_what_was_not_won_has_no_job() -> None:
    assert read("40;52;1.880;ja", status="Absage").offers[0].job is None


def test_a_deal_tells_it_too() -> None:
    raw = (
        b"Deal ID,Deal Name,Company,Deal Stage,Planned hours,Actual hours,Gross profit,Again\n"
        b"7,Stairs,Corvane,Closed won,40,44,2400,yes\n"
    )
    (deal,) = read_table(raw, "deals.csv", about=About.OPPORTUNITIES).opportunities
    assert deal.job == JobDone(
        planned_minutes=2_400, worked_minutes=2_640, margin_cents=240_000, again=True
    )
