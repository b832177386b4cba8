"""The one place that loads pyarrow, so that its absence is one clear sentence."""

from typing import Any


class ExtraMissingError(ImportError):
    """A part that was not installed; the message says how to install it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f'{what} is not installed. Install it with: pip install "nachhaken[{extra}]"'
        )


try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    from pyarrow import ipc
except ImportError as error:
    raise ExtraMissingError("pyarrow", "score") from error

Arrow = Any
"""Something of pyarrow, which has no types."""

__all__ = ["Arrow", "ExtraMissingError", "ipc", "pa", "pc", "pq"]
