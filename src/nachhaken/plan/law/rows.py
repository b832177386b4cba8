"""A row of the law's table as it stands in the file, with its place for whoever corrects it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import NoReturn

LANGUAGES = ("de", "en")
ANY = "any"
EVERY = (ANY,)

_KINDS = {
    "rule": {
        *("key", "row", "countries", "channels", "customers", "purposes", "automated", "when"),
        *("verdict", "needs_objection_line", "source", "reason", "reason_one", "remedy"),
        "checked_on",
    },
    "manner": {"key", "row", "when", "source", "reason", "reason_one", "remedy", "checked_on"},
    "never": {"key", "row", "source", "reason", "checked_on"},
}


class LawError(ValueError):
    """A fault in the table of the law; it names the file and the rule."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; `said` collects its sentences once they are checked."""

    file: str
    kind: str
    key: str
    cells: Mapping[str, object]
    said: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def fault(self, what: str) -> NoReturn:
        """Raise LawError with the place of this row."""
        raise LawError(f"{self.file}: {self.kind} {self.key!r}: {what}")

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        found = self.cells.get(name)
        if not isinstance(found, str) or not found.strip():
            self.fault(f"{name} is missing")
        return found

    def number(self, name: str) -> int:
        """Return a number from 1 on."""
        found = self.cells.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            self.fault(f"{name} is no number of a row")
        return found

    def day(self, name: str) -> date:
        """Return a date."""
        found = self.cells.get(name)
        if not isinstance(found, date):
            self.fault(f"{name} is no date")
        return found

    def flag(self, name: str) -> bool:
        """Return true or false; false where nothing is said."""
        found = self.cells.get(name, False)
        if not isinstance(found, bool):
            self.fault(f"{name} is neither true nor false")
        return found

    def either(self, name: str) -> tuple[bool, ...]:
        """Return the one value that is set; both where none is."""
        return (self.flag(name),) if name in self.cells else (False, True)

    def word(self, name: str, known: Collection[str]) -> str:
        """Return one of the words that are known."""
        found = self.text(name)
        if found not in known:
            self.fault(f"{name}: {found!r} is none of {', '.join(sorted(known))}")
        return found

    def words(
        self, name: str, known: Collection[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Return words that are known, in order; "any" stands for all of them."""
        found = self.cells.get(name, default)
        if not isinstance(found, list | tuple) or (default is None and not found):
            self.fault(f"{name} is no list of words")
        if list(found) == list(EVERY):
            return tuple(known)
        for one in found:
            if one not in known:
                self.fault(f"{name}: {one!r} is none of {', '.join(known)}")
        return tuple(str(one) for one in found)

    def texts(self, name: str, nameable: Collection[str]) -> Mapping[str, str]:
        """Return a sentence in every language, and keep it; it may name only `nameable`."""
        said = {f"{name}": self.cells.get(name)}
        if f"{name}_one" in self.cells:
            said[f"{name}.one"] = self.cells[f"{name}_one"]
        for key, found in said.items():
            self.said[key] = self._sentence(key, found, nameable)
        return self.said[name]

    def _sentence(self, name: str, found: object, nameable: Collection[str]) -> Mapping[str, str]:
        texts = found if isinstance(found, dict) else {}
        for language in LANGUAGES:
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                self.fault(f"{name} is missing in {language!r}")
            self._check(f"{name} in {language!r}", texts[language], nameable)
        return {language: texts[language] for language in LANGUAGES}

    def _check(self, place: str, text: str, nameable: Collection[str]) -> None:
        try:
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as fault:
            self.fault(f"{place}: {fault}")
        unknown = sorted(named - set(nameable))
        if unknown:
            self.fault(f"{place} names {unknown[0]!r}, which its conditions do not tell")


def rows_of(cells: Mapping[str, object], file: str) -> list[Row]:
    """Return the rows of the file; each has a key of its own, and no cell that nobody reads."""
    rows = [Row(file, kind, *one) for kind in _KINDS for one in _keyed(cells, kind, file)]
    seen: set[str] = set()
    for row in rows:
        if row.key in seen:
            row.fault("this key is there twice")
        seen.add(row.key)
        unknown = sorted(set(row.cells) - _KINDS[row.kind])
        if unknown:
            row.fault(f"{unknown[0]!r} is no cell of a {row.kind}")
    return rows


def _keyed(
    cells: Mapping[str, object], kind: str, file: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    listed = cells.get(kind)
    common = {"checked_on": cells["checked_on"]} if "checked_on" in cells else {}
    for number, found in enumerate(listed if isinstance(listed, list) else [], 1):
        key = found.get("key") if isinstance(found, dict) else None
        if not isinstance(key, str) or not key.strip():
            raise LawError(f"{file}: {kind} number {number}: key is missing")
        yield key, common | found
