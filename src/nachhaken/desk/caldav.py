"""A small CalDAV client (RFC 4791, 6764): find a user's calendars, read and write entries.

The server may stand in the own network: the user names it. Name and password go over TLS alone,
except to this machine, and never to another address than the one that was named: where a server
leads elsewhere, the user is told where.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import httpx2

PATIENCE = 15.0  # seconds for each answer
_MOST_BYTES = 4_000_000
_MOST_TURNS = 5
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_D, _C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_S = "{http://calendarserver.org/ns/}"
_ASK = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>'
    b"<d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>"
    b"<c:supported-calendar-component-set/></d:prop></d:propfind>"
)
_ASK_VERSION = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<d:propfind xmlns:d="DAV:" xmlns:s="http://calendarserver.org/ns/"><d:prop>'
    b"<s:getctag/><d:sync-token/></d:prop></d:propfind>"
)
_ASK_ENTRIES = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><c:calendar-data/></d:prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
    '<c:time-range start="{start}" end="{end}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)
_WINDOW = timedelta(days=61)  # what a server sends at once; a year at once may be too much
_MISSING = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Fault(StrEnum):
    """What is wrong with a calendar server, or with what was asked of it."""

    ADDRESS = "address"  # this is no address
    INSECURE = "insecure"  # the password would go over the line in the clear
    ELSEWHERE = "elsewhere"  # the server leads to another address
    NOT_REACHED = "not_reached"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    NO_CALENDAR = "no_calendar"  # nothing there speaks CalDAV, or the calendar is gone
    REFUSED = "refused"
    CONFLICT = "conflict"  # it was changed meanwhile


class CalDavError(Exception):
    """The server did not do what was asked; `where` is the address that it leads to."""

    def __init__(self, fault: Fault, where: str = "") -> None:
        super().__init__(fault.value)
        self.fault, self.where = fault, where


@dataclass(frozen=True, slots=True)
class Found:
    """A calendar on the server."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it lies on the server."""

    etag: str
    raw: bytes


class Calendars:
    """The line to one server, while it is entered; every method may raise CalDavError."""

    def __init__(
        self, address: str, username: str, password: str, *, patience: float = PATIENCE
    ) -> None:
        self.address = checked(address)
        self._login = (username, password)
        self._client = httpx2.Client(
            auth=httpx2.BasicAuth(username, password), timeout=patience, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def found(self) -> tuple[Found, ...]:
        """Return the user's calendars for events, or the one that the address itself names."""
        for place in self._places():
            at, answers = self._ask(place, depth=0)
            if answers and _is_calendar(answers[0][1]):
                return (Found(at, _name(answers[0][1], at)),)
            principal = _href(answers, f"{_D}current-user-principal")
            if principal:
                return self._of(self._near(at, principal))
        raise CalDavError(Fault.NO_CALENDAR)

    def put(self, url: str, raw: bytes, *, etag: str = "") -> str:
        """Write an entry, over version `etag` or only where none is; return its new version.

        "" is returned where the server does not say. Raises CONFLICT where another version lies.
        """
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        headers |= {"If-Match": etag} if etag else {"If-None-Match": "*"}
        answer = self._send("PUT", url, headers=headers, content=raw)
        return answer.headers.get("ETag", "")

    def get(self, url: str) -> Stored | None:
        """Return what lies at `url`; None where nothing does."""
        answer = self._send("GET", url, passes=_MISSING)
        if answer.status_code in _MISSING:
            return None
        return Stored(answer.headers.get("ETag", ""), answer.content)

    def delete(self, url: str, *, etag: str) -> None:
        """Delete version `etag` of an entry; one that is gone already is no fault."""
        self._send("DELETE", url, headers={"If-Match": etag} if etag else {}, passes=_MISSING)

    def version(self, url: str) -> str:
        """Return what changes whenever something in a calendar does, "" where nothing tells it."""
        _, answers = self._ask(url, depth=0, body=_ASK_VERSION)
        if not answers:
            raise CalDavError(Fault.NO_CALENDAR)
        prop = answers[0][1]
        found = prop.findtext(f"{_S}getctag") or prop.findtext(f"{_D}sync-token")
        return (found or "").strip()

    def entries(self, url: str, start: datetime, end: datetime) -> tuple[bytes, ...]:
        """Return the entries of a calendar that take place between two moments, each once."""
        found: dict[str, bytes] = {}
        while start < end:
            upto = min(start + _WINDOW, end)
            body = _ASK_ENTRIES.format(start=_stamp(start), end=_stamp(upto)).encode()
            headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
            answer = self._send("REPORT", url, headers=headers, content=body)
            for href, prop in _resources(answer.content):
                if data := prop.findtext(f"{_C}calendar-data"):
                    found[href] = data.encode()
            start = upto
        return tuple(found.values())

    def _places(self) -> Iterator[str]:
        if urlsplit(self.address).path in {"", "/"}:
            yield urljoin(self.address, "/.well-known/caldav")
        yield self.address

    def _of(self, principal: str) -> tuple[Found, ...]:
        at, answers = self._ask(principal, depth=0)
        home = _href(answers, f"{_C}calendar-home-set")
        if not home:
            raise CalDavError(Fault.NO_CALENDAR)
        at, answers = self._ask(self._near(at, home), depth=1)
        urls = [(self._near(at, href), prop) for href, prop in answers if _is_calendar(prop)]
        if not urls:
            raise CalDavError(Fault.NO_CALENDAR)
        return tuple(Found(url, _name(prop, url)) for url, prop in urls)

    def _ask(
        self, url: str, *, depth: int, body: bytes = _ASK
    ) -> tuple[str, list[tuple[str, ET.Element]]]:
        """Return where the answer came from, and each resource with its properties."""
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        missing = _MISSING | {405}
        answer = self._send("PROPFIND", url, headers=headers, content=body, passes=missing)
        at = str(answer.url)
        return (at, []) if answer.status_code in missing else (at, _resources(answer.content))

    def _near(self, base: str, href: str) -> str:
        """Return `href` as an address, refused where it lies on another server."""
        url = urljoin(base, href)
        if _origin(url) != _origin(self.address):
            parts = urlsplit(url)
            raise CalDavError(Fault.ELSEWHERE, f"{parts.scheme}://{parts.netloc}/")
        return url

    def _send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
        passes: frozenset[int] = frozenset(),
    ) -> httpx2.Response:
        url = self._near(self.address, url)
        for _ in range(_MOST_TURNS):
            with _told():
                answer = self._client.request(method, url, headers=headers, content=content)
            if answer.status_code == HTTPStatus.UNAUTHORIZED and self._wants_digest(answer):
                continue
            if answer.status_code not in _REDIRECTS or "Location" not in answer.headers:
                return _checked(answer, passes)
            url = self._near(url, answer.headers["Location"])
        raise CalDavError(Fault.REFUSED)

    def _wants_digest(self, answer: httpx2.Response) -> bool:
        """Change to the other kind of login where the server knows that one alone."""
        is_asked = answer.headers.get("WWW-Authenticate", "").casefold().startswith("digest")
        if not is_asked or isinstance(self._client.auth, httpx2.DigestAuth):
            return False
        self._client.auth = httpx2.DigestAuth(*self._login)
        return True


