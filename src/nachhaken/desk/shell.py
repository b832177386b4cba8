"""What every page is dressed with, and a name that changes with it."""

from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from django.template.loader import render_to_string
from django.utils.translation import override

from nachhaken import __version__

_DRESS = (".css", ".js", ".svg")
_HTMX = "django_htmx/htmx-2.min.js"


@cache
def files() -> tuple[str, ...]:
    """Return the static files that a device keeps to show pages without a network."""
    return (_HTMX, *sorted(_found()))


@cache
def version(language: str) -> str:
    """Return a name for the shell in a language: another file or sentence, another name."""
    digest = sha256(f"{__version__} {language}".encode())
    for name, file in sorted(_found().items()):
        digest.update(name.encode() + file.read_bytes())
    with override(language):
        digest.update(render_to_string("desk/offline.html").encode())
    return digest.hexdigest()[:12]


def _found() -> dict[str, Traversable]:
    return dict(_walk(resources.files("nachhaken.desk") / "static" / "desk", "desk"))


def _walk(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found = []
    for one in folder.iterdir():
        name = f"{path}/{one.name}"
        if one.is_dir():
            found += _walk(one, name)
        elif name.endswith(_DRESS):
            found.append((name, one))
    return found
