"""What was agreed, promised and set by the seller, and what it makes of the plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nachhaken.plan import Advice, Preferences, Story, advise, say
from nachhaken.plan.foresight import foresee
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    CadenceSet,
    Closed,
    Consented,
    ConsentWithdrawn,
    Fact,
    GoalSet,
    OfferSent,
    OptedOut,
    Pinned,
    Promised,
    Snoozed,
    Touched,
    Undone,
)
from tests.unit.test_plan import JANUARY, MAIL, NOW, OFFER, TODAY, advice, replied, timeline

FRIDAY = date(2026, 11, 27)
DRAWING = Promised(by_us=True, what="Zeichnung mit Handlauf", due=TODAY)
BUDGET = Promised(by_us=False, what="Budget mit dem Steuerberater", due=date(2026, 11, 20))
PIN = Pinned(step=StepKind.CALL, on=FRIDAY, reason="Messe ist am Donnerstag vorbei")
DELIVERED = Touched(channel=Channel.MAIL, step=StepKind.DELIVER)
CHECKED = Touched(channel=Channel.CALL, step=StepKind.CHECK_CONDITION, reached=True)
MISSED = replace(CHECKED, reached=False)
SILENT = ((60.0, OFFER), (30.0, MAIL))


def situation(*facts: tuple[float, Fact]) -> Situation:
    return situation_of(timeline(*facts), {}, now=NOW)


def planned(given: Advice) -> tuple[StepKind, date | None, str]:
    return given.step.kind, given.due, given.step.because


def spoken(given: Advice, *, language: str = "de") -> str:
    return say(given.step.why, language)


# --- what the seller fixed -------------------------------------------------------------------


def test_e1_a_pinned_step_stands_on_its_day_with_the_seller_s_reason() -> None:
    given = advice(*SILENT, (1, PIN))
    assert planned(given) == (StepKind.CALL, FRIDAY, "pinned")
    assert spoken(given) == "von Ihnen festgelegt: Messe ist am Donnerstag vorbei"
    assert say(given.step.title, "de") == "Zum 2. Mal nachfragen, mit neuem Anlass"


def test_e1_a_pin_without_a_reason_is_the_seller_s_own_choice_all_the_same() -> None:
    assert spoken(advice(*SILENT, (1, replace(PIN, reason=" ")))) == "von Ihnen festgelegt"


@pytest.mark.parametrize("contact", [MAIL, replied(Intent.NONCOMMITTAL), OFFER])
def test_e1_a_pin_stands_until_the_next_contact(contact: Fact) -> None:
    assert advice(*SILENT, (1, PIN), (0.5, contact)).step.because != "pinned"


def test_e1_a_contact_of_last_week_noted_after_the_pin_ends_it_too() -> None:
    told = timeline(*SILENT, (1, PIN), (6, MAIL))
    late = [replace(e, recorded_at=NOW) if e.id == 4 else e for e in told]
    assert situation_of(type(told).of(late), {}, now=NOW).own.pin is None


def test_e1_a_note_of_absence_does_not_end_a_pin() -> None:
    away = replied(Intent.AUTO_REPLY)
    assert advice(*SILENT, (1, PIN), (0.5, away)).step.because == "pinned"


def test_e1_undoing_a_pin_brings_the_plan_of_before_back() -> None:
    before, after = advice(*SILENT), advice(*SILENT, (1, PIN), (0.5, Undone(entry_id=3)))
    assert planned(after) == planned(before)


def test_e1_a_pin_set_in_knowledge_of_a_reply_stands_above_the_desk_s_answer_to_it() -> None:
    later = replied(Intent.LATER_VAGUE, callback=JANUARY)
    assert advice((20, OFFER), (2, later)).step.kind is StepKind.ASK_WHAT
    given = advice((20, OFFER), (2, later), (1, replace(PIN, on=date(2027, 1, 12))))
    assert planned(given) == (StepKind.CALL, date(2027, 1, 12), "pinned")


@pytest.mark.parametrize("stop", [OptedOut(), replied(Intent.OPT_OUT)])
def test_e6_a_pin_never_beats_an_objection(stop: Fact) -> None:
    given = advice(*SILENT, (2, stop), (1, PIN))
    assert (given.due, given.step.channel, given.step.because) == (None, None, "opted_out")


def test_e6_a_pin_waits_for_the_contact_limit_and_says_so() -> None:
    given = advice((60, OFFER), (2, MAIL), (1, replace(PIN, on=TODAY)))
    assert given.due == TODAY + timedelta(days=7)  # the fifth day is a Saturday
    assert given.held_by is not None
    assert "Kontaktgrenze" in say(given.held_by, "de")


def test_e6_a_pin_waits_for_the_day_that_the_customer_asked_for() -> None:
    later = replied(Intent.LATER_VAGUE, callback=JANUARY)
    assert advice((20, OFFER), (2, later), (1, PIN)).due == date(2027, 1, 4)


def test_e1_a_pin_may_come_sooner_than_an_answer_is_usual() -> None:
    sooner = replace(PIN, on=date(2026, 11, 24))
    assert advice((1, OFFER), (0.5, sooner)).due == date(2026, 11, 24)
    assert advice((1, OFFER)).due == date(2026, 11, 30)


def test_e1_of_a_pin_and_a_snooze_the_later_word_holds() -> None:
    snooze = Snoozed(until=date(2026, 12, 14))
    assert advice(*SILENT, (2, snooze), (1, PIN)).due == FRIDAY
    assert advice(*SILENT, (2, PIN), (1, snooze)).due == date(2026, 12, 14)


def test_e1_a_pin_whose_day_has_passed_is_for_today() -> None:
    assert advice(*SILENT, (9, replace(PIN, on=date(2026, 11, 18)))).due == TODAY


def test_e1_goal_and_minimum_are_the_seller_s_where_set() -> None:
    goal = GoalSet(goal="Aufmaß am 3.12. mit Herrn Huber", minimum="ein Ja zu {einem} Termin")
    step = advice(*SILENT, (2, GoalSet(goal="x")), (1, goal)).step
    assert say(step.goal, "de") == "Aufmaß am 3.12. mit Herrn Huber"
    assert say(step.minimum, "en") == "ein Ja zu {einem} Termin"
    cleared = advice(*SILENT, (2, goal), (1, GoalSet())).step
    assert say(cleared.goal, "de") == "Wissen, wie das Angebot ankam"


# --- the own rhythm --------------------------------------------------------------------------

RHYTHM = CadenceSet(workdays=(3, 6))


def test_e1_the_first_touch_follows_the_seller_s_rhythm() -> None:
    given = advice((4, OFFER), (4, RHYTHM))  # on Thursday
    assert (given.due, given.step.because) == (date(2026, 11, 24), "cadence")
    assert spoken(given) == "Ihr Rhythmus: 1. Nachfrage, 3 Arbeitstage nach dem letzten Kontakt"
    assert spoken(given, language="en").startswith("your rhythm: first follow-up, 3 working days")


def test_e1_the_second_touch_counts_from_the_first_and_then_the_desk_plans_again() -> None:
    second = advice((20, OFFER), (20, RHYTHM), (10, MAIL))
    assert (second.due, second.step.because) == (TODAY, "cadence")  # due on Saturday a week ago
    third = advice((40, OFFER), (40, RHYTHM), (30, MAIL), (10, MAIL))
    assert planned(third) == planned(advice((40, OFFER), (30, MAIL), (10, MAIL)))


def test_e1_a_rhythm_of_one_day_says_the_next_working_day() -> None:
    given = advice((1, OFFER), (1, CadenceSet(workdays=(1,))))
    assert spoken(given) == "Ihr Rhythmus: 1. Nachfrage, am Arbeitstag nach dem letzten Kontakt"


def test_e1_an_empty_rhythm_gives_the_plan_back_to_the_desk() -> None:
    emptied = advice((4, OFFER), (4, RHYTHM), (3, CadenceSet(workdays=())))
    assert planned(emptied) == planned(advice((4, OFFER)))


def test_e1_a_rhythm_never_falls_on_epiphany() -> None:
    """The sixth of January is a Wednesday, and a holiday in Bavaria."""
    days = [advice((0, OFFER), (0, CadenceSet(workdays=(n,)))).due for n in (29, 30, 31)]
    assert days == [date(2027, 1, 5), date(2027, 1, 7), date(2027, 1, 8)]


def test_e6_a_rhythm_that_is_too_quick_waits_for_the_contact_limit() -> None:
    given = advice((10, OFFER), (10, CadenceSet(workdays=(1, 1))), (1, MAIL))
    assert given.held_by is not None
    assert given.due == date(2026, 11, 30)


def test_e1_an_agreed_day_goes_before_the_rhythm() -> None:
    later = replied(Intent.LATER_VAGUE, callback=JANUARY)
    asked = Touched(channel=Channel.CALL, step=StepKind.ASK_WHAT, reached=True)
    given = advice((20, OFFER), (20, RHYTHM), (2, later), (1, asked))
    assert planned(given) == (StepKind.CALL_BACK, date(2027, 1, 4), "window")


def test_e1_pins_and_rhythm_show_in_the_path_with_their_reason() -> None:
    story = Story(
        timeline=timeline((4, OFFER), (4, RHYTHM), (1, PIN)),
        readings={},
        title="Balkone",
        prospect="Alpenblick",
    )
    path = foresee(story, now=NOW, preferences=Preferences()).silence
    assert [one.because for one in path[:2]] == ["pinned", "cadence"]
    assert [one.on for one in path[:2]] == [FRIDAY, date(2026, 12, 7)]
    assert say(path[0].why, "de").startswith("von Ihnen festgelegt")


# --- open points -----------------------------------------------------------------------------


YES = Consented(
    words="Rufen Sie im Januar gern noch einmal an.", heard_on=Channel.CALL, window=JANUARY
)


def test_e5_a_consent_with_a_window_makes_the_call_in_it() -> None:
    given = advice(*SILENT, (5, YES))
    assert planned(given) == (StepKind.CALL_BACK, date(2027, 1, 4), "consented")
    told = "hat am 18.11.2026 zugestimmt: „Rufen Sie im Januar gern noch einmal an.“"
    assert spoken(given) == told


def test_e5_a_consent_to_be_written_to_makes_a_mail() -> None:
    given = advice(*SILENT, (5, replace(YES, channel=Channel.MAIL)))
    assert (given.step.kind, given.step.because) == (StepKind.MAIL, "consented")
    assert say(given.step.title, "de") == "Wie vereinbart wieder schreiben"


def test_e5_a_day_agreed_in_a_reply_goes_before_the_consent() -> None:
    february = (date(2027, 2, 1), date(2027, 2, 5))
    asked = Touched(channel=Channel.CALL, step=StepKind.ASK_WHAT, reached=True)
    later = replied(Intent.LATER_VAGUE, callback=february)
    given = advice(*SILENT, (5, YES), (3, later), (2, asked))
    assert planned(given) == (StepKind.CALL_BACK, february[0], "window")


@pytest.mark.parametrize("end", [ConsentWithdrawn(consent_id=3), Undone(entry_id=3)])
def test_e5_a_consent_that_was_taken_back_makes_no_step(end: Fact) -> None:
    given = advice(*SILENT, (5, YES), (1, end))
    assert planned(given) == planned(advice(*SILENT))


def test_e5_a_consent_ends_with_its_window_and_is_used_once() -> None:
    over = replace(YES, window=(date(2026, 11, 9), date(2026, 11, 20)))
    assert situation(*SILENT, (20, over)).consents == ()
    now = replace(YES, window=(date(2026, 11, 9), date(2026, 12, 4)))
    called = Touched(channel=Channel.CALL, step=StepKind.CALL_BACK, reached=True)
    assert advice(*SILENT, (20, now)).step.because == "consented"
    assert advice(*SILENT, (20, now), (3, called)).step.because != "consented"


def test_e6_an_objection_revokes_every_consent() -> None:
    for stop in (OptedOut(), replied(Intent.OPT_OUT)):
        assert situation(*SILENT, (5, YES), (1, stop)).consents == ()


# --- the steps that a person chooses ---------------------------------------------------------


@pytest.mark.parametrize("kind", StepKind)
def test_e1_every_kind_of_step_can_be_pinned_and_said(kind: StepKind) -> None:
    agreed = Consented(words="Schreiben Sie gern.", heard_on=Channel.CALL)
    given = advice(*SILENT, (9, agreed), (1, replace(PIN, step=kind)))
    step = given.step
    assert step.kind is kind
    for language in ("de", "en"):
        phrases = [step.title, step.why, step.goal, step.minimum, step.words]
        assert all(say(phrase, language) for phrase in phrases if phrase)


def test_d3_a_no_of_our_own_is_no_question_and_ends_the_path() -> None:
    declined = Touched(channel=Channel.CALL, step=StepKind.DECLINE, reached=True)
    assert situation((20, OFFER), (1, declined)).chases == ()
    story = Story(
        timeline=timeline((20, OFFER), (1, replace(PIN, step=StepKind.DECLINE))),
        readings={},
        title="Balkone",
        prospect="Alpenblick",
        phone="08026 555 48 10",
    )
    path = foresee(story, now=NOW, preferences=Preferences()).silence
    assert [one.kind for one in path] == [StepKind.DECLINE]


def test_d3_after_our_own_no_nobody_is_chased() -> None:
    declined = Touched(channel=Channel.CALL, step=StepKind.DECLINE, reached=True)
    given = advice((20, OFFER), (1, declined))
    assert planned(given) == (StepKind.STOP, TODAY, "declined")
    assert spoken(given) == "von Ihnen abgesagt am 22.11.2026"
    again = advice((20, OFFER), (2, declined), (1, replied(Intent.ENGAGED)))
    assert again.step.kind is StepKind.ANSWER
    missed = replace(declined, reached=False)
    assert advice((20, OFFER), (1, missed)).step.because == "silence"


def test_a_closed_opportunity_stays_closed_whatever_was_fixed() -> None:
    ended = Closed(outcome=OutcomeKind.LOST)
    assert advice(*SILENT, (3, YES), (2, PIN), (2, DRAWING), (1, ended)).due is None


def test_the_plan_of_a_quiet_story_has_not_changed() -> None:
    """Who sets nothing and promises nothing is planned for as before."""
    story = Story(timeline=timeline(*SILENT), readings={}, title="Balkone", prospect="Alpenblick")
    given = advise(story, now=NOW, preferences=Preferences())
    assert (given.step.because, given.due) == ("silence", TODAY)


def test_e1_a_revised_offer_starts_the_rhythm_anew() -> None:
    revised = OfferSent(number="AN-1412", version=2, net_cents=1_250_000)
    given = advice((30, OFFER), (30, RHYTHM), (20, MAIL), (4, revised))
    assert (given.due, given.step.because) == (date(2026, 11, 24), "cadence")
