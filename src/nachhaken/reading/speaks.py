"""Which sentence of a text speaks most for something that was learnt."""

from itertools import islice

from nachhaken.reading.features import tokens
from nachhaken.reading.scores import TextModel
from nachhaken.reading.text import sentences


def speaking_most(text: str, model: TextModel, column: int) -> tuple[int, int]:
    """Start and end of the sentence whose words speak most for a column; (0, 0) without words."""
    spoken = [(start, end) for start, end in sentences(text) if text[start:end].strip()]
    if not spoken:
        return 0, 0
    start, end = spoken[0] if len(spoken) == 1 else _best(text, spoken, model, column)
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _best(
    text: str, spoken: list[tuple[int, int]], model: TextModel, column: int
) -> tuple[int, int]:
    words = [tokens(text[start:end]) for start, end in spoken]
    leanings = iter(model.leanings([word for one in words for word in one], column))
    # The root keeps a long sentence from winning by its length alone.
    speaks = [sum(islice(leanings, len(one))) / max(len(one), 1) ** 0.5 for one in words]
    return spoken[speaks.index(max(speaks))]
