"""Angebote: the list, one with its versions, and writing, adapting and sending it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, labels, queries
from nachhaken.desk.documents import PDF, DocumentError, check_size, keep_document
from nachhaken.desk.forms import new_key
from nachhaken.desk.forms.offers import HabitsForm, OfferForm, PositionRows, SentForm
from nachhaken.desk.models import Document, OfferDraft
from nachhaken.desk.offering import habits
from nachhaken.desk.pages_offers import OfferWriting
from nachhaken.desk.papers import document_of, file_name, pdf_of, rows_of
from nachhaken.desk.views.acting import Request, desk, number, page_number, tell
from nachhaken.desk.views.documents import handed_out
from nachhaken.plan.offers import OfferStatus
from nachhaken.terms import Channel, OutcomeKind

_REMOVE = "remove-"
_GOES_ON = {"send", "sent"}


@desk
def offers(request: Request) -> HttpResponseBase:
    page = queries.offer_list(
        request.user,
        now=timezone.now(),
        search=request.GET.get("q", "").strip()[:200],
        state=request.GET.get("state", "all"),
        page=page_number(request),
    )
    states = [("all", _("alle")), *((s.value, labels.word(labels.OFFERS[s])) for s in OfferStatus)]
    return render(request, "desk/offers.html", {"page": page, "states": states})


@desk
def offer(request: Request, pk: int) -> HttpResponseBase:
    page = queries.offer(request.user, pk, now=timezone.now())
    return render(request, "desk/offer.html", {"page": page, "key": new_key()})


@desk
def writing(request: Request, pk: int) -> HttpResponseBase:
    if request.method == "POST":
        return _written(request, pk)
    page = queries.offer_writing(request.user, pk, now=timezone.now())
    draft = queries.offer_draft(request.user, pk, now=timezone.now())
    typed = _Typed(OfferForm(initial=OfferForm.shown(draft)), PositionRows.of(draft))
    return _shown(request, page, typed)


@desk
def printed(request: Request, pk: int) -> HttpResponseBase:
    """What would go out, to be looked at before: the user's own PDF has an address of its own."""
    draft = queries.offer_draft(request.user, pk, now=timezone.now())
    raw = pdf_of(draft, now=timezone.now())
    return handed_out(raw, name=file_name(draft), media_type=PDF)


@desk
@require_POST
def adaptation(request: Request, pk: int) -> HttpResponseBase:
    commands.adapt_offer(
        actor=request.user,
        now=timezone.now(),
        opportunity_id=pk,
        based_on=number(request.POST.get("based_on", "")),
    )
    return redirect("offer-writing", pk)


@desk
def sending(request: Request, pk: int) -> HttpResponseBase:
    """Note that the offer went out by another way than the desk's own mail."""
    page = queries.offer_writing(request.user, pk, now=timezone.now())
    if page.draft_id is None:
        return redirect("offer-writing", pk)
    given = {"sent_on": timezone.localdate(), "with_paper": not page.document}
    form = SentForm(request.POST or None, initial=given)
    if form.is_valid():
        try:
            return _noted(request, page, form.cleaned_data)
        except (commands.InvalidError, DocumentError) as error:
            form.add_error(None, str(error))
        except commands.OnTheWayError:
            form.add_error(None, _on_the_way())
    context = {"page": page, "form": form, "title": _("Schon verschickt"), "act": _("Festhalten")}
    context |= {"back": reverse("offer-writing", args=[pk]), "back_name": _("Angebot")}
    status = 422 if form.is_bound else 200
    return render(request, "desk/offer_sending.html", context, status=status)


@desk
@require_POST
def removal(request: Request, pk: int) -> HttpResponseBase:
    try:
        draft = commands.drop_offer(actor=request.user, now=timezone.now(), opportunity_id=pk)
    except commands.OnTheWayError:
        messages.error(request, _on_the_way())
        return redirect("offer-writing", pk)
    if draft is not None:
        messages.success(request, _("Entwurf verworfen."), extra_tags=f"draft-{draft.pk}")
    return redirect("opportunity", pk)


@desk
@require_POST
def returned(request: Request, pk: int) -> HttpResponseBase:
    draft = commands.resume_offer(actor=request.user, draft_id=pk)
    messages.success(request, _("Der Entwurf ist wieder da."))
    return redirect("offer-writing", draft.opportunity_id)


@desk
@require_POST
def acceptance(request: Request, pk: int) -> HttpResponseBase:
    change = commands.close(
        actor=request.user,
        now=timezone.now(),
        key=request.POST.get("key", ""),
        opportunity_id=pk,
        outcome=OutcomeKind.WON,
    )
    tell(request, change, _("Angenommen: Auftrag erhalten."))
    return redirect("opportunity", pk)


