"""The words that a rule may use: conditions over plain facts, and what its reason may name."""

from collections.abc import Callable, Mapping

from nachhaken.plan.law.facts import Contact, Facts, consent_to, is_open, is_silent, last_word
from nachhaken.plan.values import Param

Condition = Callable[[Facts, Contact], bool]
Told = Callable[[Facts, Contact], Mapping[str, Param]]

CONDITIONS: Mapping[str, Condition] = {
    "objected": lambda facts, _: facts.has_objected,
    "consented": lambda facts, contact: consent_to(facts, contact) is not None,
    "requested": lambda facts, contact: is_open(facts, contact.on),
    "fresh": lambda facts, contact: not is_silent(facts, contact.on),
    "silent": lambda facts, contact: is_silent(facts, contact.on),
    "declined": lambda facts, _: facts.declined is not None,
    "ordered": lambda facts, _: facts.orders > 0,
    "starred": lambda facts, _: facts.is_starred is True,
    "listed": lambda facts, _: facts.is_starred is False,
}
"""What must be on record, by the word for it in the table."""


def _consent(facts: Facts, contact: Contact) -> Mapping[str, Param]:
    given = consent_to(facts, contact)
    return {"agreed_on": given.on, "words": given.words} if given else {}


def _request(facts: Facts, _: Contact) -> Mapping[str, Param]:
    """Name what they said first, and the offer that is open."""
    said = {"asked": facts.asked} if facts.asked else {"answered": facts.answered}
    known = {name: day for name, day in (said | {"offered": facts.offered}).items() if day}
    return {"request": "law.said." + "_".join(known), **known}


def _declined(facts: Facts, _: Contact) -> Mapping[str, Param]:
    return {"declined_on": facts.declined} if facts.declined else {}


def _silent(facts: Facts, contact: Contact) -> Mapping[str, Param]:
    last = last_word(facts, contact.on)
    return {"last_word_on": last} if last else {}


TOLD: Mapping[str, tuple[frozenset[str], Told]] = {
    "consented": (frozenset({"agreed_on", "words"}), _consent),
    "requested": (frozenset({"request"}), _request),
    "declined": (frozenset({"declined_on"}), _declined),
    "silent": (frozenset({"last_word_on"}), _silent),
    "ordered": (frozenset({"count"}), lambda facts, _: {"count": facts.orders}),
}
"""What a reason may name where a condition holds, and how it is told."""
