"""How good the judgement of first talks is on 448 real opportunities, next to a random forest.

Ten-fold, stratified, repeated; both on the same folds. Bohanec, Borstnar & Robnik-Sikonja (2017)
report AUC .853 and Brier .158 for a random forest on folds of their own.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import OneHotEncoder

from nachhaken.learning.calibration import auc, brier, calibration_error, log_loss, rows_of
from nachhaken.learning.qualify import Ratings, learn
from tests.speed import Row, measure

FILE = Path(__file__).parents[2].parent / "shared/data/bohanec/Salvirt_B2B_ML_dataset.csv"
REPEATS = 3
FIGURES = {"Brier": brier, "log loss": log_loss, "calibration error": calibration_error, "AUC": auc}
Array = NDArray[np.float64]
Judge = Callable[[Sequence[Ratings], NDArray[np.bool_], Sequence[Ratings]], Array]


@measure
def first_talks() -> Iterator[Row]:
    if not FILE.exists():
        return
    rows, won = _opportunities()
    judges: dict[str, Judge] = {
        "ours": _ours,
        "random forest": lambda *given: _forest(*given, leaf=1),
        "random forest, 2 a leaf": lambda *given: _forest(*given, leaf=2),
    }
    for name, judge in judges.items():
        figures = [_figures(judge, rows, won, repeat) for repeat in range(REPEATS)]
        for figure, mean in zip(FIGURES, np.mean(figures, axis=0).tolist(), strict=True):
            yield Row(f"First talk, {REPEATS} x 10-fold, {figure}, {name}", mean, "")
    start = perf_counter()
    learn(rows, won.tolist())
    yield Row("First talk, learn from 448", perf_counter() - start, "s", at_most=10)


def _opportunities() -> tuple[list[Ratings], NDArray[np.bool_]]:
    with FILE.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    won = np.array([row.pop("Status") == "Won" for row in rows])
    return [dict(row) for row in rows], won


def _figures(
    judge: Judge, rows: Sequence[Ratings], won: NDArray[np.bool_], seed: int
) -> list[float]:
    chances = np.zeros(len(rows))
    for seen, held in StratifiedKFold(10, shuffle=True, random_state=seed).split(rows, won):
        chances[held] = judge([rows[i] for i in seen], won[seen], [rows[i] for i in held])
    score = rows_of(chances, won)
    return [figure(score) for figure in FIGURES.values()]


def _ours(rows: Sequence[Ratings], won: NDArray[np.bool_], held: Sequence[Ratings]) -> Array:
    judge = learn(rows, won.tolist())
    return np.array([judge.chance(row) for row in held])


def _forest(
    rows: Sequence[Ratings], won: NDArray[np.bool_], held: Sequence[Ratings], *, leaf: int
) -> Array:
    encoder = OneHotEncoder(handle_unknown="ignore")
    forest = RandomForestClassifier(500, min_samples_leaf=leaf, random_state=0)
    forest.fit(encoder.fit_transform([list(row.values()) for row in rows]), won)
    x = encoder.transform([list(row.values()) for row in held])
    return np.asarray(forest.predict_proba(x)[:, 1])
