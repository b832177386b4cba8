"""How one matter ended, what its early no saved, and whether what it waited for has come."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk import labels
from nachhaken.desk.models import Event, Opportunity
from nachhaken.desk.pages_ended import EndedView, SavedView
from nachhaken.desk.speech import local_date
from nachhaken.learning.insight.ending import ending_of
from nachhaken.learning.insight.saved import Matter, rest_after
from nachhaken.learning.insight.values import Band, Ending
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Closed, EffortSpent, Entry, OfferSent, Reopened, Timeline

MOST_COMPARED = 500
"""The newest noes that one early no is compared with."""

LEAST_SAID = 10
"""Fewer minutes than these are as good as none."""

_NOES = [kind for kind in OutcomeKind if kind is not OutcomeKind.WON]
_HOUR = 60


def ended_view(row: Opportunity, timeline: Timeline) -> EndedView | None:
    """Return how it ended last; None where it never did. What was saved only while it is ended."""
    standing = timeline.standing()
    end = next((e for e in reversed(list(standing)) if isinstance(e.fact, Closed)), None)
    if end is None or not isinstance(end.fact, Closed):
        return None
    closed, began = end.fact, _began(standing)
    days = (local_date(end.occurred_at) - local_date(began)).days
    before = [e for e in standing if e.occurred_at <= end.occurred_at]
    minutes = sum(e.fact.minutes for e in before if isinstance(e.fact, EffortSpent))
    ending = ending_of(closed.outcome, days=days, minutes=minutes)
    again = next((e.fact for e in standing if _is_after(e, end)), None)
    because = again.reason if isinstance(again, Reopened) else ""
    has_come = bool(closed.comeback) and because.startswith(closed.comeback)
    is_early_no = ending is Ending.EARLY_NO and row.outcome != ""
    return EndedView(
        on=local_date(end.occurred_at),
        how=labels.word(labels.OUTCOMES[closed.outcome]),
        why=_why(closed),
        comeback=closed.comeback,
        referred_to=closed.referred_to,
        ending=labels.word(labels.ENDINGS[ending]) if ending else "",
        days=max(0, days),
        minutes=minutes,
        has_come=has_come,
        reopened_because="" if has_come else because,
        saved=_saved(row, days, band_in(before)) if is_early_no else None,
    )


def comebacks(opportunities: Iterable[int]) -> dict[int, str]:
    """Return by opportunity what its newest end named as the way back; without those with none."""
    ends = Event.objects.filter(opportunity__in=list(opportunities), kind="closed").standing()
    listed = ends.order_by("occurred_at", "pk").values_list("opportunity_id", "payload")
    newest = {pk or 0: str(payload.get("comeback", "")) for pk, payload in listed}
    return {pk: comeback for pk, comeback in newest.items() if comeback}


def band_in(entries: list[Entry]) -> Band:
    """Return the price band of the newest offer among `entries`."""
    from nachhaken.learning.insight.figures import band_of

    offers = [e.fact.net_cents for e in entries if isinstance(e.fact, OfferSent)]
    return band_of(offers[-1] if offers else None)


def comparable(but: int) -> list[Matter]:
    """Return the newest noes except opportunity `but`, with the work that went into each."""
    from nachhaken.learning.insight.figures import band_of

    ended = Opportunity.objects.filter(outcome__in=_NOES, ended_at__isnull=False).exclude(pk=but)
    rows = list(
        ended.order_by("-ended_at", "-pk").values_list(
            "pk", "outcome", "created_at", "ended_at", "plan__amount_cents"
        )[:MOST_COMPARED]
    )
    offered, work = _work_in([pk for pk, *_rest in rows])
    found = []
    for pk, outcome, created_at, ended_at, cents in rows:
        began = offered.get(pk, created_at)
        assert ended_at is not None  # noqa: S101 - filtered so
        days = max(0.0, _days(began, ended_at))
        spent = tuple((_days(began, at), minutes) for at, minutes in work[pk])
        total = sum(minutes for _at, minutes in spent)
        ending = ending_of(OutcomeKind(outcome), days=days, minutes=total)
        assert ending is not None  # noqa: S101 - all of them ended
        found.append(Matter(ending=ending, days=days, band=band_of(cents), work=spent))
    return found


def _work_in(
    opportunities: list[int],
) -> tuple[dict[int, datetime], dict[int, list[tuple[datetime, int]]]]:
    """Return by opportunity when the first offer went out, and the own work with its moment."""
    offered: dict[int, datetime] = {}
    work: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    rows = Event.objects.filter(
        opportunity__in=opportunities, kind__in=("offer_sent", "effort_spent")
    ).standing()
    listed = rows.order_by("occurred_at", "pk").values_list(
        "opportunity_id", "kind", "occurred_at", "payload"
    )
    for pk, kind, at, payload in listed:
        if kind == "offer_sent":
            offered.setdefault(pk or 0, at)
        else:
            work[pk or 0].append((at, int(payload.get("minutes", 0))))
    return offered, work


def _saved(row: Opportunity, days: int, band: Band) -> SavedView:
    rest = rest_after(days, band, comparable(row.pk))
    found = rest.minutes
    return SavedView(
        hours=_sentence(found.value) if found else "",
        low=_about(found.low) if found else "",
        high=_about(found.high) if found else "",
        compared=rest.compared,
        least=rest.least,
        band=labels.word(labels.BANDS[rest.band]) if found and rest.band else "",
        day=rest.day,
    )


def _sentence(minutes: float) -> str:
    if minutes < LEAST_SAID:
        return _("frühes Nein, danach kam kaum noch Arbeit")
    return _("frühes Nein, spart rund %(time)s") % {"time": _about(minutes)}


def _about(minutes: float) -> str:
    """An estimate in words: whole hours, below two of them in quarters."""
    if minutes < 2 * _HOUR:
        return _("%(n)d Minuten") % {"n": 15 * round(minutes / 15)}
    hours = round(minutes / _HOUR)
    return ngettext("%(n)d Stunde", "%(n)d Stunden", hours) % {"n": hours}


def _why(closed: Closed) -> str:
    theirs = labels.word(labels.NO_REASONS[closed.no_reason]) if closed.no_reason else ""
    ours = labels.word(labels.OUR_REASONS[closed.our_reason]) if closed.our_reason else ""
    return ", ".join(part for part in (theirs, ours, closed.note) if part)


def _began(standing: Timeline) -> datetime:
    """The first offer, or the first thing known where there was none."""
    offers = [e.occurred_at for e in standing if isinstance(e.fact, OfferSent)]
    return min(offers or [e.occurred_at for e in standing])


def _is_after(entry: Entry, end: Entry) -> bool:
    return isinstance(entry.fact, Reopened) and entry.occurred_at >= end.occurred_at


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 86_400
