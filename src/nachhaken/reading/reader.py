"""One reply, read: intent, call-back window, condition, reason and signals with their places."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from nachhaken.reading.atoms import When
from nachhaken.reading.callback import choose
from nachhaken.reading.conditions import Condition, choose_condition, find_conditions
from nachhaken.reading.cues import GUARDED, cues
from nachhaken.reading.doubts import cannot_be_read, is_close
from nachhaken.reading.features import tokens
from nachhaken.reading.intents import INTENTS, Verdict, decide, machine_made, unread
from nachhaken.reading.layer import Layer
from nachhaken.reading.phrases import Hit, anchors_in, hits
from nachhaken.reading.reasons import find_reason
from nachhaken.reading.scope import only_asks, questions, said_outright
from nachhaken.reading.scores import TextModel, shipped
from nachhaken.reading.signals import find_signals
from nachhaken.reading.speaks import speaking_most
from nachhaken.reading.text import Folded, fold, language_of, own_words
from nachhaken.reading.values import Doubt, Reading, Span
from nachhaken.reading.windows import Found, find_windows
from nachhaken.terms import Intent, NoReason

# The kinds of phrases that are sought in every reply.
_SOUGHT = ("intents", "signals")
# A phrase that only hints may be the wrong place to show.
_SHOWS = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in a reply before its intent is known."""

    folded: Folded
    words: list[str]
    anchors: AbstractSet[str]
    said: list[Hit]
    conditions: list[Condition]
    windows: list[Found]
    cues: list[float]


def read(
    text: str,
    *,
    reference: date,
    region: str = "DE",
    subject: str = "",
    automatic: bool = False,
    model: TextModel | None = None,
    layer: Layer | None = None,
) -> Reading:
    """What the customer says in `text`, counted from the reply's day `reference`.

    `text` is the new text without quoted history; leftovers of it and a signature are passed
    over. `subject` only helps to know machine mail, `automatic` says that the headers show it.
    `region` is a country or a state ("DE-NW", "AT-9", "CH"). `model` is by default the shipped
    one, `layer` what a user's corrections add to it. Never raises; a text that cannot be read is
    OTHER with low confidence, and `doubt` says why.
    """
    model = model or shipped()
    seen = look(text, When(reference, region))
    doubt = cannot_be_read(seen.folded, seen.words, model)
    found = unread() if doubt else decide(model, seen.words, seen.cues, layer)
    if automatic or _is_machines(subject):
        # What shows it stands in the head of the mail, not in the text.
        return replace(reading_of(seen, machine_made(found), model), intent_span=None)
    return reading_of(seen, found, model, doubt=doubt)


def look(text: str, when: When) -> Seen:
    """What stands in a reply: its words, phrases, conditions, windows, and the cues from them."""
    folded = fold(own_words(text).rstrip())
    words = tokens(folded.text)
    anchors = anchors_in(folded.text, _SOUGHT)
    said = said_outright(folded.text, hits(folded.text, "intents", GUARDED, anchors=anchors))
    conditions = find_conditions(folded.text)
    windows = find_windows(folded.text, when)
    numbers = cues(
        said, conditions, windows, questions(folded.text),
        words=len(words), only_asks=only_asks(folded.text),
    )  # fmt: skip
    return Seen(folded, words, anchors, said, conditions, windows, numbers)


def _is_machines(subject: str) -> bool:
    """Machine mail shows in its subject; other words of a subject are ours, not the customer's."""
    return bool(subject and hits(fold(subject).text, "intents", (Intent.AUTO_REPLY,)))


def reading_of(
    seen: Seen, found: Verdict, model: TextModel, *, doubt: Doubt | None = None
) -> Reading:
    """The reading of a reply once its intent is told."""
    intent, folded = found.intent, seen.folded
    condition = choose_condition(seen.conditions, intent)
    callback = choose(seen.windows, intent)
    place = folded.span(condition.start, condition.end) if condition else None
    reason = find_reason(folded.text) if intent is Intent.NO else None
    shown = find_signals(folded.text, seen.words, seen.anchors)
    # What cannot be read shows nothing.
    hit = None if doubt else _strongest(seen, intent)
    sentence = None if doubt or hit else _sentence(seen, intent, model)
    return Reading(
        intent=intent,
        probabilities=found.probabilities,
        callback=callback.window if callback else None,
        condition=folded.original[place.start : place.end] if place else None,
        no_reason=(reason.reason if reason else NoReason.UNKNOWN) if intent is Intent.NO else None,
        signals=frozenset(one.signal for one in shown),
        intent_span=folded.span(hit.start, hit.end) if hit else sentence,
        callback_span=folded.span(callback.start, callback.end) if callback else None,
        condition_span=place,
        reason_span=folded.span(reason.start, reason.end) if reason else None,
        signal_spans={one.signal: folded.span(one.start, one.end) for one in shown},
        doubt=doubt or is_close(found),
        rule=hit.phrase.id if hit else "",
        language=language_of(seen.words),
    )


def _strongest(seen: Seen, intent: Intent) -> Hit | None:
    """The phrase that shows the intent best, if one does."""
    if intent in GUARDED:
        own = [hit for hit in seen.said if hit.phrase.label == intent]
    else:
        own = hits(seen.folded.text, "intents", (intent,), anchors=seen.anchors)
    best = max(own, key=lambda hit: (hit.phrase.weight, -hit.start), default=None)
    return best if best and best.phrase.weight >= _SHOWS else None


def _sentence(seen: Seen, intent: Intent, model: TextModel) -> Span | None:
    """The sentence whose words speak most for the intent, where no phrase shows it."""
    start, end = speaking_most(seen.folded.text, model, INTENTS.index(intent))
    return seen.folded.span(start, end) if start < end else None
