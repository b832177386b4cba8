"""What goes to users by itself: once for a user and day, known for certain or said to be unknown.

The morning's list is sent from here, the weekly review by the same way (`commands.reviews`).

A row goes waiting, sending (the text is on the line), sent. What dies while waiting is tried again;
what dies while sending is unknown and never sent a second time. Each user is dealt with alone: the
fault of one stops nobody else's.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from django.db import transaction
from django.db.models import F

from nachhaken.desk import digest, mailer
from nachhaken.desk.access import allow
from nachhaken.desk.letters import AddressError, Letter, address_of, compose, new_message_id
from nachhaken.desk.lines import smtp_of
from nachhaken.desk.models import MORNING, Digest, DigestFault, DigestState, MailAccount, User
from nachhaken.desk.preferences import own_zone, preferences
from nachhaken.plan.law.manners import calendar_of
from nachhaken.workdays import Calendar

LEASE = timedelta(minutes=15)  # nobody sends longer; after that its process is dead
AGAIN = timedelta(minutes=10)
MOST_TRIES = 12
LATENESS = timedelta(minutes=30)
MOST_MISSED = 5

_log = logging.getLogger(__name__)


class Transmit(Protocol):
    """How a mail goes out: `mailer.transmit`."""

    def __call__(
        self,
        raw: bytes,
        sender: str,
        recipients: Sequence[str],
        server: mailer.Server,
        *,
        on_data: Callable[[], None],
    ) -> mailer.Answer: ...


@dataclass(frozen=True, slots=True)
class Errand:
    """A mail to a user of its kind and day; `letter` is written only when it goes out.

    `missed` is called before the first try; who is late is told so.
    """

    kind: str
    day: date
    letter: Callable[[], Letter]
    is_late: bool = False
    missed: Callable[[], None] = lambda: None


def set_digest(*, actor: User, now: datetime, at: time | None) -> None:
    """Let the morning's list go out at `at`, or not at all; a past hour counts from tomorrow on."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=allow(actor).pk)
        if at:
            _begin_counting(user, now.astimezone(own_zone()), at)
        user.digest_at = at
        user.save(update_fields=["digest_at"])


def _begin_counting(user: User, local: datetime, at: time) -> None:
    """Note the day before the first list: what was not wanted then was not missed either."""
    today, is_past = local.date(), local.time() >= at
    if not is_past:
        rows = Digest.objects.filter(user=user, day=today, kind=MORNING)
        rows.filter(state=DigestState.NOTHING).delete()
    day = today if is_past else today - timedelta(days=1)
    defaults = {"state": DigestState.NOTHING, "state_at": local}
    Digest.objects.get_or_create(user=user, day=day, kind=MORNING, defaults=defaults)


def put_away_alarm(*, actor: User, now: datetime, digest_id: int) -> None:
    """Show the alarm of this digest no more, nor those of its kind of earlier days."""
    rows = Digest.objects.filter(user=allow(actor), seen_at__isnull=True)
    known = rows.filter(pk=digest_id).values_list("day", "kind").first()
    if known:
        rows.filter(day__lte=known[0], kind=known[1]).update(seen_at=now)


def send_digests(*, now: datetime, transmit: Transmit = mailer.transmit) -> int:
    """Send the list to everybody whose hour has come today; return how many went out."""
    users = User.objects.filter(is_active=True, digest_at__isnull=False).order_by("pk")
    zone, calendar = own_zone(), calendar_of(preferences().region)
    local = now.astimezone(zone)
    if not users or not calendar.is_workday(local.date()):
        return 0
    due = [user for user in users if user.digest_at and local.time() >= user.digest_at]
    return sum(send(user, _errand(user, local, calendar), local, transmit) for user in due)


def _errand(user: User, local: datetime, calendar: Calendar) -> Errand:
    return Errand(
        MORNING,
        local.date(),
        partial(digest.digest_of, user, now=local),
        is_late=_is_late(user, local),
        missed=partial(_note_missed, user, local, calendar),
    )


def send(user: User, errand: Errand, local: datetime, transmit: Transmit) -> bool:
    """Send the errand if it has not gone out, and may be tried now; say whether it went out."""
    try:
        return _send(user, errand, local, transmit)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next user gets a mail
        # Without the trace: it may quote customers.
        _log.error("the %s of user %s failed: %s", errand.kind, user.pk, type(error).__name__)
        rows = Digest.objects.filter(user=user, day=errand.day, kind=errand.kind)
        failed = {"state": DigestState.FAILED, "fault": DigestFault.ERROR, "tries": F("tries") + 1}
        rows.filter(state=DigestState.WAITING).update(state_at=local, **failed)
        rows.filter(state=DigestState.SENDING).update(state=DigestState.UNKNOWN, state_at=local)
        return False


