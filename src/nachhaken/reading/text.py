"""The customer's own words: a text folded for matching, with quotes and signature blanked out."""

import re
from bisect import bisect_right
from collections.abc import Iterable
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
    # What İ becomes in lower case, the one letter that grows there.
    "i\u0307": "i",
}  # fmt: skip
# Function words of one language only: "i", "is" and "to" are Bavarian and Low German too.
_ENGLISH = frozenset({
    "the", "and", "you", "your", "our", "we", "are", "have", "has", "had", "for", "of", "with",
    "not", "please", "will", "this", "that", "can", "it", "be", "if", "would", "thanks",
    "thank", "but", "at", "from", "they", "she", "he", "been", "there", "what", "when", "how",
    "its", "don", "my", "me", "us", "as", "by", "or", "on", "do", "does", "no", "yes", "just",
    "about", "back", "could", "let", "until", "after", "before", "need", "i'm", "any", "all",
    "more",
})  # fmt: skip
_GERMAN = frozenset({
    "der", "die", "das", "und", "sie", "ihr", "ihre", "ihnen", "wir", "uns", "ist", "sind",
    "haben", "hat", "habe", "mit", "nicht", "ich", "bitte", "wird", "es", "im", "am", "zu",
    "den", "dem", "ein", "eine", "einen", "auf", "noch", "nach", "von", "bei", "i", "ma", "mir",
    "des", "ned", "net", "nit", "is", "sich", "fuer", "als", "aber", "auch", "wenn", "dann",
    "hier", "vom", "zum", "zur", "ueber", "er", "du", "dir", "dich", "mich", "mal", "schon",
    "danke", "herr", "frau", "hr", "fr", "kein", "keine", "nur", "was", "da", "so", "oder",
    "wie", "bis", "ab", "an", "in", "un", "de", "dat", "wat", "het", "isch", "mer", "nix", "u",
    "gruesse", "gruss", "vg", "lg", "hallo", "moin",
})  # fmt: skip
# The plain letters among what is folded one by one.
_PLAIN_SIGNS = frozenset(char for char in _FOLDS if char.isascii())
_IDEA_MARKS = ("->", "=>", "→", ":")


@dataclass(frozen=True, slots=True)
class Folded:
    """Lower-case text without umlauts, with the way back to the original characters.

    "ü" and "ue", "ß" and "ss" fold to the same, so one pattern reads Swiss, Austrian and
    keyboard-less spelling. `turns` are the places where the two texts run apart, in order: from
    `turns[k][0]` of the folded text on, the characters come from `turns[k][1]` of the original on.
    """

    text: str
    turns: tuple[tuple[int, int], ...]
    original: str

    def span(self, start: int, end: int) -> Span:
        """The place in the original text of `text[start:end]`; needs start < end."""
        return Span(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, place: int) -> int:
        k = bisect_right(self.turns, (place, len(self.original))) - 1
        folded, original = self.turns[k]
        # The two letters of a folded umlaut both come from the one before the next turn.
        last = self.turns[k + 1][1] - 1 if k + 1 < len(self.turns) else len(self.original)
        return min(original + place - folded, max(last, original))


def fold(text: str) -> Folded:
    """`text` folded for matching, with the way back to the original characters."""
    parts: list[str] = []
    turns = [(0, 0)]
    done = length = 0
    for match in _irregular().finditer(text):
        start, end = match.span()
        piece = _folded_piece(match[0], is_head=not length and start == done)
        parts += (text[done:start], piece)
        turns.append((length + start - done, start))
        length += start - done + len(piece)
        turns.append((length, end))
        done = end
    parts.append(text[done:])
    folded = "".join(parts).lower()
    if not folded.isascii() or not _PLAIN_SIGNS.isdisjoint(folded):
        folded = folded.translate(_regular())
    return Folded(folded, tuple(turns), text)


def _folded_piece(piece: str, *, is_head: bool) -> str:
    """What an umlaut, a sign to drop or a run of blanks becomes.

    Runs of blanks are squeezed: what was blanked out must not feed the patterns' gaps. A run is
    at most one blank and two line breaks, and nothing at the head of the text.
    """
    if not piece.isspace():
        return _FOLDS.get(piece.lower(), piece[:1])
    if is_head:
        return ""
    return " " * (piece[0] != "\n") + "\n" * min(piece.count("\n"), 2)


def fold_char(char: str) -> str:
    """What one character becomes: "" or up to two characters."""
    lower = char.lower()
    return _FOLDS.get(lower, lower[:1])


def fold_pattern(pattern: str) -> str:
    """A pattern in plain German spelling, folded as the texts are; escapes are kept."""
    if pattern.isascii() and "\\" not in pattern and _PLAIN_SIGNS.isdisjoint(pattern):
        return pattern.lower()
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
    own = "".join(kept)
    # Searching for its marks first spares nearly every text the pattern.
    if not any(mark in own for mark in _IDEA_MARKS):
        return own
    return _sellers_idea().sub(lambda match: _blank(match[0]), own)


def sentences(folded: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; a date's or an abbreviation's dot ends none."""
    cuts = [match.end() for match in _sentence_end().finditer(folded)]
    starts = [0, *cuts]
    ends = [*cuts, len(folded)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def language_of(words: Iterable[str]) -> str:
    """Returns "en" where English function words prevail among folded words, else "de"."""
    english, german = function_words(list(words))
    return "en" if english > german else "de"


def function_words(words: list[str]) -> tuple[int, int]:
    """How many of the folded words are English function words, and how many German ones."""
    return sum(map(_ENGLISH.__contains__, words)), sum(map(_GERMAN.__contains__, words))


def _blank(line: str) -> str:
    return "".join(char if char in "\r\n" else " " for char in line)


def _quoted(line: str) -> bool:
    start = line.lstrip()
    # ">Hotel Adler<" heads a call note; it quotes nothing.
    return start.startswith((">", "|")) and not _note_head().match(start)


@cache
def _note_head() -> re.Pattern[str]:
    return re.compile(r">[^\s<>][^<>]{0,60}<(?:\s|$)")


@cache
def _irregular() -> re.Pattern[str]:
    grown = "".join(char + char.upper() for char in "äöü") + "ßẞİ"
    dropped = "".join(char for char, piece in _FOLDS.items() if not piece)
    return re.compile(rf"[{grown}{dropped}]|\A\s+|\s{{2,}}")


@cache
def _regular() -> dict[int, str]:
    return {ord(char): piece for char, piece in _FOLDS.items() if len(char) == len(piece) == 1}


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
        r"|gr(?:u|ü)(?:ß|ss)(?:e)?\b(?! gott| dich| sie\b)|mit vorz|hochachtung|mfg\b|vg\b"
        r"|lg\b|bg\b|kind regards|best regards|regards|best wishes|best\b|cheers\b|sincerely|yours)"
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
