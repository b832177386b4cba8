"""The table of the law, read once and checked: which rules there are, and which are asked where."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from string import Formatter
from typing import NamedTuple, TypeVar

from nachhaken.plan.law.conditions import CONDITIONS, TOLD
from nachhaken.plan.law.facts import COUNTRIES
from nachhaken.plan.law.rows import EVERY, LawError, Row, rows_of
from nachhaken.terms import Channel, Purpose, Verdict

FILE = "rules.toml"

_Word = TypeVar("_Word", bound=StrEnum)


class Customer(StrEnum):
    """Whom the law protects how far."""

    BUSINESS = "business"
    CONSUMER = "consumer"


class Cell(NamedTuple):
    """A kind of contact: each has its own rules, in the order of the table."""

    country: str
    customer: Customer
    channel: Channel
    purpose: Purpose
    is_automated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row of the table: where all of `when` is on record, its verdict holds in its `cells`."""

    key: str
    row: int
    countries: tuple[str, ...]
    channels: tuple[Channel, ...]
    customers: tuple[Customer, ...]
    purposes: tuple[Purpose, ...]
    automated: tuple[bool, ...]
    when: tuple[str, ...]
    verdict: Verdict
    source: str
    checked_on: date
    needs_objection_line: bool = False
    has_remedy: bool = False

    def name(self, country: str) -> str:
        """Return country and row, such as "DE-6"; the row alone where it holds everywhere."""
        return str(self.row) if len(self.countries) == len(COUNTRIES) else f"{country}-{self.row}"

    @property
    def cells(self) -> Iterator[Cell]:
        """Every kind of contact that the rule is about."""
        kinds = product(
            self.countries, self.customers, self.channels, self.purposes, self.automated
        )
        return (Cell(*kind) for kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A row about no single kind of contact: good manners, or what the desk never does."""

    key: str
    row: int
    source: str
    checked_on: date
    when: str = ""
    has_remedy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rules in their order, by kind of contact; good manners; what the desk never does."""

    rules: tuple[Rule, ...]
    manners: Mapping[str, Plain]
    never: tuple[Plain, ...]
    texts: Mapping[str, Mapping[str, str]] = field(repr=False)
    by_cell: Mapping[Cell, tuple[Rule, ...]] = field(repr=False)


@cache
def table() -> Table:
    """Return the shipped table, read at the first call; raise LawError for a fault in it."""
    return read_table(resources.files("nachhaken.plan.law").joinpath(FILE).read_text("utf-8"))


def read_table(text: str) -> Table:
    """Return the table of a TOML `text`; raise LawError, with the place, for a fault in it."""
    try:
        cells = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LawError(f"{FILE}: {fault}") from fault
    rows = rows_of(cells, FILE)
    rules = tuple(_rule(row) for row in rows if row.kind == "rule")
    manners = {row.word("when", MANNERS): _plain(row) for row in rows if row.kind == "manner"}
    if set(manners) != set(MANNERS):
        raise LawError(f"{FILE}: a manner is missing: {', '.join(MANNERS)}")
    return Table(
        rules=rules,
        manners=manners,
        never=tuple(_plain(row) for row in rows if row.kind == "never"),
        texts=_texts(rows, cells),
        by_cell=_by_cell(rules),
    )


MANNERS: Mapping[str, frozenset[str]] = {
    "limit": frozenset({"count", "days", "until"}),
    "quiet": frozenset({"quiet", "until", "clock"}),
}
"""The good manners, and what the reason of each may name."""


def _rule(row: Row) -> Rule:
    when = row.words("when", CONDITIONS, ())
    verdict = row.word("verdict", {v.value for v in Verdict if v is not Verdict.LATER})
    is_allowed = verdict == Verdict.ALLOWED
    row.texts("reason", _nameable(when))
    if not is_allowed:
        row.texts("remedy", frozenset())
    return Rule(
        key=row.key,
        row=row.number("row"),
        countries=row.words("countries", COUNTRIES),
        channels=_all(Channel, row.words("channels", _values(Channel), EVERY)),
        customers=_all(Customer, row.words("customers", _values(Customer), EVERY)),
        purposes=_all(Purpose, row.words("purposes", _values(Purpose), EVERY)),
        automated=row.either("automated"),
        when=when,
        verdict=Verdict(verdict),
        source=row.text("source"),
        checked_on=row.day("checked_on"),
        needs_objection_line=row.flag("needs_objection_line"),
        has_remedy=not is_allowed,
    )


def _plain(row: Row) -> Plain:
    when = row.word("when", MANNERS) if row.kind == "manner" else ""
    row.texts("reason", MANNERS.get(when, frozenset()))
    if when:
        row.texts("remedy", frozenset())
    return Plain(
        key=row.key,
        row=row.number("row"),
        source=row.text("source"),
        checked_on=row.day("checked_on"),
        when=when,
        has_remedy=bool(when),
    )


def _nameable(when: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(TOLD[word][0] for word in when if word in TOLD))


def _values(words: type[_Word]) -> list[str]:
    return [word.value for word in words]


def _all(words: type[_Word], names: Iterable[str]) -> tuple[_Word, ...]:
    return tuple(words(name) for name in names)


def _texts(rows: Iterable[Row], cells: Mapping[str, object]) -> dict[str, Mapping[str, str]]:
    """Return every sentence by its key in the phrase table."""
    texts = {f"law.{row.key}.{name}": said for row in rows for name, said in row.said.items()}
    said = cells.get("said")
    for key, words in (said if isinstance(said, dict) else {}).items():
        one = Row(FILE, "said", key, {"reason": words})
        texts[f"law.said.{key}"] = one.texts("reason", _fields(words))
    return texts


def _fields(words: object) -> frozenset[str]:
    """What they said names its own facts."""
    every = words.values() if isinstance(words, dict) else ()
    parsed = (part for text in every for part in Formatter().parse(str(text)))
    return frozenset(name for _, name, _, _ in parsed if name)


def _by_cell(rules: tuple[Rule, ...]) -> dict[Cell, tuple[Rule, ...]]:
    """Return the rules of each kind of contact; each is reached, and one always holds."""
    found: dict[Cell, tuple[Rule, ...]] = {}
    reached: set[str] = set()
    for cell in _cells():
        mine = [rule for rule in rules if cell in set(rule.cells)]
        for n, rule in enumerate(mine):
            if _is_reached(rule, mine[:n], cell):
                reached.add(rule.key)
        if not any(not rule.when for rule in mine):
            raise LawError(f"{FILE}: no rule holds at last for {_said(cell)}")
        found[cell] = tuple(mine)
    lost = [rule for rule in rules if rule.key not in reached]
    if lost:
        raise LawError(f"{FILE}: rule {lost[0].key!r}: never reached, earlier rules hold first")
    return found


def _is_reached(rule: Rule, earlier: Iterable[Rule], cell: Cell) -> bool:
    """Say whether no rule before it holds wherever this one does; raise LawError for a twin."""
    asked = frozenset(rule.when)
    for other in earlier:
        if frozenset(other.when) == asked and other.verdict is not rule.verdict:
            raise LawError(
                f"{FILE}: rule {rule.key!r}: says otherwise than {other.key!r} for {_said(cell)}"
            )
        if frozenset(other.when) <= asked:
            return False
    return True


def _cells() -> Iterator[Cell]:
    kinds = product(COUNTRIES, Customer, Channel, Purpose, (False, True))
    return (Cell(*kind) for kind in kinds)


def _said(cell: Cell) -> str:
    who = "automated" if cell.is_automated else "by a person"
    return f"{cell.country}, {cell.customer}, {cell.channel}, {cell.purpose}, {who}"
