"""The figures of reading, by hand and against scikit-learn."""

import random
from datetime import date
from itertools import pairwise

import pytest
from sklearn.metrics import f1_score, precision_recall_fscore_support

from nachhaken.reading.measures import Label, Measures, Share, measure
from nachhaken.reading.values import Reading, Window
from nachhaken.terms import Intent, NoReason, Signal

JANUARY = Window(date(2027, 1, 1), date(2027, 1, 31))


def read_as(intent: Intent, confidence: float = 1.0, **more: object) -> Reading:
    rest = (1 - confidence) / (len(Intent) - 1)
    probabilities = {one: confidence if one is intent else rest for one in Intent}
    return Reading(intent=intent, probabilities=probabilities, **more)  # type: ignore[arg-type]


def window_read(true: Window | None, read: Window | None) -> Measures:
    label = Label(intent=Intent.LATER_VAGUE, callback=true)
    return measure([(label, read_as(Intent.LATER_VAGUE, callback=read))])


def test_of_nothing_there_are_no_figures() -> None:
    found = measure([])
    assert (found.macro_f1, found.top_error, found.class_error) == (None, None, None)
    assert found.right == Share(0, 0)
    assert found.right.value is None
    assert found.signals.f1 is None


@pytest.mark.parametrize(
    ("hits", "total", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_is_the_one_that_newcombe_prints(
    hits: int, total: int, interval: tuple[float, float]
) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert Share(hits, total).interval == pytest.approx(interval, abs=5e-5)


def test_f1_agrees_with_scikit_learn() -> None:
    rng = random.Random(5)
    drawn = [(rng.choice(list(Intent)[:9]), rng.choice(list(Intent))) for _ in range(400)]
    found = measure((Label(intent=true), read_as(said)) for true, said in drawn)
    truths, said = ([str(one) for one in side] for side in zip(*drawn, strict=True))
    names = sorted(set(truths))
    assert found.macro_f1 == pytest.approx(
        f1_score(truths, said, labels=names, average="macro", zero_division=0)
    )
    figures = precision_recall_fscore_support(truths, said, labels=names, zero_division=0)
    for name, *theirs, count in zip(names, *figures, strict=True):
        own = found.intents[Intent(name)]
        assert [own.precision.value, own.recall.value, own.f1] == pytest.approx(theirs)
        assert own.recall.total == count
    assert sum(found.confusion.values()) == found.right.total == 400


def test_an_intent_that_the_labels_do_not_hold_is_not_averaged() -> None:
    found = measure(
        [
            (Label(intent=Intent.NO), read_as(Intent.NO)),
            (Label(intent=Intent.NO), read_as(Intent.YES)),
        ]
    )
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert found.intents[Intent.YES].recall == Share(0, 0)
    assert found.intents[Intent.YES].f1 == 0.0


def test_the_calibration_error_by_hand() -> None:
    """Two of three right at 0.95, none of one at 0.55: |2.85 - 2| / 4 + |0.55 - 0| / 4."""
    no, yes = Label(intent=Intent.NO), Label(intent=Intent.YES)
    readings = [
        (no, read_as(Intent.NO, 0.95)),
        (no, read_as(Intent.NO, 0.95)),
        (yes, read_as(Intent.NO, 0.95)),
        (yes, read_as(Intent.NO, 0.55)),
    ]
    assert measure(readings).top_error == pytest.approx(0.35)


def test_the_class_wise_error_by_hand() -> None:
    """Sure and right: no error in any class; sure and wrong: 1 in two of the eleven."""
    label = Label(intent=Intent.NO)
    assert measure([(label, read_as(Intent.NO))]).class_error == 0.0
    assert measure([(label, read_as(Intent.YES))]).class_error == pytest.approx(2 / 11)


@pytest.mark.parametrize(
    ("start", "exact", "near", "early"),
    [(1, 1, 1, 0), (2, 0, 1, 0), (4, 0, 1, 0), (5, 0, 0, 0)],
)
def test_a_window_that_starts_late(start: int, exact: int, near: int, early: int) -> None:
    found = window_read(JANUARY, Window(date(2027, 1, start), date(2027, 1, 31))).windows
    assert (found.exact.hits, found.near.hits, found.early.hits) == (exact, near, early)
    assert found.missed == Share(0, 1)
    assert found.invented == Share(0, 0)


def test_a_window_that_starts_early_ends_early_is_missed_or_invented() -> None:
    early = window_read(JANUARY, Window(date(2026, 12, 31), date(2027, 1, 31))).windows
    assert (early.exact, early.near, early.early) == (Share(0, 1), Share(1, 1), Share(1, 1))
    short = window_read(JANUARY, Window(date(2027, 1, 1), date(2027, 1, 30))).windows
    assert (short.exact, short.near, short.early) == (Share(0, 1), Share(1, 1), Share(0, 1))
    assert window_read(JANUARY, None).windows.missed == Share(1, 1)
    assert window_read(None, JANUARY).windows.invented == Share(1, 1)
    assert window_read(None, None).windows.invented == Share(0, 1)


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("nach der Messe", 1),
        ("Messe", 1),
        ("erst NACH der\nMesse", 1),
        ("nach dem Umzug", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_condition_is_right_where_one_contains_the_other(read: str | None, right: int) -> None:
    label = Label(intent=Intent.STALLED_NAMED, condition="nach der Messe")
    found = measure([(label, read_as(Intent.STALLED_NAMED, condition=read))]).conditions
    assert found.right == Share(right, 1)
    assert found.invented == Share(0, 0)


def test_a_condition_of_terms_is_no_case_and_one_without_a_label_is_invented() -> None:
    terms = Label(intent=Intent.ENGAGED, condition="beim Zahlungsziel")
    assert measure([(terms, read_as(Intent.ENGAGED))]).conditions.right == Share(0, 0)
    bare = Label(intent=Intent.LATER_VAGUE)
    found = measure([(bare, read_as(Intent.STALLED_NAMED, condition="im Herbst"))]).conditions
    assert found.invented == Share(1, 1)


def test_reasons_count_for_true_noes_only() -> None:
    no = Label(intent=Intent.NO, no_reason=NoReason.PRICE)
    found = measure(
        [
            (no, read_as(Intent.NO, no_reason=NoReason.PRICE)),
            (no, read_as(Intent.NO, no_reason=NoReason.TIMING)),
            (no, read_as(Intent.LATER_VAGUE)),
            (Label(intent=Intent.LATER_VAGUE), read_as(Intent.NO, no_reason=NoReason.PRICE)),
        ]
    )
    assert found.no_reasons == Share(1, 3)


def test_signals_are_counted_over_all_replies() -> None:
    warm = Label(intent=Intent.NO, signals=frozenset({Signal.OPENNESS, Signal.APPRECIATION}))
    found = measure(
        [
            (warm, read_as(Intent.NO, signals=frozenset({Signal.OPENNESS}))),
            (Label(intent=Intent.NO), read_as(Intent.NO, signals=frozenset({Signal.URGENCY}))),
        ]
    ).signals
    assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))
    assert found.f1 == pytest.approx(0.5)


def test_more_of_the_same_narrows_the_interval() -> None:
    widths = [high - low for low, high in (Share(n, 2 * n).interval for n in (1, 5, 50, 500))]
    assert all(wide > narrow for wide, narrow in pairwise(widths))
