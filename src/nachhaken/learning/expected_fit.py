"""How would a customer fit a colleague who never rated him? As those like him did, held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Features = Mapping[str, str]

NEUTRAL = 1.0
RATINGS_OF_PRIOR = 3  # what "so-so" weighs against a seller's own mean, in ratings [E]
RATINGS_OF_MEAN = 2  # what that mean weighs against customers who are alike, in ratings [E]
ALIKE_FROM = 0.5  # share of common features from which a customer counts as alike [E]
GOOD_FROM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The fit that is expected, .5 to 1.5, and on what it rests.

    `own` says that the seller rated this very customer; else `alike` of his rated customers were
    like this one, `good` of them fitted well.
    """

    factor: float
    own: bool = False
    alike: int = 0
    good: int = 0


def expected_fit(
    features: Features, rated: Sequence[tuple[Features, float]], *, own: float | None = None
) -> Expected:
    """Return the fit of a seller with a customer of these features.

    own: his own rating of this very customer, as a factor in .5 to 1.5; it is taken as it is.
    rated: the features of his other customers, and the factor of each. Then

        mean     = (sum f + 3 x 1) / (n + 3)
        expected = (sum w f + 2 x mean) / (sum w + 2)

    where w is the square of the share of features in common among those known of both, 0 below a
    half. A seller's mean is held to "so-so", and likeness to his mean: a posterior mean with known
    ratios of the variances, as in `engine.fit.pooled`.
    """
    if own is not None:
        return Expected(factor=own, own=True)
    mean = (sum(f for _, f in rated) + RATINGS_OF_PRIOR * NEUTRAL) / (len(rated) + RATINGS_OF_PRIOR)
    near = [(likeness(features, theirs) ** 2, factor) for theirs, factor in rated]
    near = [(weight, factor) for weight, factor in near if weight >= ALIKE_FROM**2]
    weights = sum(weight for weight, _ in near)
    told = sum(weight * factor for weight, factor in near)
    return Expected(
        factor=(told + RATINGS_OF_MEAN * mean) / (weights + RATINGS_OF_MEAN),
        alike=len(near),
        good=sum(factor > GOOD_FROM for _, factor in near),
    )


def likeness(one: Features, other: Features) -> float:
    """Return the share of the features known of both in which they agree; 0 for none known."""
    known = one.keys() & other.keys()
    return sum(one[name] == other[name] for name in known) / len(known) if known else 0.0
