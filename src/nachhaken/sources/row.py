"""What every kind of row shares: its cells by field, and the faults that are found in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from nachhaken.sources.cells import Cell, amount, currency, day, mail_address, minutes, text_of
from nachhaken.sources.faults import Fault, Param
from nachhaken.sources.fields import Field
from nachhaken.sources.headers import folded
from nachhaken.sources.profiles import Profile
from nachhaken.sources.sheets import Line

_NOTHING = frozenset({"", "-", "–", "—", "?", "n/a", "n.a.", "k.a.", "k. a.", "null", "none"})
_ERRORS = frozenset(
    {
        "#ref!", "#nv", "#n/a", "#wert!", "#value!", "#div/0!", "#name?", "#bezug!", "#null!",
        "#num!", "#zahl!", "#spill!", "#überlauf!", "#calc!", "#kalk!", "#getting_data",
    }
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class RowReader:
    """Reads lines one after the other; `faults` gathers what is wrong with them."""

    file: str
    places: Mapping[Field, int]
    headers: Mapping[Field, str]
    month_first: bool = False
    profile: Profile | None = None
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def cell(self, line: Line, of: Field) -> Cell:
        """Return the cell of a field; None where it says nothing."""
        index = self.places.get(of)
        cell = line.cells[index] if index is not None and index < len(line.cells) else None
        if not isinstance(cell, str):
            return cell
        word = cell[:20].casefold()
        if word in _ERRORS:
            self.fault(line, of, "error_value", {"value": cell})
            return None
        return None if word in _NOTHING else cell

    def text(self, line: Line, of: Field, most: int = 500) -> str:
        """Return the text of a field."""
        return text_of(self.cell(line, of))[:most]

    def prose(self, line: Line, of: Field, most: int = 20_000) -> str:
        """Return the text of a field with its lines."""
        cell = self.cell(line, of)
        return cell[:most].strip() if isinstance(cell, str) else text_of(cell)

    def fault(
        self, line: Line, of: Field, code: str, params: Mapping[str, Param] | None = None
    ) -> None:
        """Note what is wrong with a field of a row."""
        said = params if params is not None else {"value": self.text(line, of, 80)}
        self.faults.append(
            Fault(file=self.file, row=line.row, column=self.headers.get(of), code=code, params=said)
        )

    def is_faulty(self, since: int) -> bool:
        """Whether a fault after the first `since` ones keeps its row out."""
        return any(not fault.is_note for fault in self.faults[since:])

    def is_first(self, line: Line, key: str, value: str) -> bool:
        """Whether this is the first row of its key; the others are told."""
        first = self.seen.setdefault(key, line.row)
        if first != line.row:
            self.fault(line, Field.NUMBER, "twice", {"value": value, "first": first})
        return first == line.row

    def day(self, line: Line, of: Field) -> date | None:
        """Return the day of a field."""
        cell = self.cell(line, of)
        found = _day(cell, self.month_first)
        if found is None and text_of(cell):
            self.fault(line, of, "bad_date")
        return found

    def person(self, line: Line) -> str:
        """Return the name of the person, in one piece."""
        parts = (self.text(line, Field.FIRST_NAME), self.text(line, Field.LAST_NAME))
        return self.text(line, Field.PERSON) or " ".join(filter(None, parts))

    def customer(self, line: Line) -> str:
        """Return the organisation; of several the first one."""
        name = self.text(line, Field.CUSTOMER)
        return name.partition(";")[0].strip() if self.profile else name

    def mail(self, line: Line) -> str:
        """Return the mail address."""
        cell = self.cell(line, Field.MAIL)
        found = mail_address(cell)
        if found is None and text_of(cell):
            self.fault(line, Field.MAIL, "bad_mail")
        return found or ""

    def net(self, line: Line) -> tuple[int | None, str]:
        """Return the amount in cents, and the currency that it names."""
        cell = self.cell(line, Field.NET)
        found = _amount(cell)
        if found is None:
            if text_of(cell):
                self.fault(line, Field.NET, "bad_amount")
            return None, ""
        if found.cents < 0:
            self.fault(line, Field.NET, "negative_amount")
        return found.cents, found.currency

    def currency(self, line: Line, of_amount: str) -> str:
        """Return the ISO code: that of its own column before that of the amount."""
        return currency(self.cell(line, Field.CURRENCY)) or of_amount or "EUR"

    def effort(self, line: Line) -> int | None:
        """Return the minutes of the work in advance."""
        cell = self.cell(line, Field.HOURS)
        found = _minutes(cell)
        if found is None and text_of(cell):
            self.fault(line, Field.HOURS, "bad_hours")
        return found

    def word(self, line: Line, of: Field) -> str:
        """Return what a field says, folded as headers are."""
        return folded(self.text(line, of, 80))


# A table has few different days and many rows.
_day = lru_cache(maxsize=4096)(lambda cell, month_first: day(cell, month_first=month_first))
_amount = lru_cache(maxsize=4096)(amount)
_minutes = lru_cache(maxsize=4096)(minutes)
