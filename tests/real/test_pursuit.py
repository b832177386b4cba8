"""Goal, path, open points, key points and consent in a real browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from nachhaken.desk import commands
from nachhaken.desk.commands.ledger import act_of, record
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.terms import Channel, Form, StepKind
from nachhaken.timeline import Conveyed
from tests.real.conftest import log_in

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("complaints")]

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1440, "height": 1000}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenbescheidprüfung"


@pytest.fixture
def full(owner: User, opportunities: list[int]) -> int:
    """An opportunity with all that can be pursued, some of it in very long words."""
    pk, now = opportunities[0], timezone.now()
    keys = iter(range(99))

    def done(command: Any, **asked: Any) -> int:
        key = f"full {next(keys)}"
        change: commands.Change = command(actor=owner, now=now, key=key, opportunity_id=pk, **asked)
        return change.entry_id

    today = timezone.localdate()
    done(commands.set_goal, goal=f"{LONG} {LONG}", minimum=LONG)
    done(commands.promise, by_us=False, what=LONG * 2, due=today - timedelta(days=3))
    done(commands.promise, by_us=True, what="Zeichnung", due=today + timedelta(days=3))
    kept = done(commands.promise, by_us=True, what="Muster")
    done(commands.settle_promise, entry_id=kept, kept=True)
    point = done(commands.set_key_point, text=LONG * 2)
    done(commands.set_key_point, text="Lieferzeit 7 Wochen")
    said = Conveyed(key_points=(point,), form=Form.CALL, two_way=True)
    record(act_of(owner, now, "said"), pk, [said])
    done(commands.give_consent, words=LONG * 2, heard_on=Channel.CALL)
    gone = done(commands.give_consent, words="gern", heard_on=Channel.MAIL)
    done(commands.withdraw_consent, entry_id=gone, words="doch nicht")
    done(commands.set_cadence, workdays=[3, 7, 14])
    done(commands.pin_step, step=StepKind.CLARIFY, on=today + timedelta(days=9), reason=LONG)
    return pk


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_full_page_shuts_nobody_out(
    page: Page, live_server: LiveServer, full: int, scheme: str, size: dict[str, int]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    prospect = Opportunity.objects.get(pk=full).prospect_id
    for address in (f"/opportunities/{full}/", f"/prospects/{prospect}/"):
        page.goto(live_server.url + address)
        if "opportunities" in address:
            expect(page.locator(".stops li").nth(1)).to_be_visible()
            page.locator("details:not([open]) > summary").evaluate_all(
                "all => all.forEach((one) => one.click())"
            )
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{address} is {width} wide"


def test_e1_a_step_of_the_path_is_held_with_a_tap_and_loosened(
    page: Page, live_server: LiveServer, opportunities: list[int]
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/opportunities/{opportunities[1]}/")
    page.locator(".stops").get_by_role("button", name=re.compile("festhalten$")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Festgelegt.")
    held = page.locator(".pinned")
    expect(held).to_contain_text("Von Ihnen festgelegt")
    held.get_by_role("button", name="lösen").click()
    expect(page.get_by_role("status")).to_contain_text("Rückgängig gemacht.")
    expect(held).to_have_count(0)


def test_a4_an_open_point_is_added_and_settled_without_script(
    browser: Browser, live_server: LiveServer, opportunities: list[int]
) -> None:
    with browser.new_context(java_script_enabled=False, locale="de-DE") as context:
        page = context.new_page()
        log_in(page, live_server.url)
        page.goto(f"{live_server.url}/opportunities/{opportunities[0]}/")
        page.get_by_text("Punkt dazu").click()
        page.get_by_label("Was ist zugesagt?").fill("Gutachten")
        page.get_by_label("Bis wann?").fill("in zwei Wochen")
        page.locator(".adding").get_by_role("button", name="Dazu").click()
        expect(page.locator(".due")).to_contain_text("vom Kunden")
        page.get_by_role("button", name="Gutachten: erledigt").click()
        expect(page.locator(".due")).to_have_count(0)
    assert Event.objects.filter(kind="promise_settled").count() == 1


def test_today_begins_a_talk_with_its_sheet(
    page: Page, live_server: LiveServer, owner: User, opportunities: list[int]
) -> None:
    for pk in opportunities:
        commands.decide(
            actor=owner,
            now=timezone.now(),
            key=f"{pk}",
            opportunity_id=pk,
            chosen=StepKind.CLARIFY,
        )
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    log_in(page, live_server.url)
    page.get_by_role("link", name=re.compile("Anfangen: ")).click()
    page.wait_for_url(re.compile(r"/opportunities/\d+/call$"))
