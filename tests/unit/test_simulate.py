"""Opportunities played out: time, money, and what each conduct does when."""

from dataclasses import replace

import numpy as np
import pytest

from nachhaken.engine import Action, Money, standard
from nachhaken.engine.bounds import known_next
from nachhaken.engine.columns import HEARD
from nachhaken.engine.flow import drift, reached
from nachhaken.engine.follow import follow
from nachhaken.engine.kernel import ACTIONS, CONTEXTS, context_index, echo_chance, goodwill
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, YES, Array, Model
from nachhaken.engine.planner import with_echo
from nachhaken.engine.policies import kernel_of
from nachhaken.engine.simulation.conducts import (
    EIGHT_TOUCHES,
    INVEST,
    MAIL,
    STOP,
    WAIT,
    articles,
    best_of,
    every,
    known_truth,
    oracle,
    rotting,
    scheduled,
    serving,
    straying,
    wait_for_date,
)
from nachhaken.engine.simulation.play import (
    Choice,
    Conduct,
    ConductError,
    End,
    Record,
    View,
    World,
    record,
    simulate,
)
from nachhaken.engine.simulation.records import known_by
from nachhaken.engine.simulation.worlds import draw_model
from nachhaken.engine.simulation.yes import chance_of_yes, yes_table
from nachhaken.engine.values import Symbol

WORLD = World(model=standard())
NEVER = scheduled((), 90)
QUIET = replace(standard(), unprompted=np.zeros((4, 2, 4, 10)), anything=1e-12)


def _rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def _recorded(conduct: Conduct, n: int = 400, world: World = WORLD) -> Record:
    return record(world, conduct, n=n, rng=_rng())


