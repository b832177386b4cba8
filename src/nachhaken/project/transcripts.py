"""`nachhaken transcript`: the transcript of a talk, from the command line."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nachhaken.project.data import terminal_language
from nachhaken.project.terminal import text

if TYPE_CHECKING:
    from nachhaken.desk.models import User


def taken_in(
    file: Path,
    opportunity: int,
    *,
    actor: "User",
    now: datetime,
    at: datetime | None,
    agreed_by: str,
    agreed_on: datetime,
    agreed_how: str,
    ours: tuple[str, ...] = (),
    meeting: bool = False,
) -> bool:
    """Take in `file`, once for an opportunity; say what is wrong and return False otherwise."""
    from django.utils.timezone import make_aware  # noqa: PLC0415 - Django is started by now

    from nachhaken.desk import commands  # noqa: PLC0415
    from nachhaken.sources.faults import Unreadable, say  # noqa: PLC0415
    from nachhaken.sources.transcript import read_transcript  # noqa: PLC0415
    from nachhaken.terms import Channel  # noqa: PLC0415

    raw = file.read_bytes()
    try:
        told = read_transcript(raw, file.name)
        commands.record_transcript(
            actor=actor,
            now=now,
            key=f"transcript-{opportunity}-{sha256(raw).hexdigest()[:40]}",
            opportunity_id=opportunity,
            transcript=told,
            ours=ours or commands.guessed_ours(told, user=actor),
            agreement=commands.Agreement(by=agreed_by, on=agreed_on.date(), how=agreed_how),
            at=make_aware(at) if at else now,
            channel=Channel.MEETING if meeting else Channel.CALL,
        )
    except Unreadable as error:
        click.echo(say(error.fault, terminal_language()), err=True)
    except commands.NotFoundError:
        click.echo(text("no_opportunity", number=opportunity), err=True)
    except commands.InvalidError as error:
        click.echo(str(error), err=True)
    else:
        shares = ", ".join(f"{one.name} {one.percent} %" for one in told.speakers)
        click.echo(text("transcribed", shares=shares))
        return True
    return False
