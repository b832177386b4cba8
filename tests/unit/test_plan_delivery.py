"""A mail that came back reached nobody: no chase, no silence, and a step that mends it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nachhaken.plan import advise
from nachhaken.plan.delivery import died_at
from nachhaken.plan.phrasing import title
from nachhaken.plan.situation import situation_of
from nachhaken.plan.steps import mended
from nachhaken.plan.values import Advice, Choice, Preferences, Story
from nachhaken.plan.words import say
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import (
    Bounced,
    Entry,
    Fact,
    OfferSent,
    Promised,
    Replied,
    Timeline,
    Touched,
    Undone,
)
from tests.cast import NOW

OFFER = OfferSent(number="AN-1701", net_cents=1_240_000)
MAIL = Touched(channel=Channel.MAIL)
MISSED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)
TALKED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
HOME = "huber@pension-alpenblick.example"


def back(entry_id: int | None, *, is_permanent: bool = True, address: str = HOME) -> Bounced:
    return Bounced(address=address, is_permanent=is_permanent, entry_id=entry_id)


def told(*facts: tuple[float, Fact], now: datetime = NOW) -> Timeline:
    return Timeline.of(
        Entry(
            id=number,
            occurred_at=now - timedelta(days=days),
            recorded_at=now - timedelta(days=days),
            actor="",
            source_key=str(number),
            fact=fact,
        )
        for number, (days, fact) in enumerate(facts, 1)
    )


def story(timeline: Timeline, **other: str) -> Story:
    named = {"mail": HOME, "phone": "08023 555 12 4"} | other
    return Story(timeline=timeline, readings={}, title="Balkone", prospect="Pension", **named)  # type: ignore[arg-type]


def advice(timeline: Timeline, **other: str) -> Advice:
    return advise(story(timeline, **other), now=NOW, preferences=Preferences())


def test_a_mail_that_came_back_is_no_chase() -> None:
    sent = ((30, OFFER), (20, MAIL), (10, MAIL))
    there = situation_of(told(*sent), {}, now=NOW)
    lost = situation_of(told(*sent, (9.9, back(3))), {}, now=NOW)
    assert (len(there.chases), len(lost.chases)) == (2, 1)
    assert (len(there.touches), len(lost.touches)) == (2, 1)
    assert lost.last_contact == NOW - timedelta(days=20)


def test_silence_after_a_lost_mail_is_judged_as_if_it_had_not_been_sent() -> None:
    without = advice(told((30, OFFER), (20, MAIL)))
    lost = advice(told((30, OFFER), (20, MAIL), (10, MAIL), (9.9, back(3))))
    there = advice(told((30, OFFER), (20, MAIL), (10, MAIL)))
    assert lost.judgement.belief == without.judgement.belief
    assert lost.judgement.belief != there.judgement.belief


def test_silence_after_a_lost_offer_proves_nothing() -> None:
    def genuine(days: float, *, is_lost: bool) -> float:
        facts: list[tuple[float, Fact]] = [(days, OFFER)]
        facts += [(days - 0.1, back(1))] if is_lost else []
        belief = advice(told(*facts)).judgement.belief
        return float(belief.genuine + belief.stalled)

    fresh, old = genuine(1, is_lost=True), genuine(40, is_lost=True)
    assert old == pytest.approx(fresh, abs=0.01)
    assert genuine(40, is_lost=False) < old - 0.1


def test_the_mail_that_carried_the_offer_takes_it_along() -> None:
    carried = situation_of(told((10, OFFER), (10, MAIL), (9.9, back(2))), {}, now=NOW)
    assert carried.offered_at is None
    assert carried.offer == OFFER  # it is written, and may be sent again
    assert carried.bounce is not None


@pytest.mark.parametrize("is_permanent", [True, False])
def test_the_next_step_mends_what_came_back(is_permanent: bool) -> None:
    found = advice(told((30, OFFER), (1, MAIL), (0.9, back(2, is_permanent=is_permanent))))
    assert found.step.because == "bounced"
    assert found.step.kind is StepKind.CALL
    assert say(found.step.title, "de") == "Mail kam zurück: Adresse prüfen oder anrufen"
    assert say(found.step.title, "en") == "Mail came back: check the address or call"
    assert "23.11.2026" in say(found.step.why, "de")


def test_with_another_address_the_mail_goes_again() -> None:
    lost = told((30, OFFER), (1, MAIL), (0.9, back(2)))
    situation = situation_of(lost, {}, now=NOW)
    wanted = Choice(StepKind.CALL, NOW.date(), "bounced")
    again = mended(wanted, situation, mail="rosa@pension-alpenblick.example")
    assert (again.kind, again.because) == (StepKind.MAIL, "resend")
    assert say(title(again, situation), "de") == "Mail an die neue Adresse noch einmal senden"
    assert mended(wanted, situation, mail="") == wanted
    assert mended(wanted, situation, mail=HOME.upper()) == wanted


def test_where_the_law_wants_a_call_the_new_address_is_no_reason_to_check_it() -> None:
    lost = told((30, OFFER), (1, MAIL), (0.9, back(2)))
    found = advice(lost, mail="rosa@pension-alpenblick.example")
    assert found.step.because == "resend"
    assert found.step.title.key != "step.bounced"


def test_a_missed_call_mends_nothing_and_a_talk_does() -> None:
    lost: tuple[tuple[float, Fact], ...] = ((30, OFFER), (10, MAIL), (9.9, back(2)))
    assert advice(told(*lost, (1, MISSED))).step.because == "bounced"
    assert advice(told(*lost, (1, TALKED))).step.because != "bounced"


def test_the_mail_sent_anew_mends_it() -> None:
    again = told((30, OFFER), (10, MAIL), (9.9, back(2)), (9, MAIL))
    found = situation_of(again, {}, now=NOW)
    assert found.bounce is None
    assert len(found.chases) == 1


def test_a_bounce_taken_back_counts_no_more() -> None:
    taken = told((30, OFFER), (10, MAIL), (9.9, back(2)), (9, Undone(entry_id=3)))
    found = situation_of(taken, {}, now=NOW)
    assert (found.bounce, len(found.chases)) == (None, 1)


def test_the_copy_to_a_colleague_that_came_back_loses_nothing() -> None:
    found = situation_of(told((30, OFFER), (10, MAIL), (9.9, back(None))), {}, now=NOW)
    assert (found.bounce, len(found.chases)) == (None, 1)


def test_a_promise_is_not_kept_by_a_mail_that_came_back() -> None:
    promise = Promised(by_us=True, what="Zeichnung", due=(NOW - timedelta(days=2)).date())
    sent = Touched(channel=Channel.MAIL, step=StepKind.DELIVER)
    kept = situation_of(told((30, OFFER), (5, promise), (3, sent)), {}, now=NOW)
    lost = situation_of(told((30, OFFER), (5, promise), (3, sent), (2.9, back(3))), {}, now=NOW)
    assert kept.points != lost.points


def test_an_address_is_dead_until_its_owner_writes() -> None:
    sent = ((30, OFFER), (10, MAIL), (9.9, back(2, address=HOME.upper())))
    wrote = Replied(channel=Channel.MAIL, text="Ich bin wieder da", person_id=7)
    assert died_at(HOME, told(*sent), person_id=7)
    assert not died_at("rosa@pension-alpenblick.example", told(*sent), person_id=7)
    assert not died_at(HOME, told(*sent, (1, wrote)), person_id=7)
    machine = replace(wrote, automatic=True)
    assert died_at(HOME, told(*sent, (1, machine)), person_id=7)
    assert died_at(HOME, told(*sent, (1, wrote)), person_id=8)


def test_an_address_whose_box_was_full_lives() -> None:
    full = told((30, OFFER), (10, MAIL), (9.9, back(2, is_permanent=False)))
    assert not died_at(HOME, full, person_id=7)
