"""Files that came together: single mails are one import, everything else is one by itself."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

_MAILS = {".eml", ".emlx"}
_PIECE = 2**16


def bundled(files: "Sequence[UploadedFile[bytes]]") -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield name and bytes of each import that these files make."""
    mails = [file for file in files if PurePath(file.name or "").suffix.lower() in _MAILS]
    if len(mails) > 1:
        with TemporaryFile() as packed:
            _pack(mails, packed)
            yield _("%(n)d Mails") % {"n": len(mails)}, _pieces(packed)
    else:
        mails = []
    for file in files:
        if file not in mails:
            yield file.name or "", file.chunks()


def _pack(mails: "Iterable[UploadedFile[bytes]]", packed: IO[bytes]) -> None:
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for number, mail in enumerate(mails, 1):
            # Nothing of the clock: the same mails are the same file, and known again.
            with archive.open(ZipInfo(f"{number:05}.eml"), "w") as target:
                for chunk in mail.chunks():
                    target.write(chunk)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
