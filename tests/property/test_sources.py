"""Laws of the sources: whatever comes in is read, or refused in words."""

import contextlib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.sources.calendar import read_meetings
from nachhaken.sources.cells import amount, day
from nachhaken.sources.faults import Fault, Unreadable, say
from nachhaken.sources.fields import About
from nachhaken.sources.html_text import html_text
from nachhaken.sources.kind import Kind, kind_of
from nachhaken.sources.mail import MailMessage, parse_message
from nachhaken.sources.mailbox import messages
from nachhaken.sources.new_text import new_text, own_part
from nachhaken.sources.tables import preview, read_table

NOW = datetime(2026, 11, 22, tzinfo=UTC)

PIECES = st.sampled_from(
    [
        "-----Ursprüngliche Nachricht-----", "Von: Katharina", "Gesendet: Montag", "An: Rosa",
        "Betreff: Angebot", "> alt", ">", "", "-- ", "Gruß", "LG Rosa", "Tel. 08024 555 1",
        "Am 12.11.2026 um 09:12 schrieb Rosa <r@b.example>:", "On 1 May 2026 Jo wrote:", "PS: ja",
        "Von meinem iPhone gesendet", "passt so", "Hallo Frau Brandt,", "_" * 32, "****", "\u200b",
        "> > alt", "Am 12.11.2026 um 09:12 schrieb Rosa <r@b.de", ">:", "[EXTERN]", "Danke\r\n",
        "Diese E-Mail ist vertraulich.", "Mit freundlichen Grüßen\ri. A.", "👍", "---", "\0", "a:",
    ]
)  # fmt: skip
bodies = st.lists(PIECES | st.text(max_size=40), max_size=25).map("\n".join)

HEADERS = st.sampled_from(
    [
        b"From: Rosa <r@b.example>", b"From: =?utf-8?q?=FF?= <@>", b"To: a@b.example, ((((",
        b"Date: x",
        b"Date: Thu, 12 Nov 2026 09:12:00 +9999", b"Subject: =?x-unknown?b?####?=",
        b"Message-ID: <>",
        b"Content-Type: multipart/mixed; boundary=a", b"Content-Type: text/html; charset=utf-7",
        b"Content-Type: text/plain; charset=unicode_escape", b"Content-Type: message/rfc822",
        b"Content-Type: multipart/alternative; boundary=\"",
        b"Content-Type: text/plain; charset*0*=x",
        b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode",
        b"\xff\xfe: x",
        b"Content-Disposition: attachment; filename*=x'y'%ff", b"References: <a> b <c@d>", b"--a",
        b"",
        b"--a--", b"From - Thu Jan  1 00:00:00 1970", b"<div><![x[", b"<!", b"begin 644 x",
        b"\\N{x}",
    ]
)  # fmt: skip
mails = st.lists(HEADERS | st.binary(max_size=40), max_size=25).map(b"\n".join)

CELLS = st.sampled_from(
    [
        "Datum", "Kunde", "Netto", "Status", "Stunden", "12.11.2026", "1.234,50", "ja", "AN-1", '"',
        "r@b.example", "1e9", "99999", "=1+1", "NaN", "-", "9" * 40, "½", "²", "١٢",
    ]
)  # fmt: skip
tables = st.lists(
    st.lists(CELLS | st.text(max_size=8), max_size=6).map(";".join), min_size=1, max_size=12
).map(lambda rows: "Datum;Kunde;Netto\n" + "\n".join(rows))


@given(bodies)
def test_new_text_is_never_empty_where_the_mail_has_words(text: str) -> None:
    said = new_text(text)
    assert said.strip() or not any(c.isalnum() for c in text)


@given(bodies, bodies)
def test_new_text_ignores_what_is_quoted(said: str, quoted: str) -> None:
    lines = "\n".join(f"> {line}" for line in quoted.splitlines())
    header = "\n\nAm 12.11.2026 um 09:12 schrieb Rosa <r@b.example>:\n"
    first, second = (new_text(f"passt so\n{said}{header}{q}") for q in (lines, "> anderes"))
    assert first == second


@given(bodies)
def test_new_text_is_made_of_the_mails_own_lines(text: str) -> None:
    own = {line.strip() for line in text.replace("\xa0", " ").replace("\r", "\n").split("\n")}
    assert all(line.strip() in own | {""} for line in new_text(text).split("\n"))


@given(bodies)
def test_the_own_part_is_the_new_text_at_its_place(text: str) -> None:
    own = own_part(text)
    assert len(own) == len(text)
    assert own.split() == new_text(text).split()
    assert all(a in {b, " "} for a, b in zip(own, text, strict=True))
    assert [c for c in own if c in "\r\n"] == [c for c in text if c in "\r\n"]


TAGS = st.sampled_from(
    [
        "<div>", "</div>", "<p>", "</p>", "<br>", "<blockquote type=cite>", "</blockquote>", "alt",
        "<div class=yahoo_quoted>", "<div id=appendonsend>", "<div class=moz-signature>", "<!--",
        "-->", "<title>", "</title>", "<a title='", '">', "&auml;", "&#", "<td>", "<", ">", "\n",
    ]
)  # fmt: skip


