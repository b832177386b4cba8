"""The command line as a person types it: real processes, a data folder of their own."""

import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("NACHHAKEN_", "LC_"))}
NACHHAKEN = (sys.executable, "-c", "from nachhaken.cli import main; main()")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def typed(
        *words: str, language: str = "de_DE.UTF-8", data: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*NACHHAKEN, *words],
            env=_environment(data or tmp_path / "data", language),
            input=more.get("input"),
            capture_output=True,
            text=True,
            check=False,
        )

    return typed


def _environment(data: Path, language: str) -> dict[str, str]:
    return ENVIRONMENT | {"NACHHAKEN_DATA": str(data), "LANG": language, "PYTHONIOENCODING": "utf8"}


def _owner(data: Path) -> None:
    code = (
        "from nachhaken.project.starting import start_django; start_django();"
        "from django.utils import timezone; from nachhaken.desk.commands import create_owner;"
        "create_owner(name='K B', mail='k@x.example', password='Treppenstufe-77',"
        " now=timezone.now())"
    )
    subprocess.run([sys.executable, "-c", code], env=_environment(data, "de_DE.UTF-8"), check=True)


@contextmanager
def _serving(data: Path, port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*NACHHAKEN, "serve", "--port", str(port), *words],
        env=_environment(data, "de_DE.UTF-8"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _answer(port: int) -> tuple[int, dict[str, str]]:
    for _ in range(3000):  # five minutes: a busy machine takes its time for the example
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            return response.status, dict(response.getheaders())
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the desk does not answer")


def test_a_text_is_read_without_any_database(run: Run, tmp_path: Path) -> None:
    done = run("read", "--json", "--on", "2026-11-24", "-", input="Rufen Sie in 2-3 Monaten an.")
    told = json.loads(done.stdout)
    assert told["intent"] == "later_vague"
    assert told["callback"] == {"start": "2027-01-24", "end": "2027-02-24"}
    assert told["evidence"]["callback"] == "in 2-3 Monaten"
    assert not (tmp_path / "data").exists()


def test_a_mail_is_read_as_a_mail(run: Run, tmp_path: Path) -> None:
    mail = tmp_path / "antwort.eml"
    mail.write_text(
        "From: a@b.example\nTo: c@d.example\nSubject: AW: Angebot\n"
        "Date: Tue, 24 Nov 2026 09:00:00 +0100\n\n"
        "Leider zu teuer.\n\n> Rufen Sie in 2-3 Monaten an.\n"
    )
    lines = run("read", str(mail)).stdout.splitlines()
    assert lines[0].startswith("Absicht      Absage (")
    assert not any("Zeitraum" in line for line in lines)


def test_many_replies_stream_through_without_django(tmp_path: Path) -> None:
    """The first answer is there while the second question is not yet put."""
    code = (
        "import sys; from nachhaken.cli import main\n"
        "try: main()\n"
        "finally: assert not any(name.startswith('django') for name in sys.modules)"
    )
    asked = [{"id": n, "text": "Leider zu teuer.", "reference": "2026-11-24"} for n in (1, 2)]
    with subprocess.Popen(
        [sys.executable, "-c", code, "read", "--jsonl"],
        env=_environment(tmp_path / "data", "de_DE.UTF-8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for row in asked:
            process.stdin.write(json.dumps(row).encode() + b"\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            assert (told["id"], told["intent"]) == (row["id"], "no")
        process.stdin.close()
    assert process.returncode == 0
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("de_DE.UTF-8", "kann in „.*“ nicht schreiben"), ("en_GB.UTF-8", "cannot write to “.*”")],
)
def test_an_unusable_folder_gets_one_sentence(
    run: Run, tmp_path: Path, language: str, sentence: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    done = run("today", language=language, data=file / "data")
    assert done.returncode == 1
    assert re.search(sentence, done.stderr)
    assert done.stderr.count("\n") == 1


def test_without_an_owner_it_says_how_to_begin(run: Run) -> None:
    done = run("today")
    assert done.returncode == 1
    assert "nachhaken serve" in done.stderr
    assert "Traceback" not in done.stderr


def test_add_import_and_today_work_together(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    _owner(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    added = run("add", "Huber", "Hoftor", "--amount", "8400", "--sent-on", "2026-01-07")
    assert "Nächster Schritt" in added.stdout
    table = tmp_path / "angebote.csv"
    table.write_text(
        "Angebot;Datum;Kunde;Netto\nA-1;07.01.2026;Kern;9.000,00\nA-2;77.01.2026;Kern;1,00\n"
    )
    looked = run("import", "--dry-run", str(table))
    assert "1 neu" in looked.stdout
    assert "nichts ist gespeichert" in looked.stdout
    first, second = run("import", str(table)), run("import", str(table))
    assert "angebote.csv: 1 neu" in first.stdout
    assert "Zeile 3: „77.01.2026“ ist kein Datum." in first.stdout
    assert "0 neu, 0 geändert, 1 bekannt" in second.stdout
    wrong = tmp_path / "bild.png"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    refused = run("import", str(wrong))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    listed = run("today", "--minutes", "480")
    assert "Kern" in listed.stdout
    assert "Huber" in listed.stdout


def test_two_starts_at_once_share_one_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    one, other = 8931 + os.getpid() % 500, 9431 + os.getpid() % 500
    with _serving(data, one), _serving(data, other):
        for port in (one, other):
            status, headers = _answer(port)
            assert status == 302
            assert headers["Location"] == "/start/"
            assert "default-src 'self'" in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
    assert len((data / "secret-key").read_text()) > 50


def test_a_used_port_is_named_with_a_free_one(run: Run, tmp_path: Path) -> None:
    port = 9931 + os.getpid() % 500
    with _serving(tmp_path / "data", port):
        _answer(port)
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} ist schon belegt." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_example_is_there_when_the_desk_answers(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    port = 10431 + os.getpid() % 500
    with _serving(data, port, "--example"):
        assert _answer(port)[0] == 302
    _owner(data)
    assert len(run("today", "--minutes", "480").stdout.splitlines()) > 10
