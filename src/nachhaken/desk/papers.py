"""From an offer that is being written to its paper, and to the event that says it went out."""

from datetime import datetime

from nachhaken.desk.models import Document, Event, OfferDraft
from nachhaken.desk.offering import cash_step_of
from nachhaken.desk.pages_offers import OfferPaper, PaperLine
from nachhaken.desk.preferences import preferences
from nachhaken.desk.records import decode, encode
from nachhaken.desk.speech import local_date
from nachhaken.desk.stories import tell
from nachhaken.plan.address import address_of, voice_of
from nachhaken.plan.totals import Totals, line_cents, totals_of
from nachhaken.plan.values import Phrase, Story
from nachhaken.plan.words import say
from nachhaken.playbook.values import Voice
from nachhaken.terms import Channel
from nachhaken.timeline import OfferSent, Position, Replied, Touched


def offer_sent_of(
    draft: OfferDraft, channel: Channel | None, document: Document | None
) -> OfferSent:
    """Return the event that says that this draft went out by `channel`, with this PDF."""
    totals = totals_of_draft(draft)
    return OfferSent(
        number=draft.number,
        version=draft.version,
        net_cents=totals.net_cents if totals else None,
        currency=draft.currency,
        valid_until=draft.valid_until,
        title=draft.title,
        positions=positions_of(draft),
        vat_permille=draft.vat_permille,
        channel=channel,
        document=document.sha256 if document else "",
        note="\n\n".join(text for text in (draft.opening, draft.closing) if text),
    )


def mark_sent(draft: OfferDraft, event: Event) -> None:
    """Let the draft rest; called in the transaction that wrote `event`."""
    draft.sent_as, draft.sent_at = event, event.recorded_at
    draft.save(update_fields=["sent_as", "sent_at"])


def paper_of(draft: OfferDraft, *, now: datetime) -> OfferPaper:
    """Return what is printed if the offer goes out today."""
    (told,) = tell([draft.opportunity_id])
    prospect, person = told.opportunity.prospect, told.opportunity.person
    voice = _voice(told.story, person.tone if person else "")
    lines = [prospect.name, str(person) if person else "", *prospect.address.splitlines()]
    if not prospect.address.strip():
        lines.append(prospect.place)
    return OfferPaper(
        number=draft.number,
        version=draft.version,
        date=local_date(now),
        valid_until=draft.valid_until,
        title=draft.title,
        recipient=tuple(dict.fromkeys(line.strip() for line in lines if line.strip())),
        greeting=_greeting(told.story, voice, person.salutation if person else ""),
        opening=draft.opening,
        positions=tuple(_line(position, draft.vat_permille) for position in positions_of(draft)),
        totals=totals_of_draft(draft),
        closing=draft.closing,
        currency=draft.currency,
        language="en" if voice is Voice.ENGLISH else "de",
        sender=str(draft.author),
    )


def positions_of(draft: OfferDraft) -> tuple[Position, ...]:
    """Return the positions of the draft as values."""
    return tuple(decode(Position, row) for row in draft.positions)


def rows_of(positions: tuple[Position, ...]) -> list[dict[str, object]]:
    """Return positions as the draft keeps them."""
    return [encode(position) for position in positions]


def totals_of_draft(draft: OfferDraft) -> Totals | None:
    """Return what the draft comes to, rounded as the user has set it for its currency."""
    return totals_of(
        positions_of(draft),
        net_cents=draft.net_cents,
        vat_permille=draft.vat_permille,
        step=cash_step_of(draft.currency),
    )


def _voice(story: Story, tone: str) -> Voice:
    region = story.region or preferences().region
    return voice_of(story.timeline.standing(), story.readings, region=region, tone=tone)


def _greeting(story: Story, voice: Voice, salutation: str) -> str:
    language = "en" if voice is Voice.ENGLISH else "de"
    if not story.person:
        return say(Phrase(f"greeting.{voice.value}_nobody"), language)
    facts = (entry.fact for entry in story.timeline.standing())
    texts = [fact.text for fact in facts if isinstance(fact, Touched | Replied)]
    who = address_of(story.person, texts, voice, salutation=salutation)
    return say(Phrase(f"greeting.{voice.value}", {"who": who}), language)


def _line(position: Position, usual: int | None) -> PaperLine:
    rate = usual if position.vat_permille is None else position.vat_permille
    return PaperLine(
        text=position.text,
        quantity=position.quantity,
        unit=position.unit,
        unit_cents=position.unit_cents,
        cents=line_cents(position),
        vat_permille=rate,
        is_optional=position.is_optional,
    )
