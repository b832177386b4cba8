"""Which folders of a mailbox are read, from which day on, and what each has yet to give."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from nachhaken.desk.commands.looking_again import FEW, Acquaintances
from nachhaken.desk.models import MailAccount, MailFolder
from nachhaken.desk.speech import local_date
from nachhaken.sources.imap import Mailbox, Refused, Renumbered, Span
from nachhaken.sources.mail_head import MailHead
from nachhaken.sources.uid_set import UidSet

INBOX = "INBOX"
FIRST = timedelta(days=365)
"""How far back a mailbox is read of which nobody said from which day on."""

LONGEST_NAME = 200


class OvertakenError(Exception):
    """Another process has read this folder further meanwhile; this one gives way."""


@dataclass(slots=True)
class Reading:
    """A folder while it is read: what the server holds, what was decided on, what is to be asked.

    `again` are mails that were decided on and may concern somebody by now, `asked` all that this
    visit asked for, `fault` is why it stopped. `before` is what was decided on before the visit.
    """

    row: MailFolder
    span: Span
    taken: UidSet
    again: UidSet
    before: UidSet = field(init=False)
    asked: UidSet = field(default_factory=UidSet)
    fault: str = ""

    def __post_init__(self) -> None:
        self.before = self.taken

    @property
    def left(self) -> UidSet:
        """What the server holds and nobody decided on yet."""
        return self.span.uids - self.taken

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to ask for."""
        return bool(self.fault) or not (self.left or self.again)

    @property
    def went_back(self) -> bool:
        """Whether mails came in that are older than some that were decided on before."""
        return any(uid < self.before.last for uid in self.taken - self.before)

    def letters(self, box: Mailbox) -> Iterator["Asked"]:
        """Yield what there is to decide on; where the server refuses, it ends."""
        work = self.left | self.again
        self.asked |= work
        try:
            for head in box.heads(self.row.name, self.span.uid_validity, work):
                yield Asked(self, head)
        except Refused as error:
            self.fault = error.code

    def look(self, box: Mailbox, since: date) -> None:
        """Ask the server anew what it holds."""
        try:
            span = box.span(self.row.name, since)
        except Refused as error:
            self.fault = error.code
            return
        self.fault = "" if span.uid_validity == self.span.uid_validity else Renumbered.code
        self.span = span
        self.again &= span.uids


@dataclass(frozen=True, slots=True)
class Asked:
    """A mail that is to be decided on, and where it lies."""

    reading: Reading
    head: MailHead

    @property
    def is_new(self) -> bool:
        """Whether nobody decided on it yet."""
        return self.head.uid not in self.reading.taken

    @property
    def at(self) -> tuple[bool, datetime]:
        """By what mails of several folders are put in order."""
        return self.head.at is not None, self.head.at or datetime.min  # noqa: DTZ901 - never mixed


def first_day(account: MailAccount) -> date:
    """Return from which day on the account's mail is read."""
    # By when it was set, not by today: the span must stay, or what is in it could not be compared.
    return account.since or local_date(account.set_at - FIRST)


def folders_of(account: MailAccount, box: Mailbox) -> list[MailFolder]:
    """Return the folders that are read: those that a person chose, else inbox and sent mail."""
    if account.folders_chosen_at is None:
        _keep_usual(account, box)
    return list(MailFolder.objects.filter(account=account).order_by("pk"))


def begun(row: MailFolder, box: Mailbox, known: Acquaintances) -> Reading:
    """Return what the folder has to give; raises Refused where the server does not open it.

    Who is new among the acquaintances is looked for in what was passed over.
    """
    span = box.span(row.name, first_day(row.account))
    if span.uid_validity != row.uid_validity or not row.taken:
        _begin_anew(row, span, known.digests)
    taken = UidSet.read(row.taken)
    return Reading(row, span, taken, _to_look_at_again(row, box, span, known))


def _keep_usual(account: MailAccount, box: Mailbox) -> None:
    rows = MailFolder.objects.filter(account=account)
    known = rows.filter(is_sent=True).values_list("name", flat=True).first()
    # One that was there and is no longer found is tried nevertheless: then its absence is told.
    sent = (account.sent_folder or box.sent_folder() or known or INBOX)[:LONGEST_NAME]
    MailFolder.objects.get_or_create(account=account, name=INBOX)
    if sent != INBOX:
        MailFolder.objects.get_or_create(account=account, name=sent)
    rows.filter(name=sent, is_sent=False).exclude(name=INBOX).update(is_sent=True)
    rows.exclude(name__in=[INBOX, sent]).delete()


def _begin_anew(row: MailFolder, span: Span, looked_for: bytes) -> None:
    """Forget numbers that mean nothing here; each mail is known again by its own name."""
    fresh = {
        "uid_validity": span.uid_validity,
        "last_uid": 0,
        "taken": "",
        "kept": 0,
        "unmatched": 0,
        "skipped": 0,
        "faulty": 0,
        "missing": "",
        "looked_for": looked_for,
    }
    if all(getattr(row, name) == value for name, value in fresh.items()):
        return
    place = MailFolder.objects.filter(pk=row.pk, uid_validity=row.uid_validity, taken=row.taken)
    if not place.update(**fresh, compared_at=None):
        raise OvertakenError
    row.refresh_from_db()


def _to_look_at_again(row: MailFolder, box: Mailbox, span: Span, known: Acquaintances) -> UidSet:
    words = known.newer_than(bytes(row.looked_for))
    passed_over = UidSet.read(row.taken) & span.uids
    if not words or not passed_over or not row.skipped + row.faulty:
        return UidSet()
    if not row.looked_for or len(words) > FEW or not all(map(str.isascii, words)):
        return passed_over
    try:
        return passed_over & box.mentioning(row.name, span.uid_validity, words)
    except Refused:
        return passed_over
