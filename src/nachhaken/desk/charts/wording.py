"""Numbers of the past in words: hours, money by currency, shares as natural frequencies."""

from django.utils.translation import gettext as _

from nachhaken.desk.charts.scale import number
from nachhaken.desk.templatetags.words import money
from nachhaken.learning.insight.values import Cents
from nachhaken.learning.shares import Share

FEW = 10
"""With fewer cases nothing is said of a share: any of them would change it by a tenth."""

MINUTES = 60


def hours(minutes: float) -> str:
    """Return minutes as hours: one decimal below ten, then whole ones."""
    found = minutes / MINUTES
    return number(found, 1 if 0 < found < FEW else 0)


def by_currency(amount: Cents) -> str:
    """Return amounts, one beside the other: different currencies are not added."""
    shown = [
        money(round(cents, -2), currency) for currency, cents in sorted(amount.items()) if cents
    ]
    return " + ".join(shown)


def between(share: Share) -> str:
    """Return the interval of a share in words."""
    low, high = number(100 * share.low, 0), number(100 * share.high, 0)
    return _("wohl zwischen %(low)s und %(high)s %%") % {"low": low, "high": high}


def too_few(cases: int, least: int = FEW) -> str:
    """Return the sentence for what cannot be said yet."""
    words = {"cases": cases, "least": least}
    return _("Ab %(least)s Fällen lässt sich das sagen, bisher sind es %(cases)s.") % words
