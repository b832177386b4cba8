"""The vocabularies of a reading in words: German and English, for pages and the terminal."""

from collections.abc import Mapping

from nachhaken.reading.values import Doubt
from nachhaken.terms import Intent, NoReason, Signal

Pair = tuple[str, str]

INTENTS: Mapping[Intent, Pair] = {
    Intent.YES: ("Zusage", "a yes"),
    Intent.ENGAGED: ("will weiterkommen", "wants to move on"),
    Intent.STALLED_NAMED: ("stockt, mit Grund", "stalled, with a reason"),
    Intent.LATER_VAGUE: ("später, ohne Grund", "later, no reason given"),
    Intent.NONCOMMITTAL: ("unverbindlich", "noncommittal"),
    Intent.NO: ("Absage", "a no"),
    Intent.REQUOTE: ("will noch ein Angebot", "wants another offer"),
    Intent.OPT_OUT: ("kein Kontakt mehr", "no more contact"),
    Intent.REFERRAL: ("verweist weiter", "refers to somebody"),
    Intent.AUTO_REPLY: ("automatische Antwort", "automatic reply"),
    Intent.OTHER: ("anderes Thema", "another matter"),
}
NO_REASONS: Mapping[NoReason, Pair] = {
    NoReason.PRICE: ("Preis", "price"),
    NoReason.COMPETITOR: ("Mitbewerber", "competitor"),
    NoReason.NO_NEED: ("kein Bedarf", "no need"),
    NoReason.NO_BUDGET: ("kein Budget", "no budget"),
    NoReason.TIMING: ("Zeitpunkt", "timing"),
    NoReason.INTERNAL: ("intern gelöst", "solved internally"),
    NoReason.COMPARISON_ONLY: ("nur Vergleich", "comparison only"),
    NoReason.TRUST_FIT: ("Vertrauen, Passung", "trust or fit"),
    NoReason.UNKNOWN: ("Grund unbekannt", "reason unknown"),
}
SIGNALS: Mapping[Signal, Pair] = {
    Signal.DISRESPECT: ("im Ton verletzend", "disrespectful"),
    Signal.PRICE_PRESSURE: ("drückt den Preis", "presses on price"),
    Signal.EXCESSIVE_DEMAND: ("verlangt sehr viel", "demands a lot"),
    Signal.FREE_WORK: ("will Vorarbeit umsonst", "wants free work"),
    Signal.APPRECIATION: ("wertschätzend", "appreciative"),
    Signal.OPENNESS: ("offen", "open"),
    Signal.URGENCY: ("eilig", "urgent"),
}
DOUBTS: Mapping[Doubt, Pair] = {
    Doubt.EMPTY: (
        "Es steht kein eigener Text darin.",
        "It holds no text of its own.",
    ),
    Doubt.WORDLESS: (
        "Es stehen nur Zeichen oder Zahlen darin, kein Wort.",
        "It holds only signs or numbers, not a word.",
    ),
    Doubt.UNREADABLE: (
        "Die Schrift ging unterwegs verloren.",
        "Its letters were lost on the way.",
    ),
    Doubt.FOREIGN: (
        "Sie ist weder deutsch noch englisch.",
        "It is neither German nor English.",
    ),
    Doubt.CLOSE: (
        "Zweierlei passt fast gleich gut.",
        "Two things fit about equally well.",
    ),
}
