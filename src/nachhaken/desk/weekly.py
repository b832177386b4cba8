"""The weekly review as a mail: plain text, to be read on a telephone."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from nachhaken.desk.digest import brief, own_address
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import User
from nachhaken.desk.pages_review import BrokenRow, ClearRow, LetGoRow, ReviewPage, StuckRow
from nachhaken.desk.queries.review import review
from nachhaken.desk.rows import StepRow
from nachhaken.desk.templatetags.review import awaited, cleared
from nachhaken.desk.templatetags.words import about, day_full, due, duration

_INDENT = "   "


def weekly_of(user: User, *, now: datetime, week: str, owner: int | None = None) -> Letter:
    """Return the mail to `user`, and to nobody else, with a week in the user's language."""
    with override(user.language or "de"):
        page = review(user, now=now, week=week, owner=owner)
        subject = _("Wochenrückblick, Woche %(n)d") % {"n": page.week.number}
        text = "\n\n".join(_parts(page))
        return Letter(to=own_address(user), subject=subject, text=text + "\n")


def _parts(page: ReviewPage) -> Iterator[str]:
    span = {"start": day_full(page.week.monday), "end": day_full(page.week.sunday)}
    yield f"{_('%(start)s bis %(end)s') % span}\n{_address(page)}"
    if page.is_empty:
        yield _(
            "Eine stille Woche: Nichts wurde klar, nichts stockt, nichts ist zu tun. "
            "Das darf auch sein."
        )
        return
    clear = [_clear(row) for row in page.clear]
    if page.clear_total:
        yield _block(_("Was klar wurde"), [cleared(page), *clear])
    for name, rows in (
        (_("Anschieben"), [_pushed(row) for row in page.push]),
        (_("Loslassen"), [_let_go(row) for row in page.let_go]),
        (_("Was stockt"), [_stuck(row) for row in page.stuck]),
        (_("Nicht gehaltene Zusagen"), [_broken(row) for row in page.broken]),
    ):
        if rows:
            yield _block(name, rows)
    if page.unclear.minutes or page.unclear.cents:
        yield _block(_("Arbeit in Unklares"), [_unclear(page)])
    yield _("Wann diese Mail kommt, stellen Sie hier ein: %(address)s") % {
        "address": f"{settings.ADDRESS}/settings/calendar/"
    }


def _address(page: ReviewPage) -> str:
    whose = f"&owner={page.owner}" if page.owner else ""
    return f"{settings.ADDRESS}/review/?week={page.week.name}{whose}"


def _block(name: str, rows: list[str]) -> str:
    return "\n\n".join([name.upper(), *rows])


def _lines(*lines: str) -> str:
    return f"\n{_INDENT}".join(line for line in lines if line)


def _matter(opportunity_id: int) -> str:
    return f"{settings.ADDRESS}/opportunities/{opportunity_id}/"


def _clear(row: ClearRow) -> str:
    early = _("spät") if row.is_late else _("früh")
    said = row.status if row.is_won else f"{row.status}, {early}"
    worked = duration(row.minutes) if row.minutes else ""
    return _lines(
        f"– {row.prospect} · {row.title}",
        ", ".join(filter(None, [said, worked])),
        _matter(row.id),
    )


def _pushed(row: StepRow) -> str:
    worth = _("wert rund %(eur)s") % {"eur": about(row.gain_cents)}
    return _lines(
        f"– {row.prospect} · {row.title}",
        f"{row.step} ({due(row.due)}, {duration(row.minutes)}, {worth})",
        brief(row.words),
        _matter(row.opportunity_id),
    )


def _let_go(row: LetGoRow) -> str:
    return _lines(f"– {row.prospect} · {row.title}", f"{row.why}. {row.worth}", _matter(row.id))


def _stuck(row: StuckRow) -> str:
    points = [awaited(point) for point in row.points]
    unsaid = _("Woran es hängt, ist noch nicht gesagt.")
    return _lines(f"– {row.prospect} · {row.title}", *(points or [unsaid]), _matter(row.id))


def _broken(row: BrokenRow) -> str:
    whose = _("von Ihnen") if row.point.by_us else _("vom Kunden")
    return _lines(
        f"– {row.prospect} · {row.title}", f"{row.point.what} ({whose})",
        _matter(row.opportunity_id),
    )  # fmt: skip


def _unclear(page: ReviewPage) -> str:
    said = _(
        "%(span)s, rund %(eur)s, gingen in Vorgänge, von denen noch nicht klar ist, ob sie "
        "ernst sind."
    )
    return said % {
        "span": duration(page.unclear.minutes),
        "eur": about(page.unclear.cents),
    }
