"""Mails that concern nobody known: shown as the server has them, kept only if a person says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.import_bounces import mail_key
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    glance,
    locked,
    write,
)
from nachhaken.desk.commands.looking_again import acquaintances
from nachhaken.desk.commands.mail_folders import first_day, folders_of
from nachhaken.desk.commands.parties import person_at
from nachhaken.desk.commands.sifting import Fate, Sieve
from nachhaken.desk.lines import mailbox_of
from nachhaken.desk.models import Event, MailAccount, MailFolder, Opportunity, UnmatchedMail, User
from nachhaken.desk.ours import is_by_us, our_addresses
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.records import encode, kind_of
from nachhaken.sources.faults import NotAMail
from nachhaken.sources.imap import Mailbox, Refused
from nachhaken.sources.mail import Address, MailMessage, parse_message
from nachhaken.sources.mail_head import MailHead
from nachhaken.sources.match import is_own
from nachhaken.sources.uid_set import UidSet
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact, Replied, Touched

FURTHEST = 1000
"""So many of a folder's newest mails are looked at; who seeks an older one moves it to another."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMail:
    """A mail on the server that concerns nobody known.

    `sender` is who wrote it, or, where `is_ours`, to whom we wrote; `at` when it came in.
    """

    folder: str
    uid_validity: int
    uid: int
    at: datetime
    sender: str
    sender_name: str
    subject: str
    is_ours: bool = False


def other_mails(*, account: MailAccount, now: datetime, most: int) -> tuple[OtherMail, ...]:
    """Return the newest mails on the server that concern nobody known; nothing of them is kept.

    Lists and circulars are left out. Raises MailboxError.
    """
    allow(account.user)
    sieve = Sieve(acquaintances())
    found: list[OtherMail] = []
    with mailbox_of(account) as box:
        for folder in folders_of(account, box):
            found += islice(_others(box, folder, sieve, now), most)
    return tuple(sorted(found, key=lambda one: (one.at, one.uid), reverse=True)[:most])


def assign_other(
    *,
    actor: User,
    now: datetime,
    key: str,
    account: MailAccount,
    folder: str,
    uid_validity: int,
    uid: int,
    opportunity_id: int,
) -> Change:
    """Fetch the mail and make it a reply to the opportunity, or a touch where we wrote it.

    Its sender is known from now on. Raises MailboxError, NotFoundError where the mail is gone, and
    InvalidError where it is with a matter already.
    """
    act = act_of(actor, now, key)
    if account.user_id != actor.pk:
        raise NotFoundError("mail account")
    row = MailFolder.objects.filter(account=account, name=folder).first()
    mail = None if events_of(act) else _fetched(account, folder, uid_validity, uid)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        before = glance(opportunity_id)
        done = events_of(act)
        events = done or write(
            act, [_event(mail, opportunity, act, is_sent=bool(row and row.is_sent))]
        )
        if not done:
            _settle(events[0], opportunity, act)
            _count(row, uid_validity, uid)
            replan_prospects([opportunity.prospect_id], now=now)
        after = glance(opportunity_id)
    return Change(
        opportunity_id=opportunity_id,
        prospect_id=opportunity.prospect_id,
        event_ids=tuple(event.pk for event in events),
        before=before,
        after=after,
        repeated=bool(done),
    )


def _others(box: Mailbox, folder: MailFolder, sieve: Sieve, now: datetime) -> Iterator[OtherMail]:
    """Yield them from the newest on; none of a folder that the server refuses."""
    try:
        span = box.span(folder.name, first_day(folder.account))
        newest = sorted(span.uids, reverse=True)[:FURTHEST]
        for start in range(0, len(newest), _AT_ONCE):
            batch = newest[start : start + _AT_ONCE]
            heads = list(box.heads(folder.name, span.uid_validity, batch))
            for head, fate in zip(heads, sieve.fates_of(heads), strict=True):
                if fate is Fate.PASSED_OVER and not head.is_bulk:
                    ours = sieve.known.ours
                    yield _told(head, folder, span.uid_validity, ours=ours, now=now)
    except Refused:
        return


