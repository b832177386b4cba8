"""Rows of the timeline about fit, limits, finished jobs and who takes over, in words."""

from nachhaken.desk import labels
from nachhaken.timeline import (
    Fact,
    FitRated,
    HandOverAnswered,
    HandOverAsked,
    JobFinished,
    TakenAnyway,
)

ICONS: dict[type, str] = {
    FitRated: "fit",
    TakenAnyway: "fit",
    JobFinished: "closed",
    HandOverAsked: "hand_over",
    HandOverAnswered: "hand_over",
}


def title_of(fact: Fact) -> str:
    """Return what happened, in a few words; "" for another kind of fact."""
    match fact:
        case FitRated():
            return labels.text("fit_rated")
        case TakenAnyway():
            return labels.text("taken_anyway")
        case JobFinished():
            return labels.text("job_finished")
        case HandOverAsked():
            return labels.text("hand_over_asked")
        case HandOverAnswered(accepted=accepted):
            return labels.text("handed_over" if accepted else "hand_over_refused")
        case _:
            return ""


def detail_of(fact: Fact) -> str:
    """Return what was said about it; "" for another kind of fact."""
    match fact:
        case TakenAnyway(reason=reason, limits=limits):
            return " · ".join((reason, *limits))
        case FitRated(note=note) | JobFinished(note=note) | HandOverAnswered(note=note):
            return note
        case HandOverAsked(reason=reason):
            return reason
        case _:
            return ""
