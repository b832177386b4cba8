"""A private PostgreSQL for one test run: own directory, own port, German sorting, no trace."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_UNSAFE_BUT_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_programs() -> Path | None:
    """The directory with `initdb` and `pg_ctl`, or None where no PostgreSQL server is installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    # Debian keeps the server programs off the PATH, one directory per major version.
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running_postgres(programs: Path) -> Iterator[str]:
    """Yield the address of a fresh server, as `postgresql://tester@127.0.0.1:<port>/nachhaken`."""
    home = Path(tempfile.mkdtemp(prefix="nachhaken-postgres-"))
    as_user = _drop_root(home)

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), *arguments]
        # pg_ctl's server would keep a captured pipe open for ever, so output goes to a file.
        with (home / "commands.log").open("a") as log:
            subprocess.run(command, cwd=home, stdout=log, stderr=log, check=True)

    data, port = str(home / "data"), _free_port()
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 {_UNSAFE_BUT_FAST}"
    try:
        run(
            *(
                "initdb",
                "--no-sync",
                "-A",
                "trust",
                "-U",
                "tester",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ),
            *("--locale-provider=icu", "--icu-locale=de-DE", "-D", data),
        )
        run("pg_ctl", "start", "-w", "-D", data, "-l", str(home / "server.log"), "-o", options)
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "tester", "nachhaken")
            yield f"postgresql://tester@127.0.0.1:{port}/nachhaken"
        finally:
            run("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _drop_root(home: Path) -> list[str]:
    # The server refuses to run as root. setpriv needs no PAM session, unlike su and runuser.
    if os.geteuid() != 0:
        return []
    user = "postgres" if _exists("postgres") else "nobody"
    shutil.chown(home, user=user)
    group = subprocess.check_output(["id", "-g", user], text=True).strip()
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]


def _exists(user: str) -> bool:
    return subprocess.run(["id", user], capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
