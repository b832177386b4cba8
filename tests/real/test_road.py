"""On the road: sheets without a network, and outcomes that arrive once."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from nachhaken.desk import commands
from nachhaken.desk.models import Event, Plan, SetAside, User
from nachhaken.terms import OutcomeKind
from tests.real.road import (
    DRAFTS,
    HERE,
    LINE,
    PHONE,
    WAITING,
    WAITS,
    lose,
    pack,
    record,
    regain,
    status,
    touches,
    until,
)
from tests.real.wire import Wire

pytestmark = pytest.mark.real


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": PHONE, "service_workers": "allow"}


def test_the_errand_without_a_network(packed: Page, wire: Wire, opportunities: list[int]) -> None:
    lose(packed, wire)
    packed.goto(f"{wire.url}/")
    expect(packed.get_by_role("heading", name="Kein Netz")).to_be_visible()
    sheets = packed.get_by_role("list", name="Gesprächsblätter").get_by_role("link")
    expect(sheets).to_have_count(2)
    packed.get_by_role("link", name=re.compile("Pension Alpenblick")).click()
    expect(packed.get_by_role("heading", name="Pension Alpenblick")).to_be_visible()
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    expect(packed.get_by_text("Auf diesem Gerät festgehalten.")).to_be_visible()
    status(packed).to_contain_text(WAITS)
    context = packed.context
    packed.close()

    again = context.new_page()
    again.goto(f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(again).to_contain_text(WAITS)
    expect(again.get_by_text("Zu diesem Gespräch wartet ein Ergebnis")).to_be_visible()
    assert touches() == []

    regain(again, wire)
    status(again).to_contain_text("Pension Alpenblick: gesendet.")
    [event] = touches()
    assert event.opportunity_id == opportunities[0]
    replied = Event.objects.get(kind="replied", opportunity=opportunities[0])
    assert LINE in replied.payload["text"]
    again.goto(f"{wire.url}/")
    status(again).to_be_hidden()


def test_the_browser_itself_is_closed_in_between(
    wire: Wire,
    opportunities: list[int],
    tmp_path: Path,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
) -> None:
    def opened() -> BrowserContext:
        how = {**browser_type_launch_args, **browser_context_args}
        return browser_type.launch_persistent_context(tmp_path / "profile", **how)

    context = opened()
    page = pack(context.new_page(), wire, opportunities)
    lose(page, wire)
    record(page, f"{wire.url}/opportunities/{opportunities[1]}/call")
    status(page).to_contain_text(WAITS)
    context.close()

    context = opened()
    page = context.new_page()
    page.goto(f"{wire.url}/")
    expect(page.get_by_role("heading", name="Kein Netz")).to_be_visible()
    status(page).to_contain_text(WAITS)
    wire.mend()
    page.goto(f"{wire.url}/")
    status(page).to_contain_text("Dr. Yıldız: gesendet.")
    context.close()
    assert [event.opportunity_id for event in touches()] == [opportunities[1]]


def test_a_network_that_dies_while_the_form_is_sent(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    # The browser believes that it has a network, so the form goes out as it always does.
    packed.goto(f"{wire.url}/opportunities/{opportunities[0]}/call#outcome")
    packed.get_by_label("nicht erreicht").check()
    wire.cut()
    packed.get_by_role("button", name="Festhalten").click()
    expect(packed.get_by_role("heading", name="Kein Netz")).to_be_visible()
    status(packed).to_contain_text(WAITS)
    wire.mend()
    packed.goto(f"{wire.url}/")
    status(packed).to_contain_text("gesendet.")
    assert len(touches()) == 1


def test_with_a_network_all_is_as_without_the_queue(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    expect(packed.locator("#toasts").get_by_role("button", name="Rückgängig")).to_be_visible()
    until(packed, WAITING, 0)
    status(packed).to_be_hidden()
    assert len(touches()) == 1


def test_a_slow_network_is_not_waited_for(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    wire.stall()
    packed.goto(f"{wire.url}/opportunities/{opportunities[0]}/call", wait_until="commit")
    expect(packed.get_by_role("heading", name="Pension Alpenblick")).to_be_visible()


def test_what_is_no_longer_due_is_no_longer_on_the_device(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    Plan.objects.filter(pk=opportunities[0]).update(due=timezone.localdate() + timedelta(days=30))
    packed.goto(f"{wire.url}/")
    until(packed, HERE, [f"/opportunities/{opportunities[1]}/call"])


def test_the_desk_can_be_installed(packed: Page) -> None:
    tools = packed.context.new_cdp_session(packed)
    found = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # The windows of the tests are private ones, which install nothing.
    assert {error["errorId"] for error in found} <= {"in-incognito"}
    assert tools.send("Page.getAppManifest")["errors"] == []


def test_an_outcome_that_cannot_be_taken_does_not_hold_up_the_others(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    lose(packed, wire)
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    packed.evaluate(
        """async () => {
          const [one] = await road.all("outcomes");
          const action = "/opportunities/999999/calls";
          await road.put("outcomes", { ...one, key: "lost", at: 1, who: "Niemand", action });
        }"""
    )
    regain(packed, wire)
    status(packed).to_contain_text("Niemand: So ließ sich das Ergebnis nicht festhalten.")
    status(packed).to_contain_text("Pension Alpenblick: gesendet.")
    assert len(touches()) == 1
    packed.locator("#road").get_by_role("button", name="Verwerfen").click()
    status(packed).to_contain_text("Niemand: Ergebnis verworfen.")
    packed.locator("#road").get_by_role("button", name="Rückgängig").click()
    status(packed).to_contain_text("Niemand: So ließ sich")


@pytest.mark.parametrize("page_of", ["offline", "sheet", "leaving"])
def test_axe_finds_nothing_without_a_network(
    packed: Page, wire: Wire, opportunities: list[int], page_of: str
) -> None:
    if page_of == "leaving":
        packed.goto(f"{wire.url}/more/")
    lose(packed, wire)
    waiting = packed.context.new_page()
    record(waiting, f"{wire.url}/opportunities/{opportunities[0]}/call")
    expect(waiting.get_by_text("Auf diesem Gerät festgehalten.")).to_be_visible()
    if page_of == "offline":
        waiting.goto(f"{wire.url}/")
        expect(waiting.get_by_role("list", name="Gesprächsblätter")).to_be_visible()
    elif page_of == "leaving":
        packed.get_by_role("button", name="Abmelden").click()
        expect(packed.get_by_role("button", name="Trotzdem abmelden")).to_be_visible()
    shown = packed if page_of == "leaving" else waiting
    found = Axe().run(shown)
    assert found.response["violations"] == [], found.generate_report()


def test_five_times_the_same_is_one_event(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    lose(packed, wire)
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    [kept] = packed.evaluate("() => road.all('outcomes')")
    regain(packed, wire)
    status(packed).to_contain_text("gesendet.")
    states = packed.evaluate(
        """async (kept) => {
          const states = [];
          for (let n = 0; n < 4; n += 1) {
            await road.put("outcomes", kept);
            await Promise.all([road.sendAll(), road.sendAll()]);
            states.push((await road.get("notices", kept.key)).state);
          }
          return states;
        }""",
        kept,
    )
    assert states == ["repeated"] * 4
    assert packed.evaluate("() => road.all('outcomes')") == []
    assert len(touches()) == 1


def test_what_was_closed_meanwhile_is_set_aside_and_said(
    packed: Page, wire: Wire, owner: User, opportunities: list[int]
) -> None:
    lose(packed, wire)
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    commands.close(
        actor=owner,
        now=timezone.now(),
        key="closed",
        opportunity_id=opportunities[0],
        outcome=OutcomeKind.LOST,
    )
    regain(packed, wire)
    status(packed).to_contain_text("nichts ist verloren")
    packed.locator("#road").get_by_role("link", name="Zum Eingang").click()
    expect(packed.get_by_role("button", name="Trotzdem festhalten")).to_be_visible()
    # Said until somebody has seen it.
    packed.locator("#road").get_by_role("button", name="Gesehen").click()
    status(packed).to_be_hidden()
    assert SetAside.objects.count() == 1
    assert touches() == []


def test_a_clock_that_is_wrong_by_a_day_ends_with_the_right_time(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    packed.clock.install(time=timezone.now() + timedelta(days=1))
    lose(packed, wire)
    before = timezone.now()
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    regain(packed, wire)
    status(packed).to_contain_text("gesendet.")
    [event] = touches()
    assert before - timedelta(seconds=5) <= event.occurred_at <= timezone.now()


def test_what_the_desk_refuses_is_kept_and_put_right(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    sheet = f"{wire.url}/opportunities/{opportunities[0]}/call"
    lose(packed, wire)
    packed.goto(f"{sheet}#outcome")
    packed.get_by_label("in eigenen Worten").check()
    packed.get_by_role("button", name="Festhalten").click()
    status(packed).to_contain_text(WAITS)
    regain(packed, wire)
    status(packed).to_contain_text("So ließ sich das Ergebnis nicht festhalten.")
    packed.goto(f"{wire.url}/inbox/")
    packed.locator("#road").get_by_role("link", name="Richtigstellen").click()
    expect(packed.get_by_label("in eigenen Worten")).to_be_checked()
    packed.get_by_label("Eine Zeile dazu (freiwillig)").fill("Bitte nach Ostern noch einmal.")
    packed.get_by_role("button", name="Festhalten").click()
    expect(packed.locator("#toasts")).to_contain_text("Festgehalten.")
    until(packed, WAITING, 0)
    status(packed).to_be_hidden()
    assert len(touches()) == 1


def test_a_draft_survives_the_closed_tab(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    sheet = f"{wire.url}/opportunities/{opportunities[0]}/call#outcome"
    packed.goto(sheet)
    packed.get_by_label("Später – ohne Grund").check()
    packed.get_by_label("Eine Zeile dazu (freiwillig)").fill(LINE)
    until(packed, DRAFTS, 1)
    context = packed.context
    packed.close()
    page = context.new_page()
    lose(page, wire)
    page.goto(sheet)
    expect(page.get_by_text("Was Sie zuletzt getippt haben")).to_be_visible()
    expect(page.get_by_label("Eine Zeile dazu (freiwillig)")).to_have_value(LINE)
    expect(page.get_by_label("Später – ohne Grund")).to_be_checked()
    page.get_by_role("button", name="Festhalten").click()
    status(page).to_contain_text(WAITS)
    assert page.evaluate("() => road.all('drafts')") == []


def test_two_calls_from_one_sheet_are_two_events(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    sheet = f"{wire.url}/opportunities/{opportunities[0]}/call"
    lose(packed, wire)
    for n, words in [(1, WAITS), (2, "2 Ergebnisse warten auf Netz")]:
        packed.goto(sheet)
        packed.get_by_role("button", name="nicht erreicht").first.click()
        status(packed).to_contain_text(words)
        assert len(packed.evaluate("() => road.all('outcomes')")) == n
    regain(packed, wire)
    status(packed).to_contain_text("gesendet.")
    until(packed, WAITING, 0)
    assert len(touches()) == 2
