"""Passung: rating a customer, what one rates by, and how a won job went."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import commands, fits, queries
from nachhaken.desk.forms import CriteriaForm, JobForm, RatingForm
from nachhaken.desk.views.acting import Request, desk, tell


@desk
def fit(request: Request, pk: int) -> HttpResponseBase:
    page = queries.rating_page(request.user, pk)
    form = RatingForm(request.POST or None, page=page)
    if form.is_valid():
        change = commands.rate_fit(
            actor=request.user,
            now=timezone.now(),
            key=form.cleaned_data["key"],
            opportunity_id=pk,
            marks=form.marks(),
            energy=form.energy(),
            evidence=form.evidence(),
            note=form.cleaned_data["note"],
        )
        tell(request, change, _("Festgehalten, wie es passt."), is_work=False)
        return redirect("opportunity", pk)
    context = {
        **_about(pk, page.prospect, page.title),
        "title": _("Wie passt %(who)s zu Ihnen?") % {"who": page.prospect},
        "form": form,
    }
    return render(request, "desk/fit.html", context, status=422 if form.is_bound else 200)


@desk
def job(request: Request, pk: int) -> HttpResponseBase:
    page = queries.job_page(request.user, pk)
    form = JobForm(request.POST or None, page=page)
    if form.is_valid():
        change = commands.finish_job(
            actor=request.user, now=timezone.now(), opportunity_id=pk, **form.said()
        )
        tell(request, change, _("Festgehalten, wie der Auftrag lief."), is_work=False)
        return redirect("opportunity", pk)
    context = {
        **_about(pk, page.prospect, page.title),
        "title": _("Wie lief der Auftrag?"),
        "lead": _("Daraus lernt Ihr Schreibtisch, was Aufträge wirklich kosten."),
        "act": _("Festhalten"),
        "form": form,
        "page": page,
    }
    return render(request, "desk/job.html", context, status=422 if form.is_bound else 200)


@desk
def criteria(request: Request) -> HttpResponseBase:
    form = CriteriaForm(request.POST or None, known=fits.asked())
    if form.is_valid() and _set(request, form):
        messages.success(request, _("Gespeichert."))
        return redirect("fit-criteria")
    context: dict[str, Any] = {
        "form": form,
        "title": _("Woran Sie Passung messen"),
        "lead": _(
            "Nach dem ersten Gespräch wird danach gefragt. Ein leeres Feld fragt nicht mehr; was "
            "Sie schon gesagt haben, bleibt."
        ),
        "act": _("Speichern"),
        "back": reverse("settings"),
        "back_name": _("Einstellungen"),
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


def _set(request: Request, form: CriteriaForm) -> bool:
    try:
        commands.set_criteria(form.wanted(), actor=request.user, now=timezone.now())
    except commands.InvalidError:
        form.add_error(None, _("Bitte ein bis zehn verschiedene Merkmale nennen."))
        return False
    return True


def _about(pk: int, prospect: str, title: str) -> dict[str, Any]:
    return {"back": reverse("opportunity", args=[pk]), "back_name": f"{prospect} · {title}"}
