"""What is known before the call, line by line: asked, offered, said, promised, told."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nachhaken.plan.evidence import Answer
from nachhaken.plan.sheet_values import Known
from nachhaken.plan.situation import Situation
from nachhaken.plan.spoken import sum_of
from nachhaken.plan.values import Param, Phrase, Story
from nachhaken.plan.wording import sentence_of, told_before
from nachhaken.plan.words import say
from nachhaken.terms import Intent
from nachhaken.timeline import OfferSent, Opened, Replied

LATEST_REPLIES = 2
LATEST_TOLD = 3
LONGEST = 140


def known_of(
    story: Story, situation: Situation, *, zone: ZoneInfo, language: str
) -> tuple[Known, ...]:
    """Return the lines in the user's `language`; days are local to `zone`."""
    lines = _Lines(story, situation, zone, language)
    return (
        *lines.asked(),
        *lines.offered(),
        *lines.said(),
        *lines.promised(),
        *lines.told(),
    )


class _Lines:
    def __init__(self, story: Story, situation: Situation, zone: ZoneInfo, language: str) -> None:
        self.story, self.situation = story, situation
        self.zone, self.language = zone, language

    def asked(self) -> Iterator[Known]:
        for entry in self.story.timeline.standing():
            if isinstance(entry.fact, Opened):
                title = entry.fact.title or self.story.title
                yield Known("asked", title, self._day(entry.occurred_at))
                return

    def offered(self) -> Iterator[Known]:
        offer, at = self.situation.offer, self.situation.offered_at
        if offer is not None and at is not None:
            yield Known("offered", ", ".join(self._offer(offer)), self._day(at))

    def said(self) -> Iterator[Known]:
        spoken = [a for a in self.situation.answers if a.intent is not Intent.AUTO_REPLY]
        for answer in reversed(spoken[-LATEST_REPLIES:]):
            yield Known("said", self._words(answer), self._day(answer.entry.occurred_at))

    def promised(self) -> Iterator[Known]:
        """Of a promise, the day is when it is due."""
        for point in self.situation.points:
            if point.kept is None and not point.is_condition:
                by = "us" if point.by_us else "them"
                yield Known("promised", self._say(f"promised_{by}", what=point.what), point.due)

    def told(self) -> Iterator[Known]:
        for _, (entry, told) in zip(range(LATEST_TOLD), told_before(self.story), strict=False):
            yield Known("told", told.what, self._day(entry.occurred_at))

    def _offer(self, offer: OfferSent) -> Iterator[str]:
        if offer.number:
            yield offer.number
        if offer.version > 1:
            yield self._say("version", version=offer.version)
        if offer.net_cents is not None:
            yield sum_of(offer.net_cents, offer.currency, language=self.language)
        if offer.valid_until is not None:
            yield self._say("valid", until=offer.valid_until)

    def _words(self, answer: Answer) -> str:
        """The sentence that shows what was said; of a talk, what was noted of it."""
        fact = answer.entry.fact
        span = answer.reading.intent_span if answer.reading else None
        text = sentence_of(fact.text, span) if isinstance(fact, Replied) else ""
        if not text:
            return say(_heard(answer), self.language)
        return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"

    def _say(self, key: str, **params: Param) -> str:
        return say(Phrase(f"known.{key}", params), self.language)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def _heard(answer: Answer) -> Phrase:
    if answer.intent is Intent.STALLED_NAMED:
        if not answer.condition:
            return Phrase("reason.heard.stalled_named_plain")
        return Phrase("reason.heard.stalled_named", {"condition": answer.condition})
    return Phrase(f"reason.heard.{answer.intent.value}")
