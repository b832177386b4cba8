"""Kunden and Angebote."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import PostalAddressForm, new_key
from nachhaken.desk.views.acting import Request, back_to, desk, number, page_number, tell


@desk
def prospects(request: Request) -> HttpResponseBase:
    page = queries.prospect_list(request.user, search=_search(request), page=page_number(request))
    return render(request, "desk/prospects.html", {"page": page})


@desk
def prospect(request: Request, pk: int) -> HttpResponseBase:
    page = queries.prospect(request.user, pk, now=timezone.now())
    return render(request, "desk/prospect.html", {"page": page, "key": new_key()})


@desk
def postal_address(request: Request, pk: int) -> HttpResponseBase:
    page = queries.prospect(request.user, pk, now=timezone.now())
    form = PostalAddressForm(request.POST or None, initial={"address": page.address})
    if form.is_valid():
        commands.set_postal_address(
            actor=request.user, prospect_id=pk, address=form.cleaned_data["address"]
        )
        messages.success(request, _("Anschrift gemerkt."))
        return redirect("prospect", pk)
    context = {
        "form": form,
        "title": _("Anschrift"),
        "act": _("Merken"),
        "back": reverse("prospect", args=[pk]),
        "back_name": page.name,
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


@desk
@require_POST
def opt_out(request: Request, pk: int) -> HttpResponseBase:
    change = commands.opt_out(
        actor=request.user,
        now=timezone.now(),
        key=request.POST.get("key", ""),
        prospect_id=pk,
        person_id=number(request.POST.get("person", "")),
        reason=request.POST.get("reason", "").strip()[:200],
    )
    tell(request, change, _("Widerspruch gemerkt: kein Kontakt mehr."))
    return back_to(request, "prospect", pk)


@desk
def offers(request: Request) -> HttpResponseBase:
    page = queries.offer_list(
        request.user, now=timezone.now(), search=_search(request), page=page_number(request)
    )
    return render(request, "desk/offers.html", {"page": page})


def _search(request: Request) -> str:
    return request.GET.get("q", "").strip()[:200]
