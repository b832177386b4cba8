"""The words of an HTML mail as plain text: paragraphs as lines, quoted mail behind ">"."""

import re
from html import unescape
from html.parser import HTMLParser

# A reply stands at the top of a mail; what comes after this much markup is history.
_MOST_CHARACTERS = 300_000

_SILENT = frozenset({"head", "script", "style", "title", "template"})
_PARAGRAPHS = frozenset({"p", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "pre"})
_LINES = frozenset({"div", "tr", "li", "br", "hr", "section", "article", "header", "footer"})

# Outlook on the web and its kin mark the start of the quoted mail by an empty element.
_REPLY_MARKS = frozenset(
    {"appendonsend", "divrplyfwdmsg", "mail-editor-reference-message-container"}
)
RULE = "_" * 32


def html_text(markup: str) -> str:
    """Return the visible text of `markup`; broken markup is read as far as it goes."""
    markup = markup[:_MOST_CHARACTERS]
    reader = _Reader()
    try:
        reader.feed(markup)
        reader.close()
    except AssertionError:  # html.parser's answer to a malformed "<![...": no own class there
        return _without_tags(markup)
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._silent = 0
        self._quoted = 0

    def text(self) -> str:
        self._break()
        joined = "\n".join(line.rstrip() for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _LINES or tag in _PARAGRAPHS:
            # A second <br> in a row is an empty line.
            self._break(blank=tag in _PARAGRAPHS or (tag == "br" and not self._line))
            self._mark(attrs)
            self._quoted += tag == "blockquote"
        elif tag in {"td", "th"}:
            self._line.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _LINES or tag in _PARAGRAPHS:
            self._break(blank=tag in _PARAGRAPHS)
            if tag == "blockquote":
                self._quoted = max(0, self._quoted - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._line.append(data)

    def _mark(self, attrs: list[tuple[str, str | None]]) -> None:
        if any(name == "id" and (value or "").lower() in _REPLY_MARKS for name, value in attrs):
            self._lines.append(RULE)

    def _break(self, *, blank: bool = False) -> None:
        words = " ".join("".join(self._line).replace("\u200b", " ").split())
        self._line.clear()
        prefix = "> " * min(self._quoted, 5)
        if words:
            self._lines.append(prefix + words)
        if blank:
            self._lines.append("")


def _without_tags(markup: str) -> str:
    return re.sub(r"[ \t]+", " ", unescape(re.sub(r"<[^<>]*>", "\n", markup))).strip()
