"""What a caller of `nachhaken.scale` can do something about."""


class ExtraMissingError(ImportError):
    """A part that was not installed; the message says how to install it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} is not installed: pip install "nachhaken[{extra}]"')


class ColumnError(ValueError):
    """A file whose columns are not those of docs/columns.md; the message names the column."""
