"""Why a mail that has no place should be seen by a person all the same."""

import re
from collections.abc import Set
from enum import StrEnum

from nachhaken.sources.mail import MailMessage
from nachhaken.sources.match import Direction, Match, MatchReason, is_own


class Waits(StrEnum):
    """What makes a stranger's mail wait besides a likeness to somebody known (MatchReason)."""

    THREAD = "thread"
    FORWARDED = "forwarded"
    ENQUIRY = "enquiry"


def why_waiting(
    mail: MailMessage, place: Match, own: Set[str], *, waiting: Set[str] = frozenset()
) -> MatchReason | Waits | None:
    """Return why a person should see a mail that has no place; None where it is nobody's business.

    `waiting` are ids (lower case) of messages that wait already: what answers them waits beside
    them. What we wrote to strangers, and what a program sent, never waits.
    """
    if place.direction is Direction.OUT or is_own(mail.sender.mail, own) or mail.automatic:
        return None
    if place.reason is MatchReason.PERSON_ONLY:
        return place.reason
    if not waiting.isdisjoint(map(str.lower, (mail.in_reply_to, *mail.references))):
        return Waits.THREAD
    if mail.is_bulk:
        return None
    if place.is_doubtful:
        return place.reason
    is_to_us = any(is_own(address.mail, own) for address in mail.recipients)
    return Waits.ENQUIRY if is_to_us and _ENQUIRY.search(mail.subject) else None


_ENQUIRY = re.compile(
    r"\b(?:(?:\w{3,20}[- ]?)?anfrage|(?:bitte|wunsch|anforderung) (?:um |von )?(?:ein\w* )?"
    r"(?:angebot\w*|offerte|kostenvoranschlag\w*)|kostenvoranschlag|inquiry|enquiry|"
    r"request for (?:an? )?(?:quote|quotation|offer|proposal)|rfq|demande de (?:devis|prix|offre)|"
    r"richiesta di (?:preventivo|offerta))\b",
    re.IGNORECASE,
)
