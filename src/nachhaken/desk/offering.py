"""What a new offer begins with: number, version, texts and validity, by the user's own habit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from nachhaken.desk.models import Event, OfferDraft, Opportunity, Outgoing, User
from nachhaken.desk.models.story import EventRows
from nachhaken.desk.preferences import preferences, stored
from nachhaken.desk.records import encode, entry_of
from nachhaken.desk.speech import local_date
from nachhaken.plan.numbers import next_number
from nachhaken.plan.totals import FIVE_RAPPEN, rates_of
from nachhaken.timeline import OfferSent

MOST_NUMBERS = 200  # the pattern shows in the latest; older ones only cost time
CURRENCIES = ("EUR", "CHF")
_PREFIX = "offer_"
_UNSETTLED = [
    Outgoing.State.QUEUED,
    Outgoing.State.CLAIMED,
    Outgoing.State.TRANSMITTING,
    Outgoing.State.UNKNOWN,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHabits:
    """What the user has set for offers; `five_rappen` rounds totals in francs as cash needs it."""

    days: int = 30
    opening: str = ""
    closing: str = ""
    five_rappen: bool = False


# Their names as preferences.
HABITS = tuple(f"{_PREFIX}{name}" for name in OfferHabits.__dataclass_fields__)


def habits() -> OfferHabits:
    """Return what is set, defaults where nothing is."""
    own = {key: value for key, value in stored().items() if key in HABITS}
    return OfferHabits(**{key.removeprefix(_PREFIX): value for key, value in own.items()})


def cash_step_of(currency: str) -> int:
    """Return the smallest step of a gross amount in cents: one, or for CHF five where so set.

    A bill in francs is paid to the centime by transfer; five is only for who takes cash.
    """
    return FIVE_RAPPEN if currency == "CHF" and habits().five_rappen else 1


def draft_in_work(opportunity_id: int) -> OfferDraft | None:
    """Return the offer that is being written for the opportunity."""
    rows = OfferDraft.objects.filter(sent_at=None, dropped_at=None)
    return rows.select_related("document").filter(opportunity_id=opportunity_id).first()


def is_on_the_way(draft: OfferDraft) -> bool:
    """Say whether a mail with this offer waits to go out, or went nobody knows where."""
    return Outgoing.objects.filter(draft=draft, state__in=_UNSETTLED).exists()


def stamp_of(draft: OfferDraft | None) -> str:
    """Return what tells whether a page shows the draft as it is now; "" for none."""
    return f"{draft.pk} {draft.updated_at.astimezone(UTC).isoformat()}" if draft else ""


def proposed(
    opportunity: Opportunity, *, author: User, now: datetime, based_on: Event | None = None
) -> OfferDraft:
    """Return a draft that is not saved yet: the last version once more, or an empty new offer."""
    last = newest_sent(opportunity.pk)
    known = habits()
    region = preferences().region
    fields = {
        "number": next_number(list(_numbers()), on=local_date(now)),
        "title": opportunity.title,
        "currency": "CHF" if region.startswith("CH") else "EUR",
        "vat_permille": rates_of(region)[0],
        "opening": known.opening,
        "closing": known.closing,
    }
    if last is not None:
        fields |= _again(last)
    return OfferDraft(
        opportunity=opportunity,
        author=author,
        created_at=now,
        updated_at=now,
        based_on=based_on,
        valid_until=local_date(now) + timedelta(days=known.days),
        version=next_version(opportunity.pk, str(fields["number"])),
        **fields,
    )


def newest_sent(opportunity_id: int) -> Event | None:
    """Return the event of the offer that counts."""
    return _sent(opportunity_id).order_by("-occurred_at", "-recorded_at", "-pk").first()


def next_version(opportunity_id: int, number: str) -> int:
    """Return which version of `number` the next offer is; "" is any number."""
    offers = [offer_of(event) for event in _sent(opportunity_id)]
    return 1 + max((o.version for o in offers if number in ("", o.number)), default=0)


def offer_of(event: Event) -> OfferSent:
    """Return the offer that an event of its kind tells of."""
    fact = entry_of(event).fact
    assert isinstance(fact, OfferSent)  # noqa: S101 - the caller picked the kind
    return fact


def _sent(opportunity_id: int) -> EventRows:
    return Event.objects.filter(opportunity_id=opportunity_id, kind="offer_sent").standing()


def _again(event: Event) -> Mapping[str, Any]:
    """The texts are those of the draft, where it was written here; nothing else has them apart."""
    offer, written = offer_of(event), event.drafts.first()
    again = {
        "number": offer.number,
        "title": offer.title,
        "currency": offer.currency,
        "vat_permille": offer.vat_permille,
        "positions": [encode(position) for position in offer.positions],
        "net_cents": None if offer.positions else offer.net_cents,
    }
    if written:
        again |= {"opening": written.opening, "closing": written.closing}
    return {name: value for name, value in again.items() if value not in ("", None)}


def _numbers() -> Iterator[str]:
    """Yield the numbers in use: those in work, then those that went out, the newest first."""
    in_work = OfferDraft.objects.filter(sent_at=None, dropped_at=None).order_by("-pk")
    yield from in_work.values_list("number", flat=True)[:MOST_NUMBERS]
    sent = Event.objects.filter(kind="offer_sent").order_by("-occurred_at", "-pk")
    yield from islice(sent.values_list("payload__number", flat=True), MOST_NUMBERS)
