"""What bars a period from being a call-back: names, documents, past things, other people's dates."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from dataclasses import dataclass
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class Place:
    """The folded text around a period: just before, just after, its sentence and the next."""

    before: str
    after: str
    sentence: str
    following: str


_CUES = {
    "contact": r"\bmeld(?:en|e|et|st)\b|\bmeld dich|\b(?:an|zurueck|durch)?ruf(?:en|e|t|ts|st)?\b|\banruf"
    r"|anzurufen|nachfrag|nachzufrag|nachhak|\bhak(?:en|t|e)\b|anklopf|probier|versuch|\bwv\b"
    r"|wiedervorlage|sprech|ansprech|kontakt|telefonier|\bnochmals?\b|noch (?:ein)?mal|\bwieder\b|erneut"
    r"|zukommen|\bcall|\bcontact|in touch|\btry\b|check (?:back|in)|reach out|follow(?:ing)? up"
    r"|touch base|circle back|\bping\b|\bspeak\b|\btalk\b|\bagain\b|vorbeikomm|\btermin\b|\breden\b|gespraech|treffen|zusammensetz|besichtig|vorfuehr|\bdemo\b|\bmeet",
    "decision": r"entscheid|freigegeb|freigabe|sitzung|genehm|beschl|budget|gremium|vorstand"
    r"|decid|decision|board|approv|releas|\bfertig\b|vertrag (?:laeuft|endet)",
    "absence": r"nicht (?:im haus|da\b|im buero|erreichbar|im dienst|am platz)|\bweg\b|abwesen|urlaub|\bferien bis"
    r"|unterwegs|verreist|out of (?:the )?office|travell?ing|\baway\b|on (?:annual |parental |sick )?leave"
    r"|on (?:holiday|vacation)|geschaeftsreise|dienstreise|elternzeit|krankgeschrieben|in kur|\babwesend"
    r"|betriebsferien|geschlossen|\bclosed\b|betriebsurlaub|not (?:be )?available|nicht verfuegbar",
    "return": r"\bzurueck\b|wieder (?:da|hier|im buero|im haus|erreichbar|am platz|im dienst|fuer sie)|\bback\b"
    r"|\breturn",
    "own report": r"\b(?:meld(?:e|en)|ruf(?:e|en)) (?:ich|wir) (?:mich|uns|sie|dich)\b"
    r"|\b(?:wir|ich) (?:meld(?:e|en)|werde[n]?|komme[n]?|gebe[n]?|ruf(?:e|en) sie|sagen?|schicken?)\b"
    r"[^.!?]{0,60}(?:\bmich\b|\buns\b|bescheid|zurueck|auf sie zu|rueckmeld|\ban\b)"
    r"|(?:gebe|geben|sage) (?:ich|wir)(?: ihnen)? bescheid|hoeren (?:sie )?von (?:uns|mir)|\bmeld(?:e|en) (?:mich|uns)\b"
    r"|bekommen sie (?:eine )?(?:antwort|rueckmeldung|bescheid)"
    r"|(?:i'll|we'll|i will|we will|we|i) (?:get back|let you know|be in touch|come back|call you|revert)",
    "meeting": r"termin|treff|telefonier|\banruf|\bruf|besprech|gespraech|vorbei|zusammensetz|\bdemo\b"
    r"|vorfuehr|besichtig|\bcall\b|\bmeet|\bzoom\b|\bteams\b|\bsprechen\b|durchgehen",
    "appointed": r"\b(?:termin|treffen|besichtigung|vorfuehrung|meeting|call)\s+(?:ist )?(?:am |on )?$",
    "otherwise": r"\b(?:sonst|ansonsten|andernfalls|falls nicht|otherwise|if not)\b",
    "work": r"\banfangen|\banzufangen|beginn|\bstart(?:en|et|termin)|loslegen|liefer|montage|montier|einbau|installier"
    r"|einzieh|\bzieh(?:en|t) \w+ ein\b|oeffnet|eroeffn|gueltig|bindefrist|\bzahl|faellig|ueberweis|skonto|abgebucht"
    r"|rechnung|deliver|install|invoice|\bdue\b|valid|spende|baubeginn|ausfuehr|fertig(?:stell| sein)"
    r"|zusichern|angefangen|gebucht|buchen",
    "ask": r"(?:ruf|frag|hak|klopf|sprech|schreib)(?:en|t|e)? (?:sie|mich|uns|s)\b|\bmeld(?:en|e)? (?:sie|dich|s)\b|\bwv\b"
    r"|call (?:me|us|back|again)|please (?:call|try|contact|get)|anruf|melden wuerden|sich (?:\w+ ){0,4}melden",
}
_NAMED = r"(?:\b(?:herrn?|hr\.?|frau|fr\.|mr\.?|mrs\.?|ms\.?|familie|fam\.|firma|fa\.|dr\.|lieber|liebe|hallo|hi)\s+)$"
_DOCUMENT = (
    r"(?:\b(?:vom|dated|datiert|seit|since|letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?|last|of|stand)"
    r"\s+(?:den\s+|dem\s+)?)$"
)
_UNIT_AFTER = r"\s*(?:%|€|\$|euro?\b|chf|uhr|stueck|mm\b|cm\b|m2|qm|kg\b|prozent|stunden|personen|grad|zoll|kw\b|kwh)"
_AGO = r"\bvor\s+(?:etwa |ca\.? |gut |rund )?$"


# A sentence may name many dates; it is searched once for each kind of words.
@lru_cache(maxsize=256)
def says(name: str, text: str) -> bool:
    """Whether a text holds a kind of words that decides what a period near them means."""
    return _compiled(_CUES[name]).search(text) is not None


def is_barred(rule: str, place: Place) -> bool:
    """Whether the period at this place can be no call-back."""
    if _compiled(_NAMED).search(place.before) or _compiled(_UNIT_AFTER).match(place.after):
        return True
    if rule not in {"range", "day range"} and _compiled(_DOCUMENT).search(place.before):
        return True
    if rule == "offset" and _compiled(_AGO).search(place.before):
        return True
    return _is_other_matter(place) or _is_own_report(place)


def _is_other_matter(place: Place) -> bool:
    return says("work", place.sentence) and not says("contact", place.sentence)


def _is_own_report(place: Place) -> bool:
    """The customer promises to come back by then: no leave for us to call."""
    asks = says("otherwise", place.sentence) or says("ask", place.sentence)
    return says("own report", place.sentence) and not asks


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
