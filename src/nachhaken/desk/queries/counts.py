"""What own follow-ups, lines and talks brought: for the call sheet, and in figures."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from nachhaken.desk import experience
from nachhaken.desk.access import allow
from nachhaken.desk.models import OwnScript, User
from nachhaken.desk.pages_playbook import ExperiencePage, FollowUpRow
from nachhaken.desk.speech import language
from nachhaken.learning import scripts, talk_share
from nachhaken.learning.courage_words import in_words
from nachhaken.learning.follow_ups import MOST, OWN_FROM, Counts, courage
from nachhaken.learning.shares import Share
from nachhaken.learning.talk_share import Mean
from nachhaken.learning.tally import Tally


def courage_of(user: User, *, nth: int) -> str:
    """Return what is known of the `nth` follow-up as a sentence in the active language."""
    counts = experience.tally_of(allow(user)).follow_ups
    return in_words(courage(counts, nth=nth), language())


def ranks() -> Mapping[str, float]:
    """Return the rank value of each line that was said often enough, by anybody of us."""
    own = {row.key: row.about for row in OwnScript.objects.only("key", "scene", "refusal")}
    return scripts.ranks(experience.tally_of_all().uses, own)


def experience_page(user: User) -> ExperiencePage:
    """Return what follow-ups and talks of `user` brought, in figures."""
    tally = experience.tally_of(allow(user))
    return ExperiencePage(
        rows=tuple(_row(tally.follow_ups, nth) for nth in range(1, MOST + 1)),
        least=OWN_FROM,
        talks=_talks(tally),
        noted_talks=tally.good.number + tally.other.number,
        least_talks=talk_share.LEAST,
    )


def _row(counts: Mapping[int, Counts], nth: int) -> FollowUpRow:
    known = courage(counts, nth=nth)
    return FollowUpRow(
        nth=nth,
        cases=known.cases,
        is_own=known.is_own,
        answered=_percent(known.answered),
        won=_percent(known.won),
        annoyed=_percent(known.annoyed),
    )


def _percent(share: Share) -> str:
    value, low, high = (round(100 * part) for part in share)
    return _("%(value)d %% (%(low)d–%(high)d)") % {"value": value, "low": low, "high": high}


def _talks(tally: Tally) -> str:
    found = talk_share.talk_share(tally.good, tally.other)
    if found is None:
        return ""
    parts = (
        (found.good, _("Wo es weiterging, sprachen Sie selbst im Mittel %(share)s der Zeit.")),
        (found.other, _("Wo es nicht weiterging, %(share)s.")),
    )
    return " ".join(text % {"share": _mean(mean)} for mean, text in parts if mean)


def _mean(mean: Mean) -> str:
    numbers = {"value": round(mean.value), "low": round(mean.low), "high": round(mean.high)}
    return _("%(value)d %% (%(low)d–%(high)d)") % numbers
