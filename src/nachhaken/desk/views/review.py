"""The week on one page."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.fields import new_key
from nachhaken.desk.models import DigestFault, DigestState
from nachhaken.desk.speech import local_date
from nachhaken.desk.views.acting import Request, back_to, desk, number, tell
from nachhaken.desk.weeks import reviewed_on
from nachhaken.terms import OutcomeKind


@desk
def review(request: Request) -> HttpResponseBase:
    now = timezone.now()
    page = queries.review(
        request.user,
        now=now,
        week=request.GET.get("week", "") or reviewed_on(local_date(now)),
        owner=number(request.GET.get("owner", "")),
    )
    return render(request, "desk/review.html", {"page": page})


@desk
@require_POST
def letting_go(request: Request, pk: int) -> HttpResponseBase:
    if queries.opportunity(request.user, pk, now=timezone.now()).is_open:
        change = commands.close(
            actor=request.user,
            now=timezone.now(),
            key=request.POST.get("key") or new_key(),
            opportunity_id=pk,
            outcome=OutcomeKind.STOPPED,
        )
        tell(request, change, _("Losgelassen."))
    return back_to(request, "review")


@desk
@require_POST
def mailed(request: Request) -> HttpResponseBase:
    state, fault = commands.mail_review(
        actor=request.user,
        now=timezone.now(),
        week=request.POST.get("week", ""),
        owner=number(request.POST.get("owner", "")),
    )
    if state == DigestState.SENT:
        messages.success(request, _("Der Rückblick ist an Sie unterwegs."))
    else:
        messages.error(request, _refused(state, fault))
    return back_to(request, "review")


def _refused(state: str, fault: str) -> str:
    if fault == DigestFault.NO_ACCOUNT:
        return _("Dafür fehlt noch ein Postfach, über das die Mail hinausgehen kann.")
    if state == DigestState.UNKNOWN:
        return _("Die Verbindung brach ab: Ob die Mail ankam, ist ungewiss.")
    return _("Die Mail konnte nicht hinaus. Sie können es gleich noch einmal versuchen.")
