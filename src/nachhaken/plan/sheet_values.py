"""What a call sheet holds: what to reach, to ask first, to say, and what may come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from nachhaken.playbook.values import Scene, Voice
from nachhaken.terms import Form, Intent, StepKind


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a spoken line; `strong` is the question that matters."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What to say, filled in for this customer; `key` is the playbook's, "" for none."""

    key: str
    parts: tuple[Part, ...]
    angle: str = ""

    @property
    def text(self) -> str:
        """The whole line, as plain text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the customer may answer, what to say then, and the keys of the turns after that.

    `intent` is the outcome that it amounts to; None where it is open.
    """

    key: str
    hears: str
    say: Line | None
    intent: Intent | None
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Objection:
    """A refusal in the wordings in which it may be heard, with answers; the best come first."""

    key: str
    hears: tuple[str, ...]
    answers: tuple[Line, ...]
    intent: Intent | None


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A key point: its entry, the share still in mind, in which forms it was conveyed how often.

    `form` and `say` propose how to say it again; `say` is None where it is not worth repeating.
    """

    id: int
    text: str
    in_mind: float
    used: Mapping[Form, int]
    form: Form | None = None
    is_new_form: bool = False
    say: Line | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """One line of what is known: asked, offered, said, promised, told.

    `on` is its day; of a promise the day when it is due.
    """

    what: str
    text: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """All that a call needs. Sentences are in the customer's voice or the user's language.

    `first` are the keys of the turns that answer `say`; `turns` holds every turn that can be
    reached. `likely` are keys of objections that are likely here. `ground` says why this contact
    is allowed, `courage` what own history says of it.
    """

    scene: Scene
    voice: Voice
    step: StepKind
    goal: str
    minimum: str
    ground: str
    is_allowed: bool
    courage: str
    known: tuple[Known, ...]
    questions: tuple[Line, ...]
    repeats: tuple[KeyPoint, ...]
    say: Line
    versions: tuple[Line, ...]
    first: tuple[str, ...]
    turns: Mapping[str, Turn]
    objections: tuple[Objection, ...]
    likely: tuple[str, ...]
    consent: Line
    voicemail: Line
