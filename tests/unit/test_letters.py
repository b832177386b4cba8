"""What goes out is what the person wrote: plain text, true headers, nothing that calls home."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from nachhaken.desk.letters import (
    AddressError,
    Attachment,
    Letter,
    TooLargeError,
    address_of,
    compose,
    new_message_id,
)
from tests.cast import MAIL, NOW

TO = "huber@pension-alpenblick.example"


def written(name: str = "Katharina Brandt", **more: object) -> EmailMessage:
    letter = Letter(**({"to": TO, "subject": "Ihre Balkone", "text": "Guten Tag"} | more))  # type: ignore[arg-type]
    raw = compose(letter, sender=MAIL, name=name, message_id="17@x.example", at=NOW)
    return message_from_bytes(raw, policy=policy.default)


def test_law_row_21_nothing_is_sent_but_what_was_typed() -> None:
    text = "Grüße\n<b>fett</b> und https://metallbau-brandt.example/stahl"
    pdf = Attachment(name="Angebot.pdf", raw=b"%PDF-1.7")
    for mail in (written(text=text), written(text=text, attachments=(pdf,))):
        kinds = [part.get_content_type() for part in mail.walk()]
        assert set(kinds) <= {"multipart/mixed", "text/plain", "application/pdf"}
        body = mail.get_body()
        assert body is not None
        assert body.get_content().splitlines() == text.splitlines()
        whole = mail.as_string().lower()
        assert "<img" not in whole
        assert whole.count("http") == 1
        assert not {
            "user-agent",
            "x-mailer",
            "disposition-notification-to",
            "return-receipt-to",
        } & set(map(str.lower, mail.keys()))


@pytest.mark.parametrize(
    "evil",
    [
        {"subject": "Angebot\r\nBcc: alle@welt.example"},
        {"subject": "Angebot\n\n<script>"},
        {"subject": "Angebot\u2028Bcc: alle@welt.example"},
        {"name": "Brandt\r\nBcc: alle@welt.example"},
        {"name": 'Brandt" <wer@anders.example>, "'},
        {"in_reply_to": "<a@b>\r\nBcc: alle@welt.example"},
        {"references": ("<a@b>\nBcc: alle@welt.example",)},
        {"attachments": (Attachment(name='a"\r\nBcc: alle@welt.example', raw=b""),)},
    ],
)
def test_no_header_can_be_smuggled_in(evil: dict[str, object]) -> None:
    mail = written(**evil)  # type: ignore[arg-type]
    assert {"bcc", "cc"} & set(map(str.lower, mail.keys())) == set()
    assert [address.addr_spec for address in mail["From"].addresses] == [MAIL]
    assert [address.addr_spec for address in mail["To"].addresses] == [TO]


@pytest.mark.parametrize(
    "wrong",
    [
        "", "huber", "@x.example", "a@b", "a b@x.example", "a@x.example, b@x.example",
        "a@x.example\r\nBcc: b@x.example", "<a@x.example>", f"{'a' * 65}@x.example", "a@-.example",
        "a@x..example", f"a@{'b' * 250}.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(AddressError):
        address_of(wrong)


def test_addresses_keep_their_letters_and_domains_become_ascii() -> None:
    assert (
        address_of(" R.Huber@Pension-Alpenblick.example ") == "R.Huber@pension-alpenblick.example"
    )
    assert address_of("post@straße.example") == "post@xn--strae-oqa.example"
    assert address_of("jürgen@x.example") == "jürgen@x.example"


def test_date_is_in_the_zone_of_the_user() -> None:
    assert written()["Date"] == "Tue, 24 Nov 2026 09:30:00 +0100"


def test_a_thread_keeps_its_beginning_and_its_end() -> None:
    before = tuple(f"{n}@x.example" for n in range(30))
    mail = written(in_reply_to="<last@x.example>", references=(*before, "last@x.example"))
    named = mail["References"].split()
    assert len(named) == 20
    assert (named[0], named[1], named[-2:]) == (
        "<0@x.example>", "<12@x.example>", ["<29@x.example>", "<last@x.example>"]
    )  # fmt: skip
    assert mail["In-Reply-To"] == "<last@x.example>"


def test_a_first_mail_answers_nothing() -> None:
    assert {"In-Reply-To", "References"} & set(written().keys()) == set()


def test_message_ids_are_unique_and_of_the_senders_domain() -> None:
    ids = {new_message_id("post@straße.example") for _ in range(100)}
    assert len(ids) == 100
    assert {one.partition("@")[2] for one in ids} == {"xn--strae-oqa.example"}


def test_what_no_server_takes_is_refused_before_it_goes() -> None:
    with pytest.raises(TooLargeError):
        written(attachments=(Attachment(name="Plan.pdf", raw=bytes(24 * 2**20)),))
