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
_OWN = {"csrfmiddlewaretoken", "password", "file"}


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
    is_login = request.path in {"/login/", "/start/"}
    typed = request.POST.lists() if is_ours and not is_login else ()
    fields = [(name, value) for name, values in typed if name not in _OWN for value in values]
    context = {"typed": fields, "written": _WRITTEN}
    return render(request, "desk/csrf.html", context, status=403)


def _said(request: HttpRequest, status: int, title: str, lead: str) -> HttpResponse:
    return render(request, "desk/error.html", {"title": title, "lead": lead}, status=status)
