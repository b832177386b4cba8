"""Whom one recommends."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.refusing import PartnerForm
from nachhaken.desk.views.acting import Request, desk

_SHOWN = ("name", "person", "trade", "place", "phone", "mail", "note")


@desk
def partners(request: Request) -> HttpResponseBase:
    context = {
        "partners": queries.partners(request.user),
        "retired": queries.partners(request.user, is_retired=True),
    }
    return render(request, "desk/partners.html", context)


@desk
def partner_new(request: Request) -> HttpResponseBase:
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        commands.add_partner(
            actor=request.user,
            now=timezone.now(),
            key=form.cleaned_data["key"],
            about=form.about(),
        )
        messages.success(request, _("Steht jetzt auf der Liste."))
        return redirect("partners")
    return _form(request, form, {"title": _("Neue Empfehlung"), "act": _("Hinzufügen")})


@desk
def partner(request: Request, pk: int) -> HttpResponseBase:
    row = queries.partner(request.user, pk)
    form = PartnerForm(request.POST or None, initial={name: getattr(row, name) for name in _SHOWN})
    if form.is_valid():
        commands.change_partner(
            actor=request.user, now=timezone.now(), partner_id=pk, about=form.about()
        )
        messages.success(request, _("Gespeichert."))
        return redirect("partners")
    return _form(request, form, {"title": row.name, "act": _("Speichern")})


@desk
@require_POST
def partner_retired(request: Request, pk: int) -> HttpResponseBase:
    commands.retire_partner(actor=request.user, now=timezone.now(), partner_id=pk)
    messages.success(request, _("Von der Liste genommen."))
    return redirect("partners")


@desk
@require_POST
def partner_returned(request: Request, pk: int) -> HttpResponseBase:
    commands.restore_partner(actor=request.user, partner_id=pk)
    messages.success(request, _("Wieder auf der Liste."))
    return redirect("partners")


def _form(request: Request, form: PartnerForm, words: dict[str, Any]) -> HttpResponseBase:
    lead = _("Empfehlen heißt einen Namen nennen. Daten des Kunden gehen nie an den Betrieb.")
    about = {
        "form": form,
        "back": reverse("partners"),
        "back_name": _("Empfehlungen"),
        "lead": lead,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/form.html", {**about, **words}, status=status)
