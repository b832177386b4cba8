"""The playbook as it is shipped: tables read once, checked, and joined with own versions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NoReturn, TypeVar

from nachhaken.playbook.filling import PLACEHOLDERS, WRITTEN_PLACEHOLDERS, needs
from nachhaken.playbook.values import (
    Answer,
    Branch,
    Mail,
    Playbook,
    Question,
    Refusal,
    Repeat,
    Said,
    Scene,
    Script,
    Voice,
)
from nachhaken.terms import Form, Intent

LANGUAGES = ("de", "en")

_Word = TypeVar("_Word", bound=StrEnum)
_Value = TypeVar("_Value", Script, Mail, Said, Branch, Refusal, Question, Repeat)
_KINDS = ("script", "mail", "line", "branch", "refusal", "question", "repeat")


class PlaybookError(ValueError):
    """A fault in a table; it names the file and the key of the row."""


@cache
def playbook() -> Playbook:
    """Return the shipped playbook, read at the first call; raise PlaybookError for a fault."""
    folder = resources.files("nachhaken.playbook").joinpath("tables")
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    return read_tables({name: folder.joinpath(name).read_text("utf-8") for name in files})


def read_tables(texts: Mapping[str, str]) -> Playbook:
    """Return the playbook of TOML `texts` by file name, each a list of rows of any kind."""
    rows = [row for file, text in texts.items() for row in _rows(file, text)]
    branches = _by_key(rows, "branch", _branch)
    known = set(branches)
    for row in rows:
        for key in (*row.keys("hears"), *row.keys("then")):
            if key not in known:
                row.fault(f"no branch is called {key!r}")
    return Playbook(
        scripts=_by_key(rows, "script", _script),
        branches=branches,
        refusals=_by_key(rows, "refusal", _refusal),
        questions=_by_key(rows, "question", _question),
        repeats=_by_key(rows, "repeat", _repeat),
        mails=_by_key(rows, "mail", _mail),
        lines=_by_key(rows, "line", _line),
    )


def with_own(
    shipped: Playbook,
    scripts: Iterable[Script],
    answers: Mapping[str, Sequence[Answer]] | None = None,
) -> Playbook:
    """Return `shipped` with own scripts beside its own, and own `answers` by key of the refusal.

    An own script that names no branches is answered like the first shipped one of its scene;
    answers to a refusal that is not there are left out.
    """
    own = {s.key: replace(s, hears=s.hears or _usual(shipped, s.scene)) for s in scripts}
    mine = answers or {}
    refusals = {
        key: replace(refusal, answers=(*refusal.answers, *mine.get(key, ())))
        for key, refusal in shipped.refusals.items()
    }
    return replace(shipped, scripts={**shipped.scripts, **own}, refusals=refusals)


def _usual(shipped: Playbook, scene: Scene) -> tuple[str, ...]:
    return next((s.hears for s in shipped.scripts.values() if s.scene is scene), ())


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table, with its place."""

    file: str
    kind: str
    key: str
    cells: Mapping[str, object]

    def fault(self, what: str) -> NoReturn:
        raise PlaybookError(f"{self.file}: {self.kind} {self.key!r}: {what}")

    def text(self, name: str) -> str:
        found = self.cells.get(name)
        if not isinstance(found, str) or not found.strip():
            self.fault(f"{name} is missing")
        return found

    def number(self, name: str) -> int:
        found = self.cells.get(name, 0)
        if not isinstance(found, int) or isinstance(found, bool):
            self.fault(f"{name} is no whole number")
        return found

    def table(self, name: str) -> Mapping[str, object]:
        found = self.cells.get(name)
        if not isinstance(found, dict):
            self.fault(f"{name} is missing")
        return found

    def keys(self, name: str) -> tuple[str, ...]:
        """Return a list of words; a table by language stands in the same place in other kinds."""
        found = self.cells.get(name, [])
        return self._texts(name, found) if isinstance(found, list) else ()

    def said(self, name: str, placeholders: Collection[str] = PLACEHOLDERS) -> Said:
        """Return a text in every voice."""
        texts = self.table(name)
        for text in texts.values():
            unknown = needs(str(text)).difference(placeholders)
            if unknown:
                self.fault(f"no placeholder is called {', '.join(sorted(unknown))}")
        return {voice: self._part(name, texts, voice.value) for voice in Voice}

    def by_language(self, name: str) -> Mapping[str, str]:
        texts = self.table(name)
        return {language: self._part(name, texts, language) for language in LANGUAGES}

    def wordings(self, name: str) -> Mapping[str, tuple[str, ...]]:
        texts = self.table(name)
        return {
            language: self._texts(f"{name}.{language}", texts.get(language))
            for language in LANGUAGES
        }

    def angle(self) -> Mapping[str, str]:
        return {"de": self.text("angle"), "en": self.text("angle_en")}

    def word(self, name: str, words: type[_Word]) -> _Word:
        found = self.text(name)
        if found not in tuple(words):
            self.fault(f"{name} cannot be {found!r}")
        return words(found)

    def intent(self) -> Intent | None:
        return self.word("intent", Intent) if "intent" in self.cells else None

    def _part(self, name: str, texts: Mapping[str, object], part: str) -> str:
        found = texts.get(part)
        if not isinstance(found, str) or not found.strip():
            self.fault(f"{name}.{part} is missing")
        return found

    def _texts(self, name: str, found: object) -> tuple[str, ...]:
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.fault(f"{name} is no list of words")
        return tuple(found)


