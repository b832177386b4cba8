"""What the rows of a table can be, and what its columns can hold."""

from collections.abc import Mapping
from enum import StrEnum


class About(StrEnum):
    """What the rows of a table are."""

    OFFERS = "offers"
    OPPORTUNITIES = "opportunities"
    CONTACTS = "contacts"
    ACTIVITIES = "activities"


class Field(StrEnum):
    """What a column of a table can hold."""

    ID = "id"
    NUMBER = "number"
    VERSION = "version"
    OPENED_ON = "opened_on"
    SENT_ON = "sent_on"
    CUSTOMER = "customer"
    PERSON = "person"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    SALUTATION = "salutation"
    ROLE = "role"
    MAIL = "mail"
    PHONE = "phone"
    MOBILE = "mobile"
    STREET = "street"
    POSTCODE = "postcode"
    PLACE = "place"
    REGION = "region"
    COUNTRY = "country"
    PRIVATE = "private"
    OBJECTED = "objected"
    TITLE = "title"
    NET = "net"
    CURRENCY = "currency"
    VALID_UNTIL = "valid_until"
    STATUS = "status"
    STAGE = "stage"
    DECIDED_ON = "decided_on"
    REASON = "reason"
    HOURS = "hours"
    PLANNED = "planned"
    WORKED = "worked"
    MARGIN = "margin"
    AGAIN = "again"
    KIND = "kind"
    DAY = "day"
    CLOCK = "clock"
    DIRECTION = "direction"
    RESULT = "result"
    SUBJECT = "subject"
    TEXT = "text"
    DONE = "done"


_WHO = (Field.CUSTOMER, Field.PERSON, Field.FIRST_NAME, Field.LAST_NAME, Field.MAIL, Field.PHONE)
_WHERE = (Field.PLACE, Field.REGION, Field.PRIVATE)
_WORTH = (Field.TITLE, Field.NET, Field.CURRENCY, Field.VALID_UNTIL)
_END = (Field.STATUS, Field.DECIDED_ON, Field.REASON, Field.HOURS)
_JOB = (Field.PLANNED, Field.WORKED, Field.MARGIN, Field.AGAIN)

FIELDS: Mapping[About, tuple[Field, ...]] = {
    About.OFFERS: (
        Field.NUMBER, Field.VERSION, Field.SENT_ON, *_WHO, *_WHERE, *_WORTH, *_END, *_JOB,
    ),
    About.OPPORTUNITIES: (
        Field.ID, Field.OPENED_ON, *_WHO, *_WHERE, *_WORTH, Field.STAGE, *_END, Field.NUMBER,
        Field.SENT_ON, *_JOB,
    ),
    About.CONTACTS: (
        *_WHO, Field.MOBILE, Field.SALUTATION, Field.ROLE, Field.STREET, Field.POSTCODE, *_WHERE,
        Field.COUNTRY, Field.OBJECTED,
    ),
    About.ACTIVITIES: (
        Field.ID, Field.KIND, Field.DAY, Field.CLOCK, Field.SUBJECT, Field.TEXT, Field.DIRECTION,
        Field.RESULT, Field.DONE, Field.CUSTOMER, Field.PERSON, Field.FIRST_NAME, Field.LAST_NAME,
        Field.MAIL, Field.TITLE, Field.NUMBER,
    ),
}  # fmt: skip
"""The fields that a table of each kind can have, in the order in which people are asked."""

NAMED = frozenset({Field.CUSTOMER, Field.PERSON, Field.LAST_NAME, Field.MAIL})
"""Any one of these says whom a row concerns."""

DATED: Mapping[About, Field] = {
    About.OFFERS: Field.SENT_ON,
    About.ACTIVITIES: Field.DAY,
}
"""The date without which a row of this kind cannot be placed in time."""
