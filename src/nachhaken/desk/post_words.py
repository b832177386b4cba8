"""What is wrong with an account or a mail, in plain words, and what one can do about it."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nachhaken.desk.models import MailAccount, Outgoing

State = Outgoing.State

NOTES = {
    "switch_on": later(
        "Bei diesem Anbieter muss der Zugriff für Mailprogramme (IMAP) erst in den Einstellungen "
        "des Postfachs im Browser eingeschaltet werden."
    ),
    "gmx": later(
        "Bei diesem Anbieter muss der Zugriff für Mailprogramme (POP3/IMAP) erst in den "
        "Einstellungen des Postfachs im Browser eingeschaltet werden. Wer sich dort mit einem "
        "zweiten Faktor anmeldet, legt unter „Sicherheit“ ein anwendungsspezifisches Passwort an "
        "und trägt dieses hier ein."
    ),
    "mailbox_password": later(
        "Hier gilt das Passwort des Postfachs selbst, nicht das Ihres Kundenkontos beim Anbieter. "
        "Der Benutzername ist die ganze Mailadresse."
    ),
    "app_password_with_2fa": later(
        "Wer sich im Browser mit einem zweiten Faktor anmeldet, braucht hier ein eigenes "
        "Applikationspasswort aus den Einstellungen des Postfachs."
    ),
    "own_password": later(
        "Dieser Anbieter verlangt ein eigenes E-Mail-Passwort, das Sie im Kundencenter setzen; das "
        "Passwort für die Anmeldung im Browser gilt hier nicht."
    ),
    "app_password": later(
        "Dieser Anbieter verlangt ein App-Passwort, das Sie in den Sicherheitseinstellungen Ihres "
        "Kontos anlegen."
    ),
    "no_password": later(
        "Microsoft lässt Mailprogramme nur noch über die eigene Anmeldeseite herein, ein Passwort "
        "genügt nicht mehr. Das kann Nachhaken noch nicht. Was heute geht: in Outlook eine Regel "
        "anlegen, die Mails Ihrer Kunden an ein Postfach bei einem anderen Anbieter weiterleitet, "
        "oder Mails als Datei einlesen."
    ),
    "guess": later(
        "Die Server sind geraten. Ihr Anbieter nennt die richtigen in seiner Hilfe unter „IMAP“."
    ),
}
_LINE = {
    "host": later(
        "„%(host)s“ ist nicht zu finden. Stimmt die Schreibweise, und ist das Internet erreichbar?"
    ),
    "port": later("„%(host)s“ nimmt auf Port %(port)s nichts an. Stimmt der Port?"),
    "certificate": later(
        "„%(host)s“ weist sich nicht gültig aus. Das Passwort ging nicht hinaus. "
        "Stimmt der Name des Servers?"
    ),
    "security": later(
        "„%(host)s“ bietet diese Verschlüsselung oder Anmeldung nicht an. Zu Port 465 und 993 "
        "gehört TLS, zu 587 und 143 STARTTLS."
    ),
    "login": later(
        "Benutzername oder Passwort stimmt nicht. Manche Anbieter verlangen für Mailprogramme ein "
        "eigenes Passwort."
    ),
    "offline": later(
        "Dieser Rechner ist gerade nicht im Netz. Sobald er es wieder ist, geht es von selbst "
        "weiter."
    ),
    "imap_off": later(
        "Der Anbieter lässt Mailprogramme noch nicht an dieses Postfach. Schalten Sie dort in den "
        "Einstellungen im Browser IMAP ein, und prüfen Sie dann noch einmal."
    ),
    "too_many": later(
        "Am selben Postfach sind schon zu viele Programme angemeldet. Schließen Sie eines oder "
        "warten Sie ein paar Minuten; es wird von selbst wieder versucht."
    ),
    "app_password": later(
        "Das Passwort für die Anmeldung im Browser gilt hier nicht. Legen Sie in den "
        "Sicherheitseinstellungen Ihres Kontos ein App-Passwort an, und tragen Sie es hier ein."
    ),
    "garbled": later(
        "Was sich unter „%(host)s“ auf Port %(port)s meldet, antwortet nicht wie ein Mailserver. "
        "Stimmen Name und Port?"
    ),
    "no_folder": later(
        "Ein Ordner lässt sich nicht öffnen. Vielleicht wurde er umbenannt oder gelöscht: Wählen "
        "Sie die Ordner neu."
    ),
    "storage": later(
        "Auf diesem Rechner lässt sich nichts mehr speichern. Ist die Festplatte voll? Sobald "
        "Platz ist, geht es von selbst weiter; verloren ist nichts."
    ),
    "renumbered": later(
        "Der Server hat die Mails neu nummeriert. Der Ordner wird noch einmal von vorn gelesen; "
        "doppelt kommt nichts herein."
    ),
    "timeout": later(
        "„%(host)s“ antwortet auf Port %(port)s nicht rechtzeitig. Oft passen Port und "
        "Verschlüsselung nicht zusammen."
    ),
    "broken": later("Die Verbindung zu „%(host)s“ ist abgebrochen."),
    "server": later("„%(host)s“ lehnt die Anmeldung zurzeit ab."),
    "seal": later("Das gespeicherte Passwort ist nicht mehr lesbar. Bitte geben Sie es neu ein."),
    "not_reached": later(
        "„%(host)s“ ist auf Port %(port)s nicht zu erreichen. Stimmen Name, Port und "
        "Verschlüsselung?"
    ),
}
_SAME = {"untrusted": "certificate", "wrong_password": "login", "refused": "server"}
_MICROSOFT = ("office365.com", "outlook.com")
_REFUSED = {
    "recipient": later(
        "Die Adresse wird nicht angenommen. Steht sie richtig da? Ist das Postfach voll oder die "
        "Mail gesperrt, hilft ein Anruf."
    ),
    "sender": later("Der Server lässt Ihre Absenderadresse nicht zu."),
    "text": later(
        "Der Server nimmt diese Mail nicht an: wegen ihrer Größe, eines Anhangs oder ihres Inhalts."
    ),
    "utf8": later("Der Server kennt keine Umlaute vor dem @. Gibt es eine Adresse ohne?"),
    "account": later("Es ist kein Postfach mehr eingerichtet."),
}
_WITHDRAWN = {
    "objected": later("Zurückgehalten: Hier ist kein Kontakt mehr gewünscht."),
    "forbidden": later(
        "Zurückgehalten: Inzwischen darf diese Mail nicht mehr hinaus. Warum, steht beim Vorgang."
    ),
    "withdrawn": later("Zurückgeholt, nicht gesendet."),
}


class LineFault(NamedTuple):
    """What is wrong with one of the two servers; `way` is "smtp" or "imap"."""

    way: str
    sentence: str


def line_faults(account: MailAccount) -> list[LineFault]:
    """Return what was wrong with the account when it was last used or checked."""
    found = [named.partition(".") for named in account.fault.split()]
    return [LineFault(way, line_fault(account, way, code)) for way, _dot, code in found]


def line_fault(account: MailAccount, way: str, code: str) -> str:
    """Return the sentence of a code."""
    if way == "smtp":
        return server_fault(code, host=account.smtp_host, port=account.smtp_port)
    return server_fault(code, host=account.imap_host, port=account.imap_port)


def server_fault(code: str, *, host: str, port: int) -> str:
    """Return the sentence of a code for this server; "" for no code."""
    code = _SAME.get(code, code)
    if code == "login" and host.endswith(_MICROSOFT):
        return str(NOTES["no_password"])
    known = _LINE.get(code, _LINE["server"])
    return str(known) % {"host": host, "port": port} if code else ""


def mail_sentence(row: Outgoing, account: MailAccount | None) -> str:
    """Return where a mail stands and what one can do about it; "" where nothing is to be said."""
    match row.state:
        case State.UNKNOWN:
            return _(
                "Die Verbindung brach ab, als die Mail schon auf dem Weg war. Ob sie ankam, lässt "
                "sich von hier aus nicht sagen; von selbst geht sie nicht noch einmal hinaus."
            )
        case State.REFUSED if row.fault in _REFUSED:
            return str(_REFUSED[row.fault])
        case State.QUEUED | State.REFUSED if row.fault and account is not None:
            return line_fault(account, "smtp", row.fault)
        case State.WITHDRAWN:
            return str(_WITHDRAWN.get(row.fault, _WITHDRAWN["withdrawn"]))
    return ""
