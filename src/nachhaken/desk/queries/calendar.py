"""What belongs into a user's calendar: next steps, promises that fall due, meetings ahead."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.calendars import LEAST, Item, hours_of, sequence_of, uid_of
from nachhaken.desk.models import CalendarFeed, Event, Opportunity, Plan, User
from nachhaken.desk.preferences import own_zone
from nachhaken.desk.records import decode_fact
from nachhaken.desk.rows import is_talk
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.plan.commitments import OpenPoint
from nachhaken.plan.situation import situation_of
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Met

MOST_STEPS = 2_000
MOST_PROMISED = 500
_DAY = timedelta(days=1)
# Two thousand rows with all their columns take twice as long.
_SHOWN = (
    *("due", "kind", "channel", "hour_from", "hour_to", "title", "why", "words", "head"),
    *("planned_on", "opportunity__title", "opportunity__prospect__name"),
    *("opportunity__person__name", "opportunity__person__phone"),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose steps stand under an address, and whether with phone numbers and words."""

    user: User
    with_words: bool


def feed_of(token: str) -> Feed | None:
    """Return the feed under the address with `token`; None where there is none (any more)."""
    digest = sha256(token.encode()).hexdigest()
    rows = CalendarFeed.objects.select_related("user")
    row = rows.filter(token_sha256=digest, user__is_active=True).first()
    if row is None or not hmac.compare_digest(row.token_sha256, digest):
        return None
    return Feed(row.user, row.with_words)


def calendar_items(user: User, *, now: datetime, with_words: bool) -> tuple[Item, ...]:
    """Return all that a feed of `user` shows, by time; nobody who opted out is in it."""
    about = _About(with_words=with_words, zone=own_zone())
    steps = (item for _, item in _steps(allow(user), about))
    found = [*steps, *_promises(user, about, now=now), *_meetings(user, about, now=now)]
    return tuple(sorted(found, key=lambda item: (item.start.isoformat(), item.uid)))


def step_items(user: User, *, with_words: bool) -> dict[int, Item]:
    """Return the next steps of `user` by opportunity, those that are due first."""
    about = _About(with_words=with_words, zone=own_zone())
    return dict(_steps(allow(user), about))


def _steps(user: User, about: "_About") -> Iterator[tuple[int, Item]]:
    # What ended is never due: asked for its state as well, SQLite would sort all that is open.
    plans = (
        Plan.objects.filter(_own(user, "opportunity__"), due__isnull=False)
        .select_related("opportunity__prospect", "opportunity__person")
        .only(*_SHOWN)
        .order_by("due", "-rate", "pk")[:MOST_STEPS]
    )
    return ((plan.pk, about.step(plan, plan.due)) for plan in plans if plan.due)


def _own(user: User, path: str) -> Q:
    """What is `user`'s or nobody's, of customers who have not opted out."""
    # Not "mine or nobody's": SQLite would collect all of those before it looks for what is due.
    theirs = Q(**{f"{path}owner__in": User.objects.exclude(pk=user.pk)})
    return ~theirs & Q(**{f"{path}prospect__opted_out_at": None})


def _promises(user: User, about: "_About", *, now: datetime) -> Iterator[Item]:
    rows = Event.objects.filter(_own(user, "opportunity__"), opportunity__outcome="")
    settled = Event.objects.filter(kind="promise_settled", about__isnull=False).standing()
    promised = rows.filter(kind="promised").standing().exclude(pk__in=settled.values("about"))
    places = promised.order_by("-pk").values_list("opportunity_id", flat=True)[:MOST_PROMISED]
    ids = {place for place in places if place}
    for told in tell(ids) if ids else ():
        situation = situation_of(told.story.timeline, told.story.readings, now=now)
        for point in situation.points:
            is_open = point.kept is None and not point.is_condition
            if is_open and point.due and not situation.opted_out:
                yield about.promise(told, point, point.due)


