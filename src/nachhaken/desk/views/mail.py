"""The page that writes: edited freely, kept as it is typed, sent by a person."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.mail import LETTER, NOTE, NOW, MailForm, WritingForm
from nachhaken.desk.letters import AddressError, address_of
from nachhaken.desk.pages_mail import MailPage
from nachhaken.desk.permissions import OBJECTION
from nachhaken.desk.queries.enclosures import offer_in_work
from nachhaken.desk.queries.letters import letter_of
from nachhaken.desk.queries.mail import Asked
from nachhaken.desk.templatetags.words import due_at
from nachhaken.desk.views.acting import Request, desk, number, tell
from nachhaken.desk.views.documents import handed_out
from nachhaken.terms import Channel, StepKind

SOON = timedelta(minutes=15)
_BY = {way.value: way for way in (Channel.MAIL, Channel.LETTER)}


@desk
def mail(request: Request, pk: int) -> HttpResponseBase:
    now = timezone.now()
    if request.method != "POST":
        page = queries.mail_page(request.user, pk, now=now, asked=_asked(request))
        return _shown(request, page, MailForm(initial=_initial(page)))
    form = MailForm(request.POST)
    page = queries.mail_page(request.user, pk, now=now, asked=_asked(request))
    if not form.is_valid():
        _keep(request, pk, now)
        return _shown(request, page, form)
    if form.cleaned_data["act"] == LETTER:
        return _letter(request, page, form, now)
    if form.cleaned_data["act"] == NOTE:
        return _noted(request, pk, form, now)
    return _sent(request, page, form, now)


@desk
@require_POST
def writing(request: Request, pk: int) -> HttpResponseBase:
    saved = _keep(request, pk, timezone.now())
    if saved is None:
        return HttpResponse(status=422)
    if getattr(request, "htmx", None):
        return render(request, "desk/_mail_saved.html", {"saved_at": timezone.localtime(saved)})
    messages.success(request, _("Entwurf gespeichert."))
    return redirect(_address(pk, request.POST))


@desk
@require_POST
def writing_dropped(request: Request, pk: int) -> HttpResponseBase:
    commands.drop_writing(actor=request.user, opportunity_id=pk, slot=request.POST.get("slot", ""))
    return redirect(_address(pk, request.POST))


def _asked(request: Request) -> Asked:
    given = request.POST if request.method == "POST" else request.GET
    step = given.get("step", "")
    return Asked(
        step=StepKind(step) if step in set(StepKind) else None,
        text_key=given.get("say", "")[:100],
        person_id=number(given.get("person", "")),
        offer_id=number(given.get("offer", "")),
        by=_BY.get(given.get("by", "")),
    )


def _initial(page: MailPage) -> dict[str, Any]:
    return {
        "subject": page.subject,
        "text": page.text,
        "slot": page.slot,
        "step": page.step.value,
        "say": page.text_key,
        "person": page.recipient.id if page.recipient else None,
        "offer": page.offer_id,
        "by": Channel.LETTER.value if page.is_letter else "",
    }


def _shown(request: Request, page: MailPage, form: MailForm) -> HttpResponseBase:
    typed = (form["subject"].value() or "", form["text"].value() or "")
    context = {"page": page, "form": form, "mailto": _mailto(page.address, *typed)}
    status = 422 if form.is_bound else 200
    return render(request, "desk/mail.html", context, status=status)


def _mailto(to: str, subject: str, text: str) -> str:
    """The address that opens the user's own mail program; its lines end as mails' do."""
    body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def _keep(request: Request, pk: int, now: datetime) -> datetime | None:
    """Keep what was typed, however unfinished; None where it cannot be kept at all."""
    form = WritingForm(request.POST)
    if not form.is_valid():
        return None
    kept = commands.save_writing(actor=request.user, now=now, opportunity_id=pk, typed=form.typed())
    return kept.saved_at


def _sent(request: Request, page: MailPage, form: MailForm, now: datetime) -> HttpResponseBase:
    draft, typed = page.draft, form.typed()
    try:
        _addressed(request, page, form)
        row = commands.send_writing(
            actor=request.user,
            now=now,
            key=form.cleaned_data["key"],
            opportunity_id=page.id,
            typed=typed,
            posting=commands.Posting(
                in_reply_to=draft.in_reply_to,
                references=draft.references,
                offer=offer_in_work(page.id, page.offer_id),
                reason=form.cleaned_data["reason"],
                not_before=None if form.cleaned_data["act"] == NOW else page.waits_until,
            ),
        )
    except commands.NotAllowedError as error:
        form.add_error("reason" if page.permission.may_overrule else None, _unreasoned(error))
    except commands.ReasonNeededError as error:
        form.add_error("reason", str(error))
    except commands.InvalidError as error:
        form.add_error(None, str(error))
    else:
        said = _going(row.recipient, row.due_at, now)
        messages.success(request, said, extra_tags=f"post-{row.pk}")
        return redirect("opportunity", page.id)
    _keep(request, page.id, now)
    return _shown(request, page, form)


def _going(to: str, at: datetime | None, now: datetime) -> str:
    if at is None or at - now < SOON:
        return _("Die Mail an %(to)s geht gleich hinaus.") % {"to": to}
    return _("Die Mail an %(to)s geht hinaus: %(at)s.") % {"to": to, "at": due_at(at)}


def _unreasoned(error: commands.NotAllowedError) -> str:
    """The block beside the field says what stands against it; the field asks for the reason."""
    permission = error.permission
    if permission.until:
        return _("Wenn es nicht warten kann, schreiben Sie bitte kurz, warum.")
    if permission.rule == OBJECTION:
        return str(error)
    return _("Ohne einen Grund in Worten geht diese Mail nicht hinaus.")


def _addressed(request: Request, page: MailPage, form: MailForm) -> None:
    """Note the address that was typed for somebody who has none."""
    to = form.cleaned_data["to"]
    if not to or (page.recipient and page.recipient.mail):
        return
    try:
        address_of(to)
    except AddressError as error:
        raise commands.InvalidError(_("Das ist keine Mailadresse.")) from error
    commands.give_address(
        actor=request.user,
        opportunity_id=page.id,
        person_id=page.recipient.id if page.recipient else None,
        mail=to,
    )


def _noted(request: Request, pk: int, form: MailForm, now: datetime) -> HttpResponseBase:
    is_letter = request.POST.get("channel") == Channel.LETTER
    change = commands.record_writing(
        actor=request.user,
        now=now,
        key=form.cleaned_data["key"],
        opportunity_id=pk,
        typed=form.typed(),
        channel=Channel.LETTER if is_letter else Channel.MAIL,
    )
    tell(request, change, _("Festgehalten."))
    return redirect("opportunity", pk)


def _letter(request: Request, page: MailPage, form: MailForm, now: datetime) -> HttpResponseBase:
    _keep(request, page.id, now)
    typed = form.typed()
    raw = letter_of(request.user, page, subject=typed.line, text=typed.text, now=now)
    name = f"{_('Brief')} {page.prospect}.pdf"
    return handed_out(raw, name=name, media_type="application/pdf", is_shown=True)


def _address(pk: int, given: Any) -> str:
    """The page again, for the same step, text, person and offer."""
    names = ("step", "say", "person", "offer", "by")
    kept = {name: given[name] for name in names if given.get(name)}
    address = reverse("mail", args=[pk])
    return f"{address}?{urlencode(kept)}" if kept else address
