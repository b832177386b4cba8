"""Is every German sentence of the pages there in English, and the compiled catalogue its own?

Without GNU gettext, which Django's makemessages needs: sentences are read from the templates' tags
and from the code's calls. With --write the catalogue is brought up to date and compiled.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib  # type: ignore[import-untyped]  # ships no types

ROOT = Path(__file__).parents[2]
DESK = ROOT / "src/nachhaken/desk"
PO = DESK / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")

TRANSLATE = re.compile(r"""(?:\{% translate |\b_\()(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(
    r"\{% blocktranslate\b.*?%\}(.*?)(?:\{% plural %\}(.*?))?\{% endblocktranslate %\}", re.DOTALL
)
VARIABLE = re.compile(r"\{\{ (\w+) \}\}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}


class Sentence(NamedTuple):
    """A German sentence, and its plural, "" for none."""

    one: str
    many: str = ""


def main(*, write: bool) -> int:
    """Print what is missing, superfluous or stale; 1 if there is anything."""
    if write:
        update()
    faults = list(catalogue_faults())
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"translations: {len(sentences())} sentences, {len(faults)} faults")
    return 1 if faults else 0


def sentences() -> set[Sentence]:
    """Every sentence that a page can say by gettext."""
    found = set()
    for path in DESK.rglob("*.html"):
        found |= set(of_template(path.read_text("utf-8")))
    for path in DESK.rglob("*.py"):
        found |= set(of_code(path.read_text("utf-8")))
    return found


def of_template(text: str) -> Iterator[Sentence]:
    for match in TRANSLATE.finditer(text):
        yield Sentence(match[1] or match[2])
    for match in BLOCK.finditer(text):
        yield Sentence(_msgid(match[1]), _msgid(match[2] or ""))


def of_code(text: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            words = [text for text in texts if isinstance(text, str)]
            if words:
                yield Sentence(*words[: 2 if node.func.id == "ngettext" else 1])


def catalogue_faults() -> Iterator[str]:
    known = {Sentence(entry.msgid, entry.msgid_plural): entry for entry in polib.pofile(str(PO))}
    for sentence in sorted(sentences() - known.keys()):
        yield f"{PO.name}: lacks “{sentence.one}”; run scripts/translations"
    for sentence in sorted(known.keys() - sentences()):
        yield f"{PO.name}: nobody says “{sentence.one}”; run scripts/translations"
    for entry in known.values():
        yield from _entry_faults(entry)
    if not MO.exists() or MO.read_bytes() != polib.pofile(str(PO)).to_binary():
        yield f"{MO.name}: is not compiled from {PO.name}; run scripts/translations"


def update() -> None:
    """Add what is new, drop what nobody says, compile."""
    book = polib.pofile(str(PO)) if PO.exists() else polib.POFile(wrapwidth=96)
    known = {Sentence(entry.msgid, entry.msgid_plural): entry for entry in book}
    fresh = polib.POFile(wrapwidth=96)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    fresh.extend(known.get(sentence) or _entry(sentence) for sentence in sorted(sentences()))
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    MO.write_bytes(polib.pofile(str(PO)).to_binary())


def _entry(sentence: Sentence) -> polib.POEntry:
    entry = polib.POEntry(msgid=sentence.one, flags=["python-format"] * ("%(" in sentence.one))
    if sentence.many:
        entry.msgid_plural, entry.msgstr_plural = sentence.many, {0: "", 1: ""}
    return entry


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(said) or entry.fuzzy or entry.obsolete:
        yield f"{PO.name}: “{entry.msgid}” is not translated"
    german = set(re.findall(r"%\(\w+\)\w", entry.msgid + entry.msgid_plural))
    for text in said:
        if set(re.findall(r"%\(\w+\)\w", text)) - german:
            yield f"{PO.name}: “{text}” asks for what the German does not give"


def _msgid(body: str) -> str:
    return VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))


if __name__ == "__main__":
    raise SystemExit(main(write="--write" in sys.argv))
