"""Tables for people: what a spreadsheet opens, in the user's language."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.exports import consent_columns, day, lines, moment, money
from nachhaken.desk.models import Event, ImportRun, Person, Prospect, User
from nachhaken.desk.queries.consents import records_of
from nachhaken.desk.queries.entries import title_of
from nachhaken.desk.records import RecordError, decode_fact
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.stories import VOID
from nachhaken.desk.takeout.fields import table_of
from nachhaken.desk.takeout.scope import Rows, Scope
from nachhaken.desk.templatetags.words import region_word
from nachhaken.timeline import Entry

Row = tuple[Any, ...]

_AT_ONCE = 1_000
_TEXTS = ("text", "what", "words", "note", "reason", "goal", "title")


def tables(scope: Scope, *, now: datetime) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Return the tables as files: name and lines."""
    yield "tables/vorgaenge.csv", _opportunities(scope)
    yield "tables/angebote.csv", _offers(scope)
    yield "tables/kunden.csv", _prospects(scope)
    yield "tables/personen.csv", _people(scope)
    yield "tables/verlauf.csv", _events(scope)
    yield "tables/einwilligungen.csv", _consents(scope, now=now)
    if scope.prospects is not None:
        yield "tables/herkunft.csv", _sources(scope)


def _opportunities(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Ort"), _("Vorgang"), _("Ansprechpartner"), _("zuständig")),
        *(_("angelegt am"), _("Stand"), _("beendet am"), _("Angebot"), _("Betrag netto")),
        *(_("Währung"), _("gesendet am"), _("gültig bis"), _("letzter Kontakt")),
        *(_("Vorarbeit in Minuten"), _("nächster Schritt"), _("fällig am")),
    )
    users = _names_of_us(scope)
    rows = _of(scope, "opportunities").exclude(outcome=VOID).values_list(*_OPPORTUNITY)
    return lines(header, (_opportunity(row, users) for row in rows.iterator(chunk_size=_AT_ONCE)))


# Names of columns and not rows: with all that a plan holds it takes three times as long.
_OPPORTUNITY = (
    *("pk", "prospect__name", "prospect__place", "title", "person__name", "person__mail"),
    *("owner", "created_at", "outcome", "ended_at", "plan__offer_number", "plan__amount_cents"),
    *("plan__currency", "plan__offer_sent_on", "plan__valid_until", "plan__last_contact_on"),
    *("plan__effort_minutes", "plan__title", "plan__due"),
)


def _opportunity(row: Row, users: Mapping[int, str]) -> list[str]:
    pk, prospect, place, title, name, mail, owner, created_at, outcome, ended_at, *plan = row
    number, cents, currency, sent_on, valid_until, contact_on, minutes, step, due = plan
    return [
        *(str(pk), prospect, place, title, name or mail or "", users.get(owner, "")),
        *(moment(created_at), labels.status(outcome), moment(ended_at)),
        *(number or "", money(cents), currency or "", day(sent_on), day(valid_until)),
        *(day(contact_on), str(minutes or ""), speak(decode_phrase(step)) if due else ""),
        day(due),
    ]


def _offers(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Vorgang"), _("Angebot"), _("Fassung"), _("Betrag netto")),
        *(_("Währung"), _("gesendet am"), _("gültig bis"), _("Worum"), _("Dokument")),
    )
    rows: Any = _of(scope, "events").filter(kind="offer_sent")
    found = rows.standing().values_list(
        "pk", "prospect__name", "opportunity__title", "occurred_at", "payload"
    )
    return lines(header, map(_offer, found.iterator(chunk_size=_AT_ONCE)))


def _offer(row: Row) -> list[str]:
    pk, prospect, opportunity, sent_at, held = row
    valid = held.get("valid_until", "")
    return [
        *(str(pk), prospect, opportunity or ""),
        *(str(held.get("number", "")), str(held.get("version", 1))),
        *(money(held.get("net_cents")), held.get("currency", "EUR"), moment(sent_at)),
        day(date.fromisoformat(valid)) if valid else "",
        *(held.get("title", ""), held.get("document", "")),
    ]


