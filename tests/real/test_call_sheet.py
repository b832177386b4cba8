"""The call sheet in a real browser: three taps, the keyboard alone, without script, with axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk.models import Event
from tests.real.conftest import log_in

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("complaints")]

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1440, "height": 1000}


def sheet_of(page: Page, live_server: LiveServer, pk: int) -> None:
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/opportunities/{pk}/call")


def said() -> list[str]:
    """What the calls brought, as it is kept."""
    events = Event.objects.filter(kind="replied", came_in=False).order_by("pk")
    return [event.payload["statement"]["intent"] for event in events]


def ring(page: Page) -> None:
    """Ring without leaving the page: the test's machine has no telephone."""
    number = page.locator("[data-ring]")
    number.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    number.click()


def test_from_ringing_to_a_kept_outcome_it_takes_three_taps(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sheet_of(page, live_server, opportunities[0])
    ring(page)
    expect(page.locator("[data-clock]")).to_contain_text("läuft 0:0")
    page.get_by_role("link", name="Gespräch beendet").click()  # one
    page.locator("label.choice", has_text="Später – ohne Grund").click()  # two
    page.get_by_role("button", name="Festhalten").click()  # three
    expect(page.get_by_role("status")).to_contain_text("WAS-Frage")
    assert said() == ["later_vague"]


def test_nobody_there_is_one_tap_and_can_be_taken_back(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sheet_of(page, live_server, opportunities[0])
    ring(page)
    page.get_by_role("button", name="nicht erreicht").click()
    toast = page.get_by_role("status")
    expect(toast).to_contain_text("Festgehalten.")
    (touch,) = Event.objects.filter(kind="touched")
    assert touch.payload["reached"] is False
    toast.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("status")).to_contain_text("Rückgängig gemacht.")


def test_what_was_heard_on_the_way_is_the_outcome(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sheet_of(page, live_server, opportunities[0])
    page.locator("#prep .branches a").last.click()
    turn = page.locator(".turn:target")
    expect(turn).to_be_focused()
    expect(turn.locator(".spoken")).to_be_visible()
    expect(page.locator("#prep")).to_be_hidden()
    intent = turn.get_attribute("data-intent")
    page.get_by_role("link", name="Gespräch beendet").click()
    expect(page.locator("#outcome input[name=result]:checked")).to_have_value(intent or "")
    expect(page.locator("#what-if")).to_contain_text("Was das ändert:")


def test_e5_two_letters_find_an_answer(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    sheet_of(page, live_server, opportunities[0])
    page.get_by_role("searchbox").fill("xq")
    expect(page.locator(".objections summary:visible")).to_have_count(0)
    page.get_by_role("searchbox").fill("har")
    found = page.locator(".objections summary:visible")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("hartnäckig")
    expect(page.locator(".objections .spoken:visible").first).to_be_visible()


def test_b1_a_time_in_words_is_shown_as_days_before_it_is_kept(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    sheet_of(page, live_server, opportunities[0])
    page.get_by_role("link", name="Gespräch beendet").click()
    page.locator("label.choice", has_text="Später – ohne Grund").click()
    page.get_by_label("Wann wieder?").fill("nach Ostern")
    expect(page.locator("#window")).to_have_text(re.compile(r"\d+\. \S+ \d{4} – "))
    page.get_by_label("ist einverstanden", exact=False).check()
    page.get_by_label("Mit welchen Worten?", exact=False).fill("Ja, gern nach Ostern")
    page.get_by_role("button", name="Festhalten").click()
    expect(page.get_by_role("status")).to_contain_text("Festgehalten.")
    (consent,) = Event.objects.filter(kind="consented")
    assert consent.payload["words"] == "Ja, gern nach Ostern"
    assert len(consent.payload["window"]) == 2


def test_the_keyboard_alone_suffices(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    sheet_of(page, live_server, opportunities[0])
    page.locator("#prep .branches a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn:target")).to_be_focused()
    page.get_by_role("link", name="Gespräch beendet").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_be_focused()
    radio = page.locator("#outcome input[name=result]").first
    radio.focus()
    page.keyboard.press("Space")
    expect(radio).to_be_checked()
    page.get_by_role("button", name="Festhalten").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Festgehalten.")


def test_without_script_a_call_is_led_and_kept(
    browser: Browser, live_server: LiveServer, opportunities: list[int]
) -> None:
    with browser.new_context(java_script_enabled=False, locale="de-DE") as context:
        page = context.new_page()
        sheet_of(page, live_server, opportunities[0])
        page.locator("#prep .branches a").first.click()
        expect(page.locator(".turn:target .spoken")).to_be_visible()
        page.get_by_role("link", name="Gespräch beendet").click()
        page.locator("label.choice", has_text="Nein").last.click()
        page.get_by_role("button", name="Festhalten").click()
        expect(page.get_by_role("status")).to_contain_text("Festgehalten.")
    assert said() == ["no"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_sheet_shuts_nobody_out(
    page: Page, live_server: LiveServer, opportunities: list[int], scheme: str, size: dict[str, int]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sheet_of(page, live_server, opportunities[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for opened in ("details", ".branches a", ".ended"):
        if opened == "details":
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        else:
            page.locator(opened).locator("visible=true").first.click()
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []
