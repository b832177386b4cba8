"""How it stands with a mailbox, in plain words, and what to do before asking into the silence."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as write
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.pages_mailbox import Doubt, FolderHealth, MailboxHealth, Trouble
from nachhaken.desk.speech import language

_MINUTE, _HOUR = 60, 60 * 60
_WEEK = 7


def since(at: datetime, now: datetime) -> str:
    """Return since when: 'seit 3 Stunden', 'seit gestern 17:40', 'seit dem 3. November'."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    seconds, days = max(int((now - at).total_seconds()), 0), (today - local.date()).days
    if seconds < _HOUR:
        count = max(seconds // _MINUTE, 1)
        return ngettext("seit einer Minute", "seit %(n)d Minuten", count) % {"n": count}
    if days <= 0:
        count = seconds // _HOUR
        return ngettext("seit einer Stunde", "seit %(n)d Stunden", count) % {"n": count}
    clock = write(local, "G:i")
    if days == 1:
        return _("seit gestern %(clock)s") % {"clock": clock}
    if days < _WEEK:
        return _("seit %(weekday)s %(clock)s") % {"weekday": write(local, "l"), "clock": clock}
    return _("seit dem %(day)s") % {"day": write(local, "j F" if language() == "en" else "j. F")}


def folder_title(name: str, *, is_sent: bool) -> str:
    """Return what a folder is called; the inbox has the same name on every server."""
    if name.upper() == "INBOX":
        return _("Posteingang")
    return _("Gesendet") if is_sent and name.casefold() == "sent" else name


def folder_sentence(folder: FolderHealth, fault: str, *, now: datetime) -> str:
    """Return what is wrong with a folder; "" where nothing is."""
    match folder.trouble:
        case Trouble.FAULT:
            return fault
        case Trouble.UNREAD:
            return _("Noch nicht zu Ende gelesen.")
        case Trouble.GAP:
            return _missing(folder.missing)
        case Trouble.STALE if folder.fetched_at:
            return _("Nicht gelesen %(since)s.") % {"since": since(folder.fetched_at, now)}
        case Trouble.UNCOMPARED:
            return _("Noch nicht mit dem Server verglichen.")
    return ""


def missing_in(name: str, count: int) -> str:
    """Return that mails of a folder are missing, with its name."""
    return f"{folder_title(name, is_sent=False)}: {_missing(count)}"


def mailbox_sentence(health: MailboxHealth, *, now: datetime) -> str:
    """Return how it stands with one's own mailbox, in one line."""
    ago = since(health.fetched_at, now) if health.fetched_at else ""
    match health.trouble:
        case None:
            return _("Alles gelesen und mit dem Server verglichen: Es fehlt nichts.")
        case Trouble.UNREAD:
            return _("Ihr Postfach wird zum ersten Mal gelesen.")
        case Trouble.GAP:
            return _gap(health)
        case Trouble.UNCOMPARED:
            return _("Ob etwas fehlt, ist noch nicht mit dem Server verglichen.")
        case Trouble.STALE:
            return _("Ihr Postfach wurde %(since)s nicht gelesen.") % {"since": ago}
    if not ago:
        return _("Ihr Postfach ist gestört und wurde noch nie ganz gelesen.")
    return _("Ihr Postfach ist gestört und wurde %(since)s nicht gelesen.") % {"since": ago}


def doubt(health: MailboxHealth, *, is_own: bool, now: datetime) -> Doubt:
    """Return the word before an advice to chase: what is in the dark, and what to do first."""
    said = mailbox_sentence(health, now=now) if is_own else _of_colleague(health, now=now)
    if health.trouble is Trouble.UNREAD and is_own:
        said = _("Ihr Postfach ist noch nicht zu Ende gelesen.")
    if is_own:
        advice = _("Vielleicht liegt dort schon eine Antwort: bitte erst nachsehen.")
    else:
        advice = _("Vielleicht liegt dort schon eine Antwort: bitte erst nachfragen.")
    return Doubt(sentence=f"{said} {advice}", is_own=is_own)


def _missing(count: int) -> str:
    return ngettext(
        "Eine Mail liegt auf dem Server und fehlt hier.",
        "%(n)d Mails liegen auf dem Server und fehlen hier.",
        count,
    ) % {"n": count}


def _gap(health: MailboxHealth) -> str:
    return ngettext(
        "In Ihrem Postfach liegt eine Mail, die hier noch fehlt.",
        "In Ihrem Postfach liegen %(n)d Mails, die hier noch fehlen.",
        health.gaps,
    ) % {"n": health.gaps}


def _of_colleague(health: MailboxHealth, *, now: datetime) -> str:
    told = {"who": health.owner}
    if health.trouble is Trouble.GAP:
        return _("Im Postfach von %(who)s liegen Mails, die hier noch fehlen.") % told
    if health.fetched_at is None or health.trouble is Trouble.UNCOMPARED:
        return _("Das Postfach von %(who)s ist noch nicht ganz gelesen.") % told
    told["since"] = since(health.fetched_at, now)
    return _("Das Postfach von %(who)s wurde %(since)s nicht ganz gelesen.") % told
