"""A real Radicale in a process of its own, with one user and two calendars."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx2

USERNAME = "katharina"
PASSWORD = "Schloßberg-12"
_CONFIG = """\
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""
_MAKE = """<?xml version="1.0" encoding="utf-8"?>
<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
<d:displayname>{name}</d:displayname></d:prop></d:set></c:mkcalendar>"""


@dataclass
class CalendarServer:
    """The server at `address`; it can be stopped and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/"

    def url(self, name: str) -> str:
        """Where the calendar `name` lies."""
        return f"{self.address}{USERNAME}/{name}/"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")]
        self.process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": ""})
        for _ in range(300):
            try:
                httpx2.get(self.address, timeout=1)
            except httpx2.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("Radicale does not answer")

    def stop(self) -> None:
        """Stop it."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def make(self, name: str) -> None:
        """Make a calendar."""
        answer = self.ask("MKCALENDAR", self.url(name), _MAKE.format(name=name.title()))
        assert answer.status_code == 201, answer.text

    def ask(self, method: str, url: str, content: str = "", **headers: str) -> httpx2.Response:
        """Do something as another program of the same user would."""
        return httpx2.request(
            method, url, content=content.encode(), auth=(USERNAME, PASSWORD), headers=headers
        )

    def entries(self, name: str = "arbeit") -> dict[str, str]:
        """Return what lies in a calendar, by address."""
        found = self.folder.glob(f"collections/collection-root/{USERNAME}/{name}/*.ics")
        return {f"{self.url(name)}{path.name}": path.read_text("utf-8") for path in found}


def is_there() -> bool:
    """Say whether this machine has Radicale."""
    return find_spec("radicale") is not None


@contextmanager
def running(folder: Path, *calendars: str) -> Iterator[CalendarServer]:
    """Run a server with these calendars."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users").write_text(f"{USERNAME}:{PASSWORD}\n", encoding="utf-8")
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder), encoding="utf-8")
    server = CalendarServer(folder, port)
    server.start()
    try:
        for name in calendars:
            server.make(name)
        yield server
    finally:
        server.stop()
