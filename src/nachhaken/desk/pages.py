"""What the pages show: plain values, finished for the template, made by queries.

Sentences are already in the user's language; money is cents; moments are aware and in the user's
zone. Templates format and arrange, they decide nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.desk.effort import EffortRow
from nachhaken.desk.pages_calendars import AlarmRow
from nachhaken.desk.pages_ended import EndedView, WaitingRow
from nachhaken.desk.pages_fit import FitRow, FitSection
from nachhaken.desk.pages_hand_over import AnsweredHandOver, AskedHandOver
from nachhaken.desk.pages_limits import NumberRow, ObjectionRow, PermissionView
from nachhaken.desk.pages_mailbox import Doubt, MailboxHealth
from nachhaken.desk.pages_offers import OfferSection
from nachhaken.desk.pages_twins import MergerRow, TwinRow
from nachhaken.desk.pursuit import ConsentRecord, PathRow, Pursuit
from nachhaken.desk.rows import (
    CourseBar,
    DoneRow,
    EntryRow,
    FaultRow,
    OpportunityRow,
    PersonRow,
    ProspectRow,
    ReasonRow,
    ReplyRow,
    StepRow,
    TurnRow,
    is_talk,
    is_written,
)
from nachhaken.engine.values import Belief
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import TakenAnyway


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementView:
    """The bar of the four truths, the sentence, the reasons and the course."""

    headline: str
    frequency: str
    belief: Belief
    percents: tuple[int, int, int, int]
    reasons: tuple[ReasonRow, ...]
    course: tuple[CourseBar, ...]
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCard:
    """The next step, ready to be done."""

    kind: StepKind
    channel: Channel | None
    title: str
    why: str
    goal: str
    minimum: str
    words: str
    minutes: int
    gain_cents: int
    worth_of_asking_cents: int
    best_hours: tuple[float, float]
    due: date | None
    against: str
    asking: str
    held_by: str
    choices: tuple[tuple[StepKind, str], ...]  # "anders entscheiden": other steps with their names

    @property
    def is_talk(self) -> bool:
        """The step is done by talking, so it begins with the call sheet."""
        return is_talk(self.kind, self.channel)

    @property
    def is_written(self) -> bool:
        """The step is done by writing, so it begins with a mail."""
        return is_written(self.kind, self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForesightView:
    """The steps if it stays silent, the next one first, and what answers change.

    `change` says how the last act changed the plan, and why; "" where it did not.
    """

    change: str
    silence: tuple[PathRow, ...]
    turns: tuple[TurnRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityPage:
    """Everything on screen 2; `foresight` only where it was asked for."""

    id: int
    title: str
    prospect_id: int
    prospect: str
    people: tuple[PersonRow, ...]
    owner: str
    is_open: bool
    may_return: bool  # it ended without an order, and may be asked about again
    status: str
    offer_number: str
    offer_version: int
    amount_cents: int | None
    currency: str
    valid_until: date | None
    entries: tuple[EntryRow, ...]
    step: StepCard
    judgement: JudgementView
    pursuit: Pursuit
    effort_minutes: int
    effort_cents: int
    effort: EffortRow
    expected_cents: int
    offers: int
    orders: int
    offering: OfferSection
    foresight: ForesightView | None = None
    objections: tuple[ObjectionRow, ...] = ()  # that stop this: nothing is judged or proposed
    permission: PermissionView | None = None  # of the step's channel, on the day of the step
    fit: FitSection | None = None  # None where an objection stops it
    may_hand_over: bool = False  # it is open, and a colleague is here
    doubt: Doubt | None = None  # to be said before the step: the answer may lie in a mailbox
    ended: EndedView | None = None  # how it ended, or how it had ended before it lives again
    taken: TakenAnyway | None = None  # taken although it does not fit, and within which limits


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """Everything on screen 1. `fits` is how many of `rows` fit into `minutes`.

    `list_day` is the day that the list is for: `today`, or on a day off the next working day.
    """

    today: date
    list_day: date
    minutes: int
    replies: tuple[ReplyRow, ...]
    replies_total: int
    faults: tuple[FaultRow, ...]
    alarms: tuple[AlarmRow, ...]
    rows: tuple[StepRow, ...]
    total: int
    fits: int
    fits_gain_cents: int
    done: tuple[DoneRow, ...]
    selected: OpportunityPage | None
    next_due: date | None
    has_data: bool
    has_mailbox: bool = False  # asked only where there is no data
    doubts: tuple[Doubt, ...] = ()  # to be said above the list, once for each mailbox
    asked: tuple[AskedHandOver, ...] = ()  # whether one takes a customer over
    answered: tuple[AnsweredHandOver, ...] = ()  # what colleagues said to one's own questions


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Everything on screen 4, paged; `mailbox` is None where the user has none."""

    replies: tuple[ReplyRow, ...]
    faults: tuple[FaultRow, ...]
    mailbox: MailboxHealth | None
    page: int
    pages: int
    asked: tuple[AskedHandOver, ...] = ()  # whether one takes a customer over
    answered: tuple[AnsweredHandOver, ...] = ()  # what colleagues said to one's own questions

    @property
    def unsure(self) -> tuple[ReplyRow, ...]:
        """The replies of this page that ask what they mean."""
        return tuple(reply for reply in self.replies if reply.reading.is_unsure)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Everything on screen 5. `state` is open, won, lost or all."""

    rows: tuple[OpportunityRow, ...]
    total: int
    page: int
    pages: int
    search: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectList:
    """Screen 6, the list, paged."""

    rows: tuple[ProspectRow, ...]
    total: int
    page: int
    pages: int
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectPage:
    """Screen 6, one prospect. `history` are the offers in time: (date, title, cents, outcome)."""

    id: int
    name: str
    place: str
    address: str
    region: str
    is_consumer: bool
    objections: tuple[ObjectionRow, ...]
    people: tuple[PersonRow, ...]
    opportunities: tuple[OpportunityRow, ...]
    offers: int
    orders: int
    history_sentence: str
    consents: tuple[ConsentRecord, ...]
    is_swiss: bool
    number_check: NumberRow | None
    likely: tuple[TwinRow, ...] = ()
    mergers: tuple[MergerRow, ...] = ()
    fits: tuple[FitRow, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()

    @property
    def opted_out(self) -> bool:
        """The whole house must not be contacted."""
        return any(one.is_house for one in self.objections)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPage:
    """What was learnt. `closed` of `cases` were decided by the customer, worth `effective` ones.

    Of a hundred customers with 0, 1, 2, … offers without an order `hopes` order the next one;
    `trust_percent` of that rests on own offers. The gut weighs decibans, with its 90 % interval.
    """

    learnt_at: datetime
    cases: int
    closed: int
    effective: int
    least: int
    is_used: bool
    is_better: bool
    customers: int
    trust_percent: int
    hopes: tuple[int, ...]
    gut_right: int
    gut_pairs: int
    gut_decibans: float
    gut_low: float
    gut_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsPage:
    """Of `total` readings that a person looked at `right` stood; `mixed` is (read, meant, n)."""

    total: int
    right: int
    mixed: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtPage:
    """What `statements` of this user taught the reader; `refused` says why it is not used.

    `gained` of their replies are read right without having been learnt from, `lost` no more. The
    tries on others' replies are percentages before and after, by what they measure; `share` is
    what percentage of the lesson is used for their sake.
    """

    statements: int
    refused: str  # "few", "own", "check", "forgotten" or ""
    gained: int = 0
    lost: int = 0
    share: int = 100
    tries: tuple[tuple[str, float, float], ...] = ()
