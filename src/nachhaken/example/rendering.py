"""The example's files with real dates in place of the tokens."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email.header import Header
from email.utils import formataddr, parseaddr, parsedate_to_datetime
from importlib import resources
from io import BytesIO

from icalendar import Calendar, Event, vCalAddress
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nachhaken.example.bytes_of import workbook_bytes
from nachhaken.example.tokens import BERLIN, TOKEN, UnknownToken, dated, dated_header, day, moment

MAILBOX, OFFERS, CALENDAR = "mailbox.mbox", "offers.xlsx", "calendar.ics.txt"


def render(today: date) -> dict[str, bytes]:
    """Return the example's files by name, as if exported on `today`; equal days, equal bytes."""
    files = resources.files("nachhaken.example")
    return {
        "mailbox.mbox": rendered_mailbox(files.joinpath(MAILBOX).read_text("utf-8"), today),
        "offers.xlsx": rendered_offers(files.joinpath(OFFERS).read_bytes(), today),
        "calendar.ics": rendered_calendar(files.joinpath(CALENDAR).read_text("utf-8"), today),
    }


def rendered_mailbox(text: str, today: date) -> bytes:
    """Return an mbox of the mails in `text`, in the order of their dates."""
    mails = re.split(r"^From - .*\n", text, flags=re.MULTILINE)
    rendered = [_mail(mail, today) for mail in mails if mail.strip()]
    return b"\n".join(mail for _, mail in sorted(rendered))


def rendered_offers(raw: bytes, today: date) -> bytes:
    """Return the workbook with its tokens as real dates."""
    book = load_workbook(BytesIO(raw))
    for sheet in book.worksheets:
        _date_cells(sheet, today)
    return workbook_bytes(book, datetime.combine(today, time()))


def rendered_calendar(text: str, today: date) -> bytes:
    """Return the calendar entries, a line "token;time;minutes;title;mail" each, as iCalendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Metallbau Brandt//Kalender//DE")
    calendar.add("version", "2.0")
    for n, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        calendar.add_component(_event(n, line, today))
    return bytes(calendar.to_ical())


def _mail(text: str, today: date) -> tuple[datetime, bytes]:
    head, _, body = text.strip("\n").partition("\n\n")
    headers = [_header(line, today) for line in re.sub(r"\n[ \t]+", " ", head).split("\n")]
    stamp = next(value for name, value in headers if name.lower() == "date")
    sent_at = parsedate_to_datetime(stamp)
    envelope = f"From - {sent_at:%a %b} {sent_at.day:2d} {sent_at:%H:%M:%S %Y}"
    lines = [envelope, *(f"{name}: {value}" for name, value in headers), "", dated(body, today), ""]
    quoted = [re.sub(r"^(>*From )", r">\1", line) for line in "\n".join(lines[1:]).split("\n")]
    return sent_at, "\n".join([envelope, *quoted]).encode()


def _header(line: str, today: date) -> tuple[str, str]:
    name, _, value = line.partition(":")
    value = value.strip()
    if name.lower() == "date":
        return name, dated_header(value, today)
    value = dated(value, today)
    if value.isascii():
        return name, value
    if name.lower() in {"from", "to", "cc", "reply-to"}:
        people = (parseaddr(one) for one in re.split(r",(?=[^,]*@)", value))
        return name, ", ".join(formataddr(person, "utf-8") for person in people)
    return name, Header(value, "utf-8", header_name=name).encode()


def _date_cells(sheet: Worksheet, today: date) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            token = TOKEN.fullmatch(cell.value) if isinstance(cell.value, str) else None
            if token:
                cell.value = day(token, today)
                cell.number_format = "DD.MM.YYYY"
            elif isinstance(cell.value, str) and "{{" in cell.value:
                cell.value = dated(cell.value, today)


def _event(n: int, line: str, today: date) -> Event:
    token, clock, minutes, title, mail = (part.strip() for part in line.split(";"))
    found = TOKEN.fullmatch(token)
    if found is None:
        raise UnknownToken(line)
    on = moment(found, today).date()
    start = datetime.combine(on, time.fromisoformat(f"{clock:0>5}"), BERLIN)
    event = Event()
    event.add("uid", f"brandt-{n}@metallbau-brandt.example")
    event.add("dtstamp", datetime.combine(today, time(), BERLIN).astimezone(UTC))
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", (start + timedelta(minutes=int(minutes))).astimezone(UTC))
    event.add("summary", dated(title, today))
    event.add("attendee", vCalAddress(f"mailto:{mail}"))
    return event
