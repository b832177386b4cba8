"""Which sentence of a text speaks most for something that was learnt."""

from nachhaken.reading.features import tokens
from nachhaken.reading.scores import TextModel
from nachhaken.reading.text import sentences


def speaking_most(text: str, model: TextModel, column: int) -> tuple[int, int]:
    """Start and end of the sentence with the best score in a column; (0, 0) without words."""
    spoken = [(start, end) for start, end in sentences(text) if text[start:end].strip()]
    if not spoken:
        return 0, 0
    start, end = max(spoken, key=lambda at: model.scores(tokens(text[at[0] : at[1]]))[column])
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
