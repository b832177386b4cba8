"""Mails into touches and replies; what a stranger wrote waits where it may concern somebody known.

Of everything else nothing is kept but how many there were.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import transaction

from nachhaken.desk.commands.arriving import Arrival, bring_back
from nachhaken.desk.commands.import_bounces import import_bounces, mail_key
from nachhaken.desk.commands.opened_mails import Found, opened, same_as
from nachhaken.desk.directory import Book, book_of, directory_of
from nachhaken.desk.models import Event, Opportunity, Outgoing, Person, UnmatchedMail
from nachhaken.desk.ours import our_addresses
from nachhaken.desk.preferences import preferences, read_once
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.speech import language
from nachhaken.desk.stories import VOID
from nachhaken.sources.faults import Fault, say
from nachhaken.sources.forwarded import content_id
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.mailbox import MailFile
from nachhaken.sources.match import Direction, Match, MatchReason, is_own, match
from nachhaken.sources.owner import Letters
from nachhaken.sources.phones import phones_in
from nachhaken.sources.waiting import Waits, why_waiting
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact, Replied, Touched

__all__ = ["import_mail_file", "import_mails", "look_at_mails", "mail_key"]

BATCH = 100  # short transactions, so that others can write in between
MOST_ADDRESSES = 400  # of a batch: what a single query may ask for
MOST_RECIPIENTS = 50  # of a mail that are looked up
NEAREST = 20  # of the messages that a mail refers to
MOST_FAULTS = 1_000
TOLD_EVERY = 500

_LEAVING = (
    Outgoing.State.QUEUED,
    Outgoing.State.CLAIMED,
    Outgoing.State.TRANSMITTING,
    Outgoing.State.SENT,
)


@dataclass(slots=True)
class _Box:
    """What is known while mails are taken in.

    `theirs` are the messages that customers wrote, `seen` the keys of those met so far.
    """

    own: frozenset[str]
    book: Callable[[], Book]
    threads: dict[str, int] = field(default_factory=dict)
    theirs: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def remember(self, mail: MailMessage, place: Match) -> None:
        """Know the message for the answers to it."""
        self.threads[mail.message_id.lower()] = place.opportunity_id or 0
        if place.direction is Direction.IN:
            self.theirs.add(mail.message_id.lower())


def import_mail_file(arrival: Arrival, path: Path, *, name: str) -> frozenset[str]:
    """Take in the mails of a file, a Maildir, a folder or a zip; return our addresses.

    Every batch is a short transaction of its own: what was killed goes on when it is run again.
    Raises `Unreadable` where there is no mail in it.
    """
    return _import(arrival, path, name, is_look=False)


def look_at_mails(arrival: Arrival, path: Path, *, name: str) -> None:
    """Count what `import_mail_file` would bring, and write nothing."""
    _import(arrival, path, name, is_look=True)


def import_mails(
    arrival: Arrival,
    found: Sequence[MailMessage | Fault],
    *,
    book: Callable[[], Book] | None = None,
) -> frozenset[str]:
    """Take in some mails in the order of their dates; return the addresses that are ours.

    `book` is `cache(book_of)` of whoever calls this more than once.
    """
    box = _Box(own=our_addresses(), book=book or cache(book_of))
    _note_faults(arrival, found)
    mails = sorted(
        (mail for mail in found if isinstance(mail, MailMessage)),
        key=lambda mail: (mail.sent_at, mail.message_id),
    )
    for batch in _batches(mails):
        with transaction.atomic():
            _take_in(arrival, batch, box)
    return box.own


def _import(arrival: Arrival, path: Path, name: str, *, is_look: bool) -> frozenset[str]:
    scratch = Path(settings.DATA) / "imports"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = "look" if is_look else "read"
    arrival.progress(stage, 0, 0)
    with MailFile(path, name=name, scratch=scratch) as file:
        box = _Box(own=_own(file.letters), book=cache(book_of))
        arrival.skipped += file.unsent
        for batch in _batches(_told(arrival, file, stage)):
            with transaction.atomic(), read_once():
                _take_in(arrival, batch, box)
                if is_look:
                    transaction.set_rollback(True)
    if not is_look:
        with transaction.atomic():
            arrival.seal()
    return box.own


def _told(arrival: Arrival, file: MailFile, stage: str) -> Iterator[MailMessage]:
    """Yield the mails, note the faults, and tell how far it is."""
    for i, one in enumerate(file.in_order()):
        if i % TOLD_EVERY == 0:
            arrival.progress(stage, i, len(file))
        if isinstance(one, Fault):
            _note_faults(arrival, [one])
        else:
            yield one
    arrival.progress(stage, len(file), len(file))


def _note_faults(arrival: Arrival, found: Iterable[MailMessage | Fault]) -> None:
    room = MOST_FAULTS - len(arrival.faults)
    told = [say(fault, language()) for fault in found if isinstance(fault, Fault)]
    arrival.faults += told[: max(0, room)]


def _take_in(arrival: Arrival, mails: Sequence[MailMessage], box: _Box) -> None:
    found = list(chain.from_iterable(opened(mail, box.own) for mail in mails))
    same = same_as(found)
    known = _known([one.mail for one in found], box) | same.keys()
    keys = {mail_key(one.mail.message_id) for one in found}
    back = bring_back(arrival, (known & keys) | set(same.values()))
    directory = directory_of(
        _addresses(one.mail for one in found),
        own=box.own,
        threads=box.threads,
        # What went to many names nobody in particular.
        mails=[one.mail for one in found if not (one.mail.is_bulk or one.mail.automatic)],
        book=box.book,
    )
    placed: list[tuple[Found, Match]] = []
    homeless: list[tuple[Found, Match]] = []
    bounces: list[MailMessage] = []
    for one in found:
        key = mail_key(one.mail.message_id)
        if key in known:
            _count_known(arrival, box, key, is_back=same.get(key, key) in back)
            continue
        known |= {key, mail_key(content_id(one.mail))}
        box.seen.add(key)
        place = match(one.mail, directory)
        if one.mail.bounce is not None:
            bounces.append(one.mail)
        elif place.opportunity_id is None:
            homeless.append((one, place))
        else:
            placed.append((one, place))
            box.remember(one.mail, place)
    _put(arrival, placed, box)
    _leave(arrival, homeless, box)
    import_bounces(arrival, bounces)  # after what they are about


def _count_known(arrival: Arrival, box: _Box, key: str, *, is_back: bool) -> None:
    """What stands again after an import that was taken back is new, the first time it is met."""
    is_new = is_back and key not in box.seen
    box.seen.add(key)
    arrival.new += is_new
    arrival.same += not is_new


def _put(arrival: Arrival, placed: Sequence[tuple[Found, Match]], box: _Box) -> None:
    rows = Opportunity.objects.in_bulk([place.opportunity_id for _, place in placed])
    events = [
        Event(
            kind=kind_of(fact := _fact(one, place, box)),
            prospect_id=rows[place.opportunity_id or 0].prospect_id,
            opportunity_id=place.opportunity_id,
            person_id=place.person_id,
            # A mail program's clock may run ahead; what has come in has happened.
            occurred_at=min(one.mail.sent_at, arrival.now),
            recorded_at=arrival.now,
            actor=arrival.actor,
            run=arrival.run,
            source_key=mail_key(one.mail.message_id),
            payload=encode(fact),
            came_in=isinstance(fact, Replied),
        )
        for one, place in placed
    ]
    Event.objects.bulk_create(events)
    arrival.new += len(events)
    arrival.prospects |= {event.prospect_id for event in events}


def _fact(found: Found, place: Match, box: _Box) -> Fact:
    mail, note = found.mail, found.note or None
    if place.direction is Direction.IN:
        return Replied(
            channel=Channel.MAIL,
            text=mail.new_text,
            subject=mail.subject,
            person_id=place.person_id,
            automatic=mail.automatic,
            message_id=mail.message_id,
            note=note,
        )
    return Touched(
        channel=Channel.MAIL,
        step=StepKind.ANSWER if mail.in_reply_to.lower() in box.theirs else StepKind.MAIL,
        text=mail.new_text,
        subject=mail.subject,
        person_id=place.person_id,
        message_id=mail.message_id,
        note=note,
    )


def _leave(arrival: Arrival, homeless: Sequence[tuple[Found, Match]], box: _Box) -> None:
    """Keep what a person should see; everybody else's mail is counted and forgotten."""
    waiting = _waiting_ids([one.mail for one, _ in homeless])
    rows = []
    for one, place in homeless:
        if reason := _why(one, place, box, waiting):
            rows.append(_waiting(arrival, one, reason))
            waiting.add(one.mail.message_id.lower())
    UnmatchedMail.objects.bulk_create(rows)
    arrival.unmatched += len(rows)
    arrival.skipped += len(homeless) - len(rows)


