"""What to do otherwise, read aloud in made-up worlds: each sentence follows from its figures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from nachhaken.desk.charts.advised import advised
from nachhaken.desk.charts.panels import panels_of
from nachhaken.learning.insight.figures import Told, facts_of, past_of, tally_of
from nachhaken.learning.insight.summary import insight_of
from nachhaken.learning.insight.tally import Tally
from nachhaken.learning.insight.values import Band, Insight
from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind
from nachhaken.timeline import Closed, EffortSpent, OfferSent, Replied, Statement, Touched
from tests import matters
from tests.matters import Dated

ZONE = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 7, 9, tzinfo=UTC)
LOST, WON = OutcomeKind.LOST, OutcomeKind.WON

House = Callable[[Random], list[Dated]]


def on(day: float) -> timedelta:
    return timedelta(days=day)


def offered(minutes: int = 0, currency: str = "EUR") -> list[Dated]:
    offer: Dated = (on(0), OfferSent(number="A", net_cents=300_000, currency=currency))
    return [offer, (on(0.1), EffortSpent(minutes=minutes))] if minutes else [offer]


def asked(*days: int, answered: bool = False) -> list[Dated]:
    found: list[Dated] = [(on(day), Touched(channel=Channel.MAIL)) for day in days]
    if answered:
        said = Replied(channel=Channel.MAIL, statement=Statement(intent=Intent.ENGAGED))
        found.append((on(days[-1] + 1), said))
    return found


def ended(day: int, outcome: OutcomeKind, reason: NoReason | None = None) -> list[Dated]:
    return [(on(day), Closed(outcome=outcome, no_reason=reason))]


def silent(_rng: Random) -> list[Dated]:
    return [*offered(), *asked(7, 21, 35)]


def late_noes(rng: Random) -> list[Dated]:
    if rng.random() < 0.3:
        return [*offered(90), *asked(7, answered=True), *ended(20, WON)]
    reason = rng.choice([NoReason.PRICE, NoReason.PRICE, NoReason.PRICE, NoReason.TIMING])
    return [*offered(300), *asked(7, 14, 21, answered=True), *ended(90, LOST, reason)]


def early_noes(rng: Random) -> list[Dated]:
    if rng.random() < 0.2:
        return [*offered(60), *ended(20, WON)]
    return [*offered(120), *ended(9, LOST)]


def mixed(rng: Random) -> list[Dated]:
    currency = rng.choice(["EUR", "CHF"])
    return [*offered(60, currency), *ended(9, rng.choice([WON, LOST]), NoReason.PRICE)]


def won(_rng: Random) -> list[Dated]:
    return [*offered(60), *ended(9, WON)]


def lost(_rng: Random) -> list[Dated]:
    return [*offered(), *ended(60, LOST)]


def world(house: House, cases: int, *, days: int = 300) -> Insight:
    bands: dict[Band, Tally] = {}
    rng = Random(7)
    for _ in range(cases):
        told = Told(timeline=matters.timeline_of(house(rng), BEGIN), readings={})
        past = past_of(told)
        assert past is not None
        facts = facts_of(told, past, hour_eur=75, zone=ZONE)
        tally = tally_of(facts, past, zone=ZONE)
        bands[facts.band] = bands.get(facts.band, Tally()) + tally
    return insight_of(bands, today=(BEGIN + timedelta(days=days)).date())


SAID = {
    silent: [
        (
            "Fragen Sie auf einem anderen Weg nach oder gleich offen, ob es noch ein Thema ist: "
            "Von 40 ersten Nachfragen wurde kaum eine beantwortet (etwa 1 %)."
        )
    ],
    late_noes: [
        (
            "Fragen Sie früher offen nach, ob es etwas wird: 28 von 28 Neins kamen spät und "
            "kosteten im Mittel 5,0 Stunden."
        ),
        "Fragen Sie ruhig bis zum 3. Mal nach: Auch da antworten noch etwa 98 % (28 Nachfragen).",
        (
            "Nennen Sie einen Preisrahmen, bevor Sie rechnen. An „Preis“ scheiterten 20 von 28, "
            "deren Grund Sie kennen."
        ),
    ],
    early_noes: [
        (
            "Fragen Sie vor dem Rechnen, wie ernst es ist: In 27 frühen Neins stecken 54 Stunden, "
            "81 % Ihrer Vorarbeit."
        ),
        "Fragen Sie bei jeder Absage nach dem Grund: Von 27 kennen Sie keinen.",
    ],
    won: [],
    lost: [
        (
            "Fragen Sie früher offen nach, ob es etwas wird: 40 von 40 Neins kamen erst nach mehr "
            "als 45 Tagen."
        ),
        "Fragen Sie bei jeder Absage nach dem Grund: Von 40 kennen Sie keinen.",
    ],
}


@pytest.mark.parametrize("house", SAID)
def test_what_to_do_otherwise_follows_from_the_world(house: House) -> None:
    with translation.override("de"):
        assert [one.words for one in advised(world(house, 40))] == SAID[house]


@pytest.mark.parametrize("house", SAID)
@pytest.mark.parametrize("cases", [1, 4])
def test_a_few_matters_advise_nothing_and_draw_no_shares(house: House, cases: int) -> None:
    with translation.override("de"):
        found = world(house, cases)
        assert advised(found) == ()
        drawn = {panel.key for panel in panels_of(found) if panel.chart}
        assert drawn <= {"early", "sunk", "reasons"}


@pytest.mark.parametrize("house", [*SAID, mixed])
def test_a_clock_in_the_past_says_nothing_wrong(house: House) -> None:
    with translation.override("de"):
        for panel in panels_of(world(house, 40, days=-400)):
            cells = [cell for row in panel.table.rows for cell in row]
            assert all(cell >= 0 for cell in cells if isinstance(cell, int | float)), panel.key
            assert "nan" not in panel.says


def test_where_nobody_answers_the_curve_says_so() -> None:
    with translation.override("de"):
        panel = next(one for one in panels_of(world(silent, 40)) if one.key == "follow-ups")
    assert panel.says.startswith(
        "Fast keine Antwort: Schon die erste Nachfrage beantworten etwa 1 %"
    )


def test_currencies_stand_beside_each_other() -> None:
    with translation.override("de"):
        panel = next(one for one in panels_of(world(mixed, 40)) if one.key == "reasons")
    assert "CHF + " in str(panel.table.rows[0][3])
