"""Mails and mailboxes from bytes: what is read, and what is said of that which cannot be."""

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from nachhaken.sources.faults import EmptyFile, Fault, NotAMail, NotAMailbox, say
from nachhaken.sources.kind import Kind, kind_of
from nachhaken.sources.mail import Address, MailMessage, parse_message
from nachhaken.sources.mail_parts import bare_name
from nachhaken.sources.mail_slim import slimmed
from nachhaken.sources.mailbox import messages

FIXTURES = Path(__file__).parents[2].parent / "shared" / "data" / "mail"

HEAD = (
    b"From: =?utf-8?q?J=C3=B6rg_Huber?= <Huber@Alpenblick.example>\r\n"
    b'To: "Brandt, Katharina" <k.brandt@metallbau-brandt.example>\r\n'
    b"Cc: j.wirth@metallbau-brandt.example\r\n"
    b"Subject: =?iso-8859-1?Q?AW:_Gel=E4nder?=\r\n =?utf-8?Q?_S=C3=BCdseite?=\r\n"
    b"Date: Thu, 12 Nov 2026 09:12:00 +0100\r\n"
    b"Message-ID: <1-0003@alpenblick.example>\r\n"
    b"In-Reply-To: <1-0002@metallbau-brandt.example>\r\n"
    b"References: <1-0001@metallbau-brandt.example>\r\n <1-0002@metallbau-brandt.example>\r\n"
)
LATIN = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe \x96 passt so.\r\n"


def with_header(line: bytes) -> MailMessage:
    return parse_message(line + b"\r\n" + LATIN)


def test_a_mail_is_read_whole() -> None:
    mail = parse_message(LATIN)
    assert mail.sender == Address("Jörg Huber", "huber@alpenblick.example")
    assert mail.recipients == (
        Address("Brandt, Katharina", "k.brandt@metallbau-brandt.example"),
        Address("", "j.wirth@metallbau-brandt.example"),
    )
    assert mail.subject == "AW: Geländer Südseite"
    assert mail.sent_at == datetime(2026, 11, 12, 8, 12, tzinfo=UTC)
    assert mail.message_id == "1-0003@alpenblick.example"
    assert mail.in_reply_to == "1-0002@metallbau-brandt.example"
    assert mail.references[0] == "1-0001@metallbau-brandt.example"
    assert mail.full_text == mail.new_text == "Grüße – passt so."
    assert not mail.automatic
    assert mail.attachments == ()


def test_plain_text_goes_before_html_and_attachments_are_named() -> None:
    mail = parse_message(
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        b"--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>als HTML</p>\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nals Text\r\n--b--\r\n"
        b"--a\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''Angebot%20T%C3%BCr.pdf\r\n\r\nx\r\n"
        b'--a\r\nContent-Type: image/png; name="=?utf-8?q?Gel=C3=A4nder=2Epng?="\r\n\r\nx\r\n--a--'
    )
    assert mail.full_text == "als Text"
    assert mail.attachments == ("Angebot Tür.pdf", "Geländer.png")


def test_html_alone_is_read_as_text() -> None:
    mail = parse_message(
        HEAD
        + b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        b"\r\n\r\n<p>Gr=C3=BC=C3=9Fe,</p><p>passt</p><blockquote>alt</blockquote>"
    )
    assert mail.new_text == "Grüße,\n\npasst"


def alternatives(plain: str, markup: str) -> MailMessage:
    return parse_message(
        HEAD
        + f"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n{plain}\r\n--b\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{markup}\r\n--b--".encode()
    )


def test_html_goes_first_where_it_tells_what_is_quoted() -> None:
    quote = "<blockquote type=cite>Jo: im Januar</blockquote>"
    assert alternatives("Passt. Jo: im Januar", f"<p>Passt.</p>{quote}").new_text == "Passt."
    assert alternatives("Passt.", "<p>Passt!</p>").new_text == "Passt."
    assert alternatives("Passt.", "<blockquote type=cite></blockquote>").new_text == "Passt."


def test_lines_that_were_wrapped_to_flow_are_joined() -> None:
    flowed = HEAD + b"Content-Type: text/plain; charset=utf-8; format=flowed"
    body = b"\r\n\r\n> Welche \r\n> Farbe?\r\n>> alt\r\nBitte \r\n in Weiss. \r\n-- \r\nRosa"
    assert parse_message(flowed + body).full_text == (
        "> Welche Farbe?\n> > alt\nBitte in Weiss. \n-- \nRosa"
    )
    assert parse_message(flowed + b"; delsp=yes\r\n\r\nMau \r\ner").full_text == "Mauer"


