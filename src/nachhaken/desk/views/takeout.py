"""Alles mitnehmen, Auskunft, and everything in again."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import login as log_in
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nachhaken.desk import commands, incoming
from nachhaken.desk.folding import plain
from nachhaken.desk.preferences import company
from nachhaken.desk.takeout.whole import export_all, export_prospect
from nachhaken.desk.views.acting import Request, desk
from nachhaken.sources.kind import HEAD, Kind, kind_of

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@desk
def takeout(request: Request) -> HttpResponseBase:
    return render(request, "desk/takeout.html")


@desk
def everything(request: Request) -> HttpResponseBase:
    now = timezone.now()
    return _archive(export_all(user=request.user, now=now), f"nachhaken {company()}", now)


@desk
def prospect(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    name, chunks = export_prospect(user=request.user, prospect_id=pk, now=now)
    return _archive(chunks, f"{_('Auskunft')} {name}", now)


def restored(request: Request, file: "UploadedFile[bytes]") -> HttpResponse | None:
    """Take in the export of a desk that was uploaded; None where the file is something else."""
    if kind_of(file.read(HEAD), file.name or "") is not Kind.EXPORT:
        file.seek(0)
        return None
    file.seek(0)
    try:
        done = _restored(request, file)
    except incoming.DiskFullError:
        messages.error(request, _("Für diese Datei ist auf der Platte kein Platz."))
        return redirect("import")
    except commands.RestoreError as error:
        messages.error(request, str(error))
        return redirect("import")
    # The rows are others now: whoever did it goes on as the user that came along.
    log_in(request, done.user or request.user, backend=_BACKEND)
    messages.success(
        request,
        _("Alles ist wieder da: %(prospects)d Kunden, %(opportunities)d Vorgänge.")
        % {"prospects": done.prospects, "opportunities": done.opportunities},
    )
    return redirect("today")


def _restored(request: Request, file: "UploadedFile[bytes]") -> commands.Restored:
    kept = incoming.keep(file.chunks())
    try:
        path = incoming.path_of(kept.name)
        return commands.restore(path, actor=request.user, now=timezone.now())
    finally:
        incoming.forget(kept.name)


def _archive(chunks: Iterator[bytes], name: str, now: datetime) -> StreamingHttpResponse:
    """Hand out a zip while it is made: the first bytes go at once, and nothing lies on disk."""
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    file = f"{slugify(plain(name))}-{timezone.localdate(now)}.zip"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "private, no-store"
    return response
