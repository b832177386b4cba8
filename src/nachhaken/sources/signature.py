"""Where the words of a mail end and its signature begins; the closing and the name stay.

The rule: the closing formula stays, and so does the one line below it that holds the name, with
"i. A." and the like; what stands below that, or below "-- ", goes, but for a postscript.
"""

import re

from nachhaken.sources.card import is_card, is_contact, is_named, is_reached
from nachhaken.sources.closing import is_closing, is_name, is_sentence, is_soft_closing, may_sign
from nachhaken.sources.footer import (
    is_device,
    is_picture,
    is_row,
    is_small_print,
    without_device_tail,
)
from nachhaken.sources.history import Lines

_DASHES = re.compile(r"\s*(?:--|—)\s*$")
_GREETING = re.compile(
    r"\W*(?:hallo|hi|hey|servus|moin|grüß\s*gott|gruess gott|grüezi|guten\s|sehr geehrte|liebe|"
    r"lieber|werte|dear|hello|good (?:morning|day)|bonjour|buongiorno)\b"
    r"[^,.!?]{0,60}[,.!]*\s*$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"\W*(?:p\.?\s?p?\.?s\b|n\.?b\b[.:]|nachtrag|ach ja|ach so|übrigens|noch (?:et)?was|noch eine|"
    r"eine frage noch|was ich vergessen|by the way|btw\b|one more thing)",
    re.IGNORECASE,
)
_BY_ORDER = re.compile(
    r"(?:i\.?\s?[av]|ppa?|gez|p\.?\s?o|per pro|im auftrag|in vertretung)\.?", re.IGNORECASE
)

_BY_ORDER_NAME = re.compile(r"\s*(?:i\.\s?[AV]\.|ppa\.|gez\.)\s*[A-ZÄÖÜ]")
_MOST_WORDS_OF_A_NAME = 3
_NEAR = 7
_FAR = 40


def without_signature(stretch: Lines, *, is_said: bool = False) -> Lines:
    """Return the lines up to closing and name, with any postscript after them.

    `is_said`: the writer said something further up, so that the stretch may be all signature.
    """
    lines = {i: without_device_tail(line) for i, line in stretch.items()}
    numbers = list(lines)
    end = _end(lines, numbers, is_said=is_said)
    kept = [*numbers[:end], *_postscripts(lines, numbers[end:])]
    return {i: lines[i] for i in kept if not (is_device(lines[i]) or is_picture(lines[i]))}


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
        if is_said and _is_mark(lines, numbers[place:], closing=last_closing - place):
            return _card_start(lines, numbers[:place])
        if is_said and is_last and is_small_print(line):
            return _card_start(lines, numbers[:place])
        if is_said and _signs_by_order(line):
            return place + 1
        if is_said and (place in closings or is_soft_closing(line) or _is_by_order(line)):
            is_soft = place not in closings
            end = _name_end(lines, numbers, place, is_soft=is_soft)
            if _closes(lines, numbers[place:end], numbers[end:], is_soft=is_soft):
                return end
        elif line.strip() and not _GREETING.match(line):
            is_said = True
    return _card_start(lines, numbers)


def _is_by_order(line: str) -> bool:
    return bool(_BY_ORDER.fullmatch(line.strip()))


def _signs_by_order(line: str) -> bool:
    return bool(_BY_ORDER_NAME.match(line)) and may_sign(line)


def _is_mark(lines: Lines, numbers: list[int], *, closing: int) -> bool:
    """Two dashes or a telephone's line end a mail, a row of dashes only above a card.

    `closing` is how far below the last closing formula stands: a text goes on between dashes if
    there are sentences above that, and between rows if there is one at all.
    """
    line = lines[numbers[0]]
    if is_device(line):
        return True
    if _DASHES.match(line):
        return not any(is_sentence(lines[i]) for i in numbers[1 : max(1, min(closing, _FAR))])
    if closing > 0 or not is_row(line):
        return False
    below = (lines[i] for i in numbers[1:_NEAR] if not is_row(lines[i]))
    return any(is_contact(text) or is_small_print(text) for text in below)


def _closes(lines: Lines, closing: list[int], below: list[int], *, is_soft: bool) -> bool:
    """Whether the mail ends with `closing`: a mere "Danke" needs a name, and nothing said below.

    Where no name stands below a formula, a sentence there is what the writer still had to say.
    """
    is_named = len(closing) > 1 or is_closing(lines[closing[0]], named=True)
    next_line = next((lines[i] for i in below if lines[i].strip()), "")
    says_more = is_sentence(next_line) and not _is_foot(next_line)
    return is_named and not says_more if is_soft else is_named or not says_more


def _is_foot(line: str) -> bool:
    return is_contact(line) or is_small_print(line) or bool(_POSTSCRIPT.match(line))


def _name_end(lines: Lines, numbers: list[int], closing: int, *, is_soft: bool) -> int:
    """The place after the name below the closing; the closing's own where no name follows."""
    if is_closing(lines[numbers[closing]], named=True):
        return closing + 1
    for place in range(closing + 1, min(closing + 6, len(numbers))):
        line = lines[numbers[place]].strip()
        if line and not _is_by_order(line):
            signs = is_name(line) if is_soft else may_sign(line)
            return place + 1 if signs and not _is_other(line) else closing + 1
    return closing + 1


def _is_other(line: str) -> bool:
    return bool(_POSTSCRIPT.match(line)) or is_small_print(line) or is_reached(line)


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
        if start == 0 or not is_card(paragraph, above=_last_words(lines, numbers[:start])):
            return end
        has_name = is_named(lines[numbers[start]]) and not _is_signed(lines, numbers[:start])
        end = start + 1 if has_name else start


def _is_signed(lines: Lines, numbers: list[int]) -> bool:
    """Whether the text above ends in a name already."""
    line = _last_words(lines, numbers)
    is_short = len(line.split()) <= _MOST_WORDS_OF_A_NAME
    return is_named(line) and is_short and line[0].isupper() and line[-1] not in ".,;"


def _paragraph_start(lines: Lines, numbers: list[int]) -> int:
    """The place of the first line of the last paragraph."""
    end = len(numbers)
    while end and not lines[numbers[end - 1]].strip():
        end -= 1
    blank = (n for n in range(end - 1, -1, -1) if not lines[numbers[n]].strip())
    return next(blank, -1) + 1


def _last_words(lines: Lines, numbers: list[int]) -> str:
    return next((lines[i] for i in reversed(numbers) if lines[i].strip()), "")
