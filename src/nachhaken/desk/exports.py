"""Rows as files to take along: CSV that a German Excel opens as it is, and JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from io import SEEK_END, StringIO

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.pursuit import ConsentRecord
from nachhaken.desk.records import encode
from nachhaken.desk.speech import language
from nachhaken.desk.templatetags.pursuit import (
    allowed_word,
    consent_word,
    heard_word,
    scope_word,
)
from nachhaken.sources.formulas import harmless

Column = tuple[object, Callable[[ConsentRecord], str]]

_BOM = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252


def consents_csv(records: Iterable[ConsentRecord]) -> bytes:
    """Return a table in the user's language, a row for each consent."""
    header = [str(name) for name, _cell in _CONSENT]
    return table(header, ([cell(one) for _name, cell in _CONSENT] for one in records))


def consents_json(prospect: str, records: Iterable[ConsentRecord]) -> bytes:
    """Return the same for programs: names in English, moments in ISO 8601."""
    names = [field.name for field in fields(ConsentRecord)]
    rows = [{name: encode(getattr(one, name)) for name in names} for one in records]
    content = {"prospect": prospect, "consents": rows}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file with semicolons, whose cells are text and never formulas."""
    return b"".join(lines(header, rows))


def lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Return such a file line by line, however long it is."""
    out = StringIO(_BOM)
    out.seek(0, SEEK_END)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def consent_columns(*, with_names: bool) -> tuple[Column, ...]:
    """Return the header of each column of consents, and its cells; without our own names."""
    return _CONSENT if with_names else tuple(one for one in _CONSENT if one not in _BY_US)


def moment(at: datetime | None) -> str:
    """Return a moment as a spreadsheet of the user's language reads it, in the user's zone."""
    pattern = "%Y-%m-%d %H:%M" if language() == "en" else "%d.%m.%Y %H:%M"
    return timezone.localtime(at).strftime(pattern) if at else ""


def day(on: date | None) -> str:
    """Return a day as a spreadsheet of the user's language reads it."""
    pattern = "%Y-%m-%d" if language() == "en" else "%d.%m.%Y"
    return on.strftime(pattern) if on else ""


def money(cents: int | None) -> str:
    """Return an amount as a spreadsheet of the user's language reads it: "1234,50"."""
    if cents is None:
        return ""
    number = f"{cents / 100:.2f}"
    return number if language() == "en" else number.replace(".", ",")


_NOTED_BY: Column = (_("notiert von"), lambda one: one.noted_by)
_ENDED_BY: Column = (_("beendet von"), lambda one: one.ended_by)
_BY_US = (_NOTED_BY, _ENDED_BY)
_CONSENT: tuple[Column, ...] = (
    (_("Person"), lambda one: one.person),
    (_("Vorgang"), lambda one: one.opportunity),
    (_("Wortlaut"), lambda one: one.words),
    (_("erteilt am"), lambda one: moment(one.at)),
    (_("wie gehört"), lambda one: heard_word(one.heard_on)),
    (_("Weg"), lambda one: allowed_word(one.channel)),
    (_("Zweck"), lambda one: scope_word(one.scope)),
    (_("von"), lambda one: day(one.window[0] if one.window else None)),
    (_("bis"), lambda one: day(one.window[1] if one.window else None)),
    (_("Nachweis"), lambda one: one.evidence),
    (_("Regel"), lambda one: one.rule),
    _NOTED_BY,
    (_("notiert am"), lambda one: moment(one.noted_at)),
    (_("Stand"), lambda one: consent_word(one.state)),
    (_("beendet am"), lambda one: moment(one.ended_at)),
    _ENDED_BY,
    (_("Worte dazu"), lambda one: one.ended_words),
)
