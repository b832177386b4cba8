"""The dream customer: what good jobs have in common (D5)."""

import numpy as np
import pytest

from nachhaken.learning.dream import (
    LEAST_GOOD,
    MOST_TRAITS,
    Case,
    Verdict,
    matches,
    profile_of,
)
from nachhaken.learning.shares import ratio_of_shares


def cases(good: dict[str, int], other: dict[str, int], feature: str = "kind") -> list[Case]:
    """So many good and other cases with each value of one feature."""
    sides = [(value, n, True) for value, n in good.items()]
    sides += [(value, n, False) for value, n in other.items()]
    rows = [(value, is_good) for value, n, is_good in sides for _ in range(n)]
    return [
        Case(id=number, features={feature: value}, is_good=is_good)
        for number, (value, is_good) in enumerate(rows)
    ]


def test_d5_a_clear_difference_is_named_with_its_numbers() -> None:
    profile = profile_of(cases({"business": 18, "consumer": 2}, {"business": 8, "consumer": 32}))
    (trait,) = profile.traits
    assert (trait.feature, trait.good, trait.all_good, trait.other, trait.all_other) in {
        ("kind", 18, 20, 8, 40),
        ("kind", 2, 20, 32, 40),
    }
    assert len(trait.ids) == trait.good
    assert trait.ratio.low <= trait.ratio.value <= trait.ratio.high
    assert trait.ratio.low > 1 or trait.ratio.high < 1


@pytest.mark.parametrize("good", range(LEAST_GOOD))
def test_d5_few_good_jobs_claim_nothing_and_say_how_many_are_missing(good: int) -> None:
    profile = profile_of(cases({"business": good}, {"consumer": 40}))
    assert profile.traits == ()
    assert profile.missing_good == LEAST_GOOD - good
    assert matches(profile, {"kind": "business"}).verdict is Verdict.UNKNOWN


def test_d5_no_case_all_good_and_all_alike_say_nothing() -> None:
    assert profile_of([]).traits == ()
    assert profile_of(cases({"business": 50}, {})).missing_other == 8
    alike = profile_of(cases({"business": 20}, {"business": 20}))
    assert alike.is_known
    assert alike.traits == ()


def test_d5_noise_is_seldom_named() -> None:
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(200):
        found = cases({"business": 0}, {})
        for number in range(80):
            value = str(rng.choice(["business", "consumer"]))
            found.append(Case(id=number, features={"kind": value}, is_good=number < 20))
        named += bool(profile_of(found).traits)
    assert named / 200 < 0.15


def test_d5_at_most_five_traits_and_one_of_each_feature() -> None:
    names = [f"feature {n}" for n in range(9)]
    found = [
        Case(id=n, features=dict.fromkeys(names, "yes" if n < 20 else "no"), is_good=n < 20)
        for n in range(60)
    ]
    profile = profile_of(found)
    assert len(profile.traits) == MOST_TRAITS
    assert len({trait.feature for trait in profile.traits}) == MOST_TRAITS


def test_d5_a_prospect_is_near_or_far_with_what_speaks_for_it() -> None:
    profile = profile_of(cases({"business": 18, "consumer": 2}, {"business": 8, "consumer": 32}))
    near, far = matches(profile, {"kind": "business"}), matches(profile, {"kind": "consumer"})
    assert {near.verdict, far.verdict} >= {Verdict.FAR} or near.speaks_for
    assert far.against
    assert not far.speaks_for
    assert matches(profile, {"band": "low"}).verdict is Verdict.UNKNOWN


def test_d5_the_ratio_holds_no_difference_where_there_is_none() -> None:
    ratio = ratio_of_shares((10, 20), (20, 40), mean=0.5, weight=4.0)
    assert ratio.value == pytest.approx(1)
    assert ratio.low < 1 < ratio.high
    with pytest.raises(ValueError, match="mean"):
        ratio_of_shares((1, 1), (1, 1), mean=1.0, weight=4.0)


def test_d5_the_interval_of_the_ratio_agrees_with_draws() -> None:
    rng = np.random.default_rng(7)
    draws = rng.beta(2 + 18, 2 + 2, 200_000) / rng.beta(2 + 8, 2 + 32, 200_000)
    ratio = ratio_of_shares((18, 20), (8, 40), mean=0.5, weight=4.0)
    assert (ratio.low, ratio.high) == pytest.approx(np.quantile(draws, [0.05, 0.95]), rel=0.01)
