"""Where the words of a mail end and its signature begins; the closing and the name stay."""

import re

_DASHES = re.compile(r"^\s*(?:--|—|__+)\s*$")
_DEVICE = re.compile(
    r"^\W*(?:von mein\w+ .{2,40} gesendet|gesendet (?:von|mit|aus|über) .{2,60}|"
    r"diese (?:nachricht|e-?mail) wurde von .{2,60} gesendet|"
    r"sent (?:from|via|with) .{2,60}|get outlook for .{2,20}|"
    r"(?:outlook|hol(?:en|e) sie sich) .{0,30}"
    r"(?:beziehen|herunterladen|für (?:ios|android)).{0,60}|"
    r"envoyé (?:de|depuis|à partir de) .{2,40}|inviato da .{2,40})(?:<[^<>]*>)?\W*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:(?:vielen|besten|herzlichen|lieben|schönen)\s+)?(?:dank\w*|merci)\W+(?:(?:und|&)\s+)?)?"
    r"(?:(?:mit|in diesem sinne|bis \w+)\W+)?(?:(?:\w+\W+){0,3}?)"
    r"(?:gr(?:ü|ue)(?:ß|ss)(?:e|en|le|li)?|gru(?:ß|ss)|mfg|m\.f\.g\.?|vg|lg|bg|hg|"
    r"hochachtungsvoll|hochachtung|servus|pfiat\w*|ciao|tschüss|tschau|"
    r"best regards|kind regards|warm regards|regards|best wishes|all the best|cheers|"
    r"sincerely|yours (?:sincerely|faithfully|truly)|cordialement|(?:\w+ )?salutations|"
    r"cordiali saluti|saluti)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:hallo|hi|hey|servus|moin|grüß\s*gott|gruess gott|grüezi|guten\s|sehr geehrte|liebe|"
    r"lieber|werte|dear|hello|good (?:morning|day)|bonjour|buongiorno)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"^\W*(?:p\.?\s?p?\.?s\b|n\.?b\b|nachtrag|ach ja|ach so|übrigens|noch (?:et)?was|by the way)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@\w|\bwww\.|https?://|\b(?:tel|telefon|phone|fon|mobil|mobile|handy|fax|telefax)\b\W*[\d+(:.]|"
    r"\b(?:gmbh|kg|ohg|gbr|e\.\s?k|ag|ug|sàrl|ltd)\b|\b\d{4,5} [A-ZÄÖÜ]\w+|"
    r"(?:straße|strasse|str\.|weg|platz|gasse)\s\d+|\b(?:amtsgericht|handelsregister|hrb|ust-?id|"
    r"steuernummer|geschäftsführer\w*|iban|bic)\b|\+\d{2}[\d\s()/-]{6,}|^\W*0\d{2,4}[\s/-]\d",
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    r"^\W*(?:diese (?:e-?mail|nachricht|mail).{0,80}(?:vertraulich|bestimmt|privilegiert|enthält)|"
    r"der inhalt dieser (?:e-?mail|nachricht)|this (?:e-?mail|message).{0,80}"
    r"(?:confidential|intended|privileged)|(?:wichtiger )?hinweis:|disclaimer\b|"
    r"bitte (?:denken sie an|prüfen sie).{0,60}(?:umwelt|druck)|haftungsausschluss|"
    r"please consider the environment|virenfrei|virus-free)",
    re.IGNORECASE,
)
_BY_ORDER = re.compile(r"(?:i\.?\s?[av]|ppa?|gez)\.?", re.IGNORECASE)
_LONGEST_CLOSING = 90
_LONGEST_NAME = 60
_MOST_WORDS_AFTER = 6


def without_signature(text: str) -> str:
    """Return `text` up to its closing formula and the name, with any postscript after it."""
    lines = _cut_at_marks(text.split("\n"))
    closing = _closing(lines)
    if closing is None:
        return _without_blocks(lines)
    end = _name_end(lines, closing)
    kept = [*lines[:end], *_postscripts(lines[end:])]
    return "\n".join(kept).strip()


def _cut_at_marks(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if _DASHES.match(line) and any(map(str.strip, kept)):
            break
        if not _DEVICE.match(line):
            kept.append(line)
    return kept


def _closing(lines: list[str]) -> int | None:
    """The line of the first closing formula below some words."""
    for i, line in enumerate(lines):
        if len(line) <= _LONGEST_CLOSING and _is_closing(line) and _says_something(lines[:i]):
            return i
    return None


def _is_closing(line: str) -> bool:
    found = _CLOSING.match(line)
    return found is not None and len(found["rest"].split()) <= _MOST_WORDS_AFTER


def _says_something(lines: list[str]) -> bool:
    return any(line.strip() and not _GREETING.match(line) for line in lines)


def _name_end(lines: list[str], closing: int) -> int:
    """The index after the name below the closing; the closing's own where no name follows."""
    for i in range(closing + 1, min(closing + 5, len(lines))):
        line = lines[i].strip()
        if line:
            if _BY_ORDER.fullmatch(line):
                continue
            return i + 1 if _is_name(line) else closing + 1
    return closing + 1


def _is_name(line: str) -> bool:
    is_plain = len(line) <= _LONGEST_NAME and not re.search(r"[\d@|]", line)
    return is_plain and not _POSTSCRIPT.match(line) and not _SMALL_PRINT.match(line)


def _postscripts(lines: list[str]) -> list[str]:
    start = next((i for i, line in enumerate(lines) if _POSTSCRIPT.match(line)), None)
    if start is None:
        return []
    length = next((n for n, line in enumerate(lines[start:]) if not line.strip()), len(lines))
    return ["", *lines[start : start + length]]


def _without_blocks(lines: list[str]) -> str:
    """Drop the last paragraphs that are a card of contact or small print, but for the name."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines).strip())
    name = ""
    while len(paragraphs) > 1 and _is_block(paragraphs[-1]):
        name = paragraphs.pop().split("\n")[0]
    is_name = bool(name) and _is_name(name) and not _CONTACT.search(name)
    return "\n\n".join([*paragraphs, name] if is_name else paragraphs).strip()


def _is_block(paragraph: str) -> bool:
    lines = [line for line in paragraph.split("\n") if line.strip()]
    if not lines or _SMALL_PRINT.match(lines[0]):
        return True
    contacts = sum(bool(_CONTACT.search(line)) for line in lines)
    is_card = all(len(line) <= _LONGEST_NAME and line.rstrip()[-1] not in ".?!" for line in lines)
    return len(lines) > 1 and contacts > 0 and (is_card or 2 * contacts >= len(lines))
