"""Whom the desk knows, as far as it concerns a few mails or meetings: what matching works on."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Max, Min, Q, QuerySet

from nachhaken.desk.aliases import kept_people
from nachhaken.desk.models import Event, Opportunity, Person, Prospect
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import VOID
from nachhaken.sources.freemail import domain_of, house_domain
from nachhaken.sources.known import squeezed
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.match import Directory, KnownOpportunity, KnownPerson
from nachhaken.sources.names import house_key, last_names, person_name
from nachhaken.sources.phones import dialled, phones_in
from nachhaken.sources.strangers import names_in, runs_in

_LAST_DIGITS = 6


@dataclass(slots=True)
class Book:
    """Names and numbers of everybody, looked up once for many mails; keep it for a whole import.

    People by their last name and by the end of their telephone number, prospects by their name,
    opportunities by their offer numbers: ids alone, the rows are read where they are needed.
    """

    last_names: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    phones: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    houses: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def book_of() -> Book:
    """Return names and numbers of all people, prospects and offers, in three queries."""
    book = Book()
    people = Person.objects.here().filter(merged_into=None)
    for pk, name, phone in people.values_list("pk", "name", "phone"):
        if last := person_name(name).last:
            book.last_names[last].append(pk)
        if end := _end_of(phone):
            book.phones[end].append(pk)
    houses = Prospect.objects.here().filter(merged_into=None)
    for pk, name in houses.values_list("pk", "name"):
        book.houses[house_key(name)].append(pk)
    offers = Event.objects.filter(kind="offer_sent").exclude(opportunity=None)
    offers = offers.exclude(opportunity__outcome=VOID)
    for pk, number in offers.annotate(n=F("payload__number")).values_list("opportunity_id", "n"):
        if number and pk:
            book.numbers[squeezed(number)].add(pk)
    return book


def directory_of(
    addresses: Collection[str],
    *,
    own: frozenset[str],
    threads: Mapping[str, int],
    mails: Sequence[MailMessage] = (),
    book: Callable[[], Book] = book_of,
) -> Directory:
    """Return what is known about `addresses` and about others of the same domains.

    With `mails` also whom strangers among their writers and readers may be: by the offer numbers,
    names and telephone numbers in them (headers alone will do, see `match.of_headers`). `book` is
    asked where there are any; imports in batches give `cache(book_of)`. Who was merged is found
    under every address and name, and is the one that was kept.
    """
    people = _by_address(addresses, own)
    met = {address: person for address, person in people if person.mail}
    strange = [mail for mail in mails if _is_strange(mail, met, own)]
    found = _Found()
    if strange:
        found = _look_up(strange, book())
    known = {person.pk: person for _, person in people} | found.people
    houses = {person.prospect_id for person in known.values()} | found.prospects
    opportunities = _opportunities(
        [person for address, person in people if address in addresses], found.opportunities
    )
    known_ones = opportunities.by_id
    return Directory(
        own=own,
        people={address: person.pk for address, person in people},
        opportunities=opportunities.of_people,
        threads=threads,
        strangers=tuple(map(_stranger, known.values())) if strange else (),
        houses=_names_of(houses) if strange else {},
        numbers={
            number: tuple(rows)
            for number, ids in found.numbers.items()
            if (rows := [known_ones[pk] for pk in sorted(ids) if pk in known_ones])
        },
    )


@dataclass(slots=True)
class _Found:
    """What the texts of strangers name."""

    people: dict[int, Person] = field(default_factory=dict)
    prospects: set[int] = field(default_factory=set)
    numbers: dict[str, set[int]] = field(default_factory=dict)

    @property
    def opportunities(self) -> set[int]:
        return {pk for ids in self.numbers.values() for pk in ids}


@dataclass(frozen=True, slots=True)
class _Opportunities:
    of_people: dict[int, tuple[KnownOpportunity, ...]]
    by_id: dict[int, KnownOpportunity]


def _by_address(addresses: Collection[str], own: frozenset[str]) -> list[tuple[str, Person]]:
    """Return each known address with the person who is kept for it."""
    domains = {house_domain(address) for address in addresses} - {domain_of(mine) for mine in own}
    condition = Q(mail__in=addresses)
    for domain in domains - {""}:
        condition |= Q(mail__endswith=f"@{domain}")
    rows = Person.objects.here().filter(condition).exclude(mail="").order_by("pk")
    found = list(rows)
    kept = kept_people(found)
    return [(row.mail, kept[row.pk]) for row in found]


def _is_strange(mail: MailMessage, met: Mapping[str, Person], own: frozenset[str]) -> bool:
    """Nobody of those who wrote or got it is known; machines' mail is not asked about."""
    theirs = [mail.sender.mail, *(one.mail for one in mail.recipients)]
    return not mail.automatic and not any(one in met for one in theirs if one not in own)


