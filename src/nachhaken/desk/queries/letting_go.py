"""What could be let go: where going on is worth less than ending, or hardly more."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.models import Plan
from nachhaken.desk.pages_review import LetGoRow
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import speak
from nachhaken.desk.stories import Told
from nachhaken.desk.templatetags.words import about
from nachhaken.engine.values import Action
from nachhaken.plan import advise
from nachhaken.plan.effort import effort_of
from nachhaken.plan.values import Advice, Preferences
from nachhaken.terms import StepKind, Truth

SHOWN = 3
_LOOKED_AT = 8
_DOUBTFUL = (Truth.PRETEND, Truth.LOST)
_NEAR_CENTS = 2500  # going on is worth so little more that it may as well be let go
_NOTHING_CENTS = 250  # what would be rounded to nothing
_ON = tuple(a for a in Action if a not in (Action.STOP, Action.WAIT7, Action.WAIT30))


def candidates(open_: QuerySet[Plan]) -> list[Plan]:
    """Return the plans to be looked at: the end is proposed, or the doubtful that bring least."""
    rows = open_.select_related("opportunity__prospect")
    ended = rows.filter(kind=StepKind.STOP, due__isnull=False)
    found = list(ended.order_by("-effort_minutes", "pk")[:_LOOKED_AT])
    if len(found) >= SHOWN:
        return found
    doubtful = rows.filter(truth__in=_DOUBTFUL, gain_cents__lt=_NEAR_CENTS)
    doubtful = doubtful.exclude(kind=StepKind.STOP)
    return [*found, *doubtful.order_by("gain_cents", "pk")[: _LOOKED_AT - len(found)]]


def let_go_rows(
    plans: Sequence[Plan], told: Mapping[int, Told], *, now: datetime
) -> tuple[LetGoRow, ...]:
    """Return at most three matters to let go, where ending is worth most against going on first.

    By the engine's own values at `now`; where going on is worth clearly more, nothing is proposed.
    """
    known = preferences()
    looked = [(plan, told[plan.pk]) for plan in plans if plan.pk in told]
    looked = [(plan, one) for plan, one in looked if not one.story.opted_out]
    judged = [(p, one, advise(one.story, now=now, preferences=known)) for p, one in looked]
    found = [(_more(advice), p, one, advice) for p, one, advice in judged if _may_go(p, advice)]
    found.sort(key=lambda each: (each[0], each[1].pk))
    return tuple(_row(one, advice, more, known) for more, _plan, one, advice in found[:SHOWN])


def _may_go(plan: Plan, advice: Advice) -> bool:
    return plan.kind == StepKind.STOP or _more(advice) * 100 < _NEAR_CENTS


def _more(advice: Advice) -> float:
    """How many EUR the best way to go on is worth more than ending now; below 0: less."""
    values = advice.judgement.values
    return max(values[action] for action in _ON) - values[Action.STOP]


def _row(told: Told, advice: Advice, more: float, known: Preferences) -> LetGoRow:
    return LetGoRow(
        id=told.opportunity.pk,
        prospect=told.story.prospect,
        title=told.story.title,
        why=speak(advice.headline),
        worth=f"{_worth(more)} {_cost(told, advice, known)}".strip(),
    )


def _worth(more: float) -> str:
    cents = round(more * 100)
    if abs(cents) < _NOTHING_CENTS:
        return _("Weiterzumachen bringt nicht mehr, als jetzt gut aufzuhören.")
    if cents < 0:
        return _("Weiterzumachen kostet rund %(eur)s mehr, als es noch bringt.") % {
            "eur": about(-cents)
        }
    return _("Weiterzumachen bringt nur rund %(eur)s mehr, als jetzt gut aufzuhören.") % {
        "eur": about(cents)
    }


def _cost(told: Told, advice: Advice, known: Preferences) -> str:
    silence = advice.silence
    spent = effort_of(told.story.timeline, hour_eur=known.hour_eur)
    if silence is not None and silence.workdays > silence.usual:
        return ngettext(
            "Seit %(n)d Arbeitstag still, üblich sind %(usual)d.",
            "Seit %(n)d Arbeitstagen still, üblich sind %(usual)d.",
            silence.workdays,
        ) % {"n": silence.workdays, "usual": silence.usual}
    if spent.sunk_cents:
        return _("Bisher stecken rund %(eur)s Vorarbeit darin; sie kommt so nicht zurück.") % {
            "eur": about(spent.sunk_cents)
        }
    return ""
