"""What a campaign of killed imports found."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any


def campaign(*, kills: int, seed: int, database: str = "") -> dict[str, Any]:
    """Kill imports `kills` times in a desk of its own; return in what, and what was wrong then."""
    with tempfile.TemporaryDirectory(prefix="nachhaken-kills-") as data:
        environment = {**os.environ, "NACHHAKEN_DATA": data, "NACHHAKEN_DATABASE": database}
        command = [sys.executable, "-m", "tests.real.killed_imports"]
        asked = ["--kills", str(kills), "--seed", str(seed)]
        done = subprocess.run(
            [*command, *asked], env=environment, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
