"""Vorarbeit: one tap, a clock, and what an hour of each kind costs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import EffortForm, ForgottenForm, WorkRatesForm
from nachhaken.desk.views.acting import Request, back_to, desk, tell
from nachhaken.desk.work import rates


@desk
def effort(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    form = EffortForm(request.POST or None, works=tuple(rate.work for rate in rates()))
    if form.is_valid():
        change = commands.spend_effort(
            actor=request.user, now=timezone.now(), opportunity_id=pk, **form.cleaned_data
        )
        tell(request, change, _("Vorarbeit festgehalten."))
        return redirect("opportunity", pk)
    context = {
        "form": form,
        "title": _("Vorarbeit"),
        "act": _("Festhalten"),
        "back": reverse("opportunity", args=[pk]),
        "back_name": f"{about.prospect} · {about.title}",
        "effort": queries.effort(request.user, pk, now=timezone.now()),
    }
    return render(request, "desk/effort.html", context, status=422 if form.is_bound else 200)


@desk
@require_POST
def quarter(request: Request, pk: int) -> HttpResponseBase:
    change = commands.add_quarter(actor=request.user, now=timezone.now(), entry_id=pk)
    tell(request, change, _("15 Minuten Vorarbeit festgehalten."))
    return back_to(request, "opportunity", change.opportunity_id or 0)


@desk
@require_POST
def timer_start(request: Request, pk: int) -> HttpResponseBase:
    work = request.POST.get("work", "")
    try:
        started = commands.start_timer(
            actor=request.user, now=timezone.now(), opportunity_id=pk, work=work
        )
    except commands.TimerForgottenError:
        messages.error(
            request, _("Eine andere Uhr läuft noch. Bitte sagen Sie erst, wie viel es war.")
        )
        return redirect("timer")
    if started.noted:
        tell(request, started.noted, _("Die andere Uhr ist angehalten und festgehalten."))
    messages.success(request, _("Die Uhr läuft."))
    return redirect("opportunity", pk)


@desk
def timer(request: Request) -> HttpResponseBase:
    """The clock on a page of its own: where it was forgotten, it asks how much of it was work."""
    clock = queries.clock(request.user, now=timezone.now())
    asked = request.POST if request.method == "POST" and "minutes" in request.POST else None
    form = ForgottenForm(asked, initial={"started": clock.name if clock else ""})
    if form.is_valid():
        cleaned = form.cleaned_data
        return _stopped(request, started=cleaned["started"], minutes=cleaned["minutes"])
    if request.method == "POST" and asked is None:
        return _stopped(request, started=request.POST.get("started", ""))
    context = {"form": form, "clock": clock}
    return render(request, "desk/timer.html", context, status=422 if form.is_bound else 200)


@desk
@require_POST
def timer_discarded(request: Request) -> HttpResponseBase:
    was_running = commands.discard_timer(
        actor=request.user, started=request.POST.get("started", "")
    )
    said = (
        _("Uhr verworfen, nichts festgehalten.") if was_running else _("Die Uhr lief nicht mehr.")
    )
    messages.success(request, said)
    return back_to(request, "today")


@desk
def work_rates(request: Request) -> HttpResponseBase:
    form = WorkRatesForm(request.POST or None, rates=rates())
    if form.is_valid():
        commands.set_work_rates(form.rates(), actor=request.user, now=timezone.now())
        messages.success(request, _("Gespeichert."))
        return redirect("work-rates")
    context: dict[str, Any] = {
        "form": form,
        "title": _("Was Vorarbeit kostet"),
        "lead": _("Ohne eigenen Satz zählt Ihre Stunde aus den Einstellungen."),
        "act": _("Speichern"),
        "back": reverse("settings"),
        "back_name": _("Einstellungen"),
    }
    return render(request, "desk/work_rates.html", context, status=422 if form.is_bound else 200)


def _stopped(request: Request, *, started: str, minutes: int | None = None) -> HttpResponseBase:
    try:
        change = commands.stop_timer(
            actor=request.user, now=timezone.now(), minutes=minutes, started=started
        )
    except commands.TimerForgottenError:
        return redirect("timer")
    if change is None:
        messages.success(request, _("Die Uhr lief nicht mehr."))
        return back_to(request, "today")
    tell(request, change, _("Vorarbeit festgehalten."))
    return redirect("opportunity", change.opportunity_id)