def _rows(file: str, text: str) -> Iterator[_Row]:
    import tomllib  # noqa: PLC0415 - only the first reading needs it

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PlaybookError(f"{file}: {fault}") from fault
    for kind, rows in tables.items():
        if kind not in _KINDS:
            raise PlaybookError(f"{file}: there are no rows called {kind!r}")
        yield from (_Row(file, kind, str(cells.get("key", "")), cells) for cells in rows)


def _by_key(
    rows: Iterable[_Row], kind: str, value_of: Callable[[_Row], _Value]
) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for row in rows:
        if row.kind == kind:
            if row.text("key") in found:
                row.fault("the key stands twice")
            found[row.key] = value_of(row)
    return found


def _script(row: _Row) -> Script:
    return Script(
        key=row.key,
        scene=row.word("scene", Scene),
        say=row.said("say"),
        hears=row.keys("hears"),
        nth=row.number("nth"),
        angle=row.angle(),
    )


def _mail(row: _Row) -> Mail:
    return Mail(
        key=row.key,
        scene=row.word("scene", Scene),
        subject=row.said("subject", WRITTEN_PLACEHOLDERS),
        body=row.said("body", WRITTEN_PLACEHOLDERS),
        nth=row.number("nth"),
        angle=row.angle(),
    )


def _line(row: _Row) -> Said:
    return row.said("say", WRITTEN_PLACEHOLDERS)


def _branch(row: _Row) -> Branch:
    return Branch(
        key=row.key,
        hears=row.by_language("hears"),
        say=row.said("say"),
        intent=row.intent(),
        then=row.keys("then"),
    )


def _refusal(row: _Row) -> Refusal:
    answers = row.cells.get("answer")
    if not isinstance(answers, list) or not answers:
        row.fault("there is no answer")
    parts = [_Row(row.file, "answer", str(cells.get("key", "")), cells) for cells in answers]
    return Refusal(
        key=row.key,
        hears=row.wordings("hears"),
        answers=tuple(
            Answer(key=part.text("key"), say=part.said("say"), angle=part.angle()) for part in parts
        ),
        intent=row.intent(),
    )


def _question(row: _Row) -> Question:
    return Question(
        key=row.key,
        ask=row.said("ask"),
        when=frozenset(row.keys("when")),
        fits=frozenset(row.keys("fits")),
    )


def _repeat(row: _Row) -> Repeat:
    return Repeat(key=row.key, form=row.word("form", Form), say=row.said("say"))
