"""The files of a folder that may hold mails: a Maildir, a mail program's folder, or loose ones."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

MOST_FILES = 500_000


def mail_files(folder: Path) -> Iterator[Path]:
    """Yield the files to look at, folder by folder in the order of their names.

    Links are not followed: a folder may not lead out of itself.
    """
    count = 0
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(top, name)
            inside = path.relative_to(folder).as_posix()
            if not is_left_out(inside) and path.is_file() and not path.is_symlink():
                count += 1
                if count > MOST_FILES:
                    return
                yield path


_UNSENT = re.compile(
    r"(?:^|[./])(?:drafts?|entw(?:ü|u|&APw-)rfe|brouillons|bozze|templates|vorlagen|junk(?:-e-?mail)?|"
    r"spam|outbox|postausgang|unsent messages|unerwünscht|unerw&APw-nscht)(?:\.sbd|\.mbox)?(?:$|/)",
    re.IGNORECASE,
)
# Maildir names a draft (D) in its flags, behind ":2,", or "!2," and ";2," where no colon may stand.
_DRAFT = re.compile(r"[:!;_]2,[A-Z]*D[A-Za-z]*$")


def is_left_out(name: str) -> bool:
    """Whether the file at this place holds no mail, or only such as nobody sent to anybody.

    Programs put catalogues, hidden files and unfinished deliveries ("tmp") beside the mails.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    *folders, last = path.parts or ("",)
    return (
        last.startswith(("._", ".DS_Store"))
        or "__MACOSX" in folders
        or (bool(folders) and folders[-1] == "tmp")
        or bool(_UNSENT.search(str(path)))
        or bool(_DRAFT.search(last))
    )


_DELIVERED = re.compile(r"(\d{9,10})\.[^/]*$")


def moment_of_name(name: str) -> datetime | None:
    """Return when a Maildir took the mail in, which stands at the start of its file's name."""
    found = _DELIVERED.match(PurePosixPath(name).name)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None
