"""What stands in a list or a line of a page: plain values, finished for the template.

The rules of `pages` hold here, too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from nachhaken.engine.values import Belief
from nachhaken.terms import Channel, Intent, NoReason, StepKind, Truth


class Mark(NamedTuple):
    """What a piece of text shows: intent, window, condition, reason or signal.

    `level` counts the lines that lie above its own, as shorter places overlap this one.
    """

    name: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A piece of text and what it shows, the longest place first; `title` says it in words."""

    text: str
    marks: tuple[Mark, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """What was read, in words, and the piece of the text that shows it; `mark` names the line."""

    mark: str
    what: str
    piece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessRow:
    """What a reply could mean, to be said with one tap."""

    intent: Intent
    label: str
    truth: Truth | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """A reading in words. `truth` gives colour and shape of the chip.

    `guesses` are the likeliest intents, the stated one first: several where the reading is unsure,
    for the reason in `doubt`; the stated one where it is sure; none after a person's word.
    """

    intent: Intent
    label: str
    truth: Truth | None
    confidence: float
    is_unsure: bool
    by_person: bool
    window: tuple[date, date] | None
    condition: str | None
    reason: NoReason | None
    no_reason: str | None
    signals: tuple[str, ...]
    shown: tuple[ShownRow, ...] = ()
    doubt: str = ""
    guesses: tuple[GuessRow, ...] = ()

    @property
    def drawn(self) -> frozenset[str]:
        """The marks that stand in the text."""
        return frozenset(one.mark for one in self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """A reply that came in."""

    entry_id: int
    opportunity_id: int
    at: datetime
    prospect: str
    person: str
    title: str
    region: str
    excerpt: tuple[Marked, ...]
    text: tuple[Marked, ...]
    reading: ReadingView


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """An opportunity to which a mail may belong; `why` says in words what speaks for it."""

    id: int
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """What needs a person.

    A mail without a prospect, rows that an import left out, or the outcome of a call that did not
    fit what happened meanwhile: its opportunity is the only candidate. A mail of ours that may or
    may not have arrived ("post") or was refused, an account that does not work or a mailbox that
    gives nothing ("mailbox"), or one of which mails are missing ("mailbox_gap").
    """

    kind: str  # "mail", "import", "set_aside", "post", "post_refused", "mailbox", "mailbox_gap"
    id: int
    at: datetime
    title: str
    detail: str
    excerpt: str = ""
    candidates: tuple[CandidateRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One line of today's list; `words` is what to say, `head` the event that it was planned on."""

    opportunity_id: int
    prospect: str
    title: str
    person: str
    phone: str
    mail: str
    step: str
    kind: StepKind
    why: str
    channel: Channel | None
    minutes: int
    amount_cents: int | None
    currency: str
    gain_cents: int
    best_hours: tuple[float, float]
    due: date
    is_overdue: bool
    truth: Truth
    words: str
    head: int
    in_doubt: bool = False  # a mailbox that is not well may hold the answer

    @property
    def is_talk(self) -> bool:
        """The step is done by talking, so it begins with the call sheet."""
        return is_talk(self.kind, self.channel)

    @property
    def is_written(self) -> bool:
        """The step is done by writing, so it begins with a mail."""
        return is_written(self.kind, self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    """What was finished today."""

    entry_id: int
    opportunity_id: int
    at: datetime
    prospect: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason: sign +1/-1, share in [0, 1] of the bar's length, and a word of strength."""

    sentence: str
    sign: int
    share: float
    strength: str
    decibans: float
    entry_id: int
    silence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseBar:
    """The belief at a moment of the course; `label` is set where an event is worth naming."""

    at: datetime
    belief: Belief
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One line of the timeline, newest first.

    `icon`: mail, call, meeting, letter, message, offer, effort, promise, gut, snooze, closed,
    reopened, opt_out, silence, consent, withdrawn, goal, pinned, cadence, key_point, conveyed,
    mentioned.
    """

    entry_id: int
    icon: str
    at: datetime
    title: str
    detail: str = ""
    aside: str = ""
    by_us: bool = True
    text: tuple[Marked, ...] = ()
    reading: ReadingView | None = None
    can_undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person at the prospect."""

    id: int
    name: str
    role: str
    mail: str
    phone: str
    tone: str  # "sie", "du" or ""
    salutation: str  # "frau", "herr" or ""
    has_objected: bool = False
    is_dead: bool = False  # mail to this address came back for good


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """What an answer would lead to; `truth` gives the answer its shape, `on` None means soon."""

    answer: str
    truth: Truth | None
    step: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRow:
    """One line of the list."""

    id: int
    prospect: str
    title: str
    amount_cents: int | None
    currency: str
    offer_sent_on: date | None
    status: str
    is_open: bool
    step: str
    due: date | None
    truth: Truth | None  # None: somebody objected, so nothing is judged
    probability: float
    last_contact_on: date | None
    comeback: str = ""  # what an ended one waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectRow:
    """One line of the prospects."""

    id: int
    name: str
    place: str
    people: int
    offers: int
    orders: int
    open: int
    opted_out: bool


_TALKS = frozenset({StepKind.CALL, StepKind.CALL_BACK, StepKind.CLARIFY})


# Asked, reminded or let go because nothing came: an answer that nobody saw would change it.
_CHASES = frozenset(
    {
        StepKind.MAIL,
        StepKind.CALL,
        StepKind.ASK_WHAT,
        StepKind.CLARIFY,
        StepKind.CHECK_CONDITION,
        StepKind.CALL_BACK,
        StepKind.ASK_REASON,
        StepKind.REOPEN,
        StepKind.STOP,
    }
)


def is_chase(kind: StepKind) -> bool:
    """Say whether a step asks into a silence, or lets go because of it."""
    return kind in _CHASES


def is_talk(kind: StepKind, channel: Channel | None) -> bool:
    """Say whether a step is done by talking, whatever address is known; a letter is written."""
    is_said = channel in {Channel.CALL, Channel.MEETING} or kind in _TALKS
    return is_said and channel is not Channel.LETTER


def is_written(kind: StepKind, channel: Channel | None) -> bool:
    """Say whether a step is done by writing a mail or a letter."""
    return channel in {Channel.MAIL, Channel.LETTER} and not is_talk(kind, channel)
