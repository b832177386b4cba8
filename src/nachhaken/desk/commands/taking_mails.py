"""Mails of a mailbox into the desk: read, kept, counted, and noted as decided on, all at once."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import chain

from django.db import OperationalError, transaction

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_mails import import_mails, mail_key
from nachhaken.desk.commands.mail_folders import Asked, OvertakenError, Reading
from nachhaken.desk.commands.sifting import Fate
from nachhaken.desk.directory import Book, book_of
from nachhaken.desk.models import Event, ImportRun, MailAccount, MailFolder, UnmatchedMail
from nachhaken.desk.ours import is_by_us
from nachhaken.desk.planning import replan_prospects
from nachhaken.sources.faults import Fault, NotAMail
from nachhaken.sources.imap import Fetched, Mailbox, Refused
from nachhaken.sources.imap.answers import LARGEST_WHOLE
from nachhaken.sources.mail import Address, MailMessage, parse_message
from nachhaken.sources.match import is_own
from nachhaken.sources.uid_set import UidSet

KIND = "imap"

_MOST_MAILS = 50
_MOST_BYTES = 20_000_000
_log = logging.getLogger(__name__)
_COUNTED = ("kept", "unmatched", "skipped", "faulty")


@dataclass(frozen=True, slots=True)
class Taker:
    """Whose mailbox it is, when it is visited, which addresses are ours, and whom we know."""

    account: MailAccount
    now: datetime
    ours: frozenset[str]
    book: Callable[[], Book] = field(default_factory=lambda: cache(book_of))


@dataclass(frozen=True, slots=True)
class _Decided:
    """A mail, what becomes of it, and, where it was read, what it says or why nobody can say."""

    asked: Asked
    fate: Fate
    found: tuple[MailMessage | Fault, ...] = ()

    @property
    def message(self) -> MailMessage | None:
        return next((one for one in self.found if isinstance(one, MailMessage)), None)


def portions(batch: Sequence[tuple[Asked, Fate]]) -> Iterator[list[tuple[Asked, Fate]]]:
    """Part the mails so that those that are read do not take much memory."""
    portion: list[tuple[Asked, Fate]] = []
    mails = size = 0
    for asked, fate in batch:
        portion.append((asked, fate))
        if fate is Fate.READ:
            mails += 1
            size += min(asked.head.size, LARGEST_WHOLE)
        if mails >= _MOST_MAILS or size >= _MOST_BYTES:
            yield portion
            portion, mails, size = [], 0, 0
    if portion:
        yield portion


def take_in(taker: Taker, box: Mailbox, portion: Sequence[tuple[Asked, Fate]]) -> list[Arrival]:
    """Read what is to be read and write it all; what cannot be taken stays undecided."""
    raws = _fetched(box, [asked for asked, fate in portion if fate is Fate.READ])
    rows = []
    for asked, fate in portion:
        if fate is not Fate.READ:
            rows.append(_Decided(asked, fate))
        elif (one := raws.pop(_place(asked), None)) and (found := _parsed(taker, asked, one)):
            rows.append(_Decided(asked, fate, found))
    arrivals = _kept(taker, rows) if rows else []
    replan_prospects({pk for one in arrivals for pk in one.prospects}, now=taker.now)
    return arrivals


def _place(asked: Asked) -> tuple[str, int]:
    return asked.reading.row.name, asked.head.uid


def _fetched(box: Mailbox, wanted: Sequence[Asked]) -> dict[tuple[str, int], Fetched]:
    by_folder: dict[str, list[Asked]] = defaultdict(list)
    for asked in wanted:
        by_folder[asked.reading.row.name].append(asked)
    found = {}
    for name, here in by_folder.items():
        reading = here[0].reading
        heads = [asked.head for asked in here]
        try:
            for one in box.mails(name, reading.span.uid_validity, heads):
                found[name, one.head.uid] = one
        except Refused as error:
            reading.fault = error.code
    return found


def _parsed(taker: Taker, asked: Asked, one: Fetched) -> tuple[MailMessage | Fault, ...]:
    """Read a mail; of one too large for the line there is its beginning, and a note."""
    try:
        mail = parse_message(one.raw, fallback=one.head.at)
    except NotAMail:
        return (_unreadable(taker, one),)
    except Exception as error:  # noqa: BLE001 - one mail must not keep all the others out
        _log.error("reading a mail failed: %s", type(error).__name__)
        return ()
    mail = _as_sent(taker, asked, mail)
    if not one.is_cut:
        return (mail,)
    told: dict[str, str | int] = {"value": mail.subject, "limit": LARGEST_WHOLE // 1_000_000}
    return mail, Fault(file=taker.account.address, code="mail_cut", params=told)


def _unreadable(taker: Taker, one: Fetched) -> Fault:
    at = one.head.at or taker.now
    told: dict[str, str | int] = {"value": one.head.subject, "on": f"{at:%d.%m.%Y}"}
    return Fault(file=taker.account.address, code="mail_unreadable", params=told)


def _as_sent(taker: Taker, asked: Asked, mail: MailMessage) -> MailMessage:
    """Return the mail as ours, where we sent it under an address that nobody knows as ours."""
    others = [one.mail for one in mail.recipients]
    is_sent = asked.reading.row.is_sent
    if not is_by_us(mail.sender.mail, others, ours=taker.ours, is_sent=is_sent):
        return mail
    us = Address(mail.sender.name, taker.account.address.casefold())
    return mail if is_own(mail.sender.mail, taker.ours) else replace(mail, sender=us)


def _kept(taker: Taker, rows: Sequence[_Decided]) -> list[Arrival]:
    """Write the mails together; one by one where that fails, so that one does not hold up others.

    It fails where the desk itself wrote one of the mails meanwhile, too.
    """
    try:
        return [_written(taker, rows)]
    except (OvertakenError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a mail, the others come in
        # The type alone: the message may hold what a customer wrote.
        _log.error("keeping a mail failed: %s", type(error).__name__)
        if len(rows) == 1:
            return []
        return [one for row in rows for one in _kept(taker, [row])]


def _written(taker: Taker, rows: Sequence[_Decided]) -> Arrival:
    arrival = Arrival(actor=taker.account.user, now=taker.now)
    with transaction.atomic():
        places = _held(rows)
        before = _states(rows)
        found = list(chain.from_iterable(row.found for row in rows))
        import_mails(arrival, found, book=taker.book)
        changes = _changes(rows, before, _states(rows))
        for reading, place in places:
            _move_on(reading, place, [row for row in rows if row.asked.reading is reading], changes)
        _count(arrival, rows)
        _keep_faults(taker, arrival)
    for reading, place in places:
        done = UidSet.of(r.asked.head.uid for r in rows if r.asked.reading is reading)
        reading.row, reading.taken, reading.again = (
            place,
            reading.taken | done,
            reading.again - done,
        )
    return arrival


def _held(rows: Sequence[_Decided]) -> list[tuple[Reading, MailFolder]]:
    """Hold the folders; whoever comes second gives way."""
    readings = {row.asked.reading.row.pk: row.asked.reading for row in rows}
    held = MailFolder.objects.select_for_update().filter(pk__in=readings).order_by("pk")
    found = {place.pk: place for place in held}
    for pk, reading in readings.items():
        place = found.get(pk)
        if place is None or (place.uid_validity, place.taken) != (
            reading.row.uid_validity,
            reading.row.taken,
        ):
            raise OvertakenError
    return [(reading, found[pk]) for pk, reading in readings.items()]


def _states(rows: Sequence[_Decided]) -> dict[str, str]:
    """Return of the mails that were read which are kept, and which wait for a person."""
    keys = [mail_key(row.message.message_id) for row in rows if row.message]
    waiting = UnmatchedMail.objects.filter(source_key__in=keys).values_list("source_key", flat=True)
    kept = Event.objects.filter(source_key__in=keys).values_list("source_key", flat=True)
    return {**dict.fromkeys(waiting, "unmatched"), **dict.fromkeys(kept, "kept")}


def _changes(
    rows: Sequence[_Decided], before: dict[str, str], after: dict[str, str]
) -> dict[int, Counter[str]]:
    """Return by folder how the numbers change; a mail counts once, as what became of it."""
    changes: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        place = row.asked.reading.row.pk
        key = mail_key(row.message.message_id) if row.message else ""
        became = _became(row, after.get(key, ""))
        if row.asked.is_new:
            changes[place][became] += 1
        elif row.fate is Fate.READ and key and key not in before and became != "skipped":
            changes[place].update({became: 1, "skipped": -1})
    return changes


def _became(row: _Decided, state: str) -> str:
    match row.fate:
        case Fate.READ:
            return state or ("skipped" if row.message else "faulty")
        case Fate.PASSED_OVER:
            return "skipped"
        case _:
            return row.fate.value


def _move_on(
    reading: Reading,
    place: MailFolder,
    rows: Sequence[_Decided],
    changes: dict[int, Counter[str]],
) -> None:
    heads = [row.asked.head for row in rows]
    taken = reading.taken | UidSet.of(head.uid for head in heads)
    place.taken, place.last_uid = str(taken), taken.last
    dates = [head.at for head in heads if head.at] + [place.last_mail_at]
    place.last_mail_at = max(filter(None, dates), default=None)
    for name in _COUNTED:
        setattr(place, name, max(getattr(place, name) + changes[place.pk][name], 0))
    place.save(update_fields=["taken", "last_uid", "last_mail_at", *_COUNTED])


def _count(arrival: Arrival, rows: Sequence[_Decided]) -> None:
    fresh = Counter(row.fate for row in rows if row.asked.is_new)
    arrival.same += fresh[Fate.KEPT] + fresh[Fate.UNMATCHED]
    arrival.skipped += fresh[Fate.PASSED_OVER]


def _keep_faults(taker: Taker, arrival: Arrival) -> None:
    if not arrival.faults:
        return
    ImportRun.objects.create(
        name=taker.account.address[:200],
        kind=KIND,
        at=arrival.now,
        actor=arrival.actor,
        new=arrival.new,
        same=arrival.same,
        changed=arrival.changed,
        unmatched=arrival.unmatched,
        skipped=arrival.skipped,
        faults=arrival.faults,
    )
