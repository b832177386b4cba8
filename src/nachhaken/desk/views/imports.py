"""Einlesen: a file is looked at first, then taken in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nachhaken.desk import commands
from nachhaken.desk.forms import ImportForm
from nachhaken.desk.views.acting import Request, desk
from nachhaken.desk.views.takeout import restored


@desk
def take_in(request: Request) -> HttpResponseBase:
    if token := request.POST.get("token", ""):
        return _confirmed(request, token)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "preview": None}
    if form.is_valid():
        file = form.cleaned_data["file"]
        if answer := restored(request, file):
            return answer
        try:
            context["preview"] = commands.preview_import(
                raw=file.read(), name=file.name, actor=request.user, now=timezone.now()
            )
        except commands.UnreadableError as error:
            form.add_error("file", str(error))
    status = 422 if form.errors else 200
    return render(request, "desk/import.html", context, status=status)


def _confirmed(request: Request, token: str) -> HttpResponseBase:
    now = timezone.now()
    try:
        imported = commands.confirm_import(token=token, actor=request.user, now=now)
    except commands.NotFoundError:
        messages.error(request, _("Die Datei liegt nicht mehr bereit. Bitte noch einmal wählen."))
        return redirect("import")
    messages.success(request, _told(imported))
    return redirect("inbox" if imported.unmatched else "today")


def _told(imported: commands.Imported) -> str:
    parts = [
        _("%(name)s übernommen: %(new)d neu, %(changed)d geändert, %(same)d schon bekannt.")
        % {
            "name": imported.name,
            "new": imported.new,
            "changed": imported.changed,
            "same": imported.same,
        }
    ]
    if left := len(imported.faults):
        text = ngettext("Eine Zeile blieb liegen.", "%(n)d Zeilen blieben liegen.", left)
        parts.append(text % {"n": left})
    if unwelcome := imported.objecting:
        parts.append(_no_contact(unwelcome))
    return " ".join(parts)


def _no_contact(customers: int) -> str:
    text = ngettext(
        "1 Kunde will keinen Kontakt: nichts geplant.",
        "%(n)s Kunden wollen keinen Kontakt: nichts geplant.",
        customers,
    )
    return text % {"n": customers}


@desk
@require_POST
def example(request: Request) -> HttpResponseBase:
    new = sum(file.new for file in commands.load_example(actor=request.user, now=timezone.now()))
    messages.success(
        request, _("Beispielbetrieb geladen: Metallbau Brandt, %(n)d Einträge.") % {"n": new}
    )
    return redirect("today")
