"""The page of what reaches the user outside the desk: feed, calendar account, morning's list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import DetailForm, DigestForm, detail_of
from nachhaken.desk.views.acting import Request, desk


@desk
def page(request: Request) -> HttpResponseBase:
    return _page(request)


@desk
@require_POST
def digest(request: Request) -> HttpResponseBase:
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, digest_form=form)
    at = form.cleaned_data["at"]
    commands.set_digest(actor=request.user, now=timezone.now(), at=at)
    messages.success(request, _("Gespeichert.") if at else _("Es kommt keine Morgenliste mehr."))
    return redirect("calendars")


@desk
@require_POST
def alarm_seen(request: Request, pk: int) -> HttpResponseBase:
    commands.put_away_alarm(actor=request.user, now=timezone.now(), digest_id=pk)
    return redirect("today")


@desk
@require_POST
def feed(request: Request) -> HttpResponseBase:
    form = DetailForm(request.POST)
    match request.POST.get("act"):
        case "revoke":
            commands.revoke_feed(actor=request.user)
            messages.success(request, _("Die Adresse gilt nicht mehr."))
        case "show" if form.is_valid():
            commands.show_in_feed(actor=request.user, with_words=form.with_words)
            messages.success(request, _("Gespeichert."))
        case "make" if form.is_valid():
            return _made(request, with_words=form.with_words)
    return redirect("calendars")


def _made(request: Request, *, with_words: bool) -> HttpResponse:
    """Show the new address at once and in no other place: the desk does not keep it."""
    now = timezone.now()
    token = commands.make_feed(actor=request.user, now=now, with_words=with_words)
    fresh = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    webcal = "webcal:" + fresh.partition(":")[2]
    response = _page(request, fresh=fresh, webcal=webcal)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: Request, status: int = 200, **more: Any) -> HttpResponse:
    shown = queries.calendars_page(request.user)
    feed = detail_of(with_words=shown.feed.with_words) if shown.feed else None
    context = {
        "page": shown,
        "feed_form": DetailForm(initial=feed),
        "digest_form": DigestForm(initial={"at": shown.digest_at}),
    }
    return render(request, "desk/calendars.html", context | more, status=status)
