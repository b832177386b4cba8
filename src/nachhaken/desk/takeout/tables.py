"""Tables for people: what a spreadsheet opens, in the user's language."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.exports import consent_columns, day, lines, moment, money
from nachhaken.desk.models import Event, ImportRun, Opportunity, Person, Prospect
from nachhaken.desk.queries.consents import records_of
from nachhaken.desk.queries.entries import title_of
from nachhaken.desk.records import RecordError, decode_fact
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.stories import VOID
from nachhaken.desk.takeout.fields import table_of
from nachhaken.desk.takeout.scope import Rows, Scope
from nachhaken.desk.templatetags.words import region_word
from nachhaken.timeline import Entry

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
    rows = _of(scope, "opportunities").exclude(outcome=VOID)
    found = _walk(rows, "prospect", "person", "owner", "plan")
    return lines(header, (_opportunity(row, by=_names_us(scope)) for row in found))


def _opportunity(row: Opportunity, *, by: bool) -> list[str]:
    plan = getattr(row, "plan", None)
    known = [
        *(str(row.pk), row.prospect.name, row.prospect.place, row.title, str(row.person or "")),
        *(str(row.owner or "") if by else "", moment(row.created_at), labels.status(row.outcome)),
        moment(row.ended_at),
    ]
    if plan is None:
        return [*known, *[""] * 9]
    return [
        *known,
        *(plan.offer_number, money(plan.amount_cents), plan.currency, day(plan.offer_sent_on)),
        *(day(plan.valid_until), day(plan.last_contact_on), str(plan.effort_minutes)),
        *((speak(decode_phrase(plan.title)), day(plan.due)) if plan.due else ("", "")),
    ]


def _offers(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Vorgang"), _("Angebot"), _("Fassung"), _("Betrag netto")),
        *(_("Währung"), _("gesendet am"), _("gültig bis"), _("Worum"), _("Dokument")),
    )
    rows: Any = _of(scope, "events").filter(kind="offer_sent")
    return lines(header, map(_offer, _walk(rows.standing(), "prospect", "opportunity")))


def _offer(row: Event) -> list[str]:
    held = row.payload
    valid = held.get("valid_until", "")
    return [
        *(str(row.pk), row.prospect.name, row.opportunity.title if row.opportunity else ""),
        *(str(held.get("number", "")), str(held.get("version", 1))),
        *(money(held.get("net_cents")), held.get("currency", "EUR"), moment(row.occurred_at)),
        day(date.fromisoformat(valid)) if valid else "",
        *(held.get("title", ""), held.get("document", "")),
    ]


def _prospects(scope: Scope) -> Iterator[bytes]:
    header = (
        *(_("Nr."), _("Kunde"), _("Ort"), _("Anschrift"), _("Land"), _("Privatkunde")),
        *(_("kein Kontakt seit"), _("zusammengeführt mit Nr."), _("angelegt am")),
    )
    return lines(header, map(_prospect, _walk(_of(scope, "prospects"))))


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
    return lines(header, map(_person, _walk(_of(scope, "people"), "prospect")))


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
    found = _walk(rows, "prospect", "opportunity", "actor")
    return lines(header, (_event(row, by=_names_us(scope)) for row in found))


def _event(row: Any, *, by: bool) -> list[str]:
    said = next((row.payload[name] for name in _TEXTS if row.payload.get(name)), "")
    return [
        *(str(row.pk), moment(row.occurred_at), row.prospect.name),
        *(row.opportunity.title if row.opportunity else "", _what(row)),
        *(str(row.payload.get("subject", "")), str(said)),
        *(str(row.actor or "") if by else "", moment(row.recorded_at)),
        "" if row.counts else _("ja"),
    ]


def _what(row: Event) -> str:
    try:
        fact = decode_fact(row.kind, row.payload)
        return title_of(
            Entry(
                id=row.pk,
                occurred_at=row.occurred_at,
                recorded_at=row.recorded_at,
                actor="",
                source_key=row.source_key,
                fact=fact,
            )
        )
    except (RecordError, KeyError, LookupError):
        return row.kind


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


def _of(scope: Scope, name: str) -> Rows:
    return scope.rows(table_of(name))


def _walk(rows: Rows, *related: str) -> Iterator[Any]:
    found = rows.select_related(*related) if related else rows
    yield from found.iterator(chunk_size=_AT_ONCE)
