"""A model written down and read again is the same model."""

import json

import numpy as np
import pytest

from nachhaken.engine import ModelError, standard
from nachhaken.engine.model_record import from_record, to_record


def test_a_model_survives_json() -> None:
    model = from_record(to_record(standard()))
    kept = json.loads(json.dumps(to_record(standard())))
    assert from_record(kept).fingerprint == model.fingerprint


def test_a_database_that_knows_no_negative_zero_changes_nothing() -> None:
    text = json.dumps(to_record(standard()))
    assert "-0.0," not in text
    assert "-0.0]" not in text
    np.testing.assert_equal(from_record(json.loads(text)).generators, standard().generators)


@pytest.mark.parametrize("wrong", [{"start": [0.5, 0.5, 0.5, 0.5]}, {"will": "viel"}])
def test_a_record_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ModelError):
        from_record(to_record(standard()) | wrong)


def test_a_record_of_another_version_is_refused() -> None:
    record = to_record(standard())
    del record["orders"]
    with pytest.raises(ModelError, match="other parameters"):
        from_record(record)
