"""What the desk learnt from the own past, in figures for its page."""

from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.models import Lesson, User
from nachhaken.desk.pages import LearningPage
from nachhaken.learning.learn import LEAST_CLOSED


def learning(user: User) -> LearningPage | None:
    """Return the newest lesson; None where nothing has been learnt yet."""
    allow(user)
    lesson = Lesson.objects.order_by("-pk").first()
    if lesson is None:
        return None
    report = lesson.report
    return LearningPage(
        learnt_at=timezone.localtime(lesson.learnt_at),
        cases=lesson.cases,
        closed=report["closed"],
        effective=round(report["effective"]),
        least=LEAST_CLOSED,
        is_used=report["is_used"],
        is_better=bool(report["gain"]) and report["gain"][1] > 0,
        customers=report["customers"],
        trust_percent=round(100 * report["trust"]),
        hopes=tuple(round(100 * hope) for hope in report["hopes"]),
        gut_right=report["gut"]["right"],
        gut_pairs=report["gut"]["pairs"],
        gut_decibans=report["gut"]["decibans"],
        gut_low=report["gut"]["low"],
        gut_high=report["gut"]["high"],
    )
