"""What is agreed beside a call: goal, next step, rhythm, open points, key points, consent."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.opening import moment_of
from nachhaken.desk.forms.conversation import (
    KEPT,
    MOVED,
    AddressForm,
    CadenceForm,
    ConsentForm,
    DroppingForm,
    GoalForm,
    KeyPointForm,
    MentionForm,
    PinForm,
    PointForm,
    PointStateForm,
    WithdrawalForm,
)
from nachhaken.desk.models import Person
from nachhaken.desk.views.acting import Request, back_to, desk, tell
from nachhaken.terms import Channel, ConsentScope, StepKind
from nachhaken.timeline import CadenceSet, Consented, GoalSet, KeyPointSet, Pinned

Write = Callable[..., commands.Change]


@desk
def goal(request: Request, pk: int) -> HttpResponseBase:
    set_ = queries.newest(request.user, pk, "goal_set")
    known = {"goal": set_.goal, "minimum": set_.minimum} if isinstance(set_, GoalSet) else {}
    form = GoalForm(request.POST or None, initial=known)
    words = {"title": _("Ziel"), "act": _("Setzen"), "done": _("Ziel gesetzt.")}
    return _kept(request, pk, form, words=words, write=commands.set_goal)


@desk
def pin(request: Request, pk: int) -> HttpResponseBase:
    set_ = queries.newest(request.user, pk, "pinned")
    about = queries.heading(request.user, pk)
    chosen = set_.step if isinstance(set_, Pinned) else about.step
    asked = {"step": request.GET.get("step", chosen.value), "on": request.GET.get("on", "")}
    form = PinForm(request.POST or None, today=timezone.localdate(), initial=asked)
    words = {"title": _("Schritt festlegen"), "act": _("Festlegen"), "done": _("Festgelegt.")}

    def write(step: str, **asked: Any) -> commands.Change:
        return commands.pin_step(step=StepKind(step), **asked)

    return _kept(request, pk, form, words=words, write=write)


@desk
def cadence(request: Request, pk: int) -> HttpResponseBase:
    set_ = queries.newest(request.user, pk, "cadence_set")
    days = set_.workdays if isinstance(set_, CadenceSet) else ()
    known = {"workdays": ", ".join(str(number) for number in days)}
    form = CadenceForm(request.POST or None, initial=known)
    words = {
        "title": _("Eigener Rhythmus"),
        "lead": _("Nach dem Angebot und nach jedem weiteren Kontakt. Leer: der Fahrplan gilt."),
        "act": _("So machen"),
        "done": _("Rhythmus gemerkt."),
    }
    return _kept(request, pk, form, words=words, write=commands.set_cadence)


@desk
def points(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    form = PointForm(request.POST or None, on=timezone.localdate(), region=about.region)
    words = {"title": _("Offener Punkt"), "act": _("Merken"), "done": _("Punkt gemerkt.")}

    def write(side: str, **asked: Any) -> commands.Change:
        return commands.promise(by_us=side == "ours", **asked)

    return _kept(request, pk, form, words=words, write=write)


@desk
def point(request: Request, pk: int, entry: int) -> HttpResponseBase:
    pursuit = queries.opportunity(request.user, pk, now=timezone.now()).pursuit
    known = {point.id: point.what for point in pursuit.points}
    if entry not in known:
        raise commands.NotFoundError(f"point {entry}")
    form = PointStateForm(request.POST or None, initial={"state": request.GET.get("state", "")})
    words = {"title": _("Offener Punkt"), "lead": known[entry], "act": _("Festhalten")}
    words["done"] = _("Punkt festgehalten.")

    def write(state: str, due: Any, **asked: Any) -> commands.Change:
        if state == MOVED:
            return commands.move_promise(entry_id=entry, due=due, **asked)
        return commands.settle_promise(entry_id=entry, kept=state == KEPT, **asked)

    return _kept(request, pk, form, words=words, write=write)


@desk
def key_points(request: Request, pk: int) -> HttpResponseBase:
    form = KeyPointForm(request.POST or None)
    words = {"title": _("Schlüsselpunkt"), "act": _("Merken"), "done": _("Schlüsselpunkt gemerkt.")}

    def write(importance: str, **asked: Any) -> commands.Change:
        return commands.set_key_point(importance=float(importance or 1), **asked)

    return _kept(request, pk, form, words=words, write=write)


@desk
def key_point_dropped(request: Request, pk: int, entry: int) -> HttpResponseBase:
    fact = queries.noted(request.user, pk, entry, "key_point_set")
    words = {
        "title": _("Schlüsselpunkt fallen lassen"),
        "lead": fact.text if isinstance(fact, KeyPointSet) else "",
        "act": _("Fallen lassen"),
        "done": _("Wird nicht mehr wiederholt."),
    }

    def write(**asked: Any) -> commands.Change:
        return commands.drop_key_point(entry_id=entry, **asked)

    return _kept(request, pk, DroppingForm(request.POST or None), words=words, write=write)


@desk
def mentions(request: Request, pk: int) -> HttpResponseBase:
    form = MentionForm(request.POST or None)
    words = {"title": _("Über den Kunden"), "act": _("Merken"), "done": _("Gemerkt.")}
    return _kept(request, pk, form, words=words, write=commands.note_mentioned)


@desk
def consents(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    form = ConsentForm(request.POST or None, on=timezone.localdate(), region=about.region)
    words = {"title": _("Einwilligung"), "act": _("Festhalten")}
    words["done"] = _("Einwilligung festgehalten.")

    def write(**asked: Any) -> commands.Change:
        channel = asked["channel"]
        return commands.give_consent(
            actor=asked["actor"],
            now=asked["now"],
            key=asked["key"],
            opportunity_id=pk,
            words=asked["agreed"],
            heard_on=Channel(asked["heard_on"]),
            channel=Channel(channel) if channel else None,
            scope=ConsentScope(asked["scope"]),
            window=form.window(),
            at=moment_of(asked["heard"], asked["now"]),
        )

    return _kept(request, pk, form, words=words, write=write)


@desk
def withdrawal(request: Request, pk: int, entry: int) -> HttpResponseBase:
    fact = queries.noted(request.user, pk, entry, "consented")
    words = {
        "title": _("Einwilligung widerrufen"),
        "lead": fact.words if isinstance(fact, Consented) else "",
        "act": _("Widerruf festhalten"),
        "done": _("Widerruf festgehalten."),
    }

    def write(words: str, **asked: Any) -> commands.Change:
        return commands.withdraw_consent(entry_id=entry, words=words, **asked)

    return _kept(request, pk, WithdrawalForm(request.POST or None), words=words, write=write)


@desk
def address(request: Request, pk: int, person: int) -> HttpResponseBase:
    row = Person.objects.select_related("prospect").filter(pk=person, prospect=pk).first()
    if row is None:
        raise commands.NotFoundError(f"person {person}")
    known = {"tone": row.tone, "salutation": row.salutation}
    form = AddressForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        commands.address_person(
            actor=request.user,
            now=timezone.now(),
            prospect_id=pk,
            person_id=person,
            **form.cleaned_data,
        )
        messages.success(request, _("Anrede gemerkt."))
        return back_to(request, "prospect", pk)
    context = {
        "title": _("Anrede"),
        "lead": str(row),
        "act": _("Merken"),
        "back": reverse("prospect", args=[pk]),
        "back_name": row.prospect.name,
    }
    return _form(request, form, context)


def _kept(
    request: Request, pk: int, form: forms.Form, *, words: dict[str, str], write: Write
) -> HttpResponseBase:
    """Write what a valid form asks for, and ask where there is none."""
    about = queries.heading(request.user, pk)
    if form.is_valid():
        change = write(
            actor=request.user, now=timezone.now(), opportunity_id=pk, **form.cleaned_data
        )
        tell(request, change, words["done"])
        return back_to(request, "opportunity", pk)
    back = reverse("opportunity", args=[pk])
    return _form(request, form, {**words, "back": back, "back_name": about.name})


def _form(request: Request, form: forms.Form, context: dict[str, Any]) -> HttpResponseBase:
    status = 422 if form.is_bound else 200
    return render(request, "desk/form.html", {**context, "form": form}, status=status)
