"""To whom and to which opportunity a mail belongs, with the reason, or who might be meant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from nachhaken.sources.mail import MailMessage


class Direction(StrEnum):
    """Whether a customer wrote to us, we to a customer, or neither."""

    IN = "in"
    OUT = "out"
    UNRELATED = "unrelated"


class MatchReason(StrEnum):
    """What decided, strongest first; the last three leave the opportunity open."""

    THREAD = "thread"
    OFFER_NUMBER = "offer_number"
    TITLE = "title"
    ONLY_OPPORTUNITY = "only_opportunity"
    LATEST_OPPORTUNITY = "latest_opportunity"
    PERSON_ONLY = "person_only"
    SAME_DOMAIN = "same_domain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOpportunity:
    """What can be recognised of an opportunity, and from when to when something happened in it."""

    id: int
    title: str
    offer_numbers: tuple[str, ...] = ()
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Whom the desk knows. Addresses and message ids are lower case without angle brackets.

    `opportunities` maps a person to those of the prospect; `threads` a message id to the
    opportunity that the message belongs to.
    """

    own: frozenset[str]
    people: Mapping[str, int]
    opportunities: Mapping[int, tuple[KnownOpportunity, ...]]
    threads: Mapping[str, int] = field(default_factory=dict)
    by_domain: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, list[int]] = {}
        for address, person in self.people.items():
            if _domain(address) not in _FREEMAIL:
                found.setdefault(_domain(address), []).append(person)
        object.__setattr__(self, "by_domain", {d: tuple(p) for d, p in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody, and perhaps something, that the mail may be about."""

    person_id: int
    opportunity_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a mail belongs; `candidates` are for a person to choose from where that is open."""

    direction: Direction
    person_id: int | None
    opportunity_id: int | None
    reason: MatchReason
    candidates: tuple[Candidate, ...] = ()


def match(mail: MailMessage, directory: Directory) -> Match:
    """Return to whom and what `mail` belongs.

    The thread decides, then an offer number, then words of the title, then the only opportunity or
    the one most recently active when the mail was sent. A stranger from a known company's domain is
    a mere candidate: two people of one house may know nothing of each other.
    """
    is_ours = _is_own(mail.sender.mail, directory.own)
    others = [a.mail for a in mail.recipients if not _is_own(a.mail, directory.own)]
    addresses = others if is_ours else [mail.sender.mail]
    direction = Direction.OUT if is_ours else Direction.IN
    person = next((directory.people[a] for a in addresses if a in directory.people), None)
    thread = _thread(mail, directory)
    if thread is not None and addresses:
        return _matched(direction, person, thread, MatchReason.THREAD)
    if person is None:
        return _stranger(addresses, directory)
    return _by_content(mail, direction, person, directory.opportunities.get(person, ()))


def _matched(
    direction: Direction, person: int | None, opportunity: int | None, reason: MatchReason
) -> Match:
    return Match(direction=direction, person_id=person, opportunity_id=opportunity, reason=reason)


_FREEMAIL = frozenset({
    "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de",
    "t-online.de", "freenet.de", "outlook.com", "outlook.de", "hotmail.com", "hotmail.de",
    "live.com", "live.de", "yahoo.com", "yahoo.de", "icloud.com", "me.com", "mac.com",
    "aol.com", "mail.de", "posteo.de", "mailbox.org", "bluewin.ch", "hispeed.ch", "sunrise.ch",
    "aon.at", "chello.at", "a1.net", "arcor.de", "online.de", "kabelmail.de", "vodafone.de",
    "proton.me", "protonmail.com", "msn.com", "email.de",
})  # fmt: skip


def _is_own(address: str, own: frozenset[str]) -> bool:
    """An address of ours, or of a colleague: the same domain, unless it is open to everybody."""
    domain = _domain(address)
    return address in own or (
        domain not in _FREEMAIL and domain != "" and any(_domain(mine) == domain for mine in own)
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _thread(mail: MailMessage, directory: Directory) -> int | None:
    """The nearest earlier message counts: threads are taken up again for another matter."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return next((directory.threads[i.lower()] for i in ids if i.lower() in directory.threads), None)


def _stranger(addresses: Iterable[str], directory: Directory) -> Match:
    domains = {_domain(a) for a in addresses} - _FREEMAIL - {""}
    known = sorted({p for domain in domains for p in directory.by_domain.get(domain, ())})
    return Match(
        direction=Direction.UNRELATED,
        person_id=None,
        opportunity_id=None,
        reason=MatchReason.SAME_DOMAIN if known else MatchReason.UNKNOWN,
        candidates=tuple(Candidate(person_id=person) for person in known),
    )


def _by_content(
    mail: MailMessage, direction: Direction, person: int, known: tuple[KnownOpportunity, ...]
) -> Match:
    if not known:
        return _matched(direction, person, None, MatchReason.PERSON_ONLY)
    numbered = _by_number(mail, known)
    if numbered:
        return _matched(direction, person, numbered.id, MatchReason.OFFER_NUMBER)
    titled = _by_title(mail, known)
    if titled:
        return _matched(direction, person, titled.id, MatchReason.TITLE)
    if len(known) == 1:
        return _matched(direction, person, known[0].id, MatchReason.ONLY_OPPORTUNITY)
    latest = max(known, key=lambda one: _activity(one, mail.sent_at))
    return Match(
        direction=direction,
        person_id=person,
        opportunity_id=latest.id,
        reason=MatchReason.LATEST_OPPORTUNITY,
        candidates=tuple(Candidate(person_id=person, opportunity_id=one.id) for one in known),
    )


def _by_number(mail: MailMessage, known: tuple[KnownOpportunity, ...]) -> KnownOpportunity | None:
    """The subject first, then the new words, and the quoted history last."""
    for text in (mail.subject, mail.new_text, mail.full_text):
        named = [one for one in known if any(_names(text, n) for n in one.offer_numbers)]
        if len(named) == 1:
            return named[0]
    return None


def _names(text: str, offer_number: str) -> bool:
    """Whether a text names it: AN-1412 is named by "AN 1412" and "an1412", not by "AN-14125"."""
    pieces = re.findall(r"[^\W\d_]+|\d+", offer_number)
    if not any(piece.isdigit() and len(piece) > 1 for piece in pieces):
        return False
    form = r"[\W_]{0,2}".join(map(re.escape, pieces))
    return re.search(rf"(?<!\w){form}(?!\w)", text, re.IGNORECASE) is not None


_EMPTY_WORDS = frozenset({
    "angebot", "angebote", "offerte", "anfrage", "für", "fuer", "über", "unter", "nach",
    "beim", "eine", "einer", "eines", "neue", "neuer", "neues", "projekt", "auftrag",
    "bauvorhaben", "with", "from", "your", "offer", "quote",
})  # fmt: skip
_SHORTEST_WORD = 4


def _by_title(mail: MailMessage, known: tuple[KnownOpportunity, ...]) -> KnownOpportunity | None:
    words = {one.id: _words(one.title) for one in known}
    for text in (mail.subject, mail.new_text):
        said = _words(text)
        hits = {one: len(words[one.id] & said) for one in known}
        best = max(hits.values())
        leaders = [one for one, count in hits.items() if count == best]
        if best and len(leaders) == 1:
            return leaders[0]
    return None


def _words(text: str) -> set[str]:
    found = re.findall(r"[^\W\d_]+", text.casefold())
    return {word for word in found if len(word) >= _SHORTEST_WORD} - _EMPTY_WORDS


def _activity(one: KnownOpportunity, at: datetime) -> tuple[bool, timedelta, datetime]:
    """Begun before the mail goes first, then the nearest activity, then what was begun last."""
    has_begun = one.first_at <= at + timedelta(days=1)
    nearest = min(max(at, one.first_at), max(one.first_at, one.last_at))
    return has_begun, -abs(at - nearest), one.first_at
