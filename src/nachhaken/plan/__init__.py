"""What to do next with an opportunity, when, in which words, and why."""

from nachhaken.plan.advice import advise, best_hours
from nachhaken.plan.values import (
    Advice,
    CoursePoint,
    Phrase,
    Preferences,
    Reason,
    Silence,
    Step,
    Story,
)
from nachhaken.plan.words import frequency, say, strength

__all__ = [
    "Advice",
    "CoursePoint",
    "Phrase",
    "Preferences",
    "Reason",
    "Silence",
    "Step",
    "Story",
    "advise",
    "best_hours",
    "frequency",
    "say",
    "strength",
]
