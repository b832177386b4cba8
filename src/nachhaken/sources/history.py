"""Which lines of a mail are quoted or forwarded matter, with or without marks in front."""

import re
from itertools import takewhile

Lines = dict[int, str]
"""Lines of a mail by their number; every step drops some of them or cuts their end."""

LONGEST_LINE = 300
"""A longer line is a paragraph, not the work of a mail program."""


def unquoted(lines: list[str]) -> list[Lines]:
    """Return the stretches of lines that nobody quoted, in order, those between quotes apart."""
    stretches: list[Lines] = [{}]
    i = 0
    while i < len(lines):
        length = _head_length(lines, i, is_top=not any(stretches))
        if length and not _quote_follows(lines, i + length):
            break
        if length or _QUOTED.match(lines[i]) or _is_spilt(lines, i):
            if stretches[-1]:
                stretches.append({})
        elif any(stretches) or not _is_banner(lines[i]):
            stretches[-1][i] = lines[i]
        i += length or 1
    return [stretch for stretch in stretches if any(map(str.strip, stretch.values()))]


def before_quote(lines: list[str]) -> Lines:
    """Return the lines above the first quotation of any kind."""
    is_quotation = (
        bool(_QUOTED.match(line) or _head_length(lines, i, is_top=False))
        for i, line in enumerate(lines)
    )
    end = next((i for i, is_one in enumerate(is_quotation) if is_one), len(lines))
    return dict(enumerate(lines[:end]))


_QUOTED = re.compile(r"\s{0,3}[>|](?!\w*[|])")
_SHORTEST_WRAPPED = 60


def _is_spilt(lines: list[str], i: int) -> bool:
    """Whether wrapping pushed the end of a long quoted line onto a line of its own."""
    if not 0 < i < len(lines) - 1 or not lines[i][:1].strip() or not _QUOTED.match(lines[i + 1]):
        return False
    above = lines[i - 1]
    is_broken = len(above) >= _SHORTEST_WRAPPED and above[-1] not in ".?!:"
    return is_broken and bool(_QUOTED.match(above)) and len(lines[i]) < _SHORTEST_WRAPPED


_OUTSIDE = r"(?:\bextern|außerhalb|ausserhalb|outside|unbekannte\w* absender|unknown sender)"
_BANNER = re.compile(
    rf"\W*(?:(?:achtung|warnung|vorsicht|hinweis|caution|warning|attention)\b.{{0,200}}{_OUTSIDE}|"
    r"extern(?:al|e|er|es)?(?:[ -](?:e-?mail|mail|nachricht|sender|absender|message))?\W*$|"
    rf"\[extern\w*\].{{0,60}}{_OUTSIDE}|"
    rf"(?:diese|dies|this)\b.{{0,20}}(?:mail|nachricht|message)\b.{{0,12}}"
    rf"(?:stammt|kommt|kam|wurde|came|comes|originate|is from|was sent).{{0,40}}{_OUTSIDE}|"
    r"(?:sie|einige personen).{0,60}erhalten nicht (?:oft|häufig) e-?mails von|"
    r"you don['’]t often get email from|some people who received this message|"
    r"(?:bitte )?(?:öffnen|klicken) sie (?:keine|nicht|bitte)\b.{0,80}(?:anh[aä]ng|link|absender)|"
    r"do not (?:click|open)\b.{0,80}(?:link|attachment))",
    re.IGNORECASE,
)
_ANSWER_ABOVE = re.compile(
    r"\W{2,}.{0,40}(?:antwort|reply|réponse).{0,30}(?:über|oberhalb|above|au-dessus).{0,30}"
    r"(?:zeile|linie|line|ligne)",
    re.IGNORECASE,
)


def _is_banner(line: str) -> bool:
    """Whether a mail server put this on top: a warning of strangers, or a place to answer at."""
    return len(line) <= LONGEST_LINE and bool(_BANNER.match(line) or _ANSWER_ABOVE.match(line))


def _head_length(lines: list[str], i: int, *, is_top: bool) -> int:
    """How many lines from `i` on are the head of a quotation: its rule, header, attribution."""
    line = lines[i]
    if len(line) > LONGEST_LINE or not line.strip():
        return 0
    if _GROUPWISE.match(line) or _ONE_LINE_HEADER.match(line):
        return 1
    if ":" in line or line.lstrip()[:1] in _FIRST_OF_DIVIDERS:
        if _DIVIDER.match(line) or _FORWARD.match(line) or _is_lone_title(lines, i):
            return 1 + _header_length(lines, i + 1)
        if _FOREIGN_DIVIDER.match(line) and any("@" in below for below in lines[i + 1 : i + 5]):
            return 1
        if _RULE.match(line):
            following = _next_line(lines, i + 1, within=4)
            return following - i + _header_length(lines, following) if following else 0
        if not is_top and _ANSWER_ABOVE.match(line):
            return 1
    return _header_length(lines, i) or _attribution_length(lines, i) or _notes_length(lines, i)


