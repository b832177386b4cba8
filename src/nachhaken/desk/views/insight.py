"""What the own past shows: the page, the matters behind a figure, and each chart as a file."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import queries
from nachhaken.desk.charts.advised import advised
from nachhaken.desk.charts.file import csv_of, svg_of
from nachhaken.desk.charts.panels import panel_of, panels_of
from nachhaken.desk.charts.panels_clear import ending_words
from nachhaken.desk.charts.values import Panel
from nachhaken.desk.forms.insight import PERIODS, InsightForm
from nachhaken.desk.pages_insight import Chosen
from nachhaken.desk.speech import local_date
from nachhaken.desk.views.acting import Request, desk, number
from nachhaken.learning.insight.values import Ending, Insight


@desk
def insight(request: Request) -> HttpResponseBase:
    form, period, chosen = _asked(request)
    found = queries.insight(request.user, chosen, now=timezone.now())
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    content = {
        "form": form,
        "period": period,
        "periods": [(name, words, _with(request, name)) for name, words in PERIODS],
        "insight": found,
        "panels": [(panel, _links(found, panel, query)) for panel in panels_of(found)],
        "advised": advised(found),
        "query": query,
        "since": chosen.since,
    }
    return render(request, "desk/insight.html", content)


@desk
def insight_cases(request: Request, ending: str) -> HttpResponseBase:
    if ending not in set(Ending):
        raise Http404
    _form, _period, chosen = _asked(request)
    page = queries.cases(
        request.user, chosen, Ending(ending), page=number(request.GET.get("page", "")) or 1
    )
    told = request.GET.copy()
    told.pop("page", None)
    content = {"page": page, "title": ending_words()[Ending(ending)], "query": told.urlencode()}
    return render(request, "desk/insight_cases.html", content)


@desk
def insight_svg(request: Request, key: str) -> HttpResponseBase:
    panel = _panel(request, key)
    if panel.chart is None:
        raise Http404
    return _file(svg_of(panel), "image/svg+xml", f"{key}.svg")


@desk
def insight_csv(request: Request, key: str) -> HttpResponseBase:
    return _file(csv_of(_panel(request, key).table), "text/csv; charset=utf-8", f"{key}.csv")


@desk
def insight_matters(request: Request) -> HttpResponseBase:
    _form, _period, chosen = _asked(request)
    rows = queries.matters_csv(request.user, chosen, now=timezone.now())
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="matters.csv"'
    return response


def _asked(request: Request) -> tuple[InsightForm, str, Chosen]:
    form = InsightForm(request.GET, people=queries.insight_people(request.user))
    return form, *form.chosen(local_date(timezone.now()))


def _panel(request: Request, key: str) -> Panel:
    _form, _period, chosen = _asked(request)
    panel = panel_of(queries.insight(request.user, chosen, now=timezone.now()), key)
    if panel is None:
        raise Http404
    return panel


def _links(found: Insight, panel: Panel, query: str) -> list[tuple[str, str]]:
    late: Mapping[Ending, int] = {end: field.count for end, field in found.fields.items()}
    if panel.key != "early" or not late[Ending.LATE_NO]:
        return []
    words = _("späte Neins ansehen")
    return [(words, reverse("insight-cases", args=[Ending.LATE_NO.value]) + query)]


def _with(request: Request, period: str) -> str:
    told = request.GET.copy()
    for name in ("since", "until"):
        told.pop(name, None)
    told["period"] = period
    return f"?{told.urlencode()}"


def _file(raw: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