def _told(
    head: MailHead, folder: MailFolder, uid_validity: int, *, ours: frozenset[str], now: datetime
) -> OtherMail:
    others = [one.mail for one in head.others]
    by_us = is_by_us(head.sender.mail, others, ours=ours, is_sent=folder.is_sent)
    strangers = [one for one in head.others if not is_own(one.mail, ours)]
    whom = next(iter(strangers), head.sender) if by_us else head.sender
    return OtherMail(
        folder=folder.name,
        uid_validity=uid_validity,
        uid=head.uid,
        at=head.at or now,
        sender=whom.mail,
        sender_name=whom.name,
        subject=head.subject,
        is_ours=by_us,
    )


def _fetched(account: MailAccount, folder: str, uid_validity: int, uid: int) -> MailMessage:
    with mailbox_of(account) as box:
        heads = box.heads(folder, uid_validity, [uid])
        one = next(box.mails(folder, uid_validity, heads), None)
    if one is None:
        raise NotFoundError(f"mail {uid}")
    try:
        return parse_message(one.raw, fallback=one.head.at)
    except NotAMail as error:
        raise InvalidError(_("Diese E-Mail ist nicht lesbar.")) from error


def _event(mail: MailMessage | None, opportunity: Opportunity, act: Act, *, is_sent: bool) -> Event:
    assert mail is not None  # noqa: S101 - fetched, unless the act was done before
    key = mail_key(mail.message_id)
    if Event.objects.filter(source_key=key).exists():
        raise InvalidError(_("Diese E-Mail ist schon bei einem Vorgang."))
    is_own, whom = _written(mail, is_sent=is_sent)
    person = person_at(
        opportunity.prospect, actor=act.actor, now=act.now, name=whom.name, mail=whom.mail
    )
    fact = _fact(mail, person.pk if person else None, is_own=is_own)
    return Event(
        kind=kind_of(fact),
        prospect=opportunity.prospect,
        opportunity=opportunity,
        person=person,
        occurred_at=min(mail.sent_at, act.now),
        source_key=key,
        payload=encode(fact),
        came_in=not is_own,
    )


def _written(mail: MailMessage, *, is_sent: bool) -> tuple[bool, Address]:
    """Say whether we wrote the mail, and with whom it was exchanged."""
    ours = our_addresses()
    strangers = [one for one in mail.recipients if not is_own(one.mail, ours)]
    others = [one.mail for one in mail.recipients]
    by_us = is_by_us(mail.sender.mail, others, ours=ours, is_sent=is_sent)
    return by_us, next(iter(strangers), mail.sender) if by_us else mail.sender


def _fact(mail: MailMessage, person_id: int | None, *, is_own: bool) -> Fact:
    if not is_own:
        return Replied(
            channel=Channel.MAIL,
            text=mail.new_text,
            subject=mail.subject,
            person_id=person_id,
            automatic=mail.automatic,
            message_id=mail.message_id,
        )
    asked = Event.objects.filter(source_key=mail_key(mail.in_reply_to), kind="replied")
    return Touched(
        channel=Channel.MAIL,
        step=StepKind.ANSWER if mail.in_reply_to and asked.exists() else StepKind.MAIL,
        text=mail.new_text,
        subject=mail.subject,
        person_id=person_id,
        message_id=mail.message_id,
    )


def _settle(event: Event, opportunity: Opportunity, act: Act) -> None:
    """A mail that waited for a person has its place now."""
    waiting = UnmatchedMail.objects.filter(source_key=event.source_key, settled_at=None)
    waiting.update(
        settled_at=act.now, settled_by=act.actor, settled_act=act.source, opportunity=opportunity
    )


def _count(row: MailFolder | None, uid_validity: int, uid: int) -> None:
    """Count a mail that was passed over among the kept ones."""
    if row and row.uid_validity == uid_validity and uid in UidSet.read(row.taken):
        rows = MailFolder.objects.filter(pk=row.pk, taken=row.taken, skipped__gt=0)
        rows.update(skipped=F("skipped") - 1, kept=F("kept") + 1)