def _prospects(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Ort"), _("Anschrift"), _("Land"), _("Privatkunde")),
        *(_("kein Kontakt seit"), _("zusammengeführt mit Nr."), _("angelegt am")),
    )
    return lines(header, map(_prospect, _walk(scope.present("prospects"))))


def _prospect(row: Prospect) -> list[str]:
    return [
        *(str(row.pk), row.name, row.place, row.address, region_word(row.region)),
        *(_("ja") if row.is_consumer else "", moment(row.opted_out_at)),
        *(str(row.merged_into_id or ""), moment(row.created_at)),
    ]


def _people(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Name"), _("Rolle"), _("E-Mail"), _("Telefon"), _("Anrede")),
        *(_("du oder Sie"), _("Kunde will keinen Kontakt seit"), _("zusammengeführt mit Nr.")),
    )
    return lines(header, map(_person, _walk(scope.present("people"), "prospect")))


def _person(row: Person) -> list[str]:
    return [
        *(str(row.pk), row.prospect.name, row.name, row.role, row.mail, row.phone),
        *(row.salutation.capitalize(), row.tone, moment(row.prospect.opted_out_at)),
        str(row.merged_into_id or ""),
    ]


def _events(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Zeitpunkt"), _("Kunde"), _("Vorgang"), _("was"), _("Betreff"), _("Text")),
        *(_("notiert von"), _("notiert am"), _("zurückgenommen")),
    )
    rows = _of(scope, "events").annotate(
        counts=Exists(Event.objects.standing().filter(pk=OuterRef("pk")))
    )
    users = _names_of_us(scope)
    found = rows.values_list(
        *("pk", "kind", "prospect__name", "opportunity__title", "actor", "occurred_at"),
        *("recorded_at", "payload", "counts"),
    )
    return lines(header, (_event(row, users) for row in found.iterator(chunk_size=_AT_ONCE)))


def _event(row: Row, users: Mapping[int, str]) -> list[str]:
    pk, kind, prospect, opportunity, actor, at, noted_at, held, counts = row
    said = next((held[name] for name in _TEXTS if held.get(name)), "")
    return [
        *(str(pk), moment(at), prospect, opportunity or "", _what(pk, kind, at, held)),
        *(str(held.get("subject", "")), str(said), users.get(actor, ""), moment(noted_at)),
        "" if counts else _("ja"),
    ]


def _what(pk: int, kind: str, at: datetime, held: Any) -> str:
    try:
        fact = decode_fact(kind, held)
    except RecordError:
        return kind
    return title_of(
        Entry(id=pk, occurred_at=at, recorded_at=at, actor="", source_key="", fact=fact)
    )


def _consents(scope: Scope, *, now: datetime) -> Iterator[bytes]:
    columns = consent_columns(with_names=_names_us(scope))
    header = [_("Kunde"), *(str(name) for name, _cell in columns)]
    known = _of(scope, "events").filter(kind="consented").order_by()
    rows = Prospect.objects.filter(pk__in=known.values("prospect")).order_by("pk")
    return lines(
        header,
        (
            [row.name, *(cell(one) for _name, cell in columns)]
            for row in rows.iterator(chunk_size=_AT_ONCE)
            for one in records_of(row, now=now)
        ),
    )


def _sources(scope: Scope) -> Iterator[bytes]:
    header = (_("Datei"), _("Art"), _("eingelesen am"))
    brought = set[int]()
    for name in ("prospects", "people", "opportunities", "events"):
        brought |= set(_of(scope, name).exclude(run=None).order_by().values_list("run", flat=True))
    rows = ImportRun.objects.filter(pk__in=brought).order_by("pk")
    return lines(header, ([row.name, row.kind, moment(row.at)] for row in rows))


def _names_us(scope: Scope) -> bool:
    """A customer has a right to what was noted, and none to who of us did."""
    return scope.prospects is None


def _names_of_us(scope: Scope) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.all()} if _names_us(scope) else {}


def _of(scope: Scope, name: str) -> Rows:
    return scope.rows(table_of(name))


def _walk(rows: Rows, *related: str) -> Iterator[Any]:
    found = rows.select_related(*related) if related else rows
    yield from found.iterator(chunk_size=_AT_ONCE)
