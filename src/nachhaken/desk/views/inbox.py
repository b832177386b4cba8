"""Eingang: what came in, how it was read, and what needs a person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from nachhaken.desk import commands, queries
from nachhaken.desk.forms import StatementForm, new_key
from nachhaken.desk.models import Event, MailAccount
from nachhaken.desk.post_words import line_fault
from nachhaken.desk.queries.replies import reply_rows
from nachhaken.desk.rows import ReplyRow
from nachhaken.desk.views.acting import Request, back_to, desk, number, page_number, tell

AT_ONCE = 200  # mails for which somebody waits in front of the page


@desk
def inbox(request: Request) -> HttpResponseBase:
    page = queries.inbox(request.user, page=page_number(request))
    return render(request, "desk/inbox.html", {"page": page})


@desk
@require_POST
def fetching(request: Request) -> HttpResponseBase:
    account = MailAccount.objects.filter(user=request.user).exclude(imap_host="").first()
    if account is None:
        raise Http404
    done = commands.fetch_mail(account=account, now=timezone.now(), most=AT_ONCE)
    if done.fault:
        messages.error(request, line_fault(account, "imap", done.fault))
    else:
        messages.success(request, _brought(done))
    return back_to(request, "inbox")


@desk
def statement(request: Request, pk: int) -> HttpResponseBase:
    reply = _reply(pk)
    form = StatementForm(
        request.POST or None, initial=_initial(reply), on=reply.at.date(), region=reply.region
    )
    if not form.is_valid():
        return _asked(request, reply, form)
    change = commands.restate_reply(
        actor=request.user,
        now=timezone.now(),
        key=form.cleaned_data["key"],
        entry_id=pk,
        statement=form.statement(form.cleaned_data["intent"]),
    )
    tell(request, change, _("So ist es gemerkt."))
    return _corrected(request, pk)


@desk
def assignment(request: Request, pk: int) -> HttpResponseBase:
    chosen = number(request.POST.get("opportunity", ""))
    if chosen is not None:
        change = commands.assign_mail(
            actor=request.user,
            now=timezone.now(),
            # One mail is assigned once, however often the button is pressed.
            key=request.POST.get("key") or new_key(),
            mail_id=pk,
            opportunity_id=chosen,
        )
        tell(request, change, _("Zugeordnet."))
        return redirect("inbox")
    return _assignment_page(request, pk)


@desk
@require_POST
def dismissal(request: Request, pk: int) -> HttpResponseBase:
    commands.dismiss_mail(actor=request.user, now=timezone.now(), mail_id=pk)
    return redirect("inbox")


@desk
@require_POST
def import_settled(request: Request, pk: int) -> HttpResponseBase:
    commands.dismiss_import(actor=request.user, now=timezone.now(), run_id=pk)
    return redirect("inbox")


def _brought(done: commands.FetchedMail) -> str:
    count = done.taken.new + done.taken.unmatched
    new = ngettext("Eine neue Mail.", "%(n)s neue Mails.", count) % {"n": count}
    told = new if count else _("Nichts Neues.")
    return f"{told} {_('Der Rest folgt im Hintergrund.')}" if done.has_more else told


def _reply(pk: int) -> ReplyRow:
    rows = Event.objects.filter(pk=pk, kind="replied")
    found = reply_rows(rows.select_related("prospect", "opportunity", "person"))
    if not found:
        raise Http404
    return found[0]


def _initial(reply: ReplyRow) -> dict[str, Any]:
    reading = reply.reading
    start, end = reading.window or (None, None)
    return {
        "intent": str(reading.intent),
        "start": start,
        "end": end,
        "condition": reading.condition,
        "no_reason": str(reading.reason or ""),
    }


def _asked(request: Request, reply: ReplyRow, form: StatementForm) -> HttpResponse:
    htmx = request.htmx  # type: ignore[attr-defined]
    back = reverse("opportunity", args=[reply.opportunity_id])
    context = {"reply": reply, "form": form, "back": back}
    template = "desk/_statement.html" if htmx else "desk/statement.html"
    response = render(request, template, context, status=422 if form.is_bound else 200)
    response["Vary"] = "HX-Request"
    if htmx and form.is_bound:
        retarget(response, f"#correction-{reply.entry_id}")
        reswap(response, "innerHTML")
    return response


def _corrected(request: Request, pk: int) -> HttpResponse:
    reply = _reply(pk)
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and htmx.target == f"reply-{pk}":
        return render(request, "desk/_corrected.html", {"reply": reply})
    address = reverse("opportunity", args=[reply.opportunity_id])
    # A new reading moves judgement and step, so the whole page is drawn anew.
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def _assignment_page(request: Request, pk: int) -> HttpResponse:
    rows = queries.inbox(request.user).faults
    fault = next((row for row in rows if (row.kind, row.id) == ("mail", pk)), None)
    if fault is None:
        raise Http404
    search = request.GET.get("q", "").strip()[:200]
    found = queries.opportunity_list(request.user, search=search, state="open")
    return render(request, "desk/assignment.html", {"fault": fault, "page": found})
