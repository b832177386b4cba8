"""The command line: serve the desk, take files in, show today, read a text."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from nachhaken.project.data import FolderUnusableError
from nachhaken.project.starting import (
    go_on_importing,
    incoming_folder,
    keep_current,
    keep_fetching,
    keep_informed,
    keep_sending,
    largest_body,
    prepared,
    start_django,
)
from nachhaken.project.terminal import print_lesson, print_today, report, text

if TYPE_CHECKING:
    from nachhaken.desk.models import User

DEFAULT_PORT = 8000
_YEARS = range(1990, 2100)
_DAY = click.DateTime(["%Y-%m-%d"])
_LOCAL = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104 - named, not listened on


def main() -> None:
    """Run the command line; what the user can repair is one sentence and exit code 1."""
    try:
        cli(prog_name="nachhaken")
    except FolderUnusableError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)


@click.group()
@click.version_option(package_name="nachhaken")
def cli() -> None:
    """Nachhaken: whom to contact today, how, and when to stop."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--example", is_flag=True, help="Load the example business on the first start.")
@click.option("--open", "browse", is_flag=True, help="Open the desk in the browser.")
def serve(*, host: str, port: int, example: bool, browse: bool) -> None:
    """Run the desk."""
    import tempfile
    import threading
    import webbrowser

    from waitress.server import create_server

    address = f"http://{'localhost' if host in _LOCAL else host}:{port}/"
    with prepared(example=example, now=_now(), address=address):
        from nachhaken.project.wsgi import application
    # Uploads wait beside the data and not in memory, as they would where /tmp lies there.
    tempfile.tempdir = str(incoming_folder())
    most = largest_body()
    try:
        server = create_server(
            application, host=host, port=port, threads=8, max_request_body_size=most
        )
    except OSError as error:
        free = create_server(application, host=host, port=0).effective_port
        raise click.ClickException(text("port_used", port=port, free=free)) from error
    click.echo(text("running", address=address))
    click.echo(text("stop"))
    for work in (keep_current, keep_sending, keep_fetching, keep_informed, go_on_importing):
        threading.Thread(target=work, daemon=True).start()
    if browse:
        webbrowser.open(address)
    server.run()


@cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what the files would bring.")
@click.option("--profile", default="", help="Read tables by the columns kept as this.")
@click.option(
    "--about",
    type=click.Choice(["offers", "opportunities", "contacts", "activities"]),
    help="What the rows of tables are.",
)
def import_(*, files: tuple[Path, ...], dry_run: bool, profile: str, about: str | None) -> None:
    """Take in tables, mails (Maildir and folders, too), contacts and calendars."""
    start_django()
    from nachhaken.project.importing import import_all
    from nachhaken.project.takeout import are_exports, restored

    if are_exports(files):  # also where nobody has begun yet
        failed = not all(restored(file, now=_now(), dry_run=dry_run) for file in files)
    else:
        failed = not import_all(
            files, actor=_owner(), dry_run=dry_run, profile=profile, about=about or ""
        )
    if dry_run:
        click.echo(text("would"))
    sys.exit(1 if failed else 0)


@cli.command()
def imports() -> None:
    """List what was imported, with the numbers that `revert` takes."""
    start_django()
    from nachhaken.project.importing import print_imports

    print_imports(_owner(), now=_now())


@cli.command()
@click.argument("number", type=int)
def revert(*, number: int) -> None:
    """Take an import back, for thirty days."""
    start_django()
    from nachhaken.project.importing import revert_one

    sys.exit(0 if revert_one(number, actor=_owner(), now=_now()) else 1)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(*, file: Path) -> None:
    """Write everything into one archive, which a fresh desk takes in again."""
    start_django()
    from nachhaken.project.takeout import exported

    exported(file, user=_owner(), now=_now())


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--opportunity", type=int, required=True, help="The number in its address.")
@click.option("--agreed-by", required=True, help="Who agreed to the transcript.")
@click.option("--agreed-on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--agreed-how", required=True, help="How they agreed.")
@click.option("--ours", multiple=True, help="Who spoke for us, as the transcript names them.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="When it was.")
@click.option("--meeting", is_flag=True, help="It was a meeting, not a call.")
def transcript(*, file: Path, opportunity: int, at: datetime | None, **said: Any) -> None:
    """Take in the transcript of a talk: what the customer said, and who spoke how much."""
    start_django()
    from nachhaken.project.transcripts import taken_in

    sys.exit(0 if taken_in(file, opportunity, actor=_owner(), now=_now(), at=at, **said) else 1)


@cli.command()
def fetch() -> None:
    """Fetch what is new from every mailbox that is set up."""
    start_django()
    from nachhaken.desk.commands import fetch_mail
    from nachhaken.desk.models import MailAccount
    from nachhaken.desk.post_words import line_fault

    accounts = MailAccount.objects.exclude(imap_host="").filter(user__is_active=True)
    if not accounts:
        raise click.ClickException(text("no_mailbox"))
    failed = False
    for account in accounts.select_related("user"):
        done = fetch_mail(account=account, now=_now())
        report(done.taken)
        if done.fault:
            click.echo(line_fault(account, "imap", done.fault), err=True)
            failed = True
    sys.exit(1 if failed else 0)


@cli.command()
@click.option("--minutes", default=30, show_default=True, type=click.IntRange(1, 24 * 60))
def today(*, minutes: int) -> None:
    """Show today's list as far as it fits into the time."""
    start_django()
    from nachhaken.desk import queries
    from nachhaken.desk.planning import refresh

    refresh(now=_now())
    print_today(queries.today(_owner(), now=_now(), minutes=minutes))


@cli.command()
@click.option("--print", "shown", is_flag=True, help="Only show what would be sent.")
def digest(*, shown: bool) -> None:
    """Send the morning's list, and the weekly review, to everybody whose hour has come."""
    start_django()
    if shown:
        from nachhaken.project.terminal import print_mail

        print_mail(_owner(), now=_now())
    else:
        from nachhaken.desk.commands import send_digests, send_reviews

        sent = send_digests(now=_now()) + send_reviews(now=_now())
        click.echo(text("digests", count=sent))


@cli.command()
@click.argument("prospect")
@click.argument("title")
@click.option("--person", default="")
@click.option("--mail", default="")
@click.option("--phone", default="")
@click.option("--amount", type=float, help="Net, in euros.")
@click.option("--sent-on", type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]))
@click.option("--number", default="")
def add(*, amount: float | None, sent_on: datetime | None, **named: str) -> None:
    """Add an opportunity, with an offer where an amount or a day is given."""
    import secrets

    start_django()
    from nachhaken.desk.commands import create_opportunity

    change = create_opportunity(
        actor=_owner(),
        now=_now(),
        key=secrets.token_urlsafe(16),
        amount_cents=None if amount is None else round(amount * 100),
        sent_on=sent_on.date() if sent_on else None,
        **named,  # type: ignore[arg-type]  # click names them as the command does
    )
    click.echo(text("added", step=change.after.step if change.after else ""))


