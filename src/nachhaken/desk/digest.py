"""The morning's mail: today's list as plain text, to be read on a telephone."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from nachhaken.desk.later import link_of
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import User
from nachhaken.desk.pages import TodayPage
from nachhaken.desk.queries.today import today
from nachhaken.desk.rows import StepRow
from nachhaken.desk.templatetags.words import day_long, due, duration, hours

MINUTES = 60
LONGEST_WORDS = 240
_NONE_SELECTED = 0  # nothing is judged anew for a mail
_INDENT = "   "


def digest_of(user: User, *, now: datetime) -> Letter:
    """Return the mail to `user`, and to nobody else, with today's list in the user's language."""
    with override(user.language or "de"):
        page = today(user, now=now, minutes=MINUTES, selected=_NONE_SELECTED)
        shown = page.rows[: max(page.fits, 1)]
        parts = [*_top(page, shown), *(_step(n, row, user, now) for n, row in _numbered(shown))]
        text = "\n\n".join([*parts, *_bottom(page, shown)])
        return Letter(to=own_address(user), subject=_subject(page), text=text + "\n")


def own_address(user: User) -> str:
    """Return where the user gets mail: the address of the login."""
    return user.email or user.username


def _subject(page: TodayPage) -> str:
    if not page.rows:
        return _("Heute ist nichts fällig")
    return ngettext("Heute: ein Schritt", "Heute: %(n)d Schritte", page.total) % {"n": page.total}


def _top(page: TodayPage, shown: tuple[StepRow, ...]) -> Iterator[str]:
    yield f"{day_long(page.list_day)}\n{settings.ADDRESS}/"
    if page.replies:
        news = [f"– {row.prospect}: {row.reading.label}" for row in page.replies]
        yield "\n".join([_("Neu eingegangen"), *news, f"{settings.ADDRESS}/inbox/"])
    if page.faults:
        yield _("Im Eingang braucht etwas Sie: %(address)s") % {
            "address": f"{settings.ADDRESS}/inbox/"
        }
    for one in page.doubts:
        yield f"{one.sentence}\n{settings.ADDRESS}/settings/post"
    if not shown:
        yield _empty(page)
    elif page.total > 1:
        yield _("In %(span)s passen %(fits)d von %(total)d Schritten.") % {
            "fits": len(shown),
            "total": page.total,
            "span": duration(page.minutes),
        }


def _empty(page: TodayPage) -> str:
    if page.next_due:
        return _("Heute ist nichts fällig. Als Nächstes: %(day)s.") % {
            "day": day_long(page.next_due)
        }
    if not page.has_data:
        return _("Heute ist nichts fällig: Es gibt noch keine Vorgänge.")
    return _("Heute ist nichts fällig: Kein offener Vorgang braucht im Moment einen Schritt.")


def _step(number: int, row: StepRow, user: User, now: datetime) -> str:
    late = f" ({due(row.due)})" if row.is_overdue else ""
    first = _("Vorher ins Postfach sehen.") if row.in_doubt else ""
    best = _("am besten %(hours)s") % {"hours": hours(row.best_hours)}
    lines = [
        f"{number}. {row.prospect} · {row.title}{late}",
        row.step,
        row.why,
        first,
        ", ".join(part for part in (best, row.person, row.phone or row.mail) if part),
        brief(row.words),
        f"{settings.ADDRESS}/opportunities/{row.opportunity_id}/",
        _("Auf später legen:"),
        link_of(user.pk, row.opportunity_id, row.head, now=now),
    ]
    return f"\n{_INDENT}".join(line for line in lines if line)


def _bottom(page: TodayPage, shown: tuple[StepRow, ...]) -> Iterator[str]:
    rest = page.total - len(shown)
    if rest:
        yield ngettext(
            "Ein weiterer Schritt steht unter Heute.",
            "%(n)d weitere Schritte stehen unter Heute.",
            rest,
        ) % {"n": rest}
    yield _("Wann diese Mail kommt, stellen Sie hier ein: %(address)s") % {
        "address": f"{settings.ADDRESS}/settings/calendar/"
    }


def brief(words: str) -> str:
    """Return `words` in one line, cut after a word where they are long."""
    line = " ".join(words.split())
    if len(line) <= LONGEST_WORDS:
        return line
    cut = line[:LONGEST_WORDS].rpartition(" ")[0] + " …"
    return f"{cut}“" if line.startswith("„") else cut


def _numbered(rows: Iterable[StepRow]) -> Iterable[tuple[int, StepRow]]:
    return enumerate(rows, 1)
