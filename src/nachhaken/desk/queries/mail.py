"""The page that writes: a mail for an opportunity's step, for this customer and this user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.outcomes import RETURNING
from nachhaken.desk.commands.permission import purpose_with
from nachhaken.desk.commands.writing import written
from nachhaken.desk.letterhead import letterhead
from nachhaken.desk.models import (
    MailAccount,
    OfferDraft,
    Outgoing,
    Person,
    User,
    Writing,
)
from nachhaken.desk.pages_mail import MailPage, Recipient, VersionRow
from nachhaken.desk.pages_mailbox import Doubt
from nachhaken.desk.papers import missing_in
from nachhaken.desk.permissions import Allowance, allowance_of, to_person
from nachhaken.desk.planning import advice_of
from nachhaken.desk.preferences import company, preferences, privacy_notice
from nachhaken.desk.queries.counts import ranks
from nachhaken.desk.queries.enclosures import enclosures_of, offer_in_work, paper_with
from nachhaken.desk.queries.entries import entry_rows
from nachhaken.desk.queries.letters import postal_of
from nachhaken.desk.queries.lists import status_of
from nachhaken.desk.queries.mailboxes import doubt_of
from nachhaken.desk.queries.permissions import permission_view
from nachhaken.desk.queries.typed import slot_of, typed_by
from nachhaken.desk.refusals import with_refusal
from nachhaken.desk.rows import EntryRow
from nachhaken.desk.speech import language, local_date, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.plan.draft import Draft, Version, draft_of
from nachhaken.plan.evidence import amount_of
from nachhaken.plan.memory import Remembered, key_points_of
from nachhaken.plan.thread import Heading, Thread, thread_of
from nachhaken.plan.values import Advice, Preferences
from nachhaken.plan.wording import Named, Speaker, named_of
from nachhaken.playbook.tables import playbook
from nachhaken.terms import Channel, Form, StepKind

MOST_REPEATED = 3
# How a key point can be said again on paper.
ON_PAPER = (Form.MAIL, Form.STORY, Form.PICTURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address of the page asks for: a step, a text, a person, an offer, a way."""

    step: StepKind | None = None
    text_key: str = ""
    person_id: int | None = None
    offer_id: int | None = None
    by: Channel | None = None


