"""The page of what reaches the user outside the desk: feed, calendar account, morning's list."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.caldav import CalDavError
from nachhaken.desk.forms import CalendarAccountForm, DetailForm, DigestForm, detail_of
from nachhaken.desk.forms.calendars import WeeklyForm
from nachhaken.desk.pages_calendars import AccountRow
from nachhaken.desk.views.acting import Request, desk

_WEEKLY = "id_weekly_%s"  # both forms of the page have an hour


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
def weekly(request: Request) -> HttpResponseBase:
    form = WeeklyForm(request.POST, auto_id=_WEEKLY)
    if not form.is_valid():
        return _page(request, status=422, weekly_form=form)
    commands.set_review(
        actor=request.user, now=timezone.now(), weekday=form.day, at=form.cleaned_data["at"]
    )
    is_off = form.day is None
    messages.success(
        request, _("Es kommt kein Wochenrückblick mehr.") if is_off else _("Gespeichert.")
    )
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


@desk
@require_POST
def account(request: Request) -> HttpResponseBase:
    form = CalendarAccountForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, account_form=form)
    known = form.cleaned_data
    try:
        found = commands.connect_calendar(
            actor=request.user,
            now=timezone.now(),
            address=known["address"],
            username=known["username"],
            password=known["password"],
            with_words=form.with_words,
        )
    except CalDavError as error:
        form.add_error(None, _problem(error))
        return _page(request, status=422, account_form=form)
    if len(found) > 1:
        return redirect("calendar-choice")
    messages.success(request, _connected())
    return redirect("calendars")


@desk
def choice(request: Request) -> HttpResponseBase:
    try:
        if request.method == "POST":
            commands.choose_calendar(actor=request.user, url=request.POST.get("url", ""))
            messages.success(request, _connected())
            return redirect("calendars")
        found = commands.calendars_there(actor=request.user)
    except (CalDavError, commands.InvalidError) as error:
        said = _problem(error) if isinstance(error, CalDavError) else _("Bitte einen wählen.")
        messages.error(request, said)
        return redirect("calendars")
    return render(request, "desk/calendar_choice.html", {"found": found})


@desk
@require_POST
def sync(request: Request) -> HttpResponseBase:
    fault = commands.sync_own_calendar(actor=request.user, now=timezone.now())
    if fault:
        messages.error(request, queries.calendar_problem(fault))
    else:
        messages.success(request, _("Ihr Kalender ist auf dem Stand."))
    return redirect("calendars")


@desk
def reading(request: Request) -> HttpResponseBase:
    try:
        if request.method == "POST":
            urls = request.POST.getlist("url")
            if commands.choose_reading(actor=request.user, urls=urls):
                return _read_now(request)
            messages.success(request, _("Es wird kein Kalender mehr gelesen."))
            return redirect("calendars")
        found = commands.calendars_there(actor=request.user)
    except CalDavError as error:
        messages.error(request, _problem(error))
        return redirect("calendars")
    chosen = queries.calendars_read(request.user)
    offered = [(one, one.url in chosen) for one in found]
    return render(request, "desk/calendar_reading.html", {"offered": offered})


@desk
@require_POST
def read_now(request: Request) -> HttpResponseBase:
    return _read_now(request)


@desk
@require_POST
def account_removed(request: Request) -> HttpResponseBase:
    if commands.disconnect_calendar(actor=request.user):
        messages.success(request, _("Getrennt; die Einträge sind aus dem Kalender genommen."))
    else:
        messages.success(
            request, _("Getrennt. Der Server antwortete nicht: Die Einträge stehen noch dort.")
        )
    return redirect("calendars")


def _read_now(request: Request) -> HttpResponseBase:
    fault = commands.read_own_calendars(actor=request.user, now=timezone.now())
    if fault:
        messages.error(request, queries.calendar_problem(fault))
    else:
        messages.success(request, _("Gelesen. Termine mit Ihren Kunden stehen im Verlauf."))
    return redirect("calendars")


def _connected() -> str:
    return _("Verbunden. Die nächsten Schritte stehen in einer Minute im Kalender.")


def _problem(error: CalDavError) -> str:
    said = queries.calendar_problem(error.fault)
    if error.where:
        advice = _("Wenn Sie ihm vertrauen, tragen Sie diese Adresse ein: %(address)s")
        said = f"{said} {advice % {'address': error.where}}"
    return said


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
        "account_form": CalendarAccountForm(initial=_known(shown.account)),
        "digest_form": DigestForm(initial={"at": shown.digest_at}),
        "weekly_form": WeeklyForm(initial=_weekly(shown.review_at), auto_id=_WEEKLY),
    }
    return render(request, "desk/calendars.html", context | more, status=status)


def _weekly(hour: tuple[int, time] | None) -> dict[str, Any]:
    return {"weekday": str(hour[0]), "at": hour[1]} if hour else {"weekday": ""}


def _known(account: AccountRow | None) -> dict[str, Any] | None:
    """What may be shown of the account: its password never."""
    if account is None:
        return None
    named = {"address": account.address, "username": account.username}
    return named | detail_of(with_words=account.with_words)
