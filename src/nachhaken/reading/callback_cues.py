"""What the words around a date say it is for: contact, an absence, a meeting, work, a deadline."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nachhaken.reading.atoms import Atom, Line
from nachhaken.reading.memory import Memory

_SHORTEST_STEM = 2
_NEAR = 4
_FOLLOWS = 25
_BRIEF = 12
_NONE: frozenset[str] = frozenset()


def cues_around(line: Line, atom: Atom, lead: tuple[str, int]) -> set[str]:
    """The cues around a period: near it, in its sentence, in the ones beside.

    `lead` is the operator written before it, "" for none, and the index of its first word.
    """
    operator, first = lead
    start, end, next_end = line.sentence(atom.first, atom.last)
    words = line.words
    # One union of all that the words give: this is where most of the time goes.
    found = set(_said(atom.rule, operator, atom.period.grain)).union(
        *map(_SENTENCE_CUES.__getitem__, words[start:first]),
        *map(_SENTENCE_CUES.__getitem__, words[atom.last : end]),
        *map(_LEFT_CUES.__getitem__, words[max(start, first - _NEAR) : first]),
        *map(_RIGHT_CUES.__getitem__, words[atom.last : min(end, atom.last + _NEAR)]),
        *map(_NEXT_CUES.__getitem__, words[end + 1 : next_end]),
    )
    found.update(_marks(line, atom, (start, first, end)))
    if _is_promise(found, words[start:end]):
        found.add("promise")
    if not _words_of("then").isdisjoint(words[atom.last : atom.last + _FOLLOWS]):
        found.add("then")
    found.update(_pointers(line, first, atom.last))
    found.update(_derived(found))
    return found


def _pointers(line: Line, first: int, last: int) -> Iterator[str]:
    """What points to the period from elsewhere: "bis dahin", "ab da", "nach der Wahl"."""
    for match in _POINTER.finditer(line.kinds, max(0, first - _FOLLOWS), last + _FOLLOWS):
        at = match.start()
        if first <= at < last:
            continue
        if match[0][0] == "n":
            yield "after that"
        elif at >= last and line.words[at + 1] in _BACKWARD:
            yield "from then" if match[0][0] == "a" else "till then"


@cache
def _words_of(cue: str) -> frozenset[str]:
    """The words that are written out in the table for a cue."""
    return frozenset(word for word, names in _tables()[0].items() if cue in names)


def _is_promise(found: set[str], sentence: list[str]) -> bool:
    """Whether the customer will report unasked, without "sonst haken Sie nach"."""
    if not _SPEAKS & found or {"sent:otherwise", "next:otherwise"} & found:
        return False
    said = " ".join(sentence)
    return any(anchor in said and pattern.search(said) for anchor, pattern in _PROMISES.items())


def _marks(line: Line, atom: Atom, around: tuple[int, int, int]) -> set[str]:
    """What marks and numbers around a period say: an hour, a negation, a question."""
    start, first, end = around
    found = set()
    if _names_hour(line, max(0, atom.first - 3), atom.last + 6):
        found.add("time")
    if "0" in line.kinds[max(start, first - _NEAR) : first]:
        found.add("left:not")
    if "0" in line.kinds[atom.last : min(end, atom.last + _NEAR)]:
        found.add("right:not")
    if "0" in line.kinds[start:end]:
        found.add("not")
    if line.kinds[end : end + 1] == "?":
        found.add("question")
    if end - start <= _NEAR + (atom.last - first):
        found.add("short")
    if len(line.words) <= _BRIEF:
        found.add("brief")
    return found


def _names_hour(line: Line, start: int, end: int) -> bool:
    if _TIME.search(line.kinds, start, end):
        return True
    near = line.words[start:end]
    return not _HOUR_LEADS.isdisjoint(near) and any(
        word in _HOUR_LEADS and line.kinds[number : number + 1] in _NUMBERS
        for number, word in enumerate(near, start + 1)
    )


@cache
def _said(rule: str, lead: str, grain: str) -> frozenset[str]:
    """The cues of the period itself; a range says both ends in place of an operator."""
    shape = "range" if rule.endswith("range") else ""
    return frozenset({"any", f"rule:{rule}", f"grain:{grain}", f"lead:{lead or shape}"})


def _derived(found: set[str]) -> set[str]:
    """What several cues say together: a request to us, or a promise that spares us one."""
    derived = set()
    if "sent:absent" in found or {"sent:place", "not"} <= found:
        derived.add("gone")
    if "sent:contact" in found and ("sent:please" in found or {"sent:you", "sent:me"} <= found):
        derived.add("asked")
    if {"left:back", "right:back"} & found and "lead:" in found:
        derived.add("return")
    if "sent:we" in found and "gone" in derived:
        derived.add("own absence")
    return derived


def _cues_in(zone: str) -> Memory[frozenset[str]]:
    """The cues that each folded word gives in a zone, "zone:cue"."""
    return Memory(lambda word: frozenset(f"{zone}:{cue}" for cue in _CUES[word]))


def _cues(word: str) -> frozenset[str]:
    if not word.isalpha():
        return _NONE
    exact, stems, inner = _tables()
    found = set(exact.get(word, _NONE))
    for length in range(_SHORTEST_STEM, len(word) + 1):
        found |= stems.get(word[:length], _NONE)
    found |= {name for name, pattern in inner.items() if pattern.fullmatch(word)}
    return frozenset(found)


@cache
def _tables() -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, re.Pattern[str]]]:
    path = Path(__file__).with_name("tables") / "callback_words.toml"
    exact: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    inner: dict[str, list[str]] = {}
    for name, listed in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for word in listed.split():
            if word.startswith("*"):
                inner.setdefault(name, []).append(word.replace("*", r"\w*"))
            elif word.endswith("*"):
                stems.setdefault(word[:-1], set()).add(name)
            else:
                exact.setdefault(word, set()).add(name)
    return exact, stems, {name: re.compile("|".join(words)) for name, words in inner.items()}


_CUES = Memory(_cues)
_LEFT_CUES, _RIGHT_CUES = _cues_in("left"), _cues_in("right")
_SENTENCE_CUES, _NEXT_CUES = _cues_in("sent"), _cues_in("next")
_POINTER = re.compile(r"n[gR]{0,2}[wr]|[abv][^\n]")
_BACKWARD = {"dahin", "da", "dann", "then", "that", "dato", "dem", "diesem", "dorthin"}
_SPEAKS = {"sent:self", "sent:report"}
# The customer comes back to us, unasked.
# Each with the letters it cannot do without, which are looked for first.
_PROMISES = {
    "meld": re.compile(
        r"\b(?:ich|wir|i|mir|er|man) (?:\w+ ){0,3}?meld(?:e|en|et|t|n)? (?:mich|uns|mi|sich|si)\b"
        r"|\bmeld(?:e|en|et|t|n)? (?:(?:ich|wir|i|mir|er) )?(?:mich|uns|mi|sich|si)\b"
        r"|\brueckmeldung (?:\w+ ){0,4}?von (?:uns|mir)\b"
    ),
    "scheid": re.compile(
        r"\b(?:gebe?n?|gibt?|sage?n?|sagt|soag) (?!sie (?:mir|uns))(?:\w+ ){0,6}?be?scheid\b"
        r"|\b(?:ich|wir) (?:\w+ ){0,6}?bescheid (?:gebe|geben|sage|sagen)\b"
    ),
    "hoer": re.compile(r"\bhoer\w* (?:\w+ ){0,4}?von (?:uns|mir)\b"),
    "komm": re.compile(r"\b(?:ich|wir|er) komm\w* (?:\w+ ){0,5}?auf (?:sie|euch|dich) zu\b"),
    "ruf": re.compile(r"\b(?:ich|wir|er) ruf\w* (?:sie|dich|euch) (?:\w+ ){0,5}?zurueck\b"),
    " you": re.compile(r"\b(?:get|come) back to you\b|\blet you know\b"),
    "touch": re.compile(r"\bbe in touch\b"),
    "from us": re.compile(r"\bhear from us\b"),
}
_TIME = re.compile(r"[dc][:.]?d?j|d[:]d|[Wd].{0,2}d:d|h[cd]")
_HOUR_LEADS = {"um", "at"}
_NUMBERS = {"d", "c"}
