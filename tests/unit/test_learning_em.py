"""Learning: EM from the prior, its gates, segments, and steps drawn by lot."""

from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np
import pytest

from nachhaken.engine import Acted, Action, Case, Evidence, Felt, Heard, Moment, Symbol, standard
from nachhaken.engine.columns import HEARD, Columns, columns_of
from nachhaken.engine.course import tell
from nachhaken.engine.model import REQUOTE, SYMBOLS, YES, Model, Strengths, strengths
from nachhaken.learning.chain import Chains, follow_chains, log_likelihood
from nachhaken.learning.em import Estimate, estimate, held_out
from nachhaken.learning.learn import effective_number, learn
from nachhaken.learning.outcomes import LOST, OPEN, WON, LearningError, outcome_code
from nachhaken.learning.prior import Prior, shipped_prior
from nachhaken.learning.segments import between_segments, learn_segments
from nachhaken.learning.statistics import Statistics, chains_of, count, statistics
from nachhaken.learning.stretches import Stretches, stretches_of
from nachhaken.terms import OutcomeKind
from tests.worlds import NO, World, drawn, silent_machines, subset, world

PRIOR = silent_machines(standard())


class Found(NamedTuple):
    truth: Model
    stretches: Stretches
    estimate: Estimate
    world: World


@pytest.fixture(scope="module")
def found() -> Found:
    """300 cases of a business that is not quite like the prior, and what they teach."""
    rng = np.random.default_rng(20)
    truth = drawn(PRIOR, rng)
    seen = world(truth, 300, rng, start=PRIOR.start)
    stretches = _laid_out(seen)
    return Found(
        truth, stretches, estimate(stretches, shipped_prior(PRIOR), rounds=12, tolerance=0), seen
    )


def _laid_out(cases: World) -> Stretches:
    return stretches_of(cases.columns, cases.outcomes, PRIOR)


def test_no_round_lowers_the_objective(found: Found) -> None:
    assert np.diff(found.estimate.objective).min() > -1e-7
    assert found.estimate.objective[-1] > found.estimate.objective[0] + 10


def test_what_300_cases_teach_beats_the_prior_on_new_cases(found: Found) -> None:
    new = _laid_out(world(found.truth, 500, np.random.default_rng(21), start=PRIOR.start))
    learnt, prior, truth = (
        held_out(new, model).sum() for model in (found.estimate.model, PRIOR, found.truth)
    )
    assert prior + 10 < learnt < truth + 10


def test_statistics_of_parts_add_up_to_the_whole(found: Found) -> None:
    cases = found.world
    rows = np.arange(300)
    parts = [subset(cases, part) for part in (rows[:7], rows[7:200], rows[200:])]
    told = [statistics(p.columns, p.outcomes, found.truth, prior=PRIOR) for p in parts]
    summed = told[0] + told[1] + told[2]
    whole = statistics(cases.columns, cases.outcomes, found.truth, prior=PRIOR)
    for block in fields(Statistics):
        np.testing.assert_allclose(
            getattr(summed, block.name), getattr(whole, block.name), rtol=1e-10, atol=1e-9
        )


def test_counts_balance(found: Found) -> None:
    told = count(found.stretches, found.truth)
    assert told.start.sum() == pytest.approx(300)
    touches = int((found.world.columns.kind < HEARD).sum())
    assert told.will[..., 1].sum() == pytest.approx(touches)
    assert told.level[:, 1].sum() == pytest.approx(touches)
    answers = int((found.world.columns.kind == HEARD).sum())
    assert told.symbols.sum() + told.messages.sum() == pytest.approx(answers)
    rest = found.world.columns.now_day - found.world.columns.day[found.world.columns.offsets[:-1]]
    assert told.days.sum() == pytest.approx(rest.sum(), rel=0.01)


def test_what_is_impossible_stays_so(found: Found) -> None:
    learnt = found.estimate.model
    assert not learnt.symbols[PRIOR.symbols == 0].any()
    assert not learnt.unprompted[PRIOR.unprompted == 0].any()
    assert (learnt.generators[:, 3] == 0).all()
    bound = np.maximum(PRIOR.symbols[:, :, 1, YES], 0.02)
    assert (learnt.symbols[:, :, 1, YES] <= bound + 1e-12).all()
    assert (np.diff(learnt.goodwill_lost) >= 0).all()
    assert (np.diff(learnt.reply_factor[1:]) <= 0).all()
    assert learnt.reply_factor[1] == 1