def _why(one: Found, place: Match, box: _Box, waiting: Set[str]) -> Waits | MatchReason | None:
    """Forwarding is an act of the user: what somebody else wrote in such a mail always waits."""
    if one.is_forwarded and not is_own(one.mail.sender.mail, box.own):
        return place.reason if place.is_doubtful else Waits.FORWARDED
    return why_waiting(one.mail, place, box.own, waiting=waiting)


def _waiting(arrival: Arrival, one: Found, reason: Waits | MatchReason) -> UnmatchedMail:
    mail = one.mail
    return UnmatchedMail(
        source_key=mail_key(mail.message_id),
        at=mail.sent_at,
        sender_name=mail.sender.name[:200],
        sender=mail.sender.mail[:254],
        subject=mail.subject[:500],
        text=mail.new_text,
        note=one.note,
        automatic=mail.automatic,
        message_id=mail.message_id[:250],
        reason=reason,
        phones=" ".join(phones_in(mail.full_text, preferences().region))[:200],
        run=arrival.run,
    )


def _waiting_ids(mails: Sequence[MailMessage]) -> set[str]:
    ids = {i for mail in mails for i in _answered(mail)}
    rows = UnmatchedMail.objects.filter(message_id__in=ids, settled_at__isnull=True)
    return {i.lower() for i in rows.values_list("message_id", flat=True)}


