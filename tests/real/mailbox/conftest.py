"""A desk with a matter and its owner's mailbox at the real server."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import MailAccount, User
from tests.post import HUBER, ME
from tests.real.dovecot import Account
from tests.real.mailboxes import SENT_FOLDER, at_server


@pytest.fixture
def owner(db: None) -> User:
    return commands.create_owner(
        name="Katrin Brandt", mail=ME, password="ein recht langes Wort", now=timezone.now()
    )


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def matter(owner: User, now: datetime) -> int:
    """An offer of twenty days ago, with nothing heard since."""
    change = commands.create_opportunity(
        actor=owner,
        now=now - timedelta(days=20),
        key="Balkone",
        prospect="Pension Alpenblick",
        title="4 Balkone Südseite",
        person="Rosa Huber",
        mail=HUBER,
        phone="08026 555 48 10",
        amount_cents=3_120_000,
        number="2026-0417",
    )
    return change.opportunity_id or 0


@pytest.fixture
def box(account: Account, owner: User, now: datetime) -> MailAccount:
    """The owner's account at the real server, with a folder of sent mail."""
    account.make_folder(SENT_FOLDER)
    return at_server(account, owner, now=now)
