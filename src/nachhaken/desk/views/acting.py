"""Who may come in, and what is said after something was done."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from nachhaken.desk import commands
from nachhaken.desk.models import User
from nachhaken.desk.templatetags.desk import RATES, WORKED
from nachhaken.desk.templatetags.words import next_step

P = ParamSpec("P")
_MOST_DIGITS = 15


class Request(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


def has_owner() -> bool:
    """Say whether anybody can come in."""
    return User.objects.filter(is_active=True).exists()


def desk(
    view: Callable[Concatenate[Request, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in who is logged in; on a fresh desk lead to the first start."""

    @wraps(view)
    def inside(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated and wants_json(request):
            return logged_out()
        if not request.user.is_authenticated:
            is_page = request.method == "GET"
            to_login = redirect_to_login(request.get_full_path() if is_page else "/")
            return to_login if has_owner() else redirect("start")
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except commands.NotFoundError as error:
            raise Http404 from error

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], inside)


def wants_json(request: HttpRequest) -> bool:
    """Say whether a program asks, such as the queue of outcomes on a telephone."""
    return request.headers.get("Accept", "").partition(",")[0].strip() == "application/json"


def logged_out() -> JsonResponse:
    return JsonResponse({"state": "logged_out"}, status=401)


def tell(
    request: HttpRequest,
    change: commands.Change,
    done: str,
    *,
    is_work: bool = True,
    asks_fit: bool = False,
) -> None:
    """Say what was done and what it changed; the toast offers to take it back.

    What was work on an opportunity can be given its time with a tap; after the first talk
    (`asks_fit`) another tap leads to how the customer fits.
    """
    entry = str(change.entry_id or "")
    offers = f"{entry} {WORKED}" if entry and is_work and change.opportunity_id else entry
    if offers and asks_fit:
        offers += f" {RATES}{change.opportunity_id}"
    messages.success(request, told(change, done), extra_tags=offers)


def told(change: commands.Change, done: str) -> str:
    before, after = change.before, change.after
    parts = [done]
    if before and after and before.headline != after.headline:
        parts.append(
            _("Aus „%(before)s“ wird „%(after)s“.")
            % {"before": before.headline, "after": after.headline}
        )
    if after and after.due and (before is None or before != after):
        parts.append(next_step(after.step, after.due))
    return " ".join(parts)


def back_to(request: HttpRequest, fallback: str, *args: int) -> HttpResponse:
    """Return to the page that the form came from, if it is one of ours."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return redirect(asked)
    return redirect(fallback, *args)


def page_number(request: HttpRequest) -> int:
    return number(request.GET.get("page", "")) or 1


def number(text: str) -> int | None:
    """A number as it comes in an address; None for anything else and what no row can have."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
