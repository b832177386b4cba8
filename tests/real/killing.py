"""What a campaign of kills found, held against what the mail server took."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real.smtp import MailServer

PAUSE = 0.012  # seconds at each step of the server: as long as the desk's own work beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Where each mail stands (`states`), and how often the server took it (`taken`)."""

    rows: list[dict[str, Any]]
    taken: Counter[str]
    killed_in: Counter[str]

    def faults(self) -> list[str]:
        """Return the mails that are lost, doubled, or said to be what they are not."""
        return [
            f"{row['text']}: {row['state']}, events {row['events']}, taken {self.taken[row['id']]}"
            for row in self.rows
            if not self._is_well(row)
        ]

    def _is_well(self, row: dict[str, Any]) -> bool:
        taken = self.taken[row["id"]]
        if row["state"] == "sent":
            return taken == 1 and row["events"] == 1
        # Of an unknown one nobody says that it went, and it went once at most.
        return row["state"] == "unknown" and taken <= 1 and row["events"] == 0

    def told(self) -> str:
        """Return the figures in one line."""
        ends: Counter[str] = Counter(row["state"] for row in self.rows)
        arrived = sum(1 for r in self.rows if r["state"] == "unknown" and self.taken[r["id"]])
        return (
            f"killed in {dict(sorted(self.killed_in.items()))}; after recovery "
            f"{dict(sorted(ends.items()))}, of the unknown {arrived} had arrived; "
            f"taken twice: {sum(n > 1 for n in self.taken.values())}"
        )


def campaign(folder: Path, *, kills: int, seed: int, database: str = "") -> Campaign:
    """Kill deliveries `kills` times in a desk of its own and return what became of them."""
    with MailServer(folder) as server:
        server.post.pause = PAUSE
        said = _run(server, "kill", "--kills", str(kills), "--seed", str(seed), database=database)
        taken = server.post.counts
    return Campaign(rows=said["rows"], taken=taken, killed_in=Counter(said["killed_in"]))


def pressed(folder: Path, *, database: str = "") -> tuple[list[int], Campaign]:
    """Press one button at the same moment in several threads; return the rows that it made."""
    with MailServer(folder) as server:
        said = _run(server, "press", database=database)
        taken = server.post.counts
    return said["pks"], Campaign(rows=said["rows"], taken=taken, killed_in=Counter())


def _run(server: MailServer, work: str, *asked: str, database: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="nachhaken-kills-") as data:
        environment = {**os.environ, "NACHHAKEN_DATA": data, "SSL_CERT_FILE": server.ca_file}
        environment["NACHHAKEN_DATABASE"] = database
        command = [sys.executable, "-m", "tests.real.killed", work, "--port", str(server.port)]
        done = subprocess.run(
            [*command, *asked], env=environment, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
