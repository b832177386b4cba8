"""Why a mailbox does not open, told apart by what a person can do about it."""

import errno
import socket
import ssl

import pytest

from nachhaken.desk.post_words import server_fault
from nachhaken.sources.imap import MailboxError, NotReached, Refused, Untrusted, WrongPassword
from nachhaken.sources.imap.causes import cause_of


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "host"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "offline"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "offline"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "port"),
        (TimeoutError("timed out"), "timeout"),
        (ssl.SSLError(1, "wrong version number"), "security"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "broken"),
        (None, "not_reached"),
    ],
)
def test_a_line_that_does_not_stand_says_why(cause: BaseException | None, code: str) -> None:
    error = NotReached("…")
    error.__cause__ = cause
    assert cause_of(error) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongPassword("b'[AUTHENTICATIONFAILED] Authentication failed.'"), "wrong_password"),
        (WrongPassword("[ALERT] Application-specific password required (Failure)"), "app_password"),
        (WrongPassword("[ALERT] Your account is not enabled for IMAP use."), "imap_off"),
        (Refused("IMAP access disabled"), "imap_off"),
        (Refused("[UNAVAILABLE] Maximum number of connections from user+IP exceeded"), "too_many"),
        (Refused("[LIMIT] Too many simultaneous connections."), "too_many"),
        (Refused("[SERVERBUG] Internal error"), "refused"),
        (Untrusted("self-signed certificate"), "untrusted"),
    ],
)
def test_what_the_server_says_is_understood(error: MailboxError, code: str) -> None:
    assert cause_of(error) == code


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("host", "Schreibweise"),
        ("offline", "geht es von selbst weiter"),
        ("port", "Stimmt der Port?"),
        ("timeout", "passen Port und Verschlüsselung"),
        ("security", "gehört TLS"),
        ("untrusted", "Stimmt der Name des Servers?"),
        ("wrong_password", "eigenes Passwort"),
        ("app_password", "App-Passwort"),
        ("imap_off", "IMAP ein"),
        ("too_many", "warten Sie ein paar Minuten"),
        ("no_folder", "Wählen Sie die Ordner neu"),
    ],
)
def test_each_cause_says_what_to_do_next(code: str, advice: str) -> None:
    said = " ".join(server_fault(code, host="imap.x.example", port=993).split())
    assert advice in said


def test_microsoft_wants_no_password_and_says_so_itself() -> None:
    said = server_fault("wrong_password", host="outlook.office365.com", port=993)
    assert "Anmeldeseite" in said
    assert server_fault("", host="x", port=1) == ""
