"""Briefkopf: what stands on the own paper, with a look at it."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nachhaken.desk import commands
from nachhaken.desk.documents import PDF, DocumentError
from nachhaken.desk.forms import LetterheadForm
from nachhaken.desk.letterhead import Letterhead, missing
from nachhaken.desk.letterhead import letterhead as present
from nachhaken.desk.pages_offers import OfferPaper
from nachhaken.desk.paper_sample import sample_offer
from nachhaken.desk.printing import offer_pages, offer_pdf
from nachhaken.desk.views.acting import Request, desk
from nachhaken.desk.views.documents import handed_out

_PPI = 110


@desk
def letterhead(request: Request) -> HttpResponseBase:
    paper = present()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LetterheadForm(*given, initial={**asdict(paper), "logo": None})
    if form.is_valid() and _kept(request, form, paper):
        messages.success(request, _("Briefkopf gespeichert."))
        return redirect("letterhead")
    context = {"form": form, "missing": missing(paper), "has_logo": bool(paper.logo)}
    return render(request, "desk/letterhead.html", context, status=422 if form.is_bound else 200)


@desk
def preview(request: Request) -> HttpResponseBase:
    page = offer_pages(_sample(request), present(), ppi=_PPI)[0]
    response = HttpResponse(page, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


@desk
def sample(request: Request) -> HttpResponseBase:
    raw = offer_pdf(_sample(request), present())
    return handed_out(raw, name=f"{_('Muster')}.pdf", media_type=PDF)


def _kept(request: Request, form: LetterheadForm, before: Letterhead) -> bool:
    """Keep what the form says; what cannot be kept goes into the form."""
    cleaned = form.cleaned_data
    logo, is_bare = cleaned.pop("logo"), cleaned.pop("without_logo")
    paper = Letterhead(**cleaned, logo="" if is_bare else before.logo)
    file = (logo.raw, logo.name, logo.media_type) if logo else None
    try:
        commands.set_letterhead(paper, actor=request.user, now=timezone.now(), logo=file)
    except DocumentError as error:
        form.add_error("logo", str(error))
        return False
    return True


def _sample(request: Request) -> OfferPaper:
    return sample_offer((get_language() or "de")[:2], str(request.user), timezone.localdate())
