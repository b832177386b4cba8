"""A mail as it goes out: plain text, attachments, and headers that name nobody but the people."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

import idna

MOST_REFERENCES = 20
LARGEST = 30 * 2**20  # bytes of the attachments as they go; few servers take more
_LONGEST_ADDRESS = 254
_ADDRESS = re.compile(
    r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\]+\.[^\s<>@,;:\"()\[\]\\.]+"
)


class AddressError(ValueError):
    """This is no address that a mail can go to."""


class TooLargeError(ValueError):
    """The mail with its attachments is larger than servers take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    raw: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a person sends; `in_reply_to` and `references` are ids, with or without brackets."""

    to: str
    subject: str
    text: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def address_of(text: str) -> str:
    """Return an address as it goes on the line, its domain in ASCII, or raise AddressError."""
    address = text.strip()
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise AddressError(address)
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressError(address) from error


def new_message_id(sender: str) -> str:
    """Return a message id at the sender's domain, without angle brackets."""
    return f"{secrets.token_hex(16)}@{address_of(sender).rpartition('@')[2]}"


def compose(letter: Letter, *, sender: str, name: str = "", message_id: str, at: datetime) -> bytes:
    """Return the whole mail from `sender`; `at` is aware, in the zone that its date shows.

    There is no part in HTML and nothing that calls home: the text is what the person wrote
    (§ 25 TDDDG; a promise of the product besides).
    """
    if sum(len(one.raw) for one in letter.attachments) * 4 / 3 > LARGEST:  # as base64
        raise TooLargeError
    origin, to = address_of(sender), address_of(letter.to)
    # Only a letter beyond ASCII before the @ needs headers in UTF-8, which not every server takes.
    is_plain = (origin + to).isascii()
    mail = EmailMessage(policy=SMTP if is_plain else SMTPUTF8)
    mail["From"] = _person(origin, name)
    mail["To"] = _person(to)
    mail["Subject"] = " ".join(letter.subject.split())  # a line end would begin a header of its own
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}>"
    for header, value in _thread(letter):
        mail[header] = value
    mail.set_content(_lines(letter.text), charset="utf-8", cte="quoted-printable")
    for one in letter.attachments:
        main, _, sub = one.media_type.partition("/")
        mail.add_attachment(one.raw, maintype=main, subtype=sub, filename=_file_name(one.name))
    return bytes(mail)


def _person(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    printable = "".join(char for char in name if char.isprintable())
    return Address(" ".join(printable.split()), local, domain)


def _thread(letter: Letter) -> list[tuple[str, str]]:
    answered = _ids(letter.in_reply_to)[:1]
    before = [i for text in letter.references for i in _ids(text)]
    thread = list(dict.fromkeys([*(i for i in before if i not in answered), *answered]))
    if len(thread) > MOST_REFERENCES:
        # The first names the thread, the last ones its branch (RFC 5322 leaves the middle free).
        thread = [thread[0], *thread[1 - MOST_REFERENCES :]]
    found = [("In-Reply-To", " ".join(answered)), ("References", " ".join(thread))]
    return [(header, value) for header, value in found if value]


def _ids(text: str) -> list[str]:
    """Return the ids in a header's value; what could not stand in a header is left out."""
    found = re.findall(r"[^\s<>]+@[^\s<>]+|[^\s<>]+", text)
    return [f"<{one}>" for one in found if one.isascii() and one.isprintable()]


def _lines(text: str) -> str:
    """Return the text with its own line ends: each paragraph is wrapped by who reads it."""
    return "\n".join(text.replace("\x00", "").splitlines()).rstrip() + "\n"


def _file_name(name: str) -> str:
    return " ".join(name.replace("/", "-").replace("\\", "-").split()) or "Anlage.pdf"
