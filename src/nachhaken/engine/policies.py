"""The solved plans: shipped for the standard model, solved on request for other parameters.

A plan's value is linear in money, so the plans of a grid of amounts can be valued at anybody's own
margin, hour and holding cost. The best of them is a lower bound there, too: continuous and convex
in the amounts, never falling with the margin, never rising with a cost.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import DTypeLike

from nachhaken.engine.kernel import ALL_CONTEXTS, Kernel, build_kernel
from nachhaken.engine.model import Array, Model, standard
from nachhaken.engine.points import plan_points
from nachhaken.engine.solve import Floats, Ints, Money, Plans, solve, winners

VALUES = (500.0, 1500.0, 4000.0, 15000.0, 50000.0)
HOLDS = (1.0, 2.0, 5.0, 10.0)
_DRAWN, _REACHED, _SEED = 40, 100, 6
_BELIEF_ONLY = ("start", "orders", "genuine_range", "gut_decibans", "cap_decibans", "anything",
                "stay", "date_reached")  # fmt: skip


class PolicyError(ValueError):
    """Stored plans that cannot be used: unreadable, or solved for other parameters."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """Plans and the fingerprint of the model that they were solved for (`fingerprint_of`)."""

    model: str
    plans: Plans

    @property
    def offsets(self) -> Ints:
        """Return [c+1]: the plans of context c are offsets[c]:offsets[c+1]."""
        return self.plans.offsets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """The plans of a policy at one money: EUR [n,h] = value * per_value + per_trouble.

    `is_bound`: they were solved for the model in use, so they never overstate.
    """

    policy: Policy
    per_value: Array
    per_trouble: Array
    is_bound: bool

    def at(self, context: int, value: float) -> Array:
        """Return the vectors [n,h] in EUR of one context for a contribution margin of `value`."""
        return _valued(self, value)[:, self._rows(context)].T

    def parts(self, context: int, dtype: DTypeLike) -> tuple[Floats, Floats]:
        """Return per_value and per_trouble [n,h] of one context."""
        own = self._rows(context)
        return self.per_value[own].astype(dtype), self.per_trouble[own].astype(dtype)

    def first_actions(self, context: int) -> tuple[Ints, Ints]:
        """Return the actions with which plans of a context start, and where those of each begin."""
        return _first_actions(self.policy, context)

    def _rows(self, context: int) -> slice:
        return slice(*self.policy.plans.offsets[context : context + 2].tolist())


def policy_for(model: Model, money: Money, stored: Policy | None = None) -> Priced:
    """Return the plans to use now: the `stored` ones if they are for `model`, else the shipped.

    Where neither is for `model` (`is_bound` is false), the shipped plans stand in: those of a
    customer like the standard one, no bound until `solve_for` has been run.
    """
    own = fingerprint_of(model)
    policy = stored if stored is not None and stored.model == own else shipped()
    return priced(policy, money, is_bound=policy.model == own)


@lru_cache(maxsize=64)
def fingerprint_of(model: Model) -> str:
    """Return what plans depend on: the fingerprint, but for what only moves the belief.

    A plan is good for any belief: where the case starts, how customers order, what a feeling weighs
    and how the filter keeps its clocks change none.
    """
    usual = standard()
    return replace(model, **{name: getattr(usual, name) for name in _BELIEF_ONLY}).fingerprint


def solve_for(model: Model, money: Money, *, values: Sequence[float] = (4000.0,)) -> Policy:
    """Solve for `model` at `money`; about two seconds per margin, more margins than one united."""
    return _united(model, [money.prices(value) for value in values])


def make(model: Model) -> Policy:
    """Solve the whole grid; takes about a minute."""
    moneys = [replace(Money(), hold_eur_per_day=hold) for hold in HOLDS]
    return _united(model, [money.prices(value) for value in VALUES for money in moneys])


def save(policy: Policy) -> bytes:
    """Return `policy` as a file that `load` can read."""
    file = io.BytesIO()
    plans = policy.plans
    np.savez_compressed(
        file, model=policy.model, offsets=plans.offsets, action=plans.action, parts=plans.parts
    )
    return file.getvalue()


def load(stored: bytes, model: Model) -> Policy:
    """Return the policy that `save` stored; PolicyError where it is not one for `model`."""
    policy = _read(stored)
    if policy.model != fingerprint_of(model):
        raise PolicyError(f"solved for the parameters {policy.model}, not {fingerprint_of(model)}")
    return policy


@lru_cache(maxsize=1)
def shipped() -> Policy:
    """Return the policy that came with the package."""
    return _read(files("nachhaken.engine").joinpath("policies.npz").read_bytes())


@lru_cache(maxsize=8)
def priced(policy: Policy, money: Money, *, is_bound: bool = True) -> Priced:
    """Return the plans of `policy` at `money`."""
    parts = policy.plans.parts.astype(np.float64)
    return Priced(
        policy=policy,
        per_value=parts @ money.per_value(),
        per_trouble=parts @ money.per_trouble(),
        is_bound=is_bound,
    )


@lru_cache(maxsize=8)
def _valued(plans: Priced, value: float) -> Array:
    """Return all plans [h,n] in EUR at a margin: a judgement needs a dozen contexts of them."""
    return np.ascontiguousarray((value * plans.per_value + plans.per_trouble).T)


@lru_cache(maxsize=1024)
def _first_actions(policy: Policy, context: int) -> tuple[Ints, Ints]:
    start, end = policy.offsets[context : context + 2]
    actions, first = np.unique(policy.plans.action[start:end], return_index=True)
    return actions.astype(np.int64), first


@lru_cache(maxsize=4)
def kernel_of(model: Model) -> Kernel:
    """Return the kernel of `model`, built once."""
    return build_kernel(model)


@lru_cache(maxsize=4)
def points_of(model: Model) -> list[Array]:
    """Return the beliefs [c][n,h] at which is planned; the same ones for equal parameters."""
    rng = np.random.default_rng(_SEED)
    return plan_points(kernel_of(model), model, rng, drawn=_DRAWN, reached=_REACHED)


def _read(stored: bytes) -> Policy:
    try:
        with np.load(io.BytesIO(stored)) as npz:
            plans = Plans(offsets=npz["offsets"], action=npz["action"], parts=npz["parts"])
            return Policy(model=str(npz["model"]), plans=plans)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as wrong:
        raise PolicyError(f"not a stored policy: {wrong}") from wrong


def _united(model: Model, prices: Sequence[Array]) -> Policy:
    """Solve at each of the prices; keep of all plans those that win at one of them."""
    points = points_of(model)
    solved = [solve(kernel_of(model), points, price) for price in prices]
    plans = _all_of(solved)
    values = (plans.parts @ price for price in prices)
    rows = np.unique(np.concatenate([winners(plans.offsets, v, points) for v in values]))
    return Policy(
        model=fingerprint_of(model),
        plans=Plans(
            offsets=np.searchsorted(rows, plans.offsets),
            action=plans.action[rows],
            parts=plans.parts[rows],
        ),
    )


def _all_of(solved: Sequence[Plans]) -> Plans:
    """Return all plans by context, then action."""
    contexts = np.concatenate(
        [np.repeat(np.arange(ALL_CONTEXTS), np.diff(p.offsets)) for p in solved]
    )
    order = np.lexsort((np.concatenate([p.action for p in solved]), contexts))
    return Plans(
        offsets=np.searchsorted(contexts[order], np.arange(ALL_CONTEXTS + 1)),
        action=np.concatenate([p.action for p in solved])[order],
        parts=np.concatenate([p.parts for p in solved])[order],
    )
