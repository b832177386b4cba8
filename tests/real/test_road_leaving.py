"""Leaving a telephone: nothing stays on it, nothing that waits is lost or sent by others."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from nachhaken.desk.models import User
from tests.real.conftest import PASSWORD, log_in
from tests.real.road import (
    DRAFTS,
    HERE,
    LEFT,
    LINE,
    OF_WHOM,
    PHONE,
    WAITS,
    lose,
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


def test_logging_out_leaves_nothing(packed: Page, wire: Wire, opportunities: list[int]) -> None:
    packed.goto(f"{wire.url}/opportunities/{opportunities[0]}/call#outcome")
    packed.get_by_label("Eine Zeile dazu (freiwillig)").fill(LINE)
    until(packed, DRAFTS, 1)
    packed.goto(f"{wire.url}/more/")
    assert packed.evaluate(LEFT) != []
    packed.get_by_role("button", name="Abmelden").click()
    packed.wait_for_url(re.compile("/login/"))
    assert packed.evaluate(LEFT) == []
    lose(packed, wire)
    with pytest.raises(Exception, match="ERR_"):
        packed.goto(f"{wire.url}/opportunities/{opportunities[0]}/call")


def test_logging_out_does_not_lose_what_waits(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    packed.goto(f"{wire.url}/more/")
    wire.cut()
    more = packed.context.new_page()
    lose(more, wire)
    record(more, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(more).to_contain_text(WAITS)
    packed.get_by_role("button", name="Abmelden").click()
    choice = packed.get_by_role("alert")
    expect(choice).to_contain_text("1 Ergebnis ist noch nicht gesendet.")
    choice.get_by_role("button", name="Angemeldet bleiben").click()
    expect(choice).to_be_hidden()
    assert len(packed.evaluate("() => road.all('outcomes')")) == 1
    # With a network it is sent on the way out, without a question.
    more.close()
    regain(packed, wire)
    packed.get_by_role("button", name="Abmelden").click()
    packed.wait_for_url(re.compile("/login/"))
    assert packed.evaluate(LEFT) == []
    assert len(touches()) == 1


def test_who_decides_so_logs_out_and_discards(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    record_of_nobody = f"{wire.url}/opportunities/{opportunities[0]}/call"
    lose(packed, wire)
    packed.goto(record_of_nobody)
    packed.get_by_role("button", name="nicht erreicht").first.click()
    status(packed).to_contain_text(WAITS)
    [kept] = packed.evaluate("() => road.all('outcomes')")
    # The desk refuses it, whatever is tried.
    kept["fields"] = [["key", kept["key"]]]
    packed.evaluate("(kept) => road.put('outcomes', kept)", kept)
    regain(packed, wire)
    packed.goto(f"{wire.url}/more/")
    packed.get_by_role("button", name="Abmelden").click()
    packed.get_by_role("button", name="Trotzdem abmelden und 1 Ergebnis verwerfen").click()
    packed.wait_for_url(re.compile("/login/"))
    assert packed.evaluate(LEFT) == []
    assert touches() == []


def test_an_ended_session_takes_the_sheets_and_leaves_the_queue(
    packed: Page, wire: Wire, opportunities: list[int]
) -> None:
    lose(packed, wire)
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    Session.objects.all().delete()
    regain(packed, wire)
    status(packed).to_contain_text("sobald Sie angemeldet sind")
    packed.goto(f"{wire.url}/")
    packed.wait_for_url(re.compile("/login/"))
    until(packed, HERE, [])
    status(packed).to_contain_text("1 Ergebnis wartet auf diesem Gerät")
    log_in(packed, wire.url)
    status(packed).to_contain_text("gesendet.")
    assert len(touches()) == 1


def test_an_outcome_is_sent_in_nobody_elses_name(
    packed: Page, wire: Wire, opportunities: list[int], owner: User
) -> None:
    other = User.objects.create_user("jonas@brandt.example", "jonas@brandt.example", PASSWORD)
    lose(packed, wire)
    record(packed, f"{wire.url}/opportunities/{opportunities[0]}/call")
    status(packed).to_contain_text(WAITS)
    packed.context.clear_cookies()
    regain(packed, wire)
    packed.goto(f"{wire.url}/")
    packed.get_by_label("E-Mail").fill(other.email)
    packed.get_by_label("Passwort").fill(PASSWORD)
    packed.get_by_role("button", name="Anmelden").click()
    packed.wait_for_url(f"{wire.url}/")
    status(packed).to_contain_text("1 Ergebnis von jemand anderem wartet")
    until(packed, OF_WHOM, [str(other.pk)])
    assert touches() == []
    packed.goto(f"{wire.url}/more/")
    packed.get_by_role("button", name="Abmelden").click()
    packed.wait_for_url(re.compile("/login/"))
    log_in(packed, wire.url)
    status(packed).to_contain_text("gesendet.")
    assert [event.actor_id for event in touches()] == [owner.pk]
