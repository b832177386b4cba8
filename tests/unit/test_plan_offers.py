"""What an offer comes to, where it stands, and how two versions differ."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nachhaken.plan.evidence import answer_of
from nachhaken.plan.offers import (
    OfferState,
    OfferStatus,
    VatLine,
    difference_of,
    is_valid,
    newest_offer,
    offers_of,
    totals_of,
    totals_of_offer,
)
from nachhaken.plan.totals import counted_cents, rates_of
from nachhaken.plan.words import say
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    Fact,
    OfferSent,
    OptedOut,
    Position,
    Reopened,
    Replied,
    Touched,
)
from tests.unit.test_plan import NOW, replied, timeline

ZONE = ZoneInfo("Europe/Berlin")
RAILING = Position(text="Geländer", unit_cents=12_000, quantity=10.0, unit="m")
FITTING = Position(text="Montage", unit_cents=240_000)
PAINT = Position(text="Pulverbeschichtung", unit_cents=60_000, is_optional=True)
OFFER = OfferSent(
    number="2026-0417",
    positions=(RAILING, FITTING, PAINT),
    vat_permille=190,
    valid_until=date(2026, 11, 30),
    title="Balkone",
)
ASKED = Touched(channel=Channel.MAIL, step=StepKind.MAIL)


def offers(*facts: tuple[float, Fact], at: datetime = NOW) -> tuple[OfferState, ...]:
    told = timeline(*facts).standing()
    answers = [a for entry in told if (a := answer_of(entry, {}))]
    return offers_of(told, answers, at=at, zone=ZONE)


def status(*facts: tuple[float, Fact]) -> OfferStatus:
    return offers(*facts)[-1].status


def differences(old: OfferSent, new: OfferSent, language: str = "de") -> list[str]:
    return [say(found.phrase, language) for found in difference_of(old, new)]


# --- totals ---------------------------------------------------------------------------------------


def test_an_optional_position_is_not_counted() -> None:
    totals = totals_of_offer(OFFER)
    assert totals is not None
    assert (totals.net_cents, totals.vat_cents, totals.gross_cents) == (360_000, 68_400, 428_400)


def test_vat_is_taken_once_by_rate_on_the_sum() -> None:
    thirds = [Position(text=f"Teil {n}", unit_cents=33) for n in range(3)]
    food = Position(text="Brotzeit", unit_cents=1_000, vat_permille=70)
    totals = totals_of([*thirds, food], vat_permille=190)
    assert totals is not None
    # By line it would be 3 x 6 = 18 cents.
    assert totals.vat == (VatLine(190, 99, 19), VatLine(70, 1_000, 70))
    assert totals.gross_cents == 99 + 1_000 + 89


@pytest.mark.parametrize(
    ("net", "rate", "vat"),
    [(50, 190, 10), (250, 10, 3), (-250, 10, -3), (10_000, 81, 810), (10_050, 26, 261), (99, 0, 0)],
)
def test_half_a_cent_is_rounded_up(net: int, rate: int, vat: int) -> None:
    totals = totals_of([], net_cents=net, vat_permille=rate)
    assert totals is not None
    assert (totals.vat_cents, totals.gross_cents) == (vat, net + vat)


def test_quantities_are_fractions() -> None:
    assert counted_cents(Position(text="Blech", unit_cents=1_999, quantity=2.5)) == 4_998
    assert counted_cents(Position(text="Blech", unit_cents=100, quantity=1.005)) == 101


def test_without_a_rate_there_is_no_gross() -> None:
    totals = totals_of([FITTING, replace(RAILING, vat_permille=190)])
    assert totals is not None
    assert (totals.net_cents, totals.vat_cents, totals.gross_cents) == (360_000, None, None)


def test_without_an_amount_there_are_no_totals() -> None:
    assert totals_of([]) is None
    assert totals_of([PAINT]) is None


def test_only_cash_in_francs_is_rounded_to_five() -> None:
    to_the_centime = totals_of([], net_cents=10_001, vat_permille=81)
    in_cash = totals_of([], net_cents=10_001, vat_permille=81, step=5)
    assert to_the_centime
    assert in_cash
    assert to_the_centime.gross_cents == 10_811
    assert (in_cash.gross_cents, in_cash.rounding_cents) == (10_810, -1)


def test_each_country_has_its_rates() -> None:
    assert rates_of("DE-BY") == (190, 70, 0)
    assert rates_of("AT-5") == (200, 130, 100, 0)
    assert rates_of("CH-ZH") == (81, 26, 38, 0)
    assert rates_of("") == rates_of("DE")


# --- where an offer stands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([], OfferStatus.SENT),
        ([(5, ASKED)], OfferStatus.ASKED),
        ([(5, Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False))], OfferStatus.SENT),
        ([(5, Touched(channel=Channel.MAIL, step=StepKind.DELIVER))], OfferStatus.SENT),
        ([(5, replied(Intent.YES))], OfferStatus.ACCEPTED),
        ([(5, replied(Intent.YES)), (4, ASKED)], OfferStatus.ACCEPTED),
        ([(5, replied(Intent.YES)), (4, replied(Intent.NO))], OfferStatus.DECLINED),
        ([(5, replied(Intent.OPT_OUT))], OfferStatus.DECLINED),
        ([(5, OptedOut())], OfferStatus.DECLINED),
        ([(5, Closed(outcome=OutcomeKind.WON))], OfferStatus.ACCEPTED),
        ([(5, Closed(outcome=OutcomeKind.LOST))], OfferStatus.DECLINED),
        ([(5, Closed(outcome=OutcomeKind.STOPPED))], OfferStatus.WITHDRAWN),
        ([(5, Touched(channel=Channel.MAIL, step=StepKind.DECLINE))], OfferStatus.WITHDRAWN),
        ([(6, ASKED), (5, Closed(outcome=OutcomeKind.LOST)), (4, Reopened())], OfferStatus.ASKED),
        ([(5, replied(Intent.NO)), (4, Reopened())], OfferStatus.SENT),
        ([(5, Replied(channel=Channel.MAIL, text="Danke"))], OfferStatus.SENT),
    ],
)
def test_an_offer_stands_where_the_events_say(
    later: list[tuple[float, Fact]], expected: OfferStatus
) -> None:
    assert status((10, OFFER), *later) is expected


def test_the_covering_mail_does_not_ask_about_the_offer() -> None:
    assert status((10, OFFER), (9.99, ASKED)) is OfferStatus.SENT


def test_c2_a_new_version_takes_the_place_of_the_one_before() -> None:
    (offer,) = offers((10, OFFER), (5, replied(Intent.YES)), (4, replace(OFFER, version=2)))
    assert [v.status for v in offer.versions] == [OfferStatus.REVISED, OfferStatus.SENT]
    assert offer.versions[0].since == offer.newest.entry.occurred_at


def test_a_later_offer_under_another_number_replaces_the_earlier_one() -> None:
    first, second = offers((10, OFFER), (4, replace(OFFER, number="2026-0418")))
    assert (first.number, first.status) == ("2026-0417", OfferStatus.REVISED)
    assert (second.number, second.status) == ("2026-0418", OfferStatus.SENT)


def test_without_an_offer_there_is_none() -> None:
    assert offers((10, ASKED)) == ()
    assert newest_offer(timeline((10, ASKED)), []) is None


@pytest.mark.parametrize(
    ("last", "zone"),
    [
        (date(2026, 11, 30), "Europe/Berlin"),
        (date(2026, 3, 28), "Europe/Berlin"),  # the clocks go forward in the night after it
        (date(2026, 3, 29), "Europe/Berlin"),  # a day of 23 hours
        (date(2026, 10, 24), "Europe/Vienna"),
        (date(2026, 10, 25), "Europe/Zurich"),  # a day of 25 hours
    ],
)
def test_an_offer_holds_through_the_end_of_its_last_day(last: date, zone: str) -> None:
    here = ZoneInfo(zone)
    offer = replace(OFFER, valid_until=last)
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), here)
    minute = timedelta(minutes=1)
    before = midnight.astimezone(UTC) - minute
    assert is_valid(offer, at=before, zone=here)
    assert not is_valid(offer, at=midnight, zone=here)
    told = timeline((10, offer))
    assert offers_of(told, [], at=before, zone=here)[0].status is OfferStatus.SENT
    (expired,) = offers_of(told, [], at=midnight, zone=here)
    assert (expired.status, expired.newest.since) == (OfferStatus.EXPIRED, midnight)


def test_an_offer_that_was_decided_does_not_expire() -> None:
    old = replace(OFFER, valid_until=date(2026, 1, 1))
    assert status((10, old)) is OfferStatus.EXPIRED
    assert status((10, old), (5, replied(Intent.YES))) is OfferStatus.ACCEPTED


# --- how two versions differ ----------------------------------------------------------------------


def test_c2_a_dropped_position_is_named_with_its_amount() -> None:
    new = replace(OFFER, version=2, positions=(RAILING, PAINT))
    assert differences(OFFER, new) == [
        "Position „Montage“ entfällt (−2.400,00 €)",
        "Summe netto: 1.200,00 € statt 3.600,00 € (−2.400,00 €)",
    ]
    assert differences(OFFER, new, "en")[0] == "Item “Montage” is dropped (−€2,400.00)"


def test_a_position_is_known_again_when_its_text_was_touched_up() -> None:
    longer = replace(RAILING, text="Geländer, feuerverzinkt", quantity=8.0)
    new = replace(OFFER, positions=(FITTING, longer, PAINT))
    assert differences(OFFER, new) == [
        "Position „Geländer“ heißt jetzt „Geländer, feuerverzinkt“",
        "Position „Geländer, feuerverzinkt“: 8 m statt 10 m (−240,00 €)",
        "Summe netto: 3.360,00 € statt 3.600,00 € (−240,00 €)",
    ]
    other = replace(FITTING, text="Montieren", unit_cents=200_000)
    assert differences(OFFER, replace(OFFER, positions=(RAILING, other, PAINT)))[0] == (
        "Position „Montage“ heißt jetzt „Montieren“"
    )


def test_price_and_quantity_are_set_against_what_was() -> None:
    new = replace(
        OFFER,
        positions=(
            replace(RAILING, unit_cents=11_000),
            replace(FITTING, quantity=2.5, unit_cents=100_000, unit="Tage"),
            replace(PAINT, is_optional=False),
        ),
    )
    assert differences(OFFER, new) == [
        "Position „Geländer“: 110,00 € statt 120,00 € je Einheit (−100,00 €)",
        "Position „Montage“: 2,5 Tage zu 1.000,00 € statt 1 zu 2.400,00 € (+100,00 €)",
        "Wahlposition „Pulverbeschichtung“ wird fester Teil (+600,00 €)",
        "Summe netto: 4.200,00 € statt 3.600,00 € (+600,00 €)",
    ]


def test_what_is_offered_beside_the_sum_moves_no_sum() -> None:
    new = replace(
        OFFER,
        positions=(
            RAILING,
            FITTING,
            replace(PAINT, unit_cents=50_000),
            Position(text="Handlauf", unit_cents=9_000, is_optional=True),
        ),
    )
    assert differences(OFFER, new) == [
        "Position „Pulverbeschichtung“: 500,00 € statt 600,00 € je Einheit",
        "Wahlposition „Handlauf“ kommt dazu, 90,00 €",
    ]
    assert differences(new, OFFER)[-1] == "Wahlposition „Handlauf“ entfällt"


def test_another_text_in_the_same_place_for_the_same_money_is_the_same_position() -> None:
    new = replace(OFFER, positions=(RAILING, replace(FITTING, text="Einbau vor Ort"), PAINT))
    assert differences(OFFER, new) == ["Position „Montage“ heißt jetzt „Einbau vor Ort“"]


def test_terms_are_set_against_each_other() -> None:
    new = replace(
        OFFER,
        number="2026-0420",
        title="Balkone Süd",
        note="neu",
        valid_until=date(2026, 12, 31),
        vat_permille=0,
    )
    assert differences(OFFER, new) == [
        "MwSt.: 0 % statt 19 %",
        "Gültig bis 31.12.2026 statt 30.11.2026",
        "Nummer 2026-0420 statt 2026-0417",
        "Titel „Balkone Süd“ statt „Balkone“",
        "Einleitung oder Schluss sind neu gefasst",
    ]
    none = replace(OFFER, valid_until=None, vat_permille=None)
    assert differences(OFFER, none) == [
        "MwSt.: nicht mehr ausgewiesen (bisher 19 %)",
        "Ohne Frist, bisher gültig bis 30.11.2026",
    ]
    assert differences(none, OFFER) == [
        "MwSt.: jetzt mit 19 % ausgewiesen",
        "Gültig bis 30.11.2026, bisher ohne Frist",
    ]


def test_one_position_may_have_a_rate_of_its_own() -> None:
    own = replace(OFFER, positions=(RAILING, replace(FITTING, vat_permille=70), PAINT))
    assert differences(OFFER, own) == ["Position „Montage“: 7 % MwSt. statt 19 %"]
    bare = replace(OFFER, vat_permille=None)
    assert "Position „Montage“: jetzt mit 7 % MwSt." in differences(bare, own)
    assert "Position „Montage“: ohne Satz der MwSt. statt 7 %" in differences(own, bare)


def test_one_amount_instead_of_positions_is_said_so() -> None:
    flat = OfferSent(number="1", net_cents=300_000)
    items = OfferSent(number="1", positions=(FITTING,))
    assert differences(flat, replace(flat, net_cents=250_000)) == [
        "Summe netto: 2.500,00 € statt 3.000,00 € (−500,00 €)"
    ]
    assert differences(flat, items)[1:] == [
        "Statt eines Betrags von 3.000,00 € stehen jetzt Positionen",
        "Summe netto: 2.400,00 € statt 3.000,00 € (−600,00 €)",
    ]
    assert "Statt der Positionen steht ein Betrag: 3.000,00 €" in differences(items, flat)
    nothing = OfferSent(number="1")
    assert differences(nothing, flat) == ["Summe netto: 3.000,00 €, bisher offen"]
    assert differences(flat, nothing) == ["Ohne Betrag, bisher 3.000,00 € netto"]


def test_two_currencies_are_not_set_against_each_other_line_by_line() -> None:
    swiss = replace(OFFER, currency="CHF", positions=(FITTING,))
    assert differences(OFFER, swiss) == ["Währung: 2.400,00 CHF statt 3.600,00 € netto"]
