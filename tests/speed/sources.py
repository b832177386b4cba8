"""How many mails and rows a second the sources read: python -m tests.speed.sources."""

import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from nachhaken.sources.mailbox import messages
from nachhaken.sources.tables import read_table
from nachhaken.workdays import Calendar

MAIL = """From - Thu Jan  1 00:00:00 1970
From: =?utf-8?q?J=C3=B6rg?= Huber <huber@alpenblick.example>
To: Katharina Brandt <k.brandt@metallbau-brandt.example>
Subject: AW: Angebot AN-1412 Treppe
Date: Thu, 12 Nov 2026 09:12:00 +0100
Message-ID: <{n}@alpenblick.example>
Content-Type: text/plain; charset=utf-8

Grüß Gott Frau Brandt,

danke für das Angebot. Wir müssen das im Haus noch besprechen, bitte fragen Sie im Januar nach.

Viele Grüße
Jörg Huber
Pension Alpenblick, Tel. 08024 555 11 2

Am 11.11.2026 um 08:00 schrieb Katharina Brandt <k.brandt@metallbau-brandt.example>:
> Guten Tag Herr Huber,
> anbei das Angebot für die Treppe. Ich freue mich auf Ihre Antwort.

"""
HEADER = (
    "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Telefon;Ort;Region;Privat;Projekt;Netto;"
    "Gültig bis;Status;Entschieden am;Grund;Stunden"
)
ROW = (
    "AN-{n};1;12.11.2026;Bräu Tölz;Rosa Huber;huber@braeu.example;08024 555 11 2;Tölz;DE-BY;nein;"
    "Treppe Sudhaus;38.400,00;31.12.26;Absage;20.11.2026;nur Vergleich;4,5"
)
MAILS, ROWS, STEPS = 5_000, 20_000, 100_000


def main() -> None:
    """Print each figure on a line of its own."""
    for line in (*_mails(), *_tables(), *_workdays()):
        print(line)


def _mails() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.mbox"
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(MAIL.format(n=n) for n in range(MAILS))
        started = time.perf_counter()
        count = sum(1 for _ in messages(file))
        yield f"mbox: {count / (time.perf_counter() - started):,.0f} mails/s"
        tracemalloc.start()
        count = sum(1 for _ in messages(file))
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        yield f"mbox: {peak:.1f} MB at most for {file.stat().st_size / 1e6:.1f} MB of {count} mails"


def _tables() -> Iterator[str]:
    rows = [ROW.format(n=n) for n in range(ROWS)]
    yield _timed("csv", "\n".join((HEADER, *rows)).encode())
    # Not write_only: that mode writes inline texts, which no office program does.
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in (HEADER, *rows):
        sheet.append(row.split(";"))
    stream = BytesIO()
    book.save(stream)
    yield _timed("xlsx", stream.getvalue())


def _timed(kind: str, raw: bytes) -> str:
    started = time.perf_counter()
    count = len(read_table(raw, f"a.{kind}").rows)
    return f"{kind}: {count / (time.perf_counter() - started):,.0f} rows/s"


def _workdays() -> Iterator[str]:
    calendar = Calendar("DE-BY")
    start = datetime(2026, 11, 12, 9, tzinfo=UTC)
    ends = [start + timedelta(hours=7 * n) for n in range(STEPS // 100)] * 100
    calendar.between(start, ends[-1])
    started = time.perf_counter()
    for end in ends:
        calendar.between(start, end)
    yield f"workdays between: {(time.perf_counter() - started) / STEPS * 1e6:.1f} µs"


if __name__ == "__main__":
    main()
