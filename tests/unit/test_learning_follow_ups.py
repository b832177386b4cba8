"""What follow-ups, lines of the playbook and talks brought: figures counted by hand."""

import math
from datetime import timedelta

import numpy as np
import pytest

from nachhaken.engine import standard
from nachhaken.learning.courage_words import in_words
from nachhaken.learning.follow_up_prior import simulated
from nachhaken.learning.follow_ups import OWN_FROM, STATED, Counts, courage, follow_ups
from nachhaken.learning.followed import Past, followed
from nachhaken.learning.scripts import LEAST, Uses, ranks, uses
from nachhaken.learning.shares import jeffreys, share, share_of_share
from nachhaken.learning.talk_share import Talks, talk_share, talks
from nachhaken.learning.tally import Tally, from_record, sum_of, tally, to_record
from nachhaken.reading import read
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    Entry,
    Fact,
    OfferSent,
    OptedOut,
    Replied,
    Statement,
    Timeline,
    Touched,
    Undone,
)
from tests.cast import NOW

OFFER = OfferSent(number="1")
MAIL = Touched(channel=Channel.MAIL)
MISSED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)
WON, LOST = Closed(outcome=OutcomeKind.WON), Closed(outcome=OutcomeKind.LOST)


def past(*events: tuple[float, Fact]) -> Past:
    """Tell what happened, in days before now."""
    entries = [
        Entry(
            id=number,
            occurred_at=NOW - timedelta(days=days),
            recorded_at=NOW - timedelta(days=days),
            actor="",
            source_key=str(number),
            fact=fact,
        )
        for number, (days, fact) in enumerate(events, 1)
    ]
    readings = {
        e.id: read(e.fact.text, reference=e.occurred_at.date(), automatic=e.fact.automatic)
        for e in entries
        if isinstance(e.fact, Replied)
    }
    return Past.of(Timeline.of(entries), readings, now=NOW)


def said(intent: Intent, text: str = "") -> Replied:
    return Replied(channel=Channel.CALL, text=text, statement=Statement(intent=intent))


def called(*scripts: str, own_share: int | None = None) -> Touched:
    return Touched(
        channel=Channel.CALL, step=StepKind.CALL, reached=True, scripts=scripts, own_share=own_share
    )


def test_c1_the_second_follow_up_is_answered_and_wins() -> None:
    told = past((60, OFFER), (50, MAIL), (40, MAIL), (37, said(Intent.ENGAGED)), (30, WON))
    assert follow_ups(told) == {
        1: Counts(cases=1),
        2: Counts(cases=1, answered=1, ended=1, won=1),
    }


def test_c1_after_an_answer_a_contact_is_no_follow_up() -> None:
    told = past((60, OFFER), (50, MAIL), (49, said(Intent.LATER_VAGUE)), (30, MAIL), (28, LOST))
    assert follow_ups(told) == {1: Counts(cases=1, answered=1, ended=1)}


def test_c1_a_new_offer_begins_a_new_row() -> None:
    told = past((60, OFFER), (50, MAIL), (40, OFFER), (30, MAIL))
    assert follow_ups(told) == {1: Counts(cases=2)}


@pytest.mark.parametrize(("days", "answered"), [(14, 1), (14.01, 0)])
def test_c1_an_answer_counts_within_fourteen_days(days: float, answered: int) -> None:
    told = past((60, OFFER), (50, MAIL), (50 - days, said(Intent.ENGAGED)))
    assert follow_ups(told) == {1: Counts(cases=1, answered=answered)}


def test_c1_what_can_still_be_answered_does_not_count_yet() -> None:
    assert follow_ups(past((30, OFFER), (13, MAIL))) == {}
    assert follow_ups(past((30, OFFER), (14.01, MAIL))) == {1: Counts(cases=1)}
    assert follow_ups(past((30, OFFER), (13, MAIL), (12, LOST))) == {1: Counts(cases=1)}


def test_c1_neither_a_machine_nor_a_missed_call_is_an_answer_or_a_follow_up() -> None:
    machine = Replied(channel=Channel.MAIL, text="Ich bin bis Montag abwesend.", automatic=True)
    told = past((60, OFFER), (50, MAIL), (50, machine), (45, MISSED), (40, said(Intent.NO)))
    assert follow_ups(told) == {1: Counts(cases=1, answered=1)}
    assert follow_ups(past((60, OFFER), (45, MISSED))) == {}


def test_c1_the_mail_that_carries_the_offer_is_no_follow_up() -> None:
    assert follow_ups(past((60, OFFER), (60, MAIL), (50, MAIL))) == {1: Counts(cases=1)}


def test_c1_an_order_noted_without_words_is_an_answer() -> None:
    told = past((60, OFFER), (50, MAIL), (45, WON))
    assert follow_ups(told) == {1: Counts(cases=1, answered=1, ended=1, won=1)}


