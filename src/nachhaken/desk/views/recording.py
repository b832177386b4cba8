"""The outcome of a call, by hand or from the queue of a telephone, and outcomes set aside."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import CallForm
from nachhaken.desk.views.acting import Request, back_to, desk, tell, told, wants_json


@desk
def calls(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    form = CallForm(
        _sent(request),
        initial={"head": about.head, "step": about.step.value},
        on=timezone.localdate(),
        region=about.region,
        is_queued=wants_json(request),
    )
    if not form.is_valid():
        return _asked(request, about, form)
    done = commands.record_call(
        actor=request.user,
        now=timezone.now(),
        key=form.cleaned_data["key"],
        opportunity_id=pk,
        call=form.call(),
    )
    return _answer(pk, done) if wants_json(request) else _page(request, pk, done)


@desk
@require_POST
def acceptance(request: Request, pk: int) -> HttpResponseBase:
    change = commands.accept_set_aside(actor=request.user, now=timezone.now(), set_aside_id=pk)
    tell(request, change, _("Festgehalten."))
    return redirect("inbox")


@desk
@require_POST
def dismissal(request: Request, pk: int) -> HttpResponseBase:
    commands.dismiss_set_aside(actor=request.user, now=timezone.now(), set_aside_id=pk)
    messages.success(request, _("Verworfen."), extra_tags=f"set-aside-{pk}")
    return redirect("inbox")


@desk
@require_POST
def dismissal_undone(request: Request, pk: int) -> HttpResponseBase:
    commands.return_set_aside(actor=request.user, set_aside_id=pk)
    messages.success(request, _("Liegt wieder im Eingang."))
    return redirect("inbox")


def _sent(request: Request) -> QueryDict | None:
    """Return what was sent, as a form or as JSON; None for a question."""
    if request.method != "POST":
        return None
    if request.content_type != "application/json":
        return request.POST
    try:
        held = json.loads(request.body)
    except ValueError:
        held = None
    return _fields(held if isinstance(held, dict) else {})


def _fields(held: dict[str, Any]) -> QueryDict:
    fields = QueryDict(mutable=True)
    for name, value in held.items():
        values = value if isinstance(value, list) else [value]
        fields.setlist(name, [_plain(one) for one in values if one is not None])
    return fields


def _plain(value: Any) -> str:
    """A box that is not ticked is not sent by a form; here it says false."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


def _answer(pk: int, done: commands.Change | commands.PutAside) -> HttpResponseBase:
    if isinstance(done, commands.PutAside):
        state = "repeated" if done.is_settled else "set_aside"
        said = {"state": state, "notice": _notice(done), "url": _place(done)}
        return JsonResponse(said, status=200 if done.is_settled else 409)
    state = "repeated" if done.repeated else "stored"
    notice = told(done, _("Festgehalten."))
    url = reverse("opportunity", args=[pk])
    return JsonResponse({"state": state, "notice": notice, "url": url})


def _page(request: Request, pk: int, done: commands.Change | commands.PutAside) -> HttpResponseBase:
    if isinstance(done, commands.PutAside):
        messages.error(request, _notice(done))
        return redirect(_place(done))
    asks_fit = queries.was_first_talk(request.user, done)
    tell(request, done, _("Festgehalten."), asks_fit=asks_fit)
    return back_to(request, "opportunity", pk)


def _notice(done: commands.PutAside) -> str:
    if done.is_settled:
        return _("Darüber ist schon entschieden.")
    return f"{done.sentence} {_('Ihr Ergebnis wartet im Eingang, nichts ist verloren.')}"


def _place(done: commands.PutAside) -> str:
    if done.is_settled:
        return reverse("opportunity", args=[done.opportunity_id])
    return f"{reverse('inbox')}#fault-set_aside-{done.set_aside_id}"


def _asked(request: Request, about: queries.Heading, form: CallForm) -> HttpResponseBase:
    if form.is_bound and wants_json(request):
        return JsonResponse({"state": "refused", "errors": dict(form.errors)}, status=422)
    context = {
        "title": _("Was kam heraus?"),
        "form_class": "outcome",
        "form": form,
        "back": reverse("opportunity", args=[about.id]),
        "back_name": about.name,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/outcome_call.html", context, status=status)
