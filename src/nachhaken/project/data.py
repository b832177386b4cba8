"""The folder of what the desk keeps on disk: database, secret key, collected static files."""

import os
import secrets
import time
from pathlib import Path

import platformdirs

_UNWRITABLE = {
    "de": "Nachhaken kann in „{folder}“ nicht schreiben. Bitte einen anderen Ordner in "
    "NACHHAKEN_DATA angeben oder die Rechte ändern.",
    "en": "Nachhaken cannot write to “{folder}”. Please name another folder in NACHHAKEN_DATA "
    "or change its permissions.",
}


class FolderUnusableError(Exception):
    """The data folder cannot be made or written; the message is a sentence for the user."""


def terminal_language() -> str:
    """The language of messages on the terminal: "en" where the locale says English, else "de"."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and value not in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
            return "en" if value.lower().startswith("en") else "de"
    return "de"


def folder() -> Path:
    """Return the data folder, made for its owner alone, or raise FolderUnusableError."""
    named = os.environ.get("NACHHAKEN_DATA", "")
    path = Path(named).expanduser() if named else Path(platformdirs.user_data_dir("nachhaken", ""))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _probe(path)
    except OSError as error:
        sentence = _UNWRITABLE[terminal_language()].format(folder=path)
        raise FolderUnusableError(sentence) from error
    return path.resolve()


def secret_key(path: Path) -> str:
    """Return the secret in file `path`, made once; of two that make it at once, one wins."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def _probe(path: Path) -> None:
    # Asking the permissions is not enough: a full or read-only disk says no only to a real write.
    probe = path / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
    probe.touch(mode=0o600)
    probe.unlink()


def _read_when_written(path: Path) -> str:
    """Read the key; the process that makes it may not have written it yet."""
    for _ in range(100):
        if key := path.read_text(encoding="ascii"):
            return key
        time.sleep(0.02)
    raise FolderUnusableError(f"{path}: empty; delete it to make a new key.")
