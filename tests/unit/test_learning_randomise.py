"""Steps of equal worth drawn by lot, with the chance written down."""

from collections import Counter

import numpy as np
import pytest

from nachhaken.engine import Action
from nachhaken.learning.randomise import draw, tied

VALUES = {Action.MAIL: 400.0, Action.ASK_WHAT: 397.0, Action.CALL: 396.5, Action.STOP: 120.0}


def test_a_tie_is_five_euros_or_a_hundredth() -> None:
    assert tied(VALUES) == (Action.MAIL, Action.ASK_WHAT, Action.CALL)
    assert tied({Action.MAIL: 4000.0, Action.CALL: 3961.0}) == (Action.MAIL, Action.CALL)
    assert tied({Action.MAIL: -10.0, Action.STOP: 0.0}) == (Action.STOP,)


def test_the_stored_chance_is_the_chance() -> None:
    rng = np.random.default_rng(3)
    tie = tied(VALUES)
    drawn = [draw(Action.ASK_WHAT, tie, rng, share=0.3) for _ in range(20_000)]
    seen = Counter(step.action for step in drawn)
    chances = {step.action: step.probability for step in drawn}
    assert sum(chances.values()) == pytest.approx(1)
    for action, chance in chances.items():
        assert seen[action] / 20_000 == pytest.approx(chance, abs=0.015)


def test_without_a_tie_nothing_is_drawn() -> None:
    rng = np.random.default_rng(3)
    assert draw(Action.MAIL, (Action.MAIL,), rng) == (Action.MAIL, 1.0)


def test_what_cannot_be_drawn() -> None:
    rng = np.random.default_rng(3)
    with pytest.raises(ValueError, match="not in the tie"):
        draw(Action.STOP, tied(VALUES), rng)
    with pytest.raises(ValueError, match="not in \\[0, 1\\]"):
        draw(Action.MAIL, tied(VALUES), rng, share=1.2)
