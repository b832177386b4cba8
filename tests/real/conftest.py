"""A running desk with one opportunity, and a browser that complains about every error."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk import commands
from nachhaken.desk.models import User
from tests.post import JANUARY, mailbox
from tests.real.dovecot import account, dovecot
from tests.real.outgoing import mail_account, mail_server, matter, own_mailbox, seller
from tests.real.wire import Wire

__all__ = [
    "account",
    "dovecot",
    "mail_account",
    "mail_server",
    "matter",
    "own_mailbox",
    "seller",
]  # fixtures are found by being here

# WhiteNoise warns about a folder that `nachhaken serve` would have made.
Path(settings.STATIC_ROOT).mkdir(exist_ok=True)

PASSWORD = "ein recht langes Wort"
_NO_WORKER = "Service Worker registration blocked by Playwright"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Pages alone: what a service worker fetches meanwhile would meet emptied tables."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture
def owner(transactional_db: None) -> User:
    return commands.create_owner(
        name="Katrin Brandt", mail="katrin@brandt.example", password=PASSWORD, now=timezone.now()
    )


@pytest.fixture
def opportunities(owner: User) -> list[int]:
    """Two open opportunities, an answer of the second, a mail without a customer."""
    return _answered(owner, JANUARY)


@pytest.fixture
def puzzled(owner: User) -> list[int]:
    """The same, with an answer that nobody can be sure of."""
    return _answered(owner, "👍")


def _answered(owner: User, said: str) -> list[int]:
    parties = [
        ("Pension Alpenblick", "4 Balkone Südseite", "huber@alpenblick.example", 3_120_000),
        ("Dr. Yıldız", "Innentreppe, Glasgeländer", "praxis@yildiz.example", 178_000),
    ]
    made = [
        commands.create_opportunity(
            actor=owner,
            now=timezone.now() - timedelta(days=20),
            key=title,
            prospect=prospect,
            title=title,
            mail=mail,
            phone="08026 555 48 10",
            amount_cents=cents,
        ).opportunity_id
        or 0
        for prospect, title, mail, cents in parties
    ]
    raw = mailbox("Dr. Aylin Yildiz <praxis@yildiz.example>", now=timezone.now(), said=said)
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=timezone.now())
    commands.replan(made, now=timezone.now())
    return made


@pytest.fixture
def complaints(context: BrowserContext, transactional_db: None) -> Iterator[list[str]]:
    """What the browser found wrong; there must be nothing at the end.

    The tables are not emptied before the pages have all that they asked for.
    """
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.text != _NO_WORKER:
            found.append(message.text)

    context.on("console", heard)
    context.on("weberror", lambda error: found.append(str(error.error)))
    yield found
    for page in context.pages:
        page.wait_for_load_state("networkidle")
    assert found == []


def log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("E-Mail").fill("katrin@brandt.example")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"{address}/")


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    with Wire(live_server.url) as wire:
        yield wire


@pytest.fixture
def packed(page: Page, wire: Wire, opportunities: list[int]) -> Page:
    """A telephone with the sheets of both opportunities on it."""
    from tests.real.road import pack  # it logs in with what stands here

    return pack(page, wire, opportunities)
