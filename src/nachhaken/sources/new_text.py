"""What a mail says anew: its text without the quoted history, the signature and the small print."""

import re
from itertools import takewhile

from mailparser_reply import EmailReplyParser

from nachhaken.sources.signature import without_signature

_HEADER_NAMES = {
    "from": r"von|from|de|da|expéditeur",
    "other": r"gesendet(?: am)?|datum|sent|date|envoyé|inviato|an|to|à|a|cc|kopie|"
    r"betreff|subject|objet|oggetto|antwort an|reply-to",
}
_FROM_LINE = re.compile(rf"^[\s*]*(?:{_HEADER_NAMES['from']})\s*:\**\s*\S", re.IGNORECASE)
_OTHER_LINE = re.compile(rf"^[\s*]*(?:{_HEADER_NAMES['other']})\s*:", re.IGNORECASE)
_SENT_LINE = re.compile(r"^[\s*]*(?:gesendet|sent|envoyé)\s*:\**\s*\S", re.IGNORECASE)

_DIVIDER = re.compile(
    r"^\s*(?:-{2,}|_{2,}|={3,})\s*(?:urspr(?:ü|ue)ngliche\s+(?:nachricht|mail|e-mail)|"
    r"original[- ]?(?:nachricht|mail|message|appointment)|weitergeleitete\s+nachricht|"
    r"forwarded\s+(?:message|by.*)|message\s+(?:d['’]origine|transféré|original)|"
    r"messaggio originale)\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^\s*(?:anfang der weitergeleiteten (?:nachricht|e-?mail)|begin forwarded message|"
    r"début du message réexpédié)\s*:?\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_\-]{20,}\s*$")

_WROTE = re.compile(
    r"^\s*(?:am|on|le|il|den|\d{4}-\d\d-\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4})\b.{3,300}?"
    r"(?:\bschrieb\b|\bgeschrieben\b|\bwrote\b|\ba écrit\b|\bha scritto\b|<[^<>@\s]+@[^<>\s]+>)"
    r".{0,160}:\s*$",
    re.IGNORECASE,
)
# Katharina Brandt schrieb am 12.11.2026 um 09:12:", "... hat am 12.11.2026 geschrieben:"
_NAME_WROTE = re.compile(
    r"^.{2,120}?(?:\bschrieb am\b|\bhat (?:am|um)\b.{4,60}\bgeschrieben\b|\bschrieb\s*:).{0,80}$",
    re.IGNORECASE,
)
_OPENERS = re.compile(r"^\s*(?:am|on|le|il)\b", re.IGNORECASE)
_QUOTED = re.compile(r"^\s{0,3}[>|](?!\w*[|])")
_BANNER = re.compile(
    r"^\W*(?:achtung|warnung|vorsicht|caution|extern(?:e e-?mail|al)?)\b.{0,200}"
    r"(?:extern|außerhalb|outside|absender|sender)",
    re.IGNORECASE,
)

# The library's expressions backtrack; what is longer than a reply is not given to them.
_MOST_CHARACTERS = 6_000
_LONGEST_LINE = 300
# The rules above know German, English, French and Italian; the library adds the neighbours.
_PARSER = EmailReplyParser(languages=["nl", "pl", "cs", "da", "sv", "es"])


def new_text(text: str) -> str:
    """Return what the writer of `text` said in this mail; never empty where `text` has words.

    Answers written between the quoted lines are kept, and so are the closing formula with the
    name below it and any postscript. Where nothing else is left, the text in front of the first
    quotation is returned, and else all of it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    lines = [line.rstrip()[:2000] for line in lines]
    unquoted = _joined(_unquoted(lines))
    candidates = (without_signature(_by_library(unquoted)), unquoted, _before_quote(lines))
    return next((c for c in candidates if _has_words(c)), _joined(lines))


def _unquoted(lines: list[str]) -> list[str]:
    """Drop quoted lines; stop where a mail program put the unmarked history."""
    kept: list[str] = []
    i = 0
    while i < len(lines):
        if _starts_history(lines, i):
            break
        attribution = _attribution_length(lines, i)
        if attribution:
            i += attribution
            if not _quote_follows(lines, i):
                break
        elif _QUOTED.match(lines[i]) or (not kept and _BANNER.match(lines[i])):
            i += 1
        else:
            kept.append(lines[i])
            i += 1
    return kept


def _starts_history(lines: list[str], i: int) -> bool:
    line = lines[i]
    if not line or len(line) > _LONGEST_LINE:
        return False
    if _DIVIDER.match(line) or _FORWARD.match(line):
        return True
    if _RULE.match(line):
        following = [j for j in range(i + 1, min(i + 4, len(lines))) if lines[j].strip()]
        return bool(following) and _is_header_block(lines, following[0])
    return _is_header_block(lines, i)


def _is_header_block(lines: list[str], i: int) -> bool:
    """A "Von:" line with two others of its kind close below, or "Gesendet:" with "Von:"."""
    near = [line for line in lines[i + 1 : i + 9] if line.strip()][:5]
    if _FROM_LINE.match(lines[i]):
        return sum(bool(_OTHER_LINE.match(line)) for line in near) > 1
    if _SENT_LINE.match(lines[i]):
        return any(_FROM_LINE.match(line) for line in near[:2])
    return False


def _attribution_length(lines: list[str], i: int) -> int:
    """How many lines from `i` on say who wrote the quotation below; 0 for none."""
    line = lines[i]
    if not line.strip() or len(line) > _LONGEST_LINE or _QUOTED.match(line):
        return 0
    if line.endswith(":") and _has_digit(line) and _introduces(lines, i):
        return 1
    # Mail programs break the long line after 76 characters.
    paragraph = list(takewhile(_is_plain, lines[i : i + 3])) if _OPENERS.match(line) else [line]
    for count in range(1, len(paragraph) + 1):
        joined = " ".join(part.strip() for part in paragraph[:count])
        if len(joined) <= 2 * _LONGEST_LINE and _WROTE.match(joined) and _has_digit(joined):
            return count
    return 0


def _introduces(lines: list[str], i: int) -> bool:
    """Whether line `i` with its date and colon names a writer, or stands right above a quote."""
    is_above_quote = i + 1 < len(lines) and bool(_QUOTED.match(lines[i + 1]))
    return is_above_quote or bool(_NAME_WROTE.match(lines[i]))


def _is_plain(line: str) -> bool:
    return bool(line.strip()) and not _QUOTED.match(line)


def _quote_follows(lines: list[str], i: int) -> bool:
    following = next((line for line in lines[i : i + 4] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _by_library(text: str) -> str:
    """Cut at the headers that mail-parser-reply knows beyond the rules above."""
    if len(text) > _MOST_CHARACTERS or any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        return text
    found = _PARSER.read(text).latest_reply
    return found if found and _has_words(found) else text


def _before_quote(lines: list[str]) -> str:
    end = next((i for i, line in enumerate(lines) if _is_quotation(lines, i, line)), len(lines))
    return _joined(lines[:end])


def _is_quotation(lines: list[str], i: int, line: str) -> bool:
    return bool(_QUOTED.match(line) or _starts_history(lines, i) or _attribution_length(lines, i))


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _has_words(text: str) -> bool:
    return bool(re.search(r"\w|[\U0001f300-\U0001faff]", text))


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
