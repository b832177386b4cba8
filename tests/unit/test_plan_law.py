"""Whether a contact is allowed: every row of the law's table, and where one becomes another."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from nachhaken.plan import Preferences, Story, say
from nachhaken.plan.law import Permission, permission_of, purpose_of, rule_of_consent, table
from nachhaken.plan.situation import situation_of
from nachhaken.terms import (
    Channel,
    ConsentScope,
    Intent,
    Origin,
    OutcomeKind,
    Purpose,
    StepKind,
    Verdict,
)
from nachhaken.timeline import (
    Closed,
    Consented,
    ConsentWithdrawn,
    Fact,
    NumberChecked,
    OfferSent,
    Opened,
    OptedOut,
)
from tests.unit.test_plan import MAIL, NOW, OFFER, replied, timeline

CONSENT = Consented(words="Ja, melden Sie sich gern wieder.", heard_on=Channel.MEETING)
EXPIRED = replace(OFFER, valid_until=date(2026, 8, 20))
ENDED = (40.0, Closed(outcome=OutcomeKind.STOPPED))
REQUEST = ((30.0, Opened()), (20.0, OFFER))
ANSWER, CHASE = Purpose.ANSWER, Purpose.CHASE
COUNTRIES = ("DE-BY", "AT-5", "CH-ZH")
ELECTRONIC = (Channel.CALL, Channel.MAIL, Channel.MESSAGE)


def may(
    channel: Channel,
    *facts: tuple[float, Fact],
    purpose: Purpose = CHASE,
    at: datetime = NOW,
    is_automated: bool = False,
    preferences: Preferences | None = None,
    **known: Any,
) -> Permission:
    told = timeline(*facts)
    story = Story(timeline=told, readings={}, title="Balkone", prospect="Alpenblick", **known)
    return permission_of(
        story,
        situation_of(told, {}, now=at, person_id=story.person_id),
        channel=channel,
        purpose=purpose,
        at=at,
        preferences=preferences or Preferences(),
        is_automated=is_automated,
    )


def verdict(found: Permission) -> tuple[Verdict, str]:
    return found.verdict, found.rule


def said(found: Permission) -> str:
    """Return the reason in German; every sentence is there in both languages."""
    for phrase in filter(None, (found.reason, found.remedy)):
        assert say(phrase, "de")
        assert say(phrase, "en") != say(phrase, "de")
    assert found.source
    assert (found.remedy is None) == found.is_allowed
    return say(found.reason, "de")


def test_e6_every_row_of_the_law_stands_in_the_table() -> None:
    law = table()
    rows = {rule.row for rule in law.rules} | {plain.row for plain in law.manners.values()}
    assert rows | {plain.row for plain in law.never} == set(range(1, 22))


# --- rows 1 to 5: objections, and calls in Germany -------------------------------------------


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("region", COUNTRIES)
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("stop", [OptedOut(), replied(Intent.OPT_OUT)])
def test_e6_row_1_an_objection_allows_nothing_whatever_else_is_on_record(
    stop: Fact, channel: Channel, region: str, *, is_consumer: bool
) -> None:
    for purpose in Purpose:
        found = may(
            *(channel, *REQUEST, (9, CONSENT), (2, stop)),
            purpose=purpose,
            region=region,
            orders=3,
            is_consumer=is_consumer,
        )
        assert verdict(found) == (Verdict.NOT_ALLOWED, "1")
        assert said(found) == "Kein Kontakt: hat weiterem Kontakt widersprochen"


def test_e6_row_1_an_objection_of_one_person_is_none_of_the_others() -> None:
    alone = OptedOut(scope="person", person_id=7)
    assert not may(Channel.CALL, *REQUEST, (1, alone), person_id=7).is_allowed
    assert may(Channel.CALL, *REQUEST, (1, alone), person_id=8).is_allowed
    assert not may(Channel.CALL, *REQUEST, (1, alone)).is_allowed  # nobody knows who it is
    assert not may(Channel.CALL, *REQUEST, (1, OptedOut()), person_id=8).is_allowed


def test_e6_row_2_an_open_request_allows_a_call_to_a_business() -> None:
    found = may(Channel.CALL, *REQUEST)
    assert verdict(found) == (Verdict.ALLOWED, "DE-2")
    assert said(found) == "Grund: hat am 24.10.2026 angefragt, Angebot vom 3.11.2026 ist offen"


def test_e6_row_2_a_reply_or_an_offer_alone_is_named_as_what_it_is() -> None:
    answered = may(Channel.CALL, (20, OFFER), (3, replied(Intent.ENGAGED)))
    assert said(answered).startswith("Grund: hat am 20.11.2026 geantwortet, Angebot")
    assert said(may(Channel.CALL, (20, OFFER))) == "Grund: Angebot vom 3.11.2026 ist offen"
    assert said(may(Channel.CALL, (20, Opened()))) == "Grund: hat am 3.11.2026 angefragt"


def test_whom_we_approached_ourselves_did_not_ask() -> None:
    ours = Opened(origin=Origin.OWN_CALL)
    assert "angefragt" not in said(may(Channel.CALL, (20, ours)))


def test_e6_row_2_a_customer_who_ordered_before_may_be_called() -> None:
    found = may(Channel.CALL, (1, Closed(outcome=OutcomeKind.STOPPED)), orders=2)
    assert verdict(found) == (Verdict.ALLOWED, "DE-2")
    assert said(found) == "Grund: Bestandskunde mit 2 Aufträgen"
    won = may(Channel.CALL, (20, OFFER), (1, Closed(outcome=OutcomeKind.WON)))
    assert said(won) == "Grund: Bestandskunde mit einem Auftrag"


def test_e6_row_2_a_day_that_they_asked_for_keeps_the_reason_fresh() -> None:
    november = (date(2026, 11, 1), date(2026, 11, 30))
    later = replied(Intent.LATER_VAGUE, callback=november)
    assert may(Channel.CALL, (250, OFFER), (240, later)).rule == "DE-2"


def test_e6_row_3_without_a_concrete_reason_it_is_asked_for_first() -> None:
    found = may(Channel.CALL)
    assert verdict(found) == (Verdict.ASK_FIRST, "DE-3")
    assert said(found).startswith("Erst nach dem Grund fragen")


def test_e6_row_3_presumed_consent_weakens_after_six_months_without_a_word() -> None:
    assert may(Channel.CALL, (183, OFFER)).is_allowed
    found = may(Channel.CALL, (185, OFFER), orders=1)
    assert verdict(found) == (Verdict.ASK_FIRST, "DE-3")
    assert said(found).endswith("seit dem 22.5.2026 kein Wort vom Kunden")


def test_e6_row_3_presumed_consent_ends_with_a_no_of_customers_too() -> None:
    for declined in (replied(Intent.NO), Closed(outcome=OutcomeKind.LOST)):
        found = may(Channel.CALL, (20, OFFER), (2, declined), orders=2)
        assert verdict(found) == (Verdict.NOT_ALLOWED, "DE-3")
        assert "Absage vom 21.11.2026" in said(found)
        again = OfferSent(number="AN-1412", version=2)
        assert not may(Channel.CALL, (20, OFFER), (2, declined)).is_allowed
        renewed = may(Channel.CALL, (20, OFFER), (2, replied(Intent.NO)), (1, again))
        assert renewed.is_allowed


def test_e6_rows_2_and_13_the_request_ends_ninety_days_after_the_offer_s_validity() -> None:
    """The offer was valid until 20 August; 18 November is the ninetieth day after it."""
    for purpose in Purpose:
        assert not may(Channel.CALL, (120, EXPIRED), purpose=purpose).is_allowed
        longer = replace(EXPIRED, valid_until=date(2026, 8, 25))
        assert may(Channel.CALL, (120, longer), purpose=purpose).is_allowed
        spoke = (30, replied(Intent.ENGAGED))
        assert may(Channel.CALL, (120, EXPIRED), spoke, purpose=purpose).is_allowed


def test_e6_row_4_a_consumer_may_be_called_with_a_consent_quoted_with_its_day() -> None:
    found = may(Channel.CALL, ENDED, (9, CONSENT), is_consumer=True)
    assert verdict(found) == (Verdict.ALLOWED, "DE-4")
    quoted = "Grund: hat am 14.11.2026 zugestimmt: „Ja, melden Sie sich gern wieder.“"
    assert said(found) == quoted


@pytest.mark.parametrize(
    "consent",
    [
        replace(CONSENT, channel=Channel.MAIL),
        replace(CONSENT, window=(date(2026, 11, 16), date(2026, 11, 20))),
        replace(CONSENT, window=(date(2027, 1, 4), date(2027, 1, 8))),
    ],
)
def test_e6_row_5_a_consent_to_mail_or_to_other_days_allows_no_call(consent: Consented) -> None:
    found = may(Channel.CALL, *REQUEST, (9, consent), is_consumer=True)
    assert verdict(found) == (Verdict.NOT_ALLOWED, "DE-5")
    assert said(found) == "Kein Anruf: Die Einwilligung dazu fehlt"


def test_e6_row_5_a_withdrawn_consent_allows_no_call() -> None:
    withdrawn = ConsentWithdrawn(consent_id=2)
    facts = (ENDED, (9, CONSENT), (1, withdrawn))
    assert not may(Channel.CALL, *facts, is_consumer=True, orders=4).is_allowed


def test_e6_row_5_leave_to_ask_again_ends_with_a_no_and_leave_to_advertise_does_not() -> None:
    no = (2.0, replied(Intent.NO))
    found = may(Channel.CALL, *REQUEST, (9, CONSENT), no, is_consumer=True)
    assert verdict(found) == (Verdict.NOT_ALLOWED, "DE-5")
    assert "Absage vom 21.11.2026" in said(found)
    anything = replace(CONSENT, scope=ConsentScope.ADVERTISING)
    assert may(Channel.CALL, *REQUEST, (9, anything), no, is_consumer=True).is_allowed
    assert may(Channel.CALL, *REQUEST, no, (1, CONSENT), is_consumer=True).is_allowed


def test_e6_row_4_a_consent_of_somebody_else_of_the_house_is_not_theirs() -> None:
    theirs = replace(CONSENT, person_id=7)
    assert may(Channel.CALL, (9, theirs), is_consumer=True, person_id=7).is_allowed
    assert not may(Channel.CALL, (9, theirs), is_consumer=True, person_id=8).is_allowed


# --- rows 6 to 10: mails and letters in Germany ----------------------------------------------


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.MESSAGE])
def test_e6_row_6_their_own_open_request_may_be_answered_by_mail(
    channel: Channel, *, is_consumer: bool
) -> None:
    found = may(channel, *REQUEST, purpose=ANSWER, is_consumer=is_consumer)
    assert verdict(found) == (Verdict.ALLOWED, "DE-6")
    assert said(found).endswith("ist offen; bei der Sache bleiben")
    assert not may(channel, *REQUEST, ENDED, purpose=ANSWER, is_consumer=is_consumer).is_allowed


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.MESSAGE])
def test_e6_rows_7_and_8_chasing_by_mail_needs_a_consent(
    channel: Channel, *, is_consumer: bool
) -> None:
    agreed = may(channel, *REQUEST, (9, CONSENT), is_consumer=is_consumer)
    assert verdict(agreed) == (Verdict.ALLOWED, "DE-7")
    bare = may(channel, *REQUEST, is_consumer=is_consumer)
    assert verdict(bare) == (Verdict.ASK_FIRST, "DE-8")
    assert said(bare).startswith("Erst fragen: Nachfassen per Mail braucht eine Einwilligung")
    assert bare.remedy is not None
    assert ("Anrufen" in say(bare.remedy, "de")) is not is_consumer


@pytest.mark.parametrize("region", ["DE-BY", "AT-9"])
def test_e6_row_9_a_customer_may_get_a_mail_with_the_sentence_about_objecting(region: str) -> None:
    found = may(Channel.MAIL, *REQUEST, region=region, orders=1)
    assert verdict(found) == (Verdict.ALLOWED, f"{region[:2]}-9")
    assert found.needs_objection_line
    assert "mit dem Satz zum Widerspruch" in said(found)
    sunday = may(Channel.MAIL, *REQUEST, region=region, orders=1, at=NOW - timedelta(days=1))
    assert (sunday.verdict, sunday.needs_objection_line) == (Verdict.LATER, True)
    assert not may(Channel.MAIL, *REQUEST, (1, OptedOut()), region=region, orders=1).is_allowed


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("region", COUNTRIES)
def test_e6_row_10_a_letter_is_allowed_where_nobody_objected(
    region: str, *, is_consumer: bool
) -> None:
    found = may(Channel.LETTER, region=region, is_consumer=is_consumer)
    assert verdict(found) == (Verdict.ALLOWED, f"{region[:2]}-10")
    assert said(found).startswith("Grund: Ein Brief ist ohne Widerspruch erlaubt")


# --- rows 11 to 17: Austria, Switzerland, answers everywhere ---------------------------------


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("channel", ELECTRONIC)
def test_e6_rows_11_and_12_austria_wants_a_consent_from_everybody(
    channel: Channel, *, is_consumer: bool
) -> None:
    agreed = may(channel, *REQUEST, (9, CONSENT), region="AT-5", is_consumer=is_consumer)
    assert verdict(agreed) == (Verdict.ALLOWED, "AT-11")
    bare = may(channel, *REQUEST, region="AT-5", is_consumer=is_consumer)
    assert verdict(bare) == (Verdict.NOT_ALLOWED, "AT-12")
    assert said(bare).startswith("Kein")
    assert bare.remedy is not None
    assert "Brief" in say(bare.remedy, "de")


def test_e6_row_12_in_austria_an_order_allows_mails_but_no_calls() -> None:
    assert may(Channel.CALL, ENDED, region="AT-5", orders=2).rule == "AT-12"
    assert may(Channel.MESSAGE, ENDED, region="AT-5", orders=2).rule == "AT-12"


@pytest.mark.parametrize("is_consumer", [False, True])
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("region", COUNTRIES)
def test_e6_row_13_their_own_open_request_may_be_answered(
    region: str, channel: Channel, *, is_consumer: bool
) -> None:
    found = may(channel, *REQUEST, purpose=ANSWER, region=region, is_consumer=is_consumer)
    is_german_mail = region == "DE-BY" and channel in (Channel.MAIL, Channel.MESSAGE)
    assert verdict(found) == (Verdict.ALLOWED, f"{region[:2]}-{6 if is_german_mail else 13}")
    assert "hat am 24.10.2026 angefragt" in said(found)


@pytest.mark.parametrize("is_consumer", [False, True])
def test_e6_row_14_without_business_a_swiss_number_is_looked_up_first(*, is_consumer: bool) -> None:
    starred, listed = NumberChecked(is_starred=True), NumberChecked(is_starred=False)
    unknown = may(Channel.CALL, ENDED, region="CH-ZH", is_consumer=is_consumer)
    assert verdict(unknown) == (Verdict.ASK_FIRST, "CH-14")
    assert said(unknown).startswith("Erst prüfen")
    assert unknown.remedy is not None
    assert "nachschlagen" in say(unknown.remedy, "de")
    found = may(Channel.CALL, ENDED, (2, listed), (1, starred), region="CH-ZH")
    assert verdict(found) == (Verdict.NOT_ALLOWED, "CH-14")
    assert "Stern" in said(found)


@pytest.mark.parametrize(
    ("facts", "orders", "reason"),
    [
        ((ENDED, (1.0, NumberChecked(is_starred=False))), 0, "Nummer geprüft"),
        ((ENDED, (1.0, NumberChecked(is_starred=True))), 1, "Bestandskunde mit einem Auftrag"),
        ((*REQUEST, (1.0, NumberChecked(is_starred=True))), 0, "hat am 24.10.2026 angefragt"),
        ((ENDED, (1.0, CONSENT), (0.5, NumberChecked(is_starred=True))), 0, "zugestimmt"),
    ],
)
def test_e6_row_15_business_or_a_number_without_a_star_allows_a_swiss_call(
    facts: tuple[tuple[float, Fact], ...], orders: int, reason: str
) -> None:
    found = may(Channel.CALL, *facts, region="CH-ZH", orders=orders)
    assert verdict(found) == (Verdict.ALLOWED, "CH-15")
    assert reason in said(found)


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.MESSAGE])
def test_e6_rows_16_and_17_a_swiss_mail_is_allowed_that_a_person_sends(channel: Channel) -> None:
    single = may(channel, ENDED, region="CH-ZH")
    assert verdict(single) == (Verdict.ALLOWED, "CH-16")
    assert "einzeln" in said(single)
    for purpose in Purpose:
        sent = may(channel, *REQUEST, region="CH-ZH", is_automated=True, purpose=purpose)
        assert verdict(sent) == (Verdict.NOT_ALLOWED, "CH-17")
        assert said(sent) == "Keine automatische Mail: Die Einwilligung dazu fehlt"
    agreed = may(channel, ENDED, (9, CONSENT), region="CH-ZH", is_automated=True)
    assert verdict(agreed) == (Verdict.ALLOWED, "CH-17")
    assert "zugestimmt" in said(agreed)


@pytest.mark.parametrize("region", COUNTRIES)
def test_e6_a_visit_is_asked_for_first(region: str) -> None:
    assert verdict(may(Channel.MEETING, ENDED, region=region))[0] is Verdict.ASK_FIRST
    assert may(Channel.MEETING, *REQUEST, region=region).is_allowed
    assert may(Channel.MEETING, ENDED, (9, CONSENT), region=region).is_allowed


def test_e6_an_unknown_country_is_read_as_germany() -> None:
    assert may(Channel.CALL, (20, OFFER), region="FR").rule == "DE-2"


# --- what a consent counts for, and what a step is for ---------------------------------------


@pytest.mark.parametrize(
    ("region", "consumer", "channel", "rule"),
    [
        ("DE-BY", False, Channel.CALL, "DE-2"),
        ("DE-BY", True, Channel.CALL, "DE-4"),
        ("DE-BY", True, Channel.MAIL, "DE-7"),
        ("", False, None, "DE-2"),
        ("AT-9", True, Channel.MAIL, "AT-11"),
        ("CH-ZH", False, Channel.CALL, "CH-15"),
        ("CH-ZH", False, Channel.MESSAGE, "CH-16"),
        ("DE", False, Channel.LETTER, ""),
    ],
)
def test_e5_a_consent_names_the_rule_that_asks_for_it(
    region: str, *, consumer: bool, channel: Channel | None, rule: str
) -> None:
    assert rule_of_consent(region, is_consumer=consumer, channel=channel) == rule


def test_e6_rows_6_and_7_what_they_asked_for_is_answered_and_all_else_is_a_chase() -> None:
    asked = situation_of(timeline((9, OFFER), (1, replied(Intent.ENGAGED))), {}, now=NOW)
    silent = situation_of(timeline((9, OFFER)), {}, now=NOW)
    assert purpose_of(StepKind.ANSWER, asked) is ANSWER
    assert purpose_of(StepKind.ANSWER, silent) is CHASE
    assert purpose_of(StepKind.MAIL, asked) is CHASE
    assert purpose_of(StepKind.ASK_REASON, asked) is CHASE
    assert purpose_of(StepKind.DELIVER, silent) is ANSWER


def test_e6_row_13_a_call_on_the_days_that_they_named_answers_them_once() -> None:
    days = (date(2026, 11, 20), date(2026, 11, 30))
    facts = ((20.0, OFFER), (8.0, replied(Intent.LATER_VAGUE, callback=days)))
    assert may(Channel.CALL, *facts, purpose=ANSWER, is_consumer=True).rule == "DE-13"
    before = situation_of(timeline(*facts), {}, now=NOW)
    assert purpose_of(StepKind.CALL_BACK, before) is ANSWER
    assert purpose_of(StepKind.CHECK_CONDITION, before) is ANSWER
    after = situation_of(timeline(*facts, (1, MAIL)), {}, now=NOW)
    assert purpose_of(StepKind.CALL_BACK, after) is CHASE
