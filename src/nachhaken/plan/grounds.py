"""On what ground a call is allowed, as the law has it: a table of rows, the first that fits holds.

A row of the table names the law's rule by country. It is a product reading of the law, not legal
advice: UWG section 7 (DE), TKG section 174 (AT), UWG article 3 (CH), GDPR articles 6 and 21.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nachhaken.plan.consent import Consent
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Phrase, Preferences, Story
from nachhaken.terms import Channel, Intent, OutcomeKind
from nachhaken.timeline import Opened

# An open request ends so long after the offer's validity.
AFTER_VALIDITY = timedelta(days=90)
# Presumed consent weakens after six months without a word from the customer.
WEAK_AFTER = timedelta(days=183)


class GroundKind(StrEnum):
    """What allows a call, or what is missing."""

    OBJECTION = "objection"
    CONSENT = "consent"
    REQUEST = "request"
    CUSTOMER = "customer"
    DECLINED = "declined"
    SILENT = "silent"
    NO_REASON = "no_reason"
    NO_CONSENT = "no_consent"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a call is allowed or not; `rule` is country and row, such as "DE-2"; row 1 has none."""

    kind: GroundKind
    phrase: Phrase
    is_allowed: bool
    rule: str


def ground_of(story: Story, situation: Situation, *, on: date, preferences: Preferences) -> Ground:
    """Return the ground of a call on day `on`."""
    facts = _facts(story, situation, on, region=story.region or preferences.region)
    row = next(r for r in _ROWS if facts.relation in r.rules and r.holds(facts))
    phrase = _phrase(row.kind, facts)
    return Ground(row.kind, phrase, row.is_allowed, row.rules[facts.relation])


def rule_of_consent(region: str, *, is_consumer: bool, channel: Channel | None) -> str:
    """Return country and row of the rule under which a consent to this channel counts.

    Without a channel it is one for calls, which the law asks more for. "" where no rule asks for
    consent: a letter, a visit.
    """
    spoken = channel in (None, Channel.CALL)
    if not (spoken or channel in (Channel.MAIL, Channel.MESSAGE)):
        return ""
    calls, mails = _CONSENT_RULES[_relation(region, is_consumer=is_consumer)]
    return calls if spoken else mails


class _Relation(StrEnum):
    """Whose law it is, and whom it protects how far."""

    DE_BUSINESS = "DE business"
    DE_CONSUMER = "DE consumer"
    AT = "AT"
    CH = "CH"


