"""How customer and seller fit, the limits they agreed on, how a job went, and who takes over."""

from dataclasses import dataclass

POINTS = (-1, 0, 1)
"""How much a criterion holds: not, so-so, well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How well one criterion (by its key) holds between this seller and this customer."""

    criterion: str
    points: int

    def __post_init__(self) -> None:
        if self.points not in POINTS:
            raise ValueError(f"points must be one of {POINTS}, not {self.points}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRated:
    """The seller who wrote the entry rated how the customer and he fit; his newest one counts.

    A criterion without a mark is not known. `energy` is how he felt after the talk, in `POINTS`.
    `evidence` names the entries (replies) whose friction or warmth he let count.
    """

    marks: tuple[Mark, ...] = ()
    energy: int | None = None
    evidence: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.energy is not None and self.energy not in POINTS:
            raise ValueError(f"energy must be one of {POINTS}, not {self.energy}")
        if not self.marks and self.energy is None:
            raise ValueError("a rating rates something")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAnyway:
    """The seller takes the job although it does not fit: why, and within which limits."""

    reason: str
    limits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("taking it anyway needs a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    """A won job is done: what it took, in minutes of work, and what was left of it, in cents.

    None is not known. `kept` says of each agreed limit (see TakenAnyway, in their order) whether
    it held. `again`: would the seller take this customer again?
    """

    planned_minutes: int | None = None
    worked_minutes: int | None = None
    margin_cents: int | None = None
    currency: str = "EUR"
    again: bool | None = None
    kept: tuple[bool, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if any(minutes is not None and minutes < 0 for minutes in self._minutes):
            raise ValueError("minutes must not be negative")

    @property
    def _minutes(self) -> tuple[int | None, ...]:
        return self.planned_minutes, self.worked_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverAsked:
    """The seller `by` asks the colleague `to` (ids of users) to take the customer over."""

    by: int
    to: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverAnswered:
    """The colleague takes over, or does not; `asked_id` is the entry that asked."""

    asked_id: int
    accepted: bool
    note: str = ""
