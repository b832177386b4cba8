"""One mutated table from one generator: CSV in any encoding, and the inside of a workbook."""

import re
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

import openpyxl

HEADER = (
    "Angebot", "Fassung", "Datum", "Kunde", "Ansprechpartner", "E-Mail", "Telefon", "Projekt",
    "Netto", "Gültig bis", "Status", "Grund", "Stunden",
)  # fmt: skip
VALUES = (
    "AN-1412", "1", "12.11.2026", "Bräu Tölz", "Rosa Huber", "huber@braeu.example", "08024 555 11",
    "Treppe; Sudhaus", "38.400,00", "31.12.26", "offen", "zu teuer", "4,5", "1'234.50", "",
    "99.99.9999", "0", "-1", "1e400", "٣٤", "=1+1", "\t", '"', "\0", "29.02.2027", "2026-13-45",
    "9" * 400, "NaN", "inf", "1" + "0" * 30, "a" * 5_000, "\u202e", "😀", "TRUE", "#REF!", "44000",
)  # fmt: skip
CODECS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1", "utf-32", "cp850")


def mutated_table(rng: Random) -> tuple[bytes, str]:
    """Return the bytes of a table and its name."""
    if rng.random() < 0.5:
        raw, name = _csv(rng), rng.choice(("a.csv", "a.csv", "a.txt", "a.tsv"))
    else:
        raw, name = _xlsx(rng), "a.xlsx"
    # Bytes of the zip itself mostly make it unreadable as a whole.
    for _ in range(rng.choice((0, 1, 1, 2) if name != "a.xlsx" else (0, 0, 0, 1))):
        raw = rng.choice((_flip, _cut, _doubled))(rng, raw)
    return raw[:2_000_000], name


def _rows(rng: Random) -> list[list[str]]:
    header = [rng.choice(HEADER) if rng.random() < 0.01 else name for name in HEADER]
    rows = [
        [rng.choice(VALUES) if rng.random() < 0.2 else VALUES[i] for i in range(len(header))]
        for _ in range(rng.choice((0, 1, 5, 40)))
    ]
    if rng.random() < 0.1:
        rows.append(["x"] * rng.choice((300, 20_000)))
    return [header, *rows]


def _csv(rng: Random) -> bytes:
    sign = rng.choice((";", ";", ";", ",", "\t", "|", ";;", "\0"))
    quote = rng.choice(("", "", '"', '"', "'", '""'))
    end = rng.choice(("\n", "\r\n", "\r\n", "\r", "\n\n", "\u2028"))
    lead = rng.choice(("", "", "", "sep=;\r\n", "sep=\0\r\n", 'sep="\n', "\n" * 50, "Export\n"))
    text = lead + end.join(sign.join(f"{quote}{v}{quote}" for v in row) for row in _rows(rng))
    return text.encode(rng.choice(CODECS), "replace")


@cache
def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    for n in range(5):
        sheet.append([f"AN-{n}", *VALUES[1:13]])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx(rng: Random) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(_workbook())) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        victims = {"xl/worksheets/sheet1.xml"}
        if rng.random() < 0.3:
            victims |= set(rng.sample(names, k=rng.choice((1, 1, 2, 5))))
        for name in names:
            inner = source.read(name)
            if name in victims:
                inner = rng.choice(_INSIDE)(rng, inner)
            if rng.random() > 0.02:
                target.writestr(name, inner, rng.choice((0, 8)))
        if rng.random() < 0.05:
            _twice(target)
    return out.getvalue()


def _twice(target: zipfile.ZipFile) -> None:
    """Write a part of a name that is there already, and hear no warning of it."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        target.writestr("xl/worksheets/sheet1.xml", bytes(5_000_000), 8)


def _flip(rng: Random, raw: bytes) -> bytes:
    out = bytearray(raw or b"x")
    for _ in range(rng.choice((1, 5, 50))):
        out[rng.randrange(len(out))] = rng.choice((0, 10, 34, 59, 255, rng.randrange(256)))
    return bytes(out)


def _cut(rng: Random, raw: bytes) -> bytes:
    start = rng.randint(0, len(raw))
    return raw[:start] + raw[start + rng.choice((1, 50, 10_000_000)) :]


def _doubled(rng: Random, raw: bytes) -> bytes:
    start = rng.randint(0, len(raw))
    return raw[:start] + raw[start : start + 200] * rng.choice((2, 100)) + raw[start:]


def _entities(rng: Random, inner: bytes) -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    kind = rng.choice(
        (
            f'<!ENTITY l0 "ha">{laughs}',
            '<!ENTITY l11 SYSTEM "file:///etc/passwd">',
            "<!ENTITY % p SYSTEM 'http://x.example'>%p;",
        )
    )
    doctype = f"<!DOCTYPE x [{kind}]>".encode()
    body = re.sub(rb"<v>[^<]*</v>|<t>[^<]*</t>", b"<v>&l11;</v>", inner, count=3)
    return doctype + re.sub(rb"^<\?xml[^>]*\?>", b"", body)


_REFERENCES = (
    b"XFD1048576", b"ZZZZ99999999", b"A0", b"A-1", b"", b"1A", b"A1:XFD1048576", b"\xc3\xa41",
    b"AAAAAAAAAAAAAAAAAAAAAAA1", b"A99999999999999999999",
)  # fmt: skip


def _cells(rng: Random, inner: bytes) -> bytes:
    choice = rng.randrange(6)
    if choice == 0:
        kind = rng.choice((b"s", b"b", b"e", b"d", b"inlineStr", b"str", b"n", b"x", b""))
        return re.sub(rb' t="\w+"', b' t="' + kind + b'"', inner)
    if choice == 1:
        value = rng.choice(
            (b"99999999", b"-1", b"1e308", b"1e999", b"x", b"", b"nan", b"9" * 5_000)
        )
        return re.sub(rb"<v>[^<]*</v>", b"<v>" + value + b"</v>", inner)
    if choice == 2:
        at = rng.choice(_REFERENCES)
        return re.sub(rb' r="\w+"', b' r="' + at + b'"', inner, count=rng.choice((0, 1, 3)))
    if choice == 3:
        return re.sub(rb' ref="[^"]*"', b' ref="' + rng.choice(_REFERENCES) + b'"', inner)
    if choice == 4:
        return re.sub(
            rb' (?:s|count|uniqueCount|sheetId|r:id|numFmtId)="[^"]*"', b' s="99999"', inner
        )
    return inner.replace(b"<c ", b"<c " * rng.choice((2, 1_000))).replace(b"</c>", b"</c></row>")


def _emptied(rng: Random, inner: bytes) -> bytes:
    return rng.choice((b"", b"<", b"<x/>", b"\0" * 10_000, b"\xef\xbb\xbf", b"<a>" * 20_000))


_INSIDE: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip, _cut, _doubled, _entities, _cells, _cells, _cells, _cells, _cells, _emptied,
)  # fmt: skip
