"""Screen 3: the call sheet of an opportunity's step, for this customer and this user."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.outcomes import RETURNING
from nachhaken.desk.models import Opportunity, OwnScript, Plan, User
from nachhaken.desk.pages_call import CallPage, WhatIf
from nachhaken.desk.permissions import Allowance, allowance_of
from nachhaken.desk.planning import advice_of
from nachhaken.desk.preferences import company, preferences
from nachhaken.desk.queries.counts import courage_of, ranks
from nachhaken.desk.queries.inbox import day_of_list
from nachhaken.desk.queries.lists import status_of
from nachhaken.desk.queries.mailboxes import doubt_of
from nachhaken.desk.queries.permissions import permission_view
from nachhaken.desk.queries.today import MOST_ROWS
from nachhaken.desk.queries.what_if import what_ifs
from nachhaken.desk.speech import language, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.plan.evidence import amount_of
from nachhaken.plan.memory import Remembered, key_points_of
from nachhaken.plan.scenes import follow_up_of, scene_of
from nachhaken.plan.sheet import IN_A_TALK, CallSheet, Speaker, compose
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Advice, Preferences
from nachhaken.playbook.tables import playbook, with_own
from nachhaken.playbook.values import Answer, Playbook, Scene, Script, Voice
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Timeline

MOST_REPEATED = 2  # who repeats everything is not listened to


def call_sheet(
    user: User,
    opportunity_id: int,
    *,
    now: datetime,
    step: StepKind | None = None,
    script: str = "",
    whole: bool = False,
) -> CallPage:
    """Return the sheet of the planned step, or of `step` without deciding for it.

    What ended without an order is taken up again. `script` chooses a version, `whole` brings
    along what results change.

    Raises NotFoundError where there is no such opportunity.
    """
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    known = preferences()
    again = StepKind.REOPEN if told.opportunity.outcome in RETURNING else None
    advice = advice_of(told, now=now, preferences=known, step=step or again)
    allowed = allowance_of(
        told, channel=Channel.CALL, now=now, preferences=known, step=advice.step.kind
    )
    sheet = _sheet(told, advice, allowed, user=user, now=now, known=known, script=script)
    row = told.opportunity
    page = replace(
        _page(told, sheet, now=now),
        permission=permission_view(allowed, row.pk),
        doubt=doubt_of(user, row.owner_id, advice.step.kind, now=now),
    )
    if not whole:
        return page
    results = what_ifs(told, advice.step.kind, now=now)
    return replace(page, what_if=tuple(WhatIf(result=r, sentence=s) for r, s in results))


def _sheet(
    told: Told,
    advice: Advice,
    allowed: Allowance,
    *,
    user: User,
    now: datetime,
    known: Preferences,
    script: str,
) -> CallSheet:
    story, person = told.story, told.opportunity.person
    situation = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)
    nth = follow_up_of(story, situation)
    return compose(
        story,
        advice,
        speaker=Speaker(name=user.get_full_name(), company=company()),
        playbook=_playbook(),
        now=now,
        preferences=known,
        language=language(),
        ground=speak(allowed.permission.reason),
        is_allowed=allowed.permission.is_lawful or allowed.is_usable,
        person_voice=person.tone if person else "",
        salutation=person.salutation if person else "",
        colleague=_colleague(user),
        own_rank=ranks(),
        courage=_courage(user, scene_of(advice.step.kind, situation, nth=nth), nth),
        key_points=_key_points(story.timeline, now),
        script=script,
    )


def _key_points(timeline: Timeline, now: datetime) -> list[Remembered]:
    """Return what is worth saying again in a talk; what is still in mind is not brought up."""
    points = key_points_of(timeline, now=timezone.localtime(now), forms=IN_A_TALK)
    return [point for point in points if point.form][:MOST_REPEATED]


def _courage(user: User, scene: Scene, nth: int) -> str:
    """Return what speaks for asking, where somebody has to ask into the silence."""
    is_asking = scene in {Scene.FIRST_FOLLOW_UP, Scene.FOLLOW_UP}
    return courage_of(user, nth=nth) if is_asking else ""


def _page(told: Told, sheet: CallSheet, *, now: datetime) -> CallPage:
    row, story = told.opportunity, told.story
    amount = amount_of(story.timeline.standing())
    return CallPage(
        id=row.pk,
        head=story.timeline.head,
        prospect=row.prospect.name,
        person=story.person,
        role=row.person.role if row.person else "",
        title=row.title,
        region=story.region,
        amount_cents=amount[0] if amount else None,
        currency=amount[1] if amount else "EUR",
        phone=story.phone,
        mail=story.mail,
        is_open=row.outcome == "",
        status=status_of(row),
        sheet=sheet,
        has_objected=story.opted_out,
        alone=_alone(row),
        place=_place(row.pk, now),
    )


def _alone(row: Opportunity) -> int:
    people = [person.pk for person in row.prospect.standing_people][:2]
    return (row.person_id or people[0]) if len(people) > 1 else 0


def _place(opportunity_id: int, now: datetime) -> tuple[int, int] | None:
    """Return which of today's steps this is, and of how many; None where it is not among them."""
    due = Plan.objects.filter(due__lte=day_of_list(now)).order_by("-rate", "pk")
    listed = list(due.values_list("pk", flat=True)[:MOST_ROWS])
    return (listed.index(opportunity_id) + 1, len(listed)) if opportunity_id in listed else None


def _colleague(user: User) -> str:
    """Return who could take over, where there is one to name."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("pk")
    return str(others.first() or "")


def _playbook() -> Playbook:
    """Return the shipped playbook with what users wrote themselves and still want to say."""
    scripts: list[Script] = []
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in OwnScript.objects.filter(retired_at=None).order_by("pk"):
        say, angle = {Voice(row.voice): row.text}, {"de": row.angle, "en": row.angle}
        if row.refusal:
            answers[row.refusal].append(Answer(key=row.key, say=say, angle=angle))
        else:
            scene = Scene(row.scene)
            scripts.append(Script(key=row.key, scene=scene, say=say, nth=row.nth, angle=angle))
    return with_own(playbook(), scripts, answers)
