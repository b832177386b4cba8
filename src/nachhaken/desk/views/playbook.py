"""The playbook, and own versions of its lines."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.playbook import OwnScriptForm
from nachhaken.desk.models import OwnScript
from nachhaken.desk.playbook_words import REFUSALS, VOICES
from nachhaken.desk.views.acting import Request, back_to, desk
from nachhaken.playbook.values import Voice

_SAID = ("text", "angle", "scene", "nth", "voice")


@desk
def playbook(request: Request) -> HttpResponseBase:
    page = queries.playbook(
        request.user,
        part=request.GET.get("part", ""),
        voice=request.GET.get("voice", ""),
        search=request.GET.get("q", "").strip()[:100],
    )
    return render(request, "desk/playbook.html", {"page": page, "voices": list(VOICES.items())})


@desk
def script_new(request: Request) -> HttpResponseBase:
    asked = request.GET.get("voice", "")
    voice = Voice(asked) if asked in set(Voice) else queries.usual_voice()
    begun = queries.script_text(request.GET.get("from", ""), voice)
    initial = {"scene": request.GET.get("scene", ""), "voice": voice.value, "text": begun}
    form = OwnScriptForm(request.POST or None, initial=initial)
    if form.is_valid():
        return _written(request, form)
    words = {"title": _("Eigene Fassung"), "act": _("Hinzufügen")}
    return _form(request, form, words, _address(initial["scene"], voice))


@desk
def script(request: Request, pk: int) -> HttpResponseBase:
    row = OwnScript.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    initial = {name: str(getattr(row, name)) for name in _SAID} | {"scene": row.about}
    form = OwnScriptForm(request.POST or None, initial=initial)
    if form.is_valid():
        if not set(form.changed_data) & set(_SAID):
            return redirect(_address(row.scene or REFUSALS, Voice(row.voice)))
        commands.retire_script(actor=request.user, now=timezone.now(), script_id=pk)
        return _written(request, form)
    lead = _("Eine andere Fassung zählt neu: Was mit der alten war, bleibt wahr.")
    words = {"title": _("Fassung ändern"), "act": _("Ändern"), "lead": lead}
    return _form(request, form, words, _address(row.scene or REFUSALS, Voice(row.voice)))


@desk
@require_POST
def script_retired(request: Request, pk: int) -> HttpResponseBase:
    commands.retire_script(actor=request.user, now=timezone.now(), script_id=pk)
    messages.success(request, _("Zurückgezogen."), extra_tags=f"script-{pk}")
    return back_to(request, "playbook")


@desk
@require_POST
def script_returned(request: Request, pk: int) -> HttpResponseBase:
    commands.restore_script(actor=request.user, script_id=pk)
    messages.success(request, _("Wieder dabei."))
    return back_to(request, "playbook")


def _written(request: Request, form: OwnScriptForm) -> HttpResponseBase:
    said = form.cleaned_data
    row = commands.write_script(
        actor=request.user,
        now=timezone.now(),
        key=said["key"],
        voice=Voice(said["voice"]),
        text=said["text"],
        nth=said["nth"],
        angle=said["angle"],
        **form.about(),
    )
    messages.success(request, _("Steht jetzt im Playbook."))
    return redirect(_address(row.scene or REFUSALS, Voice(row.voice)))


def _form(
    request: Request, form: OwnScriptForm, words: dict[str, Any], back: str
) -> HttpResponseBase:
    about = {"form": form, "form_class": "own-script", "back": back, "back_name": _("Playbook")}
    return render(request, "desk/form.html", {**about, **words})


def _address(part: str, voice: Voice) -> str:
    return f"{reverse('playbook')}?{urlencode({'part': part, 'voice': voice.value})}"
