"""What a user's corrections add to the reader: laws, and when it is not used."""

import random
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nachhaken.learning import check_replies
from nachhaken.learning import trial as trial_module
from nachhaken.learning.reading_layer import Taught, fit, taught
from nachhaken.learning.trial import figures
from nachhaken.reading import read
from nachhaken.reading.atoms import When
from nachhaken.reading.features import tokens
from nachhaken.reading.intents import INTENTS
from nachhaken.reading.layer import Layer, LayerError, from_bytes, to_bytes
from nachhaken.reading.scores import TextModel, shipped
from nachhaken.reading.text import fold
from nachhaken.terms import Intent
from tests.cast import SAYING, SIMILAR
from tests.corpus.reading import rows

ON = date(2026, 10, 7)


@pytest.fixture
def model() -> TextModel:
    return shipped()


def says(intent: Intent, *texts: str) -> list[Taught]:
    return [taught(text, When(ON, "DE"), intent, shipped()) for text in texts]


def nothing() -> Layer:
    shape = shipped().tables.layer.shape
    return Layer(np.zeros(shape, np.float32), {}, np.zeros((0, shape[1]), np.float32))


def test_nothing_said_leaves_the_shipped_reader(model: TextModel) -> None:
    layer, trial = fit([], model)
    assert layer is None
    assert (trial.statements, trial.wrong, trial.refused) == (0, 0, "few")


@pytest.mark.parametrize("text", ["", "👍", SIMILAR, "Hiermit beauftragen wir Sie.", "x" * 500])
def test_an_empty_layer_changes_no_reading(text: str) -> None:
    assert read(text, reference=ON, layer=nothing()) == read(text, reference=ON)


def test_confirmations_alone_teach_nothing(model: TextModel) -> None:
    layer, trial = fit(says(Intent.YES, *["Hiermit beauftragen wir Sie."] * 4), model)
    assert layer is None
    assert (trial.wrong, trial.refused) == (0, "few")


def test_the_order_of_what_was_said_does_not_matter(model: TextModel) -> None:
    said = says(Intent.NO, *SAYING) + says(Intent.YES, "Hiermit beauftragen wir Sie.")
    one, other = fit(said, model), fit(random.Random(3).sample(said, len(said)), model)
    assert one[0] is not None
    assert other[0] is not None
    assert one[0].fingerprint == other[0].fingerprint
    assert one[1] == other[1]


def test_a_wording_corrected_five_times_is_read_right_elsewhere(model: TextModel) -> None:
    assert read(SAYING[0], reference=ON).intent is not Intent.NO
    layer, trial = fit(says(Intent.NO, *[SAYING[0]] * 5), model)
    assert layer is not None
    assert (trial.wrong, trial.gained, trial.lost) == (5, 5, 0)
    before, after = read(SIMILAR, reference=ON), read(SIMILAR, reference=ON, layer=layer)
    assert after.intent is Intent.NO
    assert after.probabilities[Intent.NO] > before.probabilities[Intent.NO] + 0.1
    assert sum(after.probabilities.values()) == pytest.approx(1)


def test_other_replies_are_read_as_before(model: TextModel) -> None:
    layer, _ = fit(says(Intent.NO, *SAYING), model)
    for text, intent in (
        ("Hiermit beauftragen wir Sie.", Intent.YES),
        ("Bitte streichen Sie mich aus Ihrem Verteiler.", Intent.OPT_OUT),
        ("Rufen Sie mich in 2-3 Monaten wieder an.", Intent.LATER_VAGUE),
    ):
        assert read(text, reference=ON, layer=layer).intent is intent


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [20, 60])
def test_random_corrections_are_refused(seed: int, count: int, model: TextModel) -> None:
    rng = random.Random(seed)
    chosen = rng.sample(list(rows.replies()), count)
    said = [
        taught(row.text, When(row.reference, row.region), rng.choice(INTENTS), model)
        for row in chosen
    ]
    layer, trial = fit(said, model)
    assert layer is None
    assert trial.refused in {"own", "check"}


def test_what_spoils_the_replies_of_others_is_halved_until_harmless(model: TextModel) -> None:
    """Whoever calls each refusal an order, over and over, is consistent and hardly believed."""
    refusals = [row.text for row in rows.replies() if row.label.intent is Intent.NO]
    said = says(Intent.YES, *sorted(refusals, key=len)[:100])
    layer, trial = fit(said * 5, model)
    assert trial.gained > 400
    assert trial.check is not None
    assert trial.halvings >= 1
    assert trial.check[0].falls_too_far(trial.check[1]) == (layer is None)


def test_the_check_replies_suit_the_shipped_tables(model: TextModel) -> None:
    check = check_replies.shipped(len(model.tables.grams))
    assert check.given.shape == (800, len(model.tables.layer))
    assert check.grams.nnz > 10 * 800
    assert set(check.intents) == set(range(len(INTENTS)))
    assert figures(model).macro_f1 > 0.85
    assert check_replies.TABLE.stat().st_size < 600_000


def test_a_layer_without_weight_leaves_the_figures(model: TextModel) -> None:
    assert figures(model, nothing()) == figures(model)


def test_a_trial_reads_as_the_reader_does(model: TextModel) -> None:
    """The sum over the check set and the one for a single reply are one formula."""
    layer, _ = fit(says(Intent.NO, *SAYING), model)
    assert layer is not None
    (one,) = says(Intent.NO, SIMILAR)
    places = [model.tables.grams[gram] for gram in one.grams if gram in model.tables.grams]
    row = ([1.0] * len(places), ([0] * len(places), places))
    check = check_replies.CheckReplies(
        given=one.given[None, :],
        grams=csr_matrix(row, shape=(1, len(model.tables.grams))),
        others=np.array([len(one.grams) - len(places)]),
        intents=np.array([0]),
    )
    words = tokens(fold(SIMILAR).text)
    shared = {gram: row for gram, row in layer.grams.items() if gram in model.tables.grams}
    known = Layer(layer.delta, shared, layer.shares)
    alone = known.logits(one.given.astype(np.float32), words, model.tables)
    assert trial_module._added(known, check, model.tables)[0] == pytest.approx(alone, abs=1e-3)


def test_stored_and_loaded_it_is_the_same(model: TextModel) -> None:
    layer, _ = fit(says(Intent.NO, *SAYING), model)
    assert layer is not None
    loaded = from_bytes(to_bytes(layer), model.tables)
    assert loaded.fingerprint == layer.fingerprint != nothing().fingerprint
    assert read(SIMILAR, reference=ON, layer=loaded) == read(SIMILAR, reference=ON, layer=layer)
    assert from_bytes(to_bytes(nothing()), model.tables).grams == {}


def test_bytes_that_are_no_layer_are_told(model: TextModel) -> None:
    narrow = Layer(np.zeros((2, 11), np.float32), {}, np.zeros((0, 11), np.float32))
    for raw in (b"", b"no layer", to_bytes(nothing())[:200], to_bytes(narrow)):
        with pytest.raises(LayerError):
            from_bytes(raw, model.tables)