@pytest.mark.parametrize(
    ("kind", "filler"), [("plain", b"> alt\r\n"), ("plain", b"\xff"), ("html", b"<p>")]
)
def test_a_mail_of_ten_megabytes_is_read_at_its_head(kind: str, filler: bytes) -> None:
    header = f"Content-Type: text/{kind}; charset=utf-8\r\n\r\nPasst so.\r\n\r\n".encode()
    mail = parse_message(HEAD + header + filler * (10_000_000 // len(filler)))
    assert mail.new_text.startswith("Passt so.")
    assert len(mail.full_text) <= 200_000


def test_a_charset_in_pieces_is_put_together() -> None:
    """RFC 2231: the parameter comes as charset, language and value."""
    raw = HEAD + b"Content-Type: text/plain; charset*0*=iso-8859-1\r\n\r\nGr\xfc\xdfe"
    assert parse_message(raw).full_text == "Grüße"


def test_umlauts_survive_a_wrong_charset_and_raw_headers() -> None:
    raw = (
        "From: Jörg <j@a.example>\nTo: k@b.example\nSubject: Geländer\n"
        "Date: Thu, 12 Nov 2026 09:12:00 +0100\n"
        "Content-Type: text/plain; charset=us-ascii\n\nGrüße\n"
    )
    for encoding in ("utf-8", "cp1252"):
        mail = parse_message(raw.encode(encoding))
        assert (mail.sender.name, mail.subject, mail.full_text) == ("Jörg", "Geländer", "Grüße")


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated; owner-email=x@y.example",
        b"X-Auto-Response-Suppress: All",
        b"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
        b"X-Autoreply: yes",
        b"X-Auto-Reply: 1",
        b"X-Autorespond: Angebot",
        b"X-Autoresponse: true",
        b"X-Failed-Recipients: huber@alpenblick.example",
        b"X-FC-MachineGenerated: true",
        b"Precedence: bulk",
        b"Precedence: auto_reply",
        b"Return-Path: <>",
        b"Subject: Abwesenheit: Angebot",
        b"Subject: Automatische Antwort: Angebot AN-1412",
        b"Subject: =?utf-8?q?R=C3=A9ponse?= automatique : Offre",
        b"Subject: Gelesen: Angebot",
        b"Subject: Nicht zustellbar: Angebot",
        b"Subject: Out of Office Re: Offer",
        b"From: MAILER-DAEMON@mail.example",
        b"From: noreply@portal.example",
        b"From: no-reply-7@portal.example",
    ],
)
def test_machines_are_told_by_their_headers(header: bytes) -> None:
    assert with_header(header).automatic


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/report; report-type=delivery-status",
        "multipart/report; report-type=disposition-notification",
        "multipart/mixed",
    ],
)
def test_reports_on_delivery_and_reading_are_automatic(kind: str) -> None:
    report = (
        f"Content-Type: {kind}; boundary=a\r\n\r\n--a\r\n\r\nIhre Nachricht wurde gelesen.\r\n"
        "--a\r\nContent-Type: message/disposition-notification\r\n\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--a--\r\n"
    )
    mail = parse_message(HEAD + report.encode())
    assert mail.automatic
    assert mail.new_text == "Ihre Nachricht wurde gelesen."


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: no",
        b"Precedence: normal",
        b"Precedence: list",
        b"X-Autoreply: no",
        b"X-Auto-Response-Suppress: None",
        b"Subject: AW: Abwesenheit",
        b"Subject: Autokran gesucht",
        b"Subject: Auto und Anhaenger",
        b"From: Norbert Reply <norbert.reply@portal.example>",
        b"X-A: b",
    ],
)
def test_people_are_no_machines(header: bytes) -> None:
    assert not with_header(header).automatic


def test_a_missing_id_is_made_from_the_content() -> None:
    bare = LATIN.replace(b"Message-ID: <1-0003@alpenblick.example>\r\n", b"")
    assert parse_message(bare).message_id == parse_message(bare).message_id
    other = parse_message(bare.replace(b"passt so", b"passt nicht"))
    assert parse_message(bare).message_id != other.message_id


def test_the_date_falls_back_to_the_route_and_then_to_the_caller() -> None:
    undated = LATIN.replace(b"Date: Thu, 12 Nov 2026 09:12:00 +0100\r\n", b"Date: gestern\r\n")
    routed = b"Received: from a by b; Thu, 12 Nov 2026 09:15:00 +0100\r\n" + undated
    assert parse_message(routed).sent_at == datetime(2026, 11, 12, 8, 15, tzinfo=UTC)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert parse_message(undated, fallback=now).sent_at == now
    with pytest.raises(NotAMail) as error:
        parse_message(undated)
    assert say(error.value.fault) == "Die E-Mail nennt kein Datum und fehlt deshalb."


@pytest.mark.parametrize("raw", [b"", b"\0\1\2", b"nur Text", b"Angebot;Datum\r\n1;2"])
def test_what_is_no_mail_says_so(raw: bytes) -> None:
    with pytest.raises(NotAMail):
        parse_message(raw)


def test_too_deep_nesting_is_a_fault_and_no_crash() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
        for i in range(1000)
    )
    with pytest.raises(NotAMail):
        parse_message(HEAD + deep)


def mbox(*bodies: bytes, envelope: bytes = b"From - Thu Jan  1 00:00:00 1970") -> bytes:
    return b"\r\n".join(envelope + b"\r\n" + HEAD + b"\r\n" + body + b"\r\n" for body in bodies)