def test_c1_anger_and_objection_count_as_annoyed() -> None:
    rude = Replied(channel=Channel.MAIL, text="Das ist eine Frechheit, Sie nerven nur noch.")
    annoyed = Counts(cases=1, answered=1, annoyed=1)
    assert follow_ups(past((60, OFFER), (50, MAIL), (49, rude))) == {1: annoyed}
    assert follow_ups(past((60, OFFER), (50, MAIL), (49, said(Intent.OPT_OUT)))) == {1: annoyed}
    assert follow_ups(past((60, OFFER), (50, MAIL), (49, OptedOut()))) == {1: annoyed}
    late = Counts(cases=1, annoyed=1)
    assert follow_ups(past((60, OFFER), (50, MAIL), (20, OptedOut()))) == {1: late}


def test_c1_what_was_undone_and_what_lies_ahead_do_not_count() -> None:
    assert follow_ups(past((60, OFFER), (50, MAIL), (50, Undone(entry_id=2)))) == {}
    assert follow_ups(past((60, OFFER), (-3, MAIL))) == {}


def test_c1_below_thirty_cases_the_stated_prior_is_named_as_such() -> None:
    few = {2: Counts(cases=OWN_FROM - 1, answered=29, ended=29, won=29)}
    known = courage(few, nth=2)
    assert not known.is_own
    assert known.cases == 29
    assert known.answered == share(0, 0, mean=STATED[1].answered, weight=30)
    assert known.answered.value == pytest.approx(0.54)
    assert known.won.value == pytest.approx(0.54 * 0.12)
    assert in_words(known, "de") == (
        "Von zehn zweiten Nachfragen werden etwa fünf beantwortet, eine bringt den Auftrag; "
        "von hundert verärgert etwa eine jemanden (Erfahrungswert, noch nicht Ihre Zahlen)."
    )


def test_c1_from_thirty_cases_on_the_own_history_speaks_alone() -> None:
    known = courage({2: Counts(cases=42, answered=17, ended=15, won=4)}, nth=2)
    assert known.is_own
    assert known.answered.value == pytest.approx(17.5 / 43)
    assert known.won.value == pytest.approx(17.5 / 43 * 4.5 / 16)
    assert known.annoyed.value == pytest.approx(0.5 / 43)
    assert in_words(known, "de") == (
        "Von zehn zweiten Nachfragen werden etwa vier beantwortet, eine bringt den Auftrag; "
        "verärgert war bei Ihnen noch niemand (42 Nachfragen)."
    )
    assert in_words(known, "en") == (
        "Of ten second follow-ups about four are answered, one brings the order; "
        "nobody has been annoyed with you yet (42 follow-ups)."
    )


NOBODY, ONCE, THRICE = (
    f"verärgert war bei Ihnen {who} (100 Nachfragen)."
    for who in ("noch niemand", "ein einziges Mal jemand", "3-mal jemand")
)


def test_c1_where_most_answers_are_still_open_the_own_orders_are_not_known_yet() -> None:
    assert not courage({2: Counts(cases=42, answered=17, ended=8, won=4)}, nth=2).is_own
    assert courage({2: Counts(cases=42, answered=17, ended=9, won=4)}, nth=2).is_own
    assert courage({2: Counts(cases=42)}, nth=2).is_own


@pytest.mark.parametrize(
    ("counts", "answered", "won", "annoyed"),
    [
        ((1, 1, 0, 1), "wird kaum eine beantwortet", "selten bringt eine den Auftrag", ONCE),
        ((10, 9, 9, 3), "wird etwa eine beantwortet", "eine bringt den Auftrag", THRICE),
        ((99, 99, 30, 0), "werden fast alle beantwortet", "drei bringen den Auftrag", NOBODY),
    ],
)
def test_c1_few_and_many_are_said_plainly(
    counts: tuple[int, int, int, int], answered: str, won: str, annoyed: str
) -> None:
    known = courage({1: Counts(100, *counts)}, nth=1)
    assert in_words(known, "de") == f"Von zehn ersten Nachfragen {answered}, {won}; {annoyed}"


def test_c1_every_follow_up_has_its_sentence_and_the_seventh_that_of_the_sixth() -> None:
    for language in ("de", "en"):
        told = [in_words(courage({}, nth=nth), language) for nth in range(1, 8)]
        assert len(set(told)) == 6
        assert told[5] == told[6]


def test_c1_the_stated_prior_is_what_the_engine_plays() -> None:
    played = simulated(standard(), n=20_000, rng=np.random.default_rng(5))
    for stated, found in zip(STATED[:4], played[:4], strict=True):
        assert found.answered == pytest.approx(stated.answered, abs=0.04)
        assert found.won == pytest.approx(stated.won, abs=0.03)
        assert found.annoyed == pytest.approx(stated.annoyed, abs=0.008)


def test_shares_of_few_cases_have_wide_bounds() -> None:
    # Beta(1/2, 1/2) is the arcsine law: its quantiles are sin²(pi p / 2).
    low = math.sin(math.pi * 0.05 / 2) ** 2
    assert jeffreys(0, 0) == pytest.approx((0.5, low, 1 - low))
    # Beta(8, 6) below x is what 13 throws of chance x bring 8 times or more.
    found = share(7, 12, mean=0.5, weight=2)
    assert found.value == pytest.approx(8 / 14)
    for bound, chance in ((found.low, 0.05), (found.high, 0.95)):
        throws = [math.comb(13, k) * bound**k * (1 - bound) ** (13 - k) for k in range(8, 14)]
        assert sum(throws) == pytest.approx(chance)


