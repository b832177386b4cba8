"""The whole way of an offer in a browser, over a real mail server and a real mailbox."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk import commands, outbox
from nachhaken.desk.commands.permission import NotAllowedError, require_allowed
from nachhaken.desk.models import Event, Opportunity, Outgoing, User
from nachhaken.terms import Channel
from tests.real.conftest import log_in
from tests.real.dovecot import Account, Dovecot
from tests.real.smtp import MailServer

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("complaints"),
]

HUBER = "huber@alpenblick.example"
SHORTER = "Das gefällt uns. Können Sie es noch einmal ohne die Montage rechnen?"
YES = "Wir nehmen Ihr Angebot an. Bitte fangen Sie an."
STOP = "Bitte schreiben Sie uns nicht mehr. Wir wünschen keine weiteren Nachrichten von Ihnen."


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Account:
    account = dovecot.account()
    account.make_folder("Gesendet")
    return account


@pytest.fixture
def server(
    mailbox: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MailServer]:
    keys = (mailbox.ca_file, mailbox.ca_file.with_name("key.pem"))
    with MailServer(tmp_path, keys=keys) as server:
        server.username, server.password = mailbox.user, mailbox.password
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


@pytest.fixture
def asked(owner: User) -> int:
    """A customer who asked for an offer, and may be written to."""
    now = timezone.now() - timedelta(days=20)
    pk = commands.create_opportunity(
        actor=owner, now=now, key="asked", prospect="Pension Alpenblick", title="Balkone Südseite",
        person="Rosa Huber", mail=HUBER, phone="08026 555 48 10",
    ).opportunity_id or 0  # fmt: skip
    commands.give_consent(
        actor=owner, now=now, key="may", opportunity_id=pk, heard_on=Channel.MEETING,
        channel=Channel.MAIL, words="Schreiben Sie mir gern, ich bin viel unterwegs.",
    )  # fmt: skip
    return pk


class Errand:
    """A seller at the browser, and what happens around them."""

    def __init__(self, page: Page, address: str, server: MailServer, mailbox: Account) -> None:
        self.page, self.address, self.server, self.mailbox = page, address, server, mailbox

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, label: str, text: str, *, within: Locator | None = None) -> None:
        (within or self.page).get_by_label(label, exact=True).fill(text)

    def send(self) -> EmailMessage:
        """Send what is written; on a day of rest the desk wants to know why not on Monday."""
        before = len(self.server.post.taken)
        reason = self.page.get_by_label("Warum trotzdem?")
        if reason.count():
            reason.fill("Der Kunde wartet darauf.")
            self.press("Jetzt senden")
        else:
            self.press("Senden")
        expect(self.page.get_by_role("status").first).to_be_visible()
        outbox.due(now=timezone.now())
        assert len(self.server.post.taken) == before + 1
        return self.server.post.mails[-1]

    def answer(self, said: str, to: EmailMessage) -> None:
        """The customer answers, and the desk fetches it."""
        reply = EmailMessage()
        reply["From"], reply["To"] = f"Rosa Huber <{HUBER}>", self.mailbox.user
        reply["Subject"] = f"Re: {to['Subject']}"
        reply["Message-ID"] = f"<{abs(hash(said))}@alpenblick.example>"
        reply["In-Reply-To"] = reply["References"] = to["Message-ID"]
        reply["Date"] = format_datetime(timezone.localtime())
        reply.set_content(said)
        self.mailbox.deliver(reply.as_bytes())
        self.go("/inbox/")
        self.press("Post holen")
        expect(self.page.get_by_text(said.partition(".")[0]).first).to_be_visible()


@pytest.fixture
def errand(
    page: Page, live_server: LiveServer, server: MailServer, mailbox: Account, asked: int
) -> Errand:
    """Logged in, with the mailbox set up on its page."""
    log_in(page, live_server.url)
    errand = Errand(page, live_server.url, server, mailbox)
    errand.go("/settings/post")
    errand.fill("Ihre Mailadresse", mailbox.user)
    errand.press("Weiter")
    errand.fill("Benutzername", mailbox.user)
    errand.fill("Passwort", mailbox.password)
    for part, host, port in (
        ("Senden (SMTP)", server.host, server.port),
        ("Empfangen (IMAP)", "localhost", mailbox.tls_port),
    ):
        group = page.get_by_role("group", name=part)
        errand.fill("Server", host, within=group)
        errand.fill("Port", str(port), within=group)
        security = "STARTTLS" if part.startswith("Senden") else "TLS"
        group.get_by_label("Verschlüsselung").select_option(label=security)
    errand.fill("So lange lässt sich eine Mail zurückholen, in Sekunden", "0")
    errand.press("Speichern und prüfen")
    expect(page.get_by_text("Anmeldung gelingt")).to_have_count(2)
    return errand


def days_pass(days: int, *, pk: int) -> None:
    """Move all that happened back: the test cannot wait."""
    shift = timedelta(days=days)
    moments = Event.objects.values_list("pk", "occurred_at", "recorded_at")
    with connection.cursor() as cursor:
        for event, occurred, recorded in moments:
            cursor.execute(
                "UPDATE desk_event SET occurred_at = %s, recorded_at = %s WHERE id = %s",
                [occurred - shift, recorded - shift, event],
            )
    commands.replan([pk], now=timezone.now())


def offer_sent(errand: Errand, pk: int) -> EmailMessage:
    """Write an offer with two positions and send it by mail."""
    page = errand.page
    errand.go(f"/opportunities/{pk}/offer")
    errand.fill("Nummer", "2026-0417")
    for number, (text, price) in enumerate((("Vier Balkone", "24.000"), ("Montage", "2.400")), 1):
        group = page.get_by_role("group", name=f"Position {number}", exact=True)
        if group.count() == 0:
            errand.press("Position dazu")
        errand.fill("Leistung", text, within=group)
        errand.fill("Menge", "1", within=group)
        errand.fill("Einzelpreis", price, within=group)
    page.get_by_label("MwSt.", exact=True).select_option(index=1)
    errand.press("Als Mail senden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Angebot senden")
    return errand.send()


def followed_up(errand: Errand, pk: int, offer: EmailMessage) -> EmailMessage:
    """After days of silence the desk proposes a mail, checked against the law, in the thread."""
    days_pass(14, pk=pk)
    errand.go(f"/opportunities/{pk}/")
    errand.page.get_by_role("link", name=re.compile("Mail schreiben")).first.click()
    expect(errand.page.get_by_text("geht als Antwort in das bisherige Gespräch")).to_be_visible()
    text = errand.page.get_by_label("Text", exact=True).input_value()
    assert "Rosa Huber" in text
    assert "{" not in text
    mail = errand.send()
    assert mail["In-Reply-To"] == offer["Message-ID"]
    assert mail["Subject"] == f"Re: {offer['Subject']}"
    return mail


def test_an_offer_from_its_writing_to_the_order(errand: Errand, asked: int) -> None:
    page = errand.page
    offer = offer_sent(errand, asked)
    (pdf,) = offer.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    mail = followed_up(errand, asked, offer)
    errand.answer(SHORTER, mail)

    errand.go(f"/opportunities/{asked}/")
    page.get_by_role("button", name=re.compile("Angebot daran anpassen")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Angebot, Fassung 2")
    expect(page.get_by_text("ohne die Montage")).to_be_visible()
    page.get_by_role("button", name="Position 2 entfernen").click()
    expect(page.get_by_text("„Montage“ entfällt")).to_be_visible()
    errand.press("Als Mail senden")
    second = errand.send()
    assert second["In-Reply-To"] is not None

    errand.answer(YES, second)
    errand.go(f"/opportunities/{asked}/")
    errand.press("Angenommen")
    assert Opportunity.objects.get(pk=asked).outcome == "won"
    errand.go("/offers/")
    expect(page.get_by_text("angenommen").first).to_be_visible()
    page.get_by_role("link", name=re.compile("2026-0417")).first.click()
    expect(page.get_by_text("„Montage“ entfällt").first).to_be_visible()

    # Sent once each, written down once each, and known again where a copy lies.
    assert set(errand.server.post.counts.values()) == {1}
    assert Event.objects.filter(kind="offer_sent").count() == 2
    outbox.due(now=timezone.now() + timedelta(minutes=5))
    assert len(errand.mailbox.mails("Gesendet")) == 3
    errand.go("/inbox/")
    errand.press("Post holen")
    assert Event.objects.filter(kind__in=("offer_sent", "touched")).count() == 3


def test_the_same_way_ends_when_the_customer_wants_no_more_of_it(
    errand: Errand, asked: int
) -> None:
    page = errand.page
    mail = followed_up(errand, asked, offer_sent(errand, asked))
    errand.answer(STOP, mail)
    errand.go(f"/opportunities/{asked}/")
    expect(page.get_by_text("Kein Kontakt mehr").first).to_be_visible()
    expect(page.locator("a[href^='mailto:'], a[href^='tel:']")).to_have_count(0)
    errand.go(f"/opportunities/{asked}/mail")
    expect(page.get_by_role("button", name="Senden", exact=True)).to_have_count(0)
    with pytest.raises(NotAllowedError):
        require_allowed(asked, channel=Channel.MAIL, now=timezone.now())
    sent = Outgoing.objects.count()
    outbox.due(now=timezone.now())
    assert (Outgoing.objects.count(), len(errand.server.post.taken)) == (sent, 2)
