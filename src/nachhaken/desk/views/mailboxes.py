"""The mailbox at its server: its folders, and the mails there that concern nobody known."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.mail_folders import first_day
from nachhaken.desk.forms.fields import new_key
from nachhaken.desk.forms.folders import OWN, FoldersForm
from nachhaken.desk.lines import mailbox_of
from nachhaken.desk.mailbox_words import folder_title
from nachhaken.desk.models import MailAccount
from nachhaken.desk.post_words import line_fault
from nachhaken.desk.views.acting import Request, desk, number, tell
from nachhaken.sources.imap import MailboxError, Role, ServerFolder
from nachhaken.sources.imap.causes import cause_of

MOST_OTHERS = 40
_NOT_READ = frozenset({Role.TRASH, Role.DRAFTS})
_USUAL = frozenset({Role.INBOX, Role.SENT})


class FolderChoice(NamedTuple):
    """A folder to tick: what it is called, why one would, how many mails lie in it."""

    name: str
    title: str
    why: str
    mails: int | None
    is_chosen: bool


@desk
def folders(request: Request) -> HttpResponseBase:
    """The choice of folders, from the list that the server gives this moment."""
    account = _account(request)
    try:
        with mailbox_of(account) as box:
            found = [one for one in box.folders() if one.role not in _NOT_READ]
    except MailboxError as error:
        said = line_fault(account, "imap", cause_of(error))
        return render(request, "desk/mail_folders.html", {"fault": said}, status=502)
    chosen = _chosen(account, found)
    form = FoldersForm(
        request.POST or None,
        offered=[one.name for one in found],
        chosen=chosen,
        since=first_day(account),
    )
    if form.is_valid() and _kept(request, form, found):
        messages.success(request, _("Gemerkt. Gelesen wird gleich."))
        return redirect("mail-account")
    ticked = form["names"].value() if form.is_bound else chosen
    rows = [_choice(one, ticked or ()) for one in _in_order(found)]
    context = {"form": form, "rows": rows, "has_own": any(_is_own(one) for one in found)}
    status = 422 if form.is_bound else 200
    return render(request, "desk/mail_folders.html", context, status=status)


@desk
def others(request: Request) -> HttpResponseBase:
    """The newest mails that concern nobody known, as the server has them now."""
    account = _account(request)
    try:
        found = commands.other_mails(account=account, now=timezone.now(), most=MOST_OTHERS)
    except MailboxError as error:
        said = line_fault(account, "imap", cause_of(error))
        return render(request, "desk/other_mails.html", {"fault": said}, status=502)
    return render(request, "desk/other_mails.html", {"mails": found})


@desk
def assignment(request: Request) -> HttpResponseBase:
    """To which opportunity such a mail belongs; only with this it is kept."""
    account, given = _account(request), request.POST or request.GET
    place = {name: given.get(name, "")[:300] for name in ("folder", "validity", "uid")}
    validity, uid = number(place["validity"]), number(place["uid"])
    if not place["folder"] or validity is None or uid is None:
        raise Http404
    chosen = number(request.POST.get("opportunity", ""))
    if chosen is not None:
        return _assigned(request, account, (place["folder"], validity, uid), chosen)
    shown = {name: given.get(name, "")[:500] for name in ("sender", "sender_name", "subject")}
    search = request.GET.get("q", "").strip()[:200]
    found = queries.opportunity_list(request.user, search=search, state="open")
    context = {"place": place, "mail": shown, "page": found, "key": new_key()}
    return render(request, "desk/other_mail.html", context)


def _assigned(
    request: Request, account: MailAccount, place: tuple[str, int, int], opportunity_id: int
) -> HttpResponseBase:
    folder, validity, uid = place
    try:
        change = commands.assign_other(
            actor=request.user,
            now=timezone.now(),
            key=request.POST.get("key") or new_key(),
            account=account,
            folder=folder,
            uid_validity=validity,
            uid=uid,
            opportunity_id=opportunity_id,
        )
    except MailboxError as error:
        messages.error(request, line_fault(account, "imap", cause_of(error)))
    except commands.InvalidError as error:
        messages.error(request, str(error))
    else:
        tell(request, change, _("Zugeordnet."))
        return redirect("opportunity", opportunity_id)
    return redirect("other-mails")


def _account(request: Request) -> MailAccount:
    rows = MailAccount.objects.filter(user=request.user).exclude(imap_host="")
    account = rows.select_related("user").first()
    if account is None:
        raise Http404
    return account


def _chosen(account: MailAccount, found: Sequence[ServerFolder]) -> set[str]:
    """Return what is ticked at first: what is read now, else inbox and sent mail."""
    read = set(account.folders.values_list("name", flat=True))
    return read or {one.name for one in found if one.role in _USUAL}


def _kept(request: Request, form: FoldersForm, found: Iterable[ServerFolder]) -> bool:
    names = form.cleaned_data["names"]
    try:
        commands.choose_folders(
            actor=request.user,
            now=timezone.now(),
            names=names,
            sent={one.name for one in found if one.role is Role.SENT},
            since=form.cleaned_data["since"],
        )
    except commands.InvalidError as error:
        form.add_error(None, str(error))
        return False
    return True


def _in_order(found: Iterable[ServerFolder]) -> list[ServerFolder]:
    """The usual ones first, then the user's own for this, then junk, then the others by name."""
    first = [Role.INBOX, Role.SENT]

    def rank(one: ServerFolder) -> tuple[int, str]:
        if one.role in first:
            return first.index(one.role), one.name
        return (2 if _is_own(one) else 3 if one.role is Role.JUNK else 4), one.name.casefold()

    return sorted(found, key=rank)


def _choice(one: ServerFolder, ticked: Iterable[str]) -> FolderChoice:
    title = folder_title(one.name, is_sent=one.role is Role.SENT)
    return FolderChoice(one.name, title, _why(one), one.mails, one.name in ticked)


def _why(one: ServerFolder) -> str:
    if _is_own(one):
        return _("Ihr Ordner zum Übergeben: Was Sie hierher verschieben, wird gelesen.")
    return {
        Role.INBOX: _("Hier kommen Antworten an."),
        Role.SENT: _("Damit zählt, was Sie aus Ihrem Mailprogramm geschrieben haben."),
        Role.JUNK: _("Manche Antwort landet hier. Von Fremden wird auch hier nichts behalten."),
        Role.ARCHIVE: _("Sinnvoll, wenn Sie Antworten hierher verschieben."),
    }.get(one.role, "")


def _is_own(one: ServerFolder) -> bool:
    return one.name.replace("/", ".").rpartition(".")[2].casefold() == OWN
