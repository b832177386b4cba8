"""The way of a mail out of the house: claimed by one process, sent once, written down, filed.

A mail is never on two lines at a time, and never goes again by itself once its text may have
arrived; docs/decisions/0020-sending.md says why.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Min

from nachhaken.desk import filing, lines
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.commands.ledger import locked
from nachhaken.desk.commands.objecting import has_objected
from nachhaken.desk.commands.permission import refused_now
from nachhaken.desk.commands.post import FORBIDDEN, OBJECTED, queue_mail, something_to_send
from nachhaken.desk.commands.sent import note_sent
from nachhaken.desk.letters import Attachment, Letter
from nachhaken.desk.mailer import (
    Accepted,
    Answer,
    Fault,
    NotReached,
    Refused,
    Unknown,
    transmit,
)
from nachhaken.desk.models import Event, MailAccount, Outgoing
from nachhaken.plan.law import Permission

__all__ = [
    "LEASE",
    "Attachment",
    "Letter",
    "deliver",
    "due",
    "queue_mail",
    "recover",
    "seconds_to_next",
    "something_to_send",
]

LEASE = timedelta(minutes=20)
"""For how long a process may be busy with a mail; longer than the slowest answer takes."""

PATIENCE = timedelta(days=1)
"""For how long it is tried again where the server is not there, or says "not now"."""

NO_ACCOUNT = "account"
DIED = "died"

_PAUSES = (1, 5, 15, 30, 60, 120, 240)  # minutes to the next try
_AFTER_A_LOGIN = timedelta(hours=1)  # a few wrong passwords in a row lock an account
_AFTER_A_BREAK = timedelta(minutes=1)
_UNTIL_FILED = timedelta(seconds=20)  # some providers file what they send by themselves
_ACCOUNTS_FAULT = frozenset(
    {Fault.HOST, Fault.PORT, Fault.CERTIFICATE, Fault.SECURITY, Fault.LOGIN, Fault.TIMEOUT}
)
_AT_ONCE = 50

_log = logging.getLogger(__name__)
State = Outgoing.State


class _NotOursError(Exception):
    """The mail was taken from this process before its text went: another one has it, or nobody."""


def due(*, now: datetime) -> int:
    """Do what is due: recover, send, look for copies, file; return how many mails were sent.

    One row that fails goes to the log and stops no other.
    """
    recover(now=now)
    began = monotonic()

    def at() -> datetime:
        # Each mail takes its time; a lease counts from its own claim.
        return now + timedelta(seconds=monotonic() - began)

    waiting = _due(now, State.QUEUED)
    sent = sum(_each(lambda pk: deliver(pk, now=at()), pk) for pk in waiting)
    for pk in _due(now, State.UNKNOWN):
        _each(lambda pk: look(pk, now=now), pk)
    for pk in _due(now, State.SENT):
        _each(lambda pk: filing.file_copy(pk, now=now), pk)
    return sent


def deliver(outgoing_id: int, *, now: datetime) -> bool:
    """Send a mail that waits; True where it went. Somebody else's, or a settled one, is left."""
    _write_through()
    row = _claimed(outgoing_id, now)
    if row is None:
        return False
    server = lines.smtp_of(row.actor)
    if server is None:
        _put(row, State.REFUSED, now=now, fault=NO_ACCOUNT)
        return False
    raw, envelope = bytes(row.raw), (row.sender, [row.recipient])
    try:
        answer = transmit(raw, *envelope, server, on_data=lambda: _begin(row, now))
    except _NotOursError:
        return False
    return _settle(row, answer, now)


def recover(*, now: datetime) -> None:
    """Settle what a process left behind when it died: send what was not begun, ask for the rest."""
    late = {"state_at__lt": now - LEASE}
    Outgoing.objects.filter(state=State.CLAIMED, **late).update(
        state=State.QUEUED, state_at=now, due_at=now
    )
    # `state_at` stays: it is when the text was on the line.
    Outgoing.objects.filter(state=State.TRANSMITTING, **late).update(
        state=State.UNKNOWN, due_at=now, fault=DIED
    )


def look(outgoing_id: int, *, now: datetime) -> bool:
    """Look for a mail of which nobody knows in the story and in the Sent folder; True if it went.

    Looked for less and less often, for a day; nothing is ever sent from here.
    """
    row = Outgoing.objects.get(pk=outgoing_id)
    is_known = Event.objects.filter(source_key=mail_key(row.message_id)).exists()
    if is_known or filing.is_filed(row):
        return note_sent(row.pk, now=now)
    elapsed = now - row.state_at
    again = None if elapsed > PATIENCE else now + max(elapsed, timedelta(minutes=1))
    Outgoing.objects.filter(pk=row.pk, state=State.UNKNOWN).update(due_at=again)
    return False


def seconds_to_next(*, now: datetime, most: float) -> float:
    """Return for how long nothing is due, at most `most`."""
    at = Outgoing.objects.filter(due_at__isnull=False).aggregate(at=Min("due_at"))["at"]
    return most if at is None else min(max((at - now).total_seconds(), 0.2), most)


def _due(now: datetime, state: str) -> list[int]:
    rows = Outgoing.objects.filter(state=state, due_at__lte=now).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])


