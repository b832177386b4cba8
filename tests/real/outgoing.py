"""A matter, an account and a mail server: what the tests of sending stand on."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from nachhaken.desk import commands, outbox
from nachhaken.desk.commands.ledger import act_of
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import Event, MailAccount, Opportunity, Outgoing, User
from nachhaken.desk.sealing import seal
from nachhaken.terms import Channel, ConsentScope, StepKind
from tests import cast
from tests.cast import NOW
from tests.real.dovecot import Account, Dovecot
from tests.real.smtp import PASSWORD, USERNAME, MailServer, Mode

LATER = NOW + timedelta(seconds=10)
STATE = Outgoing.State
TEXT = "Guten Tag Herr Kern,\n\nkamen Sie dazu, sich das Angebot anzusehen?\n"


@pytest.fixture
def mail_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[MailServer]:
    settings.MAIL_PATIENCE = (2.0, 0.5)
    with MailServer(tmp_path) as mail_server:
        monkeypatch.setenv("SSL_CERT_FILE", mail_server.ca_file)
        yield mail_server


@pytest.fixture
def seller() -> User:
    return cast.owner()


@pytest.fixture
def matter(seller: User) -> Opportunity:
    return willing(cast.SILENT, actor=seller)


def willing(standing: cast.Standing, *, actor: User, now: datetime = NOW) -> Opportunity:
    """Settle a customer who wants to be written to, as often as the tests like."""
    row = cast.settle(standing, actor=actor)
    commands.give_consent(
        actor=actor,
        now=now - timedelta(days=1),
        key=f"agreed {row.pk}",
        opportunity_id=row.pk,
        words="Schreiben Sie mir ruhig.",
        heard_on=Channel.CALL,
        scope=ConsentScope.ADVERTISING,
    )
    free = commands.Limits(
        touches_per_week=7, touches_per_month=30, quiet_before=time(0), quiet_after=time(23, 59)
    )
    commands.set_limits(actor=actor, now=now, limits=free, reason="Für diese Tests gelockert.")
    return row


@pytest.fixture
def mail_account(seller: User, mail_server: MailServer) -> MailAccount:
    return MailAccount.objects.create(
        user=seller, address=USERNAME, username=USERNAME, secret=seal(PASSWORD), set_at=NOW,
        smtp_host=mail_server.host, smtp_port=mail_server.port,
    )  # fmt: skip


@pytest.fixture
def own_mailbox(mail_account: MailAccount, dovecot: Dovecot, mail_server: MailServer) -> Account:
    """The mailbox of the account; its line is plain: its certificate is another one."""
    found = dovecot.account(password=PASSWORD)
    mail_server.username = mail_account.username = found.user
    mail_account.imap_host, mail_account.imap_port, mail_account.imap_security = (
        found.host,
        found.port,
        "none",
    )
    mail_account.save()
    return found


def queue(matter: Opportunity, key: str = "k1", text: str = TEXT, **more: Any) -> Outgoing:
    letter = Letter(to=cast.SILENT.mail, subject="Schiebetor Hof", text=text)
    act = act_of(User.objects.get(), NOW, key)
    given = {"step": StepKind.MAIL, "person_id": matter.person_id} | more
    return outbox.queue_mail(act, matter.pk, given.pop("letter", letter), **given)


def again(waiting: Outgoing) -> Outgoing:
    return Outgoing.objects.get(pk=waiting.pk)


def touches(matter: Opportunity) -> list[Event]:
    return list(matter.events.filter(kind="touched", recorded_at__gte=NOW).standing())


def unknown(matter: Opportunity, mail_server: MailServer) -> Outgoing:
    mail_server.post.mode = Mode.DROP_AFTER
    waiting = queue(matter)
    outbox.deliver(waiting.pk, now=LATER)
    mail_server.post.mode = Mode.NORMAL
    return waiting
