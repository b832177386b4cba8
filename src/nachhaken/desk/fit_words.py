"""What the fit changes, in sentences: euros, hours, and how many own jobs say so."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.jobs_done import Fitted
from nachhaken.desk.templatetags.words import about
from nachhaken.engine.fit import LEAST_JOBS, Estimate
from nachhaken.plan.evidence import worth_of
from nachhaken.plan.values import Preferences, Story

LEAST_EUR = 25.0  # less is no difference that anybody would act on
LEAST_HOURS = 0.5
LEAST_SHARE = 0.01


def changes_of(
    story: Story, fitted: Fitted, preferences: Preferences, *, is_own: bool
) -> tuple[str, ...]:
    """Return what the fit changes at this opportunity; `is_own` where its seller reads it."""
    return (_worth(story, preferences), *_past(fitted, is_own=is_own))


def _worth(story: Story, preferences: Preferences) -> str:
    unrated = replace(story, fit=None, hidden_hours=0.0, margin_share=None)
    more = worth_of(story, preferences) - worth_of(unrated, preferences)
    if abs(more) < LEAST_EUR:
        return _("Am Wert eines Auftrags ändert das kaum etwas.")
    said = {"worth": about(round(abs(more) * 100))}
    if more < 0:
        return _("Ein Auftrag ist hier rund %(worth)s weniger wert.") % said
    return _("Ein Auftrag ist hier rund %(worth)s mehr wert.") % said


def _past(fitted: Fitted, *, is_own: bool) -> Iterator[str]:
    if fitted.hours:
        yield hours_in_words(fitted.hours, is_own=is_own)
    else:
        yield _(
            "Was solche Aufträge an Stunden kosten, lässt sich noch nicht sagen: Das geht ab "
            "%(n)s fertigen Aufträgen."
        ) % {"n": LEAST_JOBS}
    left = fitted.margin
    if left and abs(left.mean - fitted.usual_margin) >= LEAST_SHARE:
        yield _("Vom Preis bleiben bei solchen Aufträgen etwa %(left)d %% statt %(usual)d %%.") % {
            "left": round(100 * left.mean),
            "usual": round(100 * fitted.usual_margin),
        }


def hours_in_words(found: Estimate, *, is_own: bool) -> str:
    """Return the hours beside the plan, how sure they are, and on how many jobs they rest."""
    said = {"hours": round(abs(found.mean)) or 1, "n": found.jobs}
    if abs(found.mean) < LEAST_HOURS:
        own, other = (
            _("Solche Aufträge blieben bei Ihnen bisher im Plan, aus %(n)s eigenen."),
            _("Solche Aufträge blieben dort bisher im Plan, aus %(n)s eigenen."),
        )
    elif found.mean > 0:
        own, other = (
            _(
                "Solche Aufträge haben Sie bisher rund %(hours)s Stunden mehr gekostet, aus %(n)s "
                "eigenen."
            ),
            _(
                "Solche Aufträge haben dort bisher rund %(hours)s Stunden mehr gekostet, aus "
                "%(n)s eigenen."
            ),
        )
    else:
        own, other = (
            _(
                "Solche Aufträge gingen bei Ihnen bisher rund %(hours)s Stunden schneller, aus "
                "%(n)s eigenen."
            ),
            _(
                "Solche Aufträge gingen dort bisher rund %(hours)s Stunden schneller, aus %(n)s "
                "eigenen."
            ),
        )
    return f"{(own if is_own else other) % said}{_between(found)}"


def _between(found: Estimate) -> str:
    """Return how far the mean may lie elsewhere; "" where that is within the rounding."""
    low, high = round(found.low), round(found.high)
    if high - low < 2 * LEAST_HOURS:
        return ""
    said = {"low": _beside_plan(low), "high": _beside_plan(high)}
    return " " + _("Im Mittel liegt es in 9 von 10 Fällen zwischen %(low)s und %(high)s.") % said


def _beside_plan(hours: int) -> str:
    if hours == 0:
        return _("null")
    if hours < 0:
        return ngettext("%(n)s Stunde weniger", "%(n)s Stunden weniger", -hours) % {"n": -hours}
    return ngettext("%(n)s Stunde mehr", "%(n)s Stunden mehr", hours) % {"n": hours}
