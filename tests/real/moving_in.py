"""A desk as somebody starts it at home, and what a new user has: a list, an export, a mailbox."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPConnection
from pathlib import Path

from openpyxl import Workbook

from tests.real.dovecot import MARKED, Account

ROOT = Path(__file__).parents[2]
SERVE = (sys.executable, "-c", "from nachhaken.cli import main; main()", "serve")
_UP = 120.0


class Desk:
    """`nachhaken serve` with a data folder of its own, stopped and started like a computer."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data, self._settings = data, settings
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *words: str) -> Iterator[None]:
        """Serve until the end of the block."""
        self.data.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NACHHAKEN_", "LC_"))}
        own = {"NACHHAKEN_DATA": str(self.data), "LANG": "de_DE.UTF-8", "PYTHONIOENCODING": "utf8"}
        with (self.data.parent / "serve.txt").open("a") as told:
            process = subprocess.Popen(
                [*SERVE, "--port", str(self.port), *words],
                cwd=ROOT,
                env=kept | own | self._settings | {"PYTHONPATH": f"{ROOT / 'src'}"},
                stdout=told,
                stderr=told,
            )
        try:
            _answers(process, self.port)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)

    def a_day_passes(self) -> None:
        """Move back when the desk noted all that it noted; what happened outside keeps its day."""
        with closing(sqlite3.connect(self.data / "nachhaken.sqlite3")) as rows, rows:
            for table, column in _noted(rows):
                moved = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-1 day')"
                rows.execute(f"UPDATE {table} SET {column} = {moved}")


def _noted(rows: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = rows.execute("SELECT name FROM sqlite_master WHERE name LIKE 'desk\\_%' ESCAPE '\\'")
    found = []
    for (table,) in tables.fetchall():
        for _number, column, kind, *_ in rows.execute(f"PRAGMA table_info({table})"):
            if kind == "datetime" and column != "occurred_at":
                found.append((table, column))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _UP
    while time.monotonic() < until and process.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as line:
            try:
                line.request("GET", "/start/")
                line.getresponse().read()
            except ConnectionRefusedError:
                time.sleep(0.1)
            else:
                return
    raise AssertionError("the desk does not answer")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the seller has them: in the list or in the CRM, and in the mailbox."""

    name: str
    person: str
    mail: str
    matter: str


HUBER = Customer("Pension Alpenblick", "Rosa Huber", "huber@alpenblick.example", "Balkone Südseite")
OETTL = Customer("Gärtnerei Öttl", "Jörg Öttl", "joerg@oettl.example", "Gewächshaus")
KAESER = Customer("Käser Metallbau AG", "Urs Käser", "urs@kaeser.example", "Geländer")
KERN = Customer("Autohaus Kern", "Markus Kern", "kern@autohaus-kern.example", "Schiebetor Hof")
WEISS = Customer("Schreinerei Weiß & Söhne", "Anna Weiß", "weiss@weiss.example", "Vordach")
YILDIZ = Customer("Praxis Dr. Yıldız", "Dr. Aylin Yıldız", "praxis@yildiz.example", "Innentreppe")
LANG = Customer("Lang Bau GmbH", "Herta Lang", "h.lang@lang-bau.example", "Fluchttreppe")
GROSS = Customer("Hotel Groß", "Paul Groß", "gross@hotel-gross.example", "Terrassengeländer")
LISTED = (HUBER, OETTL, KAESER, KERN, WEISS, YILDIZ)
IN_CRM = (LANG, GROSS)

QUESTION = "Können Sie das Angebot noch einmal ohne die Montage rechnen?"
LATE_ANSWER = "Wir nehmen Ihr Angebot an. Bitte fangen Sie an."


def list_of_offers(path: Path, today: date) -> Path:
    """An Excel list as it grew: a title, dates and sums in all ways, a sum, a row gone wrong."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Angebotsliste Metallbau Brandt"])
    sheet.append([])
    sheet.append(["Angebots-Nr.", "Angebot vom", "Kunde", "Ansprechpartner", "E-Mail",
                  "Bauvorhaben", "Netto", "Stand"])  # fmt: skip
    told = (
        (ago(20), "31.200,00 €", "offen"),
        (f"{ago(18):%d.%m.%y}", "1.234,50", "offen"),
        (f"{ago(16):%d.%m.%Y}", "CHF 12’900.–", "offen"),
        (ago(90), 14_800, "Auftrag erteilt"),
        (f"{ago(14):%d.%m.%Y}", "8'450.50", "offen"),
        (ago(25), 1_780, "Absage"),
    )
    for number, (one, (sent, amount, state)) in enumerate(zip(LISTED, told, strict=True), 411):
        sheet.append([f"2026-{number:04}", sent, one.name, one.person, one.mail,
                      one.matter, amount, state])  # fmt: skip
    sheet.append(["2026-0417", "demnächst", "", "", "", "Zaun", "2.000,00", "offen"])
    sheet.append(["Summe", None, None, None, None, None, 70_364, None])
    book.save(path)
    return path


