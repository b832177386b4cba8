"""What the playbook's page and that of own experience show, finished for the template."""

from dataclasses import dataclass

from nachhaken.playbook.values import Voice


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: plain, the question that matters (`strong`), or a slot to be filled in."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line in one voice; `note` says how often it was said and what followed.

    `own_id` is the row of an own version, None for a shipped one; `by` is who wrote it.
    """

    key: str
    pieces: tuple[Piece, ...]
    angle: str = ""
    note: str = ""
    own_id: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalView:
    """A refusal by the wording in which it is heard most, the `others`, and the answers."""

    key: str
    heard: str
    others: tuple[str, ...]
    answers: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part of the playbook: a scene, the refusals, or the questions; `retired` own lines last."""

    key: str
    name: str
    lines: tuple[LineView, ...] = ()
    refusals: tuple[RefusalView, ...] = ()
    retired: tuple[LineView, ...] = ()
    may_write: bool = False

    @property
    def size(self) -> int:
        """How many lines are offered."""
        return len(self.lines) + len(self.refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookPage:
    """Screen 10. `index` is every part as (key, name, size); `parts` those that are shown.

    A search goes through all parts, else `part` is the one that was chosen.
    """

    voice: Voice
    part: str
    search: str
    index: tuple[tuple[str, str, int], ...]
    parts: tuple[PartView, ...]

    @property
    def spoken(self) -> str:
        """The language of the lines, as HTML names it; it decides how quotes look."""
        return {Voice.SWISS: "de-CH", Voice.ENGLISH: "en"}.get(self.voice, "de")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """The n-th follow-up: shares in words with their intervals, from `cases` own ones."""

    nth: int
    cases: int
    is_own: bool
    answered: str
    won: str
    annoyed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperiencePage:
    """What own follow-ups brought, and how much was spoken; `talks` is "" while they are few."""

    rows: tuple[FollowUpRow, ...]
    least: int
    talks: str
    noted_talks: int
    least_talks: int
