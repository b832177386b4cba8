"""What fills the placeholders of the playbook for one customer; what is unknown is absent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nachhaken.plan.address import address_of, voice_of
from nachhaken.plan.commitments import first_awaited, first_owed
from nachhaken.plan.evidence import amount_of
from nachhaken.plan.situation import Situation
from nachhaken.plan.spoken import in_window, of_day, on_day, sum_of
from nachhaken.plan.values import Story
from nachhaken.playbook.values import Voice
from nachhaken.reading.values import Span
from nachhaken.terms import Channel, Intent
from nachhaken.timeline import Entry, Mentioned, Met, Replied, Touched

LONGEST_QUOTE = 80

_GREETING = re.compile(
    r"^(?:hallo|guten \w+|sehr geehrte\w*|liebe\w?|grüezi|grüß gott|servus|moin|dear|hi|hello)\b"
    r"[^,!.?\n]{0,40}[,!.]?\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:mit )?(?:freundliche\w*|viele|beste|liebe|herzliche\w*|schöne) gr(?:ü|u)(?:ß|ss)e?n?"
    r"|(?:mfg|lg|vg|kind regards|best regards|regards|best wishes)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n\s*\n")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who calls: the user's name and the name of the business; "" where unknown."""

    name: str
    company: str


@dataclass(frozen=True, slots=True)
class Named:
    """How the person is spoken to; `salutation` is "frau" or "herr" where somebody set it."""

    salutation: str
    voice: Voice


def named_of(story: Story, *, region: str, tone: str = "", salutation: str = "") -> Named:
    """Return how to speak to the person; `region` holds where the customer's is unknown."""
    voice = voice_of(
        story.timeline.standing(), story.readings, region=story.region or region, tone=tone
    )
    return Named(salutation, voice)


def language_of(voice: Voice) -> str:
    """Return the language that a voice speaks."""
    return "en" if voice is Voice.ENGLISH else "de"


def values_of(
    story: Story,
    situation: Situation,
    *,
    named: Named,
    speaker: Speaker,
    now: datetime,
    zone: ZoneInfo,
) -> dict[str, str]:
    """Return what is known for the placeholders, by name, in the customer's language."""
    words = _Times(zone, now.astimezone(zone).date(), language_of(named.voice))
    texts = [t for e in story.timeline.standing() if (t := _text(e))]
    found = {
        "name": _name(story, named, texts),
        "me": speaker.name,
        "company": speaker.company,
        "topic": story.title,
        "offered": _offered(situation, words),
        "last": _last(story, now, words),
        "window": _window(situation, words),
        "condition": quote(condition_of(situation)),
        "said": last_words(situation),
        "promised": _promised(situation),
        "told": next((quote(told.what) for _, told in told_before(story)), ""),
        "amount": _amount(story, named.voice),
    }
    return {name: text for name, text in found.items() if text.strip()}


def condition_of(situation: Situation) -> str:
    """Return what the customer has still to settle: a condition, else what they promised first."""
    named = [p for p in situation.points if p.is_condition and p.kept is None]
    point = named[-1] if named else first_awaited(situation.points)
    return point.what if point else ""


def last_words(situation: Situation) -> str:
    """Return the sentence that shows what the customer wrote last; "" where it is not short.

    Of a talk there are only our notes, and those are not quoted to the customer.
    """
    spoken = [a for a in situation.answers if a.intent is not Intent.AUTO_REPLY]
    fact = spoken[-1].entry.fact if spoken else None
    if not isinstance(fact, Replied) or fact.channel in (Channel.CALL, Channel.MEETING):
        return ""
    reading = spoken[-1].reading
    return quote(sentence_of(fact.text, reading.intent_span if reading else None))


def sentence_of(text: str, span: Span | None) -> str:
    """Return the sentence of `text` around `span`, without it the last before the closing."""
    body = _CLOSING.split(text, maxsplit=1)[0]
    sentences = list(_sentences(body))
    if not sentences:
        return ""
    place = span.start if span else len(body)
    return next((s for start, s in reversed(sentences) if start <= place), sentences[0][1])


def told_before(story: Story) -> Iterator[tuple[Entry, Mentioned]]:
    """Yield what the customer told about themselves, the newest first."""
    for entry in reversed(story.timeline.standing().entries):
        if isinstance(entry.fact, Mentioned):
            yield entry, entry.fact


def clause(text: str) -> str:
    """Return `text` on one line without what ends a sentence: it stands within another one."""
    return _BLANK.sub(" ", text).strip().rstrip(".!,;: ")


def quote(text: str) -> str:
    """Return `text` as a clause to be quoted aloud; "" where it is too long for that."""
    line = clause(text)
    return line if len(line) <= LONGEST_QUOTE else ""


def _sentences(body: str) -> Iterator[tuple[int, str]]:
    greeting = _GREETING.match(body)
    start = greeting.end() if greeting else 0
    for end in (*(m.end() for m in _SENTENCE_END.finditer(body, start)), len(body)):
        if body[start:end].strip(" .,!?–-\n"):
            yield start, body[start:end].strip()
        start = end


def _text(entry: Entry) -> str:
    return entry.fact.text if isinstance(entry.fact, Touched | Replied) else ""


def _name(story: Story, named: Named, texts: list[str]) -> str:
    """Where no person is known, the texts may say who it is; a firm has no first name."""
    if not story.person and named.voice is Voice.DU:
        return story.prospect
    person = story.person or story.prospect
    return address_of(person, texts, named.voice, salutation=named.salutation)


def _offered(situation: Situation, words: "_Times") -> str:
    at = situation.offered_at
    return of_day(words.day(at), today=words.today, language=words.language) if at else ""


def _last(story: Story, now: datetime, words: "_Times") -> str:
    """A call that reached nobody is no talk, and the offer has its own date."""
    met = [e.occurred_at for e in story.timeline.standing() if _is_exchange(e)]
    last = max((at for at in met if at <= now), default=None)
    return on_day(words.day(last), today=words.today, language=words.language) if last else ""


def _is_exchange(entry: Entry) -> bool:
    match entry.fact:
        case Touched(reached=reached):
            return reached is not False
        case Replied(automatic=automatic):
            return not automatic
        case _:
            return isinstance(entry.fact, Met)


def _window(situation: Situation, words: "_Times") -> str:
    answer = situation.window_answer
    if answer is None or answer.window is None:
        return ""
    return in_window(answer.window, today=words.today, language=words.language)


def _promised(situation: Situation) -> str:
    points = situation.points
    owed = first_owed(points) or next((p for p in points if p.by_us and p.kept is None), None)
    return quote(owed.what) if owed else ""


def _amount(story: Story, voice: Voice) -> str:
    amount = amount_of(story.timeline.standing())
    if amount is None or amount[0] <= 0:
        return ""
    return sum_of(*amount, swiss=voice is Voice.SWISS, language=language_of(voice))


@dataclass(frozen=True, slots=True)
class _Times:
    """How days are said: in the user's zone, seen from today, in the customer's language."""

    zone: ZoneInfo
    today: date
    language: str

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
