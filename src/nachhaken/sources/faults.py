"""What is wrong with something that came in, as data, and the sentence that tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Param = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong, with its place: `row` counts from 1 as the user's program does.

    `code` is a key of the sentences below; `params` fill the sentence. A note (`is_note`) tells
    something about a row that was taken all the same.
    """

    file: str
    code: str
    row: int | None = None
    column: str | None = None
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """Whether what it is about was taken nevertheless."""
        return self.code in _NOTES


class Unreadable(Exception):  # noqa: N818
    """A whole file or mail that cannot be read; `fault` says why and what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class EmptyFile(Unreadable):
    """The file has no content at all."""


class NotAMail(Unreadable):
    """The bytes are no mail message."""


class NotAMailbox(Unreadable):
    """The file is neither an mbox nor a single mail."""


class NotATable(Unreadable):
    """The file is no table that can be read."""


class NotACalendar(Unreadable):
    """The file is no iCalendar file."""


class NotATranscript(Unreadable):
    """The text is no transcript of a talk, or tells not who speaks."""


class NotACardFile(Unreadable):
    """The file holds no vCard."""


def say(fault: Fault, language: str = "de") -> str:
    """Return the sentence for people, led by the row where the fault has one."""
    german, english = _SENTENCES[fault.code]
    words = {"value": "", "file": fault.file, "column": fault.column or "", **fault.params}
    if language == "de":
        return _at(fault, "Zeile", "Nachricht") + german.format(**words)
    return _at(fault, "Row", "Message") + english.format(**words)


def _at(fault: Fault, row: str, message: str) -> str:
    if fault.row is None:
        return ""
    name = message if fault.code in _OF_MESSAGES else row
    return f"{_OF_CARDS.get((fault.code, row), name)} {fault.row}: "


_NOTES = frozenset(
    {"unknown_status", "unknown_reason", "unknown_kind", "error_value", "mail_cut", "left_out"}
)
_OF_CARDS = {
    (code, row): card
    for code in ("empty_card", "cut_card")
    for row, card in (("Zeile", "Kontakt"), ("Row", "Contact"))
}
_OF_MESSAGES = frozenset({"no_mail", "no_moment", "too_deep", "mail_too_large", "gone_meanwhile"})

_SENTENCES: dict[str, tuple[str, str]] = {
    "empty": (
        "„{file}“ ist leer. Bitte exportieren Sie die Datei noch einmal.",
        "“{file}” is empty. Please export the file again.",
    ),
    "too_large": (
        "„{file}“ ist zu groß: höchstens {limit} MB. Bitte teilen Sie die Datei.",
        "“{file}” is too large: {limit} MB at most. Please split the file.",
    ),
    # Mail
    "no_mail": ("Das ist keine E-Mail.", "This is not an e-mail."),
    "no_moment": (
        "Die E-Mail nennt kein Datum und fehlt deshalb.",
        "The e-mail names no date, so it is left out.",
    ),
    "too_deep": (
        "Die E-Mail ist zu tief verschachtelt und fehlt deshalb.",
        "The e-mail is nested too deeply, so it is left out.",
    ),
    "mail_too_large": (
        "Die E-Mail ist größer als {limit} MB und fehlt deshalb.",
        "The e-mail is larger than {limit} MB, so it is left out.",
    ),
    "mail_cut": (
        "„{value}“ ist größer als {limit} MB: gelesen ist nur der Text.",
        "“{value}” is larger than {limit} MB: only its text was read.",
    ),
    "mail_unreadable": (
        "„{value}“ vom {on} ist nicht lesbar und fehlt deshalb. Bitte sehen Sie im Postfach nach.",
        "“{value}” of {on} cannot be read, so it is left out. Please look into your mailbox.",
    ),
    "no_mailbox": (
        "„{file}“ ist kein Postfach. Lesbar sind .mbox, .eml, Maildir und .zip davon.",
        "“{file}” is not a mailbox. Readable are .mbox, .eml, Maildir and a .zip of them.",
    ),
    "outlook_mail": (
        "„{file}“ ist eine Outlook-Datei. Bitte speichern Sie die E-Mail dort als .eml.",
        "“{file}” is an Outlook file. Please save the e-mail as .eml there.",
    ),
    "outlook_store": (
        "„{file}“ ist ein Outlook-Archiv. Bitte wandeln Sie es um, etwa mit Thunderbird in .mbox.",
        "“{file}” is an Outlook archive. Please convert it, for example with Thunderbird to .mbox.",
    ),
    "packed": (
        "„{file}“ ist ein gepacktes Archiv. Bitte entpacken Sie es zuerst.",
        "“{file}” is a packed archive. Please unpack it first.",
    ),
    "no_mails_inside": (
        "In „{file}“ ist keine E-Mail. Lesbar sind .mbox, .eml, Maildir und .zip davon.",
        "There is no e-mail in “{file}”. Readable are .mbox, .eml, Maildir and a .zip of them.",
    ),
    "no_mail_file": (
        "„{file}“ ist keine E-Mail und fehlt deshalb.",
        "“{file}” is not an e-mail, so it is left out.",
    ),
    "unreadable_file": (
        "„{file}“ lässt sich nicht lesen und fehlt deshalb.",
        "“{file}” cannot be read, so it is left out.",
    ),
    "gone_meanwhile": (
        "Die E-Mail war beim Lesen nicht mehr da.",
        "The e-mail was gone when it was to be read.",
    ),
    "broken_zip": (
        "„{file}“ ist beschädigt. Bitte packen Sie die Datei neu.",
        "“{file}” is damaged. Please pack the file anew.",
    ),
    "zip_refused": (
        "„{file}“ würde ausgepackt zu groß. Bitte entpacken Sie die Datei selbst zuerst.",
        "“{file}” would become too large when unpacked. Please unpack it yourself first.",
    ),
    "too_many_mails": (
        "„{file}“ hat mehr als {limit} E-Mails. Bitte teilen Sie das Postfach.",
        "“{file}” has more than {limit} e-mails. Please split the mailbox.",
    ),
    # Tables
    "no_table": (
        (
            "„{file}“ ist keine Tabelle. Lesbar sind Tabellen (.xlsx, .csv), Mails (.mbox, .eml), "
            "Kontakte (.vcf) und Termine (.ics)."
        ),
        (
            "“{file}” is not a table. Readable are tables (.xlsx, .csv), mails (.mbox, .eml), "
            "contacts (.vcf) and meetings (.ics)."
        ),
    ),
    "no_rows": (
        "„{file}“ hat keine Zeilen unter der Kopfzeile.",
        "“{file}” has no rows below its header.",
    ),
    "old_excel": (
        "„{file}“ ist im alten Excel-Format. Bitte speichern Sie die Datei als .xlsx.",
        "“{file}” is in the old Excel format. Please save the file as .xlsx.",
    ),
    "locked": (
        "„{file}“ ist mit einem Kennwort geschützt. Bitte speichern Sie die Datei ohne Kennwort.",
        "“{file}” is protected by a password. Please save the file without one.",
    ),
    "other_office": (
        "„{file}“ lässt sich so nicht lesen. Bitte speichern Sie die Tabelle als .xlsx oder .csv.",
        "“{file}” cannot be read like this. Please save the table as .xlsx or .csv.",
    ),
    "broken_table": (
        "„{file}“ ist beschädigt. Bitte speichern Sie die Tabelle neu, am besten als .csv.",
        "“{file}” is damaged. Please save the table anew, best as .csv.",
    ),
    "too_many_rows": (
        "„{file}“ hat mehr als {limit} Zeilen. Bitte teilen Sie die Tabelle.",
        "“{file}” has more than {limit} rows. Please split the table.",
    ),
    "too_wide": (
        "„{file}“ hat mehr als {limit} Spalten. Bitte löschen Sie die leeren Spalten rechts.",
        "“{file}” has more than {limit} columns. Please delete the empty ones on the right.",
    ),
    "missing_sent_on": (
        "„{file}“ hat keine Spalte mit dem Datum des Angebots. Bitte ordnen Sie eine zu.",
        "“{file}” has no column with the date of the offer. Please assign one.",
    ),
    "missing_customer": (
        "„{file}“ hat keine Spalte mit dem Kunden. Bitte ordnen Sie eine zu.",
        "“{file}” has no column with the customer. Please assign one.",
    ),
    "missing_day": (
        "„{file}“ hat keine Spalte mit dem Tag der Aktivität. Bitte ordnen Sie eine zu.",
        "“{file}” has no column with the day of the activity. Please assign one.",
    ),
    "error_value": (
        "In „{column}“ steht der Fehlerwert {value}; das Feld gilt als leer.",
        "“{column}” holds the error value {value}; the field counts as empty.",
    ),
    "no_day": ("Der Tag der Aktivität fehlt.", "The day of the activity is missing."),
    "no_name": ("Name, Firma und E-Mail fehlen.", "Name, company and e-mail are missing."),
    "unknown_kind": (
        "Die Art „{value}“ ist unbekannt, der Eintrag gilt als Notiz.",
        "The type “{value}” is unknown, the entry counts as a note.",
    ),
    "no_offer": (
        "Der Beleg ist kein Angebot, sondern „{value}“, und fehlt deshalb.",
        "The document is not an offer but “{value}”, so it is left out.",
    ),
    "bad_date": ("„{value}“ ist kein Datum.", "“{value}” is not a date."),
    "bad_amount": ("„{value}“ ist kein Betrag.", "“{value}” is not an amount."),
    "negative_amount": ("Der Betrag {value} ist negativ.", "The amount {value} is negative."),
    "bad_hours": ("„{value}“ ist keine Zahl von Stunden.", "“{value}” is not a number of hours."),
    "left_out": (
        "„{value}“ war nicht zu verstehen und bleibt weg.",
        "“{value}” could not be understood and is left out.",
    ),
    "bad_mail": ("„{value}“ ist keine E-Mail-Adresse.", "“{value}” is not an e-mail address."),
    "bad_version": ("„{value}“ ist keine Fassung.", "“{value}” is not a version."),
    "no_date": ("Das Datum des Angebots fehlt.", "The date of the offer is missing."),
    "no_customer": (
        "Kunde, Ansprechpartner und E-Mail fehlen.",
        "Customer, person and e-mail are missing.",
    ),
    "twice": (
        "Angebot {value} steht schon in Zeile {first}.",
        "Offer {value} is already in row {first}.",
    ),
    "decided_early": (
        "Entschieden am {value}, also vor dem Datum des Angebots.",
        "Decided on {value}, which is before the date of the offer.",
    ),
    "unknown_status": (
        "Der Status „{value}“ ist unbekannt, das Angebot gilt als offen.",
        "The status “{value}” is unknown, the offer counts as open.",
    ),
    "unknown_reason": (
        "Der Grund „{value}“ ist unbekannt, er gilt als nicht genannt.",
        "The reason “{value}” is unknown, it counts as not given.",
    ),
    # Contacts
    "no_cards": (
        "„{file}“ enthält keine Kontakte. Lesbar ist .vcf.",
        "“{file}” holds no contacts. Readable is .vcf.",
    ),
    "empty_card": (
        "Hier stehen weder Name noch Firma, Telefon oder E-Mail.",
        "There is no name, company, telephone or e-mail here.",
    ),
    "cut_card": (
        "Der Kontakt ist nicht vollständig und fehlt deshalb.",
        "The contact is not complete, so it is left out.",
    ),
    "too_many_cards": (
        "Die Datei hat mehr als {limit} Kontakte, die übrigen fehlen. Bitte teilen Sie sie.",
        "The file has more than {limit} contacts, the others are left out. Please split it.",
    ),
    # Transcripts
    "no_transcript": (
        "„{file}“ ist keine Mitschrift. Lesbar sind .vtt, .srt und Text mit „Name: …“.",
        "“{file}” is not a transcript. Readable are .vtt, .srt and text with “Name: …”.",
    ),
    "no_speakers": (
        "In der Mitschrift steht nicht, wer spricht. Bitte schreiben Sie „Name:“ vor die Sätze.",
        "The transcript does not say who speaks. Please write “Name:” before the sentences.",
    ),
    "one_speaker": (
        "In der Mitschrift spricht nur eine Person. Bitte schreiben Sie „Name:“ vor die Sätze.",
        "Only one person speaks in the transcript. Please write “Name:” before the sentences.",
    ),
    "transcript_alone": (
        "„{file}“ ist eine Mitschrift. Bitte lesen Sie sie im Vorgang ein, zu dem sie gehört.",
        "“{file}” is a transcript. Please take it in at the opportunity that it belongs to.",
    ),
    # Calendars
    "no_calendar": (
        "„{file}“ ist kein Kalender. Lesbar ist .ics.",
        "“{file}” is not a calendar. Readable is .ics.",
    ),
    "broken_meeting": (
        "Der Termin „{value}“ hat keine lesbare Zeit und fehlt deshalb.",
        "The meeting “{value}” has no readable time, so it is left out.",
    ),
    "too_often": (
        "Der Termin „{value}“ wiederholt sich öfter als ein Treffen und fehlt deshalb.",
        "The meeting “{value}” repeats more often than people meet, so it is left out.",
    ),
    "broken_series": (
        "Wann sich der Termin „{value}“ wiederholt, ist nicht zu lesen. Er fehlt deshalb.",
        "When the meeting “{value}” repeats cannot be read, so it is left out.",
    ),
    "many_series": (
        "Der Termin „{value}“ fehlt: Der Kalender hat zu viele, die sich wiederholen.",
        "The meeting “{value}” is left out: the calendar has too many that repeat.",
    ),
}
