"""Tables as the programs write them, each with the values that are in it."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from nachhaken.sources.faults import say
from nachhaken.sources.profiles import profiles
from nachhaken.sources.tables import Row, read_table

FOLDER = Path(__file__).with_name("tables")
PROFILES = tomllib.loads(
    resources.files("nachhaken.sources").joinpath("profiles.toml").read_text(encoding="utf-8")
)
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


def held(row: Row) -> dict[str, object]:
    values = {name: getattr(row, name) for name in row.__slots__}
    return {
        name: value if type(value) in {bool, int} else str(value)
        for name, value in values.items()
        if value not in {None, "", False}
    }


def test_every_file_is_expected() -> None:
    files = {file.name for file in FOLDER.iterdir() if file.suffix in {".csv", ".xlsx", ".txt"}}
    assert files == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_table_holds_what_is_expected(name: str) -> None:
    table = read_table((FOLDER / name).read_bytes(), name)
    found = {
        "about": str(table.about),
        "profile": table.profile,
        "faults": [say(fault) for fault in table.faults],
        "rows": [held(row) for row in table.rows],
    }
    assert found == EXPECTED[name]


def test_every_program_has_a_file() -> None:
    told = {table["profile"] for table in EXPECTED.values()} - {""}
    assert told == {profile.program for profile in profiles()}


@pytest.mark.parametrize("key", PROFILES)
def test_no_header_of_a_profile_means_two_things(key: str) -> None:
    words = [word for words in PROFILES[key]["columns"].values() for word in words]
    assert len(words) == len(set(words))
