"""Money, moments, hours and chances as a person writes them, in the page's language."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as write
from django.utils.translation import get_language, gettext, ngettext

from nachhaken.desk.speech import speak
from nachhaken.plan.words import frequency
from nachhaken.terms import Channel, Truth
from nachhaken.workdays import REGIONS

register = template.Library()

_WEEK = 7
_HOUR = 60  # minutes
_DAY = 24  # hours
# Below so many EUR an estimate is rounded to so many.
_STEPS = ((100.0, 5), (1000.0, 10), (float("inf"), 100))
_SIGNS = {"EUR": "€", "CHF": "CHF", "USD": "$", "GBP": "£"}


def _is_english() -> bool:
    return (get_language() or "de").startswith("en")


def _grouped(cents: int, *, with_cents: bool) -> str:
    text = f"{cents / 100:,.2f}" if with_cents else f"{cents // 100:,}"
    return text if _is_english() else text.translate(str.maketrans(",.", ".,"))


@register.filter
def amount(cents: int | None) -> str:
    """Only the number, for a column that names the currency; cents only where there are some."""
    return "" if cents is None else _grouped(cents, with_cents=bool(cents % 100))


@register.filter
def money(cents: int | None, currency: str = "EUR") -> str:
    return "" if cents is None else f"{amount(cents)} {currency}"


@register.filter
def exact(cents: int | None, currency: str = "EUR") -> str:
    if cents is None:
        return ""
    number, sign = _grouped(cents, with_cents=True), _SIGNS.get(currency, currency)
    return f"{sign}{number}" if _is_english() and len(sign) == 1 else f"{number} {sign}"


@register.filter
def region_word(region: str) -> str:
    return REGIONS.get(region, region)


@register.filter
def about(cents: int) -> str:
    """An estimate, rounded as far as it can be true: two figures, whole fives below a hundred."""
    euros = abs(cents) / 100
    step = next(step for below, step in _STEPS if euros < below)
    rounded = round(euros / step) * step
    sign = "−" if cents < 0 and rounded else ""
    return sign + _grouped(rounded * 100, with_cents=False) + " EUR"


@register.filter
def day_long(day: date | None) -> str:
    return "" if day is None else write(day, "l, j F" if _is_english() else "l, j. F")


@register.filter
def weekday(day: date) -> str:
    return write(day, "l")


@register.filter
def day_short(day: date | None) -> str:
    """'12. Nov', with the year where it is not this one."""
    if day is None:
        return ""
    short = write(day, "j M" if _is_english() else "j. M")
    return short if day.year == timezone.localdate().year else f"{short} {day.year}"


@register.filter
def day_full(day: date | None) -> str:
    if day is None:
        return ""
    full = write(day, "j F" if _is_english() else "j. F")
    return full if day.year == timezone.localdate().year else f"{full} {day.year}"


@register.filter
def due_at(at: datetime) -> str:
    """A moment ahead: 'heute 18:00', 'Mo. 23.11., 8:00'."""
    local = timezone.localtime(at)
    clock = write(local, "G:i")
    if local.date() == timezone.localdate():
        return gettext("heute %(clock)s") % {"clock": clock}
    return f"{write(local, 'D')}{'' if _is_english() else '.'} {day_short(local.date())}, {clock}"


@register.filter
def when(at: datetime) -> str:
    """'heute 7:52', 'So. 21:14' within a week, else the day."""
    local = timezone.localtime(at)
    days = (timezone.localdate() - local.date()).days
    clock = write(local, "G:i")
    if days == 0:
        return gettext("heute %(clock)s") % {"clock": clock}
    if 0 < days < _WEEK:
        return f"{write(local, 'D')}{'' if _is_english() else '.'} {clock}"
    return day_short(local.date())


@register.filter
def ago(at: datetime) -> str:
    """How long ago, to stand in a sentence; the day where it is longer than a day."""
    minutes = max(int((timezone.now() - at).total_seconds() // 60), 0)
    if not minutes:
        return gettext("gerade eben")
    if minutes < _HOUR:
        return ngettext("vor %(n)s Minute", "vor %(n)s Minuten", minutes) % {"n": minutes}
    hours = minutes // _HOUR
    if hours < _DAY:
        return ngettext("vor %(n)s Stunde", "vor %(n)s Stunden", hours) % {"n": hours}
    return when(at)


@register.filter
def due(day: date | None) -> str:
    """'heute', 'morgen', 'überfällig seit 3 Tagen' or the day."""
    if day is None:
        return ""
    days = (day - timezone.localdate()).days
    if days < 0:
        text = ngettext("seit %(n)d Tag überfällig", "seit %(n)d Tagen überfällig", -days)
        return text % {"n": -days}
    near = {0: gettext("heute"), 1: gettext("morgen")}
    return near.get(days) or day_short(day)


def next_step(step: str, on: date | None) -> str:
    """'Nächster Schritt, morgen: Kurz nachfragen.' A question keeps its own mark."""
    sentence = gettext("Nächster Schritt, %(due)s: %(step)s") % {"due": due(on), "step": step}
    return sentence if sentence.endswith(("?", "!", ".")) else f"{sentence}."


@register.filter
def hours(span: tuple[float, float]) -> str:
    """'9–11 Uhr', '12:30–13:30'."""
    if all(float(hour).is_integer() for hour in span):
        return gettext("%(start)d–%(end)d Uhr") % {"start": span[0], "end": span[1]}
    return "–".join(f"{int(hour)}:{round(hour % 1 * 60):02d}" for hour in span)


@register.filter
def duration(minutes: int) -> str:
    """'8 Min', '2 Std.', '2 Std. 30'."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return gettext("%(n)d Min") % {"n": rest}
    text = gettext("%(n)d Std.") % {"n": whole}
    return f"{text} {rest:02d}" if rest else text


@register.filter
def chance(probability: float) -> str:
    """A probability as a natural frequency: 'etwa 1 von 3'."""
    return speak(frequency(probability))


@register.filter
def signed(decibans: float) -> str:
    text = f"{decibans:+.1f}".replace("-", "−")
    return text if _is_english() else text.replace(".", ",")


@register.filter
def window(span: tuple[date, date]) -> str:
    """'21.–30. Nov', '28. Nov – 4. Dez', '12. Nov'."""
    start, end = span
    if start == end:
        return day_short(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{'' if _is_english() else '.'}–{day_short(end)}"
    return f"{day_short(start)} – {day_short(end)}"


@register.filter
def truth_word(truth: Truth) -> str:
    return {
        Truth.GENUINE: gettext("echt"),
        Truth.STALLED: gettext("stockt"),
        Truth.PRETEND: gettext("Scheininteresse"),
        Truth.LOST: gettext("verloren"),
    }[Truth(truth)]


@register.filter
def channel_word(channel: Channel | None) -> str:
    return {
        None: "",
        Channel.MAIL: gettext("Mail"),
        Channel.CALL: gettext("Anruf"),
        Channel.MEETING: gettext("Treffen"),
        Channel.LETTER: gettext("Brief"),
        Channel.MESSAGE: gettext("Nachricht"),
    }[channel]


@register.filter
def channel_icon(channel: Channel | None) -> str:
    return {Channel.CALL: "phone", None: "next"}.get(channel) or str(channel)


@register.filter
def initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").split() if word]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}" if _is_english() else f"{number:,}".replace(",", ".")
