"""Einlesen: files are looked at first, then taken in, and can be taken back."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, incoming, queries
from nachhaken.desk.bundles import bundled
from nachhaken.desk.forms import ColumnsForm, ImportForm
from nachhaken.desk.forms.imports import LARGEST_TABLE, no_room
from nachhaken.desk.pages_imports import ImportPage, Stage
from nachhaken.desk.views.acting import Request, back_to, desk, page_number
from nachhaken.desk.views.takeout import restored

_TAKING = "taking"  # the import to which the user of this session said yes last
LAST = 5  # imports that are shown below the drop zone


@desk
def take_in(request: Request) -> HttpResponseBase:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if answer := restored(request, form.cleaned_data["file"][0]):
            return answer
        found = _received(request, form)
        if found and not form.errors:
            return redirect("import-run", found[0]) if len(found) == 1 else redirect("import")
    page = queries.import_list(request.user, now=timezone.now(), most=LAST)
    context = {"form": form, "page": page, "room": incoming.room(), "largest": LARGEST_TABLE}
    context["most"] = settings.DATA_UPLOAD_MAX_NUMBER_FILES
    status = 422 if form.errors else 200
    return render(request, "desk/import.html", context, status=status)


@desk
def imports(request: Request) -> HttpResponseBase:
    page = queries.import_list(request.user, now=timezone.now(), page=page_number(request))
    return render(request, "desk/imports.html", {"page": page})


@desk
def import_run(request: Request, pk: int) -> HttpResponseBase:
    commands.renew_look(actor=request.user, run_id=pk)
    return _shown(request, _page(request, pk))


@desk
@require_POST
def columns(request: Request, pk: int) -> HttpResponseBase:
    page = _page(request, pk)
    if page.look is None:
        return redirect("import-run", pk)
    form = ColumnsForm(request.POST, columns=page.look.columns, about=page.look.about)
    if not form.is_valid():
        return _shown(request, page, form)
    chosen = form.cleaned_data
    try:
        commands.set_columns(
            actor=request.user,
            now=timezone.now(),
            run_id=pk,
            about=chosen["about"],
            mapping=form.mapping() if chosen["about"] == page.look.about else {},
            profile=chosen["profile"] if "keep" in request.POST else "",
        )
    except commands.InvalidError as error:
        messages.error(request, str(error))
    return redirect("import-run", pk)


@desk
@require_POST
def strangers(request: Request, pk: int) -> HttpResponseBase:
    chosen = request.POST.get("strangers", "")
    if chosen in {one.value for one in commands.Strangers}:
        commands.set_columns(
            actor=request.user, now=timezone.now(), run_id=pk, about=chosen, mapping={}
        )
    return redirect("import-run", pk)


@desk
@require_POST
def taking(request: Request, pk: int) -> HttpResponseBase:
    try:
        commands.confirm_import(actor=request.user, now=timezone.now(), run_id=pk)
    except commands.NotFoundError:
        if _is_begun(request, pk):
            return redirect("import-run", pk)  # a second click
        messages.error(request, _("Die Datei liegt nicht mehr bereit. Bitte noch einmal wählen."))
        return redirect("import")
    except commands.AlreadyRunningError:
        messages.error(request, _("Diese Datei wird gerade schon eingelesen."))
        return redirect("import")
    request.session[_TAKING] = pk
    return redirect("import-run", pk)


@desk
@require_POST
def removal(request: Request, pk: int) -> HttpResponseBase:
    commands.drop_upload(actor=request.user, run_id=pk)
    return redirect("import")


@desk
def reversal(request: Request, pk: int) -> HttpResponseBase:
    if request.method == "POST":
        return returned(request, pk)
    page = queries.reversal(request.user, pk, now=timezone.now())
    if not page.row.is_revertible:
        return redirect("import-run", pk)
    return render(request, "desk/import_reversal.html", {"page": page})


@desk
@require_POST
def returned(request: Request, pk: int) -> HttpResponseBase:
    try:
        commands.revert_import(actor=request.user, now=timezone.now(), run_id=pk)
    except commands.InvalidError:
        messages.error(request, _("Das lässt sich nicht mehr zurücknehmen."))
        return redirect("import-run", pk)
    messages.success(request, _("Zurückgenommen."))
    return back_to(request, "import-run", pk)


@desk
def left_rows(request: Request, pk: int) -> HttpResponseBase:
    name, table = queries.left_rows(request.user, pk)
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    stem = name.rpartition(".")[0] or name
    file = _("%(name)s – offene Zeilen.csv") % {"name": stem}
    response.headers["Content-Disposition"] = content_disposition_header(True, file) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@desk
@require_POST
def example(request: Request) -> HttpResponseBase:
    new = sum(file.new for file in commands.load_example(actor=request.user, now=timezone.now()))
    messages.success(
        request, _("Beispielbetrieb geladen: Metallbau Brandt, %(n)d Einträge.") % {"n": new}
    )
    return redirect("today")


def _received(request: Request, form: ImportForm) -> list[int]:
    found: list[int] = []
    try:
        for name, chunks in bundled(form.cleaned_data["file"]):
            found.append(_receive(request, name, chunks))
    except (incoming.DiskFullError, OSError):
        form.add_error("file", no_room())
    return found


def _receive(request: Request, name: str, chunks: Iterable[bytes]) -> int:
    return commands.receive_file(actor=request.user, now=timezone.now(), name=name, chunks=chunks)


def _page(request: Request, pk: int) -> ImportPage:
    return queries.import_page(request.user, pk, now=timezone.now())


def _is_begun(request: Request, pk: int) -> bool:
    try:
        return _page(request, pk).row.stage not in {Stage.SEEN, Stage.LOOKING, Stage.REFUSED}
    except commands.NotFoundError:
        return False


def _shown(request: Request, page: ImportPage, form: ColumnsForm | None = None) -> HttpResponse:
    look, is_piece = page.look, _is_piece(request)
    _tell_once(request, page)
    if form is None and look and look.columns:
        form = ColumnsForm(columns=look.columns, about=look.about)
    rows = [(column, form[f"c{column.index}"]) for column in look.columns] if look and form else []
    context: dict[str, Any] = {"page": page, "row": page.row, "form": form, "columns": rows}
    context["is_piece"] = is_piece
    template = "desk/_import_run.html" if is_piece else "desk/import_run.html"
    status = 422 if form and form.errors else 200
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request"
    return response


def _tell_once(request: Request, page: ImportPage) -> None:
    """Whoever said yes is told when it is done, and can take it back in one go."""
    row = page.row
    if request.session.get(_TAKING) == row.id and row.stage in {Stage.PLANNING, Stage.DONE}:
        del request.session[_TAKING]
        told = _("„%(name)s“ ist eingelesen.") % {"name": row.name}
        messages.success(request, told, extra_tags=f"import-{row.id}")


def _is_piece(request: Request) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx and htmx.target == "import-run")
