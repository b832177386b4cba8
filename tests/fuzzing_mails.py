"""One mutated mail from one generator: truncated, spliced, nested, lying or endless."""

import base64
from collections.abc import Callable
from random import Random

from tests.speed.mails import LINES, TAGS

Mutation = Callable[[Random, bytes, list[bytes]], bytes]

HEAD = (
    b"From: =?utf-8?q?J=C3=B6rg?= Huber <huber@alpenblick.example>\r\n"
    b"To: Wir <wir@firma.example>, x@y.example\r\nSubject: AW: Angebot AN-1412\r\n"
    b"Date: Thu, 12 Nov 2026 09:12:00 +0100\r\nMessage-ID: <1@alpenblick.example>\r\n"
)
FORWARD = (
    b"zur Akte\r\n\r\nVon: Kern <m.kern@kern.example>\r\nGesendet: Donnerstag, 12. November 2026 "
    b"09:12\r\nAn: Wir\r\nBetreff: Tor\r\n\r\nJa, bitte. Tel. 08024 555 11 2\r\n"
)
CHARSETS = (
    b"utf-16", b"utf-7", b"utf-32", b"idna", b"punycode", b"hz", b"iso-2022-jp", b"base64",
    b"unicode_escape", b"raw_unicode_escape", b"undefined", b"mbcs", b"zlib", b"x-unknown", b"",
    b'"', b"us-ascii", b"koi8-r", b"big5", b"cp65001", b"utf-8-sig", b"utf-16-le\0", b"latin-1*",
)  # fmt: skip
ENCODINGS = (b"base64", b"quoted-printable", b"uuencode", b"x-uue", b"7bit", b"binary", b"8bit")
BAITS = (
    "=?utf-8?q?=C3=B6?= ", "=?utf-8?b?w7Y=", "=?", "?=", "(" * 50, "<" * 30, '"', "a@", "@b.c ",
    "a@b.c,", ";x=", "filename*0*=utf-8''a;", "=\r\n", "\r\n ", "<a@b>", "Von: a\nAn: 1\n",
    "> Von: a@b.c\r\n> An: c\r\n", "12.11.2026 09:12 ", "+49 8024 555 ", "---------- Forwarded mes",
    "Weitergeleitete Nachricht\r\n", "--", "0", " ", "AN-1 ", "\u202e", "ß", "'", ".", "w" * 60,
)  # fmt: skip


def mutated_mail(rng: Random, bases: list[bytes]) -> tuple[bytes, str]:
    """Return the bytes of a mail, or of a mailbox, and a name for it."""
    raw = rng.choice(bases) if bases and rng.random() < 0.6 else _generated(rng)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        raw = rng.choice(_MUTATIONS)(rng, raw, bases)
    raw = raw[:3_000_000]
    if rng.random() < 0.1:
        lead = b"From x@y Mon Nov  2 08:00:00 2026\n"
        return b"\n".join(lead + raw[:200_000] for _ in range(rng.randint(1, 3))), "a.mbox"
    return raw, "a.eml"


