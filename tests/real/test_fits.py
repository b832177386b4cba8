"""Rating a customer in a real browser: by keys, by swipe, by tap, without script (D1)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk import commands
from nachhaken.desk.models import Event, User
from nachhaken.terms import OutcomeKind
from tests.real.conftest import log_in

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("complaints")]

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1440, "height": 1000}
ASKED = ("appreciation", "expectations", "respect", "values", "wavelength")


def rated() -> tuple[dict[str, int], int | None]:
    said = Event.objects.get(kind="fit_rated").payload
    return {one["criterion"]: one["points"] for one in said["marks"]}, said.get("energy")


def swipe(page: Page, right: int, down: int) -> None:
    """Draw a finger over the question that is asked."""
    box = page.locator("[data-question]:visible").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    wire = page.context.new_cdp_session(page)
    moved = [(x + right * part / 4, y + down * part / 4) for part in range(1, 5)]
    points = [("touchStart", (x, y)), *(("touchMove", at) for at in moved)]
    for kind, (at_x, at_y) in points:
        touch = {"type": kind, "touchPoints": [{"x": at_x, "y": at_y}]}
        wire.send("Input.dispatchTouchEvent", touch)
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_d1_keys_rate_a_customer_and_enter_keeps_it(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/fit")
    expect(page.locator("[data-question]:visible")).to_have_count(1)
    for key in ("1", "ArrowLeft", "ArrowUp", "Backspace", "0", "3"):
        page.keyboard.press(key)
    expect(page.get_by_text("6 von 6")).to_be_hidden()
    expect(page.get_by_text("5 von 6")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Festhalten")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/opportunities/{opportunities[0]}/$"))
    known = {"wavelength": 1, "values": -1, "respect": -1, "appreciation": 1}
    assert rated() == (known, 0)
    expect(page.get_by_role("heading", name=re.compile("Passung"))).to_be_visible()


def test_d1_swipes_and_taps_rate_a_customer_on_the_phone(
    browser: Browser, live_server: LiveServer, opportunities: list[int]
) -> None:
    with browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
        locale="de-DE",
        service_workers="block",
    ) as context:
        page = context.new_page()
        log_in(page, live_server.url)
        page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/fit")
        for step, name in enumerate(("well", "unknown", "not"), 2):
            page.locator(f".answer.{name}:visible").tap()
            expect(page.get_by_text(f"{step} von 6")).to_be_visible()
        for right, down in ((120, 0), (-120, 8), (4, -110)):
            before = page.locator("[data-question]:visible legend").inner_text()
            swipe(page, right, down)
            expect(page.locator("[data-question]:visible legend")).not_to_have_text([before])
        page.get_by_role("button", name="Festhalten").press("Enter")
        page.wait_for_url(re.compile(rf"/opportunities/{opportunities[0]}/$"))
    known = {"wavelength": 1, "expectations": -1, "respect": 1, "appreciation": -1}
    assert rated() == (known, 0)


def test_d1_without_script_all_questions_stand_on_one_page(
    browser: Browser, live_server: LiveServer, opportunities: list[int]
) -> None:
    with browser.new_context(java_script_enabled=False, locale="de-DE") as context:
        page = context.new_page()
        log_in(page, live_server.url)
        page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/fit")
        expect(page.locator("[data-question]:visible")).to_have_count(6)
        for question in page.locator("[data-question]").all()[:5]:
            question.locator(".answer.well input").check()
        page.get_by_label("gibt Kraft").check()
        page.get_by_role("button", name="Festhalten").click()
    assert rated() == (dict.fromkeys(ASKED, 1), 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_rating_shuts_nobody_out(
    page: Page,
    live_server: LiveServer,
    opportunities: list[int],
    scheme: str,
    size: dict[str, int],
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    commands.close(
        actor=User.objects.get(),
        now=timezone.now(),
        key="won",
        opportunity_id=opportunities[1],
        outcome=OutcomeKind.WON,
    )
    log_in(page, live_server.url)
    asked = (f"/opportunities/{opportunities[0]}/fit", f"/opportunities/{opportunities[1]}/job")
    for place in (*asked, "/settings/fit"):
        page.goto(f"{live_server.url}{place}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
