"""Kunden."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import PostalAddressForm, ReachForm, new_key
from nachhaken.desk.views.acting import Request, back_to, desk, number, page_number, tell


@desk
def prospects(request: Request) -> HttpResponseBase:
    page = queries.prospect_list(request.user, search=_search(request), page=page_number(request))
    return render(request, "desk/prospects.html", {"page": page})


@desk
def prospect(request: Request, pk: int) -> HttpResponseBase:
    page = queries.prospect(request.user, pk, now=timezone.now())
    if page.id != pk:
        return redirect("prospect", page.id)
    context = {"page": page, "key": new_key(), "dream": queries.dream_match(request.user, pk)}
    return render(request, "desk/prospect.html", context)


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
def reach(request: Request, pk: int, person: int) -> HttpResponseBase:
    page = queries.prospect(request.user, pk, now=timezone.now())
    row = next((one for one in page.people if one.id == person), None)
    if row is None:
        raise Http404
    form = ReachForm(request.POST or None, initial={"mail": row.mail, "phone": row.phone})
    if form.is_valid() and _reached(request, form, pk, person):
        return redirect("prospect", pk)
    context = {
        "form": form,
        "title": _("So erreichen Sie %(who)s") % {"who": row.name or row.mail},
        "act": _("Merken"),
        "back": reverse("prospect", args=[pk]),
        "back_name": page.name,
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


def _reached(request: Request, form: ReachForm, pk: int, person: int) -> bool:
    try:
        commands.reach_person(
            actor=request.user,
            now=timezone.now(),
            prospect_id=pk,
            person_id=person,
            **form.cleaned_data,
        )
    except commands.InvalidError as error:
        form.add_error("mail", str(error))
        return False
    messages.success(request, _("Gemerkt."))
    return True


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


def _search(request: Request) -> str:
    return request.GET.get("q", "").strip()[:200]
