"""Mails of the known and of strangers: who is certain is right, and who may be meant is named."""

import csv
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path

import pytest

from nachhaken.sources.known import squeezed
from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.match import (
    Directory,
    KnownOpportunity,
    KnownPerson,
    Match,
    MatchReason,
    concerns,
    match,
    of_headers,
)
from nachhaken.sources.new_text import new_text

MAILS = Path(__file__).parent / "twins" / "mails.csv"
US = "k.brandt@metallbau-brandt.example"
AT = datetime(2026, 11, 24, tzinfo=UTC)

HOUSES = {
    1: "Metallbau Huber GmbH",
    2: "Hans Müller",
    3: "Bergbahn AG",
    4: "Holzbau Lehner GmbH",
    5: "Bristol Engineering Ltd",
    6: "Pension Alpenblick",
    7: "Heinz Müller",
    8: "Stahl Fremdler KG",
}
PEOPLE = (
    (11, 1, "Sabine Keller", "keller@metallbau-huber.example", "+491715551234"),
    (12, 2, "Hans Müller", "mueller.balkon@arcor.de", ""),
    (13, 3, "Urs Zgraggen", "zgraggen@bergbahn.example", "+41446681800"),
    (14, 4, "Maria Lehner", "lehner@holzbau-lehner.example", "+4366280720"),
    (15, 5, "Jane Carter", "carter@bristol-eng.example", "+441174960123"),
    (16, 6, "Rosa Huber", "info@pension-alpenblick.example", ""),
    (17, 7, "Heinz Müller", "heinz@arcor.de", ""),
    (18, 3, "Urs Zgraggen", "urs@zgraggen.example", ""),
)
NUMBERS = {
    1: "AN-2026-114",
    2: "2026-0418",
    3: "OF-77812",
    4: "LH/2026/09-3",
    5: "Q-5531",
    8: "4711",
}


def opportunity(house: int) -> KnownOpportunity:
    numbers = (NUMBERS[house],) if house in NUMBERS else ()
    return KnownOpportunity(
        id=100 + house,
        title=f"Vorhaben {house}",
        offer_numbers=numbers,
        first_at=AT,
        last_at=AT,
        prospect_id=house,
    )


DIRECTORY = Directory(
    own=frozenset({US}),
    people={mail: pk for pk, _house, _name, mail, _phone in PEOPLE},
    opportunities={pk: (opportunity(house),) for pk, house, *_ in PEOPLE},
    strangers=tuple(
        KnownPerson(id=pk, prospect_id=house, name=name, phone=phone)
        for pk, house, name, _mail, phone in PEOPLE
        if pk != 18
    ),
    houses=HOUSES,
    numbers={squeezed(number): (opportunity(house),) for house, number in NUMBERS.items()},
)


def rows() -> list[dict[str, str]]:
    with MAILS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="|"))


def mail_of(row: dict[str, str]) -> MailMessage:
    name, address = parseaddr(row["from"])
    if row["from"].startswith(("Keller, ", "Müller, ")):
        name, _, rest = row["from"].partition(" <")
        address = rest.rstrip(">")
    text = row["text"].replace("\\n", "\n")
    return MailMessage(
        message_id="x@y",
        sent_at=AT,
        sender=Address(name, address.casefold()),
        recipients=(Address("", US),),
        subject=row["subject"],
        in_reply_to="",
        references=(),
        new_text=new_text(text),
        full_text=text,
        automatic=False,
        attachments=(),
    )


def placed(row: dict[str, str]) -> tuple[str, Match]:
    found = match(mail_of(row), DIRECTORY)
    if found.opportunity_id is not None:
        return "certain", found
    return ("doubtful" if found.candidates else "none"), found


def is_right(row: dict[str, str], found: Match) -> bool:
    """Whether it is the house that a person would name, and the person where one is meant."""
    house, _, person = row["who"].partition("/")
    if found.opportunity_id is not None:
        told = {"-": None, "": found.person_id}.get(person) if not person.isdigit() else int(person)
        same = {13: 13, 18: 13}.get(found.person_id or 0, found.person_id)
        return found.opportunity_id == 100 + int(house) and same == told
    return any(one.prospect_id == int(house) for one in found.candidates)


def test_there_are_enough_mails() -> None:
    found = [row["expected"] for row in rows()]
    assert len(found) >= 80
    assert min(found.count(kind) for kind in ("certain", "doubtful", "none")) >= 20


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["note"])
def test_a_mail_is_placed_as_a_person_would(row: dict[str, str]) -> None:
    kind, found = placed(row)
    assert kind == row["expected"]
    assert kind == "none" or is_right(row, found)
    assert all(one.grounds for one in found.candidates if found.is_doubtful)


def test_whoever_decides_by_headers_alone_is_told_why() -> None:
    known = of_headers(
        sender=Address("", "keller@metallbau-huber.example"),
        recipients=[Address("", US)],
        subject="",
        at=AT,
    )
    assert concerns(known, DIRECTORY) is MatchReason.ONLY_OPPORTUNITY
    (row,) = [row for row in rows() if row["note"] == "nobody"]
    assert concerns(mail_of(row), DIRECTORY) is None


def test_precision_and_recall_of_the_certain_ones() -> None:
    weighed = [(row, *placed(row)) for row in rows()]
    certain = [(row, found) for row, kind, found in weighed if kind == "certain"]
    right = sum(row["expected"] == "certain" and is_right(row, found) for row, found in certain)
    assert right == len(certain)
    assert right / sum(row["expected"] == "certain" for row in rows()) >= 0.95
