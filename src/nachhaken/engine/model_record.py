"""A model as plain numbers and back, for whoever keeps learnt parameters."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from nachhaken.engine.model import Model, ModelError


def to_record(model: Model) -> dict[str, Any]:
    """Return every parameter as a number or nested list, fit for JSON without loss.

    Without -0, which databases turn into 0: it would be another fingerprint.
    """
    return {name: (np.asarray(getattr(model, name)) + 0.0).tolist() for name in _names()}


def from_record(record: Mapping[str, Any]) -> Model:
    """Return the model that `to_record` was given; ModelError where numbers are missing or wrong.

    A record of another version of the parameters is such a case: whoever keeps one learns anew.
    """
    if set(record) != set(_names()):
        raise ModelError("the record has other parameters than this version")
    try:
        values = {n: np.array(v, dtype=np.float64) for n, v in record.items()}
    except (TypeError, ValueError) as wrong:
        raise ModelError(f"not readable: {wrong}") from wrong
    plain: dict[str, Any] = {n: v if v.ndim else float(v) for n, v in values.items()}
    return Model(**plain)


def _names() -> list[str]:
    return [field.name for field in fields(Model) if field.init]