def mail_page(user: User, opportunity_id: int, *, now: datetime, asked: Asked) -> MailPage:
    """Return the page for the planned step, or for what was `asked` without deciding for it.

    Raises NotFoundError where there is no such opportunity, person or offer.
    """
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    people = _people(told)
    person = _chosen(told, people, asked.person_id)
    offer = offer_in_work(opportunity_id, asked.offer_id)
    known = preferences()
    again = StepKind.REOPEN if told.opportunity.outcome in RETURNING else None
    advice = advice_of(
        to_person(told, person), now=now, preferences=known, step=asked.step or again
    )
    planned = Channel.LETTER if advice.step.channel is Channel.LETTER and not offer else None
    by = asked.by or planned or Channel.MAIL
    desk = _Desk(user, told, asked, person, offer, now, known, by, typed_by(user, opportunity_id))
    allowed = desk.allowance(advice.step.kind)
    # A letter, too, asks for leave where a mail would need it.
    draft = desk.draft(advice, asked.text_key, desk.allowance(advice.step.kind, Channel.MAIL))
    return desk.page(draft, advice, people, allowed)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is written from: who writes to whom about what, and with which offer."""

    user: User
    told: Told
    asked: Asked
    person: Person | None
    offer: OfferDraft | None
    now: datetime
    known: Preferences
    by: Channel
    begun: list[Writing]

    def draft(self, advice: Advice, key: str, allowed: Allowance) -> Draft:
        """Return the draft; without a key the version that was typed in last, if any was."""
        story = to_person(self.told, self.person).story
        asked = key or self._last_typed()
        return draft_of(
            story,
            advice,
            speaker=Speaker(name=self.user.get_full_name(), company=company()),
            playbook=with_refusal(playbook(), asked),
            now=self.now,
            preferences=self.known,
            language=language(),
            person_voice=self.person.tone if self.person else "",
            salutation=self.person.salutation if self.person else "",
            colleague=_colleague(self.user),
            own_rank=ranks(),
            key_points=self._points(),
            permission=None if allowed.overruling else allowed.permission,
            thread=self._thread(),
            paper=paper_with(self.told, self.offer, self._named().voice),
            privacy=privacy_notice(),
            key=asked,
        )

    def page(
        self, draft: Draft, advice: Advice, people: Sequence[Person], allowed: Allowance
    ) -> MailPage:
        row, story = self.told.opportunity, self.told.story
        amount = amount_of(story.timeline.standing())
        slot = self._slot(draft.key)
        typed = {one.slot: one for one in self.begun}
        saved = typed.get(slot)
        account = MailAccount.objects.filter(user=self.user).first()
        return MailPage(
            id=row.pk,
            prospect_id=row.prospect_id,
            prospect=row.prospect.name,
            title=row.title,
            amount_cents=amount[0] if amount else None,
            currency=amount[1] if amount else "EUR",
            is_open=row.outcome == "",
            status=status_of(row),
            step=advice.step.kind,
            step_title=speak(advice.step.title),
            goal=speak(advice.step.goal),
            recipient=self._recipient(self.person, self._query()) if self.person else None,
            others=tuple(self._other(one) for one in people if one != self.person),
            draft=draft,
            slot=slot,
            text_key=draft.key,
            subject=saved.subject if saved else draft.subject,
            text=saved.text if saved else draft.text,
            saved_at=timezone.localtime(saved.saved_at) if saved else None,
            versions=tuple(self._version(one, draft, typed) for one in draft.versions),
            said=self._said(),
            key_points=tuple(point.text for point in self._points()),
            permission=permission_view(allowed, row.pk),
            offer_id=self.offer.pk if self.offer else None,
            enclosures=enclosures_of(self.offer),
            account=account.address if account else "",
            is_letter=self.by is Channel.LETTER,
            postal=postal_of(row.prospect),
            has_letterhead=bool(letterhead().address),
            missing=missing_in(self.offer, on=local_date(self.now)) if self.offer else (),
            doubt=self._doubt(advice.step.kind),
        )

    def _doubt(self, kind: StepKind) -> Doubt | None:
        """Return what is to be said before asking; an offer is no asking."""
        owner = self.told.opportunity.owner_id
        return None if self.offer else doubt_of(self.user, owner, kind, now=self.now)

    def _named(self) -> Named:
        person = self.person
        return named_of(
            self.told.story,
            region=self.known.region,
            tone=person.tone if person else "",
            salutation=person.salutation if person else "",
        )

    def _points(self) -> list[Remembered]:
        at = timezone.localtime(self.now)
        points = key_points_of(self.told.story.timeline, now=at, forms=ON_PAPER)
        return [point for point in points if point.form][:MOST_REPEATED]

    def allowance(self, kind: StepKind, by: Channel | None = None) -> Allowance:
        """Return what the law says of writing this now; an offer answers who asked for it."""
        return allowance_of(
            to_person(self.told, self.person),
            channel=by or self.by,
            now=self.now,
            preferences=self.known,
            step=written(kind, self.by),
            purpose=purpose_with(self.offer.pk if self.offer else None),
        )

    def _thread(self) -> Thread | None:
        """Return the conversation that goes on, where it was with this very person."""
        if self.by is Channel.LETTER:
            return None
        sent = Outgoing.objects.filter(opportunity=self.told.opportunity, state="sent")
        held = sent.filter(event__isnull=False).values_list("event_id", "message_id", "subject")
        headings: dict[int, Heading] = {entry or 0: (name, about) for entry, name, about in held}
        thread = thread_of(self.told.story.timeline, headings)
        if thread and self.person and thread.person_id not in {None, self.person.pk}:
            return None
        return thread

    def _last_typed(self) -> str:
        """Return which text was typed in last, for this person and offer."""
        typed = (w.text_key for w in self.begun if w.slot == self._slot(w.text_key))
        return next(typed, "")

    def _slot(self, key: str) -> str:
        return slot_of(key, self.person, self.offer)

    def _version(self, one: Version, draft: Draft, typed: Mapping[str, Writing]) -> VersionRow:
        return VersionRow(
            angle=one.angle,
            gist=_gist(one.text),
            query=self._query(say=one.key),
            is_chosen=one.key == draft.key,
            is_begun=self._slot(one.key) in typed,
        )

    def _other(self, person: Person) -> Recipient:
        return self._recipient(person, self._query(person=person.pk))

    def _recipient(self, person: Person, query: str) -> Recipient:
        return Recipient(
            id=person.pk,
            name=str(person),
            role=person.role,
            mail=person.mail,
            query=query,
            lost_at=self.told.unreached.get(person.pk),
        )

    def _query(self, **changed: object) -> str:
        """Return the address of this page with something changed."""
        known = {
            "step": self.asked.step or "",
            "person": self.asked.person_id or "",
            "offer": self.asked.offer_id or "",
            "by": self.asked.by or "",
        }
        given = {name: value for name, value in (known | changed).items() if value}
        return f"?{urlencode(given)}"

    def _said(self) -> EntryRow | None:
        """Return what the customer said last, its reading marked in it."""
        story = self.told.story
        region = story.region or self.known.region
        rows = entry_rows(story.timeline, story.readings, region=region, now=self.now)
        return next((row for row in rows if row.text and not row.by_us), None)


def _people(told: Told) -> list[Person]:
    return told.opportunity.prospect.standing_people


def _chosen(told: Told, people: Sequence[Person], person_id: int | None) -> Person | None:
    """Return whom was asked for, else whom this is about, else the first with an address."""
    if person_id is not None:
        found = next((one for one in people if one.pk == person_id), None)
        if found is None:
            raise NotFoundError(f"person {person_id}")
        return found
    about = told.opportunity.person
    return about or next((one for one in people if one.mail), people[0] if people else None)


def _gist(text: str) -> str:
    """Return how a mail begins, below its greeting."""
    return next((part for part in text.split("\n\n")[1:] if part.strip()), "")


def _colleague(user: User) -> str:
    others = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("pk")
    return str(others.first() or "")
