"""What a message says: text becomes a reading of intent, dates, conditions and reasons."""

from nachhaken.reading.reader import read
from nachhaken.reading.values import Reading, Span, Window

__all__ = ["Reading", "Span", "Window", "read"]
