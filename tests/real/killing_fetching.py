"""What a campaign of kills around fetching found."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

from tests.real.dovecot import Account


@dataclass(slots=True)
class Campaign:
    """What was delivered, how the kills struck, and what is wrong at the end.

    `due` are the keys of the customers' mails, `others` the numbers of the rest by folder;
    `struck` kills met a process at work, `between` of them left a part of the mails taken.
    """

    due: list[str] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    struck: int = 0
    ended: int = 0
    between: int = 0
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.struck} killed at work ({self.between} with a part taken), {self.ended} done "
            f"before; {len(self.due)} mails of customers, {sum(self.others.values())} others; "
            f"faults: {len(self.faults)}"
        )


def campaign(account: Account, *, kills: int, seed: int) -> Campaign:
    """Kill visits to a mailbox that goes on filling; return what became of the mails."""
    with tempfile.TemporaryDirectory(prefix="nachhaken-kills-") as data:
        command = [sys.executable, "-m", "tests.real.fetched", "--port", str(account.port)]
        command += ["--user", account.user, "--kills", str(kills), "--seed", str(seed)]
        done = subprocess.run(
            command,
            env={**os.environ, "NACHHAKEN_DATA": data, "NACHHAKEN_DATABASE": ""},
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return Campaign(**json.loads(done.stdout.splitlines()[-1]))