# For calls and for mails, by relation; row 2: a date agreed on is a concrete reason.
_CONSENT_RULES = {
    _Relation.DE_BUSINESS: ("DE-2", "DE-7"),
    _Relation.DE_CONSUMER: ("DE-4", "DE-7"),
    _Relation.AT: ("AT-11", "AT-11"),
    _Relation.CH: ("CH-15", "CH-16"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is on record; `agreed` are the days on which they asked to be contacted."""

    relation: _Relation
    on: date
    has_objected: bool
    consent: Consent | None
    asked: date | None
    offered: date | None
    answered: date | None
    agreed: tuple[date, date] | None
    valid_until: date | None
    declined: date | None
    is_over: bool
    orders: int

    @property
    def last_word(self) -> date | None:
        """Until the end of the days that they named, their word is fresh."""
        named = min(self.agreed[1], self.on) if self.agreed else None
        return max(filter(None, (self.asked, self.offered, self.answered, named)), default=None)

    @property
    def is_silent(self) -> bool:
        return self.last_word is not None and self.on > self.last_word + WEAK_AFTER

    @property
    def is_open(self) -> bool:
        """Their request lives with the offer, and a later word of theirs renews it."""
        if self.last_word is None or self.is_over or self.declined:
            return False
        if self.valid_until is None:
            return not self.is_silent
        return self.on <= max(self.valid_until, self.last_word) + AFTER_VALIDITY


@dataclass(frozen=True, slots=True)
class _Row:
    """Where `holds`, a call is allowed or not; `rules` names the row of the law by relation."""

    kind: GroundKind
    is_allowed: bool
    rules: Mapping[_Relation, str]
    holds: Callable[[_Facts], bool]


_DE, _PRIVATE, _AT, _CH = _Relation
_EVERYWHERE = dict.fromkeys(_Relation, "1")

_ROWS = (
    _Row(GroundKind.OBJECTION, False, _EVERYWHERE, lambda f: f.has_objected),
    _Row(
        GroundKind.CONSENT,
        True,
        {_DE: "DE-2", _PRIVATE: "DE-4", _AT: "AT-11", _CH: "CH-15"},
        lambda f: f.consent is not None,
    ),
    # Only presumed consent weakens: answering what they asked for does not, while it is open.
    _Row(
        GroundKind.REQUEST,
        True,
        {_PRIVATE: "DE-13", _AT: "AT-13", _CH: "CH-13"},
        lambda f: f.is_open,
    ),
    _Row(GroundKind.REQUEST, True, {_DE: "DE-2"}, lambda f: f.is_open and not f.is_silent),
    _Row(
        GroundKind.CUSTOMER,
        True,
        {_DE: "DE-2", _CH: "CH-15"},
        lambda f: f.orders > 0 and not f.is_silent,
    ),
    _Row(
        GroundKind.DECLINED,
        False,
        {_DE: "DE-3", _PRIVATE: "DE-5", _AT: "AT-12"},
        lambda f: f.declined is not None,
    ),
    _Row(GroundKind.SILENT, False, {_DE: "DE-3"}, lambda f: f.is_silent),
    _Row(GroundKind.NO_REASON, False, {_DE: "DE-3"}, lambda _: True),
    _Row(GroundKind.NO_CONSENT, False, {_PRIVATE: "DE-5", _AT: "AT-12"}, lambda _: True),
    # Whether the number is starred or unlisted is not on record.
    _Row(GroundKind.UNCHECKED, False, {_CH: "CH-14"}, lambda _: True),
)


def _facts(story: Story, situation: Situation, on: date, *, region: str) -> _Facts:
    asked = next((e for e in story.timeline.standing() if isinstance(e.fact, Opened)), None)
    answer, named = situation.last_answer, situation.window_answer
    return _Facts(
        relation=_relation(region, is_consumer=story.is_consumer),
        on=on,
        has_objected=story.opted_out or situation.opted_out,
        consent=next((c for c in reversed(situation.consents) if c.covers(Channel.CALL)), None),
        asked=asked.occurred_at.date() if asked else None,
        offered=situation.offered_at.date() if situation.offered_at else None,
        answered=answer.entry.occurred_at.date() if answer else None,
        agreed=(named.window.start, named.window.end) if named and named.window else None,
        valid_until=situation.offer.valid_until if situation.offer else None,
        declined=_declined(situation),
        is_over=situation.outcome is not None,
        orders=story.orders + (situation.outcome is OutcomeKind.WON),
    )


def _relation(region: str, *, is_consumer: bool) -> _Relation:
    """An unknown country is taken for Germany, as its working days are."""
    match region[:2]:
        case "AT":
            return _Relation.AT
        case "CH":
            return _Relation.CH
        case _:
            return _Relation.DE_CONSUMER if is_consumer else _Relation.DE_BUSINESS


def _declined(situation: Situation) -> date | None:
    """The day of a no that no newer offer followed."""
    last, offered = situation.last_answer, situation.offered_at
    if last is None or last.intent is not Intent.NO:
        return None
    at = last.entry.occurred_at
    return None if offered is not None and offered > at else at.date()


def _phrase(kind: GroundKind, facts: _Facts) -> Phrase:
    match kind:
        case GroundKind.CONSENT if facts.consent:
            given = facts.consent
            return Phrase("ground.consent", {"on": given.on, "words": given.words})
        case GroundKind.REQUEST:
            return _request(facts)
        case GroundKind.CUSTOMER:
            return Phrase("ground.customer", {"count": facts.orders})
        case GroundKind.DECLINED if facts.declined:
            return Phrase("ground.declined", {"on": facts.declined})
        case GroundKind.SILENT if facts.last_word:
            return Phrase("ground.silent", {"on": facts.last_word})
        case _:
            return Phrase(f"ground.{kind.value}")


def _request(facts: _Facts) -> Phrase:
    """Name what they said first, and the offer that is open."""
    said = {"asked": facts.asked} if facts.asked else {"answered": facts.answered}
    known = {name: day for name, day in (said | {"offered": facts.offered}).items() if day}
    return Phrase("ground." + "_".join(known), known)
