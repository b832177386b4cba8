"""Work before the decision: what it comes to, and when more of it does not pay (method B3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nachhaken.engine.values import Action
from nachhaken.plan import Preferences, advise, say
from nachhaken.plan.effort import (
    EffortWarning,
    Part,
    cents_of,
    effort_of,
    variant_of,
    warning_of,
)
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Phrase, Story
from nachhaken.reading import read
from nachhaken.terms import Channel, Intent, OutcomeKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    Fact,
    OfferSent,
    Replied,
    Statement,
    Timeline,
    Undone,
)
from tests import cast

OWN = Preferences(hour_eur=80)


def told(*facts: tuple[float, Fact]) -> Timeline:
    return Timeline.of(
        Entry(
            id=index,
            occurred_at=cast.NOW - timedelta(days=days),
            recorded_at=cast.NOW - timedelta(days=days),
            actor="",
            source_key=f"t/{index}",
            fact=fact,
        )
        for index, (days, fact) in enumerate(facts, 1)
    )


def story_of(timeline: Timeline, **more: object) -> Story:
    readings = {
        entry.id: read(entry.fact.text, reference=entry.occurred_at.date())
        for entry in timeline
        if isinstance(entry.fact, Replied)
    }
    return replace(
        Story(timeline=timeline, readings=readings, title="Balkone", prospect="Pension Alpenblick"),
        **more,  # type: ignore[arg-type]
    )


def warned(story: Story) -> EffortWarning | None:
    advice = advise(story, now=cast.NOW, preferences=OWN)
    situation = situation_of(story.timeline, story.readings, now=cast.NOW)
    return warning_of(story.timeline, situation, advice, preferences=OWN)


def variant(story: Story) -> Phrase | None:
    advice = advise(story, now=cast.NOW, preferences=OWN)
    situation = situation_of(story.timeline, story.readings, now=cast.NOW)
    return variant_of(story.timeline, situation, advice)


def requoted(text: str = "") -> Replied:
    return Replied(channel=Channel.CALL, text=text, statement=Statement(intent=Intent.REQUOTE))


def test_b3_effort_is_minutes_and_money_by_kind_of_work() -> None:
    effort = effort_of(
        told(
            (9, EffortSpent(minutes=90, work="Aufmaß")),
            (8, EffortSpent(minutes=60, work="Zeichnung", rate_cents=12_000)),
            (7, EffortSpent(minutes=30, work="Aufmaß")),
            (6, EffortSpent(minutes=0, cents=4_550, what="Probestück")),
        ),
        hour_eur=80,
    )
    assert (effort.minutes, effort.money_cents, effort.sunk_cents) == (180, 4_550, 32_550)
    assert effort.parts == (
        Part("Aufmaß", 120, 16_000), Part("Zeichnung", 60, 12_000), Part("", 0, 4_550),
    )  # fmt: skip


def test_b3_a_rate_that_was_noted_stays_when_the_hour_changes() -> None:
    note = EffortSpent(minutes=45, rate_cents=6_000, cents=100)
    assert cents_of(note, hour_eur=80) == cents_of(note, hour_eur=120) == 4_600
    assert cents_of(EffortSpent(minutes=45), hour_eur=120) == 9_000


def test_b3_effort_that_was_taken_back_is_not_sunk() -> None:
    timeline = told((3, EffortSpent(minutes=60)), (2, Undone(entry_id=1)))
    assert effort_of(timeline, hour_eur=80).sunk_cents == 0


@pytest.mark.parametrize("one", [cast.EVADER, cast.COLLECTOR, cast.SILENT])
def test_b3_before_more_free_work_for_an_unclear_customer_it_warns(one: cast.Standing) -> None:
    story = cast.story(one)
    values = advise(story, now=cast.NOW, preferences=OWN).judgement.values
    warning = warned(story)
    assert warning is not None
    assert warning.loss_cents == round(100 * (values[warning.instead] - values[Action.INVEST]))
    assert warning.loss_cents > 0
    keys = [phrase.key for phrase in warning.alternatives]
    assert keys[:3] == ["effort.commitment", "effort.smaller", "effort.paid"]


def test_b3_a_genuine_customer_is_worked_for_without_a_warning() -> None:
    assert warned(cast.story(cast.DECIDER)) is None


def test_b3_what_ended_or_wants_no_contact_needs_no_warning() -> None:
    assert warned(cast.story(cast.OPTED_OUT)) is None
    evader = cast.timeline(cast.EVADER)
    facts = [((cast.NOW - e.occurred_at).total_seconds() / 86_400, e.fact) for e in evader]
    assert warned(story_of(told(*facts, (0, Closed(outcome=OutcomeKind.LOST))))) is None


def test_b3_who_asks_for_a_first_offer_is_not_doubted() -> None:
    assert warned(story_of(told((2, EffortSpent(minutes=30))))) is None


def test_b3_the_collector_is_let_go_before_he_is_worked_for() -> None:
    warning = warned(cast.story(cast.COLLECTOR))
    assert warning is not None
    assert warning.headline == Phrase("effort.before_variant", {"count": 2})
    assert warning.because.key == "effort.loses"
    assert warning.instead is Action.STOP
    assert warning.alternatives[-1].key == "effort.let_go"
    assert "kostet hier im Mittel rund" in say(warning.because, "de")
    assert say(warning.headline, "de") == "Bevor Sie die 2. Fassung rechnen"


def test_b3_a_third_variant_is_answered_by_what_the_engine_says_of_it() -> None:
    offers = [(40 - 10 * n, OfferSent(number=f"A{n}", net_cents=900_000)) for n in range(2)]
    story = story_of(told(*offers, (1, requoted())), offers=4)
    values = advise(story, now=cast.NOW, preferences=OWN).judgement.values
    asked = variant(story)
    assert asked is not None
    best = max(values[Action.ASK_WHAT], values[Action.CLARIFY])
    is_worth = values[Action.INVEST] >= max(best, values[Action.STOP])
    assert asked.key == ("effort.variant_yes" if is_worth else "effort.variant_ask")
    assert asked.params["count"] == 3
    assert "3. Fassung" in say(asked, "de")
    assert "€" in say(asked, "de")
    assert "Version 3" in say(asked, "en")


def test_b3_work_that_pays_is_said_to_pay() -> None:
    judged = advise(cast.story(cast.DECIDER), now=cast.NOW, preferences=OWN)
    rich = dict(judged.judgement.values) | {Action.INVEST: 9_999.0}
    advice = replace(judged, judgement=replace(judged.judgement, values=rich))
    timeline = told((9, OfferSent(number="A1", net_cents=900_000)), (1, requoted()))
    situation = situation_of(timeline, {}, now=cast.NOW)
    said = variant_of(timeline, situation, advice)
    assert said is not None
    assert "Rechnen lohnt sich: im Mittel rund 10.000 €" in say(said, "de")


def test_b3_without_a_wish_for_another_version_there_is_no_answer_to_it() -> None:
    assert variant(cast.story(cast.EVADER)) is None


def test_b3_a_warning_says_what_is_sunk_and_what_to_expect() -> None:
    warning = warned(cast.story(cast.EVADER))
    assert warning is not None
    assert warning.sunk is not None
    assert "Bisher stecken rund 320 € darin" in say(warning.sunk, "de")
    untouched = warned(story_of(told((80, OfferSent(number="A", net_cents=900_000)))))
    assert untouched is not None
    assert untouched.sunk is None
