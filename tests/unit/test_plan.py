"""What the plan proposes in the situations that a seller knows, named by the method's rows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nachhaken.engine import Action, Heard, common_symbols, standard
from nachhaken.engine.values import Symbol
from nachhaken.plan import Advice, Preferences, Story, advise, say
from nachhaken.plan.evidence import case_of
from nachhaken.plan.situation import situation_of
from nachhaken.reading.confusion import corpus_shares
from nachhaken.reading.values import Reading, Window
from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind, Signal, StepKind, Truth
from nachhaken.timeline import (
    Closed,
    Entry,
    Fact,
    OfferSent,
    OptedOut,
    Replied,
    Snoozed,
    Statement,
    Timeline,
    Touched,
)
from nachhaken.workdays import Calendar

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = NOW.date()
OFFER = OfferSent(number="AN-1412", net_cents=1_300_000)
MAIL = Touched(channel=Channel.MAIL)
CALLED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
ASKED_WHAT = Touched(channel=Channel.CALL, step=StepKind.ASK_WHAT, reached=True)
JANUARY = (date(2027, 1, 1), date(2027, 1, 31))


def timeline(*facts: tuple[float, Fact]) -> Timeline:
    """Facts with how many days ago they happened."""
    return Timeline.of(
        Entry(
            id=number,
            occurred_at=NOW - timedelta(days=days),
            recorded_at=NOW - timedelta(days=days),
            actor="brandt",
            source_key=f"t:{number}",
            fact=fact,
        )
        for number, (days, fact) in enumerate(facts, start=1)
    )


def replied(intent: Intent, **more: object) -> Replied:
    return Replied(channel=Channel.CALL, statement=Statement(intent=intent, **more))  # type: ignore[arg-type]


def advice(*facts: tuple[float, Fact], now: datetime = NOW, **more: object) -> Advice:
    known: dict[str, object] = {"mail": "huber@alpenblick.example", "phone": "08026 555 48 10"}
    story = Story(
        timeline=timeline(*facts),
        readings={},
        title="4 Balkone Südseite",
        prospect="Pension Alpenblick",
        **(known | more),  # type: ignore[arg-type]
    )
    return advise(story, now=now, preferences=Preferences())


def test_c1_an_offer_always_has_a_next_step_with_a_date() -> None:
    given, swiss = advice((0, OFFER)), advice((0, OFFER), region="CH-ZH")
    assert given.due is not None
    assert given.due > TODAY
    assert given.step.kind is StepKind.CALL  # chasing by mail needs a consent in Germany
    assert swiss.step.kind is StepKind.MAIL


def test_an_agreed_day_begins_where_the_user_lives() -> None:
    """The desk keeps moments in UTC; the first of January is a day in Berlin."""
    said = replied(Intent.LATER_VAGUE, callback=JANUARY)
    in_utc = Timeline.of(
        replace(e, occurred_at=e.occurred_at.astimezone(UTC))
        for e in timeline((9, OFFER), (1, said))
    )
    story = Story(timeline=in_utc, readings={}, title="x", prospect="y")
    case = case_of(story, now=NOW, calendar=Calendar("DE-BY"), preferences=Preferences())
    heard = next(e for e in case.evidence if isinstance(e, Heard))
    assert heard.window is not None
    offered = NOW - timedelta(days=9)
    begins = datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert heard.window[0] == pytest.approx((begins - offered).total_seconds() / 86_400)


def test_c1_a_small_offer_is_not_let_go_unasked() -> None:
    """The planner would let it go, it costs more than it brings. The method asks once, by phone."""
    small = OfferSent(number="AN-1413", net_cents=150_000)
    asked, chased = advice((20, small)), advice((40, small), (20, MAIL))
    assert asked.judgement.action is Action.STOP
    assert asked.step.kind is StepKind.CALL
    assert chased.step.kind is StepKind.STOP


def test_c1_an_offer_is_not_chased_before_an_answer_is_usual() -> None:
    given = advice((1, OFFER))
    assert given.due is not None
    assert given.due >= date(2026, 11, 26)


def test_b1_later_without_a_reason_leads_to_the_what_question_today() -> None:
    given = advice((10, OFFER), (1, CALLED), (0.5, replied(Intent.LATER_VAGUE, callback=JANUARY)))
    assert given.step.kind is StepKind.ASK_WHAT
    assert given.due == TODAY
    assert given.step.words is not None
    assert "Was müsste bis dahin passiert sein" in say(given.step.words, "de")


def test_b2_a_second_later_after_the_what_question_leads_to_the_clarifying_call() -> None:
    given = advice(
        (20, OFFER),
        (12, replied(Intent.LATER_VAGUE)),
        (10, ASKED_WHAT),
        (10, replied(Intent.LATER_VAGUE)),
    )
    assert given.step.kind is StepKind.CLARIFY


def test_b2_a_named_condition_is_checked_when_its_time_has_come() -> None:
    stalled = replied(Intent.STALLED_NAMED, callback=JANUARY, condition="wenn das Budget frei ist")
    given = advice((10, OFFER), (4, stalled))
    assert given.step.kind is StepKind.CHECK_CONDITION
    assert given.due == date(2027, 1, 4)  # the first of January is a holiday, then a weekend
    assert say(given.step.title, "de") == "Fragen, ob es so weit ist: „wenn das Budget frei ist“"


def test_b2_a_condition_whose_time_was_before_the_answer_is_checked_now() -> None:
    past = (date(2026, 11, 2), date(2026, 11, 2))
    given = advice((10, OFFER), (0.1, replied(Intent.STALLED_NAMED, callback=past)))
    assert given.due is not None
    assert given.due >= TODAY


def test_b2_a_named_condition_without_a_time_is_asked_for_its_time() -> None:
    stalled = replied(Intent.STALLED_NAMED, condition="wenn das Budget frei ist")
    given = advice((10, OFFER), (1, stalled))
    assert (given.step.kind, given.due) == (StepKind.ANSWER, TODAY)
    assert say(given.step.goal, "de") == "Einen Tag, an dem Sie wieder anrufen dürfen"
    assert "wenn das Budget frei ist" in say(given.step.why, "de")


def test_a3_a_requote_after_many_offers_without_order_is_asked_about_first() -> None:
    given = advice((10, OFFER), (3, replied(Intent.REQUOTE)), offers=4)
    assert given.step.kind in (StepKind.ASK_WHAT, StepKind.CLARIFY)
    assert given.truth is Truth.PRETEND
    assert "fünftes Angebot ohne Auftrag" in [say(r.phrase, "de") for r in given.reasons]


def test_a3_the_what_question_answered_with_another_wish_is_not_put_again() -> None:
    asked = Touched(channel=Channel.CALL, step=StepKind.ASK_WHAT, reached=True)
    story = ((10, OFFER), (3, replied(Intent.REQUOTE)), (2, asked), (2, replied(Intent.REQUOTE)))
    assert advice(*story, offers=4).step.kind is not StepKind.ASK_WHAT


def test_c3_a_no_without_a_reason_is_asked_for_it() -> None:
    assert advice((10, OFFER), (2, replied(Intent.NO))).step.kind is StepKind.ASK_REASON


def test_c3_a_no_with_its_reason_is_thanked_for() -> None:
    given = advice((10, OFFER), (2, replied(Intent.NO, no_reason=NoReason.PRICE)))
    assert given.step.kind is StepKind.STOP
    assert given.due == TODAY


def test_a_question_is_answered_today_even_within_the_contact_limit() -> None:
    given = advice((10, OFFER), (2, MAIL), (1, replied(Intent.ENGAGED)))
    assert given.step.kind is StepKind.ANSWER
    assert given.due == TODAY
    assert given.truth is Truth.GENUINE


def test_e6_the_contact_limit_counts_other_opportunities_of_the_person() -> None:
    free = advice((30, OFFER))
    held = advice((30, OFFER), other_touches=(NOW - timedelta(days=2),))
    assert free.due == TODAY
    assert held.due == TODAY + timedelta(days=5 + 2)  # the seventh day is a Saturday
    assert held.held_by is not None
    assert "Kontaktgrenze" in say(held.held_by, "de")


@pytest.mark.parametrize("stop", [OptedOut(), replied(Intent.OPT_OUT)])
def test_e6_an_objection_stops_every_step(stop: Fact) -> None:
    given = advice((10, OFFER), (3, stop), (1, replied(Intent.ENGAGED)))
    assert given.due is None
    assert given.step.channel is None
    assert say(given.headline, "de") == "Kein weiterer Kontakt"


def test_a_snooze_moves_the_date_until_the_next_contact() -> None:
    snoozed = Snoozed(until=date(2026, 12, 14))
    assert advice((30, OFFER), (1, snoozed)).due == date(2026, 12, 14)
    assert advice((30, OFFER), (1, snoozed), (0.5, replied(Intent.ENGAGED))).due == TODAY


def test_a_closed_opportunity_has_no_step() -> None:
    given = advice((30, OFFER), (1, Closed(outcome=OutcomeKind.WON)))
    assert given.due is None
    assert say(given.headline, "de") == "Auftrag"


def test_long_silence_after_several_touches_is_let_go() -> None:
    given = advice((120, OFFER), (100, MAIL), (80, MAIL), (60, MAIL), (40, MAIL))
    assert given.step.kind is StepKind.STOP
    assert given.due == TODAY


def test_on_a_sunday_nothing_is_proposed_for_the_sunday() -> None:
    sunday = NOW - timedelta(days=1)
    assert advice((30, OFFER), now=sunday).due == TODAY


def test_the_mail_that_carries_the_offer_is_no_follow_up() -> None:
    given = advice((20, OFFER), (20, MAIL), (9, MAIL))
    assert say(given.step.title, "de") == "Zum 2. Mal nachfragen, mit neuem Anlass"


def test_late_at_night_the_step_waits_for_the_morning() -> None:
    night = NOW.replace(hour=21)
    assert advice((30, OFFER), now=night).due == TODAY + timedelta(days=1)


def test_silence_is_said_in_working_days() -> None:
    given = advice((30, OFFER), (14, MAIL))
    assert say(given.step.why, "de") == "seit 10 Arbeitstagen still, üblich sind 4"


def test_a_machine_reading_counts_with_its_doubt() -> None:
    reply = (2.0, Replied(channel=Channel.MAIL, text="Melden Sie sich im Januar."))
    sure = _with_reading(0.98, (10, OFFER), reply)
    unsure = _with_reading(0.55, (10, OFFER), reply)
    strongest = [max(abs(r.decibans) for r in a.reasons if r.ref == 2) for a in (sure, unsure)]
    assert strongest[0] > strongest[1]


def test_a_doubt_is_weighed_by_how_common_such_answers_are() -> None:
    """The reader learnt from as many objections as vague answers; offers get far fewer of them."""
    chances = {Intent.OPT_OUT: 0.4, Intent.LATER_VAGUE: 0.4, Intent.OTHER: 0.2}
    torn = Reading(intent=Intent.LATER_VAGUE, probabilities=dict.fromkeys(Intent, 0.0) | chances)
    told = timeline((9, OFFER), (1, Replied(channel=Channel.MAIL, text="Na ja.")))
    story = Story(timeline=told, readings={2: torn}, title="x", prospect="y")
    case = case_of(story, now=NOW, calendar=Calendar("DE-BY"), preferences=Preferences())
    heard = next(e for e in case.evidence if isinstance(e, Heard))
    common, corpus = common_symbols(standard()), corpus_shares()
    odds = common[Symbol.OPT_OUT] / common[Symbol.LATER_VAGUE]
    odds /= corpus[Intent.OPT_OUT] / corpus[Intent.LATER_VAGUE]
    assert sum(heard.symbols.values()) == pytest.approx(0.8)
    assert heard.symbols[Symbol.OPT_OUT] == pytest.approx(odds * heard.symbols[Symbol.LATER_VAGUE])
    assert odds < 0.2


def test_what_a_person_says_of_a_reply_is_certain() -> None:
    """A reading keeps its doubt, whatever it is; the statement stands above it."""
    unsure = Reading(intent=Intent.NO, probabilities={i: 1 / len(Intent) for i in Intent})
    told = timeline((9, OFFER), (1, replied(Intent.REQUOTE)))
    story = Story(timeline=told, readings={2: unsure}, title="x", prospect="y")
    case = case_of(story, now=NOW, calendar=Calendar("DE-BY"), preferences=Preferences())
    heard = next(e for e in case.evidence if isinstance(e, Heard))
    assert heard.symbols == {Symbol.REQUOTE: 1.0}


@pytest.mark.parametrize("stated", [None, Statement(intent=Intent.NONCOMMITTAL)])
def test_a_rude_answer_keeps_its_tone_when_a_person_says_what_it_means(
    stated: Statement | None,
) -> None:
    """Nobody states the tone, so it is not taken back by a statement of the intent."""
    rude = Reading(
        intent=Intent.NONCOMMITTAL,
        probabilities={i: float(i is Intent.NONCOMMITTAL) for i in Intent},
        signals=frozenset({Signal.DISRESPECT}),
    )
    said = Replied(channel=Channel.MAIL, text="Sie nerven.", statement=stated)
    told = timeline((30, OFFER), (2, said))
    assert situation_of(told, {2: rude}, now=NOW).irritated_at == NOW - timedelta(days=2)


def _with_reading(sure: float, *facts: tuple[float, Fact]) -> Advice:
    rest = (1 - sure) / (len(Intent) - 1)
    reading = Reading(
        intent=Intent.ENGAGED,
        probabilities={i: sure if i is Intent.ENGAGED else rest for i in Intent},
        callback=Window(*JANUARY),
    )
    story = Story(
        timeline=timeline(*facts), readings={2: reading}, title="Balkone", prospect="Alpenblick"
    )
    return advise(story, now=NOW, preferences=Preferences())
