"""Our own no: what was chosen for it, kept in the key of its words, and how it ends a matter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nachhaken.desk import labels
from nachhaken.desk.models import Partner
from nachhaken.playbook.declining import Refused, Tone, mail_of
from nachhaken.playbook.values import Playbook
from nachhaken.terms import OurReason, OutcomeKind
from nachhaken.timeline import Closed

_PREFIX = "refusal"
_OPEN, _SHUT = "open", "shut"
_PARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A no as it was put together on its page; `key` names it in drafts, mails and touches."""

    reason: OurReason
    tone: Tone = Tone.WARM
    partner_id: int | None = None
    is_open: bool = True

    @property
    def key(self) -> str:
        """The key of its words: reason, tone, whom we recommend, and the door."""
        door = _OPEN if self.is_open else _SHUT
        return f"{_PREFIX}.{self.reason}.{self.tone}.{self.partner_id or 0}.{door}"

    @property
    def refused(self) -> Refused:
        """What its words are made of."""
        partner = Partner.objects.filter(pk=self.partner_id).first() if self.partner_id else None
        return Refused(
            reason=self.reason,
            tone=self.tone,
            partner=address_of(partner) if partner else "",
            is_open=self.is_open,
        )


def chosen_in(key: str) -> Chosen | None:
    """Return what a key names; None where it is no refusal's."""
    parts = key.split(".")
    if len(parts) != _PARTS or parts[0] != _PREFIX:
        return None
    _prefix, reason, tone, partner, door = parts
    is_known = reason in set(OurReason) and tone in set(Tone) and door in {_OPEN, _SHUT}
    if not is_known or not (partner.isascii() and partner.isdecimal()):
        return None
    return Chosen(
        reason=OurReason(reason),
        tone=Tone(tone),
        partner_id=int(partner) or None,
        is_open=door == _OPEN,
    )


def with_refusal(shipped: Playbook, key: str) -> Playbook:
    """Return the playbook with the mail that `key` names, if it names one."""
    found = chosen_in(key)
    if found is None:
        return shipped
    return replace(shipped, mails={**shipped.mails, key: mail_of(found.refused, key)})


def declined(scripts: Iterable[str]) -> Closed:
    """Return the end that our no amounts to, with the reason that its words name."""
    found = next(filter(None, map(chosen_in, scripts)), None)
    if found is None:
        return Closed(outcome=OutcomeKind.DECLINED)
    partner = Partner.objects.filter(pk=found.partner_id).first() if found.partner_id else None
    return Closed(
        outcome=OutcomeKind.DECLINED,
        our_reason=found.reason,
        comeback=labels.word(labels.COMEBACKS[found.reason]) if found.is_open else "",
        referred_to=partner.name if partner else "",
    )


def address_of(partner: Partner) -> str:
    """Return a partner as one would name them to a customer, with how to reach them."""
    who = f"{partner.name} ({partner.person})" if partner.person else partner.name
    return ", ".join(part for part in (who, partner.place, partner.phone, partner.mail) if part)
