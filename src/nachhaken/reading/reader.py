"""One reply, read: intent, call-back window, condition, reason and signals with their places."""

from datetime import date

from nachhaken.reading.atoms import When
from nachhaken.reading.callback import choose
from nachhaken.reading.conditions import Condition, choose_condition, find_conditions
from nachhaken.reading.intents import Verdict, decide
from nachhaken.reading.phrases import Hit, hits
from nachhaken.reading.reasons import find_reason
from nachhaken.reading.scope import is_about_the_deal, questions, said_outright
from nachhaken.reading.signals import find_signals
from nachhaken.reading.text import Folded, fold, language_of, own_words
from nachhaken.reading.values import Reading, Span
from nachhaken.reading.windows import Found, find_windows
from nachhaken.terms import Intent, NoReason

# Weights on the scale of the phrase tables: 1 a hint, 4 certain.
_AUTOMATIC = 6.0
_BARE_WINDOW = 1.5
_WINDOW_WITH_CONTACT = 2.5
_ASKS_SEVERAL = 3.0
_ASKS_ONE = 2.0
_SEVERAL = 2
# In so few characters a date is the message itself.
_SHORT_TEXT = 140
_CHECKABLE = 2.5
# A condition this good could be checked by a stranger.
_CHECKABLE_FROM = 4.5
_DECIDES = 3


def read(
    text: str,
    *,
    reference: date,
    region: str = "DE",
    subject: str = "",
    automatic: bool = False,
) -> Reading:
    """What the customer says in `text`, counted from the reply's day `reference`.

    `text` is the new text without quoted history; leftovers of it and a signature are passed
    over. `subject` only helps to know machine mail, `automatic` says that the headers show it.
    `region` is a country or a state ("DE-NW", "AT-9", "CH"). Never raises; a text without a
    word reads as OTHER with low confidence.
    """
    folded = fold(own_words(text).rstrip())
    windows = find_windows(folded.text, When(reference, region))
    conditions = find_conditions(folded.text)
    said = said_outright(folded.text, hits(folded.text, "intents"))
    found = [*said, *_subject_hits(subject)]
    extra = _evidence(found, windows, conditions, length=len(folded.text), automatic=automatic)
    extra[Intent.ENGAGED] = _asking(questions(folded.text), found)
    verdict = decide(found, extra, empty=not folded.text.strip())
    condition = choose_condition(conditions, verdict.intent)
    return _reading(folded, verdict, choose(windows, verdict.intent), condition)


def _subject_hits(subject: str) -> list[Hit]:
    """Machine mail shows in its subject; other words of a subject are ours, not the customer's."""
    found = hits(fold(subject).text, "intents")
    # At no place of the text, so the span is left empty.
    return [Hit(hit.phrase, -1, -1) for hit in found if hit.phrase.label == Intent.AUTO_REPLY]


def _evidence(
    found: list[Hit],
    windows: list[Found],
    conditions: list[Condition],
    *,
    length: int,
    automatic: bool,
) -> dict[Intent, float]:
    extra: dict[Intent, float] = {}
    if automatic:
        extra[Intent.AUTO_REPLY] = _AUTOMATIC
    later = choose(windows, Intent.LATER_VAGUE)
    if later is not None:
        extra[Intent.LATER_VAGUE] = _postponement(later, length)
    if any(one.weight >= _CHECKABLE_FROM and not one.is_term for one in conditions):
        extra[Intent.STALLED_NAMED] = _CHECKABLE
    if any(hit.phrase.label == Intent.YES and hit.phrase.weight >= _DECIDES for hit in found):
        # Whoever orders and names a day names the day of the work.
        extra.pop(Intent.LATER_VAGUE, None)
    return extra


def _postponement(window: Found, length: int) -> float:
    """What a date says for "later": much where we are to come again then, little in passing."""
    if window.asked:
        return _WINDOW_WITH_CONTACT
    if length > _SHORT_TEXT:
        return 0.0
    return _WINDOW_WITH_CONTACT if window.contact else _BARE_WINDOW


def _asking(asked: list[str], found: list[Hit]) -> float:
    """What questions say for "engaged"; those that ask for another quote or for help do not."""
    if any(hit.phrase.label == Intent.OTHER and hit.phrase.weight >= _DECIDES for hit in found):
        return 0.0
    if len(asked) >= _SEVERAL:
        return _ASKS_SEVERAL
    return _ASKS_ONE if any(map(is_about_the_deal, asked)) else 0.5 * len(asked)


def _reading(
    folded: Folded, verdict: Verdict, callback: Found | None, condition: Condition | None
) -> Reading:
    intent = verdict.intent
    span = folded.span(condition.start, condition.end) if condition else None
    reason = find_reason(folded.text) if intent is Intent.NO else None
    shown = find_signals(folded.text)
    return Reading(
        intent=intent,
        probabilities=verdict.probabilities,
        callback=callback.window if callback else None,
        condition=folded.original[span.start : span.end] if span else None,
        no_reason=(reason.reason if reason else NoReason.UNKNOWN) if intent is Intent.NO else None,
        signals=frozenset(one.signal for one in shown),
        intent_span=_span(folded, verdict.hit, condition),
        callback_span=folded.span(callback.start, callback.end) if callback else None,
        condition_span=span,
        reason_span=folded.span(reason.start, reason.end) if reason else None,
        signal_spans={one.signal: folded.span(one.start, one.end) for one in shown},
        rule=verdict.hit.phrase.id if verdict.hit else "",
        language=language_of(folded.text),
    )


def _span(folded: Folded, hit: Hit | None, condition: Condition | None) -> Span | None:
    if hit is not None and hit.start >= 0:
        return folded.span(hit.start, hit.end)
    return folded.span(condition.start, condition.end) if condition and hit is None else None
