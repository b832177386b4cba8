"""One desk in a process of its own: `python -m tests.real.moving VERB FILE…`.

`fill FILE` fills it and writes its export; `move IN OUT` takes an export in and writes its own;
`write FILE` writes meanwhile, and only then goes on with the export that had begun.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from nachhaken.project.starting import start_django

start_django()

from django.db import connection  # noqa: E402 - the settings come first
from django.utils import translation  # noqa: E402

from nachhaken.desk import commands  # noqa: E402
from nachhaken.desk.models import User  # noqa: E402
from nachhaken.desk.planning import plan_missing  # noqa: E402
from nachhaken.desk.takeout.whole import export_all  # noqa: E402
from tests.cast import NOW  # noqa: E402
from tests.desk import taken  # noqa: E402


def fill(out: Path) -> None:
    out.write_bytes(taken.exported(taken.full_desk()))


def move(came: Path, out: Path) -> None:
    restored = commands.restore(came, actor=taken.owner(), now=NOW)
    assert restored.user is not None
    while plan_missing(now=NOW):
        pass
    out.write_bytes(taken.exported(restored.user))


def write(out: Path) -> None:
    user = taken.owner()
    chunks = export_all(user=user, now=NOW)
    first = next(chunks)
    writer = Thread(target=_written)
    writer.start()
    writer.join(timeout=10)
    assert not writer.is_alive(), "an export must not hold up who writes"
    out.write_bytes(first + b"".join(chunks))


def _written() -> None:
    user = User.objects.get()
    commands.create_opportunity(actor=user, now=NOW, key="k", prospect="Spät", title="Tor")
    connection.close()


if __name__ == "__main__":
    translation.activate("de")
    works: dict[str, Callable[..., None]] = {"fill": fill, "move": move, "write": write}
    works[sys.argv[1]](*map(Path, sys.argv[2:]))