@desk
def habits_set(request: Request) -> HttpResponseBase:
    known = habits()
    given = {"days": known.days, "opening": known.opening, "closing": known.closing}
    form = HabitsForm(request.POST or None, initial={**given, "five_rappen": known.five_rappen})
    if form.is_valid():
        typed = {f"offer_{name}": value for name, value in form.cleaned_data.items()}
        commands.prefer(actor=request.user, now=timezone.now(), **typed)
        messages.success(request, _("Gespeichert."))
        return redirect("offer-habits")
    context = {"form": form, "title": _("Neue Angebote"), "act": _("Speichern")}
    context |= {"back": reverse("settings"), "back_name": _("Einstellungen")}
    status = 422 if form.is_bound else 200
    return render(request, "desk/form.html", context, status=status)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands on the page: the head of the offer and its rows, and what became of it."""

    form: OfferForm
    rows: PositionRows
    is_older: bool = False


def _written(request: Request, pk: int) -> HttpResponseBase:
    """Keep what can be kept, then do what the button says; a fault keeps everything on the page."""
    act = request.POST.get("act", "")
    form, rows = OfferForm(request.POST, request.FILES), _rows(request.POST, act)
    is_whole = form.is_valid() and rows.is_valid()
    is_older = False
    try:
        _keep(request, pk, form, rows, act=act)
    except commands.OlderError:
        is_older = True
    except commands.OnTheWayError:
        form.add_error(None, _on_the_way())
    page = queries.offer_writing(request.user, pk, now=timezone.now())
    is_kept = is_whole and not is_older and not form.errors
    if act in _GOES_ON and is_kept and not page.missing:
        return _goes_on(page, act)
    if act == "save" and is_kept:
        messages.success(request, _("Gespeichert."))
        return redirect("offer-writing", pk)
    is_fault = not is_kept or act in _GOES_ON
    return _shown(request, page, _Typed(form, rows, is_older), is_fault=is_fault)


def _rows(data: QueryDict, act: str) -> PositionRows:
    without = act.removeprefix(_REMOVE) if act.startswith(_REMOVE) else ""
    return PositionRows.posted(data, without=without, more=act == "add")


def _keep(request: Request, pk: int, form: OfferForm, rows: PositionRows, *, act: str) -> None:
    typed = form.typed()
    if rows.is_valid():
        typed["positions"] = rows_of(rows.positions())
    if act == "remove-document":
        typed["document"] = None
    if document := _uploaded(request, form):
        typed["document"] = document
    commands.write_offer(
        actor=request.user,
        now=timezone.now(),
        opportunity_id=pk,
        typed=typed,
        seen=None if act == "overwrite" else request.POST.get("seen", ""),
    )


def _uploaded(request: Request, form: OfferForm) -> Document | None:
    file = form.cleaned_data.get("document")
    if not file:
        return None
    try:
        check_size(file.size)
        return keep_document(
            file.read(), name=file.name, media_type=PDF, actor=request.user, now=timezone.now()
        )
    except DocumentError as error:
        form.add_error("document", str(error))
        return None


def _goes_on(page: OfferWriting, act: str) -> HttpResponseBase:
    if act == "sent":
        return redirect("offer-sending", page.opportunity_id)
    return redirect(f"{reverse('mail', args=[page.opportunity_id])}?offer={page.draft_id}")


def _noted(request: Request, page: OfferWriting, asked: dict[str, Any]) -> HttpResponseBase:
    draft = queries.offer_draft(request.user, page.opportunity_id, now=timezone.now())
    change = commands.send_offer(
        actor=request.user,
        now=timezone.now(),
        key=asked["key"],
        opportunity_id=page.opportunity_id,
        draft_id=page.draft_id,
        channel=Channel(asked["channel"]),
        sent_on=asked["sent_on"],
        document=_document(request, draft, with_paper=asked["with_paper"]),
    )
    tell(request, change, _("Angebot als verschickt festgehalten."))
    return redirect("opportunity", page.opportunity_id)


def _document(request: Request, draft: OfferDraft, *, with_paper: bool) -> Document | None:
    if draft.document or with_paper:
        return document_of(draft, actor=request.user, now=timezone.now())
    return None


def _shown(
    request: Request, page: OfferWriting, typed: _Typed, *, is_fault: bool = False
) -> HttpResponse:
    context = {
        "page": page,
        "form": typed.form,
        "rows": typed.rows.rows,
        "is_older": typed.is_older,
        # What was refused on the way out is said beside the buttons, and only then.
        "is_refused": is_fault and bool(page.missing),
        "key": new_key(),
    }
    status = 422 if is_fault else 200
    return render(request, "desk/offer_writing.html", context, status=status)


def _on_the_way() -> str:
    return _(
        "Dieses Angebot liegt im Postausgang und ändert sich nicht mehr. Erst zurückholen, "
        "dann weiterschreiben."
    )