# GroupWise puts sender and moment between two rows of ">".
_GROUPWISE = re.compile(r"\s*>>> ?\S.{2,200}\d[:.]\d\d.{0,12}>>>\s*$")
_ONE_LINE_HEADER = re.compile(
    r"\W*(?:von|from|de)\s?:.{2,120}\b(?:gesendet|datum|sent|date|envoyé)\s?:.{4,60}"
    r"\b(?:an|to|à)\s?:",
    re.IGNORECASE,
)
_FIRST_OF_DIVIDERS = frozenset("-_=#*–—oOuU")
_TITLE = (
    r"(?:urspr(?:ü|ue)nglicher?\s+(?:nachricht|e-?mail|mail|termin)|"
    r"original[- ]?(?:nachricht|e-?mail|mail|message|appointment|termin)|"
    r"weitergeleitete\s+(?:nachricht|e-?mail|mail)|forwarded\s+(?:message|by.*)|"
    r"weitergeleitet\s+(?:von|durch)\b.*|message\s+(?:d['’]origine|transféré|original|initial)|"
    r"messaggio\s+(?:originale|inoltrato))"
)
_DIVIDER = re.compile(
    rf"\s*(?:(?:-{{2,}}|_{{2,}}|={{3,}}|\*{{3,}})\s*{_TITLE}\b|"
    rf"{_TITLE} (?:processed|verarbeitet) \w+ .|"
    r"-{2,} (?:on|am|le) .{6,150}(?:wrote|schrieb|écrit) -{2,}$)",
    re.IGNORECASE,
)
# "-------- Oprindelig besked --------"
_FOREIGN_DIVIDER = re.compile(r"\s*(-{4,})\s?[^\W\d_][\w’' ]{5,40}?\s?\1\s*$")
_LONE_TITLE = re.compile(rf"\s*{_TITLE}\s*:?\s*$", re.IGNORECASE)
_FORWARD = re.compile(
    r"\s*(?:anfang der weitergeleiteten (?:nachricht|e-?mail)|begin forwarded message|"
    r"début du message (?:réexpédié|transféré))\s*:?\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_\-]{20,}\s*$")


def _is_lone_title(lines: list[str], i: int) -> bool:
    """A title without dashes counts where a line of a header stands right below it."""
    below = lines[i + 1] if i + 1 < len(lines) else ""
    return bool(_LONE_TITLE.match(lines[i]) and HEADER.match(below))


def _next_line(lines: list[str], start: int, *, within: int) -> int:
    """The number of the first line with words from `start` on that heads a header; else 0."""
    near = range(start, min(start + within, len(lines)))
    found = next((j for j in near if lines[j].strip()), 0)
    return found if found and _header_length(lines, found) else 0


_KINDS = {
    "from": r"von|absender|from|de|da|expéditeur|van|fra|från",
    "sent": r"gesendet(?: am)?|verschickt|sent|envoyé(?: le)?|inviato|verzonden|sendt|skickat",
    "date": r"datum|date|data|dato",
    "to": r"an|empfänger|to|à|a|pour|cc|bcc|kopie|copie|antwort an|reply-to|répondre à|aan|till?",
    "subject": r"betreff|subject|objet|oggetto|thema|onderwerp|emne|ämne",
}
HEADER = re.compile(
    r"\s*\**\s*(?:" + "|".join(f"(?P<{kind}>{names})" for kind, names in _KINDS.items()) + r")"
    r"\s*(?::\**|\**:)(?P<value>.*)",
    re.IGNORECASE,
)


def _header_length(lines: list[str], i: int) -> int:
    """How many lines from `i` on are the header of a mail, as a program shows it; 0 for none.

    A header names who wrote, and two more of: when, to whom, about what; an address, or a number
    with a subject or the word "Gesendet", tell it from a list of the writer's own.
    """
    kinds: set[str] = set()
    end, missed, has_address, is_dated = i, 0, False, False
    for j in range(i, min(i + 10, len(lines))):
        found = HEADER.match(lines[j]) if len(lines[j]) <= LONGEST_LINE else None
        if found:
            kinds.add(kind := header_kind(found))
            has_address = has_address or "@" in found["value"]
            is_when = kind in {"sent", "date"} and any(map(str.isdigit, found["value"]))
            is_dated = is_dated or is_when
            end, missed = j + 1, 0
        elif lines[j].strip():
            missed += 1
        if missed > 1 or (j == i and not found):
            break
    is_told = has_address or (is_dated and not kinds.isdisjoint({"subject", "sent"}))
    is_header = "from" in kinds and is_told and len(kinds) > (1 if "sent" in kinds else 2)
    return end - i if is_header else 0


def header_kind(found: re.Match[str]) -> str:
    """Return what a line of a shown header tells: from, sent, date, to or subject."""
    return next(kind for kind in _KINDS if found[kind])


