"""The week on one page."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from nachhaken.desk import queries
from nachhaken.desk.views.acting import Request, desk, number


@desk
def review(request: Request) -> HttpResponseBase:
    page = queries.review(
        request.user,
        now=timezone.now(),
        week=request.GET.get("week", ""),
        owner=number(request.GET.get("owner", "")),
    )
    return render(request, "desk/review.html", {"page": page})
