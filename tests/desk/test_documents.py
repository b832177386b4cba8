"""Documents lie once by their content, whole or not at all, and are handed out as files."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory

from nachhaken.desk.access import RefusedError
from nachhaken.desk.documents import (
    LARGEST,
    PDF,
    DiskFullError,
    MissingFileError,
    NotAPdfError,
    TooLargeError,
    bytes_of,
    keep_document,
)
from nachhaken.desk.forms import DocumentField
from nachhaken.desk.models import Document, User
from tests import cast

RAW = b"%PDF-1.7\nein Angebot"


def kept(owner: User, raw: bytes = RAW, name: str = "AN-1412.pdf") -> Document:
    return keep_document(raw, name=name, media_type=PDF, actor=owner, now=cast.NOW)


def place(row: Document) -> Path:
    return Path(settings.DATA) / "documents" / row.sha256[:2] / row.sha256[2:]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow above `size`, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_same_content_lies_once(owner: User) -> None:
    first, again = kept(owner), kept(owner, name="Kopie.pdf")
    assert first == again
    assert again.name == "AN-1412.pdf"
    assert bytes_of(first) == RAW
    assert place(first).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in place(first).parent.iterdir()] == [first.sha256[2:]]


def test_a_lost_file_comes_back_with_its_content(owner: User) -> None:
    place(kept(owner)).unlink()
    assert bytes_of(kept(owner)) == RAW


def test_a_row_without_its_file_is_told(owner: User, desk: Client) -> None:
    row = kept(owner, RAW + b" ohne Datei")
    place(row).write_bytes(b"etwas anderes")
    with pytest.raises(MissingFileError):
        bytes_of(row)
    place(row).unlink()
    with pytest.raises(MissingFileError):
        bytes_of(row)
    answer = desk.get(f"/documents/{row.sha256}")
    assert answer.status_code == 404
    assert "Die Datei fehlt" in answer.content.decode()


def test_what_no_mail_can_carry_is_refused(owner: User) -> None:
    with pytest.raises(TooLargeError, match="21 MB"):
        kept(owner, RAW + bytes(LARGEST))
    assert not Document.objects.exists()


def test_what_only_calls_itself_pdf_is_refused(owner: User) -> None:
    with pytest.raises(NotAPdfError):
        kept(owner, b"PK\x03\x04 ein Word-Dokument")


def test_a_full_disk_leaves_neither_row_nor_remains(owner: User) -> None:
    raw = RAW + b"x" * 100_000
    with largest_file(4096), pytest.raises(DiskFullError, match="Platte voll"):
        kept(owner, raw)
    assert not Document.objects.exists()
    assert not list((Path(settings.DATA) / "documents").rglob(".*"))
    assert bytes_of(kept(owner, raw)) == raw


def test_a_name_with_folders_is_only_a_name(owner: User) -> None:
    assert kept(owner, RAW + b"1", name="C:\\Users\\kb\\AN 7\n.pdf").name == "AN 7.pdf"
    assert kept(owner, RAW + b"2", name="../../etc/passwd").name == "passwd"


def test_a_stranger_keeps_nothing(owner: User) -> None:
    with pytest.raises(RefusedError):
        keep_document(RAW, name="x.pdf", media_type=PDF, actor=cast.stranger(), now=cast.NOW)


def test_a_document_is_saved_and_never_a_page(owner: User, desk: Client) -> None:
    row = kept(owner, name="Angebot Südseite.pdf")
    answer = desk.get(f"/documents/{row.sha256}")
    assert answer.content == RAW
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Angebot%20S")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert desk.get(f"/documents/{'0' * 64}").status_code == 404


def test_without_a_login_there_is_no_document(owner: User, client: Client) -> None:
    row = kept(owner)
    assert client.get(f"/documents/{row.sha256}").status_code == 302


class _Form(forms.Form):
    file = DocumentField(required=False)


def sent(raw: bytes) -> HttpRequest:
    return RequestFactory().post("/", {"file": SimpleUploadedFile("AN.pdf", raw, PDF)})


def test_a_pdf_of_80_mb_ends_in_a_sentence() -> None:
    request = sent(b"%PDF-" + bytes(80 * 2**20))
    form = _Form(request.POST, request.FILES)
    assert not form.is_valid()
    assert "81 MB" in form.errors["file"][0]
    # It lay on the disk meanwhile, not in memory.
    assert hasattr(request.FILES["file"], "temporary_file_path")
    request.close()


def test_a_form_takes_a_pdf_and_nothing_in_its_name() -> None:
    request = sent(RAW)
    form = _Form(request.POST, request.FILES)
    assert form.is_valid()
    assert form.cleaned_data["file"].raw == RAW
    request = sent(b"kein PDF")
    assert "kein PDF" in str(_Form(request.POST, request.FILES).errors)
    assert _Form({}).is_valid()
