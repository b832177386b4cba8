"""What own follow-ups and lines brought, for the call sheet: three queries, whatever the past."""

from collections.abc import Mapping

from nachhaken.desk import experience
from nachhaken.desk.access import allow
from nachhaken.desk.models import OwnScript, User
from nachhaken.desk.speech import language
from nachhaken.learning import scripts
from nachhaken.learning.courage_words import in_words
from nachhaken.learning.follow_ups import courage


def courage_of(user: User, *, nth: int) -> str:
    """Return what is known of the `nth` follow-up as a sentence in the active language."""
    counts = experience.tally_of(allow(user)).follow_ups
    return in_words(courage(counts, nth=nth), language())


def ranks() -> Mapping[str, float]:
    """Return the rank value of each line that was said often enough, by anybody of us."""
    own = dict(OwnScript.objects.values_list("key", "scene"))
    return scripts.ranks(experience.tally_of_all().uses, own)
