"""The mailbox against a real server: what lies there, what is new, and what can go wrong."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest

from nachhaken.sources.imap import (
    BEGINNING,
    Fetched,
    Mailbox,
    NotReached,
    Refused,
    Untrusted,
    WrongPassword,
)
from nachhaken.sources.imap_answers import LARGEST_WHOLE
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


def numbers(found: Iterator[Fetched]) -> list[str]:
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
        (found,) = box.new_since(folder, 0, 0)
    assert found.raw == raw.replace(b"\n", b"\r\n")
    assert found.internal_date == AT
    assert r"\Seen" in account.flags(folder)[0]


def test_a_folder_that_is_not_there_refuses(account: Account) -> None:
    with mailbox(account) as box:
        with pytest.raises(Refused):
            box.holds("Gibt es nicht", "1@alpenblick.example")
        assert box.sent_folder() is None  # the line still stands


def test_new_is_what_lies_above_the_last_number(account: Account) -> None:
    for number in range(1, 4):
        account.deliver(mail(number))
    with mailbox(account) as box:
        first = list(box.new_since("INBOX", 0, 0))
        position = first[-1].uid_validity, first[-1].uid
        assert numbers(iter(first)) == ["1", "2", "3"]
        assert list(box.new_since("INBOX", *position)) == []
        account.deliver(mail(4))
        assert numbers(box.new_since("INBOX", *position)) == ["4"]


def test_reading_marks_nothing_as_read(account: Account) -> None:
    account.deliver(mail(1))
    with mailbox(account) as box:
        assert len(list(box.new_since("INBOX", 0, 0))) == 1
    assert r"\Seen" not in account.flags()[0]


def test_more_mails_than_one_batch_come_in_their_order(account: Account) -> None:
    with account.opened() as line:
        for number in range(120):
            line.append(mail(number), "INBOX", dt=AT + timedelta(minutes=number))
    with mailbox(account) as box:
        assert numbers(box.new_since("INBOX", 0, 0)) == [str(n) for n in range(120)]


def test_a_folder_made_anew_is_read_from_its_beginning(account: Account) -> None:
    account.make_folder("Projekte")
    for number in range(3):
        account.deliver(mail(number), "Projekte")
    with mailbox(account) as box:
        last = list(box.new_since("Projekte", 0, 0))[-1]
    account.drop_folder("Projekte")
    account.make_folder("Projekte")
    account.deliver(mail(7), "Projekte")
    with mailbox(account) as box:
        (found,) = box.new_since("Projekte", last.uid_validity, last.uid)
    assert numbers(iter([found])) == ["7"]
    assert found.uid_validity != last.uid_validity


def test_a_first_reading_starts_with_the_day_that_is_asked(account: Account) -> None:
    account.deliver(mail(1), at=AT - timedelta(days=400))
    account.deliver(mail(2), at=AT)
    with mailbox(account) as box:
        assert numbers(box.new_since("INBOX", 0, 0, since=date(2026, 1, 1))) == ["2"]


def test_two_folders_are_read_in_turns(account: Account) -> None:
    account.make_folder("Sent")
    for number in range(60):
        account.deliver(mail(number), "Sent" if number % 2 else "INBOX")
    with mailbox(account) as box:
        pairs = zip(box.new_since("INBOX", 0, 0), box.new_since("Sent", 0, 0), strict=True)
        assert numbers(chain.from_iterable(pairs)) == [str(n) for n in range(60)]


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
        before, huge, after = box.new_since("INBOX", 0, 0)
    assert (before.is_cut, huge.is_cut, after.is_cut) == (False, True, False)
    assert len(huge.raw) == BEGINNING
    assert huge.size > LARGEST_WHOLE
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
        reading = box.new_since("INBOX", 0, 0)
        with pytest.raises(NotReached):
            next(reading)
