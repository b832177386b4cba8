"""What the playbook holds: what is said and written, and what is answered, in four voices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nachhaken.terms import Form, Intent


class Voice(StrEnum):
    """How the customer is spoken to."""

    SIE = "sie"
    DU = "du"
    SWISS = "swiss"
    ENGLISH = "en"


class Scene(StrEnum):
    """What a talk, a part of it, or a mail is for."""

    FIRST_TALK = "first_talk"
    FIRST_FOLLOW_UP = "first_follow_up"
    FOLLOW_UP = "follow_up"
    CALL_BACK = "call_back"
    WHAT = "what"
    WHAT_REQUOTE = "what_requote"
    CONDITION = "condition"
    WHEN = "when"
    CLARIFY = "clarify"
    PERSONAL = "personal"
    REASON = "reason"
    THANKS = "thanks"
    REOPEN = "reopen"
    ADAPT = "adapt"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    ANSWER = "answer"
    CONFIRM = "confirm"
    REFERRED = "referred"
    DELIVER = "deliver"
    VOICEMAIL = "voicemail"
    CONSENT = "consent"
    APPOINTMENT = "appointment"
    OFFER = "offer"
    OFFER_REVISED = "offer_revised"
    REMIND = "remind"
    CONSENT_LETTER = "consent_letter"


WRITTEN = frozenset({
    Scene.APPOINTMENT, Scene.OFFER, Scene.OFFER_REVISED, Scene.REMIND, Scene.CONSENT_LETTER,
})  # fmt: skip
"""The scenes that are only written."""

SPOKEN = frozenset({Scene.PERSONAL, Scene.VOICEMAIL})
"""The scenes that are only spoken."""

Said = Mapping[Voice, str]
"""One text in every voice, with {placeholders}; *…* marks the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What to say in a scene; `hears` are the branches that customers answer with.

    `nth` is the follow-up that it suits (0: any). `angle` says by language what is special. Own
    scripts have a key that begins with "own." and may lack voices.
    """

    key: str
    scene: Scene
    say: Said
    hears: tuple[str, ...] = ()
    nth: int = 0
    angle: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What to write in a scene; the subject is for mails that answer none.

    `nth` is the follow-up that it suits (0: any). In the body, *…* marks the question or the
    clause that decides; it is not shown.
    """

    key: str
    scene: Scene
    subject: Said
    body: Said
    nth: int = 0
    angle: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What a customer answers (by language), what to say then, and what they may answer to that.

    `intent` is the outcome that the answer amounts to.
    """

    key: str
    hears: Mapping[str, str]
    say: Said
    intent: Intent | None = None
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a refusal."""

    key: str
    say: Said
    angle: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal in the wordings in which it is heard (by language), with prepared answers."""

    key: str
    hears: Mapping[str, tuple[str, ...]]
    answers: tuple[Answer, ...]
    intent: Intent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open question about the customer, asked first; `when` and `fits` limit where it suits."""

    key: str
    ask: Said
    when: frozenset[str]
    fits: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """How to say a key point once more in a form; the text holds {point}."""

    key: str
    form: Form
    say: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """All tables, by key, in the order of the files; `lines` are what stands in many mails."""

    scripts: Mapping[str, Script]
    branches: Mapping[str, Branch]
    refusals: Mapping[str, Refusal]
    questions: Mapping[str, Question]
    repeats: Mapping[str, Repeat]
    mails: Mapping[str, Mail] = field(default_factory=dict)
    lines: Mapping[str, Said] = field(default_factory=dict)
