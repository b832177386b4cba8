"""What never arrived: a mail that came back reached nobody, so silence after it says nothing."""

from collections.abc import Iterator
from datetime import datetime

from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Bounced, Entry, Fact, OfferSent, Replied, Timeline, Touched


def undelivered_of(standing: Timeline) -> frozenset[int]:
    """Return the ids of our mails and offers that came back; a cover mail takes its offer along."""
    returned = {e.fact.entry_id for e in standing if isinstance(e.fact, Bounced)}
    days = {e.occurred_at.date() for e in standing if e.id in returned and _carries(e)}
    with_it = {
        e.id
        for e in standing
        if _carries(e) and e.occurred_at.date() in days and _offered_on(e, standing)
    }
    return frozenset(i for i in returned | with_it if i is not None)


def arrived(standing: Timeline) -> Timeline:
    """Return `standing` without what came back; the bounces themselves stay."""
    lost = undelivered_of(standing)
    return Timeline(tuple(e for e in standing if e.id not in lost)) if lost else standing


def bounce_to_mend(
    standing: Timeline, *, now: datetime, person_id: int | None = None
) -> Entry | None:
    """Return the newest bounce after which nothing arrived at either side; None: all is well.

    Of a mail that is no entry the dead address alone is told, where it is this person's.
    """
    lost = undelivered_of(standing)
    bounces = [e for e in standing if _is_lost(e.fact, lost, person_id)]
    if not bounces:
        return None
    heard = (e for e in standing if e.id not in lost and e.occurred_at <= now and _is_contact(e))
    is_mended = any(e.occurred_at > bounces[-1].occurred_at for e in heard)
    return None if is_mended else bounces[-1]


def died_at(address: str, standing: Timeline, *, person_id: int | None) -> datetime | None:
    """Return when a mail address was found not to exist, where that is the newest word about it.

    A mail from its owner brings it back to life.
    """
    newest = None
    for word in _words_about(address.casefold(), standing, person_id):
        newest = word
    return newest


def _is_lost(fact: Fact, lost: frozenset[int], person_id: int | None) -> bool:
    if not isinstance(fact, Bounced):
        return False
    if fact.entry_id is not None:
        return fact.entry_id in lost
    return fact.is_permanent and person_id is not None and fact.person_id == person_id


def _words_about(
    address: str, standing: Timeline, person_id: int | None
) -> Iterator[datetime | None]:
    for entry in standing:
        match entry.fact:
            case Bounced(address=named, is_permanent=True) if named.casefold() == address:
                yield entry.occurred_at
            case Replied(channel=Channel.MAIL, person_id=writer, automatic=False) if (
                writer is not None and writer == person_id
            ):
                yield None
            case _:
                pass


def _carries(entry: Entry) -> bool:
    return _is_offer(entry) or _is_mail(entry)


def _offered_on(entry: Entry, standing: Timeline) -> bool:
    """The mail and the offer of one day are one thing (`evidence.is_cover`)."""
    day = entry.occurred_at.date()
    return any(_is_offer(e) and e.occurred_at.date() == day for e in standing)


def _is_offer(entry: Entry) -> bool:
    return isinstance(entry.fact, OfferSent)


def _is_mail(entry: Entry) -> bool:
    return isinstance(entry.fact, Touched) and entry.fact.step is StepKind.MAIL


def _is_contact(entry: Entry) -> bool:
    fact = entry.fact
    if isinstance(fact, Replied):
        return not fact.automatic
    return isinstance(fact, OfferSent) or (isinstance(fact, Touched) and fact.reached is not False)
