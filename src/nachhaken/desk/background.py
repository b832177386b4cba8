"""Work that nobody should wait for: a thread for each line, started when there is something to do.

What comes in waits for what came in before; reckoning has a line of its own, so that neither an
import of minutes nor a comparison keeps the other from beginning.
"""

import logging
import threading
from collections.abc import Callable
from enum import StrEnum
from queue import Empty, SimpleQueue

from django.db import close_old_connections

_IDLE = 5.0  # seconds without work after which a thread ends
_door = threading.Lock()
_threads: set["Line"] = set()
_names: list[str] = []


class Line(StrEnum):
    """What is done one after the other; two lines go on side by side."""

    IMPORTS = "imports"
    RECKONING = "reckoning"


_waiting: dict[Line, SimpleQueue[tuple[str, Callable[[], object]]]] = {
    line: SimpleQueue() for line in Line
}


def soon(name: str, work: Callable[[], object], line: Line = Line.IMPORTS) -> None:
    """Do `work` after all that waits in its line; what fails is logged by its kind."""
    with _door:
        _waiting[line].put((name, work))
        _names.append(name)
        if line not in _threads:
            _threads.add(line)
            threading.Thread(target=_go_on, args=(line,), name=line, daemon=True).start()


def awaits(name: str) -> bool:
    """Say whether work of this name waits or is being done in this process."""
    with _door:
        return name in _names


def _go_on(line: Line) -> None:
    while True:
        try:
            name, work = _waiting[line].get(timeout=_IDLE)
        except Empty:
            with _door:
                if _waiting[line].empty():
                    _threads.discard(line)
                    return
            continue
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the next one must not wait for the next start
            logging.getLogger(__name__).warning("background: %s", type(error).__name__)
        with _door:
            _names.remove(name)
        close_old_connections()
