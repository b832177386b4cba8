"""Where the words of a mail end and its signature begins; the closing and the name stay.

The rule: the closing formula stays, and so does the one line below it that holds the name, with
"i. A." and the like; what stands below that, or below "-- ", goes, but for a postscript.
"""

import re

from nachhaken.sources.closing import is_closing, is_name, is_sentence, is_soft_closing
from nachhaken.sources.history import LONGEST_LINE, Lines

_DASHES = re.compile(r"\s*(?:--|—)\s*$")
_SEPARATOR = re.compile(r"\s*(?:[-_=*~–—]\s?){3,}\s*$")
_APP = (
    r"[\w.®'’ -]{0,30}\b(?:i(?:phone|pad|os)|\w*(?:phone|telefon|tablet|handy|gerät)|smartphone\w*|"
    r"galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|motorola|nokia|sony|wiko|honor|oppo|android\w*|"
    r"outlook|windows|mobil\w*|\w*mail|app|blackberry|spark|proton|thunderbird|edison|airmail|"
    r"device|appareil|portable|dispositivo)\b[\w.®'’ -]{0,30}"
)
_DEVICE = (
    r"(?:von mein\w+ [\w.®'’ -]{2,40} (?:gesendet|verschickt|geschickt)|"
    r"(?:gesendet|verschickt|geschickt) (?:von|mit|aus|über|via) (?:mein\w+ [\w.®'’ -]{2,40}|"
    rf"{_APP})|von outlook für \w+ gesendet|"
    rf"diese (?:nachricht|e-?mail) wurde (?:von|mit) {_APP} (?:gesendet|verschickt)|"
    rf"sent (?:(?:from|via|with|using) (?:my|a|an) [\w.®'’ -]{{2,40}}|"
    rf"(?:from|via|with|using) {_APP})|get outlook for \w+|"
    r"hol\w*(?: sie)? (?:sich|dir) outlook für \w+|"
    r"outlook für \w+ (?:beziehen|herunterladen|holen)|"
    r"envoyé (?:de|depuis|à partir de|avec) (?:mon|ma) [\w.®'’ -]{2,40}|"
    rf"envoyé (?:de|depuis|à partir de|avec) {_APP}|"
    r"(?:télécharger|obtenir) outlook pour \w+|inviato da(?:l mio)? [\w ]{2,30})"
)
_DEVICE_LINE = re.compile(rf"\W*{_DEVICE}.{{0,30}}$", re.IGNORECASE)
_DEVICE_TAIL = re.compile(
    r"(?<=[.!?)])\s+(?:von mein\w+ [\w -]{2,30} gesendet|gesendet von mein\w+ [\w -]{2,30}|"
    r"sent from my [\w -]{2,30}|envoyé de mon [\w -]{2,30})\W*$",
    re.IGNORECASE,
)
_LINK = re.compile(r"<https?:[^<>]*>|\(https?:[^()]*\)")
_GREETING = re.compile(
    r"\W*(?:hallo|hi|hey|servus|moin|grüß\s*gott|gruess gott|grüezi|guten\s|sehr geehrte|liebe|"
    r"lieber|werte|dear|hello|good (?:morning|day)|bonjour|buongiorno)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"\W*(?:p\.?\s?p?\.?s\b|n\.?b\b[.:]|nachtrag|ach ja|ach so|übrigens|noch (?:et)?was|noch eine|"
    r"eine frage noch|was ich vergessen|by the way|btw\b|one more thing)",
    re.IGNORECASE,
)
_REACHED = (
    r"@\w|\bwww\.|https?://|\b(?:tel|telefon|phone|fon|mobil|mobile|handy|cell|fax|telefax)\b"
    r"\W*[\d+(:.]|\+\d{1,3}[\d\s()/.-]{6,}|^\W*0\d{2,4}[\s/-]\d|^\W*[TMF]\W+[+\d]"
)
_REACHED_AT = re.compile(_REACHED, re.IGNORECASE)
_CONTACT = re.compile(
    _REACHED + r"|\b(?:gmbh|kg|ohg|gbr|e\.\s?k|ag|ug|sàrl|ltd)\b|\b\d{4,5} [A-ZÄÖÜ]\w+|"
    r"(?:straße|strasse|str\.|weg|platz|gasse)\s\d+|\b(?:amtsgericht|handelsregister|hrb|ust-?id|"
    r"steuernummer|geschäftsführer\w*|iban|bic)\b",
    re.IGNORECASE,
)
_PRIVATE = (
    r"(?:vertraulich|privilegiert|rechtlich geschützt|confidential|privileged|confidentiel|"
    r"(?:ausschließlich|ausschliesslich|nur|allein) .{0,80}\bbestimmt|intended (?:solely|only|for))"
)
_MAIL_WORD = r"(?:e-?mail|nachricht|mail|message|communication|mitteilung)"
_SMALL_PRINT = re.compile(
    rf"\W*(?:p )?(?:(?:wichtiger hinweis|hinweis|disclaimer|notice|important)\W{{1,3}}.{{0,160}}"
    rf"(?:{_PRIVATE}|\b(?:diese|this) {_MAIL_WORD})|"
    rf"(?:diese|this|der inhalt dieser|die informationen in dieser|the (?:information|content\w*))"
    rf"\b.{{0,40}}\b{_MAIL_WORD}.{{0,120}}{_PRIVATE}|"
    rf"(?:diese|this) e-?mail (?:kann|enthält|may|contains) .{{0,60}}{_PRIVATE}|"
    rf"der austausch von {_MAIL_WORD}\w* (?:via|per|mittels|mit)\b|"
    rf"(?:sollten|falls|wenn) sie (?:nicht der|diese {_MAIL_WORD}).{{0,60}}(?:empfänger|adressat|"
    r"irrtümlich|versehentlich)|if you (?:are not the intended|have received this)|"
    rf"ce (?:message|courriel)\b.{{0,80}}(?:confidentiel|destiné exclusivement)|"
    r"(?=.*(?:mail|nachricht|umwelt))(?:bitte )?(?:denken|prüfen|überlegen|überprüfen) sie\b.{0,60}"
    r"(?:umwelt\b|\bausdruck\w*|\bausgedruckt|\bdruck\w*)|"
    r"please (?:consider the environment|think before)|think before you print|"
    r"pensez à l['’]environnement|"
    r"(?:haftungsausschluss|disclaimer|vertraulichkeitshinweis\w*)\W*$|"
    r"(?:informationen|hinweise) (?:zum|zu unserem|zur) (?:datenschutz|datenverarbeitung)"
    r"\b.{0,60}(?:www|http|finden sie)|"
    r"datenschutz(?:hinweis|erklärung|information)\w*\W*(?:$|\w*://|www|finden sie)|"
    r"virenfrei|virus-free|(?:diese|this) .{0,40}(?:auf viren|for viruses|antivirus))",
    re.IGNORECASE,
)
_BY_ORDER = re.compile(r"(?:i\.?\s?[av]|ppa?|gez|p\.?\s?o|per pro)\.?", re.IGNORECASE)
# "Lieferadresse: ...", "Ansprechpartner vor Ort: ..." is what the mail wants to say.
_INTRODUCED = re.compile(
    r"\W*(?:liefer|rechnungs|bau|ansprech|kontakt|neue|unsere|adress|bitte|anbei|hier|zuständig)"
    r"[\w ]*:?",
    re.IGNORECASE,
)
_LONGEST_CARD_LINE = 60


def without_signature(stretch: Lines, *, is_said: bool = False) -> Lines:
    """Return the lines up to closing and name, with any postscript after them.

    `is_said`: the writer said something further up, so that the stretch may be all signature.
    """
    lines = {i: _without_device_tail(line) for i, line in stretch.items()}
    numbers = list(lines)
    end = _end(lines, numbers, is_said=is_said)
    kept = [*numbers[:end], *_postscripts(lines, numbers[end:])]
    return {i: lines[i] for i in kept if not _is_device(lines[i])}


def _is_device(line: str) -> bool:
    if len(line) > LONGEST_LINE:
        return False
    return bool(_DEVICE_LINE.match(_LINK.sub("", line) if "http" in line else line))


def _without_device_tail(line: str) -> str:
    start = max(0, len(line) - 80)
    tail = _DEVICE_TAIL.search(line, start)
    return line[: tail.start()] if tail else line


def says_something(lines: Lines) -> bool:
    """Whether there are more words than a greeting."""
    return any(line.strip() and not _GREETING.match(line) for line in lines.values())


def _end(lines: Lines, numbers: list[int], *, is_said: bool) -> int:
    """The place in `numbers` where signature or small print begin."""
    closings = {place for place, i in enumerate(numbers) if is_closing(lines[i])}
    last_closing = max(closings, default=-1)
    for place, i in enumerate(numbers):
        line = lines[i]
        is_last = place > last_closing
        if is_said and _is_mark(lines, numbers[place : place + 7], is_last=is_last):
            return _card_start(lines, numbers[:place])
        if is_said and is_last and _SMALL_PRINT.match(line[:LONGEST_LINE]):
            return _card_start(lines, numbers[:place])
        if is_said and (place in closings or is_soft_closing(line)):
            end = _name_end(lines, numbers, place)
            if _closes(lines, numbers[place:end], numbers[end:], is_soft=place not in closings):
                return end
        elif line.strip() and not _GREETING.match(line):
            is_said = True
    return _card_start(lines, numbers)


def _is_mark(lines: Lines, numbers: list[int], *, is_last: bool) -> bool:
    """Two dashes or a telephone's line end a mail, a row of dashes only above a card.

    `is_last`: no closing formula stands further below, as it would below a row in a text.
    """
    line = lines[numbers[0]]
    if _DASHES.match(line) or _is_device(line):
        return True
    if not is_last or not _SEPARATOR.match(line[:LONGEST_LINE]):
        return False
    below = (lines[i][:LONGEST_LINE] for i in numbers[1:])
    words = (text for text in below if not _SEPARATOR.match(text))
    return any(_CONTACT.search(text) or _SMALL_PRINT.match(text) for text in words)


def _closes(lines: Lines, closing: list[int], below: list[int], *, is_soft: bool) -> bool:
    """Whether the mail ends with `closing`: a mere "Danke" needs a name, and nothing said below.

    Where no name stands below a formula, a sentence there is what the writer still had to say.
    """
    is_named = len(closing) > 1 or is_closing(lines[closing[0]], named=True)
    next_line = next((lines[i] for i in below if lines[i].strip()), "")
    says_more = is_sentence(next_line) and not _is_foot(next_line)
    return is_named and not says_more if is_soft else is_named or not says_more


def _is_foot(line: str) -> bool:
    head = line[:LONGEST_LINE]
    return bool(_CONTACT.search(head) or _SMALL_PRINT.match(head) or _POSTSCRIPT.match(head))


def _name_end(lines: Lines, numbers: list[int], closing: int) -> int:
    """The place after the name below the closing; the closing's own where no name follows."""
    if is_closing(lines[numbers[closing]], named=True):
        return closing + 1
    for place in range(closing + 1, min(closing + 6, len(numbers))):
        line = lines[numbers[place]].strip()
        if line and not _BY_ORDER.fullmatch(line):
            return place + 1 if _may_be_name(line) else closing + 1
    return closing + 1


def _may_be_name(line: str) -> bool:
    is_other = _POSTSCRIPT.match(line) or _SMALL_PRINT.match(line) or _REACHED_AT.search(line)
    return is_name(line) and not is_other


def _postscripts(lines: Lines, numbers: list[int]) -> list[int]:
    start = next((n for n, i in enumerate(numbers) if _POSTSCRIPT.match(lines[i][:80])), None)
    if start is None:
        return []
    rest = numbers[start:]
    length = next((n for n, i in enumerate(rest) if not lines[i].strip()), len(rest))
    return [*_blank_above(lines, numbers[:start]), *rest[:length]]


def _blank_above(lines: Lines, numbers: list[int]) -> list[int]:
    return [i for i in numbers[-1:] if not lines[i].strip()]


def _card_start(lines: Lines, numbers: list[int]) -> int:
    """Where the last paragraphs are a card of contact, their place; else the end."""
    end = len(numbers)
    while True:
        start = _paragraph_start(lines, numbers[:end])
        paragraph = [lines[i] for i in numbers[start:end] if lines[i].strip()]
        if start == 0 or not _is_card(paragraph, above=_last_words(lines, numbers[:start])):
            return end
        end = start + 1 if _is_named_card(lines[numbers[start]]) else start


def _paragraph_start(lines: Lines, numbers: list[int]) -> int:
    """The place of the first line of the last paragraph."""
    end = len(numbers)
    while end and not lines[numbers[end - 1]].strip():
        end -= 1
    blank = (n for n in range(end - 1, -1, -1) if not lines[numbers[n]].strip())
    return next(blank, -1) + 1


def _last_words(lines: Lines, numbers: list[int]) -> str:
    return next((lines[i] for i in reversed(numbers) if lines[i].strip()), "")


def _is_named_card(line: str) -> bool:
    return _may_be_name(line) and not _CONTACT.search(line)


def _is_card(paragraph: list[str], *, above: str) -> bool:
    """Whether a paragraph tells where to reach the writer; not where the writer introduces it."""
    is_told = above.endswith(":") or bool(paragraph and _INTRODUCED.match(paragraph[0]))
    if not paragraph or is_told or any(len(line) > LONGEST_LINE for line in paragraph):
        return False
    contacts = sum(bool(_CONTACT.search(line)) for line in paragraph)
    is_short = all(
        len(line) <= _LONGEST_CARD_LINE and line.rstrip()[-1] not in ".?!" for line in paragraph
    )
    return len(paragraph) > 1 and contacts > 0 and (is_short or 2 * contacts >= len(paragraph))
