"""`nachhaken read`: in words, as JSON, line by line, and against labels."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nachhaken.cli import cli

LATER = {"id": "a1", "text": "Rufen Sie in 2-3 Monaten an.", "reference": "2026-11-24"}
HOLIDAYS = {"text": "Rufen Sie nach den Sommerferien an.", "reference": "2026-05-01"}


def run(*words: str, given: str | bytes = "", language: str = "de_DE.UTF-8") -> Result:
    environment = {"LC_ALL": language, "LC_MESSAGES": None, "LANG": None}
    return CliRunner(env=environment).invoke(cli, ["read", *words], input=given)


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def answers(*rows: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("--jsonl", given=lines(*rows)).stdout.splitlines()]


def test_people_read_each_thing_with_the_words_that_show_it() -> None:
    done = run("--on", "2026-11-24", given="Rufen Sie in 2-3 Monaten an.")
    told = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert told[0].startswith("Absicht später, ohne Grund (")
    assert "Zeitraum 24.1.2027 – 24.2.2027" in told
    assert told[told.index("Zeitraum 24.1.2027 – 24.2.2027") + 1] == "„in 2-3 Monaten“"
    assert not any(line.startswith("Unsicher") for line in told)


@pytest.mark.parametrize(
    ("language", "begin", "between"),
    [("de_DE.UTF-8", "Unsicher ", " oder "), ("en_GB.UTF-8", "Unsure ", " or ")],
)
def test_an_unsure_reading_names_what_else_it_could_be(
    language: str, begin: str, between: str
) -> None:
    last = run(given="👍", language=language).stdout.splitlines()[-1]
    assert last.startswith(begin)
    assert between in last


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    done = run("--on", "2026-11-24", given="Rufen Sie in 2-3\x1b[2J\nMonaten an, leider zu teuer.")
    assert "\x1b" not in done.stdout


def test_programs_get_everything() -> None:
    told = json.loads(run("--json", "--on", "2026-11-24", given=LATER["text"]).stdout)
    assert told["intent"] == "later_vague"
    assert sum(told["probabilities"].values()) == pytest.approx(1)
    assert told["confidence"] == pytest.approx(told["probabilities"]["later_vague"], abs=1e-6)
    start, end = told["spans"]["callback"]
    assert LATER["text"][start:end] == told["evidence"]["callback"] == "in 2-3 Monaten"
    assert told["doubt"] is None


def test_a_row_in_is_a_row_out() -> None:
    (told,) = answers(LATER | {"lang": "de", "channel": "message"})
    assert list(told) == [
        "id", "intent", "probabilities", "callback", "condition", "no_reason", "signals", "spans",
    ]  # fmt: skip
    assert told["id"] == "a1"
    assert told["callback"] == {"start": "2027-01-24", "end": "2027-02-24"}
    assert told["spans"]["callback"] == [10, 24]


def test_the_region_is_the_rows_or_that_of_its_language() -> None:
    told = answers(
        HOLIDAYS | {"lang": "de-AT"},
        HOLIDAYS | {"region": "AT"},
        HOLIDAYS | {"lang": "de-CH"},
        HOLIDAYS | {"region": "CH", "lang": "de-AT"},
        HOLIDAYS | {"lang": "en"},
        HOLIDAYS,
    )
    windows = [row["callback"]["start"] for row in told]
    assert windows[0] == windows[1]
    assert windows[2] == windows[3]
    assert windows[4] == windows[5]
    assert len(set(windows)) == 3


QUOTING = (
    "Können wir so machen.\n\nAm 01.10.2026 um 09:00 schrieb Katrin Brandt:\n"
    "> Dann melde ich mich in 2-3 Monaten wieder bei Ihnen.\n"
)


def test_of_a_mail_only_the_new_text_is_read() -> None:
    mail = {"text": QUOTING, "reference": "2026-10-02", "channel": "email"}
    (told,) = answers(mail)
    assert told["callback"] is None
    assert all(end <= QUOTING.index("Am 01.10.") for _, end in told["spans"].values())
    pasted = json.loads(run("--json", "--on", "2026-10-02", given=QUOTING).stdout)
    assert pasted["intent"] == told["intent"]


def test_a_mail_of_half_past_midnight_is_of_the_new_day(tmp_path: Path) -> None:
    mail = tmp_path / "antwort.eml"
    mail.write_text(
        "From: a@b.example\nTo: c@d.example\nSubject: AW: Angebot\n"
        "Date: Tue, 24 Nov 2026 00:30:00 +0100\n\nRufen Sie mich morgen an.\n"
    )
    told = json.loads(run("--json", str(mail)).stdout)
    assert told["callback"] == {"start": "2026-11-25", "end": "2026-11-25"}


@pytest.mark.parametrize(
    ("line", "name", "error"),
    [
        ("kaputt", None, "This is not JSON."),
        ('{"id": NaN}', None, "This is not JSON."),
        ("[" * 100_000, None, "This is not JSON."),
        ("[1]", None, "This is not a JSON object."),
        ('{"id": "x"}', "x", "“text” is missing or not text."),
        ('{"id": 7, "text": 8}', 7, "“text” is missing or not text."),
        ('{"id": [1], "text": ""}', None, "“id” is neither text nor integer."),
        ('{"id": true, "text": ""}', None, "“id” is neither text nor integer."),
        ('{"text": "", "channel": "fax"}', None, "“channel” is none of email, message, call_note."),
        ('{"text": "x"}', None, "“reference” is not a day such as 2026-11-24."),
        ('{"text": "x", "reference": 3}', None, "“reference” is not a day such as 2026-11-24."),
        (
            '{"text": "x", "reference": "2026-11-24", "region": 5}',
            None,
            "“lang” or “region” is not text.",
        ),
    ],
)
def test_a_bad_line_stops_nothing(line: str, name: object, error: str) -> None:
    done = run("--jsonl", given=f"{lines(LATER)}\n{line}\n{lines(LATER)}")
    first, bad, last = map(json.loads, done.stdout.splitlines())
    assert first == last
    assert bad == {"id": name, "error": error}
    assert done.stderr.startswith("Zeile 3: ")
    assert done.stderr.count("\n") == 1
    assert done.exit_code == 1


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    done = run("--jsonl", given=b"\xff\xfe\xfd\n" + lines(LATER).encode())
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [None, "a1"]


def test_half_a_character_comes_out_as_it_went_in() -> None:
    row = r'{"id": "\ud800", "text": "Wenn das Budget \ud800 frei ist.", "reference": "2026-11-24"}'
    done = run("--jsonl", given=f"{row}\n")
    assert json.loads(done.stdout)["id"] == "\ud800"
    assert done.exit_code == 0


def test_of_no_lines_nothing_comes() -> None:
    done = run("--jsonl")
    assert (done.stdout, done.stderr, done.exit_code) == ("", "", 0)


LABELLED = lines(
    LATER
    | {
        "intent": "later_vague",
        "callback": {"start": "2027-01-24", "end": "2027-02-24"},
        "condition": None,
        "no_reason": None,
        "signals": [],
    },
    {"text": "Leider zu teuer.", "reference": "2026-11-24", "intent": "yes"},
)


def test_readings_are_held_against_labels(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(LABELLED)
    told = [" ".join(line.split()) for line in run("--eval", str(file)).stdout.splitlines()]
    assert told[0] == "Antworten 2"
    assert "Absicht richtig 50,0 % (9,5 % – 90,5 %), 1/2" in told
    assert any(line.startswith("Zeitraum genau 100,0 %") for line in told)
    assert "1 × Zusage als Absage" in told
    assert run("--jsonl", "--eval", given=LABELLED).stdout == run("--eval", str(file)).stdout


def test_measures_for_programs() -> None:
    told = json.loads(run("--eval", "--json", given=LABELLED).stdout)
    assert told["right"] == {"hits": 1, "total": 2}
    assert told["macro_f1"] == pytest.approx(0.5)
    assert told["windows"]["exact"] == {"hits": 1, "total": 1}
    assert {"true": "yes", "read": "no", "count": 1} in told["confusion"]


@pytest.mark.parametrize(
    "label",
    [
        {"intent": "maybe"},
        {"intent": "no", "no_reason": "weather"},
        {"intent": "no", "condition": 3},
        {"intent": "no", "callback": {"start": "2026-11-25", "end": "2026-11-24"}},
        {"intent": "no", "callback": [1, 2]},
        {"intent": "no", "signals": ["loud"]},
        {},
    ],
)
def test_a_label_that_is_none_is_a_bad_line(label: dict[str, object]) -> None:
    done = run("--eval", "--json", given=lines(LATER | label, LATER | {"intent": "later_vague"}))
    assert json.loads(done.stdout)["right"] == {"hits": 1, "total": 1}
    assert done.stderr == "Zeile 1: Die Angaben zum Vergleich fehlen oder passen nicht.\n"
    assert done.exit_code == 1
