"""The morning's list over a real line to a real mail server."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from nachhaken.desk import commands
from nachhaken.desk.models import Digest, DigestState, MailAccount, User
from nachhaken.desk.sealing import seal
from tests import cast
from tests.cast import NOW
from tests.real.smtp import PASSWORD, USERNAME, MailServer, Mode

pytestmark = [pytest.mark.real, pytest.mark.django_db]

SEVEN = NOW.replace(hour=7, minute=0)


@pytest.fixture
def server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[MailServer]:
    settings.MAIL_PATIENCE = (2.0, 0.5)
    with MailServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


@pytest.fixture
def owner(server: MailServer) -> User:
    user = cast.owner()
    commands.set_digest(actor=user, now=SEVEN - timedelta(hours=1), at=time(7))
    MailAccount.objects.create(
        user=user, address=USERNAME, username=USERNAME, secret=seal(PASSWORD),
        smtp_host=server.host, smtp_port=server.port, smtp_security=server.security, set_at=NOW,
    )  # fmt: skip
    cast.settle_all(actor=user)
    return user


def test_it_arrives_with_its_umlauts_at_the_user_alone(server: MailServer, owner: User) -> None:
    assert commands.send_digests(now=SEVEN) == 1
    ((_, recipients),) = server.post.envelopes
    assert recipients == [owner.email]
    (mail,) = server.post.mails
    assert "Hausverwaltung" in mail.get_content() or "Yıldız" in mail.get_content()
    assert "„" in mail.get_content()
    assert commands.send_digests(now=SEVEN + timedelta(minutes=1)) == 0


def test_a_server_that_takes_it_and_hangs_leaves_it_unknown_and_gets_it_once(
    server: MailServer, owner: User
) -> None:
    server.post.mode = Mode.HANG
    assert commands.send_digests(now=SEVEN) == 0
    server.post.mode = Mode.NORMAL
    assert commands.send_digests(now=SEVEN + timedelta(hours=1)) == 0
    assert Digest.objects.get(day=SEVEN.date()).state == DigestState.UNKNOWN
    assert len(server.post.taken) == 1


def test_a_busy_server_gets_it_a_little_later(server: MailServer, owner: User) -> None:
    server.post.mode = Mode.BUSY
    assert commands.send_digests(now=SEVEN) == 0
    server.post.mode = Mode.NORMAL
    assert commands.send_digests(now=SEVEN + timedelta(minutes=10)) == 1
    assert Digest.objects.get(day=SEVEN.date()).state == DigestState.SENT
