"""The words of an HTML mail as plain text: paragraphs as lines, quoted mail behind ">"."""

import re
from collections.abc import Iterator
from html import unescape

EXAMINED = 100_000
"""Characters of markup that are read, the head apart, with at most `EXAMINED_TAGS`; what stands
behind them is history."""

EXAMINED_TAGS = 10_000

DIVIDER = "-----Ursprüngliche Nachricht-----"
"""What stands in the text where a mail program marked the start of the history in the markup."""

SIGN_OFF = "--"
"""What stands in the text where a mail program marked its signature in the markup."""


def html_text(markup: str) -> str:
    """Return the visible text of `markup`; broken markup is read as far as it goes.

    The structure of the mail programs is kept in the signs of plain text: ">" before quoted lines,
    `DIVIDER` above an unmarked history, `SIGN_OFF` above a signature. Linear in time.
    """
    reader = _Reader()
    for tag, attributes, words in _pieces(_body(markup)):
        reader.read(tag, attributes, words)
    return reader.text()


def has_structure(markup: str) -> bool:
    """Whether a mail program told in the markup which part of it is quoted."""
    return bool(_STRUCTURE.search(markup[:EXAMINED]))


def _body(markup: str) -> str:
    """The markup without comments and without the head, which in Outlook is long."""
    body = re.search(r"<body\b", markup[: 10 * EXAMINED], re.IGNORECASE)
    start = body.start() if body else 0
    pieces = markup[start : start + EXAMINED].split("<!--")
    return pieces[0] + "".join(piece.partition("-->")[2] for piece in pieces[1:])


def _pieces(markup: str) -> Iterator[tuple[str, str, str]]:
    """Each tag ("/" in front where it ends) with its attributes, and the words behind it.

    html.parser searches on to the end from each tag or comment that lacks its own, which takes
    minutes on a mail made for it; a cut at each "<" takes one look at each character.
    """
    first, *pieces = markup.split("<", EXAMINED_TAGS)[:EXAMINED_TAGS]
    yield "", "", first
    for piece in pieces:
        if whole := _WHOLE_TAG.match(piece):
            yield whole[1].lower(), whole[2], piece[whole.end() :]
            continue
        found = _TAG.match(piece)
        if found is None:
            yield "", "", piece.partition(">")[2] if piece[:1] in "!?/" else f"<{piece}"
            continue
        inner, _, words = _at_end_of_tag(piece[found.end() :])
        yield found[0].lower(), inner, words


_TAG = re.compile(r"/?[a-zA-Z][\w:-]*")
_WHOLE_TAG = re.compile(r"(/?[a-zA-Z][\w:-]*+)([^\">]*+)>")  # without quoted values, as most are


def _at_end_of_tag(piece: str) -> tuple[str, str, str]:
    """Cut at the first ">" that stands in no quoted value."""
    inner, sign, words = piece.partition(">")
    if inner.count('"') % 2 and '"' in words:
        value, _, rest = words.partition('"')
        more, sign, words = rest.partition(">")
        inner = f'{inner}>{value}"{more}'
    return inner, sign, words


_SILENT = frozenset({"head", "script", "style", "title", "template"})
_PARAGRAPHS = frozenset({"p", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "pre"})
_LINES = frozenset({"div", "tr", "li", "br", "hr", "section", "article", "header", "footer"})
_BREAKING = _PARAGRAPHS | _LINES
_STARTING = _BREAKING | {"td", "th", "span"}
_ENDING = frozenset(f"/{tag}" for tag in _BREAKING)

_QUOTES = (
    r"yahoo_quoted|protonmail_quote|moz-cite-prefix|tutanota_quote|gmx_quote|zmail_extra|"
    r'name\s*=\s*"?quote\b|reply-intro|__quoted_text__|mailbox_signature_quote'
)
_STARTS = (
    r"appendonsend|divrplyfwdmsg|mail-editor-reference-message-container|outlookmessageheader|"
    r"olk_src_body_section|moz-forward-container|"
    r"border-top:\s*solid #(?:e1e1e1|b5c4df) 1\.0pt"
)
_QUOTE = re.compile(_QUOTES, re.IGNORECASE)
_START = re.compile(_STARTS, re.IGNORECASE)
_STRUCTURE = re.compile(
    rf'type\s*=\s*"?cite|gmail_attr|gmail_quote|{_QUOTES}|{_STARTS}', re.IGNORECASE
)
_SIGNATURE = re.compile(
    r"ms-outlook-mobile-signature|composer_signature|gmail_signature\b(?!_prefix)|moz-signature|"
    r"protonmail_signature_block\b(?!-)|android_signature|applemailsignature",
    re.IGNORECASE,
)
# Apple Mail and Gmail indent with a blockquote too.
_INDENT = re.compile(r"border(?:-\w+)?:\s*(?:none|0)", re.IGNORECASE)


class _Reader:
    """Builds the lines, tag by tag."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._silent = ""
        self._depth = {"div": 0, "blockquote": 0, "p": 0}
        self._quotes: dict[str, list[int]] = {"div": [], "blockquote": [], "p": []}

    def text(self) -> str:
        self._break()
        joined = "\n".join(line.rstrip() for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", joined).strip().removesuffix(DIVIDER).rstrip()

    def read(self, tag: str, attributes: str, words: str) -> None:
        if self._silent:
            if tag != f"/{self._silent}":
                return
            self._silent = ""
        elif tag in _SILENT:
            self._silent = tag
            return
        elif tag in _STARTING:
            self._start(tag, attributes)
        elif tag in _ENDING:
            self._end(tag[1:])
        if words:
            self._line.append(unescape(words) if "&" in words else words)

    def _start(self, tag: str, attributes: str) -> None:
        if tag in {"td", "th"}:
            self._line.append(" ")
        elif tag == "span" and "OLK" in attributes:
            self._break()
            self._mark(tag, attributes)
        elif tag in _BREAKING:
            # A second <br> in a row is an empty line.
            self._break(blank=tag in _PARAGRAPHS or (tag == "br" and not self._line))
            if attributes or tag == "blockquote":
                self._mark(tag, attributes)
            if tag in self._depth:
                self._depth[tag] += 1

    def _mark(self, tag: str, attributes: str) -> None:
        if tag in self._depth and _is_quote(tag, attributes):
            self._quotes[tag].append(self._depth[tag] + 1)
        elif any(self._quotes.values()):
            return
        elif "=" in attributes and _START.search(attributes):
            self._lines.append(DIVIDER)
        elif "=" in attributes and _SIGNATURE.search(attributes):
            self._lines.append(SIGN_OFF)

    def _end(self, tag: str) -> None:
        self._break(blank=tag in _PARAGRAPHS)
        if tag in self._depth:
            open_quotes = self._quotes[tag]
            if open_quotes and open_quotes[-1] == self._depth[tag]:
                open_quotes.pop()
            self._depth[tag] = max(0, self._depth[tag] - 1)

    def _break(self, *, blank: bool = False) -> None:
        if self._line:
            words = " ".join("".join(self._line).replace("\u200b", " ").split())
            prefix = "> " * min(sum(map(len, self._quotes.values())), 5)
            self._line.clear()
            if words:
                self._lines.append(prefix + words)
        if blank:
            self._lines.append("")


def _is_quote(tag: str, attributes: str) -> bool:
    if tag == "blockquote":
        return "cite" in attributes or "_quote" in attributes or not _INDENT.search(attributes)
    return bool(_QUOTE.search(attributes))
