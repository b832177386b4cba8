"""Do the docs name what exists, and is everything that exists named in its page?

Targets of make, commands of the command line, settings and links between pages, both ways. What
must be complete is a page once it exists: README.md or docs/ for targets, docs/cli.md for commands,
docs/operating.md for settings.
"""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
SETTING = re.compile(r"\bNACHHAKEN_[A-Z][A-Z_]*[A-Z]\b")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
COMMAND = re.compile(r"(?:^|[`/ ])nachhaken ([a-z][a-z-]*)\b", re.MULTILINE)


def main() -> int:
    """Print each fault with its page; 1 if there is one."""
    faults = [*link_faults(), *target_faults(), *command_faults(), *setting_faults()]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"docs: {len(pages())} pages, {len(faults)} faults")
    return 1 if faults else 0


def pages() -> list[Path]:
    """All Markdown pages that a reader meets."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")])


def link_faults() -> Iterator[str]:
    """Links between pages that lead nowhere."""
    for page in pages():
        for link in LINK.findall(page.read_text()):
            if (
                "://" not in link
                and not link.startswith("mailto:")
                and not (page.parent / link).exists()
            ):
                yield f"{page.relative_to(ROOT)}: no such file: {link}"


def target_faults() -> Iterator[str]:
    """Targets of make."""
    makefile = (ROOT / "Makefile").read_text()
    exist = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    yield from _unknown(TARGET, exist, "make target")
    yield from _unnamed(exist, TARGET, "README.md", "make target")


def command_faults() -> Iterator[str]:
    """Commands of the command line."""
    exist = _commands()
    if exist is not None:
        yield from _unknown(COMMAND, exist, "command")
        yield from _unnamed(exist, COMMAND, "docs/cli.md", "command")


def setting_faults() -> Iterator[str]:
    """Settings read from the environment."""
    code = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    exist = set(SETTING.findall(code))
    yield from _unknown(SETTING, exist, "setting")
    yield from _unnamed(exist, SETTING, "docs/operating.md", "setting")


def _commands() -> set[str] | None:
    if find_spec("nachhaken.cli") is None:
        return None
    return set(import_module("nachhaken.cli").cli.commands)


def _unknown(pattern: re.Pattern[str], exist: set[str], what: str) -> Iterator[str]:
    for page in pages():
        for name in sorted(_named(page, pattern) - exist):
            yield f"{page.relative_to(ROOT)}: no such {what}: {name}"


def _unnamed(exist: set[str], pattern: re.Pattern[str], home: str, what: str) -> Iterator[str]:
    if (ROOT / home).exists():
        named = set[str]().union(*(_named(page, pattern) for page in pages()))
        for name in sorted(exist - named):
            yield f"{home}: does not name the {what} {name}"


def _named(page: Path, pattern: re.Pattern[str]) -> set[str]:
    # Only code counts: prose may make sure of something.
    found: set[str] = set()
    for code in CODE.findall(page.read_text()):
        found.update(pattern.findall(code))
    return found


if __name__ == "__main__":
    sys.exit(main())