def test_a_stalled_customers_yes_stays_rare() -> None:
    """Cases that look stalled and then say yes must not turn the stalled into the genuine."""
    vague = SYMBOLS.index(Symbol.LATER_VAGUE)
    columns = _columns([[(0.0, 0, 0), (9.0, HEARD, vague), (9.0, 0, 0), (10.0, HEARD, YES)]] * 200)
    stretches = stretches_of(columns, np.full(200, OPEN, np.uint8), PRIOR)
    learnt = estimate(stretches, _weak(), rounds=5).model
    assert learnt.symbols[0, 0, 1, YES] <= 0.02 + 1e-12


def test_without_cases_the_prior_stays() -> None:
    nothing = _columns([])
    stretches = stretches_of(nothing, np.zeros(0, np.uint8), PRIOR)
    learnt = estimate(stretches, shipped_prior(PRIOR)).model
    for name in ("start", "symbols", "generators", "unprompted", "will", "median", "spread"):
        np.testing.assert_allclose(getattr(learnt, name), getattr(PRIOR, name), rtol=1e-12)
    untouched = _columns([[], []])
    told = statistics(untouched, np.zeros(2, np.uint8), PRIOR)
    np.testing.assert_allclose(told.start, 2 * PRIOR.start)


def test_an_infinite_strength_lets_no_data_speak(found: Found) -> None:
    fixed = Strengths(**{f.name: np.inf for f in fields(Strengths)})
    learnt = estimate(found.stretches, Prior(model=PRIOR, strengths=fixed), rounds=2).model
    np.testing.assert_allclose(learnt.symbols, PRIOR.symbols, rtol=1e-8)
    np.testing.assert_allclose(learnt.generators, PRIOR.generators, rtol=1e-8)


def _truths_at_the_end(columns: Columns, outcome: int, model: Model = PRIOR) -> list[float]:
    """Posterior of the last truth of a single case, from the likelihoods with each fixed."""
    stretches = stretches_of(columns, np.array([outcome], np.uint8), model)
    chains = chains_of(stretches, model)
    ends = [chains._replace(end=chains.end * np.eye(4)[h]) for h in range(4)]
    weights = np.exp([log_likelihood(end)[0] for end in ends])
    return [float(w) for w in weights / weights.sum()]


def test_known_ends_are_anchors() -> None:
    quiet = _columns([[(0.0, 0, 0)]], now=20.0)
    assert _truths_at_the_end(quiet, WON)[0] == 1
    assert _truths_at_the_end(quiet, LOST)[3] == 1
    assert max(_truths_at_the_end(quiet, OPEN)) < 0.6
    refused = _columns([[(0.0, 3, 0), (2.0, HEARD, NO)]], now=2.0)
    pretend = _truths_at_the_end(refused, LOST)[2]
    assert 0.05 < pretend < 0.5, "a pretender, too, may take the easy no"


def test_the_chain_is_the_filter() -> None:
    """Without the cautions of single cases, learning and judging read a timeline alike."""
    bold = replace(standard(), cap_decibans=1e4, repeat_factor=1.0)
    evidence: tuple[Evidence, ...] = (
        _acted(0, Action.INVEST), _acted(5, Action.MAIL), _said(7, Symbol.LATER_VAGUE),
        _acted(30, Action.MAIL), _acted(60, Action.CALL), _said(61, Symbol.REQUOTE),
        _said(70, Symbol.ENGAGED, window=(75, 80)), _acted(80, Action.MAIL), _away(81, until=90),
        _acted(96, Action.ASK_WHAT), _acted(98, Action.CLARIFY), _said(99, Symbol.STALLED_NAMED),
        _acted(99, Action.WAIT7), _acted(100, Action.CALL), _away(101, until=104),
        _said(110, Symbol.REQUOTE), _acted(112, Action.MAIL),
        _acted(120, Action.ASK_WHAT), _said(120, Symbol.LATER_VAGUE), _acted(121, Action.MAIL),
        _away(122, until=130), _said(130, Symbol.ENGAGED),
    )  # fmt: skip
    for end in range(1, len(evidence) + 1):
        now = _moment(evidence[end - 1].at.day + 4)
        case = Case(evidence=evidence[:end], now=now, ahead=(now,), value=4000)
        judged = tell(case, bold).tracks.belief[0]
        learning = _truths_at_the_end(columns_of([case], bold), OPEN, bold)
        np.testing.assert_allclose(learning, judged, rtol=2e-4, atol=1e-6)


def _moment(day: float) -> Moment:
    return Moment(day, day * 0.75)


def _acted(day: float, action: Action) -> Acted:
    return Acted(at=_moment(day), action=action, ref=1)


def _said(day: float, symbol: Symbol, window: tuple[float, float] | None = None) -> Heard:
    return Heard(at=_moment(day), symbols={symbol: 1.0}, ref=1, window=window)


