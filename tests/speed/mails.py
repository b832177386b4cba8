"""How long the new text of a mail takes, ordinary ones and such as are made to hurt."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TypeVar

from nachhaken.sources.html_text import html_text
from nachhaken.sources.mail import parse_message
from nachhaken.sources.new_text import own_part
from tests.corpus.mails import tally
from tests.speed import Row, measure

T = TypeVar("T")

HEAD = b"From: a@b.example\nTo: c@d.example\nDate: Thu, 12 Nov 2026 09:12:00 +0100\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
LINES = (
    "a", "> x\n", "\n", "--\n", "_" * 32 + "\n", "Von: a\n", "Von: a@b\nAn: c\n", "@", "<", "LG\n",
    "am 1.1.2026 10:10 schrieb x <", "am 1.1.2026\n<", "1.1.2026 10:10 a <b@c.de>\n", "Danke\n",
    "PS: x\n", "diese mail ", "hinweis: ", "bitte denken sie ", "gesendet von ", "\r", "👍", "\0",
    "a@b\n01.01.2026 10:10\n", "-----x-----\n", "Von:\n\n", "vielen dank und ", "x: y\n",
)  # fmt: skip
TAGS = (
    "<", "<a ", "<div>", "</div>", "<div class=gmail_quote>", "<blockquote>", "<!--", "<p>", "<br>",
    "&amp;", "&#", '<a href="', "<div style='border:none'>", "<style>", "<table><tr><td>x", "</",
    "<blockquote></div>", "<div class='", "name=quote ", "<body", "&lt;", "<!", "'<",
)  # fmt: skip


@measure
def ordinary() -> Iterator[Row]:
    texts = [mail.text for mail in tally.mails() if mail.text]
    yield Row("Mails told from their history", len(texts) / _seconds(_all, texts), "/s")


@measure
def nasty() -> Iterator[Row]:
    longest = max(_seconds(own_part, _long(piece)) for piece in LINES)
    yield Row("Slowest text of 200 kB", 1000 * longest, "ms", at_most=100)
    longest = max(_seconds(html_text, _long(piece)) for piece in TAGS)
    yield Row("Slowest markup of 200 kB", 1000 * longest, "ms", at_most=100)
    longest = max(_seconds(parse_message, HTML + _long(piece).encode()) for piece in TAGS)
    yield Row("Slowest mail of 200 kB", 1000 * longest, "ms", at_most=100)


def _long(piece: str) -> str:
    return (piece * 200_000)[:200_000]


def _all(texts: list[str]) -> None:
    for text in texts:
        own_part(text)


def _seconds(function: Callable[[T], object], value: T) -> float:
    """The shortest of three times: the first one compiles, others wait for the processor."""
    times: list[float] = []
    for _ in range(3):
        start = perf_counter()
        function(value)
        times.append(perf_counter() - start)
    return min(times)
