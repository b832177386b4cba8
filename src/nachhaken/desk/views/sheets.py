"""The call sheet: the page, and what a result would change."""

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from nachhaken.desk import queries
from nachhaken.desk.forms import CallForm
from nachhaken.desk.views.acting import Request, desk
from nachhaken.terms import StepKind


@desk
def call_sheet(request: Request, pk: int) -> HttpResponseBase:
    page = queries.call_sheet(
        request.user,
        pk,
        now=timezone.now(),
        step=_step(request.GET.get("step", "")),
        script=request.GET.get("say", ""),
        whole="whole" in request.GET,
    )
    if page.has_objected:  # nothing is to be said any more
        return redirect("opportunity", pk)
    initial = {"head": page.head, "step": page.sheet.step}
    form = CallForm(initial=initial, on=timezone.localdate(), region=page.region)
    return render(request, "desk/call.html", {"page": page, "form": form})


@desk
@require_POST
def what_if(request: Request, pk: int) -> HttpResponseBase:
    # Words that name no days are no fault here: somebody is still typing.
    form = CallForm(request.POST, on=timezone.localdate(), region="", is_queued=True)
    if not form.is_valid():
        return JsonResponse({"sentence": "", "window": ""})
    found = queries.what_if(request.user, pk, form.call(), now=timezone.now())
    return JsonResponse({"sentence": found.sentence, "window": found.window})


def _step(name: str) -> StepKind | None:
    return StepKind(name) if name in set(StepKind) else None
