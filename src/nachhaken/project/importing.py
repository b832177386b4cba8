"""Imports on the terminal: files and folders taken in with a line that tells how far it is."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nachhaken.project.terminal import is_english, report, text

if TYPE_CHECKING:
    from nachhaken.desk.models import User

_STAGES = {
    "look": ("ansehen", "looking"),
    "read": ("lesen", "reading"),
    "write": ("übernehmen", "writing"),
    "plan": ("einschätzen", "planning"),
}
_STATES = {
    "running": (", läuft", ", running"),
    "stopped": (", unterbrochen", ", interrupted"),
    "planning": (", wird eingeschätzt", ", planning"),
    "failed": (", nicht übernommen", ", not taken in"),
    "reverted": (", zurückgenommen", ", taken back"),
}
_MAILDIR = {"cur", "new"}
_MOST_ROWS = 50


def import_all(
    files: Iterable[Path], *, actor: "User", dry_run: bool, profile: str, about: str
) -> bool:
    """Take in files and folders one after the other; returns whether all went well."""
    from nachhaken.project.takeout import restored  # noqa: PLC0415
    from nachhaken.sources.kind import is_export  # noqa: PLC0415

    well = True
    for path in _paths(files):
        now = datetime.now(UTC)
        if path.is_file() and is_export(path):
            well = restored(path, now=now, dry_run=dry_run) and well
            continue
        meant = _meant(path, profile=profile, about=about)
        well = _import(path, actor=actor, now=now, dry_run=dry_run, meant=meant) and well
    return well


def print_imports(actor: "User", *, now: datetime) -> None:
    """Print the imports, the newest first."""
    from nachhaken.desk import queries  # noqa: PLC0415 - needs Django to be set up

    rows = queries.import_list(actor, now=now).rows[:_MOST_ROWS]
    for row in rows:
        state = _STATES.get(row.stage, ("", ""))[is_english()]
        counts = {"new": row.new, "changed": row.changed, "same": row.same}
        at = f"{row.at:%Y-%m-%d %H:%M}"
        click.echo(text("import_row", id=row.id, at=at, name=row.name, state=state, **counts))
    if not rows:
        click.echo(text("no_imports"))


def revert_one(number: int, *, actor: "User", now: datetime) -> bool:
    """Take an import back and say what stays; returns whether it could be."""
    from nachhaken.desk import commands, queries  # noqa: PLC0415 - needs Django to be set up

    try:
        page = queries.reversal(actor, number, now=now)
        commands.revert_import(actor=actor, now=now, run_id=number)
        commands.take_in(number, now=now)
    except (commands.NotFoundError, commands.InvalidError):
        click.echo(text("not_reverted"), err=True)
        return False
    click.echo(text("reverted", name=page.row.name, staying=page.staying_total))
    for row in page.staying:
        click.echo(f"  {row.name}")
    return True


def _paths(files: Iterable[Path]) -> Iterator[Path]:
    """Yield files; a folder is a Maildir or one of mails as a whole, else each file in it."""
    for path in files:
        if not path.is_dir() or _is_of_mails(path):
            yield path
        else:
            yield from sorted(one for one in path.rglob("*") if one.is_file())


def _is_of_mails(path: Path) -> bool:
    if all((path / name).is_dir() for name in _MAILDIR):
        return True
    names = [one for one in path.rglob("*") if one.is_file()]
    return bool(names) and all(one.suffix.lower() in {".eml", ".emlx"} for one in names)


def _meant(path: Path, *, profile: str, about: str) -> dict[str, Any]:
    if not profile:
        return {"about": about}
    from nachhaken.desk.column_profiles import named_profile  # noqa: PLC0415

    found = named_profile(profile, path)
    if isinstance(found, Mapping):
        return {"about": about or found["about"], "mapping": found["mapping"]}
    raise click.ClickException(text("no_profile", name=profile, known=", ".join(found) or "–"))


def _import(
    path: Path, *, actor: "User", now: datetime, dry_run: bool, meant: dict[str, Any]
) -> bool:
    from nachhaken.desk import commands  # noqa: PLC0415 - needs Django to be set up

    try:
        done = commands.import_path(
            path=path,
            name=path.name,
            actor=actor,
            now=now,
            dry_run=dry_run,
            progress=_show,
            **meant,
        )
    except commands.UnreadableError as error:
        click.echo(str(error), err=True)
        return False
    except commands.AlreadyRunningError:
        click.echo(text("import_again", name=path.name), err=True)
        return False
    finally:
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
    report(done)
    return True


def _show(stage: str, done: int, total: int) -> None:
    """Keep one line up to date, where somebody looks at it."""
    if sys.stderr.isatty() and total:
        named = _STAGES[stage][is_english()]
        line = text("importing", stage=named, done=done, total=total)
        click.echo(f"\r\033[K{line}", nl=False, err=True)
