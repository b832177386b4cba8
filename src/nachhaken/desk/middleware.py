"""What every request is wrapped into."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from nachhaken.desk.preferences import read_once

Answer = Callable[[HttpRequest], HttpResponseBase]


def settings_once(get_response: Answer) -> Answer:
    """Read the settings once for a page that only shows; what writes must see its own writing."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with read_once():
            return get_response(request)

    return answer
