"""One row of a table of activities as a value, or the faults that keep it out."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from nachhaken.sources.cells import clock
from nachhaken.sources.fields import Field
from nachhaken.sources.row import RowReader
from nachhaken.sources.sheets import Line


class ActivityKind(StrEnum):
    """What was done."""

    CALL = "call"
    MAIL = "mail"
    LETTER = "letter"
    MEETING = "meeting"
    NOTE = "note"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """A call, mail, meeting or note as a table gives it; "" and None: it does not say.

    `came_in`: the customer called or wrote. `reached` and `is_done` are what the table says.
    """

    row: int
    source: str
    id: str
    kind: ActivityKind
    on: date
    at: time | None
    subject: str
    text: str
    came_in: bool
    reached: bool | None
    is_done: bool | None
    customer: str
    person: str
    mail: str
    title: str
    number: str

    @property
    def key(self) -> str:
        """What makes this activity the same when the table is imported again."""
        if self.id:
            return f"{self.source}|{self.id}"
        who = self.customer or self.person or self.mail
        return f"{self.on}|{self.at or ''}|{self.kind}|{who}|{self.title}|{self.subject}"


@dataclass(slots=True, kw_only=True)
class ActivityReader(RowReader):
    """Reads the rows of a table of activities."""

    def read(self, line: Line) -> ActivityRow | None:
        """Return the activity in `line`, None where a fault keeps it out."""
        before = len(self.faults)
        on = self.day(line, Field.DAY)
        if on is None and not self.text(line, Field.DAY):
            self.fault(line, Field.DAY, "no_day", {})
        person, mail, customer = self.person(line), self.mail(line), self.customer(line)
        title, number = self.text(line, Field.TITLE), self.text(line, Field.NUMBER)
        if not (customer or person or mail or title or number):
            self.fault(line, Field.CUSTOMER, "no_name", {})
        if on is None or self.is_faulty(before):
            return None
        return ActivityRow(
            row=line.row,
            source=self.profile.program if self.profile else "",
            id=self.text(line, Field.ID),
            kind=self._kind(line),
            on=on,
            at=clock(self.cell(line, Field.CLOCK)) or clock(self.cell(line, Field.DAY)),
            subject=self.text(line, Field.SUBJECT),
            text=self.prose(line, Field.TEXT),
            came_in=self._came_in(line),
            reached=_meant(self.word(line, Field.RESULT), _REACHED),
            is_done=_meant(self.word(line, Field.DONE), _DONE),
            customer=customer,
            person=person,
            mail=mail,
            title=title,
            number=number,
        )

    def _kind(self, line: Line) -> ActivityKind:
        word = self.word(line, Field.KIND)
        own = self.profile.kinds.get(word) if self.profile else None
        if own:
            return ActivityKind(own)
        found = next((kind for kind, words in _KINDS if any(one in word for one in words)), None)
        if found is None and word:
            self.fault(line, Field.KIND, "unknown_kind")
        return found or ActivityKind.NOTE

    def _came_in(self, line: Line) -> bool:
        said = self.word(line, Field.DIRECTION) or self.word(line, Field.KIND)
        return any(word in said for word in _CAME_IN) or said in {"ein", "in", "kunde"}


def _meant(word: str, words: tuple[tuple[bool, tuple[str, ...]], ...]) -> bool | None:
    if not word:
        return None
    found = (meant for meant, said in words if any(one == word or one in word for one in said))
    return next(found, None)


# The first that holds: a "Telefontermin" is a call, "nicht erreicht" is not reached.
_KINDS: tuple[tuple[ActivityKind, tuple[str, ...]], ...] = (
    (ActivityKind.CALL, ("anruf", "telefon", "telefonat", "call", "phone")),
    (ActivityKind.MAIL, ("mail",)),
    (ActivityKind.LETTER, ("brief", "postsendung", "letter", "fax")),
    (
        ActivityKind.MEETING,
        (
            "treffen", "termin", "meeting", "besprech", "besuch", "visit", "demo", "lunch", "messe",
            "mittagessen", "aufmass", "event", "ereignis", "gespraech", "begehung",
        ),
    ),
    (ActivityKind.TASK, ("aufgabe", "task", "todo", "wiedervorlage", "frist", "deadline")),
    (ActivityKind.NOTE, ("notiz", "note", "bemerkung", "kommentar", "comment", "info")),
)  # fmt: skip
_CAME_IN = ("eingehend", "inbound", "incoming", "eingang", "vomkunde", "erhalten", "received")
_REACHED = (
    (
        False,
        (
            "nicht", "noanswer", "keineantwort", "mailbox", "voicemail", "besetzt", "busy", "nein",
            "wrongnumber", "niemand", "leftmessage", "anrufbeantworter",
        ),
    ),
    (True, ("erreicht", "connected", "gesprochen", "ja", "yes", "answered", "completed", "live")),
)  # fmt: skip
_DONE = (
    (False, ("zuerledigen", "todo", "offen", "open", "nein", "notstarted", "nicht", "geplant",
             "inarbeit", "inprogress", "false", "0", "planned", "scheduled")),
    (True, ("erledigt", "done", "completed", "ja", "yes", "1", "x", "true", "abgeschlossen",
            "closed", "wahr")),
)  # fmt: skip
