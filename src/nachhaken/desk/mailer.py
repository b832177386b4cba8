"""A mail over SMTP: one attempt, and what is known for certain when it ends."""

import base64
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

PATIENCE = (
    15.0,
    60.0,
)  # seconds for each step, and for the last answer: servers seek viruses first
_SLOWEST_LINE = 100_000  # bytes a second; a large attachment needs its time
_LONGEST_ANSWER = 500
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_GO_AHEAD = 354
_WELCOME = 235
_BUSY = 400
_NO = 500


class Fault(StrEnum):
    """Why a mail did not go, or what is wrong with an account."""

    HOST = "host"  # no such server
    PORT = "port"  # nobody answers there, or no mail server
    CERTIFICATE = "certificate"
    SECURITY = "security"  # the server offers no encryption of the kind that was asked for
    LOGIN = "login"  # name or password
    TIMEOUT = "timeout"
    BROKEN = "broken"  # the line broke
    UTF8 = "utf8"  # letters before the @ that the server does not take
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"  # the mail itself: its size, or what it says
    SERVER = "server"  # it says no for another reason


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `security` is "tls", "starttls" or "none".

    Certificates are always checked, and without encryption a password goes to this machine alone.
    `patience` is how many seconds a step may take, and the answer to the text.
    """

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    patience: tuple[float, float] = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took the mail, and answers for it from here."""

    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server said no, in its own words; nothing was delivered."""

    fault: Fault
    answer: str
    is_permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReached:
    """It ended before the text began: trying again is safe."""

    fault: Fault
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It ended between the text and the answer: the mail may have been delivered."""

    fault: Fault


Answer = Accepted | Refused | NotReached | Unknown


def transmit(
    raw: bytes,
    sender: str,
    recipients: Sequence[str],
    server: Server,
    *,
    on_data: Callable[[], None],
) -> Answer:
    """Send `raw` once; `on_data` is called when the server waits for the text, just before it goes.

    What `on_data` raises ends the attempt before a byte of the text was sent, and is passed on.
    """
    try:
        with _line(server) as line:
            refused = _introduced(line, raw, sender, recipients)
            if refused:
                return refused
            on_data()
            return _sent(line, raw, server.patience[1])
    except _NotReachedError as error:
        return NotReached(fault=error.fault, answer=error.answer)


def check(server: Server) -> NotReached | None:
    """Log in and leave; None where all is well."""
    try:
        with _line(server):
            return None
    except _NotReachedError as error:
        return NotReached(fault=error.fault, answer=error.answer)


class _NotReachedError(Exception):
    """It did not come to the text."""

    def __init__(self, fault: Fault, answer: str = "") -> None:
        super().__init__(fault)
        self.fault, self.answer = fault, answer


@contextmanager
def _line(server: Server) -> Iterator[smtplib.SMTP]:
    """Open a line, encrypted and logged in as the server is set."""
    if server.security == "none" and server.username and server.host not in LOCAL:
        raise _NotReachedError(Fault.SECURITY)
    with _told():
        line = _connected(server)
    try:
        with _told():
            _secured(line, server)
        yield line
    finally:
        # No QUIT: after a fault nobody listens, and after the answer all is said.
        with suppress(OSError, smtplib.SMTPException):
            line.close()


