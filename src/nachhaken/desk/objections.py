"""Who wants no more contact: noted by us, or said in a reply; it is absolute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nachhaken.plan.evidence import answer_of
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent
from nachhaken.timeline import Entry, OptedOut, Replied, Timeline

HOUSE, PERSON = "prospect", "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One objection that stands: `person_id` objected alone, None: for the whole house.

    `noted_by` is the number of a user, "" where nobody noted it: a mail said so, or the block list.
    """

    entry_id: int
    at: datetime
    person_id: int | None
    words: str
    noted_by: str
    noted_at: datetime
    is_reply: bool

    @property
    def scope(self) -> str:
        """Whom it is about, as `OptedOut` has it."""
        return HOUSE if self.person_id is None else PERSON

    def concerns(self, person_id: int | None) -> bool:
        """Say whether this person must not be contacted."""
        return self.person_id in {None, person_id}


def objections_of(timeline: Timeline, readings: Mapping[int, Reading]) -> tuple[Objection, ...]:
    """Return the objections in the events of a prospect, the oldest first.

    The customer's word is enough, for the whole house; unless somebody noted after it that this
    person spoke for nobody else.
    """
    standing = timeline.standing()
    noted = [e for e in standing if isinstance(e.fact, OptedOut)]
    said = [
        a.entry
        for e in standing
        if (a := answer_of(e, readings)) and a.intent is Intent.OPT_OUT
        if not any(_stands_for(one, a.entry) for one in noted)
    ]
    return tuple(_objection(e) for e in sorted([*noted, *said], key=lambda e: e.occurred_at))


def house_objected_at(objections: tuple[Objection, ...]) -> datetime | None:
    """Return since when nobody at the prospect must be contacted."""
    return min((one.at for one in objections if one.person_id is None), default=None)


def _stands_for(noted: Entry, reply: Entry) -> bool:
    """What was noted with a reply says the same; later, that it was one person's word alone."""
    fact, said = noted.fact, reply.fact
    if noted.recorded_at == reply.recorded_at:
        return True
    if not (isinstance(fact, OptedOut) and isinstance(said, Replied) and fact.scope == PERSON):
        return False
    return said.person_id in {None, fact.person_id} and noted.recorded_at > reply.recorded_at


def _objection(entry: Entry) -> Objection:
    fact = entry.fact
    is_own = isinstance(fact, OptedOut) and fact.scope == PERSON
    return Objection(
        entry_id=entry.id,
        at=entry.occurred_at,
        person_id=fact.person_id if is_own and isinstance(fact, OptedOut) else None,
        words=fact.reason if isinstance(fact, OptedOut) else getattr(fact, "text", ""),
        noted_by=entry.actor,
        noted_at=entry.recorded_at,
        is_reply=isinstance(fact, Replied),
    )
