"""One row of a table of offers as a value, or the faults that keep it out."""

from dataclasses import dataclass, field
from datetime import date

from nachhaken.sources.cells import number, text_of, yes
from nachhaken.sources.fields import Field
from nachhaken.sources.job_row import JobDone, job_of
from nachhaken.sources.offer_words import OfferStatus, reason_of, region_of, status_of
from nachhaken.sources.row import RowReader
from nachhaken.sources.sheets import Line
from nachhaken.terms import NoReason

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
    job: JobDone | None = None

    @property
    def key(self) -> str:
        """What makes this offer the same when the table is imported again."""
        parts = (self.number,) if self.number else (f"{self.sent_on}", self.customer, self.title)
        return "|".join((*parts, f"{self.version}"))


@dataclass(slots=True, kw_only=True)
class OfferReader(RowReader):
    """Reads the rows of a table of offers."""

    _versions: dict[str, int] = field(default_factory=dict)

    def read(self, line: Line) -> OfferRow | None:
        """Return the offer in `line`, None where a fault keeps it out."""
        before = len(self.faults)
        row = self._row(line)
        if row is None or self.is_faulty(before):
            return None
        return row if self.is_first(line, row.key, row.number or row.title) else None

    def _row(self, line: Line) -> OfferRow | None:
        sent_on = self.day(line, Field.SENT_ON)
        if sent_on is None and not self.text(line, Field.SENT_ON):
            self.fault(line, Field.SENT_ON, "no_date")
        person, mail = self.person(line), self.mail(line)
        customer = self.customer(line) or person or mail
        if not customer:
            self.fault(line, Field.CUSTOMER, "no_customer")
        self._check_kind(line)
        net_cents, money = self.net(line)
        status = self._status(line)
        decided_on = self._decided_on(line, status, sent_on)
        offer = self.text(line, Field.NUMBER)
        version = self._version(line, offer)
        valid_until, effort = self.day(line, Field.VALID_UNTIL), self.effort(line)
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
            phone=self.text(line, Field.PHONE),
            place=self.text(line, Field.PLACE),
            region=region_of(self.cell(line, Field.REGION)),
            private=yes(self.cell(line, Field.PRIVATE)),
            title=self.text(line, Field.TITLE),
            net_cents=net_cents,
            currency=self.currency(line, money),
            valid_until=valid_until,
            status=status,
            decided_on=decided_on,
            reason=self._reason(line) if status is OfferStatus.LOST else None,
            effort_minutes=effort,
            job=job_of(self, line) if status is OfferStatus.WON else None,
        )

    def _check_kind(self, line: Line) -> None:
        """A list of all documents has invoices in it, too."""
        kinds = self.profile.kinds if self.profile else {}
        word = self.word(line, Field.KIND)
        if kinds and word and word not in kinds:
            self.fault(line, Field.KIND, "no_offer")

    def _status(self, line: Line) -> OfferStatus:
        found = status_of(self.cell(line, Field.STATUS))
        if found is None:
            self.fault(line, Field.STATUS, "unknown_status")
        return found or OfferStatus.OPEN

    def _decided_on(self, line: Line, status: OfferStatus, sent_on: date | None) -> date | None:
        """A CRM's "close date" is a mere expectation while the deal is open."""
        decided_on = self.day(line, Field.DECIDED_ON)
        if decided_on is None or status is OfferStatus.OPEN:
            return None
        if sent_on and decided_on < sent_on:
            self.fault(line, Field.DECIDED_ON, "decided_early")
        return decided_on

    def _reason(self, line: Line) -> NoReason:
        found = reason_of(self.cell(line, Field.REASON))
        if found is None and self.text(line, Field.REASON):
            self.fault(line, Field.REASON, "unknown_reason")
        return found or NoReason.UNKNOWN

    def _version(self, line: Line, offer: str) -> int:
        """Without a column for it, an offer's second row is its second version."""
        cell = self.cell(line, Field.VERSION)
        if text_of(cell):
            text = text_of(cell).casefold().lstrip("v. ").removeprefix("rev").lstrip(". ")
            found = number(text)
            if found is not None and 0 < found <= _HIGHEST_VERSION and found == int(found):
                return int(found)
            self.fault(line, Field.VERSION, "bad_version")
            return 1
        if Field.VERSION in self.places or not offer:
            return 1
        self._versions[offer] = self._versions.get(offer, 0) + 1
        return self._versions[offer]
