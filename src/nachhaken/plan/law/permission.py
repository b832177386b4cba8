"""What the law and good manners say of one contact: objection, law, then good manners."""

from datetime import datetime

from nachhaken.plan.law.conditions import CONDITIONS, TOLD
from nachhaken.plan.law.facts import Contact, Facts, contact_of, country_of, facts_of
from nachhaken.plan.law.manners import Unwelcome, unwelcome
from nachhaken.plan.law.rules import Cell, Customer, Plain, Rule, Table, table
from nachhaken.plan.law.values import Permission
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Param, Phrase, Preferences, Story
from nachhaken.terms import Channel, Purpose, Verdict


def permission_of(
    story: Story,
    situation: Situation,
    *,
    channel: Channel,
    purpose: Purpose,
    at: datetime,
    preferences: Preferences,
    is_automated: bool = False,
) -> Permission:
    """Return whether the person of `story` may be contacted by `channel` at `at` (aware).

    The strictest comes first: an objection, then the first rule of the law that fits, and only
    where that allows it whether the contact is welcome already.
    """
    contact = contact_of(channel, purpose, at, preferences, is_automated=is_automated)
    facts = facts_of(story, situation, preferences=preferences)
    return decide(facts, contact, preferences=preferences, law=table())


def decide(facts: Facts, contact: Contact, *, preferences: Preferences, law: Table) -> Permission:
    """Return what `law` says of `contact` to a person of whom these plain facts are on record."""
    rule = _rule(facts, contact, law)
    if rule.verdict is Verdict.ALLOWED:
        wait = unwelcome(facts, contact, preferences)
        if wait is not None:
            return _later(law.manners[wait.because], wait, rule)
    return Permission(
        verdict=rule.verdict,
        rule=rule.name(facts.country),
        reason=Phrase(f"law.{rule.key}.reason", _told(rule, facts, contact)),
        source=rule.source,
        remedy=Phrase(f"law.{rule.key}.remedy") if rule.has_remedy else None,
        needs_objection_line=rule.needs_objection_line,
    )


def rule_of_consent(region: str, *, is_consumer: bool, channel: Channel | None) -> str:
    """Return country and row of the rule under which a consent to this channel counts.

    Without a channel it is one for calls, which the law asks more for. "" where no rule asks for
    consent, such as for a letter.
    """
    country = country_of(region)
    customer = _CUSTOMERS[is_consumer]
    cell = Cell(country, customer, channel or Channel.CALL, Purpose.CHASE, False)
    asking = (rule for rule in table().by_cell[cell] if "consented" in rule.when)
    return next((rule.name(country) for rule in asking), "")


_CUSTOMERS = (Customer.BUSINESS, Customer.CONSUMER)


def _rule(facts: Facts, contact: Contact, law: Table) -> Rule:
    customer = _CUSTOMERS[facts.is_consumer]
    cell = Cell(facts.country, customer, contact.channel, contact.purpose, contact.is_automated)
    return next(rule for rule in law.by_cell[cell] if _fits(rule, facts, contact))


def _fits(rule: Rule, facts: Facts, contact: Contact) -> bool:
    # A loop and no generator: a hundred thousand people are asked about at once.
    for word in rule.when:  # noqa: SIM110
        if not CONDITIONS[word](facts, contact):
            return False
    return True


def _told(rule: Rule, facts: Facts, contact: Contact) -> dict[str, Param]:
    told: dict[str, Param] = {}
    for word in rule.when:
        if word in TOLD:
            told |= TOLD[word][1](facts, contact)
    return told


def _later(manner: Plain, wait: Unwelcome, rule: Rule) -> Permission:
    """What waits goes out later as `rule` allows it: with the sentence that it asks for."""
    return Permission(
        verdict=Verdict.LATER,
        rule=str(manner.row),
        reason=Phrase(f"law.{manner.key}.reason", wait.told),
        source=manner.source,
        remedy=Phrase(f"law.{manner.key}.remedy"),
        until=wait.until,
        needs_objection_line=rule.needs_objection_line,
    )
