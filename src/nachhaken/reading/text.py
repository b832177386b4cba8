"""The customer's own words: a text folded for matching, with quotes and signature blanked out."""

import re
from dataclasses import dataclass
from functools import cache

from nachhaken.reading.values import Span

# A person's answer stands at the top; what follows thousands of characters is pasted matter.
READ_AT_MOST = 4_000

_FOLDS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "ss", "é": "e", "è": "e", "\u0308": "e",
    "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "…": ".",
    "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "\t": " ",
    "\u00ad": "", "\u200b": "", "\ufeff": "", "\r": " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """Lower-case text without umlauts; `offsets[i]` is where character i came from.

    "ü" and "ue", "ß" and "ss" fold to the same, so one pattern reads Swiss, Austrian and
    keyboard-less spelling.
    """

    text: str
    offsets: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> Span:
        """The place in the original text of `text[start:end]`; needs start < end."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def fold(text: str) -> Folded:
    """`text` folded for matching, with the way back to the original characters."""
    pieces: list[str] = []
    offsets: list[int] = []
    for place, char in enumerate(text):
        piece = fold_char(char)
        # Runs of blanks are squeezed: what was blanked out must not feed the patterns' gaps.
        if piece.isspace() and _is_run(pieces, piece):
            continue
        pieces.append(piece)
        offsets.extend([place] * len(piece))
    return Folded("".join(pieces), tuple(offsets), text)


def _is_run(pieces: list[str], blank: str) -> bool:
    """Whether `blank` adds nothing: a blank after any blank, a third line break in a row."""
    if not pieces or blank != "\n":
        return not pieces or pieces[-1].isspace()
    return pieces[-2:] == ["\n", "\n"]


def fold_char(char: str) -> str:
    """What one character becomes: "" or up to two characters."""
    lower = char.lower()
    return _FOLDS.get(lower, lower[:1])


def fold_pattern(pattern: str) -> str:
    """A pattern in plain German spelling, folded as the texts are; escapes are kept."""
    pieces = re.split(r"(\\.)", pattern)
    return "".join(
        piece if piece.startswith("\\") else "".join(map(fold_char, piece)) for piece in pieces
    )


def own_words(text: str) -> str:
    """`text` of the same length, with all that the customer did not write in it made blank.

    Blank become: quoted lines, everything after the head of a quoted mail or a signature mark,
    what follows a closing formula, and the seller's own ideas in a call note.
    """
    kept: list[str] = []
    lines = text[:READ_AT_MOST].splitlines(keepends=True)
    blank_rest = False
    after_closing = False
    for number, line in enumerate(lines):
        blank_rest = blank_rest or bool(_quote_head().match(line))
        if after_closing and _postscript().match(line):
            after_closing = False
        kept.append(_blank(line) if blank_rest or after_closing or _quoted(line) else line)
        # A greeting in the first line is no closing: "Gruß aus Kiel, hier kurz die Antwort".
        after_closing = after_closing or (number > 0 and bool(_closing().match(line)))
    return _sellers_idea().sub(lambda match: _blank(match[0]), "".join(kept))


def sentences(folded: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; a date's or an abbreviation's dot ends none."""
    cuts = [match.end() for match in _sentence_end().finditer(folded)]
    starts = [0, *cuts]
    ends = [*cuts, len(folded)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def language_of(folded: str) -> str:
    """Returns "en" where English function words prevail, else "de"."""
    english = len(_english_words().findall(folded))
    german = len(_german_words().findall(folded))
    return "en" if english > german else "de"


def _blank(line: str) -> str:
    return "".join(char if char in "\r\n" else " " for char in line)


def _quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|"))


@cache
def _quote_head() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?:-{2,}\s*(?:urspr|original|weitergel|forwarded)|--\s*$|_{8,}\s*$"
        r"|(?:am|on)\s.{6,120}(?:schrieb|wrote).{0,80}:\s*$"
        r"|(?:von|from):\s.{2,120}$)",
        re.IGNORECASE,
    )


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?:(?:mit )?(?:den )?(?:beste[nr]?|viele[n]?|liebe[n]?|freundliche[nr]?|sch[öo]ne[n]?"
        r"|herzliche[nr]?|sonnige[n]?|sportliche[n]?|kollegiale[n]?) (?:gr|empf)"
        r"|gr(?:u|ü)(?:ß|ss)(?:e)?\b|mit vorz|hochachtung|mfg\b|vg\b|lg\b|bg\b|kind regards"
        r"|best regards|regards|best wishes|best\b|cheers\b|sincerely|yours)"
        r".{0,40}$",
        re.IGNORECASE,
    )


@cache
def _postscript() -> re.Pattern[str]:
    return re.compile(r"\s*p\.?\s?s\b", re.IGNORECASE)


@cache
def _sellers_idea() -> re.Pattern[str]:
    return re.compile(
        r"(?:->|=>|→)\s*(?:meine?\b|ich\b|idee|evtl|todo|vielleicht)[^\n]*"
        r"|\b(?:meine idee|mein eindruck|mein gef[üu]hl|ich glaube|ich hoffe):[^\n]*",
        re.IGNORECASE,
    )


@cache
def _sentence_end() -> re.Pattern[str]:
    # Two letters at least before the dot: "z. B.", "Hr. B." and "3. Mai" go on.
    return re.compile(r"(?<=[a-z)\"'][a-z)\"'][a-z)\"'])\.(?:\s+|$)|[!?;](?:\s+|$)|\n\s*\n")


@cache
def _english_words() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:the|and|you|your|we|our|is|are|have|has|for|to|of|with|not|i|please|will|it|this)\b"
    )


@cache
def _german_words() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:der|die|das|und|sie|ihr|ihre|wir|uns|ist|sind|haben|hat|mit|nicht|ich|bitte|wird"
        r"|es|im|am|zu|den|dem|ein|eine|auf|noch|nach|von|bei)\b"
    )
