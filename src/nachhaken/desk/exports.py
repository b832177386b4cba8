"""Rows as files to take along: CSV that a German Excel opens as it is, and JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from io import StringIO

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

# A cell that begins like this is a formula to a spreadsheet, and runs (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
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
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return (_BOM + out.getvalue()).encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _moment(at: datetime | None) -> str:
    pattern = "%Y-%m-%d %H:%M" if language() == "en" else "%d.%m.%Y %H:%M"
    return at.strftime(pattern) if at else ""


def _day(on: date | None) -> str:
    pattern = "%Y-%m-%d" if language() == "en" else "%d.%m.%Y"
    return on.strftime(pattern) if on else ""


_CONSENT: tuple[tuple[object, Callable[[ConsentRecord], str]], ...] = (
    (_("Person"), lambda one: one.person),
    (_("Vorgang"), lambda one: one.opportunity),
    (_("Wortlaut"), lambda one: one.words),
    (_("erteilt am"), lambda one: _moment(one.at)),
    (_("wie gehört"), lambda one: heard_word(one.heard_on)),
    (_("Weg"), lambda one: allowed_word(one.channel)),
    (_("Zweck"), lambda one: scope_word(one.scope)),
    (_("von"), lambda one: _day(one.window[0] if one.window else None)),
    (_("bis"), lambda one: _day(one.window[1] if one.window else None)),
    (_("Nachweis"), lambda one: one.evidence),
    (_("Regel"), lambda one: one.rule),
    (_("notiert von"), lambda one: one.noted_by),
    (_("notiert am"), lambda one: _moment(one.noted_at)),
    (_("Stand"), lambda one: consent_word(one.state)),
    (_("beendet am"), lambda one: _moment(one.ended_at)),
    (_("beendet von"), lambda one: one.ended_by),
    (_("Worte dazu"), lambda one: one.ended_words),
)
