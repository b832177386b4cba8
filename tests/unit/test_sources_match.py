"""To whom and what a mail belongs, and the reason that is told for it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.match import (
    Candidate,
    Direction,
    Directory,
    Ground,
    KnownOpportunity,
    MatchReason,
    match,
)

US, ROSA, MAX = "k.brandt@metallbau-brandt.example", "rosa@braeu.example", "max@gmx.de"


def on(month: int, day: int = 1) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


STAIRS = KnownOpportunity(
    id=1, title="Treppe Sudhaus", offer_numbers=("AN-1412",), first_at=on(2), last_at=on(3)
)
GATE = KnownOpportunity(
    id=2, title="Tor Hofeinfahrt", offer_numbers=("AN-1500",), first_at=on(8), last_at=on(10)
)
FENCE = KnownOpportunity(id=3, title="Zaun", offer_numbers=("7",), first_at=on(5), last_at=on(6))
DIRECTORY = Directory(
    own=frozenset({US}),
    people={ROSA: 10, MAX: 11, "neu@leer.example": 12},
    opportunities={10: (STAIRS, GATE), 11: (FENCE,)},
    threads={"1-0002@metallbau-brandt.example": 1},
)
MAIL = MailMessage(
    message_id="x@y",
    sent_at=on(9),
    sender=Address("Rosa", ROSA),
    recipients=(Address("", US),),
    subject="Frage",
    in_reply_to="",
    references=(),
    new_text="Passt das so?",
    full_text="Passt das so?",
    automatic=False,
    attachments=(),
)


def test_the_thread_goes_before_everything() -> None:
    found = match(
        replace(MAIL, in_reply_to="1-0002@Metallbau-Brandt.example", subject="AN-1500"), DIRECTORY
    )
    assert (found.opportunity_id, found.reason) == (1, MatchReason.THREAD)
    assert (found.direction, found.person_id) == (Direction.IN, 10)


def test_a_new_person_in_a_known_thread_belongs_to_its_opportunity() -> None:
    stranger = Address("", "chef@anders.example")
    found = match(
        replace(MAIL, sender=stranger, references=("1-0002@metallbau-brandt.example",)), DIRECTORY
    )
    assert (found.person_id, found.opportunity_id) == (None, 1)


@pytest.mark.parametrize("written", ["AN-1412", "an1412", "AN 1412", "(AN-1412)", "AN_1412"])
def test_an_offer_number_decides_however_it_is_written(written: str) -> None:
    found = match(replace(MAIL, subject=f"AW: Angebot {written} Tor"), DIRECTORY)
    assert (found.opportunity_id, found.reason) == (1, MatchReason.OFFER_NUMBER)


def test_a_longer_number_is_another_one() -> None:
    found = match(replace(MAIL, subject="AN-14120"), DIRECTORY)
    assert found.reason is not MatchReason.OFFER_NUMBER


def test_words_of_the_title_come_next() -> None:
    found = match(replace(MAIL, subject="Die TREPPE im Sudhaus"), DIRECTORY)
    assert (found.opportunity_id, found.reason) == (1, MatchReason.TITLE)


def test_else_the_opportunity_active_at_that_time() -> None:
    found = match(MAIL, DIRECTORY)
    assert (found.opportunity_id, found.reason) == (2, MatchReason.LATEST_OPPORTUNITY)
    assert found.candidates == (
        Candidate(person_id=10, opportunity_id=1),
        Candidate(person_id=10, opportunity_id=2),
    )
    assert match(replace(MAIL, sent_at=on(3, 20)), DIRECTORY).opportunity_id == 1


def test_the_only_opportunity_needs_no_word() -> None:
    found = match(replace(MAIL, sender=Address("", MAX)), DIRECTORY)
    assert (found.opportunity_id, found.reason) == (3, MatchReason.ONLY_OPPORTUNITY)


def test_a_person_without_opportunity_is_found_alone() -> None:
    found = match(replace(MAIL, sender=Address("", "neu@leer.example")), DIRECTORY)
    assert (found.person_id, found.opportunity_id) == (12, None)
    assert found.reason is MatchReason.PERSON_ONLY


def test_our_own_mail_goes_out_to_the_first_known_person() -> None:
    sent = replace(
        MAIL,
        sender=Address("", "j.wirth@metallbau-brandt.example"),
        recipients=(Address("", US), Address("", "a@b.example"), Address("", MAX)),
    )
    found = match(sent, DIRECTORY)
    assert (found.direction, found.person_id, found.opportunity_id) == (Direction.OUT, 11, 3)


def test_mail_among_ourselves_is_unrelated_even_in_a_thread() -> None:
    sent = replace(MAIL, sender=Address("", US), in_reply_to="1-0002@metallbau-brandt.example")
    assert match(sent, DIRECTORY).direction is Direction.UNRELATED


def test_the_same_company_is_a_candidate_and_no_match() -> None:
    found = match(replace(MAIL, sender=Address("", "chef@braeu.example")), DIRECTORY)
    assert found.direction is Direction.UNRELATED
    assert (found.person_id, found.reason) == (None, MatchReason.SAME_DOMAIN)
    (one,) = found.candidates
    assert (one.person_id, one.opportunity_id) == (10, None)
    assert one.grounds == (Ground(reason=MatchReason.SAME_DOMAIN, what="braeu.example"),)


def test_the_same_free_mail_house_means_nothing() -> None:
    found = match(replace(MAIL, sender=Address("", "fremd@gmx.de")), DIRECTORY)
    assert (found.reason, found.candidates) == (MatchReason.UNKNOWN, ())
