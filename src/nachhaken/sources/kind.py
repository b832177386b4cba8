"""What kind of file something is: by its first bytes, by its name where these are silent."""

import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path, PurePath

from nachhaken.sources.charsets import decoded

HEAD = 65_536
"""How many first bytes of a file are enough to tell its kind."""


class Kind(StrEnum):
    """The kinds of files that come in, and those that people mistake for them."""

    MBOX = "mbox"
    EML = "eml"
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"
    VCF = "vcf"
    VTT = "vtt"
    SRT = "srt"
    MSG = "msg"
    PST = "pst"
    XLS = "xls"
    ZIP = "zip"
    EXPORT = "export"  # of another desk, see is_export
    LOCKED = "locked"
    UNKNOWN = "unknown"


def kind_of(raw_head: bytes, name: str) -> Kind:
    """Return the kind of the file that begins with `raw_head`; its first 64 KiB are enough."""
    suffix = PurePath(name.lower()).suffix
    return (
        _binary(raw_head, suffix)
        or _mail(raw_head.lstrip(b"\xef\xbb\xbf\r\n"))
        or _text(raw_head, suffix)
        or Kind.UNKNOWN
    )


EXPORTED = b"application/vnd.nachhaken.export+zip"
"""What the first part of a desk's own export holds; its name is `mimetype`."""


def is_export(path: Path) -> bool:
    """Say whether the file is everything of a desk, or all about one of its customers."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as found, found.open("mimetype") as part:
            return part.read(len(EXPORTED) + 1) == EXPORTED
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        # A cut one has lost its table of contents; what it began as still shows.
        return _begins_as_export(path)


def _begins_as_export(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _is_export(file.read(200))
    except OSError:
        return False


def _is_export(head: bytes) -> bool:
    return head[30:38] == b"mimetype" and EXPORTED in head[38:200]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _binary(head: bytes, suffix: str) -> Kind | None:
    if _is_export(head):
        return Kind.EXPORT
    if head.startswith(b"PK\x03\x04"):
        is_sheet = b"xl/" in head or (suffix == ".xlsx" and b"[Content_Types].xml" in head)
        return Kind.XLSX if is_sheet else Kind.ZIP
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            return Kind.LOCKED
        return Kind.MSG if suffix == ".msg" else Kind.XLS
    if head.startswith(b"!BDN"):
        return Kind.PST
    return None


_ENVELOPE = re.compile(rb"From (?:\S+ .*\d\d:\d\d|- )")
_HEADER = re.compile(
    rb"^(?:from|to|date|subject|message-id|received|return-path|mime-version|delivered-to|"
    rb"content-type|reply-to|sender|dkim-signature|in-reply-to|references):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)


def _mail(head: bytes) -> Kind | None:
    # Some programs write an envelope without a date; then the headers below it must speak.
    bare = re.match(rb"From \S+[^\n]*\n", head)
    if _ENVELOPE.match(head) or (bare and _HEADER.match(head, bare.end())):
        return Kind.MBOX
    # Apple Mail (.emlx) counts the bytes in a line above the mail.
    head = re.sub(rb"\A\d{1,10} *\r?\n", b"", head)
    top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    is_headed = re.match(rb"[!-9;-~]+:", top) is not None
    return Kind.EML if is_headed and len(_HEADER.findall(top)) > 1 else None


_CUE = re.compile(r"\s*\d{1,6}\s*\n\s*\d{1,3}:\d\d:\d\d[,.]\d{1,3}\s*-->")


def _text(head: bytes, suffix: str) -> Kind | None:
    text = decoded_head(head)
    if text is None:
        return None
    if re.match(r"\s*BEGIN:VCALENDAR\b", text, re.IGNORECASE):
        return Kind.ICS
    if re.match(r"\s*BEGIN\s*:\s*VCARD\b", text, re.IGNORECASE):
        return Kind.VCF
    if re.match(r"\s*WEBVTT(?:\s|\Z)", text):
        return Kind.VTT
    if _CUE.match(text):
        return Kind.SRT
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if lines and (suffix in {".csv", ".tsv", ".txt"} or _is_columned(lines)):
        return Kind.CSV
    return None


def _is_columned(lines: list[str]) -> bool:
    return len(lines) > 1 and any(
        lines[0].count(mark) > 1 and abs(lines[0].count(mark) - lines[1].count(mark)) <= 1
        for mark in ";\t,|"
    )


def decoded_head(head: bytes) -> str | None:
    """Return the text that `head` begins, None where these are no text's bytes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    zeros = head.count(0)
    if zeros > len(head) // 4:
        # Excel's "Unicode text" without its mark: every second byte of Latin letters is zero.
        codec = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        text = head.decode(codec, "replace")
        return text if text.isprintable() or "\n" in text else None
    return None if zeros else decoded(head).lstrip("\ufeff")
