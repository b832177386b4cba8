"""Above a rule with a reason in writing, own limits, the law as it is read, the block list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.limits import LiftForm, LimitsForm, OverruleForm
from nachhaken.desk.preferences import preferences
from nachhaken.desk.views.acting import Request, back_to, desk, tell
from nachhaken.terms import Channel


@desk
def overruling(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    if request.method != "POST":
        return redirect("opportunity", pk)
    form = OverruleForm(request.POST)
    if form.is_valid():
        try:
            change = commands.overrule(
                actor=request.user,
                now=timezone.now(),
                key=form.cleaned_data["key"],
                opportunity_id=pk,
                rule=form.cleaned_data["rule"],
                channel=Channel(form.cleaned_data["channel"]),
                reason=form.cleaned_data["reason"],
            )
        except commands.InvalidError as error:
            form.add_error("reason", str(error))
        else:
            tell(request, change, _("Festgehalten, mit Ihrem Namen."))
            return back_to(request, "opportunity", pk)
    context: dict[str, Any] = {
        "form": form,
        "title": _("Trotzdem, mit Begründung"),
        "act": _("Auf meine Verantwortung"),
        "back": reverse("opportunity", args=[pk]),
        "back_name": about.name,
    }
    return render(request, "desk/form.html", context, status=422)


@desk
def limits(request: Request) -> HttpResponseBase:
    form = LimitsForm(request.POST or None, initial=_present())
    if form.is_valid():
        cleaned = dict(form.cleaned_data)
        reason = cleaned.pop("reason")
        try:
            commands.set_limits(
                actor=request.user,
                now=timezone.now(),
                limits=commands.Limits(**cleaned),
                reason=reason,
            )
        except commands.InvalidError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("limits")
    return _page(request, form, LiftForm())


@desk
@require_POST
def lifting(request: Request) -> HttpResponseBase:
    form = LiftForm(request.POST)
    if form.is_valid():
        try:
            commands.lift_block(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except commands.InvalidError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, _("Von der Sperrliste genommen."))
            return redirect("limits")
    return _page(request, LimitsForm(initial=_present()), form)


@desk
def law(request: Request) -> HttpResponseBase:
    page = queries.law(request.user, country=request.GET.get("country", ""))
    return render(request, "desk/law.html", {"page": page})


@desk
@require_POST
def number_check(request: Request, pk: int) -> HttpResponseBase:
    change = commands.check_number(
        actor=request.user,
        now=timezone.now(),
        key=request.POST.get("key", ""),
        prospect_id=pk,
        is_starred=request.POST.get("starred") == "yes",
    )
    tell(request, change, _("Nummer geprüft: festgehalten."))
    return redirect("prospect", pk)


def _present() -> dict[str, Any]:
    own = preferences()
    names = ("touches_per_week", "touches_per_month", "quiet_before", "quiet_after")
    return {name: getattr(own, name) for name in names}


def _page(request: Request, form: LimitsForm, lift: LiftForm) -> HttpResponseBase:
    context = {
        "form": form,
        "lift": lift,
        "raised": queries.raised_limits(request.user),
        "blocked": queries.blocked(request.user),
    }
    status = 422 if form.errors or lift.errors else 200
    return render(request, "desk/limits.html", context, status=status)
