"""Where we are, what waits, and small pieces that templates cannot say themselves."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import template
from django.forms.boundfield import BoundField, BoundWidget
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from nachhaken.desk import queries
from nachhaken.desk.forms.fields import new_key
from nachhaken.desk.labels import TRUTH_OF_INTENT
from nachhaken.desk.pages import OpportunityPage
from nachhaken.desk.rows import EntryRow, StepRow
from nachhaken.desk.templatetags.words import about
from nachhaken.terms import Channel, Intent, Truth

register = template.Library()

# Beside the entry of a toast: the act was work on an opportunity.
WORKED = "worked"
# And: it was the first talk of this opportunity, after which one says how the customer fits.
RATES = "rates-"

_ICONS = {
    "call": "phone",
    "mail": "mail",
    "meeting": "meeting",
    "letter": "letter",
    "message": "message",
    "offer": "document",
    "effort": "tool",
    "promise": "flag",
    "gut": "gut",
    "snooze": "clock",
    "closed": "closed",
    "reopened": "reopened",
    "opt_out": "stop",
    "bounced": "warning",
    "checked": "check",
    "overruled": "warning",
    "consent": "check",
    "withdrawn": "stop",
    "goal": "flag",
    "pinned": "clock",
    "cadence": "clock",
    "key_point": "list",
    "conveyed": "list",
    "mentioned": "person",
    "fit": "gut",
    "hand_over": "person",
}


_Asked = TypeVar("_Asked")


@register.simple_tag(takes_context=True)
def here(context: Context, *names: str) -> SafeString:
    """Mark the menu entry of the page that is shown."""
    match = getattr(context.get("request"), "resolver_match", None)
    is_here = match is not None and match.url_name in names
    return SafeString(' aria-current="page"' if is_here else "")


@register.simple_tag(takes_context=True)
def inbox_count(context: Context) -> int:
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return _once(context, "badges", lambda: queries.badges(user, now=timezone.now())).inbox


@register.simple_tag(takes_context=True)
def running_clock(context: Context) -> queries.Clock | None:
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return None
    return _once(context, "clock", lambda: queries.clock(user, now=timezone.now()))


def _once(context: Context, name: str, ask: Callable[[], _Asked]) -> _Asked:
    """Ask once a request: each template that is included has a render context of its own."""
    kept: dict[str, Any] = vars(context["request"]).setdefault("desk_asked", {})
    if name not in kept:
        kept[name] = ask()
    found: _Asked = kept[name]
    return found


@register.simple_tag
def sprite(name: str) -> str:
    return f"{static('desk/icons.svg')}#{name}"


@register.simple_tag
def key() -> str:
    """What keeps a form from counting twice."""
    return new_key()


@register.simple_tag
def reach(row: StepRow) -> str:
    """Where the round button leads: the call sheet, the page that writes, or the opportunity."""
    if row.is_talk:
        return reverse("call-sheet", args=[row.opportunity_id])
    if row.is_written:
        address = reverse("mail", args=[row.opportunity_id])
        return f"{address}?by=letter" if row.channel is Channel.LETTER else address
    return reverse("opportunity", args=[row.opportunity_id])


@register.filter
def dialled(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit() or char == "+")


@register.filter
def last_said(page: OpportunityPage) -> EntryRow | None:
    said = (entry for entry in page.entries if entry.text and not entry.by_us)
    return next(said, None)


@register.filter
def rounded(cents: int) -> str:
    return about(cents).removesuffix(" EUR")


@register.filter
def minus(total: int, rows: tuple[Any, ...]) -> int:
    return total - len(rows)


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def string(value: object) -> str:
    return str(value)


@register.filter
def undo_address(what: str) -> str:
    """Where an act is taken back: "17" is an entry, "set-aside-17" a dismissed outcome."""
    kind, _, pk = what.split(" ", maxsplit=1)[0].rpartition("-")
    return reverse(f"{kind}-return" if kind else "undo", args=[pk])


@register.filter
def quarter_address(what: str) -> str:
    """Where a quarter of an hour is noted for an act, "" for one that is no work."""
    entry, *offers = what.split(" ")
    return reverse("quarter", args=[entry]) if WORKED in offers else ""


@register.filter
def fit_address(what: str) -> str:
    """Where a customer is rated after the first talk; "" where that is not to be asked."""
    asked = [one.removeprefix(RATES) for one in what.split(" ")[1:] if one.startswith(RATES)]
    return reverse("fit", args=asked) if asked else ""


@register.filter
def icon_of(entry: EntryRow) -> str:
    return _ICONS.get(entry.icon, "document")


@register.simple_tag(takes_context=True)
def turn(context: Context, page: Any, by: int) -> str:
    """The address of a neighbouring page, with the filters kept."""
    query = context["request"].GET.copy()
    query["page"] = str(page.page + by)
    return f"?{query.urlencode()}"


@register.filter
def truth_of(value: str) -> Truth | None:
    """The shape beside an answer that a customer can give."""
    try:
        return TRUTH_OF_INTENT[Intent(value)]
    except ValueError:
        return None


@register.filter
def part(field: BoundField, bounds: str) -> list[BoundWidget]:
    """Some of the radios of a field; `slice` would ask the field for its length."""
    start, _, end = bounds.partition(":")
    return list(field)[int(start or 0) : int(end) if end else None]
