"""The record of a prospect's consents, to take along."""

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nachhaken.desk import queries
from nachhaken.desk.exports import consents_csv, consents_json
from nachhaken.desk.folding import plain
from nachhaken.desk.views.acting import Request, desk


@desk
def as_csv(request: Request, pk: int) -> HttpResponseBase:
    name, records = queries.consent_records(request.user, pk, now=timezone.now())
    return _file(consents_csv(records), "text/csv; charset=utf-8", name, "csv")


@desk
def as_json(request: Request, pk: int) -> HttpResponseBase:
    name, records = queries.consent_records(request.user, pk, now=timezone.now())
    return _file(consents_json(name, records), "application/json", name, "json")


def _file(content: bytes, kind: str, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    file = f"{slugify(plain(_('Einwilligungen') + ' ' + name))}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "private, no-store"
    return response
