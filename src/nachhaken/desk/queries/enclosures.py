"""The offer that goes along with a mail, and its file."""

from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import OfferDraft
from nachhaken.desk.offering import newest_sent, offer_of
from nachhaken.desk.pages_mail import Enclosure
from nachhaken.desk.papers import file_name, offer_sent_of
from nachhaken.desk.stories import Told
from nachhaken.plan.difference import difference_of
from nachhaken.plan.draft import Paper
from nachhaken.plan.wording import language_of
from nachhaken.plan.words import say
from nachhaken.playbook.values import Voice
from nachhaken.timeline import OfferSent


def offer_in_work(opportunity_id: int, offer_id: int | None) -> OfferDraft | None:
    """Return the offer that goes along, None for none, or raise NotFoundError."""
    if offer_id is None:
        return None
    rows = OfferDraft.objects.select_related("document").filter(sent_at=None, dropped_at=None)
    row = rows.filter(pk=offer_id, opportunity=opportunity_id).first()
    if row is None:
        raise NotFoundError(f"offer {offer_id}")
    return row


def paper_with(told: Told, offer: OfferDraft | None, voice: Voice) -> Paper | None:
    """Return the offer that goes along as the draft names it, with what changed."""
    if offer is None:
        return None
    new = offer_sent_of(offer, None, None)
    before = newest_sent(told.opportunity.pk)
    return Paper(
        number=new.number,
        version=new.version,
        net_cents=new.net_cents,
        currency=new.currency,
        valid_until=new.valid_until,
        changes=_changes(offer_of(before), new, voice) if before and new.version > 1 else (),
    )


def _changes(old: OfferSent, new: OfferSent, voice: Voice) -> tuple[str, ...]:
    return tuple(say(one.phrase, language_of(voice)) for one in difference_of(old, new))


def enclosures_of(offer: OfferDraft | None) -> tuple[Enclosure, ...]:
    """Return the files that go along."""
    if offer is None:
        return ()
    if offer.document:
        return (Enclosure(name=offer.document.name, size=offer.document.size),)
    return (Enclosure(name=file_name(offer)),)
