"""On what ground a call is allowed: each row of the law by country."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nachhaken.plan import Preferences, Story, say
from nachhaken.plan.grounds import Ground, GroundKind, ground_of, rule_of_consent
from nachhaken.plan.situation import situation_of
from nachhaken.terms import Channel, Intent, OutcomeKind
from nachhaken.timeline import (
    Closed,
    Consented,
    ConsentWithdrawn,
    Fact,
    OfferSent,
    Opened,
    OptedOut,
)
from tests.unit.test_plan import NOW, OFFER, TODAY, replied, timeline

CONSENT = Consented(words="Ja, rufen Sie mich gern wieder an.", heard_on=Channel.MEETING)
EXPIRED = replace(OFFER, valid_until=date(2026, 8, 20))


def ground(*facts: tuple[float, Fact], **known: Any) -> Ground:
    story = Story(
        timeline=timeline(*facts), readings={}, title="Balkone", prospect="Alpenblick", **known
    )
    situation = situation_of(story.timeline, {}, now=NOW)
    return ground_of(story, situation, on=TODAY, preferences=Preferences())


def verdict(found: Ground) -> tuple[str, bool, str]:
    return found.kind, found.is_allowed, found.rule


@pytest.mark.parametrize("region", ["DE-BY", "AT-5", "CH-ZH"])
@pytest.mark.parametrize("stop", [OptedOut(), replied(Intent.OPT_OUT)])
def test_e6_row_1_an_objection_allows_nothing_whatever_else_is_on_record(
    stop: Fact, region: str
) -> None:
    found = ground((30, Opened()), (20, OFFER), (9, CONSENT), (2, stop), region=region, orders=3)
    assert verdict(found) == ("objection", False, "1")


def test_e6_row_2_an_open_request_allows_a_call_to_a_business() -> None:
    found = ground((30, Opened()), (20, OFFER))
    assert verdict(found) == ("request", True, "DE-2")
    said = "Grund: hat am 24.10.2026 angefragt, Angebot vom 3.11.2026 ist offen"
    assert say(found.phrase, "de") == said


def test_e6_row_2_a_reply_or_an_offer_alone_is_named_as_what_it_is() -> None:
    answered = ground((20, OFFER), (3, replied(Intent.ENGAGED)))
    assert say(answered.phrase, "de").startswith("Grund: hat am 20.11.2026 geantwortet, Angebot")
    assert say(ground((20, OFFER)).phrase, "de") == "Grund: Angebot vom 3.11.2026 ist offen"
    assert say(ground((20, Opened())).phrase, "de") == "Grund: hat am 3.11.2026 angefragt"


def test_e6_row_2_a_customer_who_ordered_before_may_be_called() -> None:
    found = ground((1, Closed(outcome=OutcomeKind.STOPPED)), orders=2)
    assert verdict(found) == ("customer", True, "DE-2")
    assert say(found.phrase, "de") == "Grund: Bestandskunde mit 2 Aufträgen"
    won = ground((20, OFFER), (1, Closed(outcome=OutcomeKind.WON)))
    assert say(won.phrase, "de") == "Grund: Bestandskunde mit einem Auftrag"


def test_e6_row_3_without_a_concrete_reason_it_is_asked_for_first() -> None:
    found = ground()
    assert verdict(found) == ("no_reason", False, "DE-3")
    assert say(found.phrase, "de").startswith("Erst nach dem Grund fragen")


def test_e6_row_3_presumed_consent_weakens_after_six_months_without_a_word() -> None:
    assert ground((183, OFFER)).is_allowed
    found = ground((185, OFFER), orders=1)
    assert verdict(found) == ("silent", False, "DE-3")
    assert say(found.phrase, "de").endswith("seit dem 22.5.2026 kein Wort vom Kunden")


def test_e6_row_2_a_day_that_they_asked_for_keeps_the_reason_fresh() -> None:
    november = (date(2026, 11, 1), date(2026, 11, 30))
    later = replied(Intent.LATER_VAGUE, callback=november)
    assert ground((250, OFFER), (240, later)).kind is GroundKind.REQUEST


def test_e6_the_request_ends_ninety_days_after_the_offer_s_validity() -> None:
    """The offer was valid until 20 August; 18 November is the ninetieth day after it."""
    assert not ground((120, EXPIRED)).is_allowed
    assert ground((120, replace(EXPIRED, valid_until=date(2026, 8, 25)))).is_allowed
    assert ground((120, EXPIRED), (30, replied(Intent.ENGAGED))).is_allowed


def test_e6_the_request_ends_with_a_no_and_lives_again_with_a_new_offer() -> None:
    declined = ground((20, OFFER), (2, replied(Intent.NO)))
    assert verdict(declined) == ("declined", False, "DE-3")
    assert "Absage vom 21.11.2026" in say(declined.phrase, "de")
    again = OfferSent(number="AN-1412", version=2)
    assert ground((20, OFFER), (2, replied(Intent.NO)), (1, again)).is_allowed


def test_e6_row_4_a_consumer_may_be_called_with_a_consent_quoted_with_its_day() -> None:
    ended = Closed(outcome=OutcomeKind.STOPPED)
    found = ground((40, ended), (9, CONSENT), is_consumer=True)
    assert verdict(found) == ("consent", True, "DE-4")
    said = "Grund: hat am 14.11.2026 zugestimmt: „Ja, rufen Sie mich gern wieder an.“"
    assert say(found.phrase, "de") == said


@pytest.mark.parametrize(
    "consent",
    [
        replace(CONSENT, channel=Channel.MAIL),
        replace(CONSENT, window=(date(2026, 11, 16), date(2026, 11, 20))),
    ],
)
def test_e6_row_5_a_consent_to_mail_or_one_that_is_over_allows_no_call(consent: Consented) -> None:
    ended = Closed(outcome=OutcomeKind.STOPPED)
    found = ground((40, ended), (9, consent), is_consumer=True)
    assert verdict(found) == ("no_consent", False, "DE-5")


def test_e6_row_5_a_withdrawn_consent_allows_no_call() -> None:
    withdrawn = ConsentWithdrawn(consent_id=2)
    ended = (40.0, Closed(outcome=OutcomeKind.STOPPED))
    assert not ground(ended, (9, CONSENT), (1, withdrawn), is_consumer=True, orders=4).is_allowed


@pytest.mark.parametrize(
    ("region", "rule"), [("DE-BY", "DE-13"), ("AT-9", "AT-13"), ("CH-BE", "CH-13")]
)
def test_e6_row_13_a_consumer_s_own_open_request_may_be_answered(region: str, rule: str) -> None:
    found = ground((30, Opened()), (20, OFFER), is_consumer=True, region=region)
    assert verdict(found) == ("request", True, rule)


def test_e6_rows_11_and_12_austria_wants_a_consent_from_businesses_too() -> None:
    ended = (40.0, Closed(outcome=OutcomeKind.STOPPED))
    with_it = ground(ended, (9, CONSENT), region="AT-5", orders=2)
    assert verdict(with_it) == ("consent", True, "AT-11")
    assert verdict(ground(ended, region="AT-5", orders=2)) == ("no_consent", False, "AT-12")


def test_e6_rows_14_and_15_switzerland_asks_for_a_relationship_or_a_look_at_the_star() -> None:
    ended = (40.0, Closed(outcome=OutcomeKind.STOPPED))
    assert verdict(ground(ended, region="CH-ZH", orders=1)) == ("customer", True, "CH-15")
    assert verdict(ground(ended, region="CH-ZH")) == ("unchecked", False, "CH-14")


def test_e6_an_unknown_country_is_read_as_germany() -> None:
    assert ground((20, OFFER), region="FR").rule == "DE-2"


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
