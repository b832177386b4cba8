"""What a draft holds: the mail to start from, the other ways to write it, what goes with it."""

from dataclasses import dataclass
from datetime import date

from nachhaken.playbook.values import Scene, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The offer that goes with the mail; `changes` says line by line what is new in it."""

    number: str = ""
    version: int = 1
    net_cents: int | None = None
    currency: str = "EUR"
    valid_until: date | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One way to write it, filled in; `angle` says what is special about it."""

    key: str
    angle: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail to start from: the best version, and the others.

    `key` is the version's, "" where the playbook has no words and only the frame stands. In a
    thread the subject is the thread's. `asks_first` says that leave has to be asked, on paper,
    before anything else is written.
    """

    key: str
    scene: Scene
    voice: Voice
    subject: str
    text: str
    versions: tuple[Version, ...]
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    asks_first: bool = False
