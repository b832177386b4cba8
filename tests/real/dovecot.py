"""A private Dovecot for one test run: own directory, own ports, TLS and plain, accounts at will."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from tests.real.certificates import write_certificate

HOST = "127.0.0.1"
MARKED = "Verschickt"
"""Where an account has a folder of this name, the server marks it as that of sent mail."""

_NO_DOVECOT = "no Dovecot on this machine"
_USUAL = Path("/usr/sbin/dovecot")
_UP = 10.0


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox on the server: all that a program needs to log in.

    `port` speaks plainly ("none", or "starttls"), `tls_port` with TLS ("tls"). A program that has
    `ca_file` in its SSL_CERT_FILE trusts the certificate; any other one does not.
    """

    user: str
    password: str
    host: str
    port: int
    tls_port: int
    ca_file: Path

    def deliver(self, raw: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Lay a mail into a folder, as unread and as having come at `at` (default: now)."""
        with self.opened() as box:
            box.append(raw, folder, dt=at or datetime.now(UTC))

    def make_folder(self, name: str) -> None:
        """Make a folder."""
        with self.opened() as box:
            box.folder.create(name)

    def drop_folder(self, name: str) -> None:
        """Remove a folder: made again, its mails have numbers that mean something else."""
        with self.opened() as box:
            box.folder.delete(name)

    def mails(self, folder: str = "INBOX") -> list[bytes]:
        """Return the mails of a folder as they lie there; none is marked as read by it."""
        with self.opened() as box:
            box.folder.set(folder)
            return [m.obj.as_bytes() for m in box.fetch(mark_seen=False)]

    def uids(self, folder: str = "INBOX") -> set[int]:
        """Return the numbers of the mails of a folder."""
        with self.opened() as box:
            box.folder.set(folder, readonly=True)
            return {int(uid) for uid in box.uids()}

    def erase(self, folder: str = "INBOX", uids: Iterable[int] = ()) -> None:
        """Remove these mails from a folder, or all of them."""
        with self.opened() as box:
            box.folder.set(folder)
            box.delete([str(uid) for uid in uids] or box.uids())

    def move(self, uid: int, folder: str, *, to: str) -> None:
        """Move a mail: it gets a number of its own there."""
        with self.opened() as box:
            box.folder.set(folder)
            box.move([str(uid)], to)

    def flags(self, folder: str = "INBOX") -> list[tuple[str, ...]]:
        """Return the flags of each mail of a folder."""
        with self.opened() as box:
            box.folder.set(folder)
            return [m.flags for m in box.fetch(mark_seen=False)]

    def opened(self) -> MailBoxUnencrypted:
        """Return a line to the mailbox, logged in; it is a context manager."""
        line = MailBoxUnencrypted(self.host, self.port, timeout=10)
        return line.login(self.user, self.password)


class Dovecot:
    """A running server; every account made on it is empty and its own."""

    def __init__(
        self, home: Path, port: int, tls_port: int, ca_file: Path, command: list[str]
    ) -> None:
        self._home, self._command = home, command
        self.port, self.tls_port, self.ca_file = port, tls_port, ca_file
        self._numbers = count(1)
        self.start()

    def start(self) -> None:
        """Start the server, or start it again."""
        with (self._home / "output").open("a") as output:
            self._server = subprocess.Popen(self._command, stdout=output, stderr=output)
        _wait(self._server, self.port, self._home)

    def kill(self) -> None:
        """Take the server away at once, with all that it has begun."""
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text()
        for pid in [self._server.pid, *map(int, children.split())]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait(timeout=10)

    def stop(self) -> None:
        """End the server, if it runs."""
        self._server.terminate()
        self._server.wait(timeout=10)

    def account(self, password: str = "Kabeltrommel 9", user: str = "") -> Account:
        """Make an account; without a name it gets one that no other test has."""
        user = user or f"k.brandt{next(self._numbers)}@metallbau-brandt.example"
        # A file for each: of one for all, Dovecot would notice changes only once a second.
        (self._home / "users" / user).write_text(f"{user}:{{PLAIN}}{password}\n", encoding="utf-8")
        return Account(user, password, HOST, self.port, self.tls_port, self.ca_file)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot of this test run; the tests are skipped, and counted, where there is none."""
    found = program()
    if found is None:
        pytest.skip(_NO_DOVECOT)
    with running_dovecot(found) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """An empty mailbox of its own."""
    return dovecot.account()


@contextmanager
def own_dovecot() -> Iterator[Dovecot]:
    """A server for one test that may kill it."""
    found = program()
    if found is None:
        pytest.skip(_NO_DOVECOT)
    with running_dovecot(found) as server:
        yield server


def program() -> Path | None:
    """Return the server's program, None where it is not installed."""
    found = shutil.which("dovecot")
    return Path(found) if found else _USUAL if _USUAL.exists() else None


@contextmanager
def running_dovecot(program: Path) -> Iterator[Dovecot]:
    """Run the server in a directory of its own, as root or not, and remove both afterwards."""
    home = Path(tempfile.mkdtemp(prefix="nachhaken-dovecot-"))
    home.chmod(0o755)  # as root, the mail processes run as nobody
    port, tls_port = _free_port(), _free_port()
    certificate, key = write_certificate(home)
    (home / "users").mkdir()
    (home / "mail").mkdir()
    if os.geteuid() == 0:
        shutil.chown(home / "mail", user="nobody")
    is_new = subprocess.check_output([program, "--version"], text=True) >= "2.4"
    written = _NEW if is_new else _OLD
    config = home / "dovecot.conf"
    config.write_text(
        written.format(home=home, port=port, tls_port=tls_port, cert=certificate, key=key, **_who())
    )
    command = [str(program), "-F", "-c", str(config)]
    try:
        with closing_of(Dovecot(home, port, tls_port, certificate, command)) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def closing_of(server: Dovecot) -> Iterator[Dovecot]:
    """Stop the server at the end, whatever happens."""
    try:
        yield server
    finally:
        server.stop()


def _who() -> dict[str, str]:
    """As root the mails belong to nobody; else everything is done as who runs the tests."""
    if os.geteuid() == 0:
        group = subprocess.check_output(["id", "-gn", "nobody"], text=True).strip()
        numbers = [subprocess.check_output(["id", f, "nobody"], text=True) for f in ("-u", "-g")]
        return {"user": "nobody", "group": group, "uid": numbers[0], "gid": numbers[1]}
    user = subprocess.check_output(["id", "-un"], text=True).strip()
    group = subprocess.check_output(["id", "-gn"], text=True).strip()
    return {"user": user, "group": group, "uid": str(os.getuid()), "gid": str(os.getgid())}


_SHARED = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
protocols = imap
listen = 127.0.0.1
ssl = yes
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Verschickt {{
    special_use = \\Sent
  }}
}}
"""
_OLD = (
    _SHARED
    + """
disable_plaintext_auth = no
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = passwd-file
  args = username_format=%u {home}/users/%u
}}
userdb {{
  driver = static
  args = allow_all_users=yes home={home}/mail/%u
}}
"""
)
_NEW = (
    """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""
    + _SHARED
    + """
auth_allow_cleartext = yes
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {home}/mail/%{{user}}
passdb passwd-file {{
  passwd_file_path = {home}/users/%{{user}}
}}
userdb static {{
  fields {{
    home = {home}/mail/%{{user}}
  }}
  allow_all_users = yes
}}
"""
)


def _wait(server: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + _UP
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    told = [(home / name).read_text() for name in ("output", "log") if (home / name).exists()]
    raise RuntimeError("Dovecot does not start: " + "\n".join(told))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
