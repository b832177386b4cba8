"""A database that somebody else holds: a calm sentence, and what was typed is still there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test import Client

from nachhaken.desk.busy import is_busy
from nachhaken.desk.models import Event, User
from nachhaken.project.database import WAIT, database

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {"minutes": "90", "what": "Aufmaß <3>", "key": "once"}


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


TABLES = "LOCK TABLE desk_event, desk_user IN EXCLUSIVE MODE"
A_ROW = "SELECT 1 FROM desk_prospect FOR UPDATE"


@contextmanager
def held(lock: str = TABLES) -> Iterator[None]:
    """Let another connection hold what everybody writes to, for as long as it takes."""
    other = connections["default"].copy()
    wait = "PRAGMA busy_timeout = 200" if connection.vendor == "sqlite" else lock_timeout("200ms")
    with connection.cursor() as cursor:
        cursor.execute(wait)
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            if connection.vendor != "sqlite":
                cursor.execute(lock)
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.connection.close()
        with connection.cursor() as cursor:
            usual = f"PRAGMA busy_timeout = {WAIT * 1000}"
            cursor.execute(usual if connection.vendor == "sqlite" else "RESET lock_timeout")


def lock_timeout(time: str) -> str:
    return f"SET lock_timeout = '{time}'"


@pytest.mark.parametrize("lock", [TABLES, A_ROW])
def test_what_was_typed_is_kept_while_the_database_is_held(
    desk: Client, alpenblick: int, lock: str
) -> None:
    before = Event.objects.count()
    address, typed = f"/opportunities/{alpenblick}/effort", TYPED
    with held(lock):
        answer = desk.post(address, typed)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    text = html(answer)
    assert "Einen Augenblick noch" in text
    assert "Aufmaß &lt;3&gt;" in text
    assert f'action="{address}"' in text
    assert Event.objects.count() == before
    assert desk.post(address, typed).status_code < 400


def test_a_program_is_told_in_its_own_words(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/effort"
    with held():
        answer = desk.post(address, TYPED, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (503, {"state": "busy"})


def test_no_password_is_kept_in_a_page(client: Client) -> None:
    typed = {"name": "Rosa", "mail": "rosa@huber.example", "password": "treppenstufe-77"}
    with held():
        answer = client.post("/start/", typed)
    assert answer.status_code == 503
    assert "treppenstufe" not in html(answer)
    assert not User.objects.exists()


def test_what_is_broken_is_not_called_busy() -> None:
    with pytest.raises(sqlite3.OperationalError) as found:
        sqlite3.connect(":memory:").execute("SELECT * FROM nowhere")
    error = OperationalError()
    error.__cause__ = found.value
    assert not is_busy(error)
    assert not is_busy(OperationalError())


def test_a_connection_waits_for_a_lock_for_as_long_on_either_database() -> None:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA busy_timeout" if sqlite else "SHOW lock_timeout")
        assert str(cursor.fetchone()[0]) == (f"{WAIT * 1000}" if sqlite else f"{WAIT}s")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", "-c lock_timeout=20s"),
        ("?options=-c%20lock_timeout%3D5s", "-c lock_timeout=20s -c lock_timeout=5s"),
    ],
)
def test_the_address_may_set_another_time(tmp_path: Path, asked: str, given: str) -> None:
    found = database(f"postgresql://nachhaken@localhost/desk{asked}", tmp_path)
    assert found["OPTIONS"] == {"options": given}