def _meetings(user: User, about: "_About", *, now: datetime) -> Iterator[Item]:
    today = datetime.combine(now.astimezone(about.zone).date(), time(), about.zone)
    rows = (
        Event.objects.filter(_own(user, "opportunity__"), kind="met", occurred_at__gte=today)
        .filter(opportunity__outcome="")
        .standing()
        .select_related("opportunity__prospect", "opportunity__person")
        .order_by("occurred_at", "pk")
    )
    for row in rows[:MOST_PROMISED]:
        fact = decode_fact(row.kind, row.payload)
        if isinstance(fact, Met) and row.opportunity:
            yield about.meeting(row, row.opportunity, fact)


class _About:
    """How entries are worded: with the user's language, zone and wish for sparing data."""

    def __init__(self, *, with_words: bool, zone: ZoneInfo) -> None:
        self.with_words, self.zone = with_words, zone
        secret = f"nachhaken.calendar:{settings.SECRET_KEY}"
        self.desk = sha256(secret.encode()).hexdigest()[:12]

    def step(self, plan: Plan, due: date) -> Item:
        row, kind = plan.opportunity, StepKind(plan.kind)
        channel = Channel(plan.channel) if plan.channel else None
        start, end = due, due + _DAY
        if is_talk(kind, channel):
            start, end = hours_of(due, (plan.hour_from, plan.hour_to), self.zone)
        return Item(
            uid=uid_of(f"step-{row.pk}", self.desk),
            title=f"{labels.step_name(kind)}: {row.prospect.name}",
            why=self._why(plan),
            text=self._beneath(row, speak(decode_phrase(plan.words)) if plan.words else ""),
            address=address_of(row.pk),
            start=start,
            end=end,
            changed_at=datetime.combine(plan.planned_on, time(), self.zone),
            sequence=sequence_of(plan.head, plan.planned_on),
        )

    def promise(self, told: Told, point: OpenPoint, due: date) -> Item:
        row, timeline = told.opportunity, told.story.timeline
        what = _("Von uns zugesagt") if point.by_us else _("Uns zugesagt")
        return Item(
            uid=uid_of(f"promise-{point.id}", self.desk),
            title=f"{what}: {row.prospect.name}",
            why="",
            text=self._beneath(row, point.what),
            address=address_of(row.pk),
            start=due,
            end=due + _DAY,
            changed_at=max(entry.recorded_at for entry in timeline),
            sequence=timeline.head,
        )

    def meeting(self, event: Event, row: Opportunity, fact: Met) -> Item:
        stem = event.source_key.rpartition("#")[0] or event.source_key
        return Item(
            uid=uid_of(f"meeting-{sha256(stem.encode()).hexdigest()[:16]}", self.desk),
            title=f"{_('Termin')}: {row.prospect.name}",
            why="",
            text=self._beneath(row, fact.title),
            address=address_of(row.pk),
            start=event.occurred_at,
            end=max(fact.ends_at or event.occurred_at, event.occurred_at + LEAST),
            changed_at=event.recorded_at,
            sequence=event.pk,
            is_busy=True,
        )

    def _why(self, plan: Plan) -> str:
        if not self.with_words:
            return ""
        return "\n".join(speak(decode_phrase(said)) for said in (plan.title, plan.why))

    def _beneath(self, row: Opportunity, words: str) -> str:
        """Return words, phone and link; the link alone where data is to be spared."""
        if not self.with_words:
            return address_of(row.pk)
        person = row.person
        reached_at = [person.name, person.phone] if person and person.phone else []
        parts = (words, row.title, ", ".join(filter(None, reached_at)), address_of(row.pk))
        return "\n\n".join(part for part in parts if part)


def address_of(opportunity_id: int) -> str:
    """Return the full address of an opportunity, for what leaves the desk."""
    return f"{settings.ADDRESS}/opportunities/{opportunity_id}/"
