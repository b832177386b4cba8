"""What do the customers of one's good jobs have in common that the others have not?

Each feature is looked at on its own: how often it stands among the good ones, how often among all
others, and how many times as often. Nothing is claimed from few, nor where the interval holds
"no difference".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from nachhaken.learning.shares import Share, ratio_of_shares, share

Features = Mapping[str, str]

LEAST_GOOD = 8  # good jobs, and as many others: below, nothing is named [E]
LEAST_OTHER = 8
MOST_TRAITS = 5
# Both groups are believed to be as all cases are, as firmly as so many cases of each say it: a
# feature has to speak against that before it is named [E].
CASES_OF_PRIOR = 4.0
_NEAR = log(1.5)  # together so many times as often among the good ones as among the others [E]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An ended matter: what is known of the customer, and whether it became a good job.

    A feature that is not known stays away. `id` is the matter's, so that it can be looked at.
    """

    id: int
    features: Features
    is_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """A feature with its value, among the good ones and the others: counts, shares, and the ratio.

    `good` of `all_good` have it, `other` of `all_other`; shares and ratio are posterior means with
    their 90 % intervals. `ids` are the good matters that it rests on, the newest first.
    """

    feature: str
    value: str
    good: int
    all_good: int
    other: int
    all_other: int
    share_good: Share
    share_other: Share
    ratio: Share
    ids: tuple[int, ...] = ()

    @property
    def speaks_for(self) -> bool:
        """Is it more frequent among the good ones?"""
        return self.ratio.low > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of the dream customer, the clearest trait first; and how many cases it took."""

    traits: tuple[Trait, ...]
    good: int
    other: int

    @property
    def missing_good(self) -> int:
        """How many good jobs are missing before anything is claimed."""
        return max(0, LEAST_GOOD - self.good)

    @property
    def missing_other(self) -> int:
        """How many other ended matters are missing before anything is claimed."""
        return max(0, LEAST_OTHER - self.other)

    @property
    def is_known(self) -> bool:
        """Are there cases enough to claim anything?"""
        return not (self.missing_good or self.missing_other)


class Verdict(StrEnum):
    """How well somebody suits, in a word."""

    NEAR = "near"
    BETWEEN = "between"
    FAR = "far"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well somebody suits, with the traits that speak for it and against it."""

    verdict: Verdict
    speaks_for: tuple[Trait, ...] = ()
    against: tuple[Trait, ...] = ()


def profile_of(cases: Sequence[Case]) -> Profile:
    """Return what sets good cases apart from the others; cases with the newest first.

    A trait is named only where the 90 % interval of its ratio lies wholly above or below 1, and at
    most five are, by how far the nearer bound is from 1. Of a feature with two sides only the one
    that is clearer is named. Shares have Beta priors with the mean of all cases and the weight of
    four (see CASES_OF_PRIOR). Below LEAST_GOOD good or LEAST_OTHER others none is named.
    """
    good = sum(case.is_good for case in cases)
    empty = Profile(traits=(), good=good, other=len(cases) - good)
    if not empty.is_known:
        return empty
    traits = sorted(_traits(cases), key=lambda one: (-_clear(one), one.feature, one.value))
    named = [one for one in traits if one.ratio.low > 1 or one.ratio.high < 1]
    first = {one.feature: one for one in reversed(named)}  # the clearest of a feature comes last
    kept = tuple(one for one in named if first[one.feature] is one)[:MOST_TRAITS]
    return Profile(traits=kept, good=empty.good, other=empty.other)


def matches(profile: Profile, features: Features) -> Match:
    """Return how somebody with these features suits; UNKNOWN where no trait says anything.

    Who has a frequent trait of the good ones has what speaks for him; who has a rare one, or of a
    known feature not the frequent one, what speaks against him.
    """
    known = [one for one in profile.traits if one.feature in features]
    has = [one for one in known if features[one.feature] == one.value]
    lacks = [one for one in known if one not in has and one.speaks_for]
    speaks_for = tuple(one for one in has if one.speaks_for)
    against = tuple(one for one in known if one in lacks or (one in has and not one.speaks_for))
    if not (speaks_for or against):
        return Match(verdict=Verdict.UNKNOWN)
    weight = sum(log(one.ratio.value) for one in has) - sum(map(_lacking, lacks))
    near, far = weight >= _NEAR, weight <= -_NEAR
    verdict = Verdict.NEAR if near else Verdict.FAR if far else Verdict.BETWEEN
    return Match(verdict=verdict, speaks_for=speaks_for, against=against)


def _traits(cases: Sequence[Case]) -> Iterable[Trait]:
    pairs = sorted({pair for case in cases for pair in case.features.items()})
    for feature, value in pairs:
        known = [case for case in cases if feature in case.features]
        trait = _trait(feature, value, known)
        if trait is not None:
            yield trait


def _trait(feature: str, value: str, known: Sequence[Case]) -> Trait | None:
    good = [case for case in known if case.is_good]
    has = [case for case in known if case.features[feature] == value]
    good_ids = tuple(case.id for case in has if case.is_good)
    others, other = len(known) - len(good), len(has) - len(good_ids)
    if len(has) == len(known) or len(good) < LEAST_GOOD or others < LEAST_OTHER:
        return None
    mean = len(has) / len(known)
    first, second = (len(good_ids), len(good)), (other, others)
    return Trait(
        feature=feature,
        value=value,
        good=len(good_ids),
        all_good=len(good),
        other=other,
        all_other=others,
        share_good=share(*first, mean=mean, weight=CASES_OF_PRIOR),
        share_other=share(*second, mean=mean, weight=CASES_OF_PRIOR),
        ratio=ratio_of_shares(first, second, mean=mean, weight=CASES_OF_PRIOR),
        ids=good_ids,
    )


def _clear(trait: Trait) -> float:
    """How far the interval stays away from "no difference", on the log scale; below 0: it does not.

    Frequent ones come first where both say the same.
    """
    return max(log(trait.ratio.low), -log(trait.ratio.high))


def _lacking(trait: Trait) -> float:
    """What it says not to have a trait: the log ratio of the shares without it."""
    return log((1 - trait.share_other.value) / (1 - trait.share_good.value))
