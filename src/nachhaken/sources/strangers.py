"""Who may be meant by a mail from an address that nobody knows: candidates with their grounds."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from nachhaken.sources.closing import is_closing, is_full_name, is_soft_closing, may_sign
from nachhaken.sources.freemail import house_domain
from nachhaken.sources.known import Candidate, Directory, Ground, KnownOpportunity, MatchReason
from nachhaken.sources.mail import Address, MailMessage
from nachhaken.sources.names import PERSON_LIKE, house_key, last_names, person_likeness
from nachhaken.sources.phones import phones_in

MOST = 5
EXAMINED = 30_000  # characters

# The share of such mails that belong to the candidate, each ground by itself (our guess; the order
# is what matters: it decides who stands first).
_WEIGHT = {
    MatchReason.SAME_PHONE: 0.7,
    MatchReason.NUMBER_NAMED: 0.6,
    MatchReason.SAME_DOMAIN: 0.5,
    MatchReason.SAME_HOUSE: 0.45,
    MatchReason.SAME_NAME: 0.4,
}
_FEWEST_DIGITS = 5
_NUMBERED = re.compile(
    r"(?:angebot|offert|nummer|auftrag|voranschlag|offer|quot|\bkv|\bnr|\bno)\w*\W{0,3}"
    r"(?:(?:nr|no|nummer|number)\W{0,3}|vom\s|mit\sder\s)*$",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_MOST_PIECES = 6


def candidates_for(
    mail: MailMessage, others: Sequence[Address], directory: Directory, *, is_ours: bool
) -> tuple[Candidate, ...]:
    """Return who may be meant, the likeliest first; none where nothing points to anybody.

    `others` are the strangers: the sender, or, where the mail `is_ours`, to whom it went.
    """
    found: dict[int, list[tuple[Ground, int | None, int | None]]] = defaultdict(list)
    for ground, house, person, opportunity in _grounds(mail, others, directory, is_ours=is_ours):
        found[house].append((ground, person, opportunity))
    made = [_candidate(house, grounds) for house, grounds in found.items()]
    return tuple(sorted(made, key=lambda one: (-one.strength, one.prospect_id or 0))[:MOST])


def numbers_in(text: str, known: "Directory") -> dict[str, tuple[KnownOpportunity, ...]]:
    """Return the known offer numbers that `text` names, as they are written at the desk.

    AN-1412 is named by "AN 1412" and "an1412", not by "AN-14125". Few bare digits are a number
    only where the word for it stands before them.
    """
    found: dict[str, tuple[KnownOpportunity, ...]] = {}
    for key, start in _runs(text[:EXAMINED]) if known.numbers else ():
        if key in known.numbers and (
            _tells(key) or _NUMBERED.search(text[max(0, start - 40) : start])
        ):
            found[_written(key, known.numbers[key])] = known.numbers[key]
    return found


def runs_in(mail: MailMessage) -> Iterator[str]:
    """Yield all that may be an offer number in a mail, squeezed."""
    for text in (mail.subject, mail.new_text, mail.full_text):
        for key, _ in _runs(text[:EXAMINED]):
            yield key


def names_in(mail: MailMessage) -> tuple[str, ...]:
    """Return the names of those who wrote and got a mail, and the one that it is signed with."""
    people = map(_name_of, (mail.sender, *mail.recipients))
    return tuple(filter(None, dict.fromkeys([*people, signed_by(mail.new_text)])))


def _grounds(
    mail: MailMessage, others: Sequence[Address], directory: Directory, *, is_ours: bool
) -> Iterator[tuple[Ground, int, int | None, int | None]]:
    """Yield each ground with the house, the person and the opportunity that it points to."""
    for domain in dict.fromkeys(house_domain(one.mail) for one in others):
        for person in directory.by_domain.get(domain, ()):
            ground = Ground(reason=MatchReason.SAME_DOMAIN, what=domain)
            yield ground, directory.house_of.get(person, -person), person, None
    for number, opportunities in _named(mail, directory).items():
        for one in opportunities:
            ground = Ground(reason=MatchReason.NUMBER_NAMED, what=number)
            yield ground, one.prospect_id, None, one.id
    said = [] if is_ours else [signed_by(mail.new_text)]
    for name in dict.fromkeys([*map(_name_of, others), *said]):
        yield from _by_name(name, directory)
    for phone in () if is_ours else phones_in(mail.full_text[:EXAMINED]):
        for known in directory.by_phone.get(phone, ()):
            ground = Ground(reason=MatchReason.SAME_PHONE, what=known.name or phone)
            yield ground, known.prospect_id, known.id, None


def _by_name(
    name: str, directory: Directory
) -> Iterator[tuple[Ground, int, int | None, int | None]]:
    for last in last_names(name):
        for known in directory.by_last_name.get(last, ()):
            if person_likeness(name, known.name) >= PERSON_LIKE:
                ground = Ground(reason=MatchReason.SAME_NAME, what=known.name)
                yield ground, known.prospect_id, known.id, None
    for house in directory.by_house.get(house_key(name), ()):
        ground = Ground(reason=MatchReason.SAME_HOUSE, what=directory.houses[house])
        yield ground, house, None, None


def _candidate(house: int, found: list[tuple[Ground, int | None, int | None]]) -> Candidate:
    grounds = tuple(dict.fromkeys(ground for ground, _, _ in found))
    named = {p for ground, p, _ in found if p and ground.reason is not MatchReason.SAME_DOMAIN}
    people = named or {person for _, person, _ in found if person}
    opportunities = {opportunity for _, _, opportunity in found if opportunity}
    doubt = 1.0
    for reason in {ground.reason for ground in grounds}:
        doubt *= 1 - _WEIGHT[reason]
    return Candidate(
        # A house below zero stands for a person of whom no house is known.
        person_id=people.pop() if len(people) == 1 else None,
        opportunity_id=opportunities.pop() if len(opportunities) == 1 else None,
        prospect_id=house if house > 0 else None,
        grounds=grounds,
        strength=1 - doubt,
    )


def _named(mail: MailMessage, directory: Directory) -> dict[str, tuple[KnownOpportunity, ...]]:
    """The subject first, then the new words, and the quoted history last."""
    for text in (mail.subject, mail.new_text, mail.full_text):
        if found := numbers_in(text, directory):
            return found
    return {}


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Yield what may be a number: neighbouring pieces, squeezed, with the place of the first."""
    pieces = [(found[0].casefold(), found.start(), found.end()) for found in _PIECE.finditer(text)]
    for first, (_, start, _) in enumerate(pieces):
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        key, last_end = "", start
        for piece, begin, end in pieces[first : first + _MOST_PIECES]:
            if begin - last_end > 2 or "\n" in text[last_end:begin]:  # noqa: PLR2004 - "AN - 1412"
                break
            key, last_end = key + piece, end
            if any(map(str.isdigit, key)) and not text[end : end + 1].isalnum():
                yield key, start


def _tells(key: str) -> bool:
    """Whether it is a number by itself, and not a year or a price."""
    digits = sum(map(str.isdigit, key))
    return digits >= _FEWEST_DIGITS or (digits > 1 and digits < len(key))


def _written(key: str, opportunities: Iterable[KnownOpportunity]) -> str:
    numbers = (number for one in opportunities for number in one.offer_numbers)
    same = (n for n in numbers if "".join(filter(str.isalnum, n.casefold())) == key)
    return next(same, key)


def _name_of(address: Address) -> str:
    """The name beside an address; where there is none, sabine.keller@ tells it as well."""
    name = address.name.strip()
    if name and "@" not in name:
        return name
    pieces = re.split(r"[._-]", address.mail.partition("@")[0])
    is_told = len(pieces) > 1 and all(len(p) > 1 and p.isalpha() for p in pieces)
    return " ".join(pieces) if is_told else ""


def signed_by(text: str) -> str:
    """Return the name below the closing formula, "" where there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][-8:]
    for above, line in pairwise(lines):
        if (is_closing(above) or is_soft_closing(above)) and may_sign(line):
            return line
    return lines[-1] if lines and is_full_name(lines[-1]) else ""