def _away(day: float, until: float) -> Heard:
    says = {Symbol.AUTO_REPLY: 1.0}
    return Heard(at=_moment(day), symbols=says, ref=1, away_until=_moment(until))


def test_a_doubtful_reading_teaches_in_shares() -> None:
    """Half vague, half evasive; a text about something else and a feeling teach nothing."""
    doubtful = {Symbol.LATER_VAGUE: 0.4, Symbol.NONCOMMITTAL: 0.4}
    aside = {Symbol.YES: 0.2}
    case = Case(
        evidence=(
            _acted(0, Action.MAIL),
            Heard(at=_moment(2), symbols=aside, ref=1),
            Felt(at=_moment(2), dead_horse=True, ref=1),
            Heard(at=_moment(3), symbols=doubtful, ref=1),
        ),
        now=_moment(3),
        ahead=(_moment(3),),
        value=4000,
    )
    told = statistics(columns_of([case, case], PRIOR), np.zeros(2, np.uint8), PRIOR)
    said = (told.symbols.sum(axis=(0, 1, 2)) + told.messages.sum(axis=0)) / 2
    vague, evasive = SYMBOLS.index(Symbol.LATER_VAGUE), SYMBOLS.index(Symbol.NONCOMMITTAL)
    assert said.sum() == pytest.approx(1)
    assert said[vague] + said[evasive] == pytest.approx(1)
    assert 0.3 < said[vague] < 0.7
    assert told.will[0, :, 1].sum() == pytest.approx(2)


def test_an_answer_within_a_talk_has_no_delay() -> None:
    """It counts as an answer and for what it says; only who wrote of their own accord waits on."""
    asked, vague = 2, SYMBOLS.index(Symbol.LATER_VAGUE)
    talk = _columns([[(0.0, asked, 0), (0.0, HEARD, vague)]] * 200, now=0.0)
    stretches = stretches_of(talk, np.full(200, OPEN, np.uint8), PRIOR)
    told = count(stretches, PRIOR)
    assert told.symbols[0, asked, :, vague].sum() > 197
    assert told.will[asked, :, 0].sum() > 197
    assert told.delay[asked, :, 0].sum() < 3
    learnt = estimate(stretches, shipped_prior(PRIOR), rounds=3).model
    np.testing.assert_allclose(learnt.median, PRIOR.median, rtol=0.02)
    sunday = replace(talk, day=talk.day + np.tile([0.0, 1.0], 200), now_day=talk.now_day + 1)
    timed = statistics(sunday, np.full(200, OPEN, np.uint8), PRIOR)
    assert timed.delay[asked, :, 0].sum() > 180


def test_a_case_that_cannot_be_counts_nowhere() -> None:
    """Nobody who has objected is genuine at that very moment."""
    objected = [(0.0, 0, 0), (1.0, HEARD, SYMBOLS.index(Symbol.OPT_OUT))]
    columns = _columns([objected, [(0.0, 0, 0), (1.0, HEARD, REQUOTE)]], now=1.0)
    told = statistics(columns, np.array([WON, OPEN], np.uint8), PRIOR)
    assert (told.cases, told.impossible) == (2, 1)
    assert np.isfinite(told.log_likelihood)
    assert told.start.sum() == pytest.approx(1)


def test_history_is_kept_and_teaches_no_start() -> None:
    known = replace(_columns([[(0.0, 0, 0)], [(0.0, 0, 0)]], now=9.0))
    start = np.array([PRIOR.start, [0.1, 0.1, 0.4, 0.4]])
    stretches = stretches_of(replace(known, start=start), np.zeros(2, np.uint8), PRIOR)
    assert stretches.is_new.tolist() == [True, False]
    other = replace(PRIOR, start=np.array([0.7, 0.1, 0.1, 0.1]))
    chains = chains_of(stretches, other)
    np.testing.assert_allclose(chains.start, [other.start, start[1]])
    assert count(stretches, other).start.sum() == pytest.approx(1)


def test_compiled_and_numpy_tell_the_same(found: Found) -> None:
    pytest.importorskip("numba")
    chains = chains_of(found.stretches, found.truth)
    for compiled, plain in zip(
        follow_chains(chains, compiled=True), follow_chains(chains, compiled=False), strict=True
    ):
        np.testing.assert_allclose(compiled, plain, rtol=1e-9, atol=1e-12)
    dead = Chains(*chains[:3], np.zeros_like(chains.matrices), chains.end)
    for way in (False, True):
        told = follow_chains(dead, compiled=way)
        assert (told.log_likelihood == -np.inf).all()
        assert not told.first.any()
        assert not told.pairs.any()


