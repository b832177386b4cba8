"""Heute: what counts today."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import queries
from nachhaken.desk.views.acting import Request, desk, number

_CHOICES = (30, 60, 120, 480)


@desk
def today(request: Request) -> HttpResponseBase:
    minutes = _minutes(request)
    page = queries.today(
        request.user,
        now=timezone.now(),
        minutes=minutes,
        selected=number(request.GET.get("selected", "")),
    )
    return render(
        request, "desk/today.html", {"page": page, "times": _times(), "span": _span(minutes)}
    )


def _minutes(request: Request) -> int:
    asked = number(request.GET.get("minutes", ""))
    if asked in _CHOICES:
        request.session["minutes"] = asked
    return int(request.session.get("minutes", 60))


def _span(minutes: int) -> str:
    return next(long for n, long, _brief in _times() if n == minutes)


def _times() -> list[tuple[int, str, str]]:
    return [
        (30, _("30 Min"), "30"),
        (60, _("60 Min"), "60"),
        (120, _("2 Std."), "120"),
        (480, _("ganzer Tag"), _("Tag")),
    ]
