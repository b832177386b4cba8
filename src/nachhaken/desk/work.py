"""What own work before the decision costs, by its kind: the user's rates, and how they are kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nachhaken.desk.preferences import stored

KEY = "work_rates"
MOST_KINDS = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """A kind of own work; `cents` an hour, None: an hour of the user's."""

    work: str
    cents: int | None = None


def rates() -> tuple[Rate, ...]:
    """Return the kinds of work as set, or the usual ones of a trade."""
    own = stored().get(KEY)
    if own is None:
        usual = (_("Aufmaß"), _("Kalkulation"), _("Besuch"), _("Zeichnung"))
        return tuple(Rate(work) for work in usual)
    return tuple(Rate(one["work"], one["cents"]) for one in own)


def rate_of(work: str) -> int | None:
    """Return what an hour of this kind costs in cents; None: an hour of the user's."""
    return next((rate.cents for rate in rates() if rate.work == work), None)
