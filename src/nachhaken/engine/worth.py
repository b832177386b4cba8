"""What is a yes of this customer worth to this seller? Margin, hidden cost and fit.

    V = max(0, margin - hidden cost) x fit

Fit is between this customer and this seller, .5 (costs strength) to 1.5 (a dream) [E]. What
delivery costs beyond the plan goes off before it: a good fit does not make lost hours earn more.
"""

import math

WITHOUT_AMOUNT_EUR = 4_000.0  # the base case of the parameters: neither a small nor a large offer
LEAST_FIT, MOST_FIT = 0.5, 1.5


class WorthError(ValueError):
    """An amount or a rating that cannot be; the message names it."""


def value_of(
    margin_eur: float | None, *, fit: float | None = None, hidden_cost_eur: float = 0.0
) -> float:
    """Return what a yes is worth, in EUR, 0 or more.

    `margin_eur` is the contribution margin, None where no amount is known yet (then the base case
    of 4,000 EUR); `fit` in [.5, 1.5], None where nobody has rated it (then 1: no opinion moves
    nothing). A job that costs more than it brings is worth 0: then no step is worth its hours.
    WorthError for what is not finite, negative, or a rating out of range.
    """
    margin = WITHOUT_AMOUNT_EUR if margin_eur is None else _amount("margin", margin_eur)
    hidden = _amount("hidden cost", hidden_cost_eur)
    factor = 1.0 if fit is None else fit
    if not LEAST_FIT <= factor <= MOST_FIT:
        raise WorthError(f"fit must lie in [{LEAST_FIT}, {MOST_FIT}], not {fit}")
    return max(0.0, margin - hidden) * factor


def hidden_cost(hours: float, hour_eur: float) -> float:
    """Return the cost in EUR of `hours` of delivery that no plan has: nagging, changes, disputes.

    The hours are learnt from the seller's own won jobs, or expected by him; `hour_eur` is what one
    costs. WorthError for what is not finite or negative.
    """
    return _amount("hidden hours", hours) * _amount("hour", hour_eur)


def _amount(name: str, amount: float) -> float:
    if not (math.isfinite(amount) and amount >= 0):
        raise WorthError(f"{name} must be finite and not negative, not {amount}")
    return amount