@pytest.mark.parametrize("lead", ["(" * 3_000, "a:" * 3_000, "(" * 3_000 + "w" * 16_000])
def test_people_are_found_behind_brackets_without_end(lead: str) -> None:
    """Python's own reader of addresses goes down one call for each of them."""
    start = process_time()
    mail = with_header(f"Cc: {lead} <r.huber@braeu.example>".encode())
    assert "r.huber@braeu.example" in {one.mail for one in mail.recipients}
    assert process_time() - start < 1


def test_an_mbox_is_split_into_its_mails(tmp_path: Path) -> None:
    raw = mbox(b"eins\r\n\r\n>From hier an gut\r\n", b"zwei\r\nFrom mitten im Absatz\r\n", b"drei")
    file = tmp_path / "Posteingang.mbox"
    file.write_bytes(raw)
    texts = [m.full_text for m in messages(file) if isinstance(m, MailMessage)]
    assert texts == ["eins\n\nFrom hier an gut", "zwei\nFrom mitten im Absatz", "drei"]
    assert [m.full_text for m in messages(raw) if isinstance(m, MailMessage)] == texts


def test_one_bad_mail_does_not_stop_the_others() -> None:
    raw = (
        mbox(b"eins")
        + b"\r\nFrom x@y.example Thu Jan  1 00:00:00 1970\r\nkein Kopf\r\n\r\n"
        + mbox(b"drei")
    )
    first, third, second = messages(raw, name="a.mbox")
    assert isinstance(first, MailMessage)
    assert isinstance(third, MailMessage)
    assert second == Fault(file="a.mbox", row=2, code="no_mail")
    assert say(second) == "Nachricht 2: Das ist keine E-Mail."


def test_a_single_mail_is_a_mailbox_of_one() -> None:
    (mail,) = messages(LATIN, name="Antwort.eml")
    assert isinstance(mail, MailMessage)


@pytest.mark.parametrize(
    ("raw", "name", "advice"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a.msg", "als .eml"),
        (b"!BDN" + bytes(99), "a.pst", "Thunderbird"),
        (b"PK\x03\x04" + bytes(99), "a.zip", "packen Sie"),
        (b"Angebot;Datum;Kunde\n1;2;3", "a.csv", "kein Postfach"),
    ],
)
def test_other_files_say_what_to_do(raw: bytes, name: str, advice: str) -> None:
    with pytest.raises(NotAMailbox) as error:
        next(messages(raw, name=name))
    assert advice in say(error.value.fault)


def test_an_empty_file_is_told_apart() -> None:
    with pytest.raises(EmptyFile) as error:
        next(messages(b"", name="leer.mbox"))
    assert say(error.value.fault, "en").startswith("“leer.mbox” is empty.")


@pytest.mark.parametrize(
    ("raw", "name", "kind"),
    [
        (mbox(b"x"), "irgendwas", Kind.MBOX),
        (LATIN, "brief.txt", Kind.EML),
        (b"Angebot;Datum;Kunde\n1;2;3", "ohne-endung", Kind.CSV),
        ("Angebot;Datum;Kunde\n1;2;3".encode("utf-16"), "export.txt", Kind.CSV),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "a.txt", Kind.ICS),
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", "a.ics", Kind.ICS),
        (b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml", "a.bin", Kind.XLSX),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.csv", Kind.UNKNOWN),
        (b"", "a.csv", Kind.UNKNOWN),
    ],
)
def test_the_content_tells_the_kind(raw: bytes, name: str, kind: Kind) -> None:
    assert kind_of(raw, name) is kind


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_foreign_mails_are_read_or_refused_but_never_lost() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    files = sorted(FIXTURES.rglob("*.eml"))
    read = [parse_message(f.read_bytes(), fallback=now) for f in files if not _refused(f, now)]
    assert len(read) >= len(files) - 3
    assert all(m.new_text.strip() or not m.full_text.strip() for m in read)


def _refused(file: Path, now: datetime) -> bool:
    try:
        parse_message(file.read_bytes(), fallback=now)
    except NotAMail:
        return True
    return False


def test_a_long_attachment_costs_no_more_than_its_name() -> None:
    line = b"QUJD" * 19 + b"\r\n"
    raw = (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nGuten Tag\r\n--b\r\n'
        + b'Content-Type: application/pdf; name="plan.pdf"\r\n'
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + line * 200_000
        + b"--b\r\nContent-Disposition: attachment; filename=last.txt\r\n\r\nx\r\n--b--\r\n"
    )
    assert len(slimmed(raw)) < 500_000
    mail = parse_message(raw)
    assert mail.full_text == "Guten Tag"
    assert mail.attachments == ("plan.pdf", "last.txt")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\System32\\plan.pdf", "plan.pdf"),
        ("/etc/cron.d/x", "x"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        (".bashrc", "bashrc"),
        ("..", ""),
    ],
)
def test_an_attachment_has_a_bare_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare
