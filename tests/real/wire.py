"""A line to a server that can be cut and mended: what a browser sees of a dead network."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

_CHUNK = 65_536


class Wire:
    """Forwards connections to the server at `address`, from `url`, until it is cut."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname or "", parts.port or 80)
        self._port = 0
        self._open: set[socket.socket] = set()
        self._flows = threading.Event()
        self.mend()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        """Listen (again), at the same port as before."""
        self._flows.set()
        self._listener = socket.create_server(("localhost", self._port), backlog=32)
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stall(self) -> None:
        """Take connections and pass nothing on."""
        self._flows.clear()

    def cut(self) -> None:
        """Refuse new connections and break the open ones in the middle."""
        self._flows.set()
        for line in (self._listener, *list(self._open)):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._server)
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(_CHUNK):
                self._flows.wait()
                other.sendall(data)
        for line in (one, other):
            line.close()
            self._open.discard(line)
