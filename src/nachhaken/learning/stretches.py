"""Which stretches of time the evidence cuts a case into, and which of them are alike.

A stretch begins with a touch, with an answer or at the first event, and ends with an answer (a
reply or a message of the customer's own accord), with the next touch or today (censored). Within
it the context changes by itself on days that the parameters fix, as in `engine/tracks`. None
of this depends on what is learnt, so it is done once; stretches alike in everything that the
likelihood reads share one kind, and the arithmetic of learning is done per kind.

Choices: times count in eighths of a day. Gut feelings teach nothing, nor does a text that is more
likely about something else; an automatic reply restarts the clock only. Repeats are not tempered
and evidence is not capped here: both are cautions about one case.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Columns
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.values import Action, Symbol
from nachhaken.learning.contexts import Ints, Pieces
from nachhaken.learning.outcomes import LOST, Codes, LearningError, anchors
from nachhaken.learning.walk import NONE, REFUSALS, Rows, walk

Flags = NDArray[np.bool_]

_SAME = 1e-6  # what single precision leaves of a share
_MAIL = TOUCHES.index(Action.MAIL)
_AUTO = SYMBOLS.index(Symbol.AUTO_REPLY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinds:
    """G kinds of stretches.

    waiting [G]: row of `waits`; answer [G]: row of `answers`, NONE where censored; level [G]: f at
    the end. waits [V,3]: axis k of the open touch (NONE without one), f at the touch, and eighths
    of a working day since its clock (TALK for an answer within it). pieces [G,P]: rows of `bins` in
    order of time, NONE for no more; bins [U,2]: context and eighths of a day. answers [Q,3]: row of
    the labels, axis k of the question (mail without one), w; weights [Q,10]: likelihood of the text
    per symbol.
    """

    waiting: Ints
    answer: Ints
    level: Ints
    waits: Ints
    pieces: Ints
    bins: Ints
    answers: Ints
    weights: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretches:
    """N cases as chains of stretches.

    offsets [N+1]: the stretches of case i are offsets[i]:offsets[i+1]; kind [S]: their kinds.
    start [N,4]: belief at the first event; is_new [N]: no history was taken into it, so it teaches
    what the model's `start` is; end [N,4]: anchors.
    """

    offsets: Ints
    kind: Ints
    kinds: Kinds
    start: Array
    is_new: Flags
    end: Array


def stretches_of(columns: Columns, outcomes: Codes, model: Model) -> Stretches:
    """Return the stretches of the evidence; `model` is the one `columns.start` was made with.

    outcomes [N] are codes of `learning/outcomes`; `now` of a closed case is the moment it closed.
    LearningError where the lengths differ.
    """
    count = len(columns.offsets) - 1
    if outcomes.shape != (count,):
        raise LearningError(f"{count} cases, but outcomes of shape {outcomes.shape}")
    columns = _shared_labels(columns)
    rows, last_said = walk(columns, outcomes, model)
    end = anchors(outcomes)
    # What the last answer says itself needs no anchor: a pretender, too, may take the easy no.
    end[(outcomes == LOST) & np.isin(last_said, REFUSALS)] = 1.0
    kinds, kind = _kinds(rows, columns, model)
    return Stretches(
        offsets=np.concatenate([[0], np.cumsum(np.bincount(rows.case, minlength=count))]),
        kind=kind,
        kinds=kinds,
        start=np.asarray(columns.start, dtype=np.float64),
        is_new=np.asarray((abs(columns.start - model.start) < _SAME).all(axis=1)),
        end=end,
    )


def _shared_labels(columns: Columns) -> Columns:
    """Return the columns with every reading of a text once; at least one row, if only of zeros."""
    labels = np.asarray(columns.labels, dtype=np.float64).reshape(-1, len(SYMBOLS))
    if not len(labels):
        return replace(columns, labels=np.zeros((1, len(SYMBOLS))))
    digits = [np.unique(column, return_inverse=True)[1] for column in labels.T]
    first, number = _alike(digits)
    label = number.astype(np.int32)[columns.label]
    return replace(columns, labels=labels[first], label=label)


def _kinds(rows: Rows, columns: Columns, model: Model) -> tuple[Kinds, Ints]:
    bins, pieces = _bins(rows.pieces)
    question = np.where(rows.touch == NONE, _MAIL, rows.touch)
    asked = np.where(rows.label == NONE, NONE, (rows.label * 8 + question) * 2 + rows.work)
    answers, answer = np.unique(np.append(asked, NONE), return_inverse=True)
    one, waiting = _alike([rows.touch, rows.touched_level, rows.wait])
    fields = [waiting, answer[:-1] - 1, rows.level, *pieces.T]
    first, kind = _alike(fields)
    told = answers[1:]
    table = np.stack([told // 16, told // 2 % 8, told % 2], axis=1)
    kinds = Kinds(
        waiting=waiting[first],
        answer=answer[first] - 1,
        level=rows.level[first],
        waits=np.stack([rows.touch[one], rows.touched_level[one], rows.wait[one]], axis=1),
        pieces=pieces[first],
        bins=bins,
        answers=table,
        weights=_weights(table, np.asarray(columns.labels, dtype=np.float64), model),
    )
    return kinds, kind


def _bins(pieces: Pieces) -> tuple[Ints, Ints]:
    """Return the bins [U,2], and the bin of each piece [n,P], NONE where there is no piece."""
    longest = int(pieces.length.max(initial=0)) + 1
    key = pieces.context * longest + pieces.length
    found = np.flatnonzero(np.bincount(key.ravel(), minlength=1))
    number = np.full(found.max(initial=0) + 1, NONE)
    number[found] = np.arange(len(found))
    bins = np.stack([found // longest, found % longest], axis=1)
    return bins, np.where(pieces.length > 0, number[key], NONE)


def _alike(fields: list[Ints]) -> tuple[Ints, Ints]:
    """Return one row of each kind, and the kind of each row; common kinds come first.

    Columns are digits of one whole number, made small again before it outgrows its 63 bits.
    """
    key, size = np.zeros(len(fields[0]), dtype=np.int64), 1
    for field in fields:
        digit = field - field.min(initial=0)
        base = int(digit.max(initial=0)) + 1
        if size * base >= 2**62:
            values, key = np.unique(key, return_inverse=True)
            size = len(values)
        key, size = key * base + digit, size * base
    _, first, kind, often = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(-often, kind="stable")  # what is used together lies together in memory
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return first[order], place[kind]


def _weights(answers: Ints, labels: Array, model: Model) -> Array:
    """Likelihood of a text per symbol, P(o|text)/P(o); exactly one for a label beyond doubt."""
    chances = labels[answers[:, 0]]
    chances[:, _AUTO] = 0
    common = model.start @ model.symbols[answers[:, 2], answers[:, 1]]
    chances = np.where(common > 0, chances, 0)
    total = np.maximum(chances.sum(axis=1, keepdims=True), 1e-300)
    logs = np.log(np.where(common > 0, common, 1))
    scale = np.exp((chances * logs).sum(axis=1, keepdims=True) / total)
    return np.asarray(chances / total / np.where(common > 0, common, 1) * scale)


def subset(stretches: Stretches, rows: Ints) -> Stretches:
    """Return some of the cases, in the order of `rows`; kinds are shared, not copied."""
    first, length = stretches.offsets[rows], np.diff(stretches.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(length)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], length)
    return Stretches(
        offsets=offsets,
        kind=stretches.kind[np.repeat(first, length) + within],
        kinds=stretches.kinds,
        start=stretches.start[rows],
        is_new=stretches.is_new[rows],
        end=stretches.end[rows],
    )
