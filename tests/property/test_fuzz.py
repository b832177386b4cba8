"""The short form of `soak_fuzz.py`, and what the campaigns found, each as a small case."""

from time import process_time

import pytest

from nachhaken.sources.bounce_words import before_copy
from nachhaken.sources.cells import mail_address
from nachhaken.sources.charsets import decoded
from nachhaken.sources.mail import parse_message
from tests import fuzzing

HEAD = b"From: a@b.example\nTo: c@d.example\nDate: Thu, 12 Nov 2026 09:12:00 +0100\n"


def test_some_hundred_mutated_mails_are_read_or_refused() -> None:
    found = fuzzing.mails(150, 900, bases=fuzzing.bases())
    assert found.faults == {}, found.told()


def test_some_hundred_mutated_tables_are_read_or_refused() -> None:
    found = fuzzing.tables(100, 900)
    assert found.faults == {}, found.told()


def test_no_zero_gets_into_a_name_or_subject() -> None:
    """PostgreSQL takes none."""
    raw = b"From: =?utf-8?q?J=00=C3=B6rg?= <a\0@b.example>\nSubject: a\0b =?utf-8?b?AAA=?=\n"
    mail = parse_message(raw + HEAD + b"\nx\0y")
    assert "\0" not in repr(mail).replace("\\x00", "\0")


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: multipart/mixed; boundary=" + b"=\r\n " * 60_000,
        b"Content-Type: text/plain" + b";x=" * 60_000,
        b"Content-Disposition: attachment" + b"; filename*0*=utf-8''a" * 10_000,
    ],
    ids=["boundary", "parameters", "continued name"],
)
def test_a_header_without_end_is_cut(header: bytes) -> None:
    start = process_time()
    parse_message(HEAD + header + b"\r\n\r\nx")
    assert process_time() - start < 1


def test_parts_without_number_end_somewhere() -> None:
    start = process_time()
    mail = parse_message(
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nJa, gern.\n"
        + b"--b\n" * 60_000
    )
    assert mail.new_text == "Ja, gern."
    assert process_time() - start < 1


def test_blank_lines_without_end_are_read_once() -> None:
    start = process_time()
    before_copy("\r\n  " * 40_000 + "x")
    assert process_time() - start < 1


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "idna", "punycode"])
def test_codecs_that_no_mail_uses_are_not_tried(charset: str) -> None:
    assert decoded(rb"C:\quer", charset) == r"C:\quer"


def test_a_long_cell_without_an_address_is_read_once() -> None:
    start = process_time()
    assert mail_address("a" * 300_000) is None
    assert mail_address("a." * 150_000 + "@") is None
    assert process_time() - start < 1