def test_the_same_chance_gives_the_same_lives() -> None:
    first, again, other = (simulate(WORLD, every(), n=200, rng=_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.eur, again.eur)
    np.testing.assert_array_equal(first.day, again.day)
    assert (first.eur != other.eur).any()


@pytest.mark.parametrize("action", [Action.MAIL, Action.CLARIFY])
def test_silence_after_a_touch_lasts_as_the_equations_say(action: Action) -> None:
    """Share without any message, and without a message and genuine, 2, 7 and 25 days on."""
    model, touch, n, days = standard(), TOUCHES.index(action), 20_000, (2.0, 7.0, 25.0)
    results, evidence, _, _ = record(
        WORLD, _once(ACTIONS.index(action)), n=n, rng=_rng(), watch=days
    )
    heard = evidence.kind == HEARD
    row = np.repeat(np.arange(n), np.diff(evidence.offsets))[heard]
    first = np.full(n, np.inf)
    np.minimum.at(first, row, evidence.day[heard])
    for day, truth in zip(days, results.seen, strict=True):
        silent = (first > day) & (truth >= 0)
        expected = _silent(model, touch, day)
        assert silent.mean() == pytest.approx(expected.sum(), abs=4 * 0.5 / n**0.5)
        assert (silent & (truth == 0)).mean() == pytest.approx(expected[0], abs=4 * 0.5 / n**0.5)


def _once(action: int) -> Conduct:
    def choose(view: View) -> Choice:
        until = np.full(len(view.rows), 400.0)
        act = np.where(view.day == 0, action, WAIT)
        return Choice(action=act, until=until, chance=np.ones(len(until)))

    return Conduct(choose=choose)


def _silent(model: Model, touch: int, days: float) -> Array:
    """P(silent, truth now) [h] after a touch at level 1: level 2 for 10 days, then 1 for 14."""
    parts = [min(days, 10.0), min(max(days - 10, 0), 14.0), max(days - 24, 0)]
    contexts = [context_index(f, 0, 0) for f in (2, 1, 0)]
    flows = drift(model, contexts, np.array(parts))
    came = reached(model, touch, np.array([days]))[0]
    share = 1 - model.will[touch] * model.reply_factor[1] * came
    start = (model.start @ goodwill(model, 1)) * (1 - model.opt_out[1])
    anybody = np.exp(-model.anything * days)
    return np.asarray((start * share) @ flows[0] @ flows[1] @ flows[2] * anybody)


def test_money_is_booked_when_it_is_spent() -> None:
    money = Money(hold_eur_per_day=3.0)
    results = simulate(replace(WORLD, money=money), NEVER, n=400, rng=_rng())
    g = standard().discount
    held = 3.0 * (g**results.day - 1) / np.log(g)
    stopped, ordered, refused = (results.end == e for e in (End.STOPPED, End.YES, End.NO))
    left = (results.eur + held + 7.5 * g**90)[stopped] / g**90
    assert set(left.round(6)) == {0, 480}
    np.testing.assert_allclose((results.eur + held)[ordered], 4000 * g ** results.day[ordered])
    np.testing.assert_allclose((results.eur + held)[refused], 0, atol=1e-9)
    assert set(results.day[stopped]) == {90}
    assert set(results.hours[stopped]) == {0.1}
    assert not results.hours[~stopped].any()


def test_hours_are_those_of_the_touches() -> None:
    results, evidence, _, _ = _recorded(serving(scheduled(EIGHT_TOUCHES, 75)))
    hours = np.append(standard().hours, 0.0)[np.minimum(evidence.kind, HEARD)]
    spent = np.add.reduceat(np.append(hours, 0.0), evidence.offsets[:-1])
    spent[np.diff(evidence.offsets) == 0] = 0
    np.testing.assert_allclose(results.hours, spent + 0.1 * (results.end == End.STOPPED))


def test_an_end_is_late_by_days_or_by_work_and_an_order_never() -> None:
    results = simulate(WORLD, serving(wait_for_date()), n=2000, rng=_rng())
    refused = results.end == End.NO
    quick = results.day < 45
    assert not results.is_late[results.end == End.YES].any()
    assert results.is_late[results.end == End.OPEN].all()
    assert (results.is_late == (results.hours > 4))[refused & quick].all()
    assert results.is_late[refused & ~quick].all()
    assert {False, True} == set(results.is_late[refused & quick])


def test_an_opt_out_ends_all_and_costs() -> None:
    results, evidence, _, _ = _recorded(every(1.0), n=1000)
    out = results.end == End.OPT_OUT
    assert 0.3 < out.mean() < 0.8
    assert results.gross[out] == pytest.approx(-150 - 2 * results.day[out])
    ends = np.repeat(results.day, np.diff(evidence.offsets))
    assert (evidence.day <= ends).all()


def test_only_the_genuine_order_and_pestering_makes_enemies() -> None:
    watch = (30.0,)
    pestered = simulate(WORLD, every(1.0), n=4000, rng=_rng(), watch=watch).seen[0]
    left = simulate(WORLD, scheduled((), 400), n=4000, rng=_rng(), watch=watch).seen[0]
    shares = [(seen == 3).sum() / (seen >= 0).sum() for seen in (pestered, left)]
    assert shares[0] > shares[1] + 0.2
    model = standard()
    assert not model.symbols[..., 2:, YES].any()


def test_answers_come_on_working_days() -> None:
    world = World(model=QUIET, weeks=True)
    _, evidence, _, _ = _recorded(every(5.0), world=world)
    answers = evidence.workday[evidence.kind == HEARD]
    assert len(answers) > 500
    assert (answers % 5 > 0).all()
    assert (evidence.workday <= evidence.day).all()
    plain = _recorded(every(5.0)).evidence
    np.testing.assert_array_equal(plain.day, plain.workday)


def test_a_schedule_is_kept_whatever_is_heard() -> None:
    _, evidence, _, _ = _recorded(scheduled(EIGHT_TOUCHES, 75))
    touched = evidence.kind != HEARD
    assert set(evidence.day[touched]) == set(EIGHT_TOUCHES)
    assert set(evidence.kind[touched]) == {0}


def test_what_rots_is_dropped_a_fortnight_after_the_last_sign() -> None:
    results, evidence, _, _ = _recorded(rotting())
    heard = evidence.kind == HEARD
    row = np.repeat(np.arange(400), np.diff(evidence.offsets))
    human = heard & (evidence.label != SYMBOLS.index(Symbol.AUTO_REPLY))
    last = np.zeros(400)
    np.maximum.at(last, row[human], evidence.day[human])
    stopped = results.end == End.STOPPED
    np.testing.assert_allclose((results.day - last)[stopped], 14)
    assert stopped.mean() > 0.5


def test_a_named_date_is_waited_for() -> None:
    _, evidence, decisions, _ = _recorded(wait_for_date(), n=1500)
    named = evidence.window[np.isfinite(evidence.window)]
    mailed = decisions.day[(decisions.action == MAIL) & (decisions.context // 2 % 3 == 2)]
    assert len(mailed) > 300
    assert np.isin(mailed, np.floor(named) + 1).all()
    ahead = decisions.context // 2 % 3 == 1
    assert not (ahead & (decisions.action == MAIL)).any()


def test_a_reached_date_counts_for_a_month() -> None:
    def choose(view: View) -> Choice:
        wait = np.full(len(view.rows), WAIT)
        return Choice(action=wait, until=view.day + 1, chance=np.ones(len(wait)))

    decisions = _recorded(Conduct(choose=choose), n=1000).decisions
    reached = decisions.context // 2 % 3 == 2
    begins = np.flatnonzero(reached & ~np.roll(reached, 1))
    lasts = [int(np.argmin(reached[begin : begin + 40])) for begin in begins.tolist()]
    assert len(lasts) > 50
    assert max(lasts) == standard().date_reached
    assert lasts.count(max(lasts)) > 10


def test_demands_are_served_the_next_morning() -> None:
    _, evidence, _, _ = _recorded(serving(NEVER), n=600)
    demands = np.flatnonzero((evidence.kind == HEARD) & (evidence.label == REQUOTE))
    row = np.repeat(np.arange(600), np.diff(evidence.offsets))
    followed = demands[np.isin(demands + 1, np.flatnonzero(row[1:] == row[:-1]) + 1)]
    served = evidence.kind[followed + 1] == TOUCHES.index(Action.INVEST)
    assert served.mean() > 0.9
    morning = np.floor(evidence.day[followed]) + 1
    np.testing.assert_array_equal(evidence.day[followed + 1][served], morning[served])


def test_the_articles_ask_then_clarify_then_let_go() -> None:
    _, _, decisions, _ = _recorded(articles())
    for row in range(50):
        acts = decisions.action[decisions.row == row]
        steps = [ACTIONS[a] for a in acts if a != WAIT]
        assert steps == [] or steps[0] in (Action.ASK_WHAT, Action.CALL)
        assert Action.STOP not in steps[:-1]
    counts = np.bincount(decisions.action, minlength=len(ACTIONS))
    assert counts[ACTIONS.index(Action.ASK_WHAT)] > counts[ACTIONS.index(Action.CLARIFY)] > 0
    assert 0 < counts[INVEST] < counts[ACTIONS.index(Action.ASK_WHAT)]
    assert counts[STOP] > 100


def test_a_conduct_that_never_goes_on_is_refused() -> None:
    def choose(view: View) -> Choice:
        wait = np.full(len(view.rows), WAIT)
        return Choice(action=wait, until=view.day, chance=np.ones(len(wait)))

    with pytest.raises(ConductError):
        simulate(WORLD, Conduct(choose=choose), n=3, rng=_rng())


def test_beliefs_on_the_way_are_those_of_the_record() -> None:
    model = standard()
    q = known_next(kernel_of(model), Money().prices(4000.0))
    asks = best_of(known_truth(q), model)

    def choose(view: View) -> Choice:
        choice = asks.choose(view)
        until = np.where(view.day < 20, np.minimum(choice.until, 20.0), choice.until)
        return replace(choice, until=until)

    world = replace(WORLD, offered=True)
    conduct = Conduct(choose=choose, model=model)
    _, evidence, decisions, _ = record(world, conduct, n=300, rng=_rng())
    asked = decisions.day == 20
    tracks = follow(known_by(evidence, 20.0, np.full(300, 20.0)), model)
    assert asked.sum() > 100
    rows = decisions.row[asked]
    np.testing.assert_allclose(decisions.belief[asked], tracks.belief[rows], atol=1e-9)
    plain = tracks.context[rows]
    np.testing.assert_array_equal(decisions.context[asked] % len(CONTEXTS), plain)
    with_echoes = with_echo(tracks, tracks.context, tracks.day)[rows]
    np.testing.assert_array_equal(decisions.context[asked], with_echoes)
    assert (with_echoes > plain).any()


def test_knowing_more_brings_more() -> None:
    model = standard()
    values = known_truth(known_next(kernel_of(model), Money().prices(4000.0)))
    conducts = [scheduled(EIGHT_TOUCHES, 75), best_of(values, model), oracle(values, model)]
    eur = [simulate(WORLD, c, n=4000, rng=_rng()).eur.mean() for c in conducts]
    assert eur[0] + 150 < eur[1] < eur[2] - 50


@pytest.mark.parametrize("echoes", [False, True])
def test_who_is_asked_again_may_repeat_himself(echoes: bool) -> None:
    """Second vague answers to a second mail, against what the tables and the echo say."""
    model = replace(QUIET, opt_out=np.zeros(4), goodwill_lost=np.zeros(4), will=np.ones((5, 4)))
    model = replace(
        model, generators=np.zeros((3, 4, 4)), start=np.array([1e-11, 1 - 3e-11, 1e-11, 1e-11])
    )
    world = World(model=model, echoes=echoes, horizon=30.0)
    evidence = _recorded(every(6.0), n=20_000, world=world).evidence
    row = np.repeat(np.arange(20_000), np.diff(evidence.offsets))
    vague = SYMBOLS.index(Symbol.NONCOMMITTAL)
    heard = np.flatnonzero((evidence.kind == HEARD) & (evidence.day > 6) & (evidence.day < 12))
    first = heard[np.diff(row[heard], prepend=-1) > 0]
    again = heard[(evidence.label[heard] == vague) & np.isin(heard, first)]
    then = np.flatnonzero((evidence.kind == HEARD) & (evidence.day > 12) & (evidence.day < 18))
    answer = dict(zip(row[then][::-1].tolist(), evidence.label[then][::-1].tolist(), strict=True))
    answers = np.array([answer[r] for r in row[again].tolist() if r in answer])
    usual = model.symbols[0, 0, 1, vague]
    echo = echo_chance(model, Action.MAIL, Symbol.NONCOMMITTAL) if echoes else 0.0
    error = 4 * 0.5 / len(answers) ** 0.5
    assert (answers == vague).mean() == pytest.approx(echo + (1 - echo) * usual, abs=error)
    assert error < 0.05


def test_strays_are_as_frequent_as_their_noted_chance_says() -> None:
    conduct = straying(NEVER, [WAIT, MAIL], 0.4, _rng(3))
    _, _, decisions, _ = _recorded(conduct)
    first = decisions.day == 0
    assert set(decisions.chance[first & (decisions.action == WAIT)]) == {0.8}
    assert set(decisions.chance[first & (decisions.action == MAIL)]) == {0.2}
    assert (decisions.action[first] == MAIL).mean() == pytest.approx(0.2, abs=0.08)


def test_drawn_worlds_scatter_around_the_model_and_keep_its_zeros() -> None:
    model, rng = standard(), _rng(4)
    drawn = [draw_model(model, rng) for _ in range(400)]
    for name in ("start", "generators", "unprompted", "will", "symbols", "opt_out"):
        means = np.mean([getattr(m, name) for m in drawn], axis=0)
        usual = getattr(model, name)
        np.testing.assert_allclose(means, usual, atol=0.012, rtol=0.12, err_msg=name)
        assert ((usual == 0) == (getattr(drawn[0], name) == 0)).all(), name
    assert np.std([m.start[0] for m in drawn]) == pytest.approx((0.38 * 0.62 / 21) ** 0.5, rel=0.15)
    assert np.std([m.opt_out[3] for m in drawn]) == pytest.approx(0.04 / 3**0.5, rel=0.15)
    moved = drawn[0].symbols[1, :, 0, YES] / drawn[0].symbols[0, :, 0, YES]
    np.testing.assert_allclose(moved, 0.2)


def test_the_chance_of_an_order_is_the_share_that_orders() -> None:
    model = standard()
    conduct = best_of(known_truth(known_next(kernel_of(model), Money().prices(4000.0))), model)
    table = yes_table(WORLD, conduct, within=180, n=3000, rng=_rng(5))
    assert (table[:, 0] > table[:, 2]).all()
    results, _, log, _ = record(WORLD, conduct, n=3000, rng=_rng(6))
    ordered = (results.end[log.row] == End.YES) & (results.day[log.row] - log.day <= 180)
    chances = chance_of_yes(table, log.belief, log.context)
    first = np.flatnonzero(np.diff(log.row, prepend=-1))
    assert chances[first].mean() == pytest.approx(ordered[first].mean(), abs=0.035)
    whole = log.day <= 185
    likely = whole & (chances > np.median(chances))
    assert ordered[likely].mean() == pytest.approx(chances[likely].mean(), abs=0.04)
    assert ordered[likely].mean() > 2 * ordered[whole & ~likely].mean()
