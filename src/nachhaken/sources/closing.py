"""The formulas that close a mail, and the names below them."""

import re

_GREETINGS = (
    r"es gr(?:ü|ue)(?:ß|ss)(?:t|en)|\w*gr(?:üe?|ue?)(?:ß|ss)(?:e|en|le|li|la)?|"
    r"mfg|m\.f\.g\.?|mbg|vg|lg|bg|hg|glg|vlg|"
    r"hochachtungsvoll|hochachtung|servus|pfiat\w*|ciao|tschüss|tschau|ad(?:e|ieu)|"
    r"regards|best wishes|all the best|cheers|sincerely|yours (?:sincerely|faithfully|truly)|"
    r"cordialement|cdlt|salutations|amicalement|amitiés|bien à vous|saluti|cordialmente|"
    r"groet(?:en|jes)?|hilsen(?:er)?"
)
_CLOSING = re.compile(
    r"\W*(?:(?:vielen|besten|herzlichen|lieben|schönen|1000|tausend)\s+)?"
    r"(?:(?:dank\w*|merci|thanks)\W+(?:(?:und|&|and)\s+)?)?"
    r"(?:(?:mit|in diesem sinne|bis \w+|avec nos|with)\W+)?(?:(?:\w+\W+){0,4}?)"
    rf"(?:{_GREETINGS})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
# "In Erwartung Ihrer Antwort verbleibe ich mit freundlichen Grüßen", "Schöne Tage wünscht"
_LONG_CLOSING = re.compile(
    r".{0,70}\b(?:(?:mit|und) (?:\w+en )?gr(?:ü|ue)(?:ß|ss)en|wünsch(?:t|en))(?P<rest>)\W*$",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"\W*(?:(?:vielen|besten|herzlichen|lieben|schönen)\s+dank\b.{0,30}|dank\w*|merci|thx|thanks|"
    r"(?:many thanks|thank you)(?: in advance| very much)?|danke (?:dir|ihnen|euch|schön|vielmals)|"
    r"best|beste|herzlich(?:st)?(?: aus .{2,20})?|liebst|nichts für ungut|alles (?:gute|liebe)|"
    r"(?:bis|auf) (?:dann|bald|später|morgen|wiedersehen|wiederhören|\w+tag)|à bientôt|"
    r"bonne journée|schönen? .{0,12}(?:tag|abend|woche|wochenende|feierabend)(?: noch)?|"
    r"bis [\w. ]{2,20}|auf (?:eine )?gute zusammenarbeit|guten rutsch.{0,20}|speak soon|"
    r"see you.{0,15}|"
    r"(?:wir )?(?:hören|sehen|sprechen|lesen) (?:wir )?uns.{0,12}|"
    r"have a \w+ (?:day|evening|weekend)|"
    r"merci d['’]avance|belle journée|bises|à (?:plus|très vite)|grazie|ergebenst|"
    r"freundlichst|mit (?:\w+ )?empfehlungen|beste wünsche|b[rg]|kr|rgds|take care|talk soon|"
    r"bleib\w* (?:sie )?gesund|(?:schöne|frohe) (?:weihnachten|feiertage|ostern)|glück auf|"
    r"warmly|ta|bussi|baba|cu|ahoi|(?:ihre?|deine?|eure?|yours))\W*$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\W*(?:gru(?:ß|ss)|[a-z]{2,3}g|ciao|servus|cheers)\b", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:aus|vom?|an|nach|in|im|bis|und|auch|ihre?|deine?|eure?|euer|best|kind|with|from|zum|zur|"
    r"für|auf|bei|unbekannterweise|zurück|nochmal|d[eu]|des|mit|sie|euch|dich|dir|"
    r"ihnen|warm)\b",
    re.IGNORECASE,
)
# "Schöne Grüße an Ihr Team, wir bestellen!" goes on to say something.
_GOES_ON = re.compile(
    r"[!?.]\s+\w{2,}.*\w{2,}[.!?]|\b(?:wir|ich|bitte|we|please|das|es)\b|"
    r"\b(?:ausrichten|bestellen|weitergeben|aus)\W*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S*\w{3,}[.!?]\W*$|(?:\S+\s+){6,}")
_YOURS = re.compile(r"\b(?:[Ii]hre?|[Dd]eine?|[Ee]ure?|[Ee]uer)\s+[A-ZÄÖÜ]\w+")
_LOWER_IN_NAMES = re.compile(
    r"(?:v[ao]n|vom|d(?:e[rnms]?|ie|as)|zum?|und|(?:\w+\.)+\w*|für|aus|i[mn])$",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    r"(?:(?:i\. ?[AV]\.|ppa\.|Mag\.|Dr\.|DI|Dipl\.-Ing\.|Prof\.|Arch\.|Ing\.|\((?:FH|TU)\))\s+)*"
    r"[A-ZÄÖÜ][\w.-]*\s+(?:(?:von|van|de|der|zu|[A-Z]\.)\s+)*[A-ZÄÖÜ][\w’'-]+\s*$"
)
_LONGEST_CLOSING = 90
_LONGEST_NAME = 60
_MOST_WORDS_AFTER = 6
_MOST_WORDS_NAMED = 3
_MOST_WORDS = 8
_MOST_WORDS_LOWER = 2
_LONGEST_LINE_LOOKED_AT = 300


def is_closing(line: str, *, named: bool = False) -> bool:
    """Whether `line` is a formula such as "Mit freundlichen Grüßen"; `named`: one with the name."""
    if len(line) > _LONGEST_CLOSING:
        return False
    found = _CLOSING.match(line) or _LONG_CLOSING.match(line)
    if found is None or _GOES_ON.search(found["rest"]):
        return False
    rest = re.findall(r"[\w.'’-]*\w[\w.'’-]*", found["rest"].partition("(")[0])
    if named:
        if _YOURS.search(found["rest"]):
            return True
        is_few = 0 < len(rest) <= _MOST_WORDS_NAMED and not _NO_NAME.match(rest[0])
        return is_few and (rest[0][0].isupper() or (len(rest) == 1 and bool(_SHORT.match(line))))
    return len(rest) <= _MOST_WORDS_AFTER


def is_soft_closing(line: str) -> bool:
    """Whether `line` closes a mail if a name stands below it, such as "Danke" or "Herzlich,"."""
    return len(line) <= _LONGEST_NAME and bool(_SOFT.match(line))


def is_name(line: str) -> bool:
    """Whether `line` may be the name of who signs: short, no digits, no address, no sentence."""
    words = line.split()
    if not may_sign(line) or len(words) > _MOST_WORDS:
        return False
    is_lower = (word[0].islower() and not _LOWER_IN_NAMES.match(word) for word in words)
    return len(words) <= _MOST_WORDS_LOWER or not any(is_lower)


def may_sign(line: str) -> bool:
    """Whether `line` may stand for a name right below a formula: "euer team vom gasthof" too."""
    is_plain = len(line) <= _LONGEST_NAME and not re.search(r"[\d@?!:]|\w{4,}\.$", line)
    return is_plain and any(map(str.isalpha, line)) and not is_sentence(line)


def is_full_name(line: str) -> bool:
    """Whether `line` is a first and a last name, perhaps with "i. A." or a title before them."""
    return len(line) <= _LONGEST_NAME and bool(_FULL_NAME.match(line))


def is_sentence(line: str) -> bool:
    """Whether `line` says something, rather than naming somebody or where to find them."""
    return bool(_SENTENCE.match(line[:_LONGEST_LINE_LOOKED_AT]))
