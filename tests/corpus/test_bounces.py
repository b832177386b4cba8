"""Each mail of tests/corpus/bounces is read for what it says about a delivery."""

import tomllib
from pathlib import Path

import pytest

from nachhaken.sources.bounce import Bounce, bounce_of
from nachhaken.sources.mail import parse_message

FOLDER = Path(__file__).parent / "bounces"
EXPECTED: dict[str, dict[str, str]] = tomllib.loads(
    (FOLDER / "expected.toml").read_text(encoding="utf-8")
)


def told(bounce: Bounce | None) -> dict[str, str]:
    if bounce is None:
        return {}
    outcome = "delayed" if bounce.is_delayed else "dead" if bounce.is_permanent else "failed"
    found = {"id": bounce.message_id, "recipient": bounce.recipient}
    return found | {"status": bounce.status, "outcome": outcome}


def test_every_mail_has_its_row() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED)
    bounces = [row for row in EXPECTED.values() if row]
    assert len(bounces) >= 25
    assert {row["outcome"] for row in bounces} == {"dead", "failed", "delayed"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_says_what_came_back(name: str) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()
    bounce = bounce_of(raw)
    assert told(bounce) == EXPECTED[name]
    assert parse_message(raw).bounce == bounce


@pytest.mark.parametrize("name", [name for name, row in EXPECTED.items() if row])
def test_a_bounce_gives_its_reason_in_short(name: str) -> None:
    bounce = bounce_of((FOLDER / f"{name}.eml").read_bytes())
    assert bounce is not None
    assert 0 < len(bounce.reason) <= 200 or bounce.is_delayed
    assert "\n" not in bounce.reason
    assert parse_message((FOLDER / f"{name}.eml").read_bytes()).automatic
