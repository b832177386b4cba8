"""Where the pages are: what the palette finds, and what the settings list."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its name, what it is for in one line, its address's name, and its icon."""

    name: Promise
    about: Promise | str
    page: str
    icon: str = ""


SETTINGS = (
    Place(_("Postfach"), _("Mails senden, Antworten holen"), "mail-account", "inbox"),
    Place(
        _("Kalender und Morgenliste"),
        _("nächste Schritte im Kalender, morgens die Liste per Mail"),
        "calendars",
        "calendar",
    ),
    Place(_("Briefkopf"), _("wie Angebote und Briefe aussehen"), "letterhead", "letter"),
    Place(
        _("Neue Angebote"),
        _("Frist, Einleitung und Schluss, die jedes bekommt"),
        "offer-habits",
        "document",
    ),
    Place(
        _("Was Vorarbeit kostet"),
        _("Stundensätze für Besuch, Aufmaß, Kalkulation"),
        "work-rates",
        "tool",
    ),
    Place(_("Passung"), _("woran Sie messen, ob ein Kunde zu Ihnen passt"), "fit-criteria", "gut"),
    Place(_("Ihr Platz"), _("wie viele offene Vorgänge für Sie genug sind"), "room", "person"),
    Place(
        _("Grenzen"), _("wie oft und wann Sie sich melden, und die Sperrliste"), "limits", "clock"
    ),
    Place(
        _("Alles mitnehmen"),
        _("alle Daten als Archiv, auch für den Umzug"),
        "takeout",
        "download",
    ),
    Place(
        _("Empfehlungen"), _("zu wem Sie Kunden schicken, denen Sie absagen"), "partners", "person"
    ),
    Place(_("Recht"), _("was vor Anruf, Mail und Brief geprüft wird"), "law", "law"),
)

PLACES = (
    Place(_("Heute"), "", "today"),
    Place(_("Eingang"), "", "inbox"),
    Place(_("Vorgänge"), "", "opportunities"),
    Place(_("Kunden"), "", "prospects"),
    Place(_("Angebote"), "", "offers"),
    Place(_("Doppelte"), _("Kunden und Menschen, die es zweimal gibt"), "twins"),
    Place(_("Postausgang"), "", "post"),
    Place(_("Neuer Vorgang"), "", "opportunity-new"),
    Place(_("Einlesen"), "", "import"),
    Place(_("Playbook"), "", "playbook"),
    Place(_("Auswertung"), _("was Ihre Nachfragen bringen"), "insight"),
    Place(_("Traumkunde"), _("was Ihre guten Aufträge gemeinsam haben"), "dream"),
    Place(_("Wochenrückblick"), _("was klar wurde, was stockt, was zu tun ist"), "review"),
    Place(_("Werkstatt"), _("andere Zahlen ausprobieren, Wege vergleichen"), "lab"),
    Place(_("Gelernt"), "", "learning"),
    Place(_("Einstellungen"), "", "settings"),
    *SETTINGS,
)
