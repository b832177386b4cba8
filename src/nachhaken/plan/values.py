"""What the plan works on and what it says: a story in, advice out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from nachhaken.engine.model import Model
from nachhaken.engine.policies import Policy
from nachhaken.engine.values import Belief, Judgement
from nachhaken.reading.values import Reading
from nachhaken.terms import Channel, StepKind, Truth
from nachhaken.timeline import Timeline

if TYPE_CHECKING:
    from nachhaken.plan.law.values import Permission

Param = str | int | float | date | datetime


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence by its key in the phrase table, with what is filled in."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The user's own numbers; money in EUR, times in the user's zone.

    `learnt` is the model that the own past taught and `policy` the plans solved for it; None are
    the standard ones. Before `quiet_before` and from `quiet_after` on nobody is disturbed,
    consumers not after `quiet_saturday` on a Saturday either.
    """

    margin: float = 0.30
    hour_eur: float = 75.0
    hold_eur_per_day: float = 2.0
    opt_out_eur: float = 150.0
    zone: str = "Europe/Berlin"
    region: str = "DE-BY"
    quiet_before: time = time(8)
    quiet_after: time = time(20)
    quiet_saturday: time = time(12)
    touches_per_week: int = 1
    touches_per_month: int = 3
    learnt: Model | None = field(default=None, repr=False, compare=False)
    policy: Policy | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.quiet_before < self.quiet_after:
            raise ValueError("the quiet time leaves no hour of the day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that the plan needs to know of one opportunity.

    `readings` maps the entry id of a reply to its reading. `other_touches` are the moments at
    which anybody of us touched the same person over other opportunities. `offers` and `orders`
    count the customer's earlier, ended opportunities; `last_order` is the index of the last one
    ordered (0: never). `person_id` tells this person from others of the house, None: unknown.
    `mail` is "" where none is known, and where it is dead: then `has_dead_mail`.

    `fit` is what the seller's rating makes of the worth of a yes (None: nobody rated it), with what
    his own past makes of such a fit: hours beyond the plan, and the share of the price that is left
    (None: as reckoned with).
    """

    timeline: Timeline
    readings: Mapping[int, Reading]
    title: str
    prospect: str
    person: str = ""
    person_id: int | None = None
    is_consumer: bool = False
    region: str = ""
    mail: str = ""
    has_dead_mail: bool = False
    phone: str = ""
    opted_out: bool = False
    other_touches: tuple[datetime, ...] = ()
    offers: int = 0
    orders: int = 0
    last_order: int = 0
    fit: float | None = None
    hidden_hours: float = 0.0
    margin_share: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The step, the day on which it is wanted (None: none), and why in one word.

    `channel` is the lawful way that it takes; None while it is not known, or needs none.
    """

    kind: StepKind
    on: date | None
    because: str
    channel: Channel | None = None

    @property
    def is_own(self) -> bool:
        """The seller set the day."""
        return self.because in ("pinned", "cadence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do next: a verb, why now, what to reach, in which words; `because` is one word."""

    kind: StepKind
    channel: Channel | None
    title: Phrase
    why: Phrase
    goal: Phrase
    minimum: Phrase
    words: Phrase | None
    minutes: int
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One line of the judgement: what moved "genuine" by how many decibans; ref 0 for no entry.

    Of the time that passed, `silence` is what silence alone accounts for; the rest is drift.
    """

    phrase: Phrase
    decibans: float
    ref: int
    silence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """The belief at a moment; `ref` is the entry that moved it there, 0 for none."""

    at: datetime
    belief: Belief
    ref: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long it has been quiet since `since`, in working days, and what is usual."""

    since: datetime
    workdays: int
    usual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The plan of one opportunity.

    `due` is None when nothing is to be done (closed, or opted out). `held_until` says that the
    step was moved by a limit, and `held_by` why. `gain_cents` is what the step is worth more than
    waiting; `expected_cents` what the opportunity is worth as it stands. `best_hours` are local
    hours, such as (9.0, 11.0), learnt from `best_hours_from` calls and messages of the person.
    `permission` says under which rule the contact is allowed on its day; None: there is none.
    """

    step: Step
    due: date | None
    gain_cents: int
    expected_cents: int
    worth_of_asking_cents: int
    value_cents: int
    effort_minutes: int
    best_hours: tuple[float, float]
    best_hours_from: int = 0
    headline: Phrase
    truth: Truth
    reasons: tuple[Reason, ...]
    course: tuple[CoursePoint, ...]
    against: Phrase | None
    asking: Phrase | None
    silence: Silence | None
    held_by: Phrase | None
    judgement: Judgement
    permission: "Permission | None" = None
