"""What a device needs to work without a network: worker, manifest, today's sheets, a token."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from nachhaken.desk import queries
from nachhaken.desk.shell import files, version
from nachhaken.desk.speech import local_date
from nachhaken.desk.templatetags.words import due
from nachhaken.desk.views.acting import Request, desk

_WORKER = ("store", "send", "worker")
_ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Serve the worker from the root, where it may see all pages.

    Its first line changes with every file that it keeps: so browsers take a new one.
    """
    made_of = version(get_language() or "de")
    known = {
        "version": made_of,
        "hashed": settings.STORAGES["staticfiles"]["BACKEND"].startswith("whitenoise"),
        "statics": settings.STATIC_URL,
        "offline": reverse("offline"),
        "shell": [*(static(file) for file in files()), reverse("offline")],
    }
    parts = [f"{static(f'desk/road/{name}.js')}?{made_of}" for name in _WORKER]
    text = f"self.ROAD = {json.dumps(known)};\nimportScripts(...{json.dumps(parts)});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    content = {
        "name": _("Nachhaken – dranbleiben an Angeboten"),
        "short_name": "Nachhaken",
        "description": _("Wer heute dran ist, steht gleich da."),
        "lang": get_language(),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FAF8F4",
        "theme_color": "#FAF8F4",
        "icons": _icons(),
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def offline(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    # Without the request: the page is kept on the device, so nobody's name or token is in it.
    return HttpResponse(render_to_string("desk/offline.html"))


@never_cache
@require_safe
@desk
def call_sheets(request: Request) -> HttpResponse:
    now = timezone.now()
    sheets = [
        {
            "url": reverse("call-sheet", args=[row.opportunity_id]),
            "head": row.head,
            "prospect": row.prospect,
            "step": row.step,
            "due": row.due.isoformat(),
            "due_words": due(row.due),
        }
        for row in queries.call_sheets(request.user, now=now)
    ]
    made_of = version(get_language() or "de")
    listed = {"user": request.user.pk, "version": made_of, "day": local_date(now).isoformat()}
    return JsonResponse({**listed, "sheets": sheets})


@never_cache
@require_safe
@desk
def csrf(request: Request) -> HttpResponse:
    """Say who is logged in, with a token for what is sent in that person's name."""
    return JsonResponse({"user": request.user.pk, "token": get_token(request)})


def _icons() -> list[dict[str, Any]]:
    drawn = {"src": static("desk/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return [drawn] + [
        {
            "src": static(f"desk/icon-{'' if purpose == 'any' else purpose + '-'}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in _ICONS
    ]
