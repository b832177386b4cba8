"""Files of mails as real programs write them, and such as are made to hurt."""

import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path

import pytest

from nachhaken.sources.faults import EmptyFile, Fault, NotAMailbox
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.mailbox import MailFile, messages
from nachhaken.sources.packed import MOST_RATIO

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


def mail(n: int, text: str = "Text", **headers: str) -> bytes:
    at = format_datetime(START + timedelta(hours=n))
    told = {"From": f"kunde{n}@kern.example", "To": "wir@firma.example", "Date": at}
    told |= {"Subject": f"Mail {n}", "Message-ID": f"<{n}@kern.example>"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in told.items())
    return f"{head}\n{text}\n".encode()


def envelope(n: int) -> bytes:
    return b"From kunde%d@kern.example Mon Nov  2 08:00:00 2026\n" % n


def subjects(source: Path | bytes, name: str = "a.mbox") -> list[str]:
    return [
        one.subject if isinstance(one, MailMessage) else one.code
        for one in messages(source, name=name)
    ]


def texts(raw: bytes) -> list[str]:
    return [one.full_text for one in messages(raw, name="a.mbox") if isinstance(one, MailMessage)]


def test_mails_come_in_the_order_of_their_dates_wherever_they_lie() -> None:
    raw = b"\n".join(envelope(n) + mail(n) for n in (3, 1, 2))
    assert subjects(raw) == ["Mail 1", "Mail 2", "Mail 3"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_that_begins_with_from_is_no_new_mail(end: bytes) -> None:
    body = "Guten Tag\n\nFrom Monday 10:00 on we are open.\nFrom here\n\n>From quoted\n"
    raw = (envelope(1) + mail(1, body) + b"\n" + envelope(2) + mail(2)).replace(b"\n", end)
    first, second = texts(raw)
    assert "From Monday 10:00 on" in first
    assert first.endswith("From quoted")
    assert second == "Text"


def test_counted_mails_may_hold_whole_mailboxes() -> None:
    """Mboxcl2 leaves "From " as it is and counts the bytes (Content-Length)."""
    inner = (envelope(8) + mail(8)).decode()
    body = f"Siehe unten\n\n{inner}"
    counted = mail(1, body, Content_Length=str(len(body) + 1))
    assert subjects(envelope(1) + counted + b"\n" + envelope(2) + mail(2)) == ["Mail 1", "Mail 2"]
    # A count that is wrong is not believed.
    wrong = mail(1, "kurz", Content_Length="400")
    assert subjects(envelope(1) + wrong + b"\n" + envelope(2) + mail(2)) == ["Mail 1", "Mail 2"]


def test_thunderbird_and_gmail_leave_out_what_nobody_sent() -> None:
    raw = b"From - Mon Nov  2 08:00:00 2026\r\nX-Mozilla-Status: 0001\r\n" + mail(1)
    raw += b"\nFrom - Mon Nov  2 08:00:00 2026\nX-Mozilla-Draft-Info: internal/draft\n" + mail(2)
    takeout = mail(3, X_Gmail_Labels="=?UTF-8?Q?Entw=C3=BCrfe?=")
    raw += b"\nFrom 17xx@xxx Mon Nov 02 08:00:00 +0000 2026\n" + takeout
    sent = mail(4, X_Gmail_Labels="Gesendet,Wichtig")
    raw += b"\nFrom 17xx@xxx Mon Nov 02 08:00:00 +0000 2026\n" + sent
    assert subjects(raw) == ["Mail 1", "Mail 4"]
    with MailFile(raw, name="a.mbox") as file:
        assert (len(file), file.unsent) == (2, 2)


def test_a_maildir_is_read_with_its_folders(tmp_path: Path) -> None:
    for folder, name, n in (
        ("cur", "1793606400.M1P1.host:2,S", 1),
        ("new", "1793606401.M2P1.host", 2),
        ("tmp", "1793606402.M3P1.host", 3),
        (".Sent/cur", "1793606403.M4P1.host:2,RS", 4),
        (".Drafts/cur", "1793606404.M5P1.host:2,S", 5),
        ("cur", "1793606405.M6P1.host!2,DS", 6),
        ("cur", "1793606406.M7P1.host;2,", 7),
    ):
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mail(n))
    (tmp_path / "dovecot-uidlist").write_text("3 V1793606400 N8\n")
    assert subjects(tmp_path) == ["Mail 1", "Mail 2", "Mail 4", "Mail 7"]


