"""What is said when something is not there, not allowed, broken or too old."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nachhaken.desk.views.acting import logged_out, wants_json

# What a person typed, as against what a form carries along.
_WRITTEN = (
    "note", "condition", "reason", "what", "title", "prospect", "person", "number", "line", "when",
    "mentioned", "consent_words", "words", "goal", "minimum", "text", "ours", "theirs",
)  # fmt: skip
_STALE = {"state": "stale_token"}
_BUSY = {"state": "busy"}
_OWN = {"csrfmiddlewaretoken", "password", "file"}
_ENTRANCES = {"/login/", "/start/"}
AGAIN_IN = 10  # seconds; a large import is written within these


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _said(
        request,
        404,
        _("Hier ist nichts"),
        _("Die Adresse stimmt nicht, oder was hier stand, gibt es nicht mehr."),
    )


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _said(request, 403, _("Das dürfen Sie nicht"), _("Dafür fehlt Ihnen das Recht."))


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    # Without the request: the database, and so the session, may be what is broken.
    said = {
        "title": _("Da ist etwas schiefgegangen"),
        "lead": _("Gespeichert wurde davon nichts. Versuchen Sie es bitte noch einmal."),
    }
    return HttpResponse(render_to_string("desk/error.html", said), status=500)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The token of a form did not fit: what was typed is offered for sending again.

    Only what came from our own page: else a stranger's form would need just one more click.
    """
    if wants_json(request):
        # After a new login the old token fits no more: what is to be sent fetches another one.
        return logged_out() if request.user.is_anonymous else JsonResponse(_STALE, status=403)
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    context = {"typed": _typed(request) if is_ours else [], "written": _WRITTEN}
    return render(request, "desk/csrf.html", context, status=403)


def busy(request: HttpRequest) -> HttpResponse:
    """The database was held by somebody else for too long: nothing is lost, and again is enough.

    A form that came with a file or at an entrance is filled in anew: neither is kept in a page.
    """
    if wants_json(request):
        return JsonResponse(_BUSY, status=503, headers={"Retry-After": str(AGAIN_IN)})
    context = {
        "is_shown": request.method == "GET",
        "typed": [] if request.FILES else _typed(request),
        "written": _WRITTEN,
    }
    answer = render(request, "desk/busy.html", context, status=503)
    answer["Retry-After"] = str(AGAIN_IN)
    return answer


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the form held, apart from secrets and files."""
    typed = request.POST.lists() if request.path not in _ENTRANCES else ()
    return [(name, str(value)) for name, values in typed if name not in _OWN for value in values]


def _said(request: HttpRequest, status: int, title: str, lead: str) -> HttpResponse:
    return render(request, "desk/error.html", {"title": title, "lead": lead}, status=status)
