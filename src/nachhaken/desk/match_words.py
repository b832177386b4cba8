"""Why somebody may be meant by a mail, in the user's language."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nachhaken.sources.match import Ground, MatchReason

_WORDS: dict[MatchReason, Promise] = {
    MatchReason.NUMBER_NAMED: _("nennt Angebot %(what)s"),
    MatchReason.SAME_PHONE: _("gleiche Telefonnummer: %(what)s"),
    MatchReason.SAME_DOMAIN: _("gleiche Firma: %(what)s"),
    MatchReason.SAME_HOUSE: _("heißt wie %(what)s"),
    MatchReason.SAME_NAME: _("heißt wie %(what)s"),
}


def why(grounds: Iterable[Ground]) -> str:
    """Return the grounds as one line: "gleiche Firma: huber.example, nennt Angebot AN-114"."""
    said = (str(_WORDS[one.reason]) % {"what": one.what} for one in grounds)
    return ", ".join(dict.fromkeys(said))
