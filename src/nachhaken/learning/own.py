"""What a desk learns from its own past: the parameters, how its customers order, its own nose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from nachhaken.engine.case import CaseError
from nachhaken.engine.columns import columns_of
from nachhaken.engine.dead_horse import next_order
from nachhaken.engine.gut import Gut, Hunch, gut_strength
from nachhaken.engine.model import Model, standard
from nachhaken.engine.model_record import from_record, to_record
from nachhaken.engine.orders import History, Orders, estimate_orders
from nachhaken.engine.policies import VALUES, Policy, solve_for
from nachhaken.engine.values import Case
from nachhaken.learning.hunches import hunch_of
from nachhaken.learning.learn import Learnt, learn
from nachhaken.learning.outcomes import outcome_code
from nachhaken.plan.advice import money_of
from nachhaken.plan.evidence import case_of
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.values import Preferences, Story
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Met, Replied, Touched

_HOPES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One opportunity as learning sees it; `outcome` and `ended_at` are None while it is open."""

    story: Story
    customer: int
    outcome: OutcomeKind | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What was learnt, and the model to judge with from now on.

    `hopes` are the chances in [0, 1] that a customer's next offer becomes an order after 0, 1, 2, …
    offers without one. `policy` are plans solved for learnt parameters; None where the shipped ones
    hold, since how customers order and what a feeling weighs move the belief and no plan.
    """

    learnt: Learnt
    orders: Orders
    gut: Gut
    hopes: tuple[float, ...]
    model: Model
    policy: Policy | None


def lesson_of(
    past: Sequence[Past], *, now: datetime, preferences: Preferences, seed: int
) -> Lesson:
    """Return what `past` teaches at `now`; open opportunities count as censored.

    Silence teaches only where the correspondence is on the books: an offer from an old list,
    without a mail or call, may have been answered somewhere else. How customers order and how good
    the gut is are always taken over, shrunk towards the shipped numbers as far as cases are few;
    the parameters only where they stand the test of `learn`.
    `seed` deals the customers into folds.
    """
    base = standard()
    kept = [one for one in past if _is_on_the_books(one.story)]
    told = [(one, case) for one in kept if (case := _case(one, now, preferences)) is not None]
    learnt = learn(
        columns_of([case for _, case in told], base),
        np.array([outcome_code(one.outcome) for one, _ in told], dtype=np.uint8),
        np.array([one.customer for one, _ in told], dtype=np.int64),
        model=base,
        rng=np.random.default_rng(seed),
    )
    orders = estimate_orders(_histories(past), base.orders.tolist())
    gut = gut_strength(_hunches(past), prior_decibans=base.gut_decibans)
    model = _with(learnt.model, orders, gut)
    return Lesson(
        learnt=learnt,
        orders=orders,
        gut=gut,
        hopes=tuple(next_order(orders.shape, 0, 0, n) for n in range(_HOPES)),
        model=model,
        policy=solve_for(model, money_of(preferences), values=VALUES) if learnt.is_used else None,
    )


def _with(model: Model, orders: Orders, gut: Gut) -> Model:
    """A gut that is mostly wrong is not turned round: it then weighs nothing."""
    taught = replace(model, orders=np.array(orders.shape), gut_decibans=max(0.0, gut.decibans))
    # As it will be read again, so that what is kept and what is solved for it are one model.
    return from_record(to_record(taught))


def _is_on_the_books(story: Story) -> bool:
    standing = story.timeline.standing()
    return any(isinstance(entry.fact, Touched | Replied | Met) for entry in standing)


def _case(one: Past, now: datetime, preferences: Preferences) -> Case | None:
    """Return the case until its end; None for an opportunity in which nothing can be judged."""
    calendar = calendar_of(one.story.region or preferences.region)
    until = one.ended_at or now
    try:
        case = case_of(one.story, now=until, calendar=calendar, preferences=preferences)
    except CaseError:
        return None
    return replace(case, ahead=()) if case.evidence else None


def _histories(past: Sequence[Past]) -> dict[History, int]:
    """Return how many customers have which history of ended opportunities."""
    ended = defaultdict(list)
    for one in past:
        if one.ended_at is not None:
            ended[one.customer].append((one.ended_at, one.outcome is OutcomeKind.WON))
    counts: dict[History, int] = defaultdict(int)
    for offers in ended.values():
        won = [n for n, (_, is_won) in enumerate(sorted(offers), start=1) if is_won]
        counts[History(len(won), won[-1] if won else 0, len(offers))] += 1
    return dict(counts)


def _hunches(past: Sequence[Past]) -> list[Hunch]:
    """Return the last feeling in each opportunity that the customer decided, and what came."""
    found = (hunch_of(one.story.timeline.standing(), one.outcome) for one in past)
    return [hunch for hunch in found if hunch is not None]
