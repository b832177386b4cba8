"""Everything out of the desk and in again, from the terminal."""

import os
import secrets
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nachhaken.project.terminal import text

if TYPE_CHECKING:
    from nachhaken.desk.models import User

_MB = 2**20
_PRIVATE = 0o600


def exported(file: Path, *, user: "User", now: datetime) -> None:
    """Write the archive; where that fails, or is stopped, nothing of it is left behind."""
    from nachhaken.desk.takeout.whole import export_all  # noqa: PLC0415 - needs Django to be set up

    beside = file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(handle, "wb") as out:
            for chunk in export_all(user=user, now=now):
                out.write(chunk)
                _tell(out.tell())
        beside.replace(file)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise click.ClickException(text("exported_not", file=file, why=why)) from error
    finally:
        beside.unlink(missing_ok=True)
    size, at = f"{file.stat().st_size / _MB:.1f}", f"{now.astimezone():%d.%m.%Y %H:%M}"
    click.echo(text("exported", file=file, size=size, at=at))


def are_exports(files: Iterable[Path]) -> bool:
    """Say whether all of them are exports of a desk."""
    from nachhaken.sources.kind import is_export  # noqa: PLC0415 - late, as all that comes in

    return all(path.is_file() and is_export(path) for path in files)


def restored(file: Path, *, now: datetime, dry_run: bool) -> bool:
    """Take in a whole desk and plan it; False where it was refused, which was said.

    On a desk that nobody has begun, whoever begins it takes over the user that came along.
    """
    from nachhaken.desk.commands import RestoreError, restore  # noqa: PLC0415
    from nachhaken.desk.models import User  # noqa: PLC0415
    from nachhaken.desk.planning import plan_missing  # noqa: PLC0415

    if dry_run:
        click.echo(text("is_desk", name=file.name))
        return True
    actor = User.objects.filter(is_active=True).order_by("pk").first()
    try:
        done = restore(file, actor=actor, now=now, progress=_told)
    except RestoreError as error:
        click.echo(str(error), err=True)
        return False
    counts = {"rows": done.rows, "prospects": done.prospects, "opportunities": done.opportunities}
    click.echo(text("restored", name=file.name, **counts))
    planned = 0
    while more := plan_missing(now=now):
        planned += more
        _told("plan", planned, done.opportunities)
    return True


def _tell(size: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{size / _MB:.0f} MB ", nl=False, err=True)


def _told(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{stage} {done}/{total} ", nl=False, err=True)
