"""To whom and to which opportunity a mail belongs, with the reason, or who might be meant."""

import re
from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from nachhaken.sources.freemail import domain_of, house_domain
from nachhaken.sources.known import (
    Candidate,
    Direction,
    Directory,
    Ground,
    KnownOpportunity,
    KnownPerson,
    Match,
    MatchReason,
)
from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.names import person_name
from nachhaken.sources.strangers import candidates_for

__all__ = [
    "Candidate",
    "Direction",
    "Directory",
    "Ground",
    "KnownOpportunity",
    "KnownPerson",
    "Match",
    "MatchReason",
    "concerns",
    "is_own",
    "match",
    "of_headers",
]


def match(mail: MailMessage, directory: Directory) -> Match:
    """Return to whom and what `mail` belongs.

    The thread decides, then an offer number, then words of the title, then the only opportunity or
    the one most recently active when the mail was sent. Of a stranger only an offer number decides
    that no other opportunity has, and only where the domain or the full name is of the same house;
    a domain, a name or a number alone make mere candidates: two people of one house may know
    nothing of each other.
    """
    is_ours = is_own(mail.sender.mail, directory.own)
    others = [a for a in mail.recipients if not is_own(a.mail, directory.own)]
    theirs = others if is_ours else [mail.sender]
    direction = Direction.OUT if is_ours else Direction.IN
    people = directory.people
    person = next((people[a.mail] for a in theirs if a.mail in people), None)
    thread = _thread(mail, directory)
    if thread is not None and theirs:
        return _matched(direction, person, thread, MatchReason.THREAD)
    if person is None:
        return _stranger(mail, theirs, directory, direction=direction)
    return _by_content(mail, direction, person, directory.opportunities.get(person, ()))


def concerns(mail: MailMessage, directory: Directory) -> MatchReason | None:
    """Return why a mail concerns somebody whom the desk knows, None where it concerns nobody.

    The headers are enough (see `of_headers`); with the body a name or number in it counts, too.
    What is doubtful counts here: whoever asks decides whether to read on.
    """
    found = match(mail, directory)
    return None if found.reason is MatchReason.UNKNOWN else found.reason


def of_headers(
    *,
    sender: Address,
    recipients: Sequence[Address],
    subject: str,
    at: datetime,
    answers: Sequence[str] = (),
    message_id: str = "",
) -> MailMessage:
    """Return a mail of which only the headers are known; `answers` are ids, the nearest last."""
    return MailMessage(
        message_id=message_id,
        sent_at=at,
        sender=sender,
        recipients=tuple(recipients),
        subject=subject,
        in_reply_to=answers[-1] if answers else "",
        references=tuple(answers),
        new_text="",
        full_text="",
        automatic=False,
        attachments=(),
    )


def is_own(address: str, own: Set[str]) -> bool:
    """Whether it is ours, or a colleague's: the same domain, unless it is open to everybody."""
    domain = house_domain(address)
    return address in own or (domain != "" and any(domain_of(mine) == domain for mine in own))


def _matched(
    direction: Direction, person: int | None, opportunity: int | None, reason: MatchReason
) -> Match:
    return Match(direction=direction, person_id=person, opportunity_id=opportunity, reason=reason)


def _thread(mail: MailMessage, directory: Directory) -> int | None:
    """The nearest earlier message counts: threads are taken up again for another matter."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return next((directory.threads[i.lower()] for i in ids if i.lower() in directory.threads), None)


def _stranger(
    mail: MailMessage, theirs: Sequence[Address], directory: Directory, *, direction: Direction
) -> Match:
    is_ours = direction is Direction.OUT
    found = candidates_for(mail, theirs, directory, is_ours=is_ours)
    certain = [one for one in found if one.opportunity_id and _is_certain(one, theirs, directory)]
    named = {one.prospect_id for one in found if _reasons(one) & {MatchReason.NUMBER_NAMED}}
    if len(certain) == 1 and len(named) == 1:
        only = certain[0]
        is_theirs = MatchReason.SAME_DOMAIN in _reasons(only)
        reason = MatchReason.NUMBER_AND_DOMAIN if is_theirs else MatchReason.NUMBER_AND_NAME
        # A colleague names the number as well: who writes is known by name alone.
        person = only.person_id if _is_by_name(only, theirs, directory) else None
        return _matched(direction, person, only.opportunity_id, reason)
    return Match(
        direction=Direction.UNRELATED,
        person_id=None,
        opportunity_id=None,
        reason=_strongest(found),
        candidates=found,
    )


def _reasons(one: Candidate) -> set[MatchReason]:
    return {ground.reason for ground in one.grounds}


def _is_certain(one: Candidate, theirs: Sequence[Address], directory: Directory) -> bool:
    """A number of the house in a mail from the house, or from the very person by name."""
    reasons = _reasons(one)
    if MatchReason.NUMBER_NAMED not in reasons:
        return False
    return MatchReason.SAME_DOMAIN in reasons or _is_by_name(one, theirs, directory)


def _is_by_name(one: Candidate, theirs: Sequence[Address], directory: Directory) -> bool:
    """An initial is not enough, nor is a name that several people bear."""
    known = next((p for p in directory.strangers if p.id == one.person_id), None)
    if known is None or not person_name(known.name).is_full:
        return False
    same = [a for a in theirs if _equal(a.name, known.name)]
    bearers = directory.by_last_name.get(person_name(known.name).last, ())
    return bool(same) and [p for p in bearers if _equal(p.name, known.name)] == [known]


def _equal(one: str, other: str) -> bool:
    a, b = person_name(one), person_name(other)
    return a.last == b.last and a.first == b.first


def _strongest(found: Sequence[Candidate]) -> MatchReason:
    order = list(MatchReason)
    reasons = [ground.reason for one in found[:1] for ground in one.grounds]
    return min(reasons, key=order.index, default=MatchReason.UNKNOWN)


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
