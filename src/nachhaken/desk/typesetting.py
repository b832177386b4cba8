"""The one place where typst is called: with nothing to read but what it is given, no network."""

from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst


class TypesettingError(Exception):
    """It could not be set; the message is typst's own."""


def typeset(
    files: dict[str, bytes],
    *,
    pictures: dict[str, bytes] | None = None,
    with_system: bool = False,
    **kind: Any,
) -> list[bytes]:
    """Set `main.typ` of `files` and return the PDF, or each page of another kind.

    `files` are texts; `pictures`, which typst takes from the disk only, lie in a folder of their
    own while it runs, and nothing outside it can be read. `with_system` lets it look for signs in
    the fonts of this machine, too. The templates import no packages, so nothing is fetched.
    """
    with TemporaryDirectory(prefix="nachhaken-") as root:
        for name, raw in (pictures or {}).items():
            (Path(root) / name).write_bytes(raw)
        try:
            fonts = _fonts(with_system=with_system)
            pages: Any = typst.compile(files, root=root, font_paths=fonts, **kind)
        except RuntimeError as error:
            raise TypesettingError(str(error)) from error
    return pages if isinstance(pages, list) else [pages]  # one page of PNG comes alone


@cache
def templates() -> dict[str, bytes]:
    """Return the templates by their names; not to be changed."""
    folder = resources.files("nachhaken.desk") / "paper"
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system)
