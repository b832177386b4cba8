"""What can have happened with an opportunity: frozen facts, one kind per class."""

from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.terms import Channel, Intent, NoReason, Origin, OurReason, OutcomeKind, StepKind
from nachhaken.timeline.fit import (
    FitRated,
    HandOverAnswered,
    HandOverAsked,
    JobFinished,
    TakenAnyway,
)
from nachhaken.timeline.pursuit import (
    CadenceSet,
    Consented,
    ConsentWithdrawn,
    Conveyed,
    GoalSet,
    KeyPointDropped,
    KeyPointSet,
    Mentioned,
    Pinned,
    Promised,
    PromiseMoved,
    PromiseSettled,
)

ALL = 100  # per cent
MOST_UNITS = 1_000_000
MOST_VAT = 500  # per mille


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An inquiry or a first talk: the opportunity begins; `origin` is how, where it was told."""

    title: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One line of an offer: net price by the unit; VAT in per mille, None: as the whole offer.

    An optional position is offered beside the sum and not counted in it.
    """

    text: str
    unit_cents: int
    quantity: float = 1.0
    unit: str = ""
    vat_permille: int | None = None
    is_optional: bool = False

    def __post_init__(self) -> None:
        if not (self.text.strip() and 0 < self.quantity <= MOST_UNITS):
            raise ValueError("a position needs words and a quantity from above 0 to a million")
        if self.vat_permille is not None and not 0 <= self.vat_permille <= MOST_VAT:
            raise ValueError("VAT is from 0 to 500 per mille")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSent:
    """A priced document went out; a higher version revises the one before.

    `valid_until` is its last day, which still counts. `vat_permille` is the rate of VAT (None:
    unknown), `channel` the way that it took, `document` the SHA-256 of the PDF.
    """

    number: str
    version: int = 1
    net_cents: int | None = None
    currency: str = "EUR"
    valid_until: date | None = None
    title: str = ""
    positions: tuple[Position, ...] = ()
    vat_permille: int | None = None
    channel: Channel | None = None
    document: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.vat_permille is not None and not 0 <= self.vat_permille <= MOST_VAT:
            raise ValueError("VAT is from 0 to 500 per mille")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """We made contact. `step` is what it was for, where known; `reached` is None for writing.

    `scripts` are the keys of what was said from the playbook, the opening first; `own_share` the
    per cent of a talk in which we spoke ourselves. `message_id` is a mail's own, as it was written.
    """

    channel: Channel
    step: StepKind = StepKind.MAIL
    reached: bool | None = None
    text: str = ""
    subject: str = ""
    person_id: int | None = None
    scripts: tuple[str, ...] = ()
    own_share: int | None = None
    message_id: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.own_share is not None and not 0 <= self.own_share <= ALL:
            raise ValueError("own_share is a percentage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person says a reply means; it stands above any machine reading."""

    intent: Intent
    callback: tuple[date, date] | None = None
    condition: str | None = None
    no_reason: NoReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The customer said something. `text` is the new text, without quoted mail and signature.

    `message_id` is a mail's own, as it was written: an answer has to name it letter by letter.
    `note` is what one of us wrote above it when forwarding it to the desk.
    """

    channel: Channel
    text: str = ""
    subject: str = ""
    person_id: int | None = None
    automatic: bool = False
    statement: Statement | None = None
    message_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSpent:
    """Own work before the decision, and money spent beside it; `work` is a kind of own work.

    `rate_cents` is what an hour of this kind cost when it was noted; None: an hour of the user's.
    """

    minutes: int
    what: str = ""
    cents: int = 0
    work: str = ""
    rate_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A meeting or site visit that took place or is agreed."""

    title: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkShare:
    """For how many per cent of a talk somebody spoke."""

    name: str
    percent: int
    is_ours: bool

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= ALL:
            raise ValueError("percent is a percentage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed:
    """A talk came in as a transcript, with the consent of the other side.

    `agreed_by`, `agreed_on` and `agreed_how` prove it. `shares` are by time where `is_timed`, else
    by words.
    """

    agreed_by: str
    agreed_on: date
    agreed_how: str
    shares: tuple[TalkShare, ...]
    is_timed: bool = False

    def __post_init__(self) -> None:
        if not (self.agreed_by.strip() and self.agreed_how.strip()):
            raise ValueError("a transcript needs a consent")

    @property
    def own_share(self) -> int:
        """For how many per cent of the talk we spoke ourselves."""
        return sum(share.percent for share in self.shares if share.is_ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """A person moved the next step to a later day, with a reason."""

    until: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GutFelt:
    """The seller's own feeling about the prospect."""

    dead_horse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """No further contact with this person (`scope` "person"), or this prospect; absolute."""

    scope: str = "prospect"
    reason: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """A mail of ours came back: that of entry `entry_id`, where it is known.

    `is_permanent`: the address does not exist; else only this delivery failed. `status` is the
    code of RFC 3463, such as "5.1.1". `person_id` is whose address it is, None: unknown.
    """

    address: str
    is_permanent: bool
    entry_id: int | None = None
    person_id: int | None = None
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChecked:
    """Somebody looked the number up: is it starred, or unlisted, in the directory (CH)?"""

    is_starred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LawOverruled:
    """A person made a contact that `rule` (country and row) does not allow, for this `reason`."""

    rule: str
    channel: Channel
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("overruling needs a reason in words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The opportunity ended.

    `no_reason` is the customer's, `our_reason` ours. `comeback` is what would have to be otherwise
    for it to begin anew, `referred_to` whom we recommended instead.
    """

    outcome: OutcomeKind
    no_reason: NoReason | None = None
    note: str = ""
    our_reason: OurReason | None = None
    comeback: str = ""
    referred_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A closed opportunity lives again."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A person corrects the reading of the reply in entry `entry_id`."""

    entry_id: int
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Entry `entry_id` does not count any more; undoing an `Undone` brings it back."""

    entry_id: int


Fact = (
    Opened
    | OfferSent
    | Touched
    | Replied
    | EffortSpent
    | Met
    | Promised
    | PromiseSettled
    | PromiseMoved
    | Consented
    | ConsentWithdrawn
    | GoalSet
    | Pinned
    | CadenceSet
    | KeyPointSet
    | KeyPointDropped
    | Conveyed
    | Mentioned
    | Transcribed
    | Snoozed
    | GutFelt
    | OptedOut
    | Bounced
    | NumberChecked
    | LawOverruled
    | FitRated
    | TakenAnyway
    | JobFinished
    | HandOverAsked
    | HandOverAnswered
    | Closed
    | Reopened
    | Restated
    | Undone
)