def _each(work: Callable[[int], bool], pk: int) -> bool:
    try:
        return work(pk)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other mails must go
        # Its kind alone: a database's sentence may hold what somebody wrote.
        _log.error("the outbox failed at mail %d: %s", pk, type(error).__name__)
        return False


def _write_through() -> None:
    """Let each commit reach the disk: that a text is about to go must survive a power cut."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _claimed(outgoing_id: int, now: datetime) -> Outgoing | None:
    """Take the mail for this process; `tries` is the number of the claim, so an old one is known.

    Whoever objected until this moment gets no mail; the law is asked again, too.
    """
    with transaction.atomic():
        opportunity = locked(Outgoing.objects.get(pk=outgoing_id).opportunity_id)
        rows = Outgoing.objects.filter(pk=outgoing_id, state=State.QUEUED, due_at__lte=now)
        if not rows.update(state=State.CLAIMED, state_at=now, tries=F("tries") + 1):
            return None
        row = Outgoing.objects.select_related("actor", "opportunity").get(pk=outgoing_id)
        if has_objected(opportunity, row.person_id, row.recipient):
            _put(row, State.WITHDRAWN, now=now, fault=OBJECTED)
            return None
        if against := refused_now(row, now=now):
            _hold_back(row, against, now)
            return None
    return row


def _hold_back(row: Outgoing, against: Permission, now: datetime) -> None:
    """Let a mail wait until it is welcome; what the law no longer allows does not go at all."""
    if against.until is None:
        _put(row, State.WITHDRAWN, now=now, fault=FORBIDDEN)
        return
    _put(row, State.QUEUED, now=now, due_at=against.until)
    Outgoing.objects.filter(pk=row.pk).update(queued_at=against.until)


def _begin(row: Outgoing, now: datetime) -> None:
    """Commit that the text is about to go, or raise _NotOursError."""
    is_ours = False
    with transaction.atomic():
        opportunity = locked(row.opportunity_id)
        if has_objected(opportunity, row.person_id, row.recipient):
            _put(row, State.WITHDRAWN, now=now, fault=OBJECTED)
        else:
            ours = Outgoing.objects.filter(pk=row.pk, state=State.CLAIMED, tries=row.tries)
            is_ours = bool(ours.update(state=State.TRANSMITTING, state_at=now))
    if not is_ours:
        raise _NotOursError


def _settle(row: Outgoing, answer: Answer, now: datetime) -> bool:
    match answer:
        case Accepted():
            _found_well(row)
            return _noted(row, answer, now)
        case Refused(is_permanent=True):
            _found_well(row)
            _put(row, State.REFUSED, now=now, fault=answer.fault, answer=answer.answer)
        case Refused() | NotReached():
            _try_later(row, answer, now)
        case Unknown():
            # `state_at` stays: it is when the text was on the line.
            _put(row, State.UNKNOWN, now=row.state_at, fault=answer.fault, due_at=now)
            _spare(row, now, until=now + _AFTER_A_BREAK)
    return False


def _noted(row: Outgoing, answer: Accepted, now: datetime) -> bool:
    try:
        went = note_sent(row.pk, now=now, answer=answer.answer)
    except DatabaseError:
        # A busy database: once more, before what is certain would become unknown.
        went = note_sent(row.pk, now=now, answer=answer.answer)
    if went:
        later = now + _UNTIL_FILED
        Outgoing.objects.filter(pk=row.pk, state=State.SENT).update(due_at=later)
    return went


def _try_later(row: Outgoing, answer: Refused | NotReached, now: datetime) -> None:
    """Wait longer each time; after a day a person has to look."""
    if answer.fault in _ACCOUNTS_FAULT:
        MailAccount.objects.filter(user=row.actor).update(fault=f"smtp.{answer.fault}")
    if now - row.queued_at > PATIENCE:
        _put(row, State.REFUSED, now=now, fault=answer.fault, answer=answer.answer)
        return
    pause = timedelta(minutes=_PAUSES[min(row.tries, len(_PAUSES)) - 1])
    if answer.fault is Fault.LOGIN:
        pause = max(pause, _AFTER_A_LOGIN)
    later = now + pause
    _put(row, State.QUEUED, now=now, due_at=later, fault=answer.fault, answer=answer.answer)
    if isinstance(answer, NotReached):
        _spare(row, now, until=later)


def _spare(row: Outgoing, now: datetime, *, until: datetime) -> None:
    """Let the user's other mails wait for a server that is in trouble: they would only share it."""
    others = Outgoing.objects.filter(actor=row.actor, state=State.QUEUED, due_at__lte=now)
    others.update(due_at=until)


def _found_well(row: Outgoing) -> None:
    """The server answered: what was wrong with it before is over."""
    own = MailAccount.objects.filter(user=row.actor, fault__startswith="smtp.")
    own.update(fault="")


def _put(
    row: Outgoing,
    state: str,
    *,
    now: datetime,
    fault: str = "",
    answer: str = "",
    due_at: datetime | None = None,
) -> None:
    """Move a mail that this process has; a claim that ran out moves nothing."""
    ours: Iterable[str] = (State.CLAIMED, State.TRANSMITTING)
    Outgoing.objects.filter(pk=row.pk, state__in=ours, tries=row.tries).update(
        state=state, state_at=now, fault=fault, answer=answer, due_at=due_at
    )
