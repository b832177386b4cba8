"""A workbook as bytes that depend on its content alone."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

# The oldest stamp that a zip file can carry.
_STAMP = (1980, 1, 1, 0, 0, 0)


def workbook_bytes(book: Workbook, at: datetime) -> bytes:
    """Return `book` as .xlsx, stamped with `at` in place of the moment of saving."""
    saved, result = BytesIO(), BytesIO()
    book.save(saved)
    with ZipFile(saved) as before, ZipFile(result, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "docProps/core.xml":
                content = _stamped(content, at)
            info = ZipInfo(part.filename, _STAMP)
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, content)
    return result.getvalue()


def _stamped(core: bytes, at: datetime) -> bytes:
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    return re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(?=</dcterms)", rb"\g<1>" + stamp, core)
