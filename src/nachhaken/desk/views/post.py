"""The post: the outbox with its acts, and the account that mails go out from."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from nachhaken.desk import commands, queries
from nachhaken.desk.forms.post import (
    AddressForm,
    CorrectionForm,
    MailAccountForm,
    of_account,
    of_provider,
)
from nachhaken.desk.models import MailAccount, Outgoing
from nachhaken.desk.post_words import NOTES
from nachhaken.desk.preferences import send_delay
from nachhaken.desk.providers import provider_of
from nachhaken.desk.views.acting import Request, back_to, desk


@desk
def post(request: Request) -> HttpResponseBase:
    page = queries.post(request.user, now=timezone.now())
    return render(request, "desk/post.html", {"page": page})


@desk
@require_POST
def taken_back(request: Request, pk: int) -> HttpResponseBase:
    done = _("Zurückgeholt. Die Mail liegt im Postausgang.")
    return _settled(request, pk, commands.take_back, done)


@desk
@require_POST
def arrival(request: Request, pk: int) -> HttpResponseBase:
    return _settled(request, pk, commands.confirm_sent, _("Festgehalten: gesendet."))


@desk
@require_POST
def repetition(request: Request, pk: int) -> HttpResponseBase:
    return _settled(request, pk, commands.send_again, _("Die Mail geht noch einmal hinaus."))


@desk
@require_POST
def dismissal(request: Request, pk: int) -> HttpResponseBase:
    return _settled(request, pk, commands.drop_mail, _("Verworfen."))


@desk
def correction(request: Request, pk: int) -> HttpResponseBase:
    row = Outgoing.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    present = {"to": row.recipient, "subject": row.subject, "text": row.text}
    form = CorrectionForm(request.POST or None, initial=present)
    if form.is_valid():
        try:
            fresh = commands.correct_mail(
                actor=request.user, now=timezone.now(), outgoing_id=pk, **form.cleaned_data
            )
        except commands.InvalidError as error:
            form.add_error(None, str(error))
        else:
            announce(request, fresh)
            return redirect("post")
    context = {"form": form, "row": queries.outgoing(request.user, pk)}
    return render(request, "desk/post_correction.html", context, status=422 if form.errors else 200)


def announce(request: Request, row: Outgoing) -> None:
    """Say that a mail was handed over, and offer to take it back while it waits."""
    seconds = send_delay()
    if row.state != Outgoing.State.QUEUED or not seconds:
        messages.success(request, _("Die Mail ist unterwegs."))
        return
    said = ngettext(
        "Die Mail geht in einer Sekunde hinaus.", "Die Mail geht in %(n)d Sekunden hinaus.", seconds
    )
    messages.success(request, said % {"n": seconds}, extra_tags=f"post-{row.pk}")


@sensitive_post_parameters("password")
@sensitive_variables()
@desk
def account(request: Request) -> HttpResponseBase:
    """The account; one that does not stand yet begins with its address."""
    own = MailAccount.objects.filter(user=request.user).first()
    if request.method == "POST":
        form = MailAccountForm(request.POST)
        if form.is_valid() and _kept(request, form):
            return redirect("mail-account")
        return _account_page(request, form)
    if own is not None:
        return _account_page(request, MailAccountForm(initial=of_account(own, delay=send_delay())))
    asked = AddressForm(request.GET or None, initial={"address": request.user.email})
    if not asked.is_valid():
        status = 422 if asked.is_bound else 200
        return render(request, "desk/mail_address.html", {"form": asked}, status=status)
    address = asked.cleaned_data["address"]
    provider = provider_of(address, chosen=asked.cleaned_data["provider"])
    present = of_provider(address, str(request.user), provider, delay=send_delay())
    return _account_page(request, MailAccountForm(initial=present), note=provider.note)


@desk
@require_POST
def account_check(request: Request) -> HttpResponseBase:
    _checked(request, _("Die Anmeldung gelingt nicht."))
    return redirect("mail-account")


@desk
@require_POST
def account_removed(request: Request) -> HttpResponseBase:
    commands.remove_mail_account(actor=request.user)
    messages.success(request, _("Postfach entfernt. Von hier gehen keine Mails mehr hinaus."))
    return redirect("mail-account")


@sensitive_variables()
def _kept(request: Request, form: MailAccountForm) -> bool:
    """Keep the account and try it; what is wrong with the form goes into it."""
    now, user = timezone.now(), request.user
    try:
        commands.set_mail_account(
            actor=user, now=now, wish=form.wish(), password=form.cleaned_data["password"]
        )
    except commands.PasswordNeededError as error:
        form.add_error("password", str(error))
        return False
    except commands.InvalidError as error:
        form.add_error(None, str(error))
        return False
    commands.prefer(actor=user, now=now, send_delay=form.cleaned_data["delay"])
    _checked(request, _("Gespeichert, aber die Anmeldung gelang nicht."))
    return True


def _checked(request: Request, wrong: str) -> None:
    found = commands.check_mail_account(actor=request.user, now=timezone.now())
    if found.fault:
        messages.error(request, wrong)
    else:
        messages.success(request, _("Die Verbindung steht."))


def _account_page(request: Request, form: MailAccountForm, note: str = "") -> HttpResponseBase:
    own = MailAccount.objects.filter(user=request.user).first()
    guessed = note or (provider_of(own.address).note if own else "")
    context: dict[str, Any] = {
        "form": form,
        "page": queries.mail_account(request.user, now=timezone.now()),
        "note": NOTES.get(guessed, "") if note or guessed != "guess" else "",
        "has_password": own is not None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/mail_account.html", context, status=status)


def _settled(request: Request, pk: int, act: Any, done: str) -> HttpResponseBase:
    try:
        act(actor=request.user, now=timezone.now(), outgoing_id=pk)
    except commands.InvalidError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back_to(request, "post")
