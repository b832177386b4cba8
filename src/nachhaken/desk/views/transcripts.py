"""A transcript of a talk: shown first, with who spoke how much, then taken in."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.transcripts import TranscriptForm
from nachhaken.desk.views.acting import Request, back_to, desk, tell
from nachhaken.terms import Channel

_OURS, _THEIRS = "ours", "theirs"
_SHOWN = 600


@desk
def transcript(request: Request, pk: int) -> HttpResponseBase:
    about = queries.heading(request.user, pk)
    if request.method != "POST":
        return _page(request, about, TranscriptForm(initial={"on": timezone.localdate()}))
    form = TranscriptForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, about, form, status=422)
    if request.POST.get("act") == "take":
        return _taken(request, about, form)
    return _look(request, about, form)


def _taken(request: Request, about: queries.Heading, form: TranscriptForm) -> HttpResponseBase:
    sides = _sides(request, form)
    now = timezone.now()
    try:
        change = commands.record_transcript(
            actor=request.user,
            now=now,
            key=form.cleaned_data["key"],
            opportunity_id=about.id,
            transcript=form.transcript,
            ours=[name for name, side in sides.items() if side == _OURS],
            agreement=form.agreement(),
            at=form.moment(now),
            channel=Channel(form.cleaned_data["channel"]),
        )
    except commands.NoConsentError as error:
        form.add_error("agreed_on", str(error))
        return _page(request, about, form, status=422)
    except commands.InvalidError as error:
        return _look(request, about, form, problem=str(error), status=422)
    tell(request, change, _("Festgehalten."))
    return back_to(request, "opportunity", about.id)


def _sides(request: Request, form: TranscriptForm) -> dict[str, str]:
    """Return who spoke for whom; who was not asked about speaks for the customer."""
    names = [speaker.name for speaker in form.transcript.speakers]
    return {name: request.POST.get(f"who-{number}", _THEIRS) for number, name in enumerate(names)}


def _look(
    request: Request,
    about: queries.Heading,
    form: TranscriptForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    told = form.transcript
    ours = commands.guessed_ours(told, user=request.user)
    speakers = [
        (one, f"who-{number}", (_OURS if one.name in ours else _THEIRS) if ours else "")
        for number, one in enumerate(told.speakers)
    ]
    theirs = {one.name for one in told.speakers} - ours
    kept = {name: value for name, value in form.cleaned_data.items() if name != "file"}
    context = _about(about) | {
        "form": TranscriptForm(initial=kept),
        "speakers": speakers,
        "own_share": told.share(ours) if ours else None,
        "theirs": [one for one in told.speakers if one.name in theirs],
        "words": told.words_of(theirs)[:_SHOWN] if ours else "",
        "is_timed": told.is_timed,
        "problem": problem,
    }
    return render(request, "desk/transcript_look.html", context, status=status)


def _page(
    request: Request, about: queries.Heading, form: TranscriptForm, *, status: int = 200
) -> HttpResponseBase:
    return render(request, "desk/transcript.html", _about(about) | {"form": form}, status=status)


def _about(about: queries.Heading) -> dict[str, object]:
    return {
        "title": _("Mitschrift einlesen"),
        "back": reverse("opportunity", args=[about.id]),
        "back_name": about.name,
        "act": _("Erst ansehen"),
    }
