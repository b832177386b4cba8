"""Take the pictures of the handbook anew from the desk with its example: docs/handbuch/bilder."""

import os
import re
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "handbuch" / "bilder"
PORT = 8197
DESK = f"http://127.0.0.1:{PORT}"
WIDE, PHONE, TALL = (1440, 1000), (375, 812), (375, 1180)
COLOURS = 128  # a screen of few colours: a fifth of the bytes, and no eye sees the difference


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of the desk; `address` may name the first opportunity of today as {pk}."""

    name: str
    address: str
    size: tuple[int, int] = WIDE


PICTURES = (
    Picture("heute", "/"),
    Picture("vorgang", "/opportunities/{pk}/"),
    Picture("eingang", "/inbox/"),
    Picture("gespraech", "/opportunities/{pk}/call", PHONE),
    Picture("gespraech-ergebnis", "/opportunities/{pk}/outcomes", TALL),
    Picture("passung", "/opportunities/{pk}/fit", PHONE),
    Picture("absagen", "/opportunities/{pk}/refusal"),
    Picture("auswertung", "/insight/?period=all"),
    Picture("werkstatt", "/lab/"),
    Picture("wochenrueckblick", "/review/"),
)


def main() -> None:
    with _desk(), sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        state = _registered(browser)
        for picture in PICTURES:
            _take(browser, state, picture)
        browser.close()


@contextmanager
def _desk() -> Iterator[None]:
    """Serve the example from a data directory of its own until the pictures are taken."""
    with tempfile.TemporaryDirectory() as data:
        program = str(ROOT / ".venv/bin/nachhaken")
        command = [program, "serve", "--example", "--port", str(PORT)]
        process = subprocess.Popen(command, env=os.environ | {"NACHHAKEN_DATA": data})
        try:
            _wait()
            yield
        finally:
            process.terminate()
            process.wait()


def _wait() -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{DESK}/start/", timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(1)
        else:
            return
    message = "the desk does not answer"
    raise TimeoutError(message)


def _registered(browser: Browser) -> str:
    """Return a file with the cookies of the example's owner."""
    with browser.new_context(locale="de-DE") as context:
        page = context.new_page()
        page.goto(f"{DESK}/start/")
        page.fill("[name=name]", "Karl Brandt")
        page.fill("[name=mail]", "k.brandt@metallbau-brandt.example")
        page.fill("[name=password]", "Treppenstufe-77")
        page.click("button.primary")
        page.wait_for_load_state()
        path = Path(tempfile.mkdtemp()) / "cookies.json"
        context.storage_state(path=path)
    return str(path)


def _take(browser: Browser, state: str, picture: Picture) -> None:
    width, height = picture.size
    with browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1 if picture.size is WIDE else 2,
        locale="de-DE",
        storage_state=state,
    ) as context:
        page = context.new_page()
        page.goto(DESK + picture.address.format(pk=_first(page)))
        page.wait_for_timeout(1_500)  # what is drawn after the page, and the background's counts
        shot = Image.open(BytesIO(page.screenshot()))
    few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{picture.name}.png", optimize=True)


def _first(page: Page) -> int:
    """Return the opportunity that comes first today."""
    page.goto(DESK)
    return int(re.findall(r'href="/opportunities/(\d+)/', page.content())[0])


if __name__ == "__main__":
    main()
