"""What own follow-ups, lines and talks brought, counted in the background and kept per user."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef

from nachhaken.desk.models import Event, Experience, Opportunity, User
from nachhaken.desk.stories import VOID, tell
from nachhaken.learning.followed import Past
from nachhaken.learning.tally import Tally, from_record, sum_of, tally, to_record

NEWEST = 5_000  # opportunities: older ones say little about how customers are today
EVERY = timedelta(days=1)
_AT_ONCE = 500


def count_if_due(*, now: datetime) -> int:
    """Count for each user whose row is missing, or a day old and behind; return for how many."""
    head = _head()
    known = {row.owner_id: row for row in Experience.objects.all()}
    owned = Opportunity.objects.filter(owner=OuterRef("pk"))
    users = User.objects.filter(Exists(owned), is_active=True).order_by("pk")
    due = [user for user in users if _is_due(known.get(user.pk), head, now)]
    for user in due:
        count(user, now=now)
    return len(due)


def count(user: User, *, now: datetime) -> Experience:
    """Count over the newest opportunities of `user` and keep the row."""
    head = _head()
    counts = to_record(sum_of(_tallies(user, now=now)))
    row, _ = Experience.objects.update_or_create(
        owner=user, defaults={"counted_at": now, "head": head, "counts": counts}
    )
    return row


def tally_of(user: User) -> Tally:
    """Return what is counted of `user`; nothing as long as there is no row."""
    row = Experience.objects.filter(pk=user.pk).first()
    return from_record(row.counts) if row else Tally()


def tally_of_all() -> Tally:
    """Return what is counted of all users together."""
    return sum_of(map(from_record, Experience.objects.values_list("counts", flat=True)))


def _head() -> int:
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _is_due(row: Experience | None, head: int, now: datetime) -> bool:
    return row is None or (now - row.counted_at >= EVERY and head > row.head)


def _tallies(user: User, *, now: datetime) -> Iterator[Tally]:
    rows = Opportunity.objects.filter(owner=user).exclude(outcome=VOID)
    ids = list(rows.order_by("-created_at", "-pk").values_list("pk", flat=True)[:NEWEST])
    for start in range(0, len(ids), _AT_ONCE):
        for told in tell(ids[start : start + _AT_ONCE]):
            yield tally(Past.of(told.story.timeline, told.story.readings, now=now))
