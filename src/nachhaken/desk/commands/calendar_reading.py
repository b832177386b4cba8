"""Meetings from a user's calendars on a server: read every quarter of an hour, and followed.

Only meetings with people whom the desk knows are kept; of the others not even the name is. What
was deleted there is known by the names that were kept.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.caldav import CalDavError, Calendars, Found
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.calendars import NEEDS_PERSON, account_of, line_to
from nachhaken.desk.commands.import_meetings import import_meetings, kept_name
from nachhaken.desk.models import CalendarAccount, CalendarRead, Person, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.preferences import own_zone
from nachhaken.desk.speech import local_date
from nachhaken.sources.calendar import BACK, read_entries

READ_EVERY = timedelta(minutes=15)
_AHEAD = timedelta(days=365)  # further than what repeats is unrolled: a meeting moved there is kept

_log = logging.getLogger(__name__)


def choose_reading(*, actor: User, urls: Collection[str]) -> tuple[Found, ...]:
    """Read the meetings of these calendars from now on, and of no other; raises CalDavError.

    What was read before stays. Returns the calendars that are read.
    """
    account = account_of(actor)
    with line_to(account) as line:
        chosen = tuple(one for one in line.found() if one.url in urls)
    with transaction.atomic():
        account.reads.exclude(url__in=[one.url for one in chosen]).delete()
        for one in chosen:
            CalendarRead.objects.update_or_create(
                account=account, url=one.url, defaults={"name": one.name}
            )
    return chosen


def read_calendars(*, now: datetime) -> None:
    """Read every calendar that is due, each account on its own."""
    rows = CalendarRead.objects.filter(account__user__is_active=True)
    due = rows.exclude(fault__in=NEEDS_PERSON).exclude(read_at__gt=now - READ_EVERY)
    accounts = CalendarAccount.objects.filter(reads__in=due).distinct().select_related("user")
    for account in accounts:
        try:
            _read(account, now=now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next account is read
            _log.error("calendars of user %s: %s", account.user_id, type(error).__name__)


def read_own_calendars(*, actor: User, now: datetime) -> str:
    """Read the user's calendars at once, and return what is wrong ("" where nothing is)."""
    account = account_of(actor)
    _read(account, now=now)
    return next((read.fault for read in account.reads.all() if read.fault), "")


def _read(account: CalendarAccount, *, now: datetime) -> None:
    reads = list(account.reads.order_by("pk"))
    try:
        with line_to(account) as line:
            for read in reads:
                _read_one(read, line, now=now)
    except CalDavError as error:  # nothing there can be read
        account.reads.update(fault=error.fault.value)


def _read_one(read: CalendarRead, line: Calendars, *, now: datetime) -> None:
    try:
        tag = _tag(line.version(read.url), now)
        raws = None
        if not tag or tag != read.tag:
            raws = line.entries(read.url, now - BACK, now + _AHEAD)
    except CalDavError as error:
        if error.fault in NEEDS_PERSON:
            read.fault = error.fault.value
            read.save(update_fields=["fault"])
            return
        raise
    with transaction.atomic():
        if raws is not None:
            _take_in(read, raws, now=now)
        read.tag, read.fault, read.read_at = tag, "", now
        read.save(update_fields=["tag", "fault", "read_at", "entries"])


def _tag(version: str, now: datetime) -> str:
    """Return what changes when reading anew would bring something: the calendar, people, a day."""
    if not version:
        return ""
    newest = Person.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{version[:450]} {newest or 0} {local_date(now)}"


def _take_in(read: CalendarRead, raws: Collection[bytes], *, now: datetime) -> None:
    user = allow(read.account.user)
    found = read_entries(raws, around=now, zone=own_zone().key)
    there = set(map(kept_name, found.entries))
    others = CalendarRead.objects.exclude(pk=read.pk).values_list("entries", flat=True)
    known = set(read.entries)
    gone = known - there - {name for names in others for name in names}
    arrival = Arrival(actor=user, now=now)
    kept = import_meetings(arrival, found, gone=gone)
    read.entries = sorted(kept | (known & there))
    replan_prospects(arrival.prospects, now=now)
