"""What is what in the archive, in German and English, for whoever opens it one day."""

from datetime import datetime

from nachhaken.desk.exports import moment
from nachhaken.desk.takeout.scope import Scope

_DESK = """\
NACHHAKEN: ALLES MITGENOMMEN
Stand: {at}

In diesem Archiv liegt alles, was Ihr Tisch weiß, in Formen, die auch andere Programme lesen.

  tables/        Tabellen für Menschen; ein Doppelklick öffnet sie in Excel oder LibreOffice
  contacts.vcf   Ansprechpartner für Adressbücher, ohne alle, die keinen Kontakt wünschen
  meetings.ics   Termine und nächste Schritte für Kalender
  documents/     PDFs und andere abgelegte Dateien
  mails/         Mails, die von hier hinausgingen, ganz, wie sie waren
  data/          jede Zeile jeder Tabelle, eine Zeile JSON je Datensatz (UTF-8); Zeitpunkte in
                 UTC nach ISO 8601, Beträge in Cent, andere Zeilen bei ihrer Nummer genannt
  manifest.json  Fassung des Formats, Zeitpunkt, Anzahlen, Prüfsummen (SHA-256) aller Teile

Wieder einlesen: „nachhaken import DATEI.zip“ an einem frischen Tisch, oder dort unter „Einlesen“.

Nicht darin: Passwörter und ihre Prüfwerte, die Passwörter der Postfächer und Kalender,
Anmeldungen und die geheimen Adressen der Kalender-Abos. Wer umzieht, gibt die Passwörter neu ein.
Einschätzungen, Pläne und gelesene Antworten macht der Tisch aus dem Übrigen neu.

Bitte verwahren Sie das Archiv wie Ihre Kundenakten. Es enthält auch den Schlüssel der Sperrliste,
damit wer keinen Kontakt wünscht, auch am neuen Tisch in Ruhe gelassen wird.

--------------------------------------------------------------------------------------------------

NACHHAKEN: EVERYTHING TAKEN ALONG
As of: {at}

This archive holds all that your desk knows, in forms that other programs read.

  tables/        tables for people; a spreadsheet opens them
  contacts.vcf   people for address books, without anybody who wants no contact
  meetings.ics   meetings and next steps for calendars
  documents/     PDFs and other kept files
  mails/         mails that went out from here, whole, as they were
  data/          every row of every table, one line of JSON each (UTF-8); moments in UTC after
                 ISO 8601, amounts in cents, other rows named by their number
  manifest.json  version of the format, moment, counts, checksums (SHA-256) of all parts

In again: "nachhaken import FILE.zip" on a fresh desk, or there under "Import".

Not in it: passwords and their hashes, the passwords of mailboxes and calendars, sessions, and
the secret addresses of calendar feeds. Who moves enters the passwords anew. Judgements, plans and
readings are made anew from the rest.

Please keep the archive as you keep your customers' files. It also holds the key of the block
list, so that whoever wants no contact is left alone by the new desk, too.
"""
_PROSPECT = """\
AUSKUNFT: ALLES ÜBER EINEN KUNDEN
Stand: {at}

Dieses Archiv enthält alles, was zu diesem Kunden gespeichert ist (Art. 15 und 20 DSGVO).

  tables/        Tabellen: Vorgänge, Angebote, Personen, Verlauf, Einwilligungen, Herkunft der Daten
  contacts.vcf   die Ansprechpartner als Visitenkarten
  meetings.ics   Termine
  documents/     PDFs der Angebote
  mails/         Mails, die von uns ausgingen
  data/          dasselbe vollständig, eine Zeile JSON je Datensatz; darin auch die Einschätzungen
                 mit ihren Gründen (plans.jsonl) und wie Antworten gelesen wurden (readings.jsonl)
  manifest.json  Zeitpunkt, Anzahlen, Prüfsummen

Einschätzungen sind Vorschläge; was geschieht, entscheidet immer ein Mensch.

--------------------------------------------------------------------------------------------------

ALL ABOUT ONE CUSTOMER
As of: {at}

This archive holds all that is stored about this customer (Art. 15 and 20 GDPR).

  tables/        tables: opportunities, offers, people, history, consents, sources of the data
  contacts.vcf   the people as cards
  meetings.ics   meetings
  documents/     PDFs of the offers
  mails/         mails that we sent
  data/          the same in full, one line of JSON each; with the judgements and their reasons
                 (plans.jsonl) and how replies were read (readings.jsonl)
  manifest.json  moment, counts, checksums

Judgements are proposals; what happens is always decided by a person.
"""


def readme(scope: Scope, *, now: datetime) -> bytes:
    """Return the text with line ends that every editor shows."""
    text = _DESK if scope.prospects is None else _PROSPECT
    return text.format(at=moment(now)).replace("\n", "\r\n").encode("utf-8-sig")
