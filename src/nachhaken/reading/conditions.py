"""The condition: the shortest piece of a reply that names what must have happened or changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from nachhaken.reading.checkable import PLAIN, Mark, worth_of
from nachhaken.reading.clauses import JOINS, Words, clauses, is_date, opens, places_of, words_of
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.reading.vocabulary import listed, weights
from nachhaken.terms import Intent

_LONGEST = 26
_SHORTEST = 2
_LONGEST_PHRASE = 9
_LONGEST_VERB_FIRST = 9
_MOST = 12
# Below this a term is too weak to be stated as a condition of an engaged reply.
_TERM_AT_LEAST = 1.5
# How many words away "unterschreiben" still belongs to a term.
_NEAR = 9
# From here on the words of a phrase name something.
_NAMED = 1.5
_CUES_ENOUGH = 1.1
_EVENT = 3.0
_THING = 2.0
# How many words on "vorher nicht" still points back.
_FOLLOWED = 8
_GOES_ON = frozenset({",", ":", "-"})
_SENTENCE_ENDS = frozenset({".", "!", "?", ";", ",", "\n", "\n\n"})
_FULL_STOPS = frozenset({".", "!", "?", "\n\n"})
_OF = (["der"], ["des"], ["von"], ["vom"], ["durch"], ["of"])
_TO_THE = frozenset({"zum", "zur", "zu"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition at `[start:end]` of the folded text.

    `is_term` where it is a term to agree on or a paper that we are to send. `weight` says how
    well a stranger could check it (a term: how surely it is one): 2 hardly, 4 and more surely.
    """

    start: int
    end: int
    is_term: bool
    weight: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words `first` to `last` (inclusive) as a condition of a certain weight."""

    first: int
    last: int
    weight: float
    is_term: bool = False


def find_conditions(folded: str) -> list[Condition]:
    """What a folded text may name as its condition, the best first; empty where nothing could be.

    Only the first 4,000 characters are looked at.
    """
    folded = folded[:READ_AT_MOST]
    text = words_of(folded)
    found = [piece for piece in _pieces(text) if piece.weight > 0]
    if not found:
        return []
    found.sort(key=lambda piece: (-piece.weight, piece.first))
    places = places_of(text.words, folded)
    return [_condition(places, piece) for piece in found[:_MOST]]


def choose_condition(candidates: list[Condition], intent: Intent) -> Condition | None:
    """The condition that a reply of this intent states, or None.

    A stalled customer names what must happen, else a term; an engaged one only a term.
    """
    terms = [one for one in candidates if one.is_term]
    if intent is Intent.STALLED_NAMED:
        return next((one for one in candidates if not one.is_term), terms[0] if terms else None)
    if intent is Intent.ENGAGED and terms and terms[0].weight >= _TERM_AT_LEAST:
        return terms[0]
    return None


def _condition(places: list[tuple[int, int]], piece: _Piece) -> Condition:
    start, end = places[piece.first][0], places[piece.last][1]
    return Condition(start, end, piece.is_term, piece.weight)


def _pieces(text: Words) -> Iterator[_Piece]:
    for first, last in clauses(text):
        if text.marks[first].opener is not None or _is_verb_first(text, first, last):
            yield from _clause(text, first, last)
        else:
            yield from _main_clause(text, first, last)
        yield from _phrases(text, first, last)


def _is_verb_first(text: Words, first: int, last: int) -> bool:
    """Whether a clause says "if" by its verb alone: "Ist er zurück, reden wir."."""
    words = text.words
    if words[first] not in listed("verbs") or not _SHORTEST <= last - first <= _LONGEST_VERB_FIRST:
        return False
    if words[last + 1 : last + 2] != [","] or (first and words[first - 1] in _GOES_ON):
        return False
    return text.marks[last].is_done or worth_of(text.marks[first : last + 1]) > 0


def _clause(text: Words, first: int, last: int) -> Iterator[_Piece]:
    """What a clause with "wenn", "sobald", "until" names."""
    words = text.words
    if last - first < _SHORTEST or not opens(words, first) or _is_asked(words, first, last):
        return
    last = _shortest(words, first, min(last, first + _LONGEST))
    body, marks = words[first + 1 : last + 1], text.marks[first + 1 : last + 1]
    opener = _opener(words, first)
    weight = weights("openers")[opener] + _emphasis(words, first, body)
    value = worth_of(marks)
    if opener in listed("conditional"):
        addressed = 1.4 if _is_addressed(body) else 0.0
        terms = min(sum(one.is_term for one in marks), 2)
        # A deed of others: "wenn der Stadtrat zustimmt".
        others = 1.0 if value >= _EVENT and not terms and not addressed else 0.0
        term = 0.6 + terms + addressed - others + min(value, 0.0)
        term += 0.9 * _is_premise(words, first) + 1.2 * _is_near_deal(text, first, last)
        if not _is_question(words, last):
            yield _Piece(first, last, term, is_term=True)
        weight -= 1.5 * addressed
    yield _Piece(first, last, weight + 0.8 * value + 2.0 * _has_happened(body, marks))


def _is_premise(words: list[str], first: int) -> bool:
    """Whether the clause is said to be the one thing needed: "sofern", "nur wenn"."""
    return words[first] in listed("premises") or words[first - 1 : first] == ["nur"]


def _is_question(words: list[str], last: int) -> bool:
    """Whether the sentence that a clause stands in asks something: a question is no condition."""
    ends = (word for word in words[last + 1 : last + _LONGEST] if word in _FULL_STOPS)
    return next(ends, "") == "?"


def _is_asked(words: list[str], first: int, last: int) -> bool:
    """Whether "wann" asks: "Wann das ist, weiß er nicht."."""
    around = words[max(0, first - 3) : last + 6]
    return words[first] in {"wann", "when"} and not listed("asked").isdisjoint(around)


def _opener(words: list[str], first: int) -> str:
    if words[first] == "as":
        return "soon"
    return words[first] if words[first] in weights("openers") else "sobald"


def _shortest(words: list[str], first: int, last: int) -> int:
    """Where a clause without a comma behind it ends: at its verb, when another verb follows."""
    for place in range(first + 3, last):
        if words[place] in listed("after_clause") and words[place - 1] in listed("closers"):
            return place - 1
    return last


def _emphasis(words: list[str], first: int, body: list[str]) -> float:
    """What stands around an opener: "erst wenn", "solange nicht", "wenn die", "wenn wir"."""
    weight = 0.6 if body[0] in listed("said_before") else 0.4
    if first and words[first - 1] in listed("only"):
        weight += 0.8
    if words[first].startswith("solang"):
        weight += -0.9 if listed("not").isdisjoint(body) else 0.5
    return weight - (0.6 if body[0] in listed("we") else 0.0)


def _is_addressed(body: list[str]) -> bool:
    """Whether we are the ones to do it: "wenn Sie uns 3 % geben"."""
    if listed("you").isdisjoint(body[:2]):
        return False
    # In folded text "Sie" and "sie" are one: the plural of the verb and "uns" tell them apart.
    plural = body[-1].endswith("n") or not listed("to_us").isdisjoint(body)
    return "sie" not in body[:2] or plural


def _is_near_deal(text: Words, first: int, last: int) -> bool:
    around = text.marks[max(0, first - _NEAR) : first] + text.marks[last + 1 : last + 1 + _NEAR]
    return any(one.is_deal for one in around)


def _has_happened(body: list[str], marks: list[Mark]) -> bool:
    return any(one.is_done for one in marks[-3:]) or "wieder" in body


def _phrases(text: Words, first: int, last: int) -> Iterator[_Piece]:
    """What a preposition and an event name: "nach der Messe"."""
    nested = 1.5 if text.marks[first].opener is not None else 0.0
    for place in range(first, last):
        base = text.marks[place].preposition
        if base is None:
            continue
        end = _phrase_end(text, place, last)
        body = text.words[place + 1 : end + 1]
        if body and (body[0] in _TO_THE or not is_date(body[0])):
            weight = _phrase_weight(base, body, text.marks[place + 1 : end + 1])
            yield _Piece(place, end, weight - (nested if place > first else 0.0))


def _phrase_end(text: Words, place: int, last: int) -> int:
    stops = listed("stops")
    furthest = min(last, place + _LONGEST_PHRASE)
    for end in range(place, furthest):
        following = text.words[end + 1]
        is_opener = text.marks[end + 1].opener is not None
        if following in stops or is_opener or following[:1].isdigit():
            return end
    return furthest


def _phrase_weight(base: float, body: list[str], marks: list[Mark]) -> float:
    if not listed("ours").isdisjoint(body):
        return 0.0
    value = worth_of(marks)
    if not listed("becoming").isdisjoint(body[:2]):
        base = max(base, weights("prepositions")["nach"])
    if value >= _NAMED:
        return base + 0.9 * value
    # "Nach der Kommunion", "nach Inbetriebnahme der Linie": events that no list knows.
    is_named = body[0] in listed("articles") or body[1:2] in _OF
    return base if is_named and len(body) > 1 and base >= weights("prepositions")["ohne"] else 0.0


def _main_clause(text: Words, first: int, last: int) -> Iterator[_Piece]:
    """What a main clause names, as what must happen and as what we are to grant."""
    if text.words[first] in listed("no_statement") or text.words[last + 1 : last + 2] == ["?"]:
        return
    last = min(last, first + _LONGEST)
    marks = [one for one in text.marks[first : last + 1] if one is not PLAIN]
    if not marks:
        return
    # A clause with "nicht" twice says it once.
    cues = sum({one.cue for one in marks})
    value = max(worth_of(marks), 0.0)
    # "Grüß Gott Herr Leitner" has a person in it, and nothing that is to happen.
    if (value >= _THING or (value > 0 and cues)) or cues >= _CUES_ENOUGH:
        weight = min(cues, 2.2) + (0.8 if cues else 0.4) * value
        start = _lead(text.words, first, last)
        end = _asked_end(text.words, last) or _undated(text, start, last)
        yield _Piece(start, end, weight + _before_then(text.words, first, last))
    weight = _demand(text, first, last, marks)
    if weight:
        yield _Piece(first, last, weight, is_term=True)


def _lead(words: list[str], first: int, last: int) -> int:
    """Where a statement begins without "und", "aber", "will erst"."""
    while first < last and words[first] in listed("leads"):
        first += 1
    for place in range(first + 1, min(first + 3, last)):
        if words[place] in {"erst", "zuerst"} and words[place - 1] in {"will", "wollen", "moechte"}:
            return place + 1
    return first


def _undated(text: Words, first: int, last: int) -> int:
    """Where a statement ends without the date at its tail."""
    words = text.words
    for place in range(max(first + 2, last - 5), last):
        is_dated = words[place] in listed("date_heads") and is_date(words[place + 1])
        if is_dated and all(one.worth <= 0 for one in text.marks[place : last + 1]):
            return place - 1 - (words[place - 1] in JOINS)
    return last


def _asked_end(words: list[str], last: int) -> int | None:
    """Where the question ends that is waited for: "abwarten, was die Jury sagt"."""
    following = words[last + 1 : last + 3]
    if words[last] not in listed("waited") or following[:1] != [","]:
        return None
    if following[-1] not in listed("no_statement"):
        return None
    ends = (place for place in range(last + 2, len(words)) if words[place] in _SENTENCE_ENDS)
    return min(next(ends, len(words)) - 1, last + _LONGEST)


def _before_then(words: list[str], first: int, last: int) -> float:
    """A statement before "danach", "vorher nicht" is what is waited for; that after it is not."""
    if not listed("then").isdisjoint(words[first : first + 2]):
        return -1.5
    return 1.0 if not listed("then").isdisjoint(words[last + 1 : last + _FOLLOWED]) else 0.0


def _demand(text: Words, first: int, last: int, marks: list[Mark]) -> float:
    """How surely a clause asks us for something: "fehlt noch der Nachweis", "bei 3 % Skonto"."""
    body = text.words[first : last + 1]
    asks = max(one.demand for one in marks)
    terms = min(sum(one.is_term for one in marks), 3)
    counted = any(word[0].isdigit() for word in body)
    if not (asks or (counted and (terms or body[0] in listed("leads_to_term")))):
        return 0.0
    near = any(one.is_deal for one in marks) or _is_near_deal(text, first, last)
    from_us = not listed("from_us").isdisjoint(body)
    if not (near and counted) and not (asks and (terms or from_us)):
        return 0.0
    if _is_question(text.words, last) or (not terms and not listed("answers").isdisjoint(body)):
        return 0.0
    return 0.4 + asks + 0.6 * terms + 0.8 * near + 0.5 * from_us + 0.5 * counted
