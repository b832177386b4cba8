"""One row of a table of opportunities as a value, or the faults that keep it out."""

from dataclasses import dataclass
from datetime import date

from nachhaken.sources.cells import yes
from nachhaken.sources.fields import Field
from nachhaken.sources.job_row import JobDone, job_of
from nachhaken.sources.offer_words import reason_of, region_of, stage_of
from nachhaken.sources.profiles import Stage
from nachhaken.sources.row import RowReader
from nachhaken.sources.sheets import Line
from nachhaken.terms import NoReason

_ENDED = frozenset({Stage.WON, Stage.LOST, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRow:
    """An opportunity as a table gives it; "" and None stand for what the table does not say.

    `is_offered`: an offer went out, because the table dates or numbers one or its stage says so.
    """

    row: int
    source: str
    id: str
    number: str
    title: str
    opened_on: date | None
    customer: str
    person: str
    mail: str
    phone: str
    place: str
    region: str
    private: bool
    is_offered: bool
    sent_on: date | None
    net_cents: int | None
    currency: str
    valid_until: date | None
    stage: Stage
    decided_on: date | None
    reason: NoReason | None
    effort_minutes: int | None
    job: JobDone | None = None

    @property
    def key(self) -> str:
        """What makes this opportunity the same when the table is imported again."""
        if self.id:
            return f"{self.source}|{self.id}"
        return self.number or f"{self.customer}|{self.title}"


@dataclass(slots=True, kw_only=True)
class OpportunityReader(RowReader):
    """Reads the rows of a table of opportunities."""

    def read(self, line: Line) -> OpportunityRow | None:
        """Return the opportunity in `line`, None where a fault keeps it out."""
        before = len(self.faults)
        row = self._row(line)
        if self.is_faulty(before):
            return None
        return row if self.is_first(line, row.key, row.title or row.id) else None

    def _row(self, line: Line) -> OpportunityRow:
        person, mail = self.person(line), self.mail(line)
        title, number = self.text(line, Field.TITLE), self.text(line, Field.NUMBER)
        customer = self.customer(line) or person or mail
        if not customer:
            self.fault(line, Field.CUSTOMER, "no_customer")
        stage, is_offered = self._stage(line)
        sent_on = self.day(line, Field.SENT_ON)
        net_cents, money = self.net(line)
        return OpportunityRow(
            row=line.row,
            source=self.profile.program if self.profile else "",
            id=self.text(line, Field.ID),
            number=number,
            title=title,
            opened_on=self.day(line, Field.OPENED_ON),
            customer=customer,
            person=person,
            mail=mail,
            phone=self.text(line, Field.PHONE),
            place=self.text(line, Field.PLACE),
            region=region_of(self.cell(line, Field.REGION)),
            private=yes(self.cell(line, Field.PRIVATE)),
            is_offered=bool(sent_on or number or is_offered),
            sent_on=sent_on,
            net_cents=net_cents or None,
            currency=self.currency(line, money),
            valid_until=self.day(line, Field.VALID_UNTIL),
            stage=stage,
            decided_on=self._decided_on(line, stage),
            reason=self._reason(line) if stage is Stage.LOST else None,
            effort_minutes=self.effort(line),
            job=job_of(self, line) if stage is Stage.WON else None,
        )

    def _stage(self, line: Line) -> tuple[Stage, bool]:
        """The status says whether it is over, the stage how far it came: had an offer gone out?"""
        told = [self._meaning(line, field) for field in (Field.STATUS, Field.STAGE)]
        ended = next((stage for stage in told if stage in _ENDED), None)
        is_offered = Stage.OFFERED in told
        return ended or (Stage.OFFERED if is_offered else Stage.OPEN), is_offered

    def _meaning(self, line: Line, of: Field) -> Stage | None:
        word = self.word(line, of)
        if not word:
            return None
        own = self.profile.stages.get(word) if self.profile else None
        found = own or stage_of(self.text(line, of))
        if found is None and of is Field.STATUS:
            self.fault(line, of, "unknown_status")
        return found

    def _decided_on(self, line: Line, stage: Stage) -> date | None:
        """The day on which an open opportunity is expected to end is no decision."""
        decided_on = self.day(line, Field.DECIDED_ON)
        return decided_on if stage in _ENDED else None

    def _reason(self, line: Line) -> NoReason:
        found = reason_of(self.cell(line, Field.REASON))
        if found is None and self.text(line, Field.REASON):
            self.fault(line, Field.REASON, "unknown_reason")
        return found or NoReason.UNKNOWN
