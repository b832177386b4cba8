"""The workshop: other numbers, tried on the real open matters."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.lab import NumbersForm
from nachhaken.desk.pages_lab import Numbers
from nachhaken.desk.views.acting import Request, desk

# How far the sliders reach: where most numbers are, not what may be typed.
_REACH = {"margin": 100, "hour_eur": 200, "hold_eur_per_day": 20, "opt_out_eur": 1000}


@desk
def lab(request: Request) -> HttpResponseBase:
    own = queries.own_numbers()
    asked = request.GET if any(name in request.GET for name in asdict(own)) else None
    form = NumbersForm(asked, initial=_typed(own))
    page = None
    if form.is_valid():
        page = queries.what_if_numbers(request.user, form.numbers, now=timezone.now())
    context = {
        "form": form,
        "fields": [(field, _REACH[field.name]) for field in form],
        "page": page,
    }
    is_piece = bool(request.htmx)  # type: ignore[attr-defined]
    if not is_piece:
        context["ways"] = queries.compared_ways(request.user, now=timezone.now())
    template = "desk/_what_if.html" if is_piece else "desk/lab.html"
    return render(request, template, context, status=422 if form.errors and not is_piece else 200)


@desk
def ways(request: Request) -> HttpResponseBase:
    now = timezone.now()
    if request.method == "POST":
        commands.compare_ways(actor=request.user, now=now)
        return redirect(f"{reverse('lab')}#ways")
    page = queries.compared_ways(request.user, now=now)
    return render(request, "desk/_ways.html", {"page": page})


def _typed(own: Numbers) -> dict[str, Any]:
    return asdict(own) | {"hold_eur_per_day": Decimal(f"{own.hold_eur_per_day:g}")}