def test_a_share_of_a_sure_share_is_that_share() -> None:
    whole, part = (10**9, 10**9, 0.5), (7, 12, 0.5)
    assert share_of_share(whole, part, weight=1) == pytest.approx(jeffreys(7, 12), abs=2e-3)


def test_e5_what_was_said_and_what_followed_is_counted_by_line() -> None:
    told = past(
        (60, OFFER),
        (50, called("what.until_then", "too_expensive.compared_with", "what.until_then")),
        (50, said(Intent.STALLED_NAMED)),
        (30, called("clarify.open")),
        (30, said(Intent.NO)),
        (28, called("clarify.open")),
        (28, said(Intent.LATER_VAGUE)),
        (20, Touched(channel=Channel.MAIL, scripts=("follow_up.news",))),
        (3, Touched(channel=Channel.MAIL, scripts=("follow_up.still_open",))),
    )
    assert uses(told) == {
        "what.until_then": Uses(1, 1, 1),
        "too_expensive.compared_with": Uses(1, 1, 1),
        "clarify.open": Uses(2, 2, 1),
        "follow_up.news": Uses(1, 0, 0),
    }


def test_e5_a_message_on_the_machine_is_followed_by_the_call_back() -> None:
    voicemail = Touched(
        channel=Channel.CALL, step=StepKind.CALL, reached=False, scripts=("voicemail.short",)
    )
    told = past((60, OFFER), (50, voicemail), (49, said(Intent.ENGAGED)))
    assert uses(told) == {"voicemail.short": Uses(1, 1, 1)}


def test_e5_nothing_is_ranked_before_eight_uses() -> None:
    counts = {"what.a": Uses(LEAST - 1, 7, 7), "what.b": Uses(LEAST, 8, 2)}
    # The scene: 9 of 15 good, mean 9.5 / 16; it weighs as eight uses.
    assert ranks(counts) == {"what.b": pytest.approx((2 + 8 * 9.5 / 16) / 16)}


def test_e5_what_worked_better_comes_first_and_own_lines_belong_to_their_scene() -> None:
    counts = {"what.a": Uses(20, 20, 15), "own.1": Uses(20, 20, 5), "when.a": Uses(9, 9, 9)}
    found = ranks(counts, {"own.1": "what"})
    middle = 20.5 / 41
    assert found["what.a"] == pytest.approx((15 + 8 * middle) / 28)
    assert found["own.1"] == pytest.approx((5 + 8 * middle) / 28)
    assert found["what.a"] > found["own.1"]


def test_e4_the_talk_share_is_held_against_what_followed() -> None:
    told = past(
        (60, OFFER),
        (50, called(own_share=40)),
        (50, said(Intent.ENGAGED)),
        (40, called(own_share=70)),
        (40, said(Intent.NONCOMMITTAL)),
        (30, called()),
        (30, said(Intent.YES)),
    )
    assert talks(told) == (Talks(1, 40, 1600), Talks(1, 70, 4900))


def test_e4_fewer_than_twelve_talks_say_nothing_of_the_share() -> None:
    assert talk_share(Talks(6, 240, 9_700), Talks(5, 300, 18_100)) is None
    found = talk_share(Talks(6, 240, 9_700), Talks(6, 360, 21_900))
    assert found is not None
    assert found.good is not None
    assert found.other is not None
    # Sums of squares within: 100 and 300, so a spread of sqrt(40) = 6.32; t(10, .95) = 1.8125.
    half = 1.8125 * 40**0.5 / 6**0.5
    assert found.good == pytest.approx((40, 40 - half, 40 + half, 6), abs=1e-3)
    assert found.other == pytest.approx((60, 60 - half, 60 + half, 6), abs=1e-3)


def test_e4_equal_guesses_are_no_certainty() -> None:
    found = talk_share(Talks(12, 600, 30_000), Talks(0, 0, 0))
    assert found is not None
    assert found.other is None
    assert found.good is not None
    assert found.good.high - found.good.low == pytest.approx(2 * 1.7959 * 5 / 12**0.5, abs=1e-3)


def test_counts_add_up_and_survive_their_record() -> None:
    one = tally(past((60, OFFER), (50, called("what.a", own_share=30)), (50, said(Intent.YES))))
    both = sum_of([one, one])
    assert both.follow_ups == {1: Counts(cases=2, answered=2)}
    assert both.uses == {"what.a": Uses(2, 2, 2)}
    assert both.good == Talks(2, 60, 1800)
    assert from_record(to_record(both)) == both
    assert sum_of([]) == Tally()


def test_of_two_contacts_the_later_one_has_the_answer() -> None:
    told = past((50, MAIL), (48, MAIL), (47, said(Intent.ENGAGED)))
    first, second = followed(told, told.touches)
    assert (first.intent, first.is_settled) == (None, True)
    assert second.intent is Intent.ENGAGED
    assert followed(past((60, OFFER)), []) == []
