"""What the desk learnt from the own past and from corrections, in figures for its page."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.models import Lesson, ReadingLayer, User
from nachhaken.desk.pages import LearningPage, TaughtPage
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


def taught(user: User) -> TaughtPage | None:
    """Return what the corrections of `user` taught the reader; None where nothing was learnt."""
    row = ReadingLayer.objects.filter(pk=allow(user).pk).first()
    if row is None:
        return None
    if not row.report:
        return TaughtPage(statements=0, refused="forgotten")
    report = row.report
    return TaughtPage(
        statements=report["statements"],
        refused=report["refused"],
        gained=report["gained"],
        lost=report["lost"],
        share=round(100 / 2 ** report["halvings"]),
        tries=_tries(*report["check"]) if report["check"] else (),
    )


def _tries(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, float, float], ...]:
    names = {
        "macro_f1": _("alle Absichten, im Mittel (F1)"),
        "opt_out_recall": _("erkannt: keine Kontakte mehr"),
        "yes_precision": _("Zusagen, die welche sind"),
        "no_precision": _("Absagen, die welche sind"),
    }
    return tuple((word, 100 * before[name], 100 * after[name]) for name, word in names.items())
