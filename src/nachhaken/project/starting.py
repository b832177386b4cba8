"""What has to happen before the desk can work: Django, tables, static files, plans."""

import atexit
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from nachhaken.project.data import folder, terminal_language
from nachhaken.project.lock import held
from nachhaken.project.terminal import report, text

REFRESH_SECONDS = 60
POST_SECONDS = 15.0
FOLLOW_SECONDS = 5
SMALLEST_LIMIT = 2**30  # bytes of a request, as the server has it by itself
MOST_AT_START = 500  # opportunities that are planned anew before the first page


def start_django() -> None:
    """Load Django and bring the tables up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nachhaken.project.settings")
    folder()  # an unusable folder is told before anything is loaded
    import django  # noqa: PLC0415 - `nachhaken read` and `--help` need none of it
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    translation.activate(terminal_language())
    with held(folder() / "start.lock"):
        if _lacks_migrations():
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def prepared(*, example: bool, now: datetime, address: str) -> Iterator[None]:
    """Prepare the desk for serving; two starts in one folder do it one after the other.

    `address` is where links in mails and calendars lead, unless the settings name another.
    """
    os.environ.setdefault("NACHHAKEN_ADDRESS", address)
    os.environ.setdefault("NACHHAKEN_STATIC", "manifest")
    start_django()
    with held(folder() / "start.lock"):
        _collect_static()
        if example:
            _load_example(now)
        _replan_stale(now)
    yield


def incoming_folder() -> Path:
    """Return the folder in which what comes in waits, for its owner alone."""
    path = folder() / "imports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def largest_body() -> int:
    """Return how many bytes may be sent at once: it lies on the disk twice for a moment."""
    return max(shutil.disk_usage(folder()).free * 2 // 5, SMALLEST_LIMIT)


def go_on_importing() -> None:
    """Go on with imports that a process left behind when it died, and plan what they brought."""
    from django.db import close_old_connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from nachhaken.desk import commands  # noqa: PLC0415
    from nachhaken.desk.models import Opportunity  # noqa: PLC0415

    try:
        commands.clear_uploads(now=timezone.now())
        commands.resume_imports()
        while ids := list(Opportunity.objects.stale().values_list("pk", flat=True)[:MOST_AT_START]):
            commands.replan(ids, now=timezone.now())
    except Exception as error:  # noqa: BLE001 - the desk works without it
        click.echo(f"imports: {type(error).__name__}", err=True)
    close_old_connections()


def _lacks_migrations() -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static() -> None:
    """Collect the static files once per version, under names that browsers may keep for ever."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    stamp = Path(settings.STATIC_ROOT) / ".made-of"
    made_of = _static_version()
    if not stamp.exists() or stamp.read_text() != made_of:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(made_of)


def _static_version() -> str:
    from nachhaken import __version__, desk  # noqa: PLC0415

    files = (Path(desk.__path__[0]) / "static").rglob("*")
    newest = max((file.stat().st_mtime_ns for file in files), default=0)
    return f"{__version__} {newest}"


def _load_example(now: datetime) -> None:
    from nachhaken.desk.commands import load_example  # noqa: PLC0415
    from nachhaken.desk.models import Opportunity  # noqa: PLC0415

    if Opportunity.objects.exists():
        click.echo(text("has_data"))
        return
    click.echo(text("example"))
    for done in load_example(actor=None, now=now):
        report(done)


def _replan_stale(now: datetime) -> None:
    """Catch up with what was left behind; of a large import the rest follows in the background."""
    from nachhaken.desk.models import Opportunity  # noqa: PLC0415

    ids = list(Opportunity.objects.stale().values_list("pk", flat=True)[:MOST_AT_START])
    if ids:
        from nachhaken.desk.planning import replan  # noqa: PLC0415 - half a second of numbers

        click.echo(text("planning", count=len(ids)))
        replan(ids, now=now)


def keep_current() -> None:
    """Load what the first page needs while the desk is already listening; then follow the days."""
    _warm_up()
    from django.db import close_old_connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from nachhaken.desk.chances import give_chances  # noqa: PLC0415
    from nachhaken.desk.experience import count_if_due  # noqa: PLC0415
    from nachhaken.desk.figures import follow_up_figures  # noqa: PLC0415
    from nachhaken.desk.lessons import learn_if_due  # noqa: PLC0415
    from nachhaken.desk.planning import plan_missing, refresh, rethink  # noqa: PLC0415
    from nachhaken.desk.teaching import learn_what_was_said, said_something  # noqa: PLC0415

    learnt_on = None
    while True:
        refresh(now=timezone.now())
        learn_what_was_said(now=timezone.now())
        count_if_due(now=timezone.now())
        if learnt_on != timezone.localdate():
            learnt_on = timezone.localdate()
            learn_if_due(now=timezone.now())
        rest = plan_missing(now=timezone.now()) or rethink(now=timezone.now())
        rest = follow_up_figures() or give_chances(now=timezone.now()) or rest
        close_old_connections()
        if not rest:
            said_something.wait(REFRESH_SECONDS)


def keep_sending() -> None:
    """Send what waits, each mail when it is due; a round that fails is told, the next follows.

    In a thread of its own: a server that does not answer must not hold up the plans.
    """
    from django.db import close_old_connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from nachhaken.desk import outbox  # noqa: PLC0415

    rest: float = 0
    while True:
        outbox.something_to_send.wait(rest)
        outbox.something_to_send.clear()
        try:
            outbox.due(now=timezone.now())
            rest = outbox.seconds_to_next(now=timezone.now(), most=POST_SECONDS)
        except Exception as error:  # noqa: BLE001 - a mail must not wait for the next start
            rest = POST_SECONDS
            click.echo(f"outbox: {type(error).__name__}", err=True)
        close_old_connections()


def keep_informed() -> None:
    """Tell users outside the desk what is next, by mail and in calendars, and read meetings there.

    In a thread of its own, for the same reason; not at once, as today's plans are made first.
    """
    from django.db import close_old_connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from nachhaken.desk import commands  # noqa: PLC0415

    while True:
        time.sleep(REFRESH_SECONDS)
        for work in (
            commands.send_digests,
            commands.send_reviews,
            commands.sync_calendars,
            commands.read_calendars,
        ):
            try:
                work(now=timezone.now())
            except Exception as error:  # noqa: BLE001 - the next round follows
                click.echo(f"{work.__name__}: {type(error).__name__}", err=True)
        close_old_connections()


def keep_fetching() -> None:
    """Listen at the mailboxes and fetch what comes in; in a thread of its own, they may be slow."""
    from django.db import close_old_connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from nachhaken.desk.listening import Listening  # noqa: PLC0415
    from nachhaken.desk.postman import Postman  # noqa: PLC0415

    listening, postman = Listening(), Postman()
    atexit.register(listening.end)
    while True:
        try:
            postman.go_round(now=timezone.now(), without=listening.follow())
        except Exception as error:  # noqa: BLE001 - the mail must not wait for the next start
            click.echo(f"fetch: {type(error).__name__}", err=True)
        close_old_connections()
        time.sleep(FOLLOW_SECONDS)


def _warm_up() -> None:
    from django.urls import get_resolver  # noqa: PLC0415

    from nachhaken.engine import Money, standard  # noqa: PLC0415
    from nachhaken.engine.planner import planner_for  # noqa: PLC0415

    get_resolver().url_patterns  # noqa: B018 - reading them imports the views
    planner_for(standard(), Money())
