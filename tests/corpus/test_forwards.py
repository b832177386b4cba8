"""Mails forwarded to oneself, as the programs write them: inline, quoted and as attachments."""

import tomllib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from nachhaken.sources.forwarded import Original, content_id, unwrapped
from nachhaken.sources.mail import parse_message
from nachhaken.sources.moment_words import moment_in_words

OWN = frozenset({"wir@firma.example"})
ROWS = tomllib.loads((Path(__file__).parent / "mails" / "forwards.toml").read_text("utf-8"))[
    "forward"
]
FOREIGN = Path("/work/shared/data/mail/closeio_quotequail")
OUTER = datetime(2026, 11, 13, 7, tzinfo=UTC)


def outer(text: str, subject: str = "Fwd: x", kind: str = "plain", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    told = {"From": "wir@firma.example", "To": "wir@firma.example", "Subject": subject}
    told |= {"Date": "Fri, 13 Nov 2026 08:00:00 +0100"}
    for name, value in (told | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text, subtype=kind)
    return mail


def only(mail: EmailMessage) -> Original:
    (one,) = unwrapped(parse_message(mail.as_bytes()), OWN)
    return one


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_forward_is_its_original(row: dict[str, str]) -> None:
    one = only(outer(row["text"].lstrip("\n"), row["subject"]))
    assert one.mail.sender.mail == row["from"]
    assert one.mail.sent_at == datetime.fromisoformat(row["sent"])
    assert one.mail.subject == row["about"]
    assert row["says"] in one.mail.new_text
    assert one.comment == row["comment"]
    assert not one.comment or one.comment not in one.mail.new_text
    assert "An:" not in one.mail.new_text


def attached(**headers: str) -> EmailMessage:
    inner = EmailMessage()
    inner["From"] = "Martina Kern <m.kern@kern.example>"
    inner["To"] = "wir@firma.example"
    inner["Subject"] = "Tor"
    inner["Date"] = format_datetime(datetime(2026, 11, 12, 8, 12, tzinfo=UTC))
    inner["Message-ID"] = "<echt@kern.example>"
    inner.set_content("Ja, bitte.")
    mail = outer("zur Akte", **headers)
    mail.add_attachment(inner)
    return mail


def test_a_mail_that_hangs_on_one_to_ourselves_is_what_it_is_about() -> None:
    one = only(attached())
    assert one.mail.message_id == "echt@kern.example"
    assert (one.mail.new_text, one.comment) == ("Ja, bitte.", "zur Akte")
    mail = outer("zur Akte")
    raw = attached().get_payload(1).get_payload(0).as_bytes()  # type: ignore[union-attr]
    mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename="Tor.eml")
    assert only(mail).mail.message_id == "echt@kern.example"


def test_only_what_went_to_ourselves_is_unwrapped() -> None:
    for headers in ({"To": "m.kern@kern.example"}, {"From": "m.kern@kern.example"}):
        assert unwrapped(parse_message(attached(**headers).as_bytes()), OWN) == ()
    assert unwrapped(parse_message(outer("Nur eine Notiz: Tor streichen.").as_bytes()), OWN) == ()


def test_the_same_mail_has_the_same_id_by_whatever_way() -> None:
    text = ROWS[0]["text"]
    one = only(outer(text)).mail
    assert one.message_id == content_id(one)
    assert only(
        outer(f"Anderes davor\n\n{text}", Message_ID="<2@firma.example>")
    ).mail.message_id == (one.message_id)
    known = {
        "In_Reply_To": "<echt@kern.example>",
        "References": "<a@x.example> <echt@kern.example>",
    }
    assert only(outer(text, **known)).mail.message_id == "echt@kern.example"
    assert only(outer(text, X_Forwarded_Message_Id="<e@kern.example>")).mail.message_id == (
        "e@kern.example"
    )
    direct = EmailMessage()
    direct["From"] = "m.kern@kern.example"
    direct["Date"] = "Thu, 12 Nov 2026 09:12:47 +0100"
    direct["Subject"] = "AW: Angebot AN-1412"
    direct.set_content("Guten Tag,\n\nwir nehmen das Tor.\n\nMartina Kern\n")
    assert content_id(parse_message(direct.as_bytes())) == one.message_id


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12/11/2026 09:12", "2026-11-12T09:12:00+00:00"),
        ("11/12/2026 9:12 AM", "2026-11-12T09:12:00+00:00"),
        ("11/12/2026 12:12 AM", "2026-11-12T00:12:00+00:00"),
        ("2026-11-12 09:12", "2026-11-12T09:12:00+00:00"),
        ("12.11.26, 9.12 Uhr", "2026-11-12T09:12:00+00:00"),
        ("Do, 12 Nov 2026, 09h12", "2026-11-12T09:12:00+00:00"),
        ("1er novembre 2026 à 09:12", "2026-11-01T09:12:00+00:00"),
        ("12. März 2026 um 09:12:13 MESZ", "2026-03-12T09:12:13+02:00"),
        ("31. Februar 2026 09:12", None),
        ("12. November 2026", None),
        ("25:99 12.11.2026", None),
        ("", None),
    ],
)
def test_moments_are_read_as_programs_show_them(words: str, expected: str | None) -> None:
    found = moment_in_words(words, UTC)
    assert found == (datetime.fromisoformat(expected) if expected else None)


@pytest.mark.skipif(not FOREIGN.is_dir(), reason="the foreign mail fixtures are not here")
@pytest.mark.parametrize("name", ["apple", "gmail", "outlook", "thunderbird"])
def test_foreign_forwards_are_unwrapped(name: str) -> None:
    markup = (FOREIGN / f"files__{name}_forward.html").read_text("utf-8")
    one = only(outer(markup, kind="html"))
    assert "@" in one.mail.sender.mail or one.mail.sender.name
    assert one.mail.sent_at != OUTER
    assert one.mail.new_text
