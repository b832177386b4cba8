"""The condition: the shortest piece of a reply that names what must have happened or changed."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition at `[start:end]` of the folded text; `is_term` where we are to fulfil it."""

    start: int
    end: int
    is_term: bool


# Could a stranger check it by looking at the world? These stems say yes.
_CHECKABLE = (
    r"budget|haushalt|foerder|freigab|freigegeb|freigib|genehmig|bewillig|zusage|bescheid\b|sitzung|gremium"
    r"|gemeinderat|stadtrat|vorstand|aufsichtsrat|beirat|versammlung|beschl|abstimm|zustimm|unterschr|unterzeichn"
    r"|messe\b|umzug|umgezogen|eingezogen|einzug|umbau|neubau|rohbau|baustelle|fusion|uebernahme|audit|inventur"
    r"|jahresabschluss|abschluss|steuerberater|bilanz|vertrag|leasing|laufzeit|kuendig|projekt\b|pilot|testphase"
    r"|geschaeftsfuehr|chef|nachfolg|kolleg|zurueck|wieder da|stelle\b|besetzt|eingestellt|betriebsrat|saison"
    r"|ernte|lieferung|geliefert|anlage|maschine|migration|umstellung|go-?live|release|eroeffn|betriebsferien"
    r"|einverstanden|abgeben|abgeliefert|verkauft|hochzeit|geburt|operation|reha|versicherung|gutachten|bank\b|kredit|finanzier|notar|kaufvertrag|ausschreibung"
    r"|zahlen vor|zahlen da|ergebnis|quartalszahlen|wahl|pruefung|zertifi|statik|bauantrag|baugenehm|auftrag vom"
    r"|board|approv|budget|funding|signed|contract|expire|hire|release|permit|audit|trade (?:show|fair)|merger|move"
    r"|fiscal year|financial year|planning permission|new (?:ceo|cfo|manager|head)|back from|council|grant"
)
_VAGUE = (
    r"ruhiger|so weit sind|soweit sind|mehr zeit|luft\b|zeit habe|passt|bedarf|interesse|brauche|quieter|ready"
    r"|things (?:settle|calm)|fragen|moeglich|was aendert|was tut|neuigkeiten|dazu komme|lust"
)
_END = r"(?=\s*(?:(?<!\d)[,;.!?)]\s|[,;.!?)]?\s*$|\n\s*\n|, | - | und (?:dann|das)| rufen | melden | nehmen | ist | kann | kommen | dann ))"
_BODY = r"[^,;!?\n]{3,110}?"
_CLAUSE = (
    r"\b(?:sobald|wenn(?! (?:sie|du|ihr|wir beim)\b)|falls|solange?|nachdem|bevor nicht|bis(?= (?:der|die|das|unser|wir|ich|es)\b)"
    r"|once|as soon as|until|when|after)\s+"
)
_NOUN = r"\bnach (?:der|dem|den|unserer|unserem|unseren|seiner|ihrer|abschluss|fertigstellung|erteilung)\s*"
_WAIT = r"\b(?:warten? (?:ich |wir )?(?:derzeit |aktuell |gerade )?(?:immer )?(?:noch )?auf|waiting (?:for|on)|pending)\s+"
_MUST = (
    r"\b(?:muss|muessen)\s+(?:erst |noch |vorher |zuerst )*[^,;.!?\n]{3,60}?"
    r"(?:zustimmen|entscheiden|freigeben|genehmigen|beschliessen|absegnen|unterschreiben|bewilligen|abstimmen)\b"
    r"|(?:(?<=\berst )|(?<=\bzuerst )|(?<=\bvorher ))(?:muss|muessen)\s+[^,;.!?\n]{4,90}(?=[,;.!?\n]|$)"
    r"|\b(?:board|council|committee)\s+(?:has to|needs to|must)\s+[^,;.!?\n]{3,40}"
)
_TERM = (
    r"\b(?:wenn|sofern|falls|vorausgesetzt)\s+(?:sie|du|ihr|wir)\b[^,;.!?\n]{4,100}?(?=[,;.!?\n]|$| sind (?:wir|ma) | dann | kommen wir | machen wir | nehmen wir )"
    r"|\b(?:if|provided) (?:you|we)\b[^,;.!?\n]{4,100}?(?=[,;.!?\n]|$)"
)


def find_condition(folded: str) -> Condition | None:
    """The condition that a folded text names, or None; checkable ones before our own terms."""
    for pattern in _checkable():
        for match in pattern.finditer(folded):
            if _is_checkable(match[0]):
                return Condition(match.start(), match.end(), is_term=False)
    term = _term().search(folded)
    return Condition(term.start(), term.end(), is_term=True) if term else None


def _is_checkable(piece: str) -> bool:
    return _stems().search(piece) is not None and _vague().search(piece) is None


@cache
def _checkable() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(_WAIT + _BODY + _END),
        re.compile(_CLAUSE + _BODY + _END),
        re.compile(_MUST),
        re.compile(
            _NOUN
            + r"[^,;.!?\n]{3,50}?(?=\s(?:melde|rufe?n?|koennen|ist|sehen|gern|bitte|am|im|wieder)|[,;.!?\n]|$)"
        ),
    )


@cache
def _stems() -> re.Pattern[str]:
    return re.compile(_CHECKABLE)


@cache
def _vague() -> re.Pattern[str]:
    return re.compile(_VAGUE)


@cache
def _term() -> re.Pattern[str]:
    return re.compile(_TERM)