def _look_up(mails: Iterable[MailMessage], book: Book) -> _Found:
    found = _Found()
    ids: set[int] = set()
    for mail in mails:
        for name in names_in(mail):
            for last in last_names(name):
                ids.update(book.last_names.get(last, ()))
            found.prospects.update(book.houses.get(house_key(name), ()))
        for phone in phones_in(mail.full_text):
            ids.update(book.phones.get(_end_of(phone), ()))
        for number in runs_in(mail):
            if number in book.numbers:
                found.numbers[number] = book.numbers[number]
    found.people = Person.objects.select_related("prospect").in_bulk(ids)
    return found


def _end_of(phone: str) -> str:
    digits = "".join(filter(str.isdigit, phone))
    return digits[-_LAST_DIGITS:] if len(digits) >= _LAST_DIGITS else ""


def _stranger(person: Person) -> KnownPerson:
    region = preferences().region
    return KnownPerson(
        id=person.pk,
        prospect_id=person.prospect_id,
        name=person.name,
        phone=dialled(person.phone, region) if person.phone else "",
    )


def _names_of(prospects: Iterable[int]) -> dict[int, str]:
    return dict(Prospect.objects.filter(pk__in=list(prospects)).values_list("pk", "name"))


def _opportunities(people: list[Person], others: Collection[int]) -> _Opportunities:
    rows: QuerySet[Opportunity] = Opportunity.objects.filter(
        Q(prospect__in={person.prospect_id for person in people})
        | Q(person__in=[person.pk for person in people])
        | Q(pk__in=others)
    )
    found = list(rows.order_by("pk"))
    spans = _spans([row.pk for row in found])
    numbers = _numbers([row.pk for row in found])
    known = {
        row.pk: KnownOpportunity(
            id=row.pk,
            title=row.title,
            offer_numbers=tuple(sorted(numbers[row.pk])),
            first_at=spans.get(row.pk, (row.created_at, row.created_at))[0],
            last_at=spans.get(row.pk, (row.created_at, row.created_at))[1],
            prospect_id=row.prospect_id,
        )
        for row in found
    }
    of_people = {
        person.pk: tuple(
            known[row.pk]
            for row in found
            if row.prospect_id == person.prospect_id or row.person_id == person.pk
        )
        for person in people
    }
    return _Opportunities(of_people, known)


def _spans(ids: list[int]) -> dict[int, tuple[datetime, datetime]]:
    rows = Event.objects.filter(opportunity_id__in=ids).values_list("opportunity_id")
    found = rows.annotate(first=Min("occurred_at"), last=Max("occurred_at"))
    return {pk: (first, last) for pk, first, last in found.order_by() if pk}


def _numbers(ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Event.objects.filter(opportunity_id__in=ids, kind="offer_sent")
    for pk, payload in rows.values_list("opportunity_id", "payload"):
        if pk and payload["number"]:
            found[pk].add(payload["number"])
    return found
