"""What every request is wrapped into."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from nachhaken.desk.busy import is_busy
from nachhaken.desk.preferences import read_once
from nachhaken.desk.views.faults import busy

Answer = Callable[[HttpRequest], HttpResponseBase]


def settings_once(get_response: Answer) -> Answer:
    """Read the settings once for a page that only shows; what writes must see its own writing."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with read_once():
            return get_response(request)

    return answer


class CalmWhenBusy:
    """Answer with a sentence where the database was held by somebody else for too long."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError) and is_busy(exception):
            return busy(request)
        return None