def checked(address: str) -> str:
    """Return the address of a server with its scheme; ADDRESS or INSECURE where it does not do."""
    text = address.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        is_address = bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError as error:
        raise CalDavError(Fault.ADDRESS) from error
    if not is_address or parts.scheme not in {"http", "https"}:
        raise CalDavError(Fault.ADDRESS)
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise CalDavError(Fault.INSECURE)
    return parts._replace(path=parts.path or "/", query="", fragment="").geturl()


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        return parts.scheme, (parts.hostname or "").casefold(), port
    except ValueError:
        return "", "", 0


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@contextmanager
def _told() -> Iterator[None]:
    """Turn what breaks on the way into the fault that a person can do something about."""
    try:
        yield
    except httpx2.HTTPError as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise CalDavError(Fault.CERTIFICATE) from error
            cause = cause.__cause__ or cause.__context__
        raise CalDavError(Fault.NOT_REACHED) from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise CalDavError(Fault.ADDRESS) from error


def _checked(answer: httpx2.Response, passes: frozenset[int]) -> httpx2.Response:
    code = answer.status_code
    if len(answer.content) > _MOST_BYTES:
        raise CalDavError(Fault.REFUSED)
    if code < HTTPStatus.MULTIPLE_CHOICES or code in passes:
        return answer
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise CalDavError(Fault.NOT_REACHED)
    known = {401: Fault.LOGIN, 404: Fault.NO_CALENDAR, 409: Fault.NO_CALENDAR, 412: Fault.CONFLICT}
    raise CalDavError(known.get(code, Fault.REFUSED))


def _resources(raw: bytes) -> list[tuple[str, ET.Element]]:
    # Entities are the one danger of XML here; no answer of a calendar server has any.
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise CalDavError(Fault.REFUSED)
    try:
        root = ET.fromstring(raw)  # noqa: S314 - see above
    except ET.ParseError as error:
        raise CalDavError(Fault.NO_CALENDAR) from error
    found = []
    for response in root.iter(f"{_D}response"):
        prop = ET.Element("prop")
        for known in response.iter(f"{_D}prop"):
            prop.extend(known)
        found.append((response.findtext(f"{_D}href", "").strip(), prop))
    return found


def _href(answers: list[tuple[str, ET.Element]], name: str) -> str:
    if not answers:
        return ""
    return (answers[0][1].findtext(f"{name}/{_D}href") or "").strip()


def _is_calendar(prop: ET.Element) -> bool:
    """Say whether this holds events: some calendars hold tasks alone."""
    if prop.find(f"{_D}resourcetype/{_C}calendar") is None:
        return False
    kinds = [comp.get("name") for comp in prop.iter(f"{_C}comp")]
    return not kinds or "VEVENT" in kinds


def _name(prop: ET.Element, url: str) -> str:
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return (prop.findtext(f"{_D}displayname") or last).strip()[:200]
