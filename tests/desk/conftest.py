"""The desk with its owner logged in, for the tests of the pages."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone, translation

from nachhaken.desk import commands
from nachhaken.desk.models import User
from tests.desk import taken
from tests.desk.shown import Done

# WhiteNoise warns about a folder that `nachhaken serve` would have made.
Path(settings.STATIC_ROOT).mkdir(exist_ok=True)

PASSWORD = "ein recht langes Wort"


@pytest.fixture(autouse=True)
def _in_german() -> Iterator[None]:
    # The test client leaves the language of its last page active, for whichever test comes next.
    with translation.override("de"):
        yield


@pytest.fixture
def owner(db: None) -> User:
    return commands.create_owner(
        name="Katrin Brandt", mail="katrin@brandt.example", password=PASSWORD, now=timezone.now()
    )


@pytest.fixture
def desk(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def alpenblick(owner: User) -> int:
    return opened(owner, "Pension Alpenblick", "4 Balkone Südseite", "huber@alpenblick.example")


def opened(owner: User, prospect: str, title: str, mail: str) -> int:
    sent = timezone.now() - timedelta(days=20)
    change = commands.create_opportunity(
        actor=owner,
        now=sent,
        key=str(uuid4()),
        prospect=prospect,
        title=title,
        person="Rosa Huber",
        mail=mail,
        phone="08026 555 48 10",
        amount_cents=3_120_000,
        number="2026-0417",
    )
    commands.replan([change.opportunity_id or 0], now=timezone.now())
    return change.opportunity_id or 0


@pytest.fixture
def done(owner: User, alpenblick: int) -> Done:
    """Do something with the opportunity, each time with a key of its own."""
    keys = iter(range(99))

    def doing(command: Done, **asked: Any) -> commands.Change:
        key = f"test {next(keys)}"
        return command(
            **{"actor": owner, "now": timezone.now(), "key": key, "opportunity_id": alpenblick}
            | asked
        )

    return doing


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """Let a test go on at another desk, with another secret and no documents."""
    with override_settings(SECRET_KEY=settings.SECRET_KEY):
        yield
    taken.forget_files()
