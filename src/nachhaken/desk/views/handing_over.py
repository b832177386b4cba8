"""Übergeben: asking a colleague, answering, and how many open matters are enough."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.fields import new_key
from nachhaken.desk.forms.handing_over import HandOverForm, RoomForm
from nachhaken.desk.views.acting import Request, back_to, desk, tell


@desk
def hand_over(request: Request, pk: int) -> HttpResponseBase:
    page = queries.hand_over_page(request.user, pk)
    form = HandOverForm(request.POST or None, page=page)
    if form.is_valid():
        try:
            change = commands.ask_hand_over(
                actor=request.user,
                now=timezone.now(),
                key=form.cleaned_data["key"],
                opportunity_id=pk,
                to=int(form.cleaned_data["to"]),
                reason=form.cleaned_data["reason"],
                with_others=form.cleaned_data.get("with_others", False),
            )
        except commands.InvalidError:
            form.add_error(None, _("Hier ist schon jemand gefragt."))
        else:
            tell(request, change, _("Gefragt."), is_work=False)
            return redirect("opportunity", pk)
    context = {
        "title": _("Übergeben"),
        "act": _("Fragen"),
        "back": reverse("opportunity", args=[pk]),
        "back_name": f"{page.prospect} · {page.title}",
        "form": form,
        "page": page,
    }
    return render(request, "desk/hand_over.html", context, status=422 if form.is_bound else 200)


@desk
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    accepted = request.POST.get("accepted") == "yes"
    try:
        change = commands.answer_hand_over(
            actor=request.user,
            now=timezone.now(),
            key=request.POST.get("key") or new_key(),
            entry_id=pk,
            accepted=accepted,
            note=request.POST.get("note", ""),
        )
    except commands.InvalidError:
        messages.error(request, _("Darauf ist schon geantwortet."))
        return back_to(request, "today")
    tell(request, change, _("Übernommen.") if accepted else _("Abgelehnt."), is_work=False)
    return redirect("opportunity", change.opportunity_id) if accepted else back_to(request, "today")


@desk
def room(request: Request) -> HttpResponseBase:
    form = RoomForm(request.POST or None, initial={"most_open": request.user.most_open})
    if form.is_valid():
        commands.set_room(actor=request.user, most_open=form.cleaned_data["most_open"])
        messages.success(request, _("Gespeichert."))
        return redirect("room")
    context = {
        "form": form,
        "title": _("Wie viel Platz Sie haben"),
        "lead": _(
            "Danach schlägt Ihr Schreibtisch vor, wer einen Kunden übernimmt. Ein leeres Feld "
            "rechnet mit drei mehr, als Sie jetzt haben."
        ),
        "act": _("Speichern"),
        "back": reverse("settings"),
        "back_name": _("Einstellungen"),
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)