@contextmanager
def _told() -> Iterator[None]:
    """Put what went wrong before the text into a word."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        is_login = isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= _NO
        fault = Fault.LOGIN if is_login else Fault.SERVER
        raise _NotReachedError(fault, words_of(error.smtp_error)) from None
    except (OSError, UnicodeError) as error:
        raise _NotReachedError(fault_of(error)) from None


def fault_of(error: Exception) -> Fault:
    """Return what an error of the line means."""
    match error:
        case ssl.SSLCertVerificationError():
            return Fault.CERTIFICATE
        case ssl.SSLError():
            return Fault.SECURITY
        case smtplib.SMTPServerDisconnected():
            # smtplib hides a timeout behind a line that it closed itself.
            is_late = isinstance(error.__context__, TimeoutError)
            return Fault.TIMEOUT if is_late else Fault.BROKEN
        case smtplib.SMTPException():
            return Fault.SECURITY
        case TimeoutError():
            return Fault.TIMEOUT
        case ConnectionRefusedError():
            return Fault.PORT
        case ConnectionError():
            return Fault.BROKEN
    # A name that cannot be found, or a network that is not there.
    return Fault.HOST


def words_of(said: bytes | str) -> str:
    """Return the server's own words on one line, cut to what a row holds."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_LONGEST_ANSWER]


def _connected(server: Server) -> smtplib.SMTP:
    # Our name in EHLO is a literal: the machine's own would tell where the user sits.
    name = "[127.0.0.1]"
    step = server.patience[0]
    if server.security == "tls":
        trust = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=step, context=trust)
    return smtplib.SMTP(server.host, server.port, name, timeout=step)


def _secured(line: smtplib.SMTP, server: Server) -> None:
    line.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        line.starttls(context=ssl.create_default_context())
        line.ehlo()
    if server.username:
        _logged_in(line, server)


def _logged_in(line: smtplib.SMTP, server: Server) -> None:
    if (server.username + server.password).isascii():
        line.login(server.username, server.password)
        return
    # smtplib knows ASCII alone; RFC 4616 says UTF-8, and umlauts stand in many a password.
    secret = base64.b64encode(f"\0{server.username}\0{server.password}".encode()).decode()
    code, said = line.docmd("AUTH", f"PLAIN {secret}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, said)


def _introduced(
    line: smtplib.SMTP, raw: bytes, sender: str, recipients: Sequence[str]
) -> Refused | None:
    """Go through MAIL, RCPT and DATA until the server waits for the text."""
    with _told():
        options = _options(line, raw, "".join([sender, *recipients]))
        if refused := _refused(*line.mail(sender, options), Fault.SENDER):
            return refused
        for recipient in recipients:
            if refused := _refused(*line.rcpt(recipient), Fault.RECIPIENT):
                return refused
        code, said = line.docmd("DATA")
        if code == _GO_AHEAD:
            return None
        return _no(code, said, Fault.TEXT)


def _options(line: smtplib.SMTP, raw: bytes, addresses: str) -> list[str]:
    options = [f"SIZE={len(raw)}"] if line.has_extn("size") else []
    if not addresses.isascii():
        if not line.has_extn("smtputf8"):
            raise _NotReachedError(Fault.UTF8)
        line.command_encoding = "utf-8"
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    return options


def _refused(code: int, said: bytes, fault: Fault) -> Refused | None:
    return None if code < _BUSY else _no(code, said, fault)


def _no(code: int, said: bytes, fault: Fault) -> Refused:
    return Refused(fault=fault, answer=words_of(b"%d %s" % (code, said)), is_permanent=code >= _NO)


def _sent(line: smtplib.SMTP, raw: bytes, patience: float) -> Answer:
    """Send the text and wait for the answer; what breaks from here on leaves the end unknown."""
    try:
        if line.sock is not None:
            line.sock.settimeout(patience + len(raw) / _SLOWEST_LINE)
        line.send(_stuffed(raw))
        code, said = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Unknown(fault=fault_of(error))
    if code < 0:
        return Unknown(fault=Fault.BROKEN)
    if code < _BUSY:
        return Accepted(answer=words_of(said))
    return _no(code, said, Fault.TEXT)


def _stuffed(raw: bytes) -> bytes:
    """Return the text as RFC 5321 4.5.2 wants it: a dot at the start of a line is doubled."""
    lines = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r\n|\r|\n", b"\r\n", raw))
    return (lines if lines.endswith(b"\r\n") else lines + b"\r\n") + b".\r\n"
