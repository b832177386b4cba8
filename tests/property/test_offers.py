"""Laws of offers: sums add up, in any order, and differences say the whole change."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.plan.difference import difference_of
from nachhaken.plan.totals import totals_of, totals_of_offer
from nachhaken.plan.words import say
from nachhaken.timeline import OfferSent, Position
from tests.strategies import days

rates = st.none() | st.sampled_from([0, 26, 70, 81, 100, 190, 200])
positions = st.builds(
    Position,
    text=st.sampled_from(["Geländer", "Geländer Süd", "Montage", "Gerüst", "Anfahrt", "Lack rot"]),
    unit_cents=st.integers(-50_000, 2_000_000),
    quantity=st.floats(0.001, 5_000, allow_nan=False),
    unit=st.sampled_from(["", "m", "Std."]),
    vat_permille=rates,
    is_optional=st.booleans(),
)
offers = st.builds(
    OfferSent,
    number=st.sampled_from(["2026-0417", "2026-0418"]),
    net_cents=st.none() | st.integers(0, 10_000_000),
    currency=st.sampled_from(["EUR", "CHF"]),
    valid_until=st.none() | days,
    title=st.sampled_from(["", "Balkone"]),
    positions=st.lists(positions, max_size=6).map(tuple),
    vat_permille=rates,
    note=st.sampled_from(["", "Zahlbar in 14 Tagen."]),
)


def net(offer: OfferSent) -> int:
    totals = totals_of_offer(offer)
    return totals.net_cents if totals else 0


@given(offers, offers)
def test_the_changes_add_up_to_the_change_of_the_sum(old: OfferSent, new: OfferSent) -> None:
    found = difference_of(old, new)
    assert sum(one.cents for one in found) == net(new) - net(old)
    for language in ("de", "en"):
        assert all(say(one.phrase, language) for one in found)


@given(offers, st.randoms(use_true_random=False))
def test_equal_offers_differ_in_nothing(offer: OfferSent, rng: Random) -> None:
    shuffled = list(offer.positions)
    rng.shuffle(shuffled)
    again = replace(offer, version=2, positions=tuple(shuffled))
    assert difference_of(offer, replace(offer, version=2)) == ()
    assert difference_of(offer, again) == ()


@given(offers, offers)
def test_there_and_back_is_no_change_of_the_sum(old: OfferSent, new: OfferSent) -> None:
    there, back = difference_of(old, new), difference_of(new, old)
    assert sum(one.cents for one in there) == -sum(one.cents for one in back)
    assert bool(there) == bool(back)


@given(st.lists(positions, max_size=8), rates, st.randoms(use_true_random=False))
def test_the_sum_never_depends_on_the_order(
    parts: list[Position], rate: int | None, rng: Random
) -> None:
    shuffled = list(parts)
    rng.shuffle(shuffled)
    assert totals_of(parts, vat_permille=rate) == totals_of(shuffled, vat_permille=rate)


@given(st.lists(positions, max_size=8), rates, st.sampled_from([1, 5]))
def test_gross_is_net_and_vat_and_what_was_rounded(
    parts: list[Position], rate: int | None, step: int
) -> None:
    totals = totals_of(parts, vat_permille=rate, step=step)
    if totals is None or totals.gross_cents is None or totals.vat_cents is None:
        return
    assert totals.gross_cents == totals.net_cents + totals.vat_cents + totals.rounding_cents
    assert totals.gross_cents % step == 0
    assert 2 * abs(totals.rounding_cents) <= step
    assert sum(line.net_cents for line in totals.vat) == totals.net_cents
