"""What the words in an offer table mean: status, reason of a no, region."""

from enum import StrEnum

from nachhaken.sources.cells import Cell, text_of
from nachhaken.sources.headers import folded
from nachhaken.sources.profiles import Stage
from nachhaken.terms import NoReason
from nachhaken.workdays import REGIONS


class OfferStatus(StrEnum):
    """How an offer stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


def status_of(cell: Cell) -> OfferStatus | None:
    """Return the status that a cell names; an empty one is open, unknown words are None."""
    word = folded(text_of(cell))
    if not word:
        return OfferStatus.OPEN
    found = (status for status, pieces in _STATUS if any(piece in word for piece in pieces))
    # "Nein, zu teuer": only in front, for "keine Einwände" holds it too.
    return next(found, OfferStatus.LOST if word.startswith("nein") else None)


def stage_of(text: str) -> Stage | None:
    """Return what a stage of a pipeline means by its words; None where they are unknown."""
    word = folded(text)
    status = status_of(text)
    if status in _ENDED:
        return Stage(status.value) if status else None
    if any(piece in word for piece in _NOT_YET):
        return Stage.OPEN
    if any(piece in word for piece in _OFFERED):
        return Stage.OFFERED
    return Stage.OPEN if status else None


def reason_of(cell: Cell) -> NoReason | None:
    """Return the reason that a cell names; None where it is empty or says something else."""
    word = folded(text_of(cell))
    found = (reason for reason, pieces in _REASONS if any(piece in word for piece in pieces))
    return next(found, None) if word else None


def region_of(cell: Cell) -> str:
    """Return the region, "DE-BY", for its code, its part or its name; "" where it is none."""
    text = text_of(cell)
    return _REGIONS.get(folded(text), "")


_ENDED = (OfferStatus.WON, OfferStatus.LOST, OfferStatus.WITHDRAWN)
# "Angebot erstellen" comes before there is one.
_NOT_YET = (
    "erstellen", "vorbereit", "inarbeit", "angefragt", "anforder", "entwurf", "draft", "kalkul",
    "schreiben", "offen",
)  # fmt: skip
_OFFERED = (
    "angebot", "offert", "proposal", "quote", "verhandlung", "negotiation", "contractsent",
    "nachfass", "versendet", "versandt", "verschickt",
)  # fmt: skip

# The first that holds: "kein Auftrag" is no "Auftrag".
_STATUS: tuple[tuple[OfferStatus, tuple[str, ...]], ...] = (
    (OfferStatus.OPEN, ("nochnicht", "nochkein", "nochoffen", "inaussicht", "erwartet")),
    (OfferStatus.WITHDRAWN, ("zurueckgezogen", "storniert", "withdrawn", "cancel", "widerrufen")),
    (
        OfferStatus.LOST,
        (
            "absage", "abgesagt", "abgelehnt", "verloren", "keinauftrag", "nicht", "vergeben",
            "lost", "declined", "rejected", "refused", "abgelaufen", "expired", "nogo", "zuteuer",
        ),
    ),
    (
        OfferStatus.WON,
        (
            "auftrag", "gewonnen", "bestellt", "bestellung", "angenommen", "erteilt", "zusage",
            "zugesagt", "won", "accepted", "ordered", "signed", "approved", "invoiced",
            "abgerechnet",
        ),
    ),
    (
        OfferStatus.OPEN,
        (
            "offen", "open", "versendet", "versandt", "verschickt", "gesendet", "sent", "laufend",
            "entwurf", "draft", "inarbeit", "wart", "pending", "nachfass", "verhandlung", "angebot",
            "negotiation", "qualif", "presentation", "appointment", "decision", "proposal", "neu",
            "new", "followup", "viewed", "gesehen", "offerte",
        ),
    ),
)  # fmt: skip
_REASONS: tuple[tuple[NoReason, tuple[str, ...]], ...] = (
    (NoReason.COMPARISON_ONLY, ("vergleich", "comparison", "drittesangebot")),
    (NoReason.NO_BUDGET, ("budget", "keingeld", "finanz", "funding", "foerder")),
    (NoReason.PRICE, ("preis", "teuer", "price", "expensive", "kosten", "costs")),
    (NoReason.NO_NEED, ("bedarf", "noneed", "erledigt", "entfaellt", "nolonger")),
    (NoReason.INTERNAL, ("intern", "selbst", "eigenleistung", "inhouse", "umorganis")),
    (NoReason.TIMING, ("termin", "timing", "zuspaet", "verschoben", "zeit")),
    (NoReason.TRUST_FIT, ("vertrauen", "trust", "chemie", "passtnicht", "badfit", "fit")),
    (
        NoReason.COMPETITOR,
        ("mitbewerb", "wettbewerb", "konkurren", "anderer", "andere", "vergeben", "competit"),
    ),
    (NoReason.UNKNOWN, ("unbekannt", "unklar", "keineangabe", "sonstig", "unknown", "other")),
)  # fmt: skip

# "BE" is Berlin and Bern: a part alone counts only where one country has it.
_PARTS = [code.partition("-")[2] for code in REGIONS]
_REGIONS = (
    {folded(name): code for code, name in REGIONS.items()}
    | {folded(code): code for code in REGIONS}
    | {
        folded(part): code
        for code, part in zip(REGIONS, _PARTS, strict=True)
        if part.isalpha() and _PARTS.count(part) == 1
    }
)
