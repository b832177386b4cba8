"""The formulas that close a mail, and the names below them."""

import re

_GREETINGS = (
    r"gr(?:ü|ue|u)(?:ß|ss)(?:e|en|le|li|la)?|gru(?:ß|ss)|mfg|m\.f\.g\.?|mbg|vg|lg|bg|hg|glg|vlg|"
    r"hochachtungsvoll|hochachtung|servus|pfiat\w*|ciao|tschüss|tschau|ad(?:e|ieu)|"
    r"regards|best wishes|all the best|cheers|sincerely|yours (?:sincerely|faithfully|truly)|"
    r"cordialement|salutations|amicalement|bien à vous|saluti"
)
_CLOSING = re.compile(
    r"\W*(?:(?:vielen|besten|herzlichen|lieben|schönen|1000|tausend)\s+)?"
    r"(?:(?:dank\w*|merci|thanks)\W+(?:(?:und|&|and)\s+)?)?"
    r"(?:(?:mit|in diesem sinne|bis \w+|avec nos|with)\W+)?(?:(?:\w+\W+){0,3}?)"
    rf"(?:{_GREETINGS})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"\W*(?:(?:vielen|besten|herzlichen|lieben|schönen)\s+dank\b.{0,30}|dank\w*|merci|thx|thanks|"
    r"(?:many thanks|thank you)(?: in advance| very much)?|danke (?:dir|ihnen|euch|schön|vielmals)|"
    r"best|beste|herzlich|herzlichst|liebst|nichts für ungut|alles (?:gute|liebe)|"
    r"(?:bis|auf) (?:dann|bald|später|morgen|wiedersehen|wiederhören|\w+tag)|à bientôt|"
    r"bonne journée|schönen? .{0,12}(?:tag|abend|woche|wochenende|feierabend)(?: noch)?|"
    r"(?:ihre?|deine?|eure?|yours))\W*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:aus|vom?|an|nach|in|im|bis|und|auch|ihre?|deine?|eure?|euer|best|kind|with|from|zum|zur|"
    r"für|auf|bei|unbekannterweise|zurück|nochmal|d[eu]|des)\b",
    re.IGNORECASE,
)
_LONGEST_CLOSING = 90
_LONGEST_NAME = 60
_MOST_WORDS_AFTER = 6
_MOST_WORDS_NAMED = 3
_MOST_WORDS = 8


def is_closing(line: str, *, named: bool = False) -> bool:
    """Whether `line` is a formula such as "Mit freundlichen Grüßen"; `named`: one with the name."""
    found = _CLOSING.match(line) if len(line) <= _LONGEST_CLOSING else None
    if found is None:
        return False
    rest = re.findall(r"[\w.'’-]*\w[\w.'’-]*", found["rest"])
    if named:
        return 0 < len(rest) <= _MOST_WORDS_NAMED and not _NO_NAME.match(rest[0])
    return len(rest) <= _MOST_WORDS_AFTER


def is_soft_closing(line: str) -> bool:
    """Whether `line` closes a mail if a name stands below it, such as "Danke" or "Herzlich,"."""
    return len(line) <= _LONGEST_NAME and bool(_SOFT.match(line))


def is_name(line: str) -> bool:
    """Whether `line` may be the name of who signs: short, no digits, no address, no sentence."""
    words = line.split()
    is_plain = len(line) <= _LONGEST_NAME and not re.search(r"[\d@|?!:]|\w{4,}\.$", line)
    return is_plain and any(map(str.isalpha, line)) and len(words) <= _MOST_WORDS
