"""From an offer that is being written to its paper, and to the event that says it went out."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.documents import PDF, keep_document
from nachhaken.desk.letterhead import letterhead
from nachhaken.desk.models import Document, Event, OfferDraft, User
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


def document_of(draft: OfferDraft, *, actor: User, now: datetime) -> Document:
    """Return the PDF that goes with the draft: the user's own, else printed from it and kept."""
    if draft.document is not None:
        return draft.document
    raw, name = pdf_of(draft, now=now), file_name(draft)
    return keep_document(raw, name=name, media_type=PDF, actor=actor, now=now)


def pdf_of(draft: OfferDraft, *, now: datetime) -> bytes:
    """Return the draft as it would be printed today, on the user's own paper."""
    # Late: setting type takes more to load than any page of the desk.
    from nachhaken.desk.printing import offer_pdf

    return offer_pdf(paper_of(draft, now=now), letterhead())


def file_name(draft: OfferDraft) -> str:
    """Return what the file is called: "Angebot 2026-0417, Fassung 2.pdf"."""
    parts = [_("Angebot"), draft.number.replace("/", "-")]
    name = " ".join(part for part in parts if part)
    if draft.version > 1:
        name += ", " + labels.text("offer_version", version=draft.version)
    return f"{name}.pdf"


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
        positions=lines_of(positions_of(draft), draft.vat_permille),
        totals=totals_of_draft(draft),
        closing=draft.closing,
        currency=draft.currency,
        language="en" if voice is Voice.ENGLISH else "de",
        sender=str(draft.author),
    )


def positions_of(draft: OfferDraft) -> tuple[Position, ...]:
    """Return the positions of the draft as values."""
    return tuple(decode(Position, row) for row in draft.positions)


def missing_in(draft: OfferDraft, *, on: date) -> tuple[str, ...]:
    """Return why the draft cannot go out on this day, in sentences; empty where it can."""
    totals = totals_of_draft(draft)
    found = []
    if totals is None and draft.document_id is None:
        found.append(_("Ein Angebot braucht einen Betrag, Positionen oder ein eigenes PDF."))
    if totals is not None and totals.net_cents < 0:
        found.append(_("Die Summe liegt unter null. Ist ein Nachlass zu hoch geraten?"))
    if draft.valid_until and draft.valid_until < on:
        found.append(
            _("Es wäre beim Verschicken schon abgelaufen: gültig bis %(day)s.")
            % {"day": labels.day(draft.valid_until)}
        )
    return tuple(found)


def rows_of(positions: tuple[Position, ...]) -> list[dict[str, object]]:
    """Return positions as the draft keeps them."""
    return [encode(position) for position in positions]


def lines_of(positions: Iterable[Position], usual: int | None) -> tuple[PaperLine, ...]:
    """Return positions as lines, with the rate `usual` where they have none of their own."""
    return tuple(_line(position, usual) for position in positions)


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
