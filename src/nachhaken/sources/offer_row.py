"""One row of an offer table as a value, or the faults that keep it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nachhaken.sources.cells import (
    Cell,
    amount,
    currency,
    day,
    mail_address,
    minutes,
    number,
    text_of,
    yes,
)
from nachhaken.sources.columns import Field
from nachhaken.sources.faults import Fault, Param
from nachhaken.sources.offer_words import OfferStatus, reason_of, region_of, status_of
from nachhaken.sources.sheets import Line
from nachhaken.terms import NoReason

_NOTHING = frozenset(
    {"", "-", "–", "—", "?", "n/a", "n.a.", "k.a.", "k. a.", "null", "none", "#n/a"}
)
_HIGHEST_VERSION = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer as a table gives it; "" and None stand for what the table does not say."""

    row: int
    number: str
    version: int
    sent_on: date
    customer: str
    person: str
    mail: str
    phone: str
    place: str
    region: str
    private: bool
    title: str
    net_cents: int | None
    currency: str
    valid_until: date | None
    status: OfferStatus
    decided_on: date | None
    reason: NoReason | None
    effort_minutes: int | None

    @property
    def key(self) -> str:
        """What makes this offer the same when the table is imported again."""
        parts = (self.number,) if self.number else (f"{self.sent_on}", self.customer, self.title)
        return "|".join((*parts, f"{self.version}"))


@dataclass(slots=True, kw_only=True)
class RowReader:
    """Reads lines one after the other; `faults` gathers what is wrong with them."""

    file: str
    places: Mapping[Field, int]
    headers: Mapping[Field, str]
    month_first: Mapping[Field, bool]
    faults: list[Fault] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)

    def read(self, line: Line) -> OfferRow | None:
        """Return the offer in `line`, None where a fault keeps it out."""
        before = len(self.faults)
        row = self._row(line)
        if row is None or any(not fault.is_note for fault in self.faults[before:]):
            return None
        first = self._seen.setdefault(row.key, row.row)
        if first != row.row:
            said: dict[str, Param] = {"value": row.number or row.title, "first": first}
            self._fault(line, Field.NUMBER, "twice", said)
            return None
        return row

    def _row(self, line: Line) -> OfferRow | None:
        sent_on = self._day(line, Field.SENT_ON)
        if sent_on is None and not self._text(line, Field.SENT_ON):
            self._fault(line, Field.SENT_ON, "no_date")
        person, mail = self._person(line), self._mail(line)
        customer = self._text(line, Field.CUSTOMER) or person or mail
        if not customer:
            self._fault(line, Field.CUSTOMER, "no_customer")
        net_cents, money = self._net(line)
        status = self._status(line)
        decided_on = self._decided_on(line, status, sent_on)
        offer = self._text(line, Field.NUMBER)
        version = self._version(line, offer)
        valid_until, hours = self._day(line, Field.VALID_UNTIL), self._minutes(line)
        if sent_on is None:
            return None
        return OfferRow(
            row=line.row,
            number=offer,
            version=version,
            sent_on=sent_on,
            customer=customer,
            person=person,
            mail=mail,
            phone=self._text(line, Field.PHONE),
            place=self._text(line, Field.PLACE),
            region=region_of(self._cell(line, Field.REGION)),
            private=yes(self._cell(line, Field.PRIVATE)),
            title=self._text(line, Field.TITLE),
            net_cents=net_cents,
            currency=currency(self._cell(line, Field.CURRENCY)) or money or "EUR",
            valid_until=valid_until,
            status=status,
            decided_on=decided_on,
            reason=self._reason(line) if status is OfferStatus.LOST else None,
            effort_minutes=hours,
        )

    def _cell(self, line: Line, of: Field) -> Cell:
        index = self.places.get(of)
        cell = line.cells[index] if index is not None and index < len(line.cells) else None
        return None if isinstance(cell, str) and cell.casefold() in _NOTHING else cell

    def _text(self, line: Line, of: Field) -> str:
        return text_of(self._cell(line, of))[:500]

    def _fault(
        self, line: Line, of: Field, code: str, params: Mapping[str, Param] | None = None
    ) -> None:
        said = params or {"value": self._text(line, of)[:80]}
        column = self.headers.get(of)
        self.faults.append(
            Fault(file=self.file, row=line.row, column=column, code=code, params=said)
        )

    def _day(self, line: Line, of: Field) -> date | None:
        cell = self._cell(line, of)
        found = day(cell, month_first=self.month_first.get(of, False))
        if found is None and text_of(cell):
            self._fault(line, of, "bad_date")
        return found

    def _person(self, line: Line) -> str:
        parts = (self._text(line, Field.FIRST_NAME), self._text(line, Field.LAST_NAME))
        return self._text(line, Field.PERSON) or " ".join(filter(None, parts))

    def _mail(self, line: Line) -> str:
        cell = self._cell(line, Field.MAIL)
        found = mail_address(cell)
        if found is None and text_of(cell):
            self._fault(line, Field.MAIL, "bad_mail")
        return found or ""

    def _net(self, line: Line) -> tuple[int | None, str]:
        cell = self._cell(line, Field.NET)
        found = amount(cell)
        if found is None:
            if text_of(cell):
                self._fault(line, Field.NET, "bad_amount")
            return None, ""
        if found.cents < 0:
            self._fault(line, Field.NET, "negative_amount")
        return found

    def _status(self, line: Line) -> OfferStatus:
        found = status_of(self._cell(line, Field.STATUS))
        if found is None:
            self._fault(line, Field.STATUS, "unknown_status")
        return found or OfferStatus.OPEN

    def _decided_on(self, line: Line, status: OfferStatus, sent_on: date | None) -> date | None:
        """A CRM's "close date" is a mere expectation while the deal is open."""
        decided_on = self._day(line, Field.DECIDED_ON)
        if decided_on is None or status is OfferStatus.OPEN:
            return None
        if sent_on and decided_on < sent_on:
            self._fault(line, Field.DECIDED_ON, "decided_early")
        return decided_on

    def _reason(self, line: Line) -> NoReason:
        found = reason_of(self._cell(line, Field.REASON))
        if found is None and self._text(line, Field.REASON):
            self._fault(line, Field.REASON, "unknown_reason")
        return found or NoReason.UNKNOWN

    def _version(self, line: Line, offer: str) -> int:
        """Without a column for it, an offer's second row is its second version."""
        cell = self._cell(line, Field.VERSION)
        if text_of(cell):
            text = text_of(cell).casefold().lstrip("v. ").removeprefix("rev").lstrip(". ")
            found = number(text)
            if found is not None and 0 < found <= _HIGHEST_VERSION and found == int(found):
                return int(found)
            self._fault(line, Field.VERSION, "bad_version")
            return 1
        if Field.VERSION in self.places or not offer:
            return 1
        self._versions[offer] = self._versions.get(offer, 0) + 1
        return self._versions[offer]

    def _minutes(self, line: Line) -> int | None:
        cell = self._cell(line, Field.HOURS)
        found = minutes(cell)
        if found is None and text_of(cell):
            self._fault(line, Field.HOURS, "bad_hours")
        return found
