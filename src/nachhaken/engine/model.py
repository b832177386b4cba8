"""Which numbers the engine believes in: the parameters as checked arrays with a fingerprint.

Axis orders: h truths A, S, P, D; o `Symbol`; k touches (`TOUCHES`); f contact level 0-3; r named
date 0 none, 1 ahead, 2 reached; w demanded work open 0 no, 1 yes.
"""

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nachhaken.engine.values import Action, Symbol

Array = NDArray[np.float64]

TRUTHS = ("genuine", "stalled", "pretend", "lost")
TOUCHES = (Action.MAIL, Action.CALL, Action.ASK_WHAT, Action.CLARIFY, Action.INVEST)
SYMBOLS = tuple(Symbol)
YES, REQUOTE = SYMBOLS.index(Symbol.YES), SYMBOLS.index(Symbol.REQUOTE)
LAYOUT = 1
_SPOKEN = (Action.CALL, Action.CLARIFY)


class ModelError(ValueError):
    """The parameters contradict themselves; the message names the block."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """The parameters as read-only arrays; equal numbers have equal fingerprints.

    start [h]; generators [r,h,h'] per day; decay [f-1] rates per day and stay [f-1] days of the
    contact level; unprompted [f,w,h,o] messages per day, `anything` a rate for all; reply_factor,
    goodwill_lost, opt_out [f]; hours, window [k]; will, median, spread [k,h] (median in working
    days, spread of the logarithm); symbols [w,k,h,o]; orders the BG/BB prior.
    """

    start: Array
    generators: Array
    date_rate: float
    date_reached: float
    decay: Array
    stay: Array
    unprompted: Array
    anything: float
    reply_factor: Array
    goodwill_lost: Array
    opt_out: Array
    hours: Array
    window: Array
    will: Array
    median: Array
    spread: Array
    symbols: Array
    gut_decibans: float
    cap_decibans: float
    repeat_days: float
    repeat_factor: float
    discount: float
    orders: Array
    genuine_range: Array
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        _check(self)
        digest = hashlib.sha256()
        for name in _numbers():
            value = np.array(getattr(self, name), dtype=np.float64, order="C")
            value.setflags(write=False)
            digest.update(f"{name}{value.shape}".encode() + value.tobytes())
            if value.ndim:
                object.__setattr__(self, name, value)
        object.__setattr__(self, "fingerprint", digest.hexdigest()[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """Weight of each block against data, in pseudo-observations (`n0` of the parameters).

    start, symbols: Dirichlet rows; touch, reply: Beta cells; drift, date, contact, unprompted:
    Gamma(n0, n0 / mean) rates; delay: replies per cell; orders: imaginary customers. Infinite means
    that data never speak.
    """

    start: float
    drift: float
    date: float
    contact: float
    unprompted: float
    touch: float
    reply: float
    delay: float
    symbols: float
    orders: float

    def __post_init__(self) -> None:
        for block in fields(self):
            n0 = getattr(self, block.name)
            is_number = isinstance(n0, int | float) and not isinstance(n0, bool)
            _demand(f"{block.name}.n0", is_number and n0 > 0, "must be above 0")


@lru_cache(maxsize=1)
def standard() -> Model:
    """Return the model of the shipped `parameters.toml`."""
    return read_model(shipped_blocks())


def shipped_blocks() -> dict[str, Any]:
    """Return the shipped `parameters.toml` as nested tables; a fresh copy at each call."""
    text = files("nachhaken.engine").joinpath("parameters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def strengths(blocks: Mapping[str, Any] | None = None) -> Strengths:
    """Return the prior strengths of parsed parameters, the shipped ones unless given.

    ModelError names a block without `n0`, or with one that is not above 0.
    """
    blocks = shipped_blocks() if blocks is None else blocks
    try:
        return Strengths(**{f.name: blocks[f.name]["n0"] for f in fields(Strengths)})
    except KeyError as missing:
        raise ModelError(f"missing: {missing.args[0]}") from missing
    except TypeError as wrong:
        raise ModelError(f"not readable: {wrong}") from wrong


def read_model(blocks: Mapping[str, Any]) -> Model:
    """Return the model of parsed parameters; ModelError names a block that is missing or wrong.

    Numbers alone count: units, reasons and strengths leave the fingerprint as it is, and so does
    `version`, which is the layout of the file and must be the one that is read here.
    """
    try:
        _demand("version", blocks["version"] == LAYOUT, f"must be {LAYOUT}")
        return _assemble(blocks)
    except KeyError as missing:
        raise ModelError(f"missing: {missing.args[0]}") from missing
    except (TypeError, AttributeError, ZeroDivisionError) as wrong:
        raise ModelError(f"not readable: {wrong}") from wrong


def _assemble(blocks: Mapping[str, Any]) -> Model:
    touch, caution, contact = blocks["touch"], blocks["caution"], blocks["contact"]
    replies = [blocks["reply"][action] for action in TOUCHES]
    delays = [blocks["delay"]["spoken" if a in _SPOKEN else "written"] for a in TOUCHES]
    return Model(
        start=_array(blocks["start"]["truths"]),
        generators=_generators(blocks["drift"]),
        date_rate=1 / blocks["date"]["ahead"],
        date_reached=blocks["date"]["reached"],
        decay=1 / _array(contact["decay"]),
        stay=_array(contact["stay"]),
        unprompted=_unprompted(blocks["unprompted"]),
        anything=1 / blocks["unprompted"]["any"],
        reply_factor=_array(touch["reply"]),
        goodwill_lost=_array(touch["goodwill_lost"]),
        opt_out=_array(touch["opt_out"]),
        hours=_array([row["hours"] for row in replies]),
        window=_array([row["window"] for row in replies]),
        will=_array([row["will"] for row in replies]),
        median=_array([row["median"] for row in delays]),
        spread=_array([row["spread"] for row in delays]),
        symbols=_symbols(blocks["symbols"]),
        gut_decibans=caution["gut_decibans"],
        cap_decibans=caution["cap_decibans"],
        repeat_days=caution["repeat_days"],
        repeat_factor=caution["repeat_factor"],
        discount=blocks["discount"]["per_day"],
        orders=_array(blocks["orders"]["abcd"]),
        genuine_range=_array(blocks["orders"]["genuine_range"]),
    )


def _array(values: ArrayLike) -> Array:
    return np.array(values, dtype=np.float64)


def _generators(drift: Mapping[str, Any]) -> Array:
    rates = np.zeros((3, 4, 4))
    rates[:, 0, 1] = 1 / drift["genuine_to_stalled"]
    rates[:, 0, 3] = 1 / drift["genuine_to_lost"]
    rates[:, 1, 0] = 1 / _array(drift["stalled_to_genuine"])
    rates[:, 1, 3] = 1 / drift["stalled_to_lost"]
    rates[:, 2, 3] = 1 / drift["pretend_to_lost"]
    rates[:, range(4), range(4)] = -rates.sum(axis=2)
    return rates


def _unprompted(block: Mapping[str, Any]) -> Array:
    rates = np.zeros((4, 2, 4, len(SYMBOLS)))
    for h, truth in enumerate(TRUTHS):
        for symbol, days in block[truth].items():
            rates[:, :, h, SYMBOLS.index(Symbol(symbol))] = 1 / days
    rates[..., YES] *= _array(block["yes_by_level"])[:, None, None]
    rates[:, 1, :, YES] *= block["yes_with_open_work"]
    return rates


def _symbols(block: Mapping[str, Any]) -> Array:
    tables = _array([[block[action] for action in TOUCHES]] * 2)
    moved = block["yes_to_requote_with_open_work"] * tables[1, :, 0, YES]
    tables[1, :, 0, YES] -= moved
    tables[1, :, 0, REQUOTE] += moved
    return tables


_SHAPES = {
    "start": (4,), "generators": (3, 4, 4), "decay": (3,), "stay": (3,),
    "unprompted": (4, 2, 4, 10), "reply_factor": (4,), "goodwill_lost": (4,), "opt_out": (4,),
    "hours": (5,), "window": (5,), "will": (5, 4), "median": (5, 4), "spread": (5, 4),
    "symbols": (2, 5, 4, 10), "orders": (4,), "genuine_range": (2,),
}  # fmt: skip
_POSITIVE = ("date_rate", "date_reached", "decay", "stay", "anything", "window", "median", "spread",
             "orders", "cap_decibans", "discount", "repeat_factor")  # fmt: skip
_SHARES = ("start", "reply_factor", "goodwill_lost", "opt_out", "will", "symbols", "discount",
           "genuine_range", "repeat_factor")  # fmt: skip
_NOT_NEGATIVE = ("unprompted", "hours", "gut_decibans", "repeat_days")


def _numbers() -> Iterable[str]:
    return (f.name for f in fields(Model) if f.init)


def _check(model: Model) -> None:
    for name in _numbers():
        value = np.asarray(getattr(model, name))
        _demand(name, value.shape == _SHAPES.get(name, ()), "has the wrong shape")
        _demand(name, np.isfinite(value).all(), "is not finite")
    for name in _POSITIVE:
        _demand(name, np.all(getattr(model, name) > 0), "must be above 0")
    for name in _NOT_NEGATIVE:
        _demand(name, np.all(getattr(model, name) >= 0), "must not be negative")
    for name in _SHARES:
        value = np.asarray(getattr(model, name))
        _demand(name, ((value >= 0) & (value <= 1)).all(), "must lie in [0, 1]")
    _check_rows(model)


def _check_rows(model: Model) -> None:
    _demand("start", math.isclose(model.start.sum(), 1, abs_tol=1e-9), "must sum to 1")
    _demand("start", (model.start > 0).all(), "must leave every truth possible")
    _demand("symbols", np.allclose(model.symbols.sum(axis=-1), 1, atol=1e-9), "rows must sum to 1")
    off = model.generators * (1 - np.eye(4))
    _demand("generators", (off >= 0).all(), "rates must not be negative")
    _demand("generators", np.allclose(model.generators.sum(axis=-1), 0), "rows must sum to 0")
    _demand("generators", not off[:, 3].any(), "what is lost stays lost")
    mixed = off[:, :2, 2].any() or off[:, 2, :2].any()
    _demand("generators", not mixed, "no pretence turns genuine, nor the other way")
    # A yes is what tells the genuine from the rest: without these zeros the truths lose names.
    _demand("symbols", not model.symbols[..., 2:, YES].any(), "pretend and lost never say yes")
    _demand("unprompted", not model.unprompted[..., 1:, YES].any(), "only the genuine say yes")
    _demand("window", (model.window == np.round(model.window)).all(), "counts whole days")
    _demand("genuine_range", model.genuine_range[0] < model.genuine_range[1], "must ascend")


def _demand(name: str, holds: object, what: str) -> None:
    if not holds:
        raise ModelError(f"{name} {what}")
