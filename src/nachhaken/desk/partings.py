"""A no as it was said in a talk: what was asked beside it, and how it ends the matter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nachhaken.desk.refusals import declined
from nachhaken.terms import Intent, NoReason, OurReason, OutcomeKind
from nachhaken.timeline import Closed, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What was asked beside a no; all of it may stay empty.

    `closes`: a no that names its reason ends the matter at once. `our_reason` and `referred_to`
    belong to our own no.
    """

    closes: bool = False
    comeback: str = ""
    our_reason: OurReason | None = None
    referred_to: str = ""


NOTHING = Parting()


def theirs(statement: Statement | None, parting: Parting) -> Closed | None:
    """Return the end that the customer's no amounts to; None where its reason is to be asked."""
    if statement is None or statement.intent is not Intent.NO or not parting.closes:
        return None
    if statement.no_reason in {None, NoReason.UNKNOWN}:
        return None
    return Closed(
        outcome=OutcomeKind.LOST, no_reason=statement.no_reason, comeback=parting.comeback
    )


def ours(scripts: Iterable[str], parting: Parting) -> Closed:
    """Return the end that our own no amounts to: what was chosen for its words, then what is typed.

    What is typed stands above the words.
    """
    said = declined(scripts)
    return replace(
        said,
        our_reason=parting.our_reason or said.our_reason,
        comeback=parting.comeback or said.comeback,
        referred_to=parting.referred_to or said.referred_to,
    )
