"""The mathematics: hidden truth, silence, value of the next step. Numbers in, numbers out."""

from nachhaken.engine.case import CaseError
from nachhaken.engine.columns import common_symbols
from nachhaken.engine.judge import judge
from nachhaken.engine.model import Model, ModelError, read_model, standard
from nachhaken.engine.solve import Money, MoneyError
from nachhaken.engine.values import (
    Acted,
    Action,
    Belief,
    Case,
    Evidence,
    Felt,
    Heard,
    Judgement,
    Moment,
    Point,
    Symbol,
    Weight,
)

__all__ = [
    "Acted",
    "Action",
    "Belief",
    "Case",
    "CaseError",
    "Evidence",
    "Felt",
    "Heard",
    "Judgement",
    "Model",
    "ModelError",
    "Moment",
    "Money",
    "MoneyError",
    "Point",
    "Symbol",
    "Weight",
    "common_symbols",
    "judge",
    "read_model",
    "standard",
]
