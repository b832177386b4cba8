"""Saying no oneself, and taking it anyway."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.refusing import MAIL, SHOW, RefusalForm, TakingAnywayForm
from nachhaken.desk.refusals import Chosen
from nachhaken.desk.views.acting import Request, desk, tell
from nachhaken.terms import StepKind


@desk
def refusal(request: Request, pk: int) -> HttpResponseBase:
    asked = queries.partners_for(request.user, pk)
    form = RefusalForm(request.POST or None, partners=asked)
    if form.is_valid() and form.cleaned_data["act"] != SHOW:
        try:
            return _said_no(request, pk, form)
        except commands.InvalidError as error:
            form.add_error(None, str(error))
    return _shown(request, pk, form, has_partners=bool(asked))


@desk
def taking_anyway(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    form = TakingAnywayForm(request.POST or None)
    if form.is_valid():
        try:
            change = commands.take_anyway(
                actor=request.user,
                now=timezone.now(),
                key=form.cleaned_data["key"],
                opportunity_id=pk,
                reason=form.cleaned_data["reason"],
                limits=form.agreed(),
            )
        except commands.InvalidError as error:
            form.add_error(None, str(error))
        else:
            tell(request, change, _("Festgehalten."))
            return redirect("opportunity", pk)
    words = {
        "title": _("Trotzdem nehmen"),
        "act": _("Festhalten"),
        "lead": _("Manchmal muss man. Dann mit Grenzen, die beide kennen."),
    }
    context = {**_about(pk, about.name), **words, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "desk/taking_anyway.html", context, status=status)


@desk
@require_POST
def limits_offered(request: Request, pk: int) -> HttpResponseBase:
    try:
        commands.put_limits_into_offer(actor=request.user, now=timezone.now(), opportunity_id=pk)
    except commands.OnTheWayError:
        messages.error(request, _("Das Angebot ist schon unterwegs und bleibt, wie es ist."))
        return redirect("opportunity", pk)
    except commands.InvalidError as error:
        messages.error(request, str(error))
        return redirect("opportunity", pk)
    messages.success(request, _("Die Grenzen stehen jetzt im Angebot, vor dem Schluss."))
    return redirect("offer-writing", pk)


def _said_no(request: Request, pk: int, form: RefusalForm) -> HttpResponseBase:
    chosen = form.chosen()
    if form.cleaned_data["act"] == MAIL:
        commands.begin_refusal(actor=request.user, opportunity_id=pk, chosen=chosen)
        return redirect(_mail_address(pk, chosen))
    change = commands.refuse(
        actor=request.user,
        now=timezone.now(),
        key=form.cleaned_data["key"],
        opportunity_id=pk,
        chosen=chosen,
    )
    tell(request, change, _("Abgesagt und abgeschlossen."))
    return redirect("opportunity", pk)


def _shown(request: Request, pk: int, form: RefusalForm, *, has_partners: bool) -> HttpResponseBase:
    page = queries.refusal(request.user, pk, form.chosen(), now=timezone.now())
    if not page.text:  # after an objection nothing is to be said any more
        return redirect("opportunity", pk)
    context = {**_about(pk, page.name), "form": form, "page": page, "has_partners": has_partners}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/refusal.html", context, status=status)


def _about(pk: int, name: str) -> dict[str, Any]:
    return {"back": reverse("opportunity", args=[pk]), "back_name": name, "pk": pk}


def _mail_address(pk: int, chosen: Chosen) -> str:
    asked = {"step": StepKind.DECLINE.value, "say": chosen.key}
    return f"{reverse('mail', args=[pk])}?{urlencode(asked)}"
