"""Putting a step off from the telephone: a link shows the page, and only its form does anything."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import SnoozeForm
from nachhaken.desk.later import ExpiredError, ForgedError
from nachhaken.desk.pages_calendars import LaterPage

View = Callable[[HttpRequest, str, LaterPage], HttpResponse]


def _linked(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Let in who holds a link, in the language of its user."""

    @wraps(view)
    def inside(request: HttpRequest, token: str) -> HttpResponse:
        try:
            page = queries.later_page(token, now=timezone.now())
            with override(page.language):
                response = view(request, token, page)
        except ExpiredError:
            response = _said(request, _("Dieser Link ist abgelaufen"), _expired())
        except ForgedError:
            response = _said(request, _("Dieser Link stimmt nicht"), _forged())
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return inside


@require_http_methods(["GET", "HEAD", "POST"])
@_linked
def later(request: HttpRequest, token: str, page: LaterPage) -> HttpResponse:
    if page.put_off_until or not page.is_planned:
        return _page(request, token, page)
    form = SnoozeForm(request.POST or None, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, token, page, form=form)
    with suppress(commands.MovedOnError):  # the page says so
        commands.snooze_by_link(
            token=token,
            now=timezone.now(),
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
        )
    return redirect("later", token)


@require_POST
@_linked
def undone(request: HttpRequest, token: str, page: LaterPage) -> HttpResponse:  # noqa: ARG001
    if page.put_off_until:
        commands.undo_by_link(token=token, now=timezone.now())
    return redirect("later", token)


def _page(
    request: HttpRequest, token: str, page: LaterPage, form: SnoozeForm | None = None
) -> HttpResponse:
    context = {"page": page, "form": form, "token": token}
    return render(
        request, "desk/later.html", context, status=422 if form and form.is_bound else 200
    )


def _said(request: HttpRequest, title: str, lead: str) -> HttpResponse:
    return render(request, "desk/error.html", {"title": title, "lead": lead}, status=410)


def _expired() -> str:
    return _("Er galt drei Tage. Am Tisch unter Heute legen Sie den Schritt jederzeit auf später.")


def _forged() -> str:
    return _("Vielleicht fehlt ein Stück. Bitte öffnen Sie ihn noch einmal aus der Mail.")
