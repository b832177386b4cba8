"""The feed that a calendar program reads: no login, only the address that nobody else knows."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from nachhaken.desk import calendars, commands, queries
from nachhaken.desk.preferences import own_zone


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    found = queries.feed_of(token)
    if found is None:
        return HttpResponse("404\n", content_type="text/plain", status=404)
    now = timezone.now()
    commands.note_feed_read(user=found.user, now=now)
    with override(found.user.language or "de"):
        name = _("Nachhaken: nächste Schritte")
        items = queries.calendar_items(found.user, now=now, with_words=found.with_words)
    mark = f'"{calendars.mark_of(items, name=name)}"'
    response = get_conditional_response(request, etag=mark)
    if response is None:
        raw = calendars.feed(items, name=name, zone=own_zone())
        response = HttpResponse(raw, content_type="text/calendar; charset=utf-8")
    response["ETag"] = mark
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    return response
