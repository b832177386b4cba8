"""Who could take a customer over, and what waits for one's own answer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.access import allow
from nachhaken.desk.colleagues import Room, Suggestion, is_team, rooms, suggestions
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.hand_overs import ANSWERED, ASKED, answered, waiting_at
from nachhaken.desk.jobs_done import limits_at
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.pages_hand_over import (
    AnsweredHandOver,
    AskedHandOver,
    ColleagueRow,
    HandOverPage,
)
from nachhaken.desk.records import decode
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.templatetags.words import money
from nachhaken.timeline import HandOverAnswered, HandOverAsked

MOST_SHOWN = 20
TOLD_FOR = timedelta(days=4)  # over a weekend, too


def hand_over_page(user: User, opportunity_id: int) -> HandOverPage:
    """Return who could take this over; NotFoundError where it has ended or nobody else is here."""
    row = (
        Opportunity.objects.select_related("prospect", "owner")
        .filter(pk=opportunity_id, outcome="")
        .first()
    )
    if row is None or not is_team():
        allow(user)
        raise NotFoundError(f"opportunity {opportunity_id}")
    owned = row.owner_id or allow(user).pk
    waiting = waiting_at([row.pk]).get(row.pk)
    siblings = Opportunity.objects.filter(prospect=row.prospect_id, outcome="", owner=row.owner_id)
    return HandOverPage(
        id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        colleagues=tuple(_colleagues({owned, user.pk}, (owned, row.prospect_id))),
        others=siblings.count() - 1,
        asked=_name(decode(HandOverAsked, waiting.payload).to) if waiting else "",
        asked_id=waiting.pk if waiting else None,
        may_ask=row.owner is None or not row.owner.is_active or row.owner_id == user.pk,
    )


def asked_of(user: User) -> tuple[AskedHandOver, ...]:
    """Return what waits for the answer of `user`, the oldest first: one row for each question."""
    rows = (
        Event.objects.filter(kind=ASKED, payload__to=allow(user).pk, opportunity__outcome="")
        .standing()
        .select_related("opportunity__prospect", "opportunity__plan")
        .order_by("pk")
    )
    found = list(rows)
    known = answered([row.pk for row in found]) if found else set()
    open_rows = [row for row in found if row.pk not in known]
    matters = Counter(row.act for row in open_rows)
    first = {row.act: row for row in reversed(open_rows)}
    shown = sorted(first.values(), key=lambda row: row.pk)[:MOST_SHOWN]
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=_askers(shown))}
    limits = limits_at([row.opportunity_id or 0 for row in shown])
    return tuple(
        _asked_row(
            row,
            by=names[decode(HandOverAsked, row.payload).by],
            matters=matters[row.act],
            limits=limits.get(row.opportunity_id or 0, ()),
        )
        for row in shown
    )


def answers_to(user: User, *, now: datetime) -> tuple[AnsweredHandOver, ...]:
    """Return what colleagues answered to `user` in the last days, the newest first.

    One row for each answer; none once somebody was asked about the matter again.
    """
    rows = Event.objects.filter(kind=ANSWERED, occurred_at__gte=now - TOLD_FOR)
    rows = rows.exclude(actor=allow(user)).standing()
    found = list(rows.select_related("actor", "opportunity__prospect").order_by("-pk"))
    own = _own_questions(user, found) if found else set()
    told = [row for row in found if row.about in own]
    matters = Counter(row.act for row in told)
    first = {row.act: row for row in reversed(told)}
    shown = sorted(first.values(), key=lambda row: -row.pk)[:MOST_SHOWN]
    return tuple(_answered_row(row, matters=matters[row.act]) for row in shown)


def _own_questions(user: User, answers: Sequence[Event]) -> set[int]:
    """Return the newest question of each of these matters, where `user` asked it."""
    rows = Event.objects.filter(kind=ASKED, opportunity__in={row.opportunity_id for row in answers})
    asked = rows.standing().order_by("pk").values_list("opportunity", "pk", "actor")
    newest = {matter: (pk, actor) for matter, pk, actor in asked}
    return {pk for pk, actor in newest.values() if actor == user.pk}


def _answered_row(row: Event, *, matters: int) -> AnsweredHandOver:
    said, opportunity = decode(HandOverAnswered, row.payload), row.opportunity
    assert opportunity is not None  # noqa: S101 - a question is about a matter
    return AnsweredHandOver(
        opportunity_id=opportunity.pk,
        prospect=opportunity.prospect.name,
        title=opportunity.title,
        by=str(row.actor or ""),
        at=timezone.localtime(row.occurred_at),
        accepted=said.accepted,
        note=said.note,
        matters=matters,
    )


def _colleagues(without: set[int], pair: tuple[int, int]) -> Iterator[ColleagueRow]:
    proposed, room = suggestions().get(pair), rooms()
    users = User.objects.filter(pk__in=room.keys() - without).order_by("first_name", "pk")
    for one in sorted(users, key=lambda one: proposed is None or one.pk != proposed.seller):
        is_proposed = proposed is not None and one.pk == proposed.seller
        yield ColleagueRow(
            id=one.pk,
            name=str(one),
            room=_room(room[one.pk]),
            why=_why(proposed, str(one)) if is_proposed and proposed else "",
        )


def _why(found: Suggestion, name: str) -> str:
    expected, who = found.expected, {"who": name.split(maxsplit=1)[0]}
    if expected.own:
        return _("%(who)s passt eher: hat diesen Kunden selbst besser eingeschätzt.") % who
    if not expected.good:
        return _("%(who)s passt eher: hat im Schnitt Kunden, die besser passen.") % who
    like = ngettext(
        "hat einen ähnlichen Kunden gut eingeschätzt",
        "hat %(n)s ähnliche Kunden gut eingeschätzt",
        expected.good,
    ) % {"n": expected.good}
    return _("%(who)s passt eher: %(like)s, von %(alike)s.") % {
        **who,
        "like": like,
        "alike": expected.alike,
    }


def _room(room: Room) -> str:
    free = ngettext("noch Platz für einen", "noch Platz für %(n)s", room.free) % {"n": room.free}
    if not room.free:
        return _("gerade kein Platz")
    return free if room.is_said else _("%(free)s, angenommen") % {"free": free}


def _askers(rows: Sequence[Event]) -> set[int]:
    return {decode(HandOverAsked, row.payload).by for row in rows}


def _asked_row(row: Event, *, by: str, matters: int, limits: Sequence[str]) -> AskedHandOver:
    asked = decode(HandOverAsked, row.payload)
    opportunity = row.opportunity
    assert opportunity is not None  # noqa: S101 - it was asked for with its outcome
    return AskedHandOver(
        entry_id=row.pk,
        opportunity_id=opportunity.pk,
        prospect=opportunity.prospect.name,
        title=opportunity.title,
        by=by,
        at=timezone.localtime(row.occurred_at),
        matters=matters,
        lines=tuple(line for line in _lines(opportunity, limits, asked.reason) if line),
    )


def _lines(row: Opportunity, limits: Sequence[str], reason: str) -> Iterator[str]:
    """The story in five lines: what for, what was offered, how it stands, limits, and why."""
    yield _("Worum es geht: %(what)s") % {"what": row.title}
    plan = getattr(row, "plan", None)
    if plan and plan.amount_cents is not None and plan.offer_sent_on:
        yield _("Angeboten: %(amount)s am %(day)s") % {
            "amount": money(plan.amount_cents, plan.currency),
            "day": date_format(plan.offer_sent_on, "j. F Y"),
        }
    if plan:
        yield _("Wie es steht: %(how)s") % {"how": speak(decode_phrase(plan.headline))}
    if limits:
        yield _("Grenzen: %(limits)s") % {"limits": " · ".join(limits)}
    if reason:
        yield _("Warum: %(reason)s") % {"reason": reason}


def _name(user_id: int) -> str:
    return str(User.objects.get(pk=user_id))
