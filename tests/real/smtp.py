"""A real SMTP server in a thread, with a certificate of its own, that can misbehave on demand."""

import asyncio
import logging
import ssl
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.real.certificates import write_certificate

USERNAME = "k.brandt@metallbau-brandt.example"
PASSWORD = "Kabeltrommel 9"

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd complains about itself


class Mode(StrEnum):
    """How the server behaves."""

    NORMAL = "normal"
    NO_SUCH_PERSON = "no_such_person"  # 550 to RCPT
    BUSY = "busy"  # 451 to RCPT
    NO_TEXT = "no_text"  # 554 to the text
    BUSY_TEXT = "busy_text"  # 451 to the text
    DROP_BEFORE = "drop_before"  # the line breaks before the text
    HANG = "hang"  # takes the mail and never answers
    DROP_AFTER = "drop_after"  # takes the mail and breaks the line


@dataclass
class Post:
    """What the server took, and how it behaves."""

    mode: Mode = Mode.NORMAL
    pause: float = 0.0  # seconds at each step, for the kill tests
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, parsed."""
        return [message_from_bytes(raw, policy=policy.default) for raw in list(self.taken)]

    @property
    def counts(self) -> Counter[str]:
        """How often each message was taken, by its id without brackets."""
        return Counter(str(mail["Message-ID"]).strip("<> ") for mail in self.mails)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.pause)
        if self.mode is Mode.NO_SUCH_PERSON:
            return "550 5.1.1 Diese Adresse gibt es hier nicht"
        if self.mode is Mode.BUSY:
            return "451 4.7.1 Bitte in fünf Minuten noch einmal"
        if self.mode is Mode.DROP_BEFORE:
            _drop(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.pause)
        if self.mode is Mode.NO_TEXT:
            return "554 5.7.1 Als Werbung abgelehnt"
        if self.mode is Mode.BUSY_TEXT:
            return "451 4.3.0 Speicher voll"
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(content)
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        if self.mode is Mode.HANG:
            await asyncio.sleep(3600)
        if self.mode is Mode.DROP_AFTER:
            _drop(server)
        await asyncio.sleep(self.pause)
        return "250 2.0.0 OK, angenommen"


def _drop(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class MailServer:
    """The server at `port` of `host`, while it is entered; `security` as an account has it.

    Who has `ca_file` in SSL_CERT_FILE trusts its certificate, which is for localhost alone; with
    `keys`, those of another server, one file is enough for both.
    """

    def __init__(
        self,
        folder: Path,
        *,
        security: str = "starttls",
        host: str = "localhost",
        keys: tuple[Path, Path] | None = None,
    ) -> None:
        self.security = security
        self.host, self.port = host, 0
        self.post = Post()
        self.username, self.password = USERNAME, PASSWORD
        certificate, secret = keys or write_certificate(folder)
        self.ca_file = str(certificate)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, secret)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> asyncio.Server:
        implicit = self._context if self.security == "tls" else None
        return await self._loop.create_server(self._talk, self.host, self.port, ssl=implicit)

    async def _close(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)

    def _talk(self) -> SMTP:
        # aiosmtpd warns about a login that it did not itself make private.
        by_command = self.security == "starttls"
        return SMTP(
            self.post,
            hostname="post.example",
            tls_context=self._context if by_command else None,
            require_starttls=by_command,
            authenticator=self._may_enter,
            auth_required=by_command,
            auth_require_tls=by_command,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )

    def _may_enter(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        known = (data.login.decode(), data.password.decode()) == (self.username, self.password)
        return AuthResult(success=known, handled=False)
