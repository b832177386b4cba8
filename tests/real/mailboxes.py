"""A user's mailbox at the real server: set up, visited, and held against what the desk has."""

from datetime import datetime

from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.models import Event, MailAccount, MailFolder, User
from nachhaken.desk.sealing import seal
from nachhaken.sources.mail import parse_message
from nachhaken.sources.uid_set import UidSet
from tests.post import HUBER, ME, SENT, mail
from tests.real.dovecot import Account

SENT_FOLDER = "Gesendete Objekte"


def at_server(account: Account, owner: User, *, now: datetime, **other: object) -> MailAccount:
    named: dict[str, object] = {
        "address": ME,
        "username": account.user,
        "secret": seal(account.password),
        "smtp_host": account.host,
        "imap_host": account.host,
        "imap_port": account.port,
        "imap_security": "none",
        "set_at": now,
    }
    return MailAccount.objects.create(user=owner, **(named | other))


def owner_of(box: MailAccount) -> User:
    return User.objects.get(pk=box.user_id)


def fetch(box: MailAccount, **asked: int | None) -> commands.FetchedMail:
    fresh = MailAccount.objects.get(pk=box.pk)
    return commands.fetch_mail(account=fresh, now=timezone.now(), **asked)


def kinds(opportunity: int) -> list[str]:
    rows = Event.objects.filter(opportunity=opportunity).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def reply(number: str, said: str, at: datetime, *, sender: str = HUBER) -> bytes:
    raw = mail(number=number, said=said, at=at, to=ME, sender=sender)
    return raw.replace(b"Subject:", f"In-Reply-To: <{SENT}>\r\nSubject: Re:".encode())


def stranger(number: str, at: datetime, *, sender: str = "neffe@web.de") -> bytes:
    raw = mail(number=number, said="Bis Sonntag.", at=at, to=ME, sender=sender)
    return raw.replace(b"Ihr Angebot 2026-0417", b"Kaffee und Kuchen")


def folder_of(box: MailAccount, name: str = "INBOX") -> MailFolder:
    return MailFolder.objects.get(account=box, name=name)


def assert_whole(box: MailAccount, account: Account, *known: str) -> None:
    """Hold the desk against the server: all there, each once, and every number right.

    `known` are the addresses whose mails must be here (default: the customer of these tests).
    """
    for row in MailFolder.objects.filter(account=box):
        taken, held = UidSet.read(row.taken), account.uids(row.name)
        assert (row.fault, row.missing) == ("", "")
        assert (row.held, held - set(taken)) == (len(held), set())
        assert row.kept + row.unmatched + row.skipped + row.faulty == len(taken)
        for raw in account.mails(row.name):
            message = parse_message(raw)
            people = {message.sender.mail, *(one.mail for one in message.recipients)}
            if people & {*(known or (HUBER,))}:
                here = Event.objects.filter(source_key=mail_key(message.message_id))
                assert here.count() == 1, message.message_id
