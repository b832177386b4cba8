"""The solved policies: shipped for the standard model and money, solved on demand for others.

As long as the best actions stay the same, values are linear in the margin: so they are between the
amounts of the grid. A desk has one holding cost: other ones than the shipped are solved, once.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.kernel import Kernel, build_kernel
from nachhaken.engine.model import Array, Model
from nachhaken.engine.solve import Money, solve

# Ten amounts to the decade: values bend where the best action changes, and a wide grid cuts the
# corner by more than the actions differ.
VALUES = (0.0, *(float(round(100 * 10 ** (n / 10))) for n in range(31)))
HOLDS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branches:
    """What may follow ask_what: contexts `to` [c,n] and discounted moves `by` [c,n,h,h']."""

    to: NDArray[np.int64]
    by: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """Q [v,a,s] in EUR at the amounts `values`, for one model and one money."""

    values: Array
    q: Array
    asked: Branches

    def at(self, value: float) -> Array:
        """Return Q [a,s] for a contribution margin of `value` EUR; straight on beyond the grid."""
        high = int(np.searchsorted(self.values, value))
        high = min(max(high, 1), len(self.values) - 1)
        low = high - 1
        share = (value - self.values[low]) / (self.values[high] - self.values[low])
        return np.asarray(self.q[low] + share * (self.q[high] - self.q[low]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shipped:
    """The tables of `policies.npz`: Q [v,hold,a,s] and the branches of ask_what."""

    fingerprint: str
    q: Array
    asked: Branches


@lru_cache(maxsize=32)
def policy_for(model: Model, money: Money) -> Policy:
    """Return the policy; scaling all money alike scales the values and leaves the choice."""
    scale = money.hour_eur / Money().hour_eur
    if scale > 0 and _is_shipped(model, money, scale):
        tables, hold = shipped(), _hold(money, scale)
        return Policy(
            values=np.array(VALUES) * scale, q=tables.q[:, hold] * scale, asked=tables.asked
        )
    q = np.stack([solve(_kernel(model), model, money, value) for value in VALUES])
    return Policy(values=np.array(VALUES), q=q, asked=_branches(model))


def make(model: Model) -> Shipped:
    """Solve the whole grid; takes about a second."""
    kernel = _kernel(model)
    moneys = [replace(Money(), hold_eur_per_day=hold) for hold in HOLDS]
    q = np.array([[solve(kernel, model, money, value) for money in moneys] for value in VALUES])
    return Shipped(fingerprint=model.fingerprint, q=q, asked=_branches(model))


def save(tables: Shipped, path: Path) -> None:
    """Write `tables` so that `shipped` can read them."""
    np.savez_compressed(
        path, fingerprint=tables.fingerprint, q=tables.q, to=tables.asked.to, by=tables.asked.by
    )


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """Return the tables that came with the package."""
    with as_file(files("nachhaken.engine").joinpath("policies.npz")) as path, np.load(path) as npz:
        asked = Branches(to=npz["to"], by=npz["by"])
        return Shipped(fingerprint=str(npz["fingerprint"]), q=npz["q"], asked=asked)


def _is_shipped(model: Model, money: Money, scale: float) -> bool:
    usual = Money()
    return (
        math.isclose(money.hold_eur_per_day, HOLDS[_hold(money, scale)] * scale)
        and math.isclose(money.opt_out_eur, usual.opt_out_eur * scale)
        and (money.residual, money.stop_hours) == (usual.residual, usual.stop_hours)
        and model.fingerprint == shipped().fingerprint
    )


def _hold(money: Money, scale: float) -> int:
    """Return the axis position of the nearest shipped holding cost."""
    return min(range(len(HOLDS)), key=lambda n: abs(HOLDS[n] * scale - money.hold_eur_per_day))


@lru_cache(maxsize=4)
def _kernel(model: Model) -> Kernel:
    return build_kernel(model)


@lru_cache(maxsize=4)
def _branches(model: Model) -> Branches:
    asked = _kernel(model).asked
    found = [
        [(c, move[:, c]) for move in asked[start] for c in range(24) if move[:, c].any()]
        for start in range(24)
    ]
    most = max(len(branches) for branches in found)
    to, by = np.zeros((24, most), dtype=np.int64), np.zeros((24, most, 4, 4))
    for start, branches in enumerate(found):
        for n, (c, move) in enumerate(branches):
            to[start, n], by[start, n] = c, move
    return Branches(to=to, by=by)
