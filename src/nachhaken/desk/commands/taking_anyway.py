"""Taking a job although it does not fit: why, within which limits, and the limits in the offer."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import Change, InvalidError, act_of, locked, record
from nachhaken.desk.commands.offers import OnTheWayError, write_offer
from nachhaken.desk.limits_agreed import limits_of
from nachhaken.desk.models import OfferDraft, User
from nachhaken.desk.offering import draft_in_work, is_on_the_way, proposed, stamp_of
from nachhaken.timeline import TakenAnyway

LONGEST_REASON = 300
LONGEST_LIMIT = 200
MOST_LIMITS = 12


def take_anyway(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    reason: str,
    limits: Iterable[str] = (),
) -> Change:
    """Note why the job is taken although it does not fit, and the limits agreed on.

    The newest note counts. InvalidError without a reason, or with what is too long or too many.
    """
    lines = tuple(dict.fromkeys(line for one in limits if (line := " ".join(one.split()))))
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise InvalidError(_("Bitte einen Grund in einer Zeile angeben."))
    if len(lines) > MOST_LIMITS or any(len(line) > LONGEST_LIMIT for line in lines):
        raise InvalidError(_("Höchstens zwölf Grenzen, jede in einer Zeile."))
    fact = TakenAnyway(reason=said, limits=lines)
    return record(act_of(actor, now, key), opportunity_id, [fact])


def put_limits_into_offer(*, actor: User, now: datetime, opportunity_id: int) -> OfferDraft:
    """Write the agreed limits into the offer in work, as a block before its end; twice is once.

    An offer is begun where none is in work. InvalidError where no limits were agreed on, or the
    offer waits to go out.
    """
    allow(actor)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        taken = limits_of(opportunity_id)
        if taken is None or not taken.limits:
            raise InvalidError(_("Für diesen Vorgang sind keine Grenzen vereinbart."))
        draft = draft_in_work(opportunity_id)
        if draft is not None and is_on_the_way(draft):
            raise OnTheWayError
        begun = draft or proposed(opportunity, author=actor, now=now)
        return write_offer(
            actor=actor,
            now=now,
            opportunity_id=opportunity_id,
            typed={"closing": _with_limits(begun.closing, taken.limits)},
            seen=stamp_of(draft),
        )


def _with_limits(closing: str, limits: Iterable[str]) -> str:
    """The limits as a paragraph of their own, headed as such; the paper sets it as a list."""
    closing = closing.replace("\r\n", "\n")
    missing = [line for one in limits if (line := f"– {one}") not in closing.splitlines()]
    if not missing:
        return closing
    head = _("Was dazugehört – und was nicht")
    block, rest = [head], []
    for part in filter(str.strip, closing.split("\n\n")):
        if part.startswith(head):
            block = part.rstrip().splitlines()
        else:
            rest.append(part.strip("\n"))
    return "\n\n".join(["\n".join([*block, *missing]), *rest])
