"""The example business read back by the sources: it must come in without a fault."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from importlib import resources
from pathlib import Path

import pytest

from nachhaken.example import render
from nachhaken.example.build import build
from nachhaken.example.rendering import rendered_calendar, rendered_mailbox, rendered_offers
from nachhaken.example.tokens import UnknownToken, dated, workday
from nachhaken.sources.calendar import read_meetings
from nachhaken.sources.job_row import JobDone
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.mailbox import messages
from nachhaken.sources.tables import read_table
from tests.cast import NOW

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)

MBOX = """From - Thu Jan  1 00:00:00 1970
From: Jörg Huber <huber@alpenblick.example>
To: Katharina Brandt <k.brandt@metallbau-brandt.example>
Subject: AW: Geländer Südseite, gern im {{+20|monat}}, wenn es der Terminplan bei Ihnen noch zulässt
Date: {{-1 09:12}}
Message-ID: <1-2@alpenblick.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Grüß Gott, gern {{+1|wochentag}} um zehn.

Am {{-2}} um 09:12 schrieb Katharina Brandt:
> Passt {{+1|tag}}?

From - Thu Jan  1 00:00:00 1970
From: Katharina Brandt <k.brandt@metallbau-brandt.example>
To: Jörg Huber <huber@alpenblick.example>, Rosa <rosa@alpenblick.example>
Subject: Angebot
Date: {{-120 08:00}}
Message-ID: <1-1@metallbau-brandt.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Anbei.
"""
CSV = (
    "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Telefon;Ort;Region;Privat;Projekt;Netto;"
    "Gültig bis;Status;Entschieden am;Grund;Stunden;Stunden geplant;Stunden gebraucht;"
    "Deckungsbeitrag;Gerne wieder\n"
    "AN-1001;1;{{-45}};Hubers Alm;Jörg Huber;huber@alpenblick.example;08024 555 11 2;Tölz;DE-BY;ja;"
    "Geländer;38.400,50;{{-15}};Auftrag;{{-20}};;4,5;240;251,5;21.300,00;ja\n"
)
ICS = "{{+1}};10:00;90;Ortstermin Geländer;huber@alpenblick.example\n"


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("{{-1}}", "20.11.2026"),
        ("{{+1}}", "23.11.2026"),
        ("{{0}}", "22.11.2026"),
        ("{{-1|tag}}", "20. November"),
        ("{{-1|kurz}}", "20.11."),
        ("{{+10|monat}}", "Dezember"),
        ("{{-1|wochentag}}", "Freitag"),
        ("{{+1|kw}}", "KW 48"),
        ("{{+30|jahr}}", "2027"),
        ("{{-1|iso}}", "2026-11-20"),
        ("{{-1|en}}", "20 November 2026"),
        ("{{-1 9:12}}", "20.11.2026 09:12"),
    ],
)
def test_tokens_count_working_days(token: str, text: str) -> None:
    assert dated(f"am {token}!", SUNDAY) == f"am {text}!"


@pytest.mark.parametrize("token", ["{{heute}}", "{{-1|mond}}", "{{-1"])
def test_an_unknown_token_is_no_text(token: str) -> None:
    with pytest.raises(UnknownToken):
        dated(token, SUNDAY)


@pytest.mark.parametrize(
    ("today", "n", "expected"),
    [
        (MONDAY, -1, date(2026, 11, 20)),
        (MONDAY, -5, date(2026, 11, 16)),
        (MONDAY, 10, date(2026, 12, 7)),
        (SUNDAY, -5, date(2026, 11, 16)),
        (SUNDAY, -6, date(2026, 11, 13)),
        (SUNDAY, 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 1, MONDAY),
        (date(2026, 11, 20), 1, MONDAY),
    ],
)
def test_working_days_around_a_weekend(today: date, n: int, expected: date) -> None:
    assert workday(today, n) == expected


def test_mails_get_their_dates_in_berlin_and_proper_headers() -> None:
    raw = rendered_mailbox(MBOX, SUNDAY)
    first, second = (m for m in messages(raw, name="a.mbox") if isinstance(m, MailMessage))
    assert first.sent_at == datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
    assert [a.name for a in first.recipients] == ["Jörg Huber", "Rosa"]
    assert second.sent_at == datetime(2026, 11, 20, 8, 12, tzinfo=UTC)
    assert second.sender.name == "Jörg Huber"
    assert second.subject.startswith("AW: Geländer Südseite, gern im Dezember, wenn")
    assert second.new_text == "Grüß Gott, gern Montag um zehn."


def test_headers_are_plain_ascii_and_pythons_own_reader_agrees() -> None:
    mails = rendered_mailbox(MBOX, SUNDAY).split(b"From - ")
    head = mails[2].partition(b"\n\n")[0]
    assert head.isascii()
    mail = message_from_bytes(mails[2].partition(b"\n")[2], policy=default)
    assert mail["From"].addresses[0].display_name == "Jörg Huber"
    assert mail["Date"].datetime.utcoffset().total_seconds() == 3600
    assert not mail["Subject"].defects


def test_the_drafts_become_files_and_the_files_offers(tmp_path: Path) -> None:
    for name, text in {"1.mbox": MBOX, "1.csv": CSV, "1.ics.txt": ICS}.items():
        (tmp_path / name).write_text(text, "utf-8")
    counts = build(tmp_path, tmp_path)
    assert counts == {"mailbox.mbox": 2, "offers.xlsx": 1, "calendar.ics.txt": 1}
    built = (tmp_path / "offers.xlsx").read_bytes()
    raw = rendered_offers(built, SUNDAY)
    (row,) = read_table(raw, "offers.xlsx").offers
    assert (row.sent_on, row.valid_until) == (workday(SUNDAY, -45), workday(SUNDAY, -15))
    assert (row.net_cents, row.effort_minutes, row.private) == (3_840_050, 270, True)
    assert row.job == JobDone(
        planned_minutes=14_400, worked_minutes=15_090, margin_cents=2_130_000, again=True
    )
    assert rendered_offers(built, SUNDAY) == raw
    build(tmp_path, tmp_path)
    assert (tmp_path / "offers.xlsx").read_bytes() == built


def test_calendar_lines_become_meetings() -> None:
    (meeting,) = read_meetings(rendered_calendar(ICS, SUNDAY), around=NOW).meetings
    assert meeting.start == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert meeting.end == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert meeting.attendees == ("huber@alpenblick.example",)


@pytest.mark.skipif(
    not resources.files("nachhaken.example").joinpath("mailbox.mbox").is_file(),
    reason="the example's files are not built yet",
)
@pytest.mark.parametrize("today", [SUNDAY, MONDAY, date(2027, 2, 26)])
def test_the_shipped_example_comes_in_without_a_fault(today: date) -> None:
    files = render(today)
    mails = list(messages(files["mailbox.mbox"]))
    assert len(mails) > 150
    assert all(isinstance(mail, MailMessage) and mail.new_text for mail in mails)
    offers = read_table(files["offers.xlsx"], "offers.xlsx")
    assert len(offers.rows) > 100
    assert offers.faults == ()
    assert read_meetings(files["calendar.ics"], around=NOW).faults == ()
