"""The page on which one says no: the words for it, spoken and written."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.desk.models import User
from nachhaken.desk.queries.mail import Asked, mail_page
from nachhaken.desk.refusals import Chosen
from nachhaken.playbook.declining import words_of
from nachhaken.playbook.filling import write
from nachhaken.playbook.values import Voice
from nachhaken.terms import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    """What to say on the telephone and what to write, in the customer's voice."""

    id: int
    name: str
    is_open: bool
    voice: Voice
    said: str
    subject: str
    text: str


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
    )
