"""The handbook on what comes in and goes out says what stands at the desk, word by word."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "docs" / "handbuch"
DESK = ROOT / "src" / "nachhaken" / "desk"
WRITTEN = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("templates/**/*.html", "**/*.py")
    for path in DESK.glob(pattern)
)


@pytest.mark.parametrize(
    "name",
    [
        "absagen",
        "einlesen",
        "postfach",
        "kontakte",
        "mitschrift",
        "mitnehmen",
        "passung",
        "auswertung",
    ],
)
def test_what_it_names_in_bold_is_written_at_the_desk(name: str) -> None:
    text = (HANDBOOK / f"{name}.md").read_text(encoding="utf-8")
    named = {" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", text)}
    parts = {part for bold in named for part in bold.split(" → ")}
    assert len(parts) >= 5
    assert {part for part in parts if part not in WRITTEN} == set()


def test_the_lines_on_the_mailbox_are_those_that_it_says() -> None:
    words = (DESK / "mailbox_words.py").read_text(encoding="utf-8")
    said = re.sub(r"%\(since\)s", "seit …", words)
    page = (HANDBOOK / "postfach.md").read_text(encoding="utf-8")
    table = page.split("| Zeile | heißt |\n")[1].split("\n\n")[0]
    lines = [row.split(" | ")[0].removeprefix("| ") for row in table.splitlines()[1:]]
    assert len(lines) == 6
    assert [line for line in lines if f'"{line}"' not in said] == []


def test_every_page_is_in_its_table_of_contents() -> None:
    contents = (HANDBOOK / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in HANDBOOK.glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"\]\(([a-z-]+\.md)\)", contents))