_SAID = (
    r"(?:\bschrieb(?! (?:mir|uns|ihm|ihr|ihnen|er|sie|wir|ich|man|dazu)\b)|\bgeschrieben\b|"
    r"\bwrote\b(?! (?:me|us|to)\b)|\ba écrit\b|\bha scritto\b)"
)
_MAIL = r"[<(\[]\s*(?:mailto:)?[^<>@\s]+@[^<>\s]+\s*[>)\]]"
_OPENER = re.compile(
    r"\s*(?:am|on|le|il|den|\d{4}-\d\d-\d\d|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4})\b", re.IGNORECASE
)
_WROTE = re.compile(
    rf"(?:{_OPENER.pattern}.{{3,300}}?(?:{_SAID}|{_MAIL})|"
    r".{2,160}?(?:\bschrieb am\b|\bhat (?:am|um)\b.{4,60}\bgeschrieben\b|\bschrieb\s*:|"
    r"\bwrote (?:on|at)\b|\bwrote\s*:|\ba écrit\b)).{0,160}$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"schr[ie]|wrote|crit|@", re.IGNORECASE)
_SOMEBODY_WROTE = re.compile(r"(?:\S+ ){1,5}(?:schrieb|wrote|a écrit) ?:$", re.IGNORECASE)
_MOMENT = re.compile(r"\d:\d\d|\d{1,2}[./]\s?\d{1,2}[./]\s?\d\d|\d{4}-\d\d-\d\d|@")
# In whatever language: "ср, 30 апр. 2025 г. в 15:19, John Doe <doe@example.com>:"
_CLOCK_AND_MAIL = re.compile(
    rf"\d[:.]\d\d\b(?![.\d]).{{1,200}}{_MAIL}(?:.{{0,40}}:|\s+(?:wrote|schrieb|a écrit)\W?)$"
)
# "Am 9.11.2026 hat er mir geschrieben:" is a story, with the minute it is a program's line.
_IS_STAMPED = re.compile(r"@|olgendes|\d:\d\d(?!.*\b(?:mir|uns|er|sie)\b)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOST_WRAPPED = 4


def _attribution_length(lines: list[str], i: int) -> int:
    """How many lines from `i` on say who wrote the quotation below; 0 for none."""
    line = lines[i]
    if _QUOTED.match(line):
        return 0
    is_broken = i + 1 < len(lines) and lines[i + 1].lstrip().startswith("<")
    may_wrap = is_broken or "@" in line or line.endswith(("<", "(")) or _OPENER.match(line)
    if not may_wrap and not line.endswith(":") and not _WORDS.search(line):
        return 0
    # Mail programs break the long line after 76 characters, also right before its ">:".
    paragraph = list(takewhile(_goes_on, lines[i : i + (_MOST_WRAPPED if may_wrap else 1)]))
    for count in range(1, len(paragraph) + 1):
        joined = " ".join(part.strip() for part in paragraph[:count])
        if len(joined) <= 2 * LONGEST_LINE and _attributes(
            joined, lines[i + count : i + count + 2]
        ):
            return count
    return 0


def _goes_on(line: str) -> bool:
    is_tail = line.endswith(":") and re.match(r">[^>]{0,60}:$", line)
    return bool(line.strip()) and (bool(is_tail) or not _QUOTED.match(line))


def _attributes(line: str, below: list[str]) -> bool:
    """Whether `line` names writer and moment; above a quote the colon may lack."""
    is_above_quote = bool(_QUOTED.match(next(filter(str.strip, below), "")))
    if _CLOCK_AND_MAIL.search(line):
        return True
    if not line.endswith(":"):
        return is_above_quote and _names_writer(line) and bool(_MOMENT.search(line))
    has_digit = any(map(str.isdigit, line))
    if is_above_quote and (_MOMENT.search(line) or (has_digit and _WORDS.search(line))):
        return True
    if is_above_quote and _SOMEBODY_WROTE.match(line):
        return True
    if "geschrieben" in line and not _IS_STAMPED.search(line):
        return False
    return _names_writer(line) and bool(_MOMENT.search(line) or _YEAR.search(line))


def _names_writer(line: str) -> bool:
    return bool(_WORDS.search(line) and _WROTE.match(line))


def _quote_follows(lines: list[str], i: int) -> bool:
    following = next((line for line in lines[i : i + 4] if line.strip()), "")
    return bool(_QUOTED.match(following))


_NOTES_DATE = re.compile(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d\d?:\d\d(?:\s?[AP]M)?\s*$")
_NOTES_TO = re.compile(r"\s*(?:an|to|à|bitte antworten an|please respond to)\s*$", re.IGNORECASE)


def _notes_length(lines: list[str], i: int) -> int:
    """Lotus Notes puts sender, moment and "An" into a table: each becomes a line of its own."""
    if "@" not in lines[i] and "/" not in lines[i]:
        return 0
    near = (j for j in range(i + 1, min(i + 8, len(lines))) if lines[j].strip())
    moment, to = next(near, i), next(near, i)
    is_notes = _NOTES_DATE.match(lines[moment]) and _NOTES_TO.match(lines[to])
    return to - i + 1 if is_notes else 0
