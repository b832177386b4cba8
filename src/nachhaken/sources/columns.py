"""Which column of a table holds what: by its header, and by what its cells look like."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nachhaken.sources.cells import Cell, amount, day, mail_address, text_of
from nachhaken.sources.fields import DATED, FIELDS, About, Field
from nachhaken.sources.headers import folded, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file: its position from 0, header, guessed field, and up to three examples.

    `confidence` in [0, 1] is 0 where no field was found.
    """

    index: int
    header: str
    field: Field | None
    examples: tuple[str, ...]
    confidence: float


_OWN, _LATER = 1.0, 1e-6
_SURE, _SIMILAR, _BY_CONTENT, _DOUBTFUL = 1.0, 0.7, 0.5, 0.3
_HALF = 0.5
_SHORTEST_PIECE = 4


def guess(
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    about: About = About.OFFERS,
    known: Mapping[str, Field | None] | None = None,
) -> tuple[Column, ...]:
    """Return the columns with the fields that fit best; no field is given twice.

    `known` are the folded headers of the program that wrote the table; None there: not a field.
    Of two columns with the same score the one further left has the field.
    """
    samples = [[row[i] for row in rows if i < len(row)] for i in range(len(headers))]
    filled = [[cell for cell in sample if text_of(cell)] for sample in samples]
    scored = [_scores(header, filled[i], about, known) for i, header in enumerate(headers)]
    ranked = sorted(
        ((s, -i, field) for i, scores in enumerate(scored) for field, s in scores.items()),
        reverse=True,
    )
    given: dict[int, tuple[Field, float]] = {}
    for score, minus, field in ranked:
        if -minus not in given and field not in {f for f, _ in given.values()}:
            given[-minus] = (field, score)
    return tuple(_column(i, header, filled[i], given) for i, header in enumerate(headers))


def _column(
    index: int, header: str, cells: Sequence[Cell], given: Mapping[int, tuple[Field, float]]
) -> Column:
    field, score = given.get(index, (None, 0.0))
    examples = tuple(dict.fromkeys(text_of(cell)[:80] for cell in cells))[:3]
    return Column(
        index=index, header=header, field=field, examples=examples, confidence=round(score, 3)
    )


def _scores(
    header: str,
    cells: Sequence[Cell],
    about: About,
    known: Mapping[str, Field | None] | None,
) -> dict[Field, float]:
    name, words = folded(header), words_of(about)
    if known is not None and name in known:
        field = known[name]
        # A program knows its own columns, the best first; whoever added one names it plainly.
        return {field: _OWN - _LATER * list(known).index(name)} if field else {}
    scores = {field: _BY_CONTENT * share for field, share in _shares(cells, about).items()}
    if name in words:
        scores = {words[name]: _SURE}
    elif known is not None:
        return {}
    elif name:
        scores |= _similar(name, words)
    return {field: s * _doubt(field, cells) for field, s in scores.items() if s > 0}


def _similar(name: str, words: Mapping[str, Field]) -> dict[Field, float]:
    found = [
        (len(word), field)
        for word, field in words.items()
        if len(word) >= _SHORTEST_PIECE and word in name
    ]
    if not found:
        return {}
    length, field = max(found)
    return {field: _SIMILAR * (0.7 + 0.3 * length / len(name))}


def _doubt(field: Field, cells: Sequence[Cell]) -> float:
    """A header that says "Datum" above cells without any date is hardly to be believed."""
    looks = _LOOKS.get(field)
    if looks is None or not cells:
        return 1.0
    share = sum(map(looks, cells[:50])) / len(cells[:50])
    return 1.0 if share >= _HALF else _DOUBTFUL + (1 - _DOUBTFUL) * share


def _shares(cells: Sequence[Cell], about: About) -> dict[Field, float]:
    """What the cells alone let expect; only looks that are rarely mistaken count."""
    sample = cells[:50]
    if not sample:
        return {}
    shares = {field: sum(map(looks, sample)) / len(sample) for field, looks in _TELLING.items()}
    if dated := DATED.get(about):
        shares[dated] = sum(map(_is_written_date, sample)) / len(sample)
    allowed = FIELDS[about]
    return {field: s for field, s in shares.items() if s > _HALF and field in allowed}


def _is_date(cell: Cell) -> bool:
    return day(cell) is not None


def _is_amount(cell: Cell) -> bool:
    return amount(cell) is not None


def _is_mail(cell: Cell) -> bool:
    return mail_address(cell) is not None


def _is_written_date(cell: Cell) -> bool:
    # A five-digit amount would pass for one of Excel's day numbers.
    return not isinstance(cell, int | float) and not text_of(cell).isdigit() and _is_date(cell)


def _is_money(cell: Cell) -> bool:
    is_exact = isinstance(cell, str) and re.search(r"\d[.,]\d\d\b|€|EUR|CHF", cell) is not None
    return (is_exact or isinstance(cell, float)) and _is_amount(cell) and not _is_date(cell)


def _is_phone(cell: Cell) -> bool:
    return re.fullmatch(r"(?:\+|00?)[1-9][\d /()-]{5,18}", text_of(cell)) is not None


def _is_number(cell: Cell) -> bool:
    return re.fullmatch(r"[A-Z]{1,4}[-/ ]?\d[\d/-]{0,12}", text_of(cell)) is not None


_LOOKS: dict[Field, Callable[[Cell], bool]] = {
    Field.OPENED_ON: _is_date,
    Field.SENT_ON: _is_date,
    Field.DAY: _is_date,
    Field.VALID_UNTIL: _is_date,
    Field.DECIDED_ON: _is_date,
    Field.NET: _is_amount,
    Field.MAIL: _is_mail,
}
_TELLING: dict[Field, Callable[[Cell], bool]] = {
    Field.NET: _is_money,
    Field.MAIL: _is_mail,
    Field.PHONE: _is_phone,
    Field.NUMBER: _is_number,
}
