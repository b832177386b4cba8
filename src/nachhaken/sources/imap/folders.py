"""The folders of a mailbox and what each is for, as the server marks it or by its usual name."""

from dataclasses import dataclass
from enum import StrEnum

from imap_tools.folder import FolderInfo


class Role(StrEnum):
    """What a folder is for."""

    INBOX = "inbox"
    SENT = "sent"
    JUNK = "junk"
    ARCHIVE = "archive"
    TRASH = "trash"
    DRAFTS = "drafts"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFolder:
    """A folder that can be opened; `mails` is how many lie in it, None where nobody says so."""

    name: str
    role: Role
    mails: int | None


def openable(found: list[FolderInfo]) -> list[FolderInfo]:
    """Return the folders that hold mails, not only other folders."""
    return [one for one in found if not _CLOSED & _marks(one)]


def role_of(folder: FolderInfo) -> Role:
    """Return what the folder is for."""
    if folder.name.upper() == "INBOX":
        return Role.INBOX
    marked = [role for mark, role in _MARKS.items() if mark in _marks(folder)]
    leaf = folder.name.rpartition(folder.delim)[2] if folder.delim else folder.name
    usual = [role for role, names in _USUAL.items() if leaf.casefold() in names]
    return next(iter(marked + usual), Role.OTHER)


def sent_of(found: list[FolderInfo]) -> str | None:
    """Return the folder of sent mail: as the server marks it, else by its usual name."""
    marked = [one.name for one in found if r"\sent" in _marks(one)]
    if marked:
        return marked[0]
    leaves = {one.name.rpartition(one.delim)[2].casefold(): one.name for one in reversed(found)}
    return next((leaves[name] for name in _USUAL[Role.SENT] if name in leaves), None)


_CLOSED = frozenset({r"\noselect", r"\nonexistent"})
_MARKS = {
    r"\sent": Role.SENT,
    r"\junk": Role.JUNK,
    r"\archive": Role.ARCHIVE,
    r"\trash": Role.TRASH,
    r"\drafts": Role.DRAFTS,
}
_USUAL = {
    Role.SENT: (
        "sent", "gesendet", "gesendete objekte", "gesendete elemente", "gesendete nachrichten",
        "gesendete e-mails", "sent items", "sent messages", "sent mail", "sent-mail", "postausgang",
        "envoyés", "éléments envoyés", "messages envoyés", "inviati", "posta inviata",
    ),
    Role.JUNK: (
        "junk", "spam", "spamverdacht", "junk-e-mail", "unerwünscht", "junk mail", "bulk mail",
        "werbung", "spamordner", "indésirables", "posta indesiderata",
    ),
    Role.ARCHIVE: ("archiv", "archive", "archives", "archivio"),
    Role.TRASH: (
        "trash", "papierkorb", "gelöscht", "gelöschte objekte", "gelöschte elemente",
        "deleted items", "deleted messages", "corbeille", "cestino",
    ),
    Role.DRAFTS: ("drafts", "entwürfe", "entwurf", "brouillons", "bozze"),
}  # fmt: skip


def _marks(folder: FolderInfo) -> set[str]:
    return {flag.lower() for flag in folder.flags}
