"""The words of a PDF by page, as copied out of a reader; enough for what typst writes."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_TEXT = rb"\((?:\\.|[^\\)])*\)"
_SHOWN = re.compile(
    rb"/(\w+) [\d.]+ Tf|(\[(?:" + _TEXT + rb"|[^\]()])*\]TJ|" + _TEXT + rb" ?Tj)", re.DOTALL
)
_LITERAL = re.compile(rb"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CHAR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")


def pages_of(raw: bytes) -> list[str]:
    """Return the text of each page; runs of glyphs are joined by a line's end."""
    objects = {int(number): body for number, body in _OBJECT.findall(raw)}
    return [_page(objects, body) for body in objects.values() if b"/Type/Page/" in body]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = objects[_reference(rb"/Resources", page)]
    fonts = {
        name: _signs(objects, objects[int(number)])
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    content, runs = _stream(objects[_reference(rb"/Contents", page)]), []
    signs: dict[int, str] = {}
    for font, shown in _SHOWN.findall(content):
        if font:
            signs = fonts[font]
        else:
            runs.append("".join(signs.get(glyph, "\ufffd") for glyph in _glyphs(shown)))
    return "\n".join(runs)


def _signs(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    table = _stream(objects[_reference(rb"/ToUnicode", font)])
    found = _CHAR.findall(table.partition(b"beginbfchar")[2])
    return {
        int(glyph, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for glyph, sign in found
    }


def _glyphs(shown: bytes) -> list[int]:
    raw = b"".join(_ESCAPE.sub(_unescaped, part) for part in _LITERAL.findall(shown))
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else _ESCAPED.get(code, code)


def _stream(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body.partition(b"stream\n")[2].lstrip(b"\r"))


def _reference(name: bytes, body: bytes) -> int:
    found = re.search(name + rb" (\d+) 0 R", body)
    assert found
    return int(found[1])
