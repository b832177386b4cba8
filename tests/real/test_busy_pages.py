"""The pages of offers, post, effort and limits on a busy day: for every eye, hand and width."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk import commands
from nachhaken.desk.later import link_of
from nachhaken.desk.models import (
    CalendarAccount,
    CalendarFeed,
    Digest,
    Event,
    MailAccount,
    OfferDraft,
    Opportunity,
    Outgoing,
    Person,
    Prospect,
    Timer,
    User,
)
from nachhaken.desk.offering import stamp_of
from nachhaken.desk.papers import rows_of
from nachhaken.desk.sealing import seal
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Position
from tests.real import came_in
from tests.real.conftest import log_in
from tests.real.test_browser import DESKTOP, PHONE

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("complaints")]

LONG = "Absturzsicherung mit Ganzglasgeländer in Punkthalterung, Montagevorrichtungsabdeckung " * 2
STATE = Outgoing.State
DAY = timedelta(days=1)


@pytest.fixture
def busy(owner: User, opportunities: list[int]) -> dict[str, str]:
    """Each page with all that it can show, by its address."""
    trading, writing = opportunities
    CalendarFeed.objects.create(user=owner, token_sha256="a" * 64, made_at=timezone.now())
    CalendarAccount.objects.create(
        user=owner, address="https://cloud.example", set_at=timezone.now(), fault="login"
    )
    Digest.objects.create(
        user=owner, day=timezone.localdate(), state="failed", fault="login", state_at=timezone.now()
    )
    owner.digest_at = time(7)
    owner.save(update_fields=["digest_at"])
    offer = _offered(owner, trading)
    mail = _posted(owner, writing)
    Prospect.objects.filter(opportunities=writing).update(region="CH-SG")
    for nth in range(5):
        commands.spend_effort(
            actor=owner, now=timezone.now(), key=f"e{nth}", opportunity_id=trading, minutes=200
        )
    commands.start_timer(actor=owner, now=timezone.now() - DAY, opportunity_id=trading)
    prospect = Opportunity.objects.get(pk=trading).prospect_id
    person = Person.objects.get(prospect=prospect).pk
    head = Event.objects.filter(opportunity=trading).latest("pk").pk
    commands.replan(opportunities, now=timezone.now())
    return {
        "today": "/",
        "opportunity": f"/opportunities/{trading}/",
        "written to": f"/opportunities/{writing}/",
        "offer": f"/offers/{offer}/",
        "writing": f"/opportunities/{trading}/offer",
        "offer by hand": f"/opportunities/{trading}/offer/sending",
        "mail": f"/opportunities/{trading}/mail",
        "offers": "/offers/?state=sent",
        "post": "/post/",
        "correction": f"/post/{mail}/correction",
        "swiss": f"/prospects/{Opportunity.objects.get(pk=writing).prospect_id}/",
        "reach": f"/prospects/{prospect}/people/{person}/reach",
        "address": f"/prospects/{prospect}/people/{person}/address",
        "account": "/settings/post",
        "calendar": "/settings/calendar/",
        "later": link_of(owner.pk, trading, head, now=timezone.now()).partition("8000")[2],
    }


@pytest.fixture
def arrived(owner: User, opportunities: list[int], own_folder: None) -> dict[str, str]:
    """The same of what came in, and of what is known of the mailbox."""
    trading, writing = opportunities
    pages = {**came_in.imports(owner), **came_in.twins(owner)}
    came_in.talked(owner, writing)
    came_in.doubtful_mail(trading)
    came_in.calendars(owner)
    came_in.troubled_mailbox(owner)
    commands.replan(Opportunity.objects.values_list("pk", flat=True), now=timezone.now())
    return pages | {
        "today in the dark": "/",
        "inbox with faults": "/inbox/",
        "opportunity with a talk": f"/opportunities/{writing}/",
        "call in the dark": f"/opportunities/{trading}/call",
        "mail in the dark": f"/opportunities/{trading}/mail",
        "mailbox": "/settings/post",
        "calendars that are read": "/settings/calendar/",
    }


@pytest.fixture
def own_folder(settings: Settings, tmp_path: Path) -> None:
    """What comes in waits in a folder of this test."""
    settings.DATA = tmp_path


def _offered(owner: User, pk: int) -> int:
    """Two versions sent, with more between them than fits, and a third in work."""
    change = None
    for nth in (1, 6):
        positions = [Position(text=f"{n} {LONG}", unit_cents=98_765_43) for n in range(nth)]
        draft = commands.adapt_offer(actor=owner, now=timezone.now(), opportunity_id=pk)
        _write(owner, draft, positions)
        change = commands.send_offer(
            actor=owner, now=timezone.now() - DAY * (7 - nth), key=f"s{nth}", opportunity_id=pk,
            draft_id=draft.pk, channel=Channel.LETTER,
        )  # fmt: skip
    draft = commands.adapt_offer(actor=owner, now=timezone.now(), opportunity_id=pk)
    _write(owner, draft, [Position(text="Montage", unit_cents=240_000)])
    return change.entry_id if change else 0


def _write(owner: User, draft: OfferDraft, positions: list[Position]) -> None:
    typed = {"positions": rows_of(tuple(positions)), "title": LONG[:80]}
    commands.write_offer(
        actor=owner, now=timezone.now(), opportunity_id=draft.opportunity_id, typed=typed,
        seen=stamp_of(draft),
    )  # fmt: skip


def _posted(owner: User, pk: int) -> int:
    """A mail in each state that a person sees; the refused one can be put right."""
    MailAccount.objects.create(
        user=owner, address="katrin@brandt.example", username="katrin", secret=seal("x"),
        smtp_host="localhost", set_at=timezone.now(), fault="login",
    )  # fmt: skip
    for state in (STATE.QUEUED, STATE.UNKNOWN, STATE.REFUSED, STATE.SENT):
        Outgoing.objects.create(
            source_key=f"mail:{state}",
            message_id=f"{state}@brandt.example",
            opportunity_id=pk,
            actor=owner,
            sender="katrin@brandt.example",
            recipient="praxis@yildiz.example",
            subject=LONG[:150],
            text=LONG,
            raw=b"Subject: Treppe\n\nGuten Tag\n",
            step=StepKind.MAIL,
            state=state,
            queued_at=timezone.now(),
            state_at=timezone.now(),
            fault="recipient",
            answer="550 5.1.1 User unknown " * 9,
        )
    return Outgoing.objects.get(state=STATE.REFUSED).pk


# The colours are those of the empty pages, which are looked at in all four ways.
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"]
)
@pytest.mark.parametrize("said", ["busy", "arrived"])
def test_a_busy_page_shuts_nobody_out(
    page: Page,
    live_server: LiveServer,
    request: pytest.FixtureRequest,
    said: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    busy: dict[str, str] = request.getfixturevalue(said)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    faults = []
    for name, address in busy.items():
        page.goto(live_server.url + address)
        page.locator("details:not([open]) > summary").evaluate_all(
            "all => all.forEach((one) => one.click())"
        )
        found = Axe().run(page)
        if found.violations_count:
            faults.append(f"{name}: {found.generate_report()}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            faults.append(f"{name} is {width} wide")
    assert faults == []


@pytest.mark.parametrize("said", ["busy", "arrived"])
def test_a_busy_page_fits_320_pixels(
    page: Page, live_server: LiveServer, request: pytest.FixtureRequest, said: str
) -> None:
    busy: dict[str, str] = request.getfixturevalue(said)
    page.set_viewport_size({"width": 320, "height": 640})
    log_in(page, live_server.url)
    widths = {}
    for name, address in busy.items():
        page.goto(live_server.url + address)
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > 320} == {}


def test_the_pages_of_trading_are_found_from_the_menu_and_by_the_palette(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.get_by_role("link", name="Mehr").click()
    for name in ("Angebote", "Postausgang", "Einstellungen"):
        expect(page.locator(".menu").get_by_role("link", name=name)).to_be_visible()
    page.locator(".menu").get_by_role("link", name="Einstellungen").click()
    for name in ("Postfach", "Kalender", "Briefkopf", "Neue Angebote", "Vorarbeit", "Recht"):
        expect(page.locator(".menu").get_by_role("link", name=re.compile(name))).to_be_visible()
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").fill("stundensätze")
    expect(page.locator("#palette .found a")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/settings/work$"))


def test_m_writes_and_the_help_says_so(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tastatur")).to_contain_text("Mail schreiben")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.wait_for_url(re.compile("/mail$"))


def test_an_offer_is_written_by_keyboard_alone(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/offer")
    page.get_by_label("Leistung").first.focus()
    page.keyboard.type("Geländer")
    for typed in ("2", "m", "380"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    expect(page.locator(".sums .gross")).to_contain_text("904,40")
    more = page.get_by_role("button", name="Position dazu")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Leistung")).to_have_count(2)


def test_without_script_the_clock_runs_and_an_offer_gets_its_rows(
    browser: Browser, live_server: LiveServer, opportunities: list[int]
) -> None:
    with browser.new_context(java_script_enabled=False, locale="de-DE") as context:
        page = context.new_page()
        log_in(page, live_server.url)
        page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/")
        page.get_by_role("button", name="Uhr starten").click()
        expect(page.get_by_role("button", name="Anhalten")).to_be_visible()
        Timer.objects.update(started_at=timezone.now() - timedelta(minutes=20))
        page.reload()
        page.get_by_role("button", name="Anhalten").click()
        expect(page.get_by_role("status")).to_contain_text("Vorarbeit festgehalten.")
        page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/offer")
        page.get_by_label("Leistung").first.fill("Geländer")
        page.get_by_label("Einzelpreis").first.fill("100")
        page.get_by_role("button", name="Position dazu").click()
        expect(page.get_by_label("Leistung")).to_have_count(2)
        page.get_by_role("button", name="Position 2 entfernen").click()
        expect(page.get_by_label("Leistung")).to_have_count(1)
        expect(page.locator(".sums .gross")).to_contain_text("119,00")
    assert Event.objects.get(kind="effort_spent").payload["minutes"] == 20
