"""Mails to be sent: handed over once, taken back while they wait, and settled by a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event as Bell

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.aliases import aliases_in
from nachhaken.desk.commands.ledger import Act, InvalidError, NotFoundError, locked
from nachhaken.desk.commands.objecting import require_no_objection
from nachhaken.desk.commands.permission import purpose_with, require_allowed
from nachhaken.desk.commands.sent import encoded, note_sent
from nachhaken.desk.letters import (
    AddressError,
    Attachment,
    Letter,
    TooLargeError,
    address_of,
    compose,
    new_message_id,
)
from nachhaken.desk.models import (
    Document,
    Event,
    MailAccount,
    OfferDraft,
    Opportunity,
    Outgoing,
    User,
)
from nachhaken.desk.papers import offer_sent_of
from nachhaken.desk.preferences import send_delay
from nachhaken.desk.records import timeline_of
from nachhaken.desk.speech import local_date
from nachhaken.plan.delivery import died_at
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact

State = Outgoing.State
GONE = (State.SENT, State.WITHDRAWN)
EDITABLE = (State.REFUSED, State.WITHDRAWN)
WITHDRAWN_BY_HAND = "withdrawn"
OBJECTED = "objected"
FORBIDDEN = "forbidden"

something_to_send = Bell()
"""Rings when a mail waits to be sent, or an account was set."""


class NoAccountError(InvalidError):
    """Nobody has told the desk from which account mails go out."""


class TooLateError(InvalidError):
    """The mail is in another state by now; the message says so."""


def queue_mail(
    act: Act,
    opportunity_id: int,
    letter: Letter,
    *,
    step: StepKind,
    person_id: int | None = None,
    draft: OfferDraft | None = None,
    document: Document | None = None,
    scripts: Sequence[str] = (),
    not_before: datetime | None = None,
    beside: Sequence[Fact] = (),
) -> Outgoing:
    """Hand a mail over to be sent, once for an act; return its row.

    With `draft` it is that offer as it stands now, with `document` as its PDF, which has to be
    among the attachments; else it is a touch for `step`, begun from the playbook's `scripts`.
    `beside` are the facts that are written with it. An equal mail that is still under way is not
    sent a second time. It waits until `not_before`, at least long enough to be taken back.
    Raises NotAllowedError where the law or good manners speak against it and no reason does for it.
    """
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        row = _known(act, opportunity, letter, draft)
        if row is None:
            row = _composed(act, opportunity, letter)
            require_no_objection(opportunity, person_id, row.recipient)
            _require_alive(opportunity, person_id, row.recipient)
            require_allowed(
                opportunity_id,
                channel=Channel.MAIL,
                now=act.now,
                step=step,
                purpose=purpose_with(draft.pk if draft else None),
                person_id=person_id,
                beside=beside,
                not_before=not_before,
            )
            row.step, row.person_id, row.draft = step, person_id, draft
            offer = [offer_sent_of(draft, Channel.MAIL, document)] if draft else []
            row.due_at = max(row.due_at or act.now, not_before or act.now)
            row.queued_at = max(act.now, not_before or act.now)
            row.scripts, row.beside = list(scripts), encoded([*offer, *beside])
            row.save(force_insert=True)
        transaction.on_commit(something_to_send.set)
    return row


def take_back(*, actor: User, now: datetime, outgoing_id: int) -> Outgoing:
    """Keep a mail from going that still waits, or TooLateError; twice is once."""
    return _moved(
        actor, outgoing_id, (State.QUEUED, State.WITHDRAWN), state=State.WITHDRAWN, state_at=now,
        due_at=None, fault=WITHDRAWN_BY_HAND,
    )  # fmt: skip


def drop_mail(*, actor: User, now: datetime, outgoing_id: int) -> Outgoing:
    """Put a mail away that was refused, or of which nobody knows whether it arrived."""
    return _moved(
        actor, outgoing_id, (State.REFUSED, State.UNKNOWN, State.WITHDRAWN),
        state=State.WITHDRAWN, state_at=now, due_at=None, fault=WITHDRAWN_BY_HAND,
    )  # fmt: skip


def confirm_sent(*, actor: User, now: datetime, outgoing_id: int) -> Outgoing:
    """Note that a mail of which nobody knew did arrive."""
    allow(actor)
    row = _row(outgoing_id)
    if not note_sent(row.pk, now=now) and _row(row.pk).state != State.SENT:
        raise TooLateError(_late())
    return _row(row.pk)


def send_again(*, actor: User, now: datetime, outgoing_id: int) -> Outgoing:
    """Let the same mail go once more, under the same name: a copy that arrived can be known."""
    with transaction.atomic():
        row = _row(outgoing_id)
        require_no_objection(locked(row.opportunity_id), row.person_id, row.recipient)
        return _moved(
            actor, outgoing_id, (State.REFUSED, State.UNKNOWN), state=State.QUEUED, state_at=now,
            queued_at=now, due_at=now, fault="", answer="",
        )  # fmt: skip


def correct_mail(
    *, actor: User, now: datetime, outgoing_id: int, to: str, subject: str, text: str
) -> Outgoing:
    """Send a mail that did not go with another address or other words, as another mail."""
    with transaction.atomic():
        opportunity = locked(_row(outgoing_id).opportunity_id)
        row = _row(outgoing_id)
        if row.state not in EDITABLE:
            raise TooLateError(_late())
        act = Act(actor=allow(actor), now=now, key="")
        fresh = _composed(act, opportunity, _again(row, to=to, subject=subject, text=text))
        require_no_objection(opportunity, row.person_id, fresh.recipient)
        _require_alive(opportunity, row.person_id, fresh.recipient)
        for name in ("message_id", "sender", "recipient", "subject", "text", "raw", "due_at"):
            setattr(row, name, getattr(fresh, name))
        row.state, row.state_at, row.queued_at = State.QUEUED, now, now
        row.fault = row.answer = ""
        row.save()
        transaction.on_commit(something_to_send.set)
    return row


def _known(
    act: Act, opportunity: Opportunity, letter: Letter, draft: OfferDraft | None
) -> Outgoing | None:
    """Return what was handed over before: by this act, as this offer, or in the same words."""
    if row := Outgoing.objects.filter(source_key=act.source).first():
        return row
    under_way = opportunity.outgoing.exclude(state__in=GONE)
    if draft is not None:
        offered = Outgoing.objects.filter(draft=draft).exclude(state=State.WITHDRAWN)
        return offered.first()
    return under_way.filter(
        recipient=_address(letter.to), subject=_subject(letter), text=letter.text, draft=None
    ).first()


def _require_alive(opportunity: Opportunity, person_id: int | None, recipient: str) -> None:
    """A mail to where the last one came back from for good only comes back as well."""
    events = Event.objects.filter(prospect=opportunity.prospect_id, kind__in=["bounced", "replied"])
    found = list(events.order_by("pk"))
    timeline = timeline_of(found, aliases_in(found)).standing()
    at = died_at(recipient, timeline, person_id=person_id)
    if at is not None:
        sentence = _("Mail an %(address)s kam am %(day)s zurück. Gibt es eine andere Adresse?")
        raise InvalidError(sentence % {"address": recipient, "day": labels.day(local_date(at))})


def _composed(act: Act, opportunity: Opportunity, letter: Letter) -> Outgoing:
    account = MailAccount.objects.filter(user=act.actor).first()
    if account is None:
        raise NoAccountError(_("Es ist noch kein Postfach eingerichtet."))
    if not letter.text.strip():
        raise InvalidError(_("Die Mail hat noch keinen Text."))
    to, message_id = _address(letter.to), new_message_id(account.address)
    try:
        raw = compose(
            letter,
            sender=account.address,
            name=account.name or str(account.user),
            message_id=message_id,
            at=timezone.localtime(act.now),
        )
    except TooLargeError as error:
        raise InvalidError(_("Die Mail ist mit ihren Anlagen zu groß: höchstens 20 MB.")) from error
    return Outgoing(
        source_key=act.source,
        opportunity=opportunity,
        actor=act.actor,
        message_id=message_id,
        sender=address_of(account.address),
        recipient=to,
        subject=_subject(letter),
        text=letter.text,
        raw=raw,
        state=State.QUEUED,
        queued_at=act.now,
        state_at=act.now,
        due_at=act.now + timedelta(seconds=send_delay()),
    )


def _again(row: Outgoing, *, to: str, subject: str, text: str) -> Letter:
    """Return the mail of a row with other words, in the same thread and with the same files."""
    mail = message_from_bytes(bytes(row.raw), policy=policy.default)
    return Letter(
        to=to,
        subject=subject,
        text=text,
        in_reply_to=str(mail["In-Reply-To"] or ""),
        references=tuple(str(mail["References"] or "").split()),
        attachments=tuple(_files(mail)),
    )


def _files(mail: EmailMessage) -> list[Attachment]:
    return [
        Attachment(
            name=part.get_filename() or "",
            raw=part.get_content(),
            media_type=part.get_content_type(),
        )
        for part in mail.iter_attachments()
    ]


def _moved(actor: User, outgoing_id: int, before: Sequence[State], **after: object) -> Outgoing:
    """Change a row that is in one of the states `before`, or raise TooLateError."""
    allow(actor)
    rows = Outgoing.objects.filter(pk=outgoing_id, state__in=before)
    if not rows.update(**after):
        _row(outgoing_id)  # what is not there is another matter than what is too late
        raise TooLateError(_late())
    transaction.on_commit(something_to_send.set)
    return _row(outgoing_id)


def _row(outgoing_id: int) -> Outgoing:
    row = Outgoing.objects.filter(pk=outgoing_id).first()
    if row is None:
        raise NotFoundError(f"mail {outgoing_id}")
    return row


def _address(text: str) -> str:
    try:
        return address_of(text)
    except AddressError as error:
        sentence = _("„%(address)s“ ist keine Mailadresse.") % {"address": text.strip()[:100]}
        raise InvalidError(sentence) from error


def _subject(letter: Letter) -> str:
    return " ".join(letter.subject.split())[:500]


def _late() -> str:
    return _("Das geht nicht mehr: Die Mail ist inzwischen auf dem Weg oder erledigt.")
