"""What the desk learnt from the own past, learning anew, and forgetting."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import commands, queries
from nachhaken.desk.views.acting import Request, desk


@desk
def learning(request: Request) -> HttpResponseBase:
    if request.method == "POST":
        commands.learn_anew(actor=request.user, now=timezone.now())
        messages.success(request, _("Neu gelernt. Die Pläne folgen im Hintergrund."))
        return redirect("learning")
    pages = {
        "page": queries.learning(request.user),
        "readings": queries.corrections_page(request.user),
        "taught": queries.taught(request.user),
        "experience": queries.experience_page(request.user),
    }
    return render(request, "desk/learning.html", pages)


@desk
def forgetting(request: Request) -> HttpResponseBase:
    if request.method == "POST":
        commands.forget_corrections(actor=request.user, now=timezone.now())
        messages.success(request, _("Vergessen. Antworten werden wieder wie ausgeliefert gelesen."))
    return redirect("learning")
