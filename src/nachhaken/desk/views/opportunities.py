"""Vorgänge: the list, one opportunity, and what is done with it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.outcomes import taken
from nachhaken.desk.forms import (
    ClosingForm,
    DecisionForm,
    OpportunityForm,
    OutcomeForm,
    ReopenForm,
    SnoozeForm,
    new_key,
)
from nachhaken.desk.pages import OpportunityPage
from nachhaken.desk.pages_twins import SideRow
from nachhaken.desk.views.acting import Request, back_to, desk, number, page_number, tell
from nachhaken.terms import Channel, StepKind

_GIVEN = ("prospect", "title", "person", "mail")  # what a page that leads to a new one knows


@desk
def opportunities(request: Request) -> HttpResponseBase:
    page = queries.opportunity_list(
        request.user,
        search=request.GET.get("q", "").strip()[:200],
        state=request.GET.get("state", "open"),
        page=page_number(request),
    )
    states = [
        ("open", _("offen")),
        ("won", _("Auftrag")),
        ("lost", _("beendet")),
        ("all", _("alle")),
    ]
    return render(request, "desk/opportunities.html", {"page": page, "states": states})


@desk
def opportunity(request: Request, pk: int) -> HttpResponseBase:
    is_pane = getattr(request, "htmx", None) and request.htmx.target == "pane"  # type: ignore[attr-defined]
    page = _page(request, pk, ahead=request.GET.get("ahead") == "1")
    template = "desk/_pane.html" if is_pane else "desk/opportunity.html"
    response = render(request, template, {"page": page, "key": new_key()})
    response["Vary"] = "HX-Request, HX-Target"
    return response


@desk
def opportunity_new(request: Request) -> HttpResponseBase:
    given = {name: request.GET.get(name, "")[:200] for name in _GIVEN}
    form = OpportunityForm(request.POST or None, initial=given)
    known = _known(request, form)
    if form.is_valid() and not known:
        asked = form.cleaned_data
        change = commands.create_opportunity(
            actor=request.user,
            now=timezone.now(),
            amount_cents=asked.pop("amount"),
            known_id=number(request.POST.get("known", "")),
            **asked,
        )
        tell(request, change, _("Vorgang angelegt."))
        return redirect("opportunity", change.opportunity_id)
    words = {"title": _("Neuer Vorgang"), "act": _("Anlegen"), "back_name": _("Vorgänge")}
    context: dict[str, Any] = {**words, "back": reverse("opportunities"), "known": known}
    context["dream"] = queries.dream_match_named(request.user, given["prospect"])
    return _form(request, form, context, "desk/opportunity_new.html")


def _known(request: Request, form: OpportunityForm) -> tuple[SideRow, ...]:
    """Return who may be meant by the customer's name, asked once before a twin is made."""
    if not form.is_valid() or request.POST.get("asked") or request.POST.get("known"):
        return ()
    said = form.cleaned_data
    return queries.known_like(
        request.user,
        name=said["prospect"],
        place=said["place"],
        mail=said["mail"],
        phone=said["phone"],
        is_consumer=said["is_consumer"],
    )


@desk
def outcomes(request: Request, pk: int) -> HttpResponseBase:
    page = _page(request, pk)
    form = OutcomeForm(
        request.POST or None,
        step=page.step.kind,
        on=timezone.localdate(),
        region=queries.heading(request.user, pk).region,
        initial={"channel": str(page.step.channel or Channel.CALL)},
    )
    if form.is_valid():
        outcome = form.outcome()
        change = commands.record_outcome(
            actor=request.user,
            now=timezone.now(),
            opportunity_id=pk,
            step=taken(page.step.kind, outcome["channel"]),
            **outcome,
        )
        asks_fit = queries.was_first_talk(request.user, change)
        tell(request, change, _("Festgehalten."), asks_fit=asks_fit)
        return redirect("opportunity", pk)
    context = {"title": _("Was kam heraus?"), "form_class": "outcome", "lead": page.step.title}
    return _form(request, form, {**_about(page), **context}, "desk/outcome.html")


