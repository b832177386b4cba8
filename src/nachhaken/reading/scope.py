"""Whether a phrase is said of now: not asked, not conditional, not taken back in its clause."""

import re
from functools import cache

from nachhaken.reading.phrases import Hit
from nachhaken.reading.text import sentences
from nachhaken.terms import Intent

# A false yes embarrasses and a false no loses a customer, so these must be said outright.
_GUARDED = {Intent.YES, Intent.NO}
_SHORTEST_QUESTION = 13
# "Im Mai, ja?" asks nothing.
_REQUEST = r"(?:ja|gell|oder|oda|ok|okay|right|gut so|recht so)\s*$"


def said_outright(folded: str, found: list[Hit]) -> list[Hit]:
    """The hits without those of a yes or no that is only asked for, or hangs on an if."""
    return [hit for hit in found if hit.phrase.label not in _GUARDED or _is_said(folded, hit)]


def questions(folded: str) -> list[str]:
    """The sentences of the folded text that ask something of substance."""
    if "?" not in folded:
        return []
    asked = (folded[start:end].strip() for start, end in sentences(folded))
    return [one for one in asked if one.endswith("?") and _is_substance(one)]


def only_asks(folded: str) -> bool:
    """Whether all that a folded text says is asked; a greeting alone says nothing."""
    if "?" not in folded:
        return False
    said = [folded[start:end].strip() for start, end in sentences(folded)]
    said = [one for one in said if len(one) > _SHORTEST_QUESTION]
    return bool(said) and all(one.endswith("?") for one in said)


def is_about_the_deal(question: str) -> bool:
    """Whether a question names what an offer is made of: price, time, scope, warranty, people."""
    return _deal_words().search(question) is not None


def _is_said(folded: str, hit: Hit) -> bool:
    cut = [match.end() for match in _clause_end().finditer(folded, 0, hit.start)]
    lead = folded[cut[-1] if cut else 0 : hit.start]
    after = _clause_end().search(folded, hit.end)
    is_asked = after is not None and after[0].startswith("?")
    return not is_asked and _hedges()[hit.phrase.label].search(lead) is None


def _is_substance(question: str) -> bool:
    return (
        len(question) >= _SHORTEST_QUESTION and re.search(_REQUEST, question.rstrip("? ")) is None
    )


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(r"[,;:.!?]+(?=\s|$)|\n+")


@cache
def _hedges() -> dict[str, re.Pattern[str]]:
    shared = r"ob|wann|bevor|falls|sofern|if|whether|until|before"
    return {
        Intent.YES: re.compile(
            rf"\b(?:{shared}|wenn|sobald|vor (?:der|meiner|unserer|einer)|bis (?:zur|zum|wir|der)"
            r"|bis die|von der|nicht|ned|net|kein\w*|once|when|not|no|warum|welche\w*"
            # "Erst wenn …, können wir bestellen": what may come later is not said now.
            r"|koennen|koennten|koennt|can|could)\b"
        ),
        Intent.NO: re.compile(rf"\b(?:{shared}|sonst|noch|otherwise)\b"),
    }


@cache
def _deal_words() -> re.Pattern[str]:
    return re.compile(
        r"preis|kost|zahl|rabatt|skonto|liefer|montage|garantie|gewaehr|laufzeit|frist|dauer|lang|wann"
        r"|vertrag|angebot|offerte|anbot|bestell|unterschr|inkl|enthalten|inbegriffen|dabei|dazu|moeglich"
        r"|passt|farbe|mass|hoehe|groess|service|wartung|schulung|haft|schuetz|termin|muss |muessen"
        r"|price|cost|pay|includ|warranty|lead time|how (?:long|many|much|soon)|deliver|install"
        r"|start|cover"
    )
