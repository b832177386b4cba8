"""One attempt over a real line: what is certain when it ends, and what is not."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nachhaken.desk.letters import Attachment, Letter, compose, new_message_id
from nachhaken.desk.mailer import (
    Accepted,
    Answer,
    Fault,
    NotReached,
    Refused,
    Server,
    Unknown,
    check,
    transmit,
)
from tests.cast import NOW
from tests.real.certificates import write_certificate
from tests.real.smtp import PASSWORD, USERNAME, MailServer, Mode

pytestmark = pytest.mark.real

TO = "huber@pension-alpenblick.example"
QUICK = (2.0, 0.5)


@pytest.fixture(params=["starttls", "tls"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MailServer]:
    with MailServer(tmp_path, security=request.param) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with MailServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


def account(server: MailServer) -> Server:
    return Server(
        host=server.host,
        port=server.port,
        security=server.security,
        username=USERNAME,
        password=PASSWORD,
        patience=QUICK,
    )


def mail(text: str = "Guten Tag,\n.\n..\nviele Grüße", **more: object) -> bytes:
    letter = Letter(to=TO, subject="Ihr Geländer", text=text)
    return compose(
        letter,
        sender=USERNAME,
        name="Katharina Brandt",
        message_id=new_message_id(USERNAME),
        at=NOW,
    )


def send(
    server: Server, raw: bytes = b"", to: str = TO, on_data: Callable[[], None] = lambda: None
) -> Answer:
    return transmit(raw or mail(), USERNAME, [to], server, on_data=on_data)


def test_what_is_written_arrives_letter_by_letter(server: MailServer) -> None:
    text = "Grüße aus Wörgl – „gern“ für 1.234,50 €.\n\n.\n..zwei Punkte\n" + "lang " * 300
    plan = Attachment(name="Angebot 2026-17 – Übersicht.pdf", raw=b"%PDF-1.7\n.\r\n\xff\x00")
    letter = Letter(to=TO, subject="Angebot für Wörgl", text=text, attachments=(plan,))
    raw = compose(letter, sender=USERNAME, message_id="1@x.example", at=NOW)
    answer = send(account(server), raw)
    assert answer == Accepted(answer="2.0.0 OK, angenommen")
    (arrived,) = server.post.mails
    body, attached = arrived.iter_parts()
    assert body.get_content().splitlines() == text.rstrip().splitlines()
    assert b"=0D" not in raw
    assert attached.get_payload(decode=True) == plan.raw
    assert attached.get_filename() == plan.name
    assert server.post.envelopes == [(USERNAME, [TO])]


def test_a_mail_that_goes_out_names_nobody_but_the_people(quick: MailServer) -> None:
    send(account(quick))
    (arrived,) = quick.post.mails
    ours = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version"}
    ours |= {"Content-Type", "Content-Transfer-Encoding"}
    assert {name for name in arrived.keys() if not name.startswith("X-Peer")} == ours  # noqa: SIM118
    assert socket.gethostname() not in quick.post.taken[0].decode()


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (
            Mode.NO_SUCH_PERSON,
            Refused(
                fault=Fault.RECIPIENT,
                answer="550 5.1.1 Diese Adresse gibt es hier nicht",
                is_permanent=True,
            ),
        ),
        (
            Mode.BUSY,
            Refused(
                fault=Fault.RECIPIENT,
                answer="451 4.7.1 Bitte in fünf Minuten noch einmal",
                is_permanent=False,
            ),
        ),
        (
            Mode.NO_TEXT,
            Refused(fault=Fault.TEXT, answer="554 5.7.1 Als Werbung abgelehnt", is_permanent=True),
        ),
        (
            Mode.BUSY_TEXT,
            Refused(fault=Fault.TEXT, answer="451 4.3.0 Speicher voll", is_permanent=False),
        ),
        (Mode.DROP_BEFORE, NotReached(fault=Fault.BROKEN)),
        (Mode.HANG, Unknown(fault=Fault.TIMEOUT)),
        (Mode.DROP_AFTER, Unknown(fault=Fault.BROKEN)),
    ],
)
def test_each_end_is_told_apart(quick: MailServer, mode: Mode, expected: Answer) -> None:
    quick.post.mode = mode
    assert send(account(quick)) == expected


def test_before_the_text_goes_it_is_said(quick: MailServer) -> None:
    said: list[int] = []
    send(account(quick), on_data=lambda: said.append(len(quick.post.taken)))
    assert said == [0]
    quick.post.mode = Mode.NO_SUCH_PERSON
    send(account(quick), on_data=lambda: said.append(1))
    assert said == [0]


def test_what_is_stopped_before_the_text_does_not_go(quick: MailServer) -> None:
    class StoppedError(Exception):
        pass

    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        send(account(quick), on_data=stop)
    assert send(account(quick)) == Accepted(answer="2.0.0 OK, angenommen")
    assert len(quick.post.taken) == 1


def test_a_wrong_password_is_said_and_never_shown(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = replace(account(server), password="falsch-und-geheim")
    found = check(wrong)
    assert found is not None
    assert found.fault is Fault.LOGIN
    assert isinstance(send(wrong), NotReached)
    assert "geheim" not in repr(found) + repr(wrong) + caplog.text
    assert check(account(server)) is None
    assert server.post.taken == []


def test_a_password_may_have_umlauts(quick: MailServer) -> None:
    quick.password = "Schloßberg-12"
    assert check(replace(account(quick), password="Schloßberg-12")) is None
    wrong = check(replace(account(quick), password="Schloßberg-13"))
    assert wrong is not None
    assert wrong.fault is Fault.LOGIN


def test_a_certificate_of_nobody_is_refused(
    server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    with monkeypatch.context() as patch:
        patch.delenv("SSL_CERT_FILE")
        assert check(account(server)) == NotReached(fault=Fault.CERTIFICATE)
        patch.setenv("SSL_CERT_FILE", str(write_certificate(elsewhere)[0]))
        assert check(account(server)) == NotReached(fault=Fault.CERTIFICATE)


def test_a_certificate_of_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(tmp_path, host="127.0.0.2") as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        assert check(account(server)) == NotReached(fault=Fault.CERTIFICATE)


def test_no_password_without_encryption_but_to_this_machine(tmp_path: Path) -> None:
    with MailServer(tmp_path, security="none") as server:
        assert check(account(server)) is None
        away = replace(account(server), host="post.metallbau-brandt.example")
        assert check(away) == NotReached(fault=Fault.SECURITY)


def test_what_is_wrong_with_a_server_is_told(quick: MailServer) -> None:
    good = account(quick)
    assert check(replace(good, host="gibt-es-nicht.invalid")) == NotReached(fault=Fault.HOST)
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        late = check(replace(good, port=port, patience=(0.3, 0.3)))
    assert late == NotReached(fault=Fault.TIMEOUT)
    assert check(replace(good, port=port)) == NotReached(fault=Fault.PORT)
    assert check(replace(good, security="tls")) == NotReached(fault=Fault.SECURITY)


def test_a_server_of_another_kind_is_told() -> None:
    with socket.create_server(("localhost", 0)) as listener:

        def greet() -> None:
            near, _ = listener.accept()
            near.sendall(b"554 Hier nimmt niemand Post an\r\n")
            near.close()

        thread = threading.Thread(target=greet)
        thread.start()
        found = check(Server("localhost", listener.getsockname()[1], "starttls", patience=QUICK))
        thread.join()
    assert found == NotReached(fault=Fault.SERVER, answer="Hier nimmt niemand Post an")


def test_umlauts_before_and_after_the_at_go_through(quick: MailServer) -> None:
    to = "jürgen@büro-süd.example"
    letter = Letter(to=to, subject="Für Jürgen", text="Grüß Gott")
    raw = compose(letter, sender=USERNAME, message_id="2@x.example", at=NOW)
    assert isinstance(send(account(quick), raw, "jürgen@xn--bro-sd-3yae.example"), Accepted)
    (arrived,) = quick.post.mails
    assert str(arrived["To"]) == "jürgen@xn--bro-sd-3yae.example"