@desk
def snooze(request: Request, pk: int) -> HttpResponseBase:
    page = _page(request, pk)
    form = SnoozeForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        cleaned = form.cleaned_data
        change = commands.snooze(
            actor=request.user,
            now=timezone.now(),
            key=cleaned["key"],
            opportunity_id=pk,
            until=cleaned["until"],
            reason=cleaned["reason"],
        )
        tell(request, change, _("Auf später gelegt."))
        return redirect("today")
    words = {"title": _("Auf später legen"), "act": _("Später"), "form_class": "snooze"}
    return _form(request, form, {**_about(page), **words}, "desk/snooze.html")


@desk
def decision(request: Request, pk: int) -> HttpResponseBase:
    page = _page(request, pk)
    form = DecisionForm(request.POST or None, choices=page.step.choices)
    if form.is_valid():
        chosen = StepKind(form.cleaned_data["chosen"])
        change = commands.decide(
            actor=request.user,
            now=timezone.now(),
            key=form.cleaned_data["key"],
            opportunity_id=pk,
            chosen=chosen,
        )
        if chosen is StepKind.DECLINE:
            return redirect("refusal", pk)
        if chosen is StepKind.HAND_OVER and page.may_hand_over:
            return redirect("hand-over", pk)
        tell(request, change, _("So gemacht."))
        return redirect("opportunity", pk)
    words = {"title": _("Anders entscheiden"), "act": _("So machen"), "lead": page.step.title}
    return _form(request, form, {**_about(page), **words})


@desk
def closing(request: Request, pk: int) -> HttpResponseBase:
    page = _page(request, pk)
    if not page.is_open:
        return _reopening(request, page)
    form = ClosingForm(request.POST or None, initial={"outcome": request.GET.get("outcome", "")})
    if form.is_valid():
        change = commands.close(
            actor=request.user,
            now=timezone.now(),
            key=form.cleaned_data["key"],
            opportunity_id=pk,
            **form.ending(),
        )
        tell(request, change, _("Abgeschlossen."))
        return redirect("opportunity", pk)
    words = {"title": _("Abschließen"), "act": _("Abschließen"), "form_class": "closing"}
    return _form(request, form, {**_about(page), **words}, "desk/closing.html")


@desk
@require_POST
def gut(request: Request, pk: int) -> HttpResponseBase:
    change = commands.feel(
        actor=request.user,
        now=timezone.now(),
        key=request.POST.get("key", ""),
        opportunity_id=pk,
        dead_horse=request.POST.get("dead_horse") == "yes",
    )
    tell(request, change, _("Gefühl festgehalten."))
    return redirect("opportunity", pk)


@desk
@require_POST
def undo(request: Request, pk: int) -> HttpResponseBase:
    # Taking back twice is taking back once: the key follows from the entry.
    key = request.POST.get("key") or new_key()
    change = commands.undo(actor=request.user, now=timezone.now(), key=key, entry_id=pk)
    tell(request, change, _("Rückgängig gemacht."), is_work=False)
    if change.opportunity_id:
        return back_to(request, "opportunity", change.opportunity_id)
    return back_to(request, "prospect", change.prospect_id)


def _page(request: Request, pk: int, *, ahead: bool = False) -> OpportunityPage:
    return queries.opportunity(request.user, pk, now=timezone.now(), ahead=ahead)


def _about(page: OpportunityPage) -> dict[str, Any]:
    name = f"{page.prospect} · {page.title}"
    return {"back": reverse("opportunity", args=[page.id]), "back_name": name, "page": page}


def _form(
    request: HttpRequest,
    form: forms.Form,
    context: dict[str, Any],
    template: str = "desk/form.html",
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {**context, "form": form}, status=status)


def _reopening(request: Request, page: OpportunityPage) -> HttpResponseBase:
    ended = page.ended
    form = ReopenForm(request.POST or None, comeback=ended.comeback if ended else "")
    if form.is_valid():
        change = commands.reopen(
            actor=request.user,
            now=timezone.now(),
            key=form.cleaned_data["key"],
            opportunity_id=page.id,
            reason=form.why(),
        )
        tell(request, change, _("Wieder offen."))
        return redirect("opportunity", page.id)
    words = {"title": _("Wieder öffnen"), "act": _("Wieder öffnen")}
    return _form(request, form, {**_about(page), **words}, "desk/reopening.html")
