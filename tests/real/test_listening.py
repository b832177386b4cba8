"""Listening at a real mailbox: new mail comes at once, and the page tells the truth meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.listening import AT_ONCE, Listening, pause_after
from nachhaken.desk.models import Event, MailAccount, User
from nachhaken.desk.pages_mailbox import Trouble
from nachhaken.desk.postman import EVERY, RARELY
from nachhaken.desk.sealing import seal
from nachhaken.sources.imap import NoIdle, NotReached, WrongPassword
from tests.post import HUBER, ME, mail
from tests.real.dovecot import Account, Dovecot, own_dovecot

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

SOON = 3.0  # seconds: what comes is on the desk before anybody has turned to it


@pytest.fixture
def owner(transactional_db: None) -> User:
    user = commands.create_owner(
        name="Katrin Brandt", mail=ME, password="ein recht langes Wort", now=timezone.now()
    )
    commands.create_opportunity(
        actor=user,
        now=timezone.now() - timedelta(days=20),
        key="Balkone",
        prospect="Pension Alpenblick",
        title="4 Balkone Südseite",
        person="Rosa Huber",
        mail=HUBER,
        amount_cents=3_120_000,
    )
    return user


@pytest.fixture
def listening(owner: User) -> Iterator[Listening]:
    found = Listening()
    yield found
    found.end(patience=10)


def set_up(account: Account, owner: User) -> MailAccount:
    return MailAccount.objects.create(
        user=owner,
        address=ME,
        username=account.user,
        secret=seal(account.password),
        smtp_host=account.host,
        imap_host=account.host,
        imap_port=account.port,
        imap_security="none",
        set_at=timezone.now(),
    )


def until(is_so: Callable[[], bool], seconds: float = 15.0) -> float:
    """Wait until it is so and return how many seconds that took."""
    began = time.monotonic()
    while True:
        # The tests' database is one in memory: a table that somebody writes cannot be read.
        with suppress(OperationalError):
            if is_so():
                return time.monotonic() - began
        assert time.monotonic() - began < seconds
        time.sleep(0.05)


def trouble(owner: User) -> Trouble | None:
    health = queries.health_of(owner, timezone.now())
    assert health is not None
    return health.trouble


def replied() -> int:
    return Event.objects.filter(kind="replied").count()


def answer(number: int) -> bytes:
    said = f"Ja, gern, Nummer {number}."
    at = timezone.now()
    return mail(number=f"{number}@alpenblick.example", said=said, at=at, to=ME, sender=HUBER)


def test_a_mail_is_on_the_desk_as_soon_as_it_comes(
    account: Account, owner: User, listening: Listening
) -> None:
    box = set_up(account, owner)
    assert listening.follow() == {box.pk}
    until(lambda: trouble(owner) is None)
    time.sleep(1)  # now the line waits
    for number in (1, 2):
        account.deliver(answer(number))
        assert until(lambda n=number: replied() == n) < SOON  # type: ignore[misc]
    box.refresh_from_db()
    assert box.watched_at is not None
    assert timezone.now() - box.watched_at < timedelta(seconds=10)


def test_the_page_tells_the_truth_while_the_server_is_killed_and_restarted(
    owner: User, listening: Listening, client: Client
) -> None:
    client.force_login(owner)

    def page() -> str:
        return " ".join(client.get("/settings/post").content.decode().split())

    with own_dovecot() as server:
        account = server.account()
        set_up(account, owner)
        listening.follow()
        until(lambda: trouble(owner) is None)
        assert "Es fehlt nichts." in page()
        server.kill()
        until(lambda: trouble(owner) is Trouble.FAULT)
        assert "Ihr Postfach ist gestört" in page()
        assert "Es fehlt nichts." not in page()
        assert "bitte erst nachsehen" in client.get("/").content.decode()
        server.start()
        account.deliver(answer(1))
        until(lambda: trouble(owner) is None and replied() == 1, AT_ONCE.total_seconds() * 6)
        assert "Es fehlt nichts." in page()
        assert "bitte erst nachsehen" not in client.get("/").content.decode()


def test_a_line_follows_what_is_changed_and_ends_with_its_account(
    account: Account, dovecot: Dovecot, owner: User, listening: Listening
) -> None:
    box = set_up(account, owner)
    listening.follow()
    until(lambda: trouble(owner) is None)
    other = dovecot.account()
    other.deliver(answer(1))
    rows = MailAccount.objects.filter(pk=box.pk)
    anew = {"username": other.user, "secret": seal(other.password), "set_at": timezone.now()}
    until(lambda: rows.update(**anew) == 1)
    listening.follow()
    until(lambda: replied() == 1)
    until(lambda: bool(rows.delete()))
    assert listening.follow() == frozenset()


def test_the_end_is_clean_and_quick(account: Account, owner: User, listening: Listening) -> None:
    set_up(account, owner)
    listening.follow()
    until(lambda: trouble(owner) is None)
    time.sleep(0.5)
    lines = listening.lines()
    began = time.monotonic()
    listening.end(patience=10)
    assert time.monotonic() - began < 5
    assert not any(line.is_alive() for line in lines)


def test_no_more_lines_than_there_may_be(dovecot: Dovecot, owner: User) -> None:
    set_up(dovecot.account(), owner)
    second = User.objects.create_user("jonas@brandt.example")
    set_up(dovecot.account(), second)
    listening = Listening(most=1)
    try:
        assert listening.follow() == {MailAccount.objects.get(user=owner).pk}
    finally:
        listening.end(patience=10)
        connection.close()


def test_the_pauses_grow_where_nobody_opens_and_stay_short_where_a_server_only_sleeps() -> None:
    pause, asleep = None, []
    for _ in range(8):
        pause = pause_after(NotReached.code, pause)
        asleep.append(pause)
    assert (asleep[0], asleep[-1]) == (AT_ONCE, EVERY)
    assert asleep == sorted(asleep)
    pause, locked = None, []
    for _ in range(12):
        pause = pause_after(WrongPassword.code, pause)
        locked.append(pause)
    assert (locked[0], locked[-1]) == (2 * EVERY, RARELY)
    assert pause_after(NoIdle.code, RARELY) == EVERY
    assert pause_after("", RARELY) == timedelta(0)