@cli.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Write for programs.")
@click.option("--jsonl", "as_rows", is_flag=True, help="Read many: a JSON object in each line.")
@click.option("--eval", "measured", is_flag=True, help="Hold readings against the rows' labels.")
@click.option("--on", type=_DAY, help="The day of the reply.")
@click.option("--region", default="DE", show_default=True)
def read(
    *,
    file: IO[bytes],
    as_json: bool,
    as_rows: bool,
    measured: bool,
    on: datetime | None,
    region: str,
) -> None:
    """Say what a customer's text or mail means; without FILE it comes from the terminal."""
    from nachhaken.project import reading

    if measured:
        sys.exit(reading.measure_rows(file, as_json=as_json))
    if as_rows:
        sys.exit(reading.read_rows(file))
    reading.read_one(file, on=on.date() if on else None, region=region, as_json=as_json, now=_now())


@cli.command()
@click.argument("events", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--faults", type=click.Path(dir_okay=False, path_type=Path), help="Refused rows.")
@click.option("--now", type=click.DateTime(), help="Until when silence counts, in local time.")
@click.option("--hour-eur", type=click.FloatRange(0, 1e6), help="What an hour of work costs.")
@click.option("--hold-eur", type=click.FloatRange(0, 1e6), help="What an open case costs a day.")
@click.option("--parameters", type=click.File("rb"), help="Own numbers of the model (TOML).")
@click.option("--quick", is_flag=True, help="By the plans alone: for hundreds of thousands.")
@click.option("--reasons/--no-reasons", default=True, help="What moved the belief most.")
@click.option("--partitioned", is_flag=True, help="Every file holds whole opportunities.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Default: one per processor.")
@click.option("--cluster", help='Address of a Dask scheduler, or "local" for own processes.')
def score(
    *,
    events: tuple[Path, ...],
    output: Path,
    now: datetime | None,
    hold_eur: float | None,
    **options: Any,
) -> None:
    """Score the opportunities in Parquet files of events, or in folders of them."""
    from nachhaken.scale.errors import ColumnError, ExtraMissingError

    if now and now.year not in _YEARS:
        raise click.BadParameter(f"{_YEARS[0]} … {_YEARS[-1]}", param_hint="--now")
    try:
        from nachhaken.project.scoring import run

        moment = now.replace(tzinfo=ZoneInfo("Europe/Berlin")) if now else _now()
        run(events, output, now=moment, hold_eur_per_day=hold_eur, **options)
    except (ColumnError, ExtraMissingError) as error:
        raise click.ClickException(str(error)) from error


@cli.group()
def bench() -> None:
    """Hold the forecasts against real logs."""


@bench.command()
@click.option("--events", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--learn-until", required=True, type=_DAY, help="Nothing from this day on is learnt.")
@click.option("--predict-from", required=True, type=_DAY, help="The first day of the span.")
@click.option("--predict-until", required=True, type=_DAY, help="The last day of the span.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def snapshots(
    *,
    events: Path,
    learn_until: datetime,
    predict_from: datetime,
    predict_until: datetime,
    output: Path,
) -> None:
    """Forecast on each Monday which open offers of a log (BPI Challenge 2012) will be won."""
    from nachhaken.project.benching import BenchError, run

    span = (predict_from.date(), predict_until.date())
    try:
        count = run(events, output, learn_until=learn_until.date(), span=span)
    except BenchError as error:
        raise click.ClickException(str(error)) from error
    click.echo(text("forecast", count=count, file=output))


@cli.command()
def learn() -> None:
    """Learn from everything that has ended; plans follow when the desk runs."""
    start_django()
    from nachhaken.desk.commands import learn_anew

    print_lesson(learn_anew(actor=_owner(), now=_now()).report)


@cli.command(hidden=True)
@click.option("--opportunities", required=True, type=click.IntRange(1, 10_000_000))
def seed(*, opportunities: int) -> None:
    """Fill the desk with made-up opportunities, to measure it."""
    start_django()
    from nachhaken.desk.seeding import seed as fill

    for count in fill(opportunities, actor=_owner(), now=_now()):
        click.echo(f"{count}\r", nl=False)
    click.echo()


def _owner() -> "User":
    from nachhaken.desk.models import User

    user = User.objects.filter(is_active=True).order_by("pk").first()
    if user is None:
        raise click.ClickException(text("no_owner"))
    return user


def _now() -> datetime:
    return datetime.now(UTC)
