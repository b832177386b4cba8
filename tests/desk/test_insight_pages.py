"""The page Auswertung: what it says with many cases, with few and with none, and its files."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from nachhaken.desk.charts.advised import advised
from nachhaken.desk.charts.panels import panels_of
from nachhaken.desk.charts.values import Bars, Lines, Panel
from nachhaken.desk.models import User
from nachhaken.desk.playbook_words import SCENES
from nachhaken.learning.insight.summary import insight_of
from nachhaken.learning.insight.values import (
    BesideGut,
    Bin,
    Clarity,
    ClarityPoint,
    Ending,
    Field,
    FollowUp,
    Insight,
    Look,
    Measured,
    Nose,
    Reason,
    Reliability,
    Saved,
    Used,
)
from nachhaken.learning.shares import Share, jeffreys
from nachhaken.playbook.tables import playbook
from nachhaken.terms import NoReason, OurReason
from tests import cast
from tests.desk.shown import page_of

NOTHING = insight_of({}, today=cast.NOW.date())
LATE = Share(0.3, 0.2, 0.4)


def field(count: int, minutes: int, sunk: int) -> Field:
    return Field(count=count, minutes=minutes, sunk={"EUR": sunk}, amount={"EUR": 41_200_000})


RICH = Insight(
    decided=171,
    open_cases=40,
    fields={
        Ending.EARLY_YES: field(31, 31 * 126, 0),
        Ending.LATE_YES: field(24, 24 * 684, 0),
        Ending.EARLY_NO: field(79, 79 * 78, 0),
        Ending.LATE_NO: field(37, 37 * 588, 2_720_000),
    },
    saved=Saved(
        minutes=Measured(value=12_720, low=9_000, high=16_000), early=79, compared=37, least=5
    ),
    clarity=Clarity(
        points=(ClarityPoint(day=0, yes=LATE, no=LATE), ClarityPoint(day=30, yes=LATE, no=LATE)),
        cases=211,
        open_cases=40,
        median_days=Measured(value=23, low=19, high=28),
    ),
    follow_ups=tuple(
        FollowUp(nth=n, cases=67, answered=jeffreys(k, 67), won=jeffreys(5, 67), annoyed=a)
        for n, k, a in ((1, 31, 1), (2, 25, 1), (3, 20, 0), (4, 14, 1), (5, 5, 0), (6, 2, 0))
    ),
    reasons=(
        Reason(
            reason=NoReason.COMPARISON_ONLY, is_ours=False, count=74, amount={"EUR": 41_200_000}
        ),
        Reason(reason=OurReason.FIT, is_ours=True, count=42, amount={"EUR": 100, "CHF": 7_400_000}),
    ),
    reliability=Reliability(
        bins=(Bin(chance=0.2, share=Share(0.25, 0.1, 0.4), cases=40),),
        cases=120,
        looked_back=90,
        said=0.2,
        came=Share(0.4, 0.33, 0.48),
        skill=Measured(value=0.2, low=0.1, high=0.3),
        looks=(
            Look(
                day=14,
                bins=(Bin(chance=0.2, share=Share(0.25, 0.1, 0.4), cases=40),),
                cases=120,
                skill=Measured(value=0.2, low=0.1, high=0.3),
            ),
        ),
    ),
    nose=Nose(
        dead=12,
        dead_right=11,
        alive=10,
        alive_right=8,
        beside_dead=BesideGut(cases=11, won=1, chance=0.21),
        beside_alive=BesideGut(cases=2, won=2, chance=0.4),
    ),
    used=(),
)


def said(found: Insight, key: str) -> Panel:
    with translation.override("de"):
        return next(panel for panel in panels_of(found) if panel.key == key)


def test_b3_the_four_fields_say_what_late_noes_cost() -> None:
    panel = said(RICH, "early")
    assert panel.says == "37 von 116 Neins kamen spät und haben zusammen 363 Stunden gekostet."
    assert panel.table.rows[3] == ("spätes Nein", 37, 21_756, "27.200 EUR", "412.000 EUR")


def test_a4_the_hours_that_early_noes_saved_are_explained() -> None:
    panel = said(RICH, "early")
    square = panel.chart.squares[2]  # type: ignore[union-attr]
    assert square.lines == ("46 % · im Mittel 1,3 Std.", "spart rund 212 Std.")
    assert "Geschätzt aus 37 vergleichbaren Vorgängen" in panel.definitions[2].meaning
    unknown = replace(RICH, saved=Saved(minutes=None, early=3, compared=1, least=5))
    assert "sobald mindestens 5" in said(unknown, "early").definitions[2].meaning


def test_c1_the_curve_says_how_long_asking_is_answered_and_whom_it_annoyed() -> None:
    panel = said(RICH, "follow-ups")
    assert panel.says.startswith("Noch die 4. Nachfrage beantworten etwa 21 % (wohl zwischen 14")
    assert panel.says.endswith("Verärgert haben Sie dabei 3 von 402 Mal.")
    assert isinstance(panel.chart, Lines)


def test_c3_reasons_of_ours_are_told_apart_and_currencies_not_added() -> None:
    panel = said(RICH, "reasons")
    assert panel.says == "Am häufigsten: „nur Vergleich“, 74 von 116 Neins."
    assert isinstance(panel.chart, Bars)
    theirs, ours = panel.chart.bars
    assert (theirs.tone, ours.tone) == ("accent", "pretend")
    assert ours.beside == "unserer · 74.000 CHF + 1 EUR"


def test_a2_the_gut_is_measured() -> None:
    assert said(RICH, "gut").says == (
        "Es stimmte in 19 von 22 Fällen. Hören Sie darauf. Wo es nach totem Pferd roch, gab der "
        "Tisch im Mittel 21 %; ein Auftrag wurden 1 von 11."
    )
    assert said(RICH, "gut").table.rows[1] == ("„ist echt“", 10, 8, 2, 2, 0.4)
    guessing = replace(RICH, nose=Nose(dead=12, dead_right=6, alive=10, alive_right=5))
    assert said(guessing, "gut").says.endswith("das könnte auch Zufall sein.")


def test_chances_say_that_they_were_reckoned_afterwards_and_from_what() -> None:
    panel = said(RICH, "true")
    assert panel.how.startswith("Nachträglich gerechnet, mit dem Wissen von damals.")
    assert panel.says == (
        "Im Mittel zu vorsichtig: gesagt 20 %, gekommen etwa 40 %. Sie sagen mehr, als immer "
        "denselben Anteil zu nennen."
    )
    _chance, back, better = (one.meaning for one in panel.definitions)
    assert "Bei 90 von 120 Vorgängen wurde die Geschichte erst später eingelesen" in back
    assert "am 14. Tag 20 % (wohl 10 % bis 30 %)" in better
    assert panel.table.rows == ((14, 0.2, 40, 0.25, 0.1, 0.4),)


def test_what_to_do_otherwise_is_only_what_the_numbers_carry() -> None:
    with translation.override("de"):
        assert [one.key for one in advised(RICH)] == ["early", "follow-ups", "reasons"]
        assert advised(NOTHING) == ()


@pytest.mark.parametrize("language", ["de", "en"])
def test_with_nothing_each_panel_says_what_is_missing_and_draws_nothing(language: str) -> None:
    with translation.override(language):
        for panel in panels_of(NOTHING):
            assert panel.chart is None, panel.key
            assert panel.says


def test_all_won_and_all_lost_are_said() -> None:
    none = field(0, 0, 0)
    won = {end: RICH.fields[end] if end.value.endswith("yes") else none for end in Ending}
    assert "Noch kein Nein" in said(replace(RICH, fields=won, decided=55), "early").says
    lost = {end: field(9, 0, 0) if end is Ending.EARLY_NO else none for end in Ending}
    assert "Alle Neins kamen früh." in said(replace(RICH, fields=lost, decided=9), "early").says
    assert "keine Vorarbeit festgehalten" in said(replace(RICH, fields=lost), "sunk").says


@pytest.fixture
def decided(owner: User) -> User:
    cast.settle(cast.DECIDER, actor=owner)
    cast.settle(cast.SILENT, actor=owner)
    return owner


@pytest.mark.django_db
def test_the_page_its_files_and_the_matters_behind(desk: Client, decided: User) -> None:
    page = page_of(desk, "/insight/?period=all")
    assert "Wie früh wird es klar?" in page
    assert " style=" not in page.partition("<main")[2]
    raw = desk.get("/insight/early.csv?period=all").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(raw), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [
        "frühes Ja",
        "spätes Ja",
        "frühes Nein",
        "spätes Nein",
    ]
    assert desk.get("/insight/nothing.csv").status_code == 404
    assert desk.get("/insight/true.svg").status_code == 404
    assert desk.get("/insight/cases/late_no/").status_code == 200
    assert desk.get("/insight/cases/sometime/").status_code == 404


@pytest.mark.django_db
def test_the_page_asks_no_more_for_more_matters(desk: Client, owner: User) -> None:
    def asked() -> int:
        desk.get("/insight/?period=all")
        with CaptureQueriesContext(connection) as captured:
            desk.get("/insight/?period=all")
        return len(captured)

    cast.settle(cast.DECIDER, actor=owner)
    few = asked()
    cast.settle_all(actor=owner)
    assert asked() == few <= 13


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "period=never&since=gestern&owner=x&segment=y&band=z&offer_type=?",
        "since=2026-13&until=2026-00",
        "since=2027-01&until=2026-01",
        "owner=999999999",
    ],
)
def test_what_cannot_be_chosen_shows_the_rest(desk: Client, decided: User, query: str) -> None:
    assert "Auswertung" in page_of(desk, f"/insight/?{query}")


@pytest.mark.django_db
def test_an_empty_desk_says_what_will_stand_here(desk: Client) -> None:
    page = page_of(desk, "/insight/")
    assert "Hier sehen Sie, was Ihre Nachfragen bringen" in page
    assert '<svg class="chart' not in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/insight/", "/insight/early.csv", "/insight/cases/late_no/"])
def test_strangers_see_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


def test_lines_of_the_playbook_are_called_by_their_place_in_it() -> None:
    script = next(iter(playbook().scripts.values()))
    used = tuple(
        Used(key=key, version="", cases=40, answered=jeffreys(k, 40), won=None)
        for key, k in ((script.key, 36), ("own.3", 4))
    )
    panel = said(replace(RICH, used=used), "lines")
    assert isinstance(panel.chart, Bars)
    first, own = (bar.name for bar in panel.chart.bars)
    assert first.startswith(str(SCENES[script.scene]))
    assert own == "eigener Satz"
    assert panel.says.startswith(f"Am besten geht „{first}“: 89 % antworten")
