"""Work that nobody should wait for: a thread of its own, started when there is something to do."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from django.db import close_old_connections

_IDLE = 5.0  # seconds without work after which the thread ends
_waiting: SimpleQueue[tuple[str, Callable[[], object]]] = SimpleQueue()
_door = threading.Lock()
_threads: list[threading.Thread] = []
_names: list[str] = []


def soon(name: str, work: Callable[[], object]) -> None:
    """Do `work` after all that waits already; what fails is logged by its kind."""
    with _door:
        _waiting.put((name, work))
        _names.append(name)
        if not _threads:
            thread = threading.Thread(target=_go_on, name="imports", daemon=True)
            _threads.append(thread)
            thread.start()


def awaits(name: str) -> bool:
    """Say whether work of this name waits or is being done in this process."""
    with _door:
        return name in _names


def _go_on() -> None:
    while True:
        try:
            name, work = _waiting.get(timeout=_IDLE)
        except Empty:
            with _door:
                if _waiting.empty():
                    _threads.clear()
                    return
            continue
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the next one must not wait for the next start
            logging.getLogger(__name__).warning("background: %s", type(error).__name__)
        with _door:
            _names.remove(name)
        close_old_connections()