@given(st.lists(TAGS | st.text(max_size=9), max_size=40).map("".join))
def test_new_text_of_html_is_never_empty_where_the_html_has_words(markup: str) -> None:
    text = html_text(markup)
    assert new_text(text) or not any(c.isalnum() for c in text)


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from("<>!-/[]='\"&;#x pdivbr"), max_size=80).map("".join)
)
def test_any_markup_gives_text(markup: str) -> None:
    assert html_text(markup).strip() == html_text(markup)


@given(mails | st.binary(max_size=300))
def test_any_bytes_are_a_mail_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        mail = parse_message(raw, fallback=NOW)
        assert mail.sent_at.utcoffset() is not None
        assert mail.message_id
        assert mail.new_text or not any(c.isalnum() for c in mail.full_text)
        f"{mail}".encode("utf-8", "strict")
        assert parse_message(raw, fallback=NOW) == mail


@given(mails | st.binary(max_size=300))
def test_any_bytes_are_a_mailbox_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        for found in messages(b"From - Thu Jan  1 00:00:00 1970\n" + raw, name="a.mbox"):
            assert isinstance(found, MailMessage) or say(found)


@given(tables | st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_table_is_read_or_refused_in_words(text: str, encoding: str) -> None:
    _table_holds(text.encode(encoding, "replace"), "a.csv")


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_any_bytes_are_a_table_or_refused_in_words(raw: bytes, name: str) -> None:
    _table_holds(raw, name)
    _table_holds(b"PK\x03\x04" + raw + b"xl/workbook.xml", name)


def _table_holds(raw: bytes, name: str) -> None:
    for about in (None, *About):
        with Suppressed():
            assert preview(raw, name, about=about).rows >= 0
            result = read_table(raw, name, about=about)
            told = {fault.row for fault in result.faults if not fault.is_note}
            assert not told & {row.row for row in result.rows}
            assert all(say(fault, tongue) for fault in result.faults for tongue in ("de", "en"))
            assert len({row.key for row in result.offers}) == len(result.offers)


class Suppressed(contextlib.AbstractContextManager[None]):
    """Lets a refusal pass, provided that it can be told in both languages."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Unreadable):
            return False
        return bool(say(error.fault) and say(error.fault, "en"))


ICAL = st.sampled_from(
    [
        "BEGIN:VEVENT", "END:VEVENT", "DTSTART:20261112T100000",
        "DTSTART;TZID=Mond:20261112T100000",
        "DTSTART;VALUE=DATE:20261112", "DTSTART:00010101T000000Z", "DTEND:99991231T235959Z",
        "DURATION:P99999999D", "RRULE:FREQ=X", "ATTENDEE:mailto:", "SUMMARY;X=\":", "UID:",
        "BEGIN:",
        "DTSTART:19960401T010000/PT1H", "DTSTART:", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:Mond",
        "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=WEEKLY;COUNT=-1;BYDAY=9MO",
        "RDATE:20260701T010000", "EXDATE:20260701T010000", "RECURRENCE-ID:20260701T010000",
    ]
)  # fmt: skip


@given(st.lists(ICAL | st.text(max_size=20), max_size=15))
def test_any_calendar_is_read_or_refused(lines: list[str]) -> None:
    raw = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()
    with Suppressed():
        for meeting in read_meetings(raw, around=NOW).meetings:
            assert meeting.start.utcoffset() is not None
            assert meeting.start <= meeting.end


@given(st.binary(max_size=200), st.text(max_size=20))
def test_every_file_has_a_kind(raw: bytes, name: str) -> None:
    assert isinstance(kind_of(raw, name), Kind)


@given(st.integers(0, 10**11), st.sampled_from(["{:,.2f}", "{:.2f}"]), st.booleans())
def test_written_amounts_come_back(cents: int, form: str, german: bool) -> None:
    text = form.format(cents / 100)
    if german:
        text = text.translate({ord(","): ".", ord("."): ","})
    found = amount(text)
    assert found is not None
    assert found.cents == cents


@given(st.dates(datetime(1970, 1, 1, tzinfo=UTC).date(), datetime(2069, 12, 31, tzinfo=UTC).date()))
def test_written_dates_come_back(on: object) -> None:
    for form in ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y %H:%M"):
        assert day(f"{on:{form}}") == on


@given(st.text(max_size=30) | st.floats() | st.integers())
def test_any_cell_is_a_value_or_none(cell: str | float | int) -> None:
    assert amount(cell) is None or isinstance(cell, str | float | int)
    day(cell)


def test_every_fault_has_sentences_in_both_languages() -> None:
    fault = Fault(file="a.csv", code="bad_date", row=14, params={"value": "12.13.2026"})
    assert say(fault) == "Zeile 14: „12.13.2026“ ist kein Datum."
    assert say(fault, "en") == "Row 14: “12.13.2026” is not a date."
