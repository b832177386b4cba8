"""Traumkunde: what one's good jobs have in common."""

from django.http import HttpResponseBase
from django.shortcuts import render

from nachhaken.desk import queries
from nachhaken.desk.views.acting import Request, desk


@desk
def dream(request: Request) -> HttpResponseBase:
    return render(request, "desk/dream.html", {"page": queries.dream_page(request.user)})
