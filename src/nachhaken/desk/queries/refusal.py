"""The page on which one says no: the words for it, spoken and written."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.desk.models import User
from nachhaken.desk.pages_limits import PermissionView
from nachhaken.desk.queries.mail import Asked, mail_page
from nachhaken.desk.queries.permissions import allowance
from nachhaken.desk.refusals import Chosen
from nachhaken.playbook.declining import words_of
from nachhaken.playbook.filling import write
from nachhaken.playbook.values import Voice
from nachhaken.terms import Channel, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    """What to say on the telephone and what to write, in the customer's voice.

    `spoken` and `written` say whether a call or a mail may be made for it now. A no that was said
    already is noted whatever the law said of the call: what happened has happened.
    """

    id: int
    name: str
    is_open: bool
    voice: Voice
    said: str
    subject: str
    text: str
    spoken: PermissionView
    written: PermissionView


def refusal(user: User, opportunity_id: int, chosen: Chosen, *, now: datetime) -> RefusalPage:
    """Return the words of the no that was chosen, or raise NotFoundError."""
    asked = Asked(step=StepKind.DECLINE, text_key=chosen.key)
    mail = mail_page(user, opportunity_id, now=now, asked=asked)
    voice = mail.draft.voice
    return RefusalPage(
        id=mail.id,
        name=f"{mail.prospect} · {mail.title}",
        is_open=mail.is_open,
        voice=voice,
        said=write(words_of(chosen.refused)[voice], {"topic": mail.title}) or "",
        subject=mail.draft.subject,
        text=mail.draft.text,
        spoken=allowance(user, mail.id, channel=Channel.CALL, now=now, step=StepKind.DECLINE),
        written=mail.permission,
    )