def pipedrive(folder: Path, today: date) -> list[Path]:
    """Two exports of Pipedrive: deals and the people to them."""
    begun, moved = today - timedelta(days=40), today - timedelta(days=15)
    deals, people = folder / "deals.csv", folder / "people.csv"
    deals.write_text(
        "Deal - ID,Deal - Titel,Deal - Organisation,Deal - Kontaktperson,Deal - Wert,"
        "Deal - Währung von Wert,Deal - Status,Deal - Phase,Deal - Deal erstellt,"
        "Deal - Letzte Phasenänderung\n"
        + "".join(
            f"{number},{one.matter},{one.name},{one.person},{number}00,EUR,Offen,Angebot gemacht,"
            f"{begun} 07:12:33,{moved} 10:00:00\n"
            for number, one in enumerate(IN_CRM, 71)
        ),
        encoding="utf-8",
    )
    people.write_text(
        "Person - Name,Person - Organisation,Person - E-Mail - Arbeit,"
        "Person - Telefon - Arbeit,Person - ID\n"
        + "".join(
            f"{one.person},{one.name},{one.mail},+49 8023 555 12 {number},{number}\n"
            for number, one in enumerate(IN_CRM, 7)
        ),
        encoding="utf-8",
    )
    return [deals, people]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What lies in a seller's mailbox, and what comes in later."""

    account: Account
    now: datetime

    def fill(self) -> None:
        """Lay in what 40 days brought: customers, strangers, a newsletter, machines."""
        self.account.make_folder(MARKED)
        with self.account.opened() as box:
            for mail, folder, at in self._all():
                box.append(mail.as_bytes(), folder, dt=at)

    def comes(self, number: str, sender: str, subject: str, said: str, *, days: float = 0) -> None:
        """A mail comes in."""
        at = self.now - timedelta(days=days)
        mail = self._mail(number, sender, self.account.user, subject, said, at)
        self.account.deliver(mail.as_bytes(), at=at)

    def _all(self) -> Iterator[tuple[EmailMessage, str, datetime]]:
        me = self.account.user
        for number, one in enumerate((*LISTED, *IN_CRM)):
            at = self.now - timedelta(days=13, minutes=number)
            text = f"Guten Tag {one.person},\n\nanbei unser Angebot für {one.matter}.\n"
            subject = f"Ihr Angebot: {one.matter}"
            yield self._mail(f"out{number}", me, one.mail, subject, text, at), MARKED, at
        yield from self._answers(me)
        for number in range(16):
            at = self.now - timedelta(days=number + 1, hours=2)
            sender = f"Bekannter {number} <freund{number}@web.example>"
            text = "Bis Sonntag dann.\n"
            yield self._mail(f"other{number}", sender, me, "Kaffee", text, at), "INBOX", at
        for number in range(5):
            at = self.now - timedelta(days=number * 7 + 1)
            yield self._newsletter(number, at), "INBOX", at
        for number in range(4):
            at = self.now - timedelta(days=number + 2)
            to = f"lieferant{number}@stahl.example"
            yield self._mail(f"buy{number}", me, to, "Bestellung", "Bitte liefern.", at), MARKED, at

    def _answers(self, me: str) -> Iterator[tuple[EmailMessage, str, datetime]]:
        for number, one, said, days in (
            (0, HUBER, QUESTION, 1),
            (1, OETTL, "Danke, wir sehen es uns an.", 10),
            (6, LANG, "Rufen Sie mich im Januar bitte noch einmal an.", 6),
        ):
            at = self.now - timedelta(days=days)
            subject = f"Re: Ihr Angebot: {one.matter}"
            sender = f"{one.person} <{one.mail}>"
            mail = self._mail(f"in{number}", sender, me, subject, f"{said}\n", at)
            mail["In-Reply-To"] = mail["References"] = f"<out{number}@errand.example>"
            yield mail, "INBOX", at
        at = self.now - timedelta(days=13)
        yield self._absent(at), "INBOX", at
        yield self._bounced(at), "INBOX", at

    def _absent(self, at: datetime) -> EmailMessage:
        subject = f"Abwesenheit: Ihr Angebot: {WEISS.matter}"
        text = "Ich bin zurzeit nicht im Haus. Ihre Mail wird nicht weitergeleitet.\n"
        sender = f"{WEISS.person} <{WEISS.mail}>"
        mail = self._mail("absent", sender, self.account.user, subject, text, at)
        mail["Auto-Submitted"] = "auto-replied"
        mail["In-Reply-To"] = "<out4@errand.example>"
        return mail

    def _bounced(self, at: datetime) -> EmailMessage:
        raw = (ROOT / "tests/corpus/bounces/postfix-unknown.eml").read_text(encoding="utf-8")
        raw = raw.replace("20261120-1701@metallbau-brandt.example", "out7@errand.example")
        raw = raw.replace("huber@pension-alpenblick.example", GROSS.mail)
        raw = raw.replace("k.brandt@metallbau-brandt.example", self.account.user)
        raw = raw.replace("Fri, 20 Nov 2026 09:12:31 +0100", format_datetime(at), 1)
        return message_from_string(raw, policy=policy.default)

    def _newsletter(self, number: int, at: datetime) -> EmailMessage:
        sender = "Stahl aktuell <news@stahl-aktuell.example>"
        text = "Die Preise der Woche."
        mail = self._mail(f"news{number}", sender, self.account.user, "Stahlpreise", text, at)
        mail["List-Unsubscribe"] = "<https://stahl-aktuell.example/ab>"
        mail["Precedence"] = "bulk"
        return mail

    def _mail(
        self, number: str, sender: str, to: str, subject: str, said: str, at: datetime
    ) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = f"<{number}@errand.example>"
        mail["Date"] = format_datetime(at.astimezone(UTC))
        mail.set_content(said)
        return mail