def test_a_maildir_names_the_moment_that_a_mail_does_not(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    bare = mail(1).replace(b"Date:", b"X-Was:")
    (tmp_path / "cur" / "1793606400.M1P1.host:2,S").write_bytes(bare)
    (one,) = messages(tmp_path)
    assert isinstance(one, MailMessage)
    assert one.sent_at == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_folder_may_hold_everything_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1))
    (tmp_path / "Archiv").mkdir()
    (tmp_path / "Archiv" / "Posteingang").write_bytes(envelope(2) + mail(2))
    counted = b"%d\n" % len(mail(3)) + mail(3) + b"<?xml version='1.0'?><plist/>"
    (tmp_path / "Archiv" / "7.emlx").write_bytes(counted)
    (tmp_path / "bild.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "alt.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    (tmp_path / "leer.eml").write_bytes(b"nichts")
    found = subjects(tmp_path)
    assert found == ["outlook_mail", "no_mail_file", "Mail 1", "Mail 2", "Mail 3"]


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(mail(9))
    inside = tmp_path / "mails"
    inside.mkdir()
    (inside / "a.eml").write_bytes(mail(1))
    (inside / "b.eml").symlink_to(tmp_path / "secret.eml")
    assert subjects(inside) == ["Mail 1"]


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, raw in files.items():
            target.writestr(name, raw)
    return out.getvalue()


def test_a_zip_of_mails_is_read_and_writes_nothing_by_name(tmp_path: Path) -> None:
    mailbox = envelope(1) + mail(1) + b"\n" + envelope(3) + mail(3)
    raw = packed(
        {
            "Takeout/Mail/Alle E-Mails.mbox": mailbox,
            "../../boese.eml": mail(2),
            "/etc/cron.d/boese.eml": mail(4),
            "__MACOSX/._a.eml": b"\0\5\x16\7",
            "cur/1793606400.M1P1.host:2,D": mail(6),
            "lies.txt": b"hallo",
        }
    )
    source = tmp_path / "mails.zip"
    source.write_bytes(raw)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with MailFile(source, scratch=scratch) as file:
        found = [one.subject for one in file.in_order() if isinstance(one, MailMessage)]
        assert found == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
        assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mails.zip", "scratch"]


def refusal(raw: bytes) -> str:
    with pytest.raises(NotAMailbox) as error:
        subjects(raw, "a.zip")
    return error.value.fault.code


def test_bombs_are_refused() -> None:
    assert refusal(packed({"a.eml": mail(1) + bytes(MOST_RATIO * 100_000)})) == "zip_refused"
    many = packed({"a.eml": mail(1)})
    # The end of the zip claims a table of contents of 2 GB.
    end = many.rindex(b"PK\x05\x06")
    claimed = many[: end + 12] + (2**31).to_bytes(4, "little") + many[end + 16 :]
    assert refusal(claimed) == "zip_refused"


def test_a_lying_or_broken_zip_loses_no_more_than_it_must() -> None:
    raw = packed({"a.eml": mail(1), "b.eml": mail(2), "c.eml": mail(3)}, zipfile.ZIP_STORED)
    damaged = raw.replace(b"Subject: Mail 2", b"Subject: Nail 2")
    assert subjects(damaged, "a.zip") == ["unreadable_file", "Mail 1", "Mail 3"]
    assert subjects(packed({"a.eml": mail(1)}, zipfile.ZIP_LZMA), "a.zip") == ["unreadable_file"]
    assert refusal(raw[:-30]) == "broken_zip"
    assert refusal(packed({"lies.txt": b"hallo"})) == "no_mails_inside"


def test_nothing_at_all_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotAMailbox) as error:
        list(messages(tmp_path))
    assert error.value.fault == Fault(file=tmp_path.name, code="no_mails_inside")
    with pytest.raises(EmptyFile):
        list(messages(b" \n", name="a.mbox"))


def test_a_mail_that_is_too_large_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    source = tmp_path / "a.mbox"
    with source.open("wb") as out:
        out.write(envelope(1) + mail(1) + b"\n" + envelope(2) + mail(2))
        for _ in range(51):
            out.write(b"x" * 999_999 + b"\n")
        out.write(b"\n" + envelope(3) + mail(3))
    assert subjects(source) == ["Mail 1", "mail_too_large", "Mail 3"]


def owner_of(*pairs: tuple[str, str], **headers: str) -> str:
    mails = [mail(n, **{"From": a, "To": b, **headers}) for n, (a, b) in enumerate(pairs)]
    with MailFile(b"\n".join(envelope(1) + one for one in mails), name="a.mbox") as file:
        return file.letters.owner()


def test_the_owner_of_a_box_writes_and_is_written_to() -> None:
    me, shop, kern = "ich@mir.example", "shop@news.example", "kern@kern.example"
    assert owner_of((kern, me), (me, kern), ("b@b.example", me)) == me
    assert owner_of((kern, me), ("b@b.example", me), (shop, me)) == me
    assert owner_of((me, kern), (me, "b@b.example")) == me
    # One letter, or those of one writer to one reader, do not tell who of the two keeps the box.
    assert owner_of((kern, me)) == ""
    assert owner_of((shop, me), (shop, me)) == ""
    assert owner_of((shop, me), (shop, me), Delivered_To=me) == me


def test_a_list_or_a_newsletter_owns_no_box() -> None:
    everybody = [(f"{n}@wer.example", "liste@verein.example") for n in range(5)]
    assert owner_of(*everybody, List_Id="<liste.verein.example>") == ""
    assert owner_of(*everybody, List_Unsubscribe="<mailto:ab@verein.example>") == ""
