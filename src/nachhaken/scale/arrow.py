"""The one place that loads pyarrow, so that its absence is one clear sentence."""

from typing import Any

from nachhaken.scale.errors import ExtraMissingError

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    from pyarrow import ipc
except ImportError as error:
    raise ExtraMissingError("pyarrow", "score") from error

Arrow = Any
"""Something of pyarrow, which has no types."""

__all__ = ["Arrow", "ipc", "pa", "pc", "pq"]
