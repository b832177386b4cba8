"""From an offer or a letter to what its template prints: words and numbers as they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from nachhaken.desk.letterhead import Letterhead
from nachhaken.desk.pages_offers import OfferPaper, PaperLine
from nachhaken.desk.paper_words import FIXED, Tongue, grouped, tongue_of

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper:
    """A letter as it is printed; `text` has greeting and ending of its own."""

    date: date
    recipient: tuple[str, ...]
    subject: str
    text: str
    language: str = "de"
    region: str = "DE"
    sender: str = ""


def offer_data(paper: OfferPaper, letterhead: Letterhead) -> Data:
    """Return the data of `offer.typ`."""
    tongue = tongue_of(paper.language, paper.currency)
    words = tongue.words
    title = f"{words['offer']} {paper.number}".strip()
    return _sheet(tongue, letterhead, paper.date, paper.recipient) | {
        "title": f"{title}: {paper.title}" if paper.title else title,
        "running": " · ".join(filter(None, (title, paper.recipient[0] if paper.recipient else ""))),
        "subject": paper.title or title,
        "facts": _facts(paper, tongue),
        "salutation": paper.greeting,
        "opening": paper.opening,
        "closing": paper.closing,
        "author": paper.sender,
        "sum": f"{words['sum']} {'€' if paper.currency == 'EUR' else paper.currency}",
        "lines": _lines(paper, tongue),
        "sums": list(_sums(paper, tongue)),
        "notes": list(_notes(paper, letterhead, tongue)),
    }


def letter_data(paper: LetterPaper, letterhead: Letterhead) -> Data:
    """Return the data of `letter.typ`."""
    swiss = paper.language == "de" and paper.region.startswith("CH")
    tongue = tongue_of("de-CH" if swiss else paper.language, "EUR")
    words = tongue.words
    facts = [(words["date"], tongue.day(paper.date)), (words["by"], paper.sender)]
    return _sheet(tongue, letterhead, paper.date, paper.recipient) | {
        "title": paper.subject or letterhead.name,
        "running": " · ".join(filter(None, (paper.subject, *paper.recipient[:1]))),
        "subject": paper.subject,
        "facts": _given(facts),
        "text": paper.text,
    }


def _sheet(tongue: Tongue, letterhead: Letterhead, on: date, recipient: tuple[str, ...]) -> Data:
    return {
        "lang": tongue.language,
        "region": tongue.region,
        "words": tongue.words,
        "day": [on.year, on.month, on.day],
        "date": tongue.day(on),
        "recipient": list(recipient),
        "letterhead": _head(letterhead, tongue),
    }


def _head(own: Letterhead, tongue: Tongue) -> Data:
    address = own.address.split("\n") if own.address else []
    place = [line.strip() for line in address if line.strip()]
    words = tongue.words
    numbered = (
        (own.tax_number, f"{words['tax_number']} {own.tax_number}"),
        (own.vat_id, f"{words['vat_id']} {own.vat_id}"),
        (own.iban, f"IBAN {grouped(own.iban)}"),
        (own.bic, f"BIC {own.bic}"),
    )
    tax, vat, iban, bic = (text.replace(" ", FIXED) if value else "" for value, text in numbered)
    foot = (
        (own.name, *place),
        (own.bank, iban, bic),
        (tax, vat, own.register, own.directors),
    )
    return {
        "name": own.name,
        "line": own.line,
        "logo": None,
        "accent": own.accent,
        "sender": " · ".join(filter(None, (own.name, *place))),
        "contact": [line for line in (*place, own.phone, own.mail, own.web) if line],
        "foot": [lines for part in foot if (lines := [line for line in part if line])],
    }


def _facts(paper: OfferPaper, tongue: Tongue) -> list[tuple[str, str]]:
    words = tongue.words
    return _given(
        [
            (words["number"], paper.number),
            (words["version"], str(paper.version) if paper.version > 1 else ""),
            (words["date"], tongue.day(paper.date)),
            (words["until"], tongue.day(paper.valid_until) if paper.valid_until else ""),
            (words["by"], paper.sender),
        ]
    )


def _given(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in facts if value]


def _lines(paper: OfferPaper, tongue: Tongue) -> list[Data]:
    usual = _usual_rate(paper)
    lines, carried = [], 0
    for place, line in enumerate(paper.positions, 1):
        carried += 0 if line.is_optional else line.cents
        name, _, details = line.text.strip().partition("\n")
        rate = "" if line.vat_permille in (None, usual) else tongue.rate(line.vat_permille or 0)
        lines.append(
            {
                "place": str(place),
                "name": name.strip(),
                "details": details.strip(),
                "optional": line.is_optional,
                "quantity": _quantity(line, tongue),
                "price": tongue.plain(line.unit_cents),
                "sum": tongue.plain(line.cents),
                "rate": tongue.words["vat_line"].format(rate=rate) if rate else "",
                "carried": tongue.plain(carried),
            }
        )
    return lines


def _usual_rate(paper: OfferPaper) -> int | None:
    """Return the rate that need not be said line by line: that of most of the money."""
    vat = paper.totals.vat if paper.totals else ()
    return max(vat, key=lambda line: line.net_cents).permille if vat else None


def _quantity(line: PaperLine, tongue: Tongue) -> str:
    return f"{tongue.number(line.quantity)}{FIXED}{line.unit}".strip()


def _sums(paper: OfferPaper, tongue: Tongue) -> Iterator[tuple[str, str]]:
    totals, words = paper.totals, tongue.words
    if totals is None:
        return
    yield words["net"], tongue.money(totals.net_cents, paper.currency)
    if totals.gross_cents is None:
        return
    for line in totals.vat:
        name = words["vat_one" if len(totals.vat) == 1 else "vat"]
        net = tongue.money(line.net_cents, paper.currency)
        said = name.format(rate=tongue.rate(line.permille), net=net)
        yield said, tongue.money(line.vat_cents, paper.currency)
    if totals.rounding_cents:
        yield words["rounding"], tongue.money(totals.rounding_cents, paper.currency)
    yield words["gross"], tongue.money(totals.gross_cents, paper.currency)


def _notes(paper: OfferPaper, own: Letterhead, tongue: Tongue) -> Iterator[str]:
    totals, words = paper.totals, tongue.words
    if any(line.is_optional for line in paper.positions):
        yield words["optional_note"]
    if totals and totals.gross_cents is None:
        yield words["net_only"]
    if totals and totals.vat_cents == 0 and own.vat_note:
        yield own.vat_note
    if paper.valid_until:
        yield words["validity"].format(day=tongue.day(paper.valid_until))
