"""Own numbers over the shipped ones: what is taken, and what is refused with which words."""

import math
from typing import Any

import numpy as np
import pytest

from nachhaken.engine import ModelError, standard
from nachhaken.engine.model import shipped_blocks, strengths
from nachhaken.engine.overrides import OverrideError, layered, numbers, overridden

BLOCKS = shipped_blocks()
EVEN = [0.1] * 10
OWN_START = [0.30, 0.20, 0.30, 0.20]


def test_without_overrides_it_is_the_standard_model() -> None:
    assert overridden(BLOCKS, {}).fingerprint == standard().fingerprint


def test_nested_and_dotted_names_mean_the_same() -> None:
    nested = {"start": {"truths": OWN_START}, "reply": {"mail": {"hours": 0.5}}}
    dotted = {"start.truths": OWN_START, "reply.mail.hours": 0.5}
    mixed = {"start.truths": OWN_START, "reply": {"mail.hours": 0.5}}
    found = {overridden(BLOCKS, given).fingerprint for given in (nested, dotted, mixed)}
    assert len(found) == 1
    assert found != {standard().fingerprint}


def test_an_override_changes_its_number_and_no_other() -> None:
    model = overridden(BLOCKS, {"reply.mail.will": [0.8, 0.5, 0.5, 0.3]})
    assert model.will[0].tolist() == [0.8, 0.5, 0.5, 0.3]
    np.testing.assert_array_equal(model.will[1:], standard().will[1:])
    np.testing.assert_array_equal(model.symbols, standard().symbols)


def test_the_shipped_blocks_stay_as_they_are() -> None:
    given = [list(OWN_START)]
    blocks = shipped_blocks()
    taken = layered(blocks, {"start.truths": given[0]})
    given[0][0] = 9.0
    assert blocks == BLOCKS
    assert taken["start"]["truths"] == OWN_START


def test_a_strength_can_be_overridden_too() -> None:
    taken = layered(BLOCKS, {"symbols.n0": math.inf, "start": {"n0": 5}})
    assert (strengths(taken).symbols, strengths(taken).start) == (math.inf, 5)


def test_every_shipped_number_may_be_given_anew() -> None:
    given = dict(numbers(BLOCKS))
    assert len(given) > 50
    assert overridden(BLOCKS, given).fingerprint == standard().fingerprint


@pytest.mark.parametrize("bad", [-1.0, math.nan, -math.inf, -(10**400), "viel", True, None])
def test_nonsense_is_refused_by_its_place(bad: object) -> None:
    for place, value in numbers(BLOCKS):
        with pytest.raises(OverrideError, match=place.replace(".", r"\.")):
            overridden(BLOCKS, {place: _like(value, bad)})


def _like(shipped: object, bad: object) -> object:
    return [_like(one, bad) for one in shipped] if isinstance(shipped, list) else bad


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"reply.mial.will": 1}, "did you mean reply.mail.will"),
        ({"discount": {"per_dya": 0.99}}, "did you mean discount.per_day"),
        ({"xyz": 1}, "unknown: xyz$"),
        ({"discount": 0.99}, "discount is no number but has some: .*discount.per_day"),
        ({"start.unit": "percent"}, "unknown: start.unit"),
        ({"version": 1}, "unknown: version"),
        ({"start.truths": 0.4}, "start.truths is a list of 4"),
        ({"start.truths": [0.5, 0.5]}, "has 2 entries, must have 4"),
        ({"start.truths": [0.30, 0.20, 0.30, 0.15]}, "sums to 0.95, must sum to 1"),
        ({"start.truths": [0.5, 0.5, 0.0, 0.0]}, "must be above 0, at most 1"),
        ({"symbols.mail": [EVEN, EVEN, [0.0] * 10, EVEN]}, r"mail\[2\] sums to 0"),
        ({"symbols.mail": [EVEN, 3, EVEN, EVEN]}, r"mail\[1\] is a list of 10"),
        ({"reply.call.will": [0.5, 0.5, 1.5, 0.5]}, "must be at least 0, at most 1"),
        ({"drift.genuine_to_lost": 0}, "drift.genuine_to_lost must be at least 0.001"),
        ({"discount.per_day": 1.01}, "at most 1"),
        ({"drift.genuine_to_lost": math.inf}, "at most 1e.06"),
        ({"discount.per_day": 0.9, "discount": {"per_day": 0.8}}, "given twice"),
    ],
)  # fmt: skip
def test_the_words_help(overrides: dict[str, Any], words: str) -> None:
    with pytest.raises(OverrideError, match=words):
        overridden(BLOCKS, overrides)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"symbols.mail": [EVEN] * 4}, "never say yes"),
        ({"orders.genuine_range": [0.9, 0.1]}, "ascend"),
        ({"reply.mail.window": 6.5}, "whole days"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(
    overrides: dict[str, Any], words: str
) -> None:
    with pytest.raises(ModelError, match=words):
        overridden(BLOCKS, overrides)
