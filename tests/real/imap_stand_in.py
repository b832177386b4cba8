"""A mail server that says what a test tells it to say, and a line that is cut after some bytes."""

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.real.dovecot import HOST

Said = Callable[[str, str], bytes | None]
"""From tag and command to the answer; None: as an ordinary server."""

_ORDINARY = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    "LIST": b'* LIST (\\HasNoChildren) "/" INBOX\r\n',
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] numbers\r\n* OK [UIDNEXT 2] next\r\n",
    "UID SEARCH": b"* SEARCH 1\r\n",
}


class _Door(ABC):
    """A port on this machine where whoever comes is served, while it is entered."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self._let_in(line)

    @abstractmethod
    def _let_in(self, line: socket.socket) -> None: ...


class StandIn(_Door):
    """Serves one mailbox with one mail; `said` answers first. It is a context manager."""

    def __init__(self, said: Said, mail: bytes = b"") -> None:
        super().__init__()
        self._said, self._mail = said, mail

    def _let_in(self, line: socket.socket) -> None:
        threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line, line.makefile("rb") as asked:
            line.sendall(b"* OK ready\r\n")
            for raw in asked:
                tag, _, command = raw.decode("utf-8", "replace").strip().partition(" ")
                answer = self._said(tag, command)
                answer = self._ordinary(tag, command) if answer is None else answer
                line.sendall(answer)
                if not answer or answer.startswith(b"* BYE"):
                    return

    def _ordinary(self, tag: str, command: str) -> bytes:
        told = b""
        if command.startswith("UID FETCH"):
            told = self._fetched(command)
        for name, answer in _ORDINARY.items():
            if command.upper().startswith(name):
                told = answer
        return told + f"{tag} OK done\r\n".encode()

    def _fetched(self, command: str) -> bytes:
        head = self._mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        block, what = (head, b"HEADER.FIELDS (FROM)") if "HEADER" in command else (self._mail, b"")
        return b'* 1 FETCH (UID 1 RFC822.SIZE %d INTERNALDATE "20-Nov-2026 08:00:00 +0000" ' % len(
            self._mail
        ) + b"BODY[%s] {%d}\r\n%s)\r\n" % (what, len(block), block)


class CutLine(_Door):
    """Passes on to the server at `port` until `most` bytes of its answers went through."""

    def __init__(self, port: int, most: int) -> None:
        super().__init__()
        self._server, self._left = port, most

    def _let_in(self, line: socket.socket) -> None:
        far = socket.create_connection((HOST, self._server))
        threading.Thread(target=self._up, args=(line, far), daemon=True).start()
        threading.Thread(target=self._down, args=(line, far), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65_536):
                far.sendall(data)

    def _down(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while self._left > 0 and (data := far.recv(65_536)):
                near.sendall(data[: self._left])
                self._left -= len(data)
        for line in (near, far):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
