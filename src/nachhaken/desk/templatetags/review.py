"""A week in sentences."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.digest import brief
from nachhaken.desk.pages_review import ReviewPage
from nachhaken.desk.pursuit import PointRow
from nachhaken.desk.templatetags.words import day_short, duration

register = template.Library()


@register.filter
def cleared(page: ReviewPage) -> str:
    """How many matters ended, how, and what they took."""
    noes = page.clear_total - page.won
    text = _("%(yes)s, %(no)s.") % {"yes": _orders(page.won), "no": _noes(noes)}
    if page.late:
        late = ngettext("Eines davon kam spät.", "%(n)d davon kamen spät.", page.late)
        text = f"{text} {late % {'n': page.late}}"
    if page.clear_minutes:
        span = duration(page.clear_minutes)
        text = f"{text} {_('Darin stecken %(span)s eigene Arbeit.') % {'span': span}}"
    return text


@register.filter
def awaited(point: PointRow) -> str:
    """What a matter waits for, by whom, and until when."""
    if point.is_condition:
        text = _("Wartet auf: „%(what)s“") % {"what": point.what}
    elif point.by_us:
        text = _("Sie haben zugesagt: %(what)s") % {"what": point.what}
    else:
        text = _("Der Kunde hat zugesagt: %(what)s") % {"what": point.what}
    return f"{text} ({_('bis %(day)s') % {'day': day_short(point.due)}})" if point.due else text


@register.filter
def spoken_words(words: str) -> str:
    """The words of a step in one line, without marks around them: the page sets its own."""
    return brief(words).strip("„“”")


def _orders(n: int) -> str:
    if not n:
        return _("Kein Auftrag")
    return ngettext("Ein Auftrag", "%(n)d Aufträge", n) % {"n": n}


def _noes(n: int) -> str:
    return ngettext("ein Nein", "%(n)d Nein", n) % {"n": n} if n else _("kein Nein")