def _send(user: User, errand: Errand, local: datetime, transmit: Transmit) -> bool:
    account = MailAccount.objects.filter(user=user).first()
    row = _claimed(user, errand, local, account)
    if row is None:
        return False
    server = smtp_of(user)
    if account is None or server is None:
        _end(row, DigestState.FAILED, local, fault=DigestFault.NO_ACCOUNT)
        return False
    try:
        to = address_of(digest.own_address(user))
    except AddressError:
        _end(row, DigestState.FAILED, local, fault=DigestFault.REFUSED)
        return False
    raw = _mail(errand, account, row, now=local)
    answer = transmit(raw, account.address, [to], server, on_data=lambda: _begin(row, local))
    return _settled(row, answer, local, is_late=errand.is_late)


def _claimed(
    user: User, errand: Errand, local: datetime, account: MailAccount | None
) -> Digest | None:
    """Return the errand's row held for this process, None where nothing is to be sent now."""
    defaults = {"state": DigestState.WAITING, "state_at": local}
    row, is_new = Digest.objects.get_or_create(
        user=user, day=errand.day, kind=errand.kind, defaults=defaults
    )
    if is_new:
        errand.missed()
        return row
    if row.state == DigestState.SENDING and row.state_at <= local - LEASE:
        Digest.objects.filter(pk=row.pk, state=DigestState.SENDING).update(
            state=DigestState.UNKNOWN, state_at=local
        )
        return None
    if not _may_try_again(row, local, account):
        return None
    same = Digest.objects.filter(pk=row.pk, state=row.state, state_at=row.state_at)
    return row if same.update(state=DigestState.WAITING, state_at=local) else None


def _may_try_again(row: Digest, local: datetime, account: MailAccount | None) -> bool:
    if row.state == DigestState.WAITING:
        return row.state_at <= local - LEASE
    if row.state != DigestState.FAILED:
        return False
    if row.fault in {DigestFault.NO_ACCOUNT, DigestFault.LOGIN, DigestFault.REFUSED}:
        return account is not None and account.set_at > row.state_at
    return row.tries < MOST_TRIES and row.state_at <= local - AGAIN


def _note_missed(user: User, local: datetime, calendar: Calendar) -> None:
    """Own up to the working days since the last list on which the desk did not run at its hour."""
    rows = Digest.objects.filter(user=user, kind=MORNING, day__lt=local.date())
    last = rows.order_by("-day").first()
    if last is None:
        return
    missed: list[date] = []
    day = calendar.add(local.date(), -1)
    while day > last.day and len(missed) < MOST_MISSED:
        missed.append(day)
        day = calendar.add(day, -1)
    off = {"state": DigestState.FAILED, "state_at": local, "fault": DigestFault.OFF}
    days = [Digest(user=user, day=on, kind=MORNING, **off) for on in missed]
    Digest.objects.bulk_create(days, ignore_conflicts=True)


def _mail(errand: Errand, account: MailAccount, row: Digest, *, now: datetime) -> bytes:
    """Return the mail and keep its id: a copy in a mailbox is known again by it."""
    row.message_id = new_message_id(account.address)
    raw = compose(
        errand.letter(), sender=account.address, name="Nachhaken", message_id=row.message_id, at=now
    )
    # No holiday message answers it (RFC 3834).
    return b"Auto-Submitted: auto-generated\r\n" + raw


def _begin(row: Digest, local: datetime) -> None:
    Digest.objects.filter(pk=row.pk).update(
        state=DigestState.SENDING, state_at=local, tries=row.tries + 1, message_id=row.message_id
    )
    row.tries += 1


def _settled(row: Digest, answer: mailer.Answer, local: datetime, *, is_late: bool) -> bool:
    match answer:
        case mailer.Accepted():
            _end(row, DigestState.SENT, local, fault=DigestFault.LATE if is_late else "")
            return True
        case mailer.Unknown(fault=fault):
            _end(row, DigestState.UNKNOWN, local, fault=fault)
        case mailer.Refused(is_permanent=True):
            _end(row, DigestState.FAILED, local, fault=DigestFault.REFUSED)
        case mailer.Refused(fault=fault) | mailer.NotReached(fault=fault):
            row.tries += 1
            _end(row, DigestState.FAILED, local, fault=fault)
    return False


def _is_late(user: User, local: datetime) -> bool:
    assert user.digest_at is not None  # noqa: S101 - only those with an hour are asked
    return local - datetime.combine(local.date(), user.digest_at, local.tzinfo) > LATENESS


def _end(row: Digest, state: str, local: datetime, *, fault: str) -> None:
    row.state, row.state_at, row.fault = state, local, fault
    row.save(update_fields=["state", "state_at", "fault", "tries", "message_id"])
