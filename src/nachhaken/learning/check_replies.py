"""Replies of many writers on which what a user taught the reader is tried before it is used."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from nachhaken import reading

TABLE = Path(reading.__file__).with_name("tables") / "check.npz"


@dataclass(frozen=True, slots=True)
class CheckReplies:
    """The check set: of each reply what the last layer takes, its grams, and its true intent.

    `given` are the inputs of the last layer, one row for each reply, from scores of models that
    had not seen its author. `grams` holds a one for each gram of a reply in the order of the
    shipped table, `others` how many more it has that the table lacks, `intents` the places of the
    true intents.
    """

    given: NDArray[np.float64]
    grams: sp.csr_matrix
    others: NDArray[np.int64]
    intents: NDArray[np.int64]


def load(path: Path, known: int) -> CheckReplies:
    """The check set of a file that `tests.corpus.reading.train` wrote, for `known` grams."""
    with np.load(path) as file:
        bounds = np.concatenate([[0], np.cumsum(file["counts"], dtype=np.int64)])
        columns = file["grams"].astype(np.int64)
        ones = np.ones(len(columns))
        return CheckReplies(
            given=file["given"].astype(np.float64),
            grams=sp.csr_matrix((ones, columns, bounds), shape=(len(bounds) - 1, known)),
            others=file["others"].astype(np.int64),
            intents=file["intents"].astype(np.int64),
        )


@cache
def shipped(known: int) -> CheckReplies:
    """The check set that comes with the package, for a table of `known` grams."""
    return load(TABLE, known)
