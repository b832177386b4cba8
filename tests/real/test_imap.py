"""The mailbox against a real server: what lies there, what is new, and what can go wrong."""

import socket
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from threading import Timer
from time import monotonic

import pytest

from nachhaken.sources.imap import (
    BEGINNING,
    Fetched,
    Mailbox,
    NoFolder,
    NotReached,
    Renumbered,
    Role,
    Untrusted,
    WrongPassword,
)
from nachhaken.sources.imap.answers import LARGEST_WHOLE
from nachhaken.sources.mail import parse_message
from tests.real.dovecot import HOST, MARKED, Account, Dovecot

pytestmark = pytest.mark.real

AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


def mail(number: int, text: str = "Guten Tag") -> bytes:
    return (
        f"From: Rosa Huber <huber@pension-alpenblick.example>\r\n"
        f"To: k.brandt@metallbau-brandt.example\r\nSubject: Nummer {number}\r\n"
        f"Message-ID: <{number}@alpenblick.example>\r\n"
        f"Date: Fri, 20 Nov 2026 08:{number % 60:02}:00 +0000\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def mailbox(account: Account, **other: object) -> Mailbox:
    asked: dict[str, object] = {
        "host": account.host,
        "port": account.port,
        "security": "none",
        "username": account.user,
        "password": account.password,
        "timeout": 5,
    }
    return Mailbox(**(asked | other))  # type: ignore[arg-type]


def lying(box: Mailbox, folder: str = "INBOX", since: date | None = None) -> list[Fetched]:
    span = box.span(folder, since)
    heads = box.heads(folder, span.uid_validity, span.uids)
    return list(box.mails(folder, span.uid_validity, heads))


def numbers(found: Iterable[Fetched]) -> list[str]:
    return [parse_message(one.raw).message_id.partition("@")[0] for one in found]


def test_the_folder_that_the_server_marks_is_the_sent_one(account: Account) -> None:
    account.make_folder("Sent")
    account.make_folder(MARKED)
    with mailbox(account) as box:
        assert box.sent_folder() == MARKED


@pytest.mark.parametrize("name", ["Gesendete Elemente", "Ablage/Gesendet", "Sent", "Envoyés"])
def test_the_sent_folder_is_known_by_its_usual_name(account: Account, name: str) -> None:
    account.make_folder("Entwürfe")
    account.make_folder(name)
    with mailbox(account) as box:
        assert box.sent_folder() == name


def test_a_mailbox_without_a_sent_folder_says_so(account: Account) -> None:
    with mailbox(account) as box:
        assert box.sent_folder() is None


@pytest.mark.parametrize("folder", ["Gesendet", "Verträge & Angebote", "Größe „XL“", 'Zu "alt"'])
def test_a_kept_mail_is_held_as_read_and_unchanged(account: Account, folder: str) -> None:
    raw = mail(1, "Grüße aus Miesbach").replace(b"\r\n", b"\n")
    with mailbox(account) as box:
        box.keep_sent(folder, raw, AT)
        assert box.holds(folder, "1@alpenblick.example")
        assert not box.holds(folder, "2@alpenblick.example")
        (found,) = lying(box, folder)
    assert found.raw == raw.replace(b"\n", b"\r\n")
    assert found.head.at == AT
    assert r"\Seen" in account.flags(folder)[0]


def test_a_folder_that_is_not_there_refuses(account: Account) -> None:
    with mailbox(account) as box:
        with pytest.raises(NoFolder):
            box.holds("Gibt es nicht", "1@alpenblick.example")
        assert box.sent_folder() is None  # the line still stands


def test_a_folder_says_what_it_holds_each_time_it_is_asked(account: Account) -> None:
    for number in range(1, 4):
        account.deliver(mail(number))
    with mailbox(account) as box:
        before = box.span("INBOX")
        account.deliver(mail(4))
        after = box.span("INBOX")
        heads = box.heads("INBOX", after.uid_validity, after.uids - before.uids)
        assert numbers(box.mails("INBOX", after.uid_validity, heads)) == ["4"]


def test_the_header_alone_tells_who_and_what(account: Account) -> None:
    account.deliver(mail(1, "x" * 5000))
    with mailbox(account) as box:
        (head,) = box.heads("INBOX", box.span("INBOX").uid_validity, [1, 2])
    assert (head.uid, head.at is not None, head.size > 5000) == (1, True, True)
    assert head.sender == ("Rosa Huber", "huber@pension-alpenblick.example")
    assert head.addresses == {
        "huber@pension-alpenblick.example", "k.brandt@metallbau-brandt.example",
    }  # fmt: skip
    assert (head.subject, head.message_id) == ("Nummer 1", "1@alpenblick.example")


def test_reading_marks_nothing_as_read(account: Account) -> None:
    account.deliver(mail(1))
    with mailbox(account) as box:
        assert len(lying(box)) == 1
    assert r"\Seen" not in account.flags()[0]


def test_more_mails_than_one_batch_come_in_their_order(account: Account) -> None:
    with account.opened() as line:
        for number in range(300):
            line.append(mail(number), "INBOX", dt=AT + timedelta(minutes=number))
    with mailbox(account) as box:
        assert numbers(lying(box)) == [str(n) for n in range(300)]


def test_numbers_of_a_folder_that_was_made_anew_are_refused(account: Account) -> None:
    account.make_folder("Projekte")
    account.deliver(mail(1), "Projekte")
    with mailbox(account) as box:
        before = box.span("Projekte").uid_validity
    account.drop_folder("Projekte")
    account.make_folder("Projekte")
    account.deliver(mail(7), "Projekte")
    with mailbox(account) as box:
        with pytest.raises(Renumbered):
            list(box.heads("Projekte", before, [1]))
        assert numbers(lying(box, "Projekte")) == ["7"]


def test_a_first_reading_starts_with_the_day_that_is_asked(account: Account) -> None:
    account.deliver(mail(1), at=AT - timedelta(days=400))
    account.deliver(mail(2), at=AT)
    with mailbox(account) as box:
        assert numbers(lying(box, since=date(2026, 1, 1))) == ["2"]


def test_two_folders_are_read_in_turns(account: Account) -> None:
    account.make_folder("Sent")
    for number in range(60):
        account.deliver(mail(number), "Sent" if number % 2 else "INBOX")
    with mailbox(account) as box:
        spans = {name: box.span(name) for name in ("INBOX", "Sent")}
        heads = [box.heads(name, one.uid_validity, one.uids) for name, one in spans.items()]
        found = chain.from_iterable(zip(*heads, strict=True))
        assert [head.subject for head in found] == [f"Nummer {n}" for n in range(60)]


def test_of_a_huge_mail_only_the_beginning_comes(account: Account) -> None:
    attached = b"QUJD" * 19 + b"\r\n"
    head = mail(1).replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="b"')
    raw = head + b"--b\r\nContent-Type: text/plain\r\n\r\nWir nehmen das Angebot an.\r\n--b\r\n"
    raw += b'Content-Disposition: attachment; filename="plan.pdf"\r\n'
    raw += b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += attached * (LARGEST_WHOLE // len(attached)) + b"--b--\r\n"
    account.deliver(mail(0))
    account.deliver(raw)
    account.deliver(mail(2))
    with mailbox(account) as box:
        before, huge, after = lying(box)
    assert (before.is_cut, huge.is_cut, after.is_cut) == (False, True, False)
    assert len(huge.raw) == BEGINNING
    assert huge.head.size > LARGEST_WHOLE
    told = parse_message(huge.raw)
    assert told.new_text == "Wir nehmen das Angebot an."
    assert told.attachments == ("plan.pdf",)


def test_a_wrong_password_is_told_as_such(account: Account) -> None:
    with pytest.raises(WrongPassword), mailbox(account, password="Kabeltrommel 8"):
        pass


def test_umlauts_in_a_password_are_no_hindrance(dovecot: Dovecot) -> None:
    account = dovecot.account(password="Größenwahn-ß9")
    line = mailbox(account)
    with line as box:
        assert box.sent_folder() is None


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_line_is_kept_private_with_a_trusted_server(
    account: Account, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(account.ca_file))
    port = account.tls_port if security == "tls" else account.port
    with mailbox(account, port=port, security=security) as box:
        assert box.sent_folder() is None


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_is_not_trusted(account: Account, security: str) -> None:
    port = account.tls_port if security == "tls" else account.port
    with pytest.raises(Untrusted), mailbox(account, port=port, security=security):
        pass


def test_a_dead_server_is_not_reached() -> None:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    account = Account("x", "x", HOST, port, port, ca_file=None)  # type: ignore[arg-type]
    with pytest.raises(NotReached), mailbox(account):
        pass


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_server_that_says_nothing_is_not_waited_for_long(security: str) -> None:
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        account = Account("x", "x", HOST, port, port, ca_file=None)  # type: ignore[arg-type]
        with pytest.raises(NotReached), mailbox(account, timeout=0.3, security=security):
            pass


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_wrong_kind_of_port_is_a_plain_fault(account: Account, security: str) -> None:
    port = account.port if security == "tls" else account.tls_port
    with (
        pytest.raises(NotReached),
        mailbox(account, port=port, security=security, timeout=0.5),
    ):
        pass


def test_a_line_that_dies_while_reading_is_not_reached(account: Account) -> None:
    account.deliver(mail(1))
    with mailbox(account) as box:
        box._box.client.shutdown()
        with pytest.raises(NotReached):
            box.span("INBOX")


def test_the_folders_are_told_with_what_they_are_for(account: Account) -> None:
    for name in ("Papierkorb", "Kunden/Nachhaken", MARKED, "Archiv", "Spam", "Entwürfe"):
        account.make_folder(name)
    account.deliver(mail(1), "Kunden/Nachhaken")
    with mailbox(account) as box:
        found = {one.name: (one.role, one.mails) for one in box.folders()}
        assert next(iter(found)) == "INBOX"
    assert found == {
        "INBOX": (Role.INBOX, 0),
        "Papierkorb": (Role.TRASH, 0),
        "Kunden/Nachhaken": (Role.OTHER, 1),
        MARKED: (Role.SENT, 0),
        "Archiv": (Role.ARCHIVE, 0),
        "Spam": (Role.JUNK, 0),
        "Entwürfe": (Role.DRAFTS, 0),
    }


@pytest.mark.parametrize("security", ["none", "tls"])
def test_waiting_ends_as_soon_as_mail_comes(
    account: Account, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(account.ca_file))
    port = account.tls_port if security == "tls" else account.port
    with mailbox(account, port=port, security=security) as box:
        assert not box.wait("INBOX", 0.2)
        told: list[float] = []

        def deliver() -> None:
            account.deliver(mail(1))
            told.append(monotonic())

        delivery = Timer(0.3, deliver)
        delivery.start()
        assert box.wait("INBOX", 20)
        woken = monotonic()
        delivery.join()
        assert woken - told[0] < 1
        assert not box.wait("INBOX", 0.2)
        account.deliver(mail(2))  # while nobody waits
        assert box.wait("INBOX", 20)
        assert numbers(lying(box)) == ["1", "2"]  # the line is as good as before


def test_waiting_takes_no_longer_than_asked(account: Account) -> None:
    with mailbox(account) as box:
        start = monotonic()
        assert not box.wait("INBOX", 0.7)
        assert 0.7 <= monotonic() - start < 1.2
