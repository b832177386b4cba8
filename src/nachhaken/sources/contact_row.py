"""One row of a table of contacts as a value, or the faults that keep it out."""

import re
from dataclasses import dataclass

from nachhaken.sources.cells import yes
from nachhaken.sources.fields import Field
from nachhaken.sources.headers import folded
from nachhaken.sources.offer_words import region_of
from nachhaken.sources.row import RowReader
from nachhaken.sources.sheets import Line

_AT_HOME = frozenset({"", "de", "deutschland", "germany", "d"})
_TOWN = re.compile(r"^(?:[A-Z]{1,3}[- ])?(\d{4,5}) +(\S.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A person, or an organisation without one; "" stands for what the table does not say.

    `salutation` is "frau" or "herr". `address` is what stands on a letter below the name.
    `has_objected`: the table says that they want no contact.
    """

    row: int
    customer: str
    person: str
    salutation: str
    role: str
    mail: str
    phone: str
    address: str
    place: str
    region: str
    private: bool
    has_objected: bool


@dataclass(slots=True, kw_only=True)
class ContactReader(RowReader):
    """Reads the rows of a table of contacts."""

    def read(self, line: Line) -> ContactRow | None:
        """Return the contact in `line`, None where a fault keeps it out."""
        before = len(self.faults)
        person, mail = self.person(line), self.mail(line)
        customer = self.customer(line)
        if not (customer or person or mail):
            self.fault(line, Field.CUSTOMER, "no_name", {})
        if self.is_faulty(before):
            return None
        address, place = self._address(line)
        region = region_of(self.cell(line, Field.REGION))
        return ContactRow(
            row=line.row,
            customer=customer,
            person=person,
            salutation=salutation_of(self.text(line, Field.SALUTATION)),
            role=self.text(line, Field.ROLE, 120),
            mail=mail,
            phone=self.text(line, Field.PHONE) or self.text(line, Field.MOBILE),
            address=address,
            place=place,
            region=region or region_of(self.cell(line, Field.COUNTRY)),
            private=yes(self.cell(line, Field.PRIVATE)),
            has_objected=yes(self.cell(line, Field.OBJECTED)),
        )

    def _address(self, line: Line) -> tuple[str, str]:
        """Return the lines of the address and the town."""
        lines = [part.strip() for part in re.split(r"[\n,]", self.prose(line, Field.STREET, 500))]
        street = [part for part in lines if part and folded(part) not in _AT_HOME]
        town, postcode = self.text(line, Field.PLACE, 120), self.text(line, Field.POSTCODE, 10)
        if found := _TOWN.match(town):
            postcode, town = found[1], found[2]
        if not town:
            # A whole address in one cell: "Hauptstr. 5, 83646 Bad Tölz, Deutschland".
            inside = next((m for part in street if (m := _TOWN.match(part))), None)
            return "\n".join(street), inside[2] if inside else ""
        country = self.text(line, Field.COUNTRY, 60)
        abroad = "" if folded(country) in _AT_HOME else country
        parts = (*street, f"{postcode} {town}".strip(), abroad)
        return "\n".join(filter(None, parts)) if street or postcode else "", town


def salutation_of(text: str) -> str:
    """Return "frau" or "herr" for how somebody is addressed, "" where it is neither."""
    words = {folded(word) for word in text.split()}
    if words & {"frau", "fr", "ms", "mrs", "miss", "weiblich", "w", "female", "geehrte", "f"}:
        return "frau"
    if words & {"herr", "herrn", "hr", "mr", "maennlich", "m", "male", "geehrter"}:
        return "herr"
    return ""