def _answered(mail: MailMessage) -> set[str]:
    """Return the messages that the mail answers; of a long thread the nearest."""
    return {*mail.references[-NEAREST:], mail.in_reply_to} - {""}


_OF_EVENT = ("source_key", "kind", "opportunity_id", "opportunity__outcome")


def _known(mails: Sequence[MailMessage], box: _Box) -> set[str]:
    """Return the keys of these mails that are here, and learn the threads that they belong to."""
    named = {mail.message_id.lower() for mail in mails}
    answered = {i for mail in mails for i in map(str.lower, _answered(mail))}
    by_key = {mail_key(i): i for i in named | answered}
    rows = Event.objects.filter(source_key__in=by_key).exclude(opportunity=None)
    keys = set()
    for key, kind, opportunity_id, outcome in rows.values_list(*_OF_EVENT):
        keys.add(key)
        if outcome == VOID:
            continue
        box.threads[by_key[key]] = opportunity_id or 0
        if kind == "replied":
            box.theirs.add(by_key[key])
    # Where a person put a mail stands above where it was put before.
    sorted_out = UnmatchedMail.objects.filter(source_key__in=by_key)
    for key, opportunity_id in sorted_out.values_list("source_key", "opportunity_id"):
        keys.add(key)
        if opportunity_id:
            box.threads[by_key[key]] = opportunity_id
            box.theirs.add(by_key[key])
    # What is leaving the desk will be noted by the desk, with more than its copy tells.
    ours = Outgoing.objects.filter(message_id__in=by_key.values(), state__in=_LEAVING)
    for message_id, opportunity_id in ours.values_list("message_id", "opportunity_id"):
        keys.add(mail_key(message_id))
        box.threads.setdefault(message_id, opportunity_id)
    return keys


def _addresses(mails: Iterable[MailMessage]) -> set[str]:
    return {address for mail in mails for address in _of(mail)}


def _of(mail: MailMessage) -> set[str]:
    return {a.mail for a in (mail.sender, *mail.recipients[:MOST_RECIPIENTS])} - {""}


def _own(letters: Letters) -> frozenset[str]:
    """Return our addresses: those set; where the box carries none of them, its owner's, too."""
    set_ones = our_addresses()
    is_known = any(is_own(address, set_ones) for address in letters.carried)
    customers = Person.objects.here().exclude(mail="").values_list("mail", flat=True)
    owner = "" if is_known else letters.owner(frozenset(customers))
    return set_ones | {owner} if owner else set_ones


def _batches(mails: Iterable[MailMessage]) -> Iterator[list[MailMessage]]:
    batch: list[MailMessage] = []
    addresses: set[str] = set()
    for mail in mails:
        batch.append(mail)
        addresses |= _of(mail)
        if len(batch) >= BATCH or len(addresses) >= MOST_ADDRESSES:
            yield batch
            batch, addresses = [], set()
    if batch:
        yield batch