def test_learning_is_used_where_it_foretells_better(found: Found) -> None:
    cases = found.world
    learnt = learn(
        cases.columns, cases.outcomes, cases.customers, model=PRIOR, rng=np.random.default_rng(1)
    )
    assert learnt.gain is not None
    assert learnt.is_used == (learnt.gain.low > 0)
    assert learnt.is_used
    assert learnt.model is learnt.learnt
    assert learnt.model.fingerprint != PRIOR.fingerprint
    assert 50 < learnt.effective < learnt.closed
    assert learnt.moved["drift"] > 1
    assert 0 < learnt.moved["symbols"] < 0.5


def test_few_closed_cases_change_nothing(found: Found) -> None:
    few = subset(found.world, np.flatnonzero(found.world.outcomes != OPEN)[:49])
    learnt = learn(
        few.columns, few.outcomes, few.customers, model=PRIOR, rng=np.random.default_rng(1)
    )
    assert (learnt.closed, learnt.is_used) == (49, False)
    assert learnt.model is PRIOR
    assert learnt.learnt is not PRIOR
    single = learn(
        few.columns,
        few.outcomes,
        np.zeros(49, np.int64),
        model=PRIOR,
        rng=np.random.default_rng(1),
    )
    assert single.gain is None
    assert single.effective == 1


def test_the_effective_number_counts_customers() -> None:
    assert effective_number(np.array([1, 2, 3, 4])) == 4
    assert effective_number(np.array([1, 1, 1, 2, 2, 2])) == 2
    assert effective_number(np.array([], np.int64)) == 0


def test_lengths_must_agree(found: Found) -> None:
    cases, rng = found.world, np.random.default_rng(1)
    with pytest.raises(LearningError, match="300 cases"):
        statistics(cases.columns, cases.outcomes[:-1], PRIOR)
    with pytest.raises(LearningError, match="customers"):
        learn(cases.columns, cases.outcomes, cases.customers[1:], model=PRIOR, rng=rng)
    with pytest.raises(LearningError, match="segments"):
        learn_segments(
            cases.columns, cases.outcomes, np.zeros(3, np.int64), learnt=PRIOR, prior=PRIOR
        )


def test_a_small_segment_is_the_global_one(found: Found) -> None:
    cases = found.world
    closed = np.flatnonzero(cases.outcomes != OPEN)
    labels = np.zeros(300, np.int64)
    labels[closed[:19]] = 1
    learnt = found.estimate.model
    parts = learn_segments(cases.columns, cases.outcomes, labels, learnt=learnt, prior=PRIOR)
    assert parts.closed[1] == 19
    assert parts.models[1] is learnt
    moved = abs(parts.models[0].symbols - learnt.symbols).max()
    assert 0 < moved < 0.1


def test_segments_weigh_the_global_by_how_alike_they_are() -> None:
    rng = np.random.default_rng(5)
    unlike = replace(PRIOR, start=np.array([0.08, 0.12, 0.6, 0.2]))
    same = [_told(PRIOR, rng) for _ in range(4)]
    mixed = [_told(PRIOR, rng), _told(unlike, rng), _told(PRIOR, rng), _told(unlike, rng)]
    assert between_segments(same, PRIOR).start > 4 * between_segments(mixed, PRIOR).start


def _told(truth: Model, rng: np.random.Generator) -> Statistics:
    cases = world(truth, 120, rng, start=PRIOR.start)
    return statistics(cases.columns, cases.outcomes, PRIOR)


def test_codes_of_outcomes() -> None:
    assert outcome_code(None) == OPEN
    assert outcome_code(OutcomeKind.WON) == WON
    assert outcome_code(OutcomeKind.OPTED_OUT) == outcome_code(OutcomeKind.STOPPED)


def _weak() -> Prior:
    return Prior(
        model=PRIOR, strengths=replace(strengths(), **dict.fromkeys(("symbols", "start"), 1e-9))
    )


def _columns(cases: list[list[tuple[float, int, int]]], now: float = 30.0) -> Columns:
    """Cases of (day, kind, symbol); four working days in six."""
    events = [event for case in cases for event in case]
    day = np.array([event[0] for event in events])
    none = np.full(len(events), np.nan)
    until = np.full(len(cases), now)
    return Columns(
        offsets=np.concatenate([[0], np.cumsum([len(case) for case in cases])]).astype(np.int64),
        day=day,
        workday=day * 0.75,
        kind=np.array([event[1] for event in events], np.uint8),
        label=np.array([event[2] for event in events], np.int32),
        labels=np.eye(len(SYMBOLS)),
        window=none,
        away_day=none,
        away_workday=none,
        start=np.tile(PRIOR.start, (len(cases), 1)),
        now_day=until,
        now_workday=until * 0.75,
    )
