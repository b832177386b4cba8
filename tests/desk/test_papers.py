"""The paper of an offer: what may go out, what it says, what it comes to."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nachhaken.desk import commands
from nachhaken.desk.documents import keep_document
from nachhaken.desk.models import Document, Opportunity, User
from nachhaken.desk.offering import draft_in_work
from nachhaken.desk.papers import (
    document_of,
    missing_in,
    offer_sent_of,
    paper_of,
    rows_of,
)
from tests import cast
from tests.cast import NOW
from tests.desk.offered import DAY, RAILING, send, sent, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"positions": []}, "braucht einen Betrag"),
        ({"positions": rows_of((replace(RAILING, unit_cents=-1),))}, "unter null"),
        ({"valid_until": date(2026, 11, 23)}, "schon abgelaufen: gültig bis 23.11.2026"),
    ],
)
def test_what_cannot_go_out_says_why_and_stays(
    owner: User, silent: Opportunity, typed: dict[str, Any], words: str
) -> None:
    draft = write(owner, silent, **({"net_cents": None} | typed))
    with pytest.raises(commands.InvalidError, match=words):
        send(owner, draft)
    assert draft_in_work(silent.pk) == draft
    assert silent.events.filter(kind="offer_sent").count() == 1


def test_an_offer_that_was_valid_when_it_went_out_can_be_noted_later(
    owner: User, silent: Opportunity
) -> None:
    draft = write(owner, silent, valid_until=NOW.date() - DAY)
    assert missing_in(draft, on=NOW.date())
    assert send(owner, draft, sent_on=NOW.date() - 5 * DAY).entry_id


def test_a_pdf_alone_is_an_offer(owner: User, silent: Opportunity) -> None:
    own = keep_document(
        b"%PDF-1.7 own", name="A.pdf", media_type="application/pdf", actor=owner, now=NOW
    )
    draft = write(owner, silent, positions=[], net_cents=None, document=own)
    assert missing_in(draft, on=NOW.date()) == ()
    assert document_of(draft, actor=owner, now=NOW) == own
    change = send(owner, draft, document=own)
    offer = sent(change)
    assert (offer.document, offer.net_cents) == (own.sha256, None)


def test_the_printed_paper_is_kept_with_the_offer(owner: User, silent: Opportunity) -> None:
    draft = write(owner, silent)
    document = document_of(draft, actor=owner, now=NOW)
    assert document == document_of(draft, actor=owner, now=NOW)
    assert Document.objects.count() == 1
    assert document.name == "Angebot AN-1633, Fassung 2.pdf"


def test_the_paper_says_who_what_and_how_much(owner: User, silent: Opportunity) -> None:
    silent.prospect.address = "Münchener Straße 4\n83022 Rosenheim"
    silent.prospect.save(update_fields=["address"])
    paper = paper_of(write(owner, silent), now=NOW)
    assert paper.recipient == (
        "Autohaus Kern", "Markus Kern", "Münchener Straße 4", "83022 Rosenheim",
    )  # fmt: skip
    assert paper.greeting == "Guten Tag Markus Kern,"
    assert (paper.date, paper.language, paper.sender) == (NOW.date(), "de", "Katharina Brandt")
    assert paper.totals is not None
    assert paper.totals.gross_cents == 428_400
    assert [line.cents for line in paper.positions] == [120_000, 240_000]


def test_swiss_totals_are_rounded_to_five_only_where_it_is_set(
    owner: User, silent: Opportunity
) -> None:
    typed: dict[str, Any] = {
        "positions": [],
        "net_cents": 10_001,
        "currency": "CHF",
        "vat_permille": 81,
    }
    draft = write(owner, silent, **typed)
    exact = paper_of(draft, now=NOW).totals
    assert exact is not None
    assert exact.gross_cents == 10_811
    commands.prefer(actor=owner, now=NOW, offer_five_rappen=True)
    rounded = paper_of(draft, now=NOW).totals
    assert rounded is not None
    assert (rounded.gross_cents, rounded.rounding_cents) == (10_810, -1)
    assert offer_sent_of(draft, None, None).net_cents == 10_001
