"""What should have reached the user outside the desk and did not: why, and what helps."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nachhaken.desk import caldav
from nachhaken.desk.mailer import Fault
from nachhaken.desk.models import (
    MORNING,
    REVIEW,
    CalendarAccount,
    Digest,
    DigestFault,
    DigestState,
    User,
)
from nachhaken.desk.pages_calendars import AlarmRow, DigestRow
from nachhaken.desk.templatetags.words import day_long

OLDEST = timedelta(days=14)
_OF_DESK = frozenset({DigestFault.OFF, DigestFault.LATE, DigestFault.ERROR})

_PROBLEMS: dict[str, str | Promise] = {
    DigestFault.NO_ACCOUNT: gettext_lazy("Es ist noch kein Postfach eingerichtet."),
    DigestFault.LOGIN: gettext_lazy("Der Mailserver nimmt Name oder Passwort nicht an."),
    DigestFault.REFUSED: gettext_lazy("Der Mailserver hat sie nicht angenommen."),
    DigestFault.ERROR: gettext_lazy("Beim Schreiben der Liste ging etwas schief."),
    Fault.CERTIFICATE: gettext_lazy("Das Zertifikat des Mailservers ist nicht gültig."),
    Fault.SECURITY: gettext_lazy("Der Mailserver bietet die eingestellte Verschlüsselung nicht."),
}
_HELPS: dict[str, str | Promise] = {
    DigestFault.NO_ACCOUNT: gettext_lazy("Richten Sie es ein, dann geht sie gleich hinaus."),
    DigestFault.LOGIN: gettext_lazy("Prüfen Sie das Postfach, dann geht sie gleich hinaus."),
    DigestFault.REFUSED: gettext_lazy("Prüfen Sie das Postfach, dann geht sie gleich hinaus."),
    Fault.CERTIFICATE: gettext_lazy("Prüfen Sie den Namen des Servers im Postfach."),
    Fault.SECURITY: gettext_lazy("Prüfen Sie die Verschlüsselung im Postfach."),
}


_CALENDAR: dict[str, str | Promise] = {
    caldav.Fault.ADDRESS: gettext_lazy("Das ist keine Adresse eines Servers."),
    caldav.Fault.INSECURE: gettext_lazy(
        "Die Adresse muss mit https beginnen, sonst ginge das Passwort offen über die Leitung."
    ),
    caldav.Fault.ELSEWHERE: gettext_lazy("Der Server verweist auf einen anderen."),
    caldav.Fault.NOT_REACHED: gettext_lazy("Der Kalenderserver ist nicht zu erreichen."),
    caldav.Fault.CERTIFICATE: gettext_lazy("Das Zertifikat des Kalenderservers ist nicht gültig."),
    caldav.Fault.LOGIN: gettext_lazy("Der Kalenderserver nimmt Name oder Passwort nicht an."),
    caldav.Fault.NO_CALENDAR: gettext_lazy("Unter dieser Adresse ist kein Kalender zu finden."),
    caldav.Fault.REFUSED: gettext_lazy("Der Kalenderserver hat einen Eintrag nicht angenommen."),
    caldav.Fault.CONFLICT: gettext_lazy(
        "Im Kalender liegt etwas Fremdes an der Stelle eines Eintrags; es blieb unberührt."
    ),
}


def calendar_problem(fault: str) -> str:
    """Return what is wrong with a calendar server as a sentence, "" where nothing is."""
    return str(_CALENDAR.get(fault) or _CALENDAR[caldav.Fault.REFUSED]) if fault else ""


def alarms(user: User, *, now: datetime) -> tuple[AlarmRow, ...]:
    """Return what did not reach `user` lately and was not put away."""
    rows = Digest.objects.filter(user=user, seen_at__isnull=True, state_at__gte=now - OLDEST)
    alarming = rows.filter(_is_alarming())
    faults = CalendarAccount.objects.filter(user=user).exclude(fault="")
    # On most days there is nothing, and one query says so.
    found = alarming.values("pk").union(faults.values("pk"), all=True)
    if not found.exists():
        return ()
    row = alarming.order_by("-day").first()
    return (*((_alarm(row),) if row else ()), *_calendar_alarms(faults))


def _calendar_alarms(rows: QuerySet[CalendarAccount]) -> Iterator[AlarmRow]:
    for fault in rows.values_list("fault", flat=True):
        yield AlarmRow(
            what=_("Ihr Kalender ist nicht auf dem Stand."),
            help=calendar_problem(fault),
            name=_("Kalender"),
            address=f"{reverse('calendars')}#account",
        )


def digest_row(user: User, *, kind: str = MORNING) -> DigestRow | None:
    """Return how the last morning's list went, or the last weekly review."""
    rows = Digest.objects.filter(user=user, kind=kind).exclude(state=DigestState.NOTHING)
    row = rows.order_by("-day").first()
    if row is None:
        return None
    is_sent = row.state == DigestState.SENT
    return DigestRow(
        day=row.day,
        sent_at=row.state_at if is_sent else None,
        problem="" if is_sent else _said(row),
    )


def _alarm(row: Digest) -> AlarmRow:
    is_of_desk = row.state == DigestState.UNKNOWN or row.fault in _OF_DESK
    return AlarmRow(
        what=_said(row),
        help=_help(row),
        name=_("Morgenliste") if is_of_desk else _("Postfach"),
        address=reverse("calendars" if is_of_desk else "mail-account"),
        id=row.pk,
    )


def _is_alarming() -> Q:
    return Q(state__in=[DigestState.FAILED, DigestState.UNKNOWN]) | Q(fault=DigestFault.LATE)


def _said(row: Digest) -> str:
    day = {"day": day_long(row.day)}
    if row.kind == REVIEW:
        return _said_of_review(row, day)
    if row.state == DigestState.UNKNOWN:
        return _("Ob die Morgenliste vom %(day)s ankam, ist ungewiss.") % day
    if row.fault == DigestFault.OFF:
        return _("Am %(day)s kam keine Morgenliste: Nachhaken lief nicht.") % day
    if row.fault == DigestFault.LATE:
        clock = {"clock": f"{timezone.localtime(row.state_at):%-H:%M}"}
        return _("Die Morgenliste kam erst um %(clock)s: Vorher lief Nachhaken nicht.") % clock
    problem = _PROBLEMS.get(row.fault) or _("Der Mailserver war nicht zu erreichen.")
    said = _("Die Morgenliste vom %(day)s konnte nicht hinaus.") % day
    return f"{said} {problem}"


def _said_of_review(row: Digest, day: dict[str, str]) -> str:
    if row.state == DigestState.UNKNOWN:
        return _("Ob der Wochenrückblick vom %(day)s ankam, ist ungewiss.") % day
    problem = _PROBLEMS.get(row.fault) or _("Der Mailserver war nicht zu erreichen.")
    said = _("Der Wochenrückblick vom %(day)s konnte nicht hinaus.") % day
    return f"{said} {problem}"


def _help(row: Digest) -> str:
    if row.state == DigestState.UNKNOWN:
        return _("Die Verbindung brach beim Senden ab. Noch einmal gesendet wird sie nicht.")
    if row.fault in _OF_DESK - {DigestFault.ERROR}:
        return _("Der Rechner muss zur eingestellten Zeit laufen.")
    return str(_HELPS.get(row.fault) or _("Der nächste Versuch folgt von selbst."))