def _generated(rng: Random) -> bytes:
    kind = rng.choice((b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative"))
    if kind.startswith(b"text"):
        body = FORWARD if rng.random() < 0.5 else b"<html><body><p>Ja</p></body></html>"
        encoding = rng.choice(ENCODINGS)
        coded = base64.encodebytes(body) if encoding == b"base64" else body
        return (
            HEAD
            + b"Content-Type: " + kind + b'; charset="utf-8"\r\nContent-Transfer-Encoding: '
            + encoding + b"\r\n\r\n" + coded
        )  # fmt: skip
    part = b"--b\r\nContent-Type: text/plain\r\n\r\n" + FORWARD
    inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nJa\r\n"
    named = b'--b\r\nContent-Type: application/pdf; name="../a.pdf"\r\n\r\nJVBERi0=\r\n'
    parts = rng.sample([part, inner, named, part], k=rng.randint(1, 4))
    return (
        HEAD + b"Content-Type: " + kind + b"; boundary=b\r\n\r\n" + b"".join(parts) + b"--b--\r\n"
    )


def _size(rng: Random, *sizes: int) -> int:
    """One of four sizes; the large ones are rare, as they take most of the time."""
    return rng.choices(sizes, (60, 30, 8, 2))[0]


def _truncate(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    return raw[: rng.randint(0, len(raw))]


def _flip(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    out = bytearray(raw or b"x")
    for _ in range(rng.choice((1, 3, 20, 200))):
        out[rng.randrange(len(out))] = rng.choice((0, 10, 13, 32, 61, 63, 255, rng.randrange(256)))
    return bytes(out)


def _repeat(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    start, size = rng.randint(0, len(raw)), rng.choice((1, 10, 100, 1_000))
    piece = raw[start : start + size] or b"x"
    times = min(_size(rng, 2, 50, 2_000, 50_000), 300_000 // len(piece) + 1)
    return raw[:start] + piece * times + raw[start:]


def _splice(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    other = rng.choice(bases) if bases else HEAD
    at, from_ = rng.randint(0, len(raw)), rng.randint(0, len(other))
    return raw[:at] + other[from_ : from_ + rng.choice((20, 200, 5_000))] + raw[at:]


_NAMES = (
    b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To",
    b"Received", b"Content-Type", b"Content-Disposition", b"Return-Path", b"Auto-Submitted",
    b"Content-Transfer-Encoding", b"X-Gmail-Labels", b"Content-Length", b"X-Failed-Recipients",
)  # fmt: skip


def _header(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    bait = rng.choice(BAITS).encode()
    size = _size(rng, 10, 1_000, 30_000, 200_000)
    value = (bait * (size // len(bait) + 1))[:size].replace(b"\r\n", b"\r\n ")
    head = rng.choice(
        (b"", b"text/html; ", b"multipart/mixed; boundary=", b"attachment; ", b"a@b ")
    )
    return rng.choice(_NAMES) + b": " + head + value + b"\r\n" + raw


def _nest(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    depth = _size(rng, 2, 20, 100, 600)
    kind = rng.choice((b"multipart/mixed", b"multipart/alternative", b"message/rfc822"))
    for level in range(depth):
        mark = b"m%d" % level if rng.random() < 0.9 else b"m"
        if kind == b"message/rfc822":
            raw = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + raw
        else:
            lead = b"Content-Type: " + kind + b"; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n"
            raw = lead + raw + b"\r\n--" + mark + b"--\r\n"
    return HEAD + raw


def _lie(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    charset = rng.choice(CHARSETS)
    kind = rng.choice((b"text/plain", b"text/html"))
    lead = b"Content-Type: " + kind + b"; charset=" + charset + b"; format=flowed\r\n"
    coded = b"Content-Transfer-Encoding: " + rng.choice(ENCODINGS) + b"\r\n"
    body = rng.randbytes(rng.choice((10, 500, 5_000)))
    subject = b"Subject: =?" + charset + b"?b?" + base64.b64encode(body[:300]) + b"?=\r\n"
    return HEAD + subject + lead + coded + b"\r\n" + (body if rng.random() < 0.5 else raw)


def _boundary(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    mark = rng.choice(
        (b"", b"-", b"--", b'"', b" ", b"b" * 2_000, b"(", b"b\0", b"=", b".*", b"\n")
    )
    lines = _size(rng, 1, 100, 2_000, 20_000)
    lead = b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n"
    return HEAD + lead + (b"--" + mark + b"\r\n") * lines + raw


def _long(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    size = _size(rng, 500, 5_000, 60_000, 250_000)
    is_html = rng.random() < 0.5
    pieces = rng.sample(TAGS if is_html else (*LINES, *BAITS), k=rng.randint(1, 3))
    joined = "".join(pieces)
    body = (joined * (size // len(joined) + 1))[:size].encode()
    kind = b"text/html" if is_html else b"text/plain"
    return HEAD + b"Content-Type: " + kind + b"; charset=utf-8\r\n\r\n" + raw[:500] + body


def _ends(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    return raw.replace(b"\r\n", rng.choice((b"\n", b"\r", b"\n\r", b"\r\r\n", b"\x0b", b"\x85")))


def _replace(rng: Random, raw: bytes, bases: list[bytes]) -> bytes:
    found = (b"charset=", b"boundary=", b"Date:", b"base64", b"=?", b"@", b"From", b"name=", b": ")
    return raw.replace(rng.choice(found), rng.choice((b"", b"\0", b"=\xff", b"\r\n", b"*0*=")))


_MUTATIONS: tuple[Mutation, ...] = (
    _truncate, _flip, _flip, _repeat, _splice, _header, _header, _nest, _lie, _boundary, _long,
    _ends, _replace,
)  # fmt: skip
