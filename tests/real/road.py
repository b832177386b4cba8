"""A telephone on the road: its sheets, its queue, and its network that comes and goes."""

from typing import Any

from playwright.sync_api import Page, expect

from nachhaken.desk.models import Event
from tests.real.conftest import log_in
from tests.real.wire import Wire

PHONE = {"width": 375, "height": 812}
LINE = "Rückruf nach dem Müllergespräch, Grüße von Frau Öztürk"
WAITS = "1 Ergebnis wartet auf Netz"
HERE = """async () => {
  const name = (await caches.keys()).find((one) => one.startsWith("sheets "));
  const kept = name ? await (await caches.open(name)).keys() : [];
  const paths = kept.map((one) => new URL(one.url).pathname);
  return paths.filter((path) => path !== "/call-sheets").sort();
}"""
OF_WHOM = """async () => (await caches.keys())
  .filter((one) => one.startsWith("sheets ")).map((one) => one.split(" ")[1])"""
WAITING, DRAFTS = (
    f"async () => (await road.all('{store}')).length" for store in ("outcomes", "drafts")
)
LEFT = """async () => [
  ...(await caches.keys()),
  ...(await indexedDB.databases()).map((one) => one.name),
  ...(await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
]"""


def pack(page: Page, wire: Wire, opportunities: list[int]) -> Page:
    log_in(page, wire.url)
    wanted = {f"/opportunities/{pk}/call" for pk in opportunities}
    until(page, HERE, sorted(wanted))
    return page


def until(page: Page, script: str, wanted: object) -> None:
    """Wait for what a script says of the device."""
    for _ in range(300):
        if page.evaluate(script) == wanted:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(script) == wanted


def lose(page: Page, wire: Wire) -> None:
    """Cut the wire, and let the browser know as a telephone does."""
    wire.cut()
    page.context.set_offline(True)


def regain(page: Page, wire: Wire) -> None:
    wire.mend()
    page.context.set_offline(False)


def record(page: Page, address: str, line: str = LINE) -> None:
    page.goto(f"{address}#outcome")
    page.get_by_label("Später – ohne Grund").check()
    page.get_by_label("Eine Zeile dazu (freiwillig)").fill(line)
    page.get_by_role("button", name="Festhalten").click()


def touches() -> list[Event]:
    return list(Event.objects.filter(kind="touched"))


def status(page: Page) -> Any:
    return expect(page.locator("#road"))
