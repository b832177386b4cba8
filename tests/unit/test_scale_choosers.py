"""The quick way to choose: never worth more than the desk's, and hardly less."""

import numpy as np

from nachhaken.engine import Money, standard
from nachhaken.engine.kernel import ALL_CONTEXTS
from nachhaken.engine.planner import planner_for
from nachhaken.scale.choosers import chooser_for

_COUNT = 120


def test_the_plans_kept_are_a_lower_bound_close_below_all_plans() -> None:
    rng = np.random.default_rng(5)
    beliefs = rng.dirichlet([0.7] * 4, _COUNT)
    contexts = rng.integers(0, ALL_CONTEXTS, _COUNT)
    values = np.exp(rng.uniform(np.log(50), np.log(300_000), _COUNT))
    model, money = standard(), Money()
    quick = chooser_for(model, money, exact=False).worths(beliefs, contexts, values).max(axis=1)
    exact = chooser_for(model, money, exact=True).worths(beliefs, contexts, values).max(axis=1)
    plans = planner_for(model, money).steps(beliefs, contexts, values).value
    for more in (exact, plans):
        assert (quick <= more + 1e-5 * np.abs(more) + 1e-2).all()
    loss = (plans - quick) / np.maximum(np.abs(plans), 100)
    assert loss.mean() < 0.001
    assert loss.max() < 0.02
