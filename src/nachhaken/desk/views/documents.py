"""Documents, handed out as files and never shown as a page of ours."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from nachhaken.desk import queries
from nachhaken.desk.documents import MissingFileError, bytes_of
from nachhaken.desk.views.acting import Request, desk


@desk
def document(request: Request, sha256: str) -> HttpResponseBase:
    row = queries.document(request.user, sha256)
    try:
        return handed_out(bytes_of(row), name=row.name, media_type=row.media_type)
    except MissingFileError:
        said = {
            "title": _("Die Datei fehlt"),
            "lead": _(
                "„%(name)s“ ist bekannt, aber liegt nicht mehr im Ordner der Dokumente, oder sie "
                "wurde verändert. Vielleicht liegt sie in einer Sicherung."
            )
            % {"name": row.name},
        }
        return render(request, "desk/error.html", said, status=404)


def handed_out(raw: bytes, *, name: str, media_type: str, is_shown: bool = False) -> HttpResponse:
    """A file that came from outside: saved, and even when opened it may do nothing here."""
    response = HttpResponse(raw, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
