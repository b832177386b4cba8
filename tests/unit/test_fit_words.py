"""What the seller reads of hidden hours: about how many, how sure, from how many jobs (D1)."""

import pytest

from nachhaken.desk.fit_words import hours_in_words
from nachhaken.engine.fit import Estimate


@pytest.mark.parametrize(
    ("mean", "beside", "said"),
    [
        (6.0, 5.0, ("rund 6 Stunden mehr gekostet, aus 12 eigenen. Im Mittel liegt es in 9 von 10 "
         "Fällen zwischen 1 Stunde mehr und 11 Stunden mehr.")),
        (-2.0, 2.0, "zwischen 4 Stunden weniger und null."),
        (6.0, 0.1, "mehr gekostet, aus 12 eigenen."),
    ],
)  # fmt: skip
def test_d1_hidden_hours_say_how_sure_they_are(mean: float, beside: float, said: str) -> None:
    found = Estimate(mean=mean, low=mean - beside, high=mean + beside, jobs=12, of_level=5)
    assert hours_in_words(found, is_own=True).endswith(said)
