"""The palette: any opportunity, prospect or page from a few letters."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from nachhaken.desk import queries
from nachhaken.desk.folding import fold
from nachhaken.desk.models import User
from nachhaken.desk.places import PLACES
from nachhaken.desk.views.acting import Request, desk

Found = tuple[str, str, str]
_MOST = 6


@desk
def palette(request: Request) -> HttpResponseBase:
    q = request.GET.get("q", "").strip()[:100]
    found = _pages(q) + (_opportunities(request.user, q) + _prospects(request.user, q) if q else [])
    is_piece = bool(request.htmx)  # type: ignore[attr-defined]
    template = "desk/_found.html" if is_piece else "desk/palette.html"
    response = render(request, template, {"found": found, "q": q})
    response["Vary"] = "HX-Request"
    return response


@desk
def more(request: Request) -> HttpResponseBase:
    return render(request, "desk/more.html")


def _pages(q: str) -> list[Found]:
    known = [(str(place.name), str(place.about), place.page) for place in PLACES]
    return [
        (name, about, reverse(page))
        for name, about, page in known
        if fold(q) in fold(f"{name} {about}")
    ]


def _opportunities(user: User, q: str) -> list[Found]:
    rows = queries.opportunity_list(user, search=q, state="all").rows[:_MOST]
    return [(row.prospect, row.title, reverse("opportunity", args=[row.id])) for row in rows]


def _prospects(user: User, q: str) -> list[Found]:
    rows = queries.prospect_list(user, search=q).rows[:_MOST]
    return [(row.name, _("Kunde"), reverse("prospect", args=[row.id])) for row in rows]
