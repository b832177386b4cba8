"""An opportunity that only began: nobody has talked to anybody yet, and the plan says so."""

from dataclasses import replace
from datetime import date

import pytest

from nachhaken.plan import Advice, say
from nachhaken.plan.law.purposes import purpose_of
from nachhaken.terms import Channel, Intent, Purpose, StepKind
from nachhaken.timeline import Fact, GutFelt, Met, Opened, Touched
from tests.unit.test_plan import MAIL, OFFER, TODAY, advice, replied
from tests.unit.test_plan_conversation import planned, situation, spoken

ASKED = Opened(title="4 Balkone Südseite")
IN_VAIN = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)
FIRST_TALK = "Ins Gespräch kommen und den Bedarf klären"


def told(given: Advice) -> tuple[str, str]:
    return say(given.step.title, "de"), spoken(given)


def test_c1_who_only_just_asked_is_talked_to_today() -> None:
    given = advice((0, ASKED))
    assert planned(given) == (StepKind.CALL, TODAY, "first")
    assert told(given) == (FIRST_TALK, "heute dazugekommen, noch kein Kontakt festgehalten")
    assert say(given.step.goal, "de") == "Wissen, was gebraucht wird, von wem und bis wann"
    assert given.silence is None


def test_c1_who_was_taken_in_weeks_ago_and_never_called_still_is() -> None:
    given = advice((19, ASKED))
    assert planned(given) == (StepKind.CALL, TODAY, "first")
    assert told(given)[1] == "seit 4.11.2026 offen, noch kein Kontakt festgehalten"


def test_c1_an_inquiry_may_be_answered_by_mail_where_no_number_is_known() -> None:
    given = advice((0, ASKED), phone="")
    assert (given.step.kind, given.step.channel) == (StepKind.MAIL, Channel.MAIL)
    assert given.permission is not None
    assert given.permission.rule == "DE-6"
    assert told(given)[0] == FIRST_TALK


def test_e6_the_first_word_answers_the_inquiry_the_next_one_chases() -> None:
    assert purpose_of(StepKind.MAIL, situation((1, ASKED))) is Purpose.ANSWER
    for more in (MAIL, IN_VAIN, OFFER):
        assert purpose_of(StepKind.MAIL, situation((1, ASKED), (0.5, more))) is Purpose.CHASE
    assert purpose_of(StepKind.MAIL, situation((1, GutFelt(dead_horse=False)))) is Purpose.CHASE


def test_c1_a_call_that_reached_nobody_is_no_talk() -> None:
    given = advice((10, ASKED), (9, IN_VAIN))
    assert planned(given) == (StepKind.CALL, TODAY, "first")
    assert told(given) == (FIRST_TALK, "noch niemand erreicht, zuletzt versucht am 14.11.2026")
    soon = advice((1, ASKED), (0.01, IN_VAIN))
    assert soon.due == date(2026, 11, 30)  # the contact limit counts the attempt
    assert soon.step.because == "first"


def test_c1_an_agreed_first_talk_is_waited_for() -> None:
    given = advice((2, ASKED), (-3, Met(title="Ortstermin")))
    assert planned(given) == (StepKind.WAIT, date(2026, 11, 26), "meeting")
    assert told(given)[1] == "am 26.11.2026 ist ein Termin"


@pytest.mark.parametrize(
    "contact", [MAIL, replace(MAIL, reached=True), Met(title="Ortstermin"), OFFER]
)
def test_c1_any_contact_or_offer_ends_the_beginning(contact: Fact) -> None:
    assert situation((9, ASKED)).is_new
    assert not situation((9, ASKED), (3, contact)).is_new
    assert advice((9, ASKED), (3, contact)).step.because != "first"


def test_c1_what_they_wrote_first_is_answered_first() -> None:
    given = advice((2, ASKED), (1, replied(Intent.ENGAGED)))
    assert planned(given) == (StepKind.ANSWER, TODAY, "engaged")


def test_a_last_contact_is_said_with_its_own_day() -> None:
    """A weekend has no working day, and yet Saturday is not today."""
    saturday, visited = (
        advice((9, ASKED), (2, MAIL)),
        advice((20, ASKED), (12, Met(title="Ortstermin"))),
    )
    assert told(saturday)[1] == "zuletzt Kontakt am 21.11.2026"
    assert told(advice((9, ASKED), (0.01, MAIL)))[1] == "heute zuletzt Kontakt"
    assert told(visited)[1] == "seit 8 Arbeitstagen still, üblich sind 4"
