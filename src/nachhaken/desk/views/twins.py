"""Doppelte: who may be one, side by side, made one, said to be two, and parted again."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.merging import PERSON_FIELDS, PROSPECT_FIELDS
from nachhaken.desk.forms import new_key
from nachhaken.desk.models import Merger
from nachhaken.desk.views.acting import Request, back_to, desk, page_number

_MERGING = {
    Merger.Table.PROSPECT.value: (commands.merge_prospects, PROSPECT_FIELDS),
    Merger.Table.PERSON.value: (commands.merge_people, PERSON_FIELDS),
}


@desk
def twins(request: Request) -> HttpResponseBase:
    page = queries.twins(request.user, page=page_number(request))
    return render(request, "desk/twins.html", {"page": page, "key": new_key()})


@desk
def twin(request: Request, table: str, one: int, other: int) -> HttpResponseBase:
    if request.method == "POST":
        return _merged(request, table, kept=one, gone=other)
    page = queries.twin(request.user, table, one, other)
    return render(request, "desk/twin.html", {"page": page, "key": new_key()})


def _merged(request: Request, table: str, *, kept: int, gone: int) -> HttpResponseBase:
    if table not in _MERGING:
        raise commands.NotFoundError(table)
    merge, fields = _MERGING[table]
    try:
        merge(
            actor=request.user,
            now=timezone.now(),
            key=request.POST.get("key") or new_key(),
            kept_id=kept,
            gone_id=gone,
            taken={name: request.POST.get(name, "") for name in fields},
        )
    except commands.InvalidError as error:
        messages.error(request, str(error))
        return redirect("twins")
    messages.success(
        request, _("Zusammengeführt. Auf der Seite des Kunden können Sie es wieder trennen.")
    )
    return back_to(request, "twins")


@desk
@require_POST
def apart(request: Request, table: str, one: int, other: int) -> HttpResponseBase:
    commands.keep_apart(actor=request.user, now=timezone.now(), table=table, one=one, other=other)
    messages.success(request, _("Gemerkt: Das sind zwei. Unten können Sie es zurücknehmen."))
    return back_to(request, "twins")


@desk
@require_POST
def asked_again(request: Request, pk: int) -> HttpResponseBase:
    commands.ask_again(actor=request.user, apart_id=pk)
    return back_to(request, "twins")


@desk
@require_POST
def parting(request: Request, pk: int) -> HttpResponseBase:
    commands.part(actor=request.user, now=timezone.now(), merger_id=pk)
    messages.success(request, _("Wieder getrennt: Jeder hat, was vorher seines war."))
    return back_to(request, "twins")
