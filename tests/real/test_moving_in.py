"""Moving in as a new user would: a list, an export, a mailbox; the next day; a server that dies."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.real.dovecot import Dovecot, own_dovecot
from tests.real.moving_in import (
    HUBER,
    KERN,
    LATE_ANSWER,
    QUESTION,
    Desk,
    Mailbox,
    list_of_offers,
    pipedrive,
)
from tests.real.smtp import MailServer

pytestmark = pytest.mark.real

SOON = 60_000  # milliseconds: what comes by itself is there by then
WELL = "Alles gelesen und mit dem Server verglichen: Es fehlt nichts."
LIST = "Angebotsliste 2026.xlsx"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with own_dovecot() as server:
        yield server


@pytest.fixture
def mailbox(server: Dovecot) -> Mailbox:
    mailbox = Mailbox(server.account(), datetime.now(UTC))
    mailbox.fill()
    return mailbox


@pytest.fixture
def outgoing(mailbox: Mailbox, tmp_path: Path) -> Iterator[MailServer]:
    account = mailbox.account
    keys = (account.ca_file, account.ca_file.with_name("key.pem"))
    with MailServer(tmp_path, keys=keys) as outgoing:
        outgoing.username, outgoing.password = account.user, account.password
        yield outgoing


@pytest.fixture
def desk(mailbox: Mailbox, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data", SSL_CERT_FILE=str(mailbox.account.ca_file))


@pytest.fixture
def files(mailbox: Mailbox, tmp_path: Path) -> list[Path]:
    today = mailbox.now.date()
    return [list_of_offers(tmp_path / LIST, today), *pipedrive(tmp_path, today)]


class NewUser:
    """Somebody at the browser for the first time."""

    def __init__(self, page: Page, desk: Desk, mailbox: Mailbox) -> None:
        self.page, self.desk, self.mailbox = page, desk, mailbox
        self.main = page.locator("main")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.desk.url}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.main.get_by_role("link", name=name).first.click()

    def sees(self, text: str | re.Pattern[str], *, at: str = "") -> None:
        if at:
            self.go(at)
        expect(self.main).to_contain_text(text, timeout=SOON)

    def counts(self, **wanted: int) -> None:
        """What the page of an import counts, by the words below the numbers."""
        for number in self.main.locator("dl.counts > div").all():
            word = number.locator("dt").inner_text().replace(" ", "_")
            assert int(number.locator("dd").inner_text()) == wanted.pop(word, 0), word
        assert wanted == {}

    def begins(self) -> None:
        self.go("/")
        self.page.get_by_label("Ihr Name").fill("Katrin Brandt")
        self.page.get_by_label("E-Mail").fill(self.mailbox.account.user)
        self.page.get_by_label("Passwort").fill("ein recht langes Wort")
        self.press("Loslegen")

    def drops(self, *files: Path) -> None:
        self.page.locator("input[type=file]").set_input_files(files)
        self.press("Erst ansehen")

    def looks(self, **wanted: int) -> None:
        expect(self.page.get_by_role("button", name="Übernehmen")).to_be_visible(timeout=SOON)
        self.counts(**wanted)

    def takes_in(self, **wanted: int) -> None:
        self.press("Übernehmen")
        expect(self.main.get_by_text("Eingelesen.", exact=True)).to_be_visible(timeout=SOON)
        self.counts(**wanted)

    def connects(self, outgoing: MailServer) -> None:
        page, account = self.page, self.mailbox.account
        self.press("Weiter")  # the address is known from the login
        page.get_by_label("Passwort", exact=True).fill(account.password)
        for part, host, port, security in (
            ("Senden (SMTP)", outgoing.host, outgoing.port, "STARTTLS"),
            ("Empfangen (IMAP)", "localhost", account.tls_port, "TLS"),
        ):
            group = page.get_by_role("group", name=part)
            group.get_by_label("Server", exact=True).fill(host)
            group.get_by_label("Port").fill(str(port))
            group.get_by_label("Verschlüsselung").select_option(label=security)
        self.press("Speichern und prüfen")
        expect(page.get_by_text("Anmeldung gelingt")).to_have_count(2)

    def sees_of_folders(self, inbox: str, sent: str) -> None:
        self.sees(WELL, at="/settings/post")
        folder = self.page.get_by_role("article", name="Posteingang")
        expect(folder).to_contain_text(inbox, timeout=SOON)
        expect(self.page.get_by_role("article", name="Verschickt")).to_contain_text(sent)


@pytest.fixture
def user(page: Page, desk: Desk, mailbox: Mailbox, context: BrowserContext) -> Iterator[NewUser]:
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Service Worker" not in message.text:
            found.append(message.text)

    context.on("console", heard)
    context.on("weberror", lambda error: found.append(str(error.error)))
    page.set_default_timeout(SOON)
    yield NewUser(page, desk, mailbox)
    assert found == []


def test_x5_moving_in_and_staying_in_sync(
    user: NewUser, desk: Desk, server: Dovecot, outgoing: MailServer, files: list[Path]
) -> None:
    with desk.running():
        first_day(user, outgoing, files)
    desk.a_day_passes()
    with desk.running():
        next_day(user, files)
        killed_and_restarted(user, server)
        gap_found_and_closed(user, desk)
        user.page.goto("about:blank")  # nothing is asked of the desk any more when it stops


def first_day(user: NewUser, outgoing: MailServer, files: list[Path]) -> None:
    user.begins()
    user.follow("Angebotsliste einlesen")
    user.drops(files[0])
    user.looks(neu=6, fehlerhaft=1)
    user.sees("„demnächst“ ist kein Datum.")
    user.takes_in(neu=6, fehlerhaft=1)
    user.sees("Eine Zeile blieb liegen")
    user.follow("Einlesen")
    user.drops(*files[1:])
    user.follow("deals.csv")
    user.looks(neu=2)
    user.sees("Export aus Pipedrive")
    user.takes_in(neu=2)
    user.follow("Weiter mit people.csv")
    user.looks(neu=0, geändert=2)
    user.takes_in(geändert=2)
    user.sees("31.200", at="/")
    user.sees("12.900 CHF")
    user.sees("8.450,50")
    user.sees("6 Vorgänge", at="/opportunities/")
    user.go("/import/")
    user.follow("Postfach einrichten")
    user.connects(outgoing)
    # The page that is open says by itself that all is read.
    user.sees(WELL)
    user.sees_of_folders(
        "Auf dem Server liegen 26 Mails. Von oder an Kunden: 5. Von anderen, nicht gespeichert: 21",
        "Auf dem Server liegen 12 Mails. Von oder an Kunden: 8. Von anderen, nicht gespeichert: 4",
    )
    user.sees(QUESTION, at="/inbox/")
    user.sees("automatische Antwort")
    user.sees(HUBER.name, at="/")
    step = user.page.locator("li.row", has_text=HUBER.name)
    expect(step).to_contain_text("noch ein Angebot", timeout=SOON)
    expect(user.page.locator("li.row", has_text="Hotel Groß")).to_contain_text("kam zurück")
    expect(user.page.locator("li.row")).to_have_count(6)


def next_day(user: NewUser, files: list[Path]) -> None:
    user.sees(WELL, at="/settings/post")
    user.go("/import/")
    user.drops(*files)
    for name, wanted in (
        (LIST, {"schon_bekannt": 6, "fehlerhaft": 1}),
        ("deals.csv", {"schon_bekannt": 2}),
        ("people.csv", {"schon_bekannt": 2}),
    ):
        user.go("/import/")
        user.follow(name)
        user.looks(**wanted)
        user.sees("Diese Datei ist schon einmal eingelesen")
        expect(user.page.get_by_role("button", name="Übernehmen")).to_be_disabled()
        user.press("Verwerfen")
    user.sees("6 Vorgänge", at="/opportunities/")
    user.mailbox.comes("late0", f"{KERN.person} <{KERN.mail}>", "Schiebetor", "Danke, es läuft.")
    user.sees_of_folders("Auf dem Server liegen 27 Mails. Von oder an Kunden: 6", "12 Mails")
    user.sees("Danke, es läuft.", at="/inbox/")


def killed_and_restarted(user: NewUser, server: Dovecot) -> None:
    server.kill()
    # Where the page comes before the desk has noticed, it says so by itself soon after.
    user.sees("Ihr Postfach ist gestört", at="/settings/post")
    expect(user.main).not_to_contain_text(WELL)
    user.sees("Gelingt zurzeit nicht.", at="/settings/post")
    user.sees("Vielleicht liegt dort schon eine Antwort: bitte erst nachsehen.", at="/")
    expect(user.page.locator("li.row", has_text="erst nachsehen")).not_to_have_count(0)
    user.sees("Ihr Postfach ist gestört", at="/inbox/")
    server.start()
    said = f"{HUBER.person} <{HUBER.mail}>"
    user.mailbox.comes("late1", said, f"Re: Ihr Angebot: {HUBER.matter}", LATE_ANSWER)
    user.go("/settings/post")
    user.press("Jetzt holen")
    user.sees_of_folders("Auf dem Server liegen 28 Mails. Von oder an Kunden: 7", "12 Mails")
    expect(user.main).not_to_contain_text("Gelingt zurzeit nicht.")
    user.sees(LATE_ANSWER, at="/inbox/")
    user.go("/")
    expect(user.main).not_to_contain_text("erst nachsehen")


def gap_found_and_closed(user: NewUser, desk: Desk) -> None:
    """As if a server had shown higher numbers before: what comes has a lower one than was read."""
    with closing(sqlite3.connect(desk.data / "nachhaken.sqlite3", timeout=20)) as rows, rows:
        taken = "taken = taken || ',90:99', last_uid = 99, skipped = skipped + 10"
        changed = rows.execute(f"UPDATE desk_mailfolder SET {taken} WHERE name = 'INBOX'")
        assert changed.rowcount == 1
    said = f"{KERN.person} <{KERN.mail}>"
    user.mailbox.comes("late2", said, "Schiebetor", "Noch eine Frage zum Motor.")
    user.sees_of_folders("Auf dem Server liegen 29 Mails. Von oder an Kunden: 8", "12 Mails")
    user.sees("Noch eine Frage zum Motor.", at="/inbox/")
