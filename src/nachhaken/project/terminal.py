"""What the command line says, in the language of the terminal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from nachhaken.project.data import terminal_language

if TYPE_CHECKING:
    from nachhaken.desk.commands import Imported
    from nachhaken.desk.models import User
    from nachhaken.desk.pages import TodayPage

_TEXTS = {
    "port_used": (
        "Port {port} ist schon belegt. Frei ist zum Beispiel {free}: nachhaken serve --port {free}",
        "Port {port} is already in use. A free one is {free}: nachhaken serve --port {free}",
    ),
    "example": ("Lade den Beispielbetrieb …", "Loading the example business …"),
    "has_data": (
        "Hier liegen schon Vorgänge; der Beispielbetrieb kommt nur in einen leeren Datenordner.",
        "There are opportunities already; the example goes only into an empty data folder.",
    ),
    "running": ("Nachhaken läuft: {address}", "Nachhaken is running: {address}"),
    "stop": ("Beenden mit Strg+C.", "Stop with Ctrl+C."),
    "imported": (
        "{name}: {new} neu, {changed} geändert, {same} bekannt, {unmatched} offen, {skipped} fremd",
        "{name}: {new} new, {changed} changed, {same} known, {unmatched} open, {skipped} foreign",
    ),
    "importing": ("{stage}: {done} von {total}", "{stage}: {done} of {total}"),
    "import_again": (
        "{name} wird gerade schon eingelesen.",
        "{name} is being taken in already.",
    ),
    "import_row": (
        "{id:>5}  {at}  {name}: {new} neu, {changed} geändert, {same} bekannt{state}",
        "{id:>5}  {at}  {name}: {new} new, {changed} changed, {same} known{state}",
    ),
    "no_imports": ("Noch nichts eingelesen.", "Nothing imported yet."),
    "no_profile": (
        "Ein Profil „{name}“ gibt es nicht. Gemerkt sind: {known}",
        "There is no profile “{name}”. Kept are: {known}",
    ),
    "reverted": (
        "Zurückgenommen: {name}. {staying} Vorgänge bleiben, weil darauf Späteres ruht.",
        "Taken back: {name}. {staying} opportunities stay, as later things rest on them.",
    ),
    "not_reverted": (
        "Diesen Import gibt es nicht, oder er lässt sich nicht mehr zurücknehmen.",
        "There is no such import, or it can no longer be taken back.",
    ),
    "exported": (
        "{file}: alles, {size} MB, Stand {at}.",
        "{file}: everything, {size} MB, as of {at}.",
    ),
    "exported_not": (
        "„{file}“ ließ sich nicht schreiben: {why}",
        "“{file}” could not be written: {why}",
    ),
    "restored": (
        "{name}: {rows} Zeilen, {prospects} Kunden, {opportunities} Vorgänge sind wieder da.",
        "{name}: {rows} rows, {prospects} customers, {opportunities} opportunities are back.",
    ),
    "is_desk": (
        "{name}: ein ganzer Tisch. Er lässt sich nur an einem frischen einlesen.",
        "{name}: a whole desk. Only a fresh one takes it in.",
    ),
    "no_mailbox": (
        "Kein Postfach eingerichtet. Im Browser geht das unter „Einstellungen“.",
        "No mailbox is set up. In the browser it is under “Settings”.",
    ),
    "unwelcome": (
        "{count} × kein Kontakt gewünscht: nichts geplant.",
        "{count} × no contact wanted: nothing planned.",
    ),
    "likely": (
        "{name}: vielleicht schon da als {known} ({why})",
        "{name}: perhaps known already as {known} ({why})",
    ),
    "would": ("Probelauf, nichts ist gespeichert.", "Dry run, nothing was stored."),
    "no_owner": (
        "Noch niemand eingerichtet. Bitte „nachhaken serve“ starten und im Browser beginnen.",
        "Nobody is set up yet. Please start “nachhaken serve” and begin in the browser.",
    ),
    "transcribed": ("Festgehalten: {shares}", "Noted: {shares}"),
    "no_opportunity": (
        "Einen Vorgang mit der Nummer {number} gibt es nicht.",
        "There is no opportunity with the number {number}.",
    ),
    "nothing": ("Heute ist nichts zu tun.", "Nothing to do today."),
    "next": ("Weiter geht es am {on}.", "It goes on on {on}."),
    "look_first": (
        "Vorher ins Postfach sehen: Dort kann eine Antwort liegen.",
        "Look into the mailbox first: an answer may lie there.",
    ),
    "added": ("Angelegt. Nächster Schritt: {step}", "Created. Next step: {step}"),
    "more": ("… und {count} weitere", "… and {count} more"),
    "scoring": ("Bewerte", "Scoring"),
    "scored": (
        "{opportunities} Vorgänge aus {events} Ereignissen bewertet: {file}",
        "{opportunities} opportunities scored from {events} events: {file}",
    ),
    "refused": (
        "{count} Zeilen nicht verwendet, mit Grund: {file}",
        "{count} rows not used, with the reason: {file}",
    ),
    "forecast": (
        "{count} offene Vorgänge vorhergesagt: {file}",
        "{count} open cases forecast: {file}",
    ),
    "no_monday": (
        "Zwischen {start} und {end} liegt kein Montag.",
        "There is no Monday from {start} to {end}.",
    ),
    "learns_late": (
        "Der erste Montag ({first}) liegt vor dem Ende des Lernens ({until}).",
        "The first Monday ({first}) comes before learning ends ({until}).",
    ),
    "learns_little": (
        "Vor dem {until} ist zu wenig entschieden: nötig sind je {least} gewonnene und verlorene.",
        "Too little is decided before {until}: {least} won and {least} lost cases are needed.",
    ),
    "log_columns": ("Im Protokoll fehlen Spalten: {where}", "The log lacks columns: {where}"),
    "log_row": (
        "Zeile {where} des Protokolls ist nicht zu verstehen.",
        "Line {where} of the log cannot be understood.",
    ),
    "log_file": ("„{where}“ ist nicht zu lesen.", "“{where}” cannot be read."),
    "lesson": (
        "{closed} Vorgänge hat der Kunde entschieden, wirksam {effective:.0f}. {verdict}",
        "Customers decided {closed} opportunities, worth {effective:.0f}. {verdict}",
    ),
    "lesson_used": ("Die eigenen Werte gelten.", "The learnt numbers are used."),
    "lesson_unused": ("Es gelten die Ausgangswerte.", "The shipped numbers are used."),
    "lesson_gain": (
        "Vorhersage neuer Kunden: {0:+.3f} nats je Vorgang (95 %: {1:+.3f} bis {2:+.3f})",
        "Forecast of new customers: {0:+.3f} nats per opportunity (95%: {1:+.3f} to {2:+.3f})",
    ),
    "lesson_orders": (
        "Ein Auftrag wird aus etwa {first} von 100 ersten Angeboten, nach einem ohne aus {second}.",
        "Of 100 first offers about {first} are ordered, after one without an order {second}.",
    ),
    "lesson_gut": (
        "Ihr Gefühl: {right} von {pairs} richtig, {decibans:+.1f} dB.",
        "Your gut: {right} of {pairs} right, {decibans:+.1f} dB.",
    ),
    "digests": ("{count} Morgenlisten gesendet.", "{count} morning lists sent."),
    "to": ("An: {to}", "To: {to}"),
    "subject": ("Betreff: {subject}", "Subject: {subject}"),
    "planning": ("Plane {count} Vorgänge neu …", "Planning {count} opportunities anew …"),
}


def is_english() -> bool:
    """Whether the terminal wants English."""
    return terminal_language() == "en"


def text(key: str, **params: object) -> str:
    """Return a text of the table, filled in."""
    german, english = _TEXTS[key]
    return (english if is_english() else german).format(**params)


def report(done: "Imported") -> None:
    """Print what a file brought, and its faults."""
    counts = {
        "new": done.new,
        "changed": done.changed,
        "same": done.same,
        "unmatched": done.unmatched,
        "skipped": done.skipped,
    }
    click.echo(text("imported", name=done.name, **counts))
    if done.objecting:
        click.echo(f"  {text('unwelcome', count=done.objecting)}")
    for one in done.likely:
        click.echo(f"  {text('likely', name=one.name, known=one.known, why=one.why)}")
    for fault in done.faults:
        click.echo(f"  {fault}")


def print_lesson(report: Mapping[str, Any]) -> None:
    """Print what was learnt."""
    verdict = text("lesson_used" if report["is_used"] else "lesson_unused")
    click.echo(text("lesson", verdict=verdict, **report))
    if report["gain"]:
        click.echo(_TEXTS["lesson_gain"][is_english()].format(*report["gain"]))
    first, second = (round(100 * hope) for hope in report["hopes"][:2])
    click.echo(text("lesson_orders", first=first, second=second))
    click.echo(text("lesson_gut", **report["gut"]))


def print_today(page: "TodayPage") -> None:
    """Print the rows that fit into the time, at least the first one."""
    shown = page.rows[: max(page.fits, 1)]
    for one in page.doubts:
        click.echo(f"{one.sentence}\n")
    for row in shown:
        click.echo(f"{row.minutes:>4} min  {row.prospect} · {row.title}")
        click.echo(f"          {row.step}")
        click.echo(f"          {row.why}")
        if row.in_doubt:
            click.echo(f"          {text('look_first')}")
        if row.person or row.phone or row.mail:
            click.echo(f"          {row.person} {row.phone or row.mail}".rstrip())
    if not shown:
        click.echo(text("nothing"))
        if page.next_due:
            click.echo(text("next", on=day(page.next_due)))
    elif page.total > len(shown):
        click.echo(text("more", count=page.total - len(shown)))


def print_mail(user: "User", *, now: datetime) -> None:
    """Print today's mail as `user` would get it."""
    from nachhaken.desk.digest import digest_of  # noqa: PLC0415 - needs Django to be set up
    from nachhaken.desk.planning import refresh  # noqa: PLC0415

    refresh(now=now)
    letter = digest_of(user, now=now)
    click.echo(text("to", to=letter.to))
    click.echo(text("subject", subject=letter.subject))
    click.echo(f"\n{letter.text}", nl=False)


def day(on: date) -> str:
    """Return a date as people write it."""
    return f"{on:%Y-%m-%d}" if is_english() else f"{on.day}.{on.month}.{on.year}"
