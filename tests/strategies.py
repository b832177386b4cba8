"""Hypothesis strategies for timelines: any order, any gaps, undone and corrected entries."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from nachhaken.terms import Channel, ConsentScope, Intent, NoReason, Origin, OutcomeKind, StepKind
from nachhaken.timeline import (
    CadenceSet,
    Closed,
    Consented,
    EffortSpent,
    Entry,
    Fact,
    GutFelt,
    LawOverruled,
    Met,
    NumberChecked,
    OfferSent,
    Opened,
    OptedOut,
    Pinned,
    Promised,
    PromiseMoved,
    PromiseSettled,
    Reopened,
    Replied,
    Restated,
    Snoozed,
    Statement,
    TalkShare,
    Timeline,
    Touched,
    Transcribed,
    Undone,
)

START = datetime(2025, 1, 7, 9, tzinfo=UTC)
moments = st.integers(0, 600 * 24).map(lambda hours: START + timedelta(hours=hours))
days = st.integers(0, 700).map(lambda n: date(2025, 1, 1) + timedelta(days=n))
windows = st.tuples(days, st.integers(0, 90)).map(lambda w: (w[0], w[0] + timedelta(days=w[1])))
statements = st.builds(
    Statement,
    intent=st.sampled_from(Intent),
    callback=st.none() | windows,
    condition=st.none() | st.sampled_from(["wenn das Budget frei ist", "nach der Messe"]),
    no_reason=st.none() | st.sampled_from(NoReason),
)
person_ids = st.none() | st.integers(1, 3)
amounts = st.none() | st.integers(-100, 20_000_000)
plain_facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(
        OfferSent,
        number=st.just("AN-1"),
        version=st.integers(1, 4),
        net_cents=amounts,
        valid_until=st.none() | days,
    ),
    st.builds(
        Touched,
        channel=st.sampled_from(Channel),
        step=st.sampled_from(StepKind),
        reached=st.none() | st.booleans(),
        person_id=person_ids,
    ),
    st.builds(Replied, channel=st.sampled_from(Channel), statement=st.none() | statements),
    st.builds(EffortSpent, minutes=st.integers(0, 6_000)),
    st.builds(Met, title=st.just("Ortstermin")),
    st.builds(Promised, by_us=st.booleans(), what=st.just("Zeichnung"), due=st.none() | days),
    st.builds(Snoozed, until=days),
    st.builds(Pinned, step=st.sampled_from(StepKind), on=days),
    st.builds(CadenceSet, workdays=st.lists(st.integers(1, 40), max_size=3).map(tuple)),
    st.builds(
        Consented,
        words=st.just("Rufen Sie gern wieder an."),
        heard_on=st.just(Channel.CALL),
        channel=st.none() | st.sampled_from(Channel),
        scope=st.sampled_from(ConsentScope),
        window=st.none() | windows,
        person_id=person_ids,
    ),
    st.builds(
        Transcribed,
        agreed_by=st.just("Frau Keller"),
        agreed_on=days,
        agreed_how=st.just("am Telefon"),
        shares=st.integers(0, 100).map(
            lambda n: (
                TalkShare(name="wir", percent=n, is_ours=True),
                TalkShare(name="Frau Keller", percent=100 - n, is_ours=False),
            )
        ),
        is_timed=st.booleans(),
    ),
    st.builds(Opened, origin=st.none() | st.sampled_from(Origin)),
    st.builds(NumberChecked, is_starred=st.booleans()),
    st.builds(
        LawOverruled,
        rule=st.just("DE-8"),
        channel=st.sampled_from(Channel),
        reason=st.just("Am Telefon so vereinbart"),
    ),
    st.builds(GutFelt, dead_horse=st.booleans()),
    st.builds(Closed, outcome=st.sampled_from(OutcomeKind)),
    st.builds(Reopened),
)
opt_outs = st.builds(OptedOut)
objections = opt_outs | st.builds(OptedOut, scope=st.just("person"), person_id=person_ids)


@st.composite
def timelines(draw: st.DrawFn, *, facts: st.SearchStrategy[Fact] = plain_facts) -> Timeline:
    """Return a timeline of up to 14 entries, some undone, some readings corrected."""
    entries: list[Entry] = []
    for number in range(1, draw(st.integers(0, 14)) + 1):
        fact = draw(facts)
        if entries and draw(st.integers(0, 7)) == 0:
            fact = draw(_about(entries))
        occurred_at = draw(moments)
        recorded_at = occurred_at + timedelta(hours=draw(st.integers(0, 200)))
        entries.append(
            Entry(
                id=number,
                occurred_at=occurred_at,
                recorded_at=recorded_at,
                actor="brandt",
                source_key=f"t:{number}",
                fact=fact,
            )
        )
    return Timeline.of(draw(st.permutations(entries)))


def _about(entries: list[Entry]) -> st.SearchStrategy[Fact]:
    ids = st.sampled_from([e.id for e in entries])
    return st.one_of(
        st.builds(Undone, entry_id=ids),
        st.builds(Restated, entry_id=ids, statement=statements),
        st.builds(PromiseSettled, promise_id=ids, kept=st.booleans()),
        st.builds(PromiseMoved, promise_id=ids, due=st.none() | days),
    )
