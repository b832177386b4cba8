"""Work before the decision, as a page shows it."""

from dataclasses import dataclass

from nachhaken.desk.speech import speak
from nachhaken.plan.effort import Effort, EffortWarning, effort_of, variant_of, warning_of
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Advice, Preferences, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """Why not to put in more free work now, and what to do instead, in sentences."""

    headline: str
    because: str
    sunk: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortRow:
    """What was put in, and whether more of it pays; `variant` answers a wish for a new version."""

    spent: Effort
    warning: WarningRow | None = None
    variant: str = ""


def effort_row(
    story: Story, situation: Situation, advice: Advice, *, preferences: Preferences
) -> EffortRow:
    """Return the effort of an opportunity with what the engine says of more."""
    timeline = story.timeline
    found = warning_of(timeline, situation, advice, preferences=preferences)
    variant = variant_of(timeline, situation, advice) if advice.due else None
    return EffortRow(
        spent=effort_of(timeline, hour_eur=preferences.hour_eur),
        warning=_warning(found) if found else None,
        variant=speak(variant) if variant else "",
    )


def _warning(found: EffortWarning) -> WarningRow:
    return WarningRow(
        headline=speak(found.headline),
        because=speak(found.because),
        sunk=speak(found.sunk) if found.sunk else "",
        alternatives=tuple(speak(phrase) for phrase in found.alternatives),
    )
