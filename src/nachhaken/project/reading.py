"""`nachhaken read`: one text or mail, or many replies line by line."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO

import click

from nachhaken.project import reading_words
from nachhaken.project.reply_rows import BadLine, answer, encoded, rows
from nachhaken.reading import Reading, read
from nachhaken.reading.measures import Label, measure


def read_one(
    file: IO[bytes], *, on: date | None, region: str, as_json: bool, now: datetime
) -> None:
    """Print what a text or a mail says; its day is `on`, the mail's own, or today."""
    from nachhaken.project.reply_file import said_in  # noqa: PLC0415 - rows need no mail parser

    said = said_in(file.read(), getattr(file, "name", ""), now=now)
    reading = read(
        said.text,
        reference=on or said.on,
        region=region,
        subject=said.subject,
        automatic=said.automatic,
    )
    if as_json:
        record = reading_words.reading_json(reading, said.text)
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(reading_words.reading_lines(reading, said.text)))


def read_rows(lines: Iterable[bytes]) -> int:
    """Print a line of JSON for each line in, in order and at once; 1 where one was bad."""
    out, failed = sys.stdout.buffer, False
    for row in rows(lines):
        if isinstance(row, BadLine):
            _warn(row)
            failed = True
            record = {"id": row.id, "error": reading_words.reason_in_english(row.reason)}
        else:
            record = answer(row, row.read())
        out.write(encoded(record))
        out.flush()  # who asks line by line gets an answer line by line
    return int(failed)


def measure_rows(lines: Iterable[bytes], *, as_json: bool) -> int:
    """Print how well the readings of labelled replies agree with the labels; 1 for a bad line."""
    bad: list[BadLine] = []
    found = measure(_pairs(lines, bad))
    if as_json:
        click.echo(json.dumps(reading_words.measures_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(reading_words.measures_lines(found)))
    return int(bool(bad))


def _pairs(lines: Iterable[bytes], bad: list[BadLine]) -> Iterator[tuple[Label, Reading]]:
    for row in rows(lines, labelled=True):
        if isinstance(row, BadLine):
            _warn(row)
            bad[:] = [row]
        elif row.label is not None:
            yield row.label, row.read()


def _warn(bad: BadLine) -> None:
    click.echo(reading_words.fault(bad.line, bad.reason), err=True)
