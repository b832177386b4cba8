"""Objections: whom they stop, who sees them, and the block list that outlives every row."""

from datetime import timedelta

import pytest
from django.db import connection

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Blocked, Event, Opportunity, Plan, Prospect, UnmatchedMail, User
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import tell
from nachhaken.example import render
from nachhaken.plan import advise
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Statement
from tests import cast
from tests.cast import NOW
from tests.desk.sent import stored

pytestmark = pytest.mark.django_db

HEADER = "Angebot;Datum;Kunde;Ort;Ansprechpartner;E-Mail;Telefon;Projekt;Netto"
KERN = "Autohaus Kern;Bad Aibling;Markus Kern;m.kern@autohaus-kern.example;08061 555 70 2"


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def objected(actor: User, row: Opportunity, key: str = "o", **more: object) -> commands.Change:
    return commands.opt_out(
        actor=actor,
        now=NOW,
        key=key,
        prospect_id=row.prospect_id,
        **more,  # type: ignore[arg-type]
    )


def blocked() -> set[str]:
    return set(Blocked.objects.filter(lifted_at=None).values_list("kind", flat=True))


def second(actor: User, row: Opportunity, **more: str) -> Opportunity:
    """Another matter of the same house, talked over with somebody else."""
    asked = {"person": "Eva Kern", "mail": "e.kern@autohaus-kern.example"} | more
    change = commands.create_opportunity(
        actor=actor,
        now=NOW - timedelta(days=20),
        key=f"second {asked}",
        prospect=row.prospect.name,
        title="Carport",
        amount_cents=500_000,
        **asked,  # type: ignore[arg-type]
    )
    commands.replan_prospects([row.prospect_id], now=NOW)
    return Opportunity.objects.get(pk=change.opportunity_id or 0)


def erase_everybody() -> None:
    """Delete at the level of SQL, as no command may: events are append-only to everybody else."""
    derived = ["plan", "figures", "readingcache"]
    tables = [*derived, "advicegiven", "event", "unmatchedmail", "importrun"]
    with connection.cursor() as cursor:
        for name in [*tables, "opportunity", "person", "prospect"]:
            cursor.execute(f"DELETE FROM desk_{name}")


def taken(actor: User, rows: str, *, dry_run: bool = False) -> commands.Imported:
    raw = f"{HEADER}\n{rows}".encode()
    return commands.import_file(raw=raw, name="a.csv", actor=actor, now=NOW, dry_run=dry_run)


def test_e6_row_1_a_house_that_objected_is_planned_for_no_more(
    owner: User, silent: Opportunity
) -> None:
    other = second(owner, silent)
    objected(owner, silent, reason="am Telefon")
    assert set(Plan.objects.values_list("due", flat=True)) == {None}
    assert blocked() == {"mail", "phone"}
    assert Blocked.objects.count() == 3
    assert "kern" not in str(list(Blocked.objects.values()))
    assert other.prospect_id == silent.prospect_id


def test_e6_row_1_one_person_alone_stops_their_own_matters_only(
    owner: User, silent: Opportunity
) -> None:
    other = second(owner, silent)
    objected(owner, silent, person_id=silent.person_id)
    assert Plan.objects.get(pk=silent.pk).due is None
    assert Plan.objects.get(pk=other.pk).due is not None
    assert Prospect.objects.get().opted_out_at is None
    assert set(Blocked.objects.values_list("scope", flat=True)) == {"person"}


def test_a_person_of_another_house_cannot_object_here(owner: User, silent: Opportunity) -> None:
    stranger = cast.settle(cast.EVADER, actor=owner).person_id
    with pytest.raises(commands.NotFoundError):
        objected(owner, silent, person_id=stranger)


def test_posted_twice_it_is_noted_once(owner: User, silent: Opportunity) -> None:
    first = objected(owner, silent)
    again = objected(owner, silent)
    assert (again.event_ids, again.repeated) == (first.event_ids, True)
    assert Event.objects.filter(kind="opted_out").count() == 1


def test_undoing_lifts_what_this_act_blocked(owner: User, silent: Opportunity) -> None:
    change = objected(owner, silent)
    undone = commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert blocked() == set()
    assert Plan.objects.get(pk=silent.pk).due is not None
    commands.undo(actor=owner, now=NOW, key="r", entry_id=undone.entry_id)
    assert blocked() == {"mail", "phone"}


def test_what_a_colleague_heard_too_stays_blocked(owner: User, silent: Opportunity) -> None:
    change = objected(owner, silent)
    objected(cast.colleague(), silent, "mine")
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert blocked() == {"mail", "phone"}
    assert Plan.objects.get(pk=silent.pk).due is None


def test_a_number_that_two_houses_share_stays_blocked_for_the_other(
    owner: User, silent: Opportunity
) -> None:
    change = objected(owner, silent)
    other = commands.create_opportunity(
        actor=owner,
        now=NOW,
        key="b",
        prospect="Kern Immobilien",
        title="Tor",
        phone=cast.SILENT.phone,
        amount_cents=1,
    )
    assert Plan.objects.get(pk=other.opportunity_id).due is None
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert blocked() == {"phone"}


def test_a_reply_that_objects_blocks_and_its_correction_lifts(
    owner: User, silent: Opportunity
) -> None:
    said = commands.record_outcome(
        actor=owner,
        now=NOW,
        key="s",
        opportunity_id=silent.pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        text="Rufen Sie hier nie wieder an!",
    )
    assert blocked() == {"mail", "phone"}
    assert Prospect.objects.get().opted_out_at == NOW
    reply = Event.objects.get(kind="replied", pk__in=said.event_ids)
    meant = {"entry_id": reply.pk, "statement": Statement(intent=Intent.LATER_VAGUE)}
    commands.restate_reply(actor=owner, now=NOW, key="c", **meant)  # type: ignore[arg-type]
    assert blocked() == set()
    assert Prospect.objects.get().opted_out_at is None


def test_an_objection_on_the_telephone_may_be_one_persons(owner: User, silent: Opportunity) -> None:
    other = second(owner, silent)
    events = stored(owner, silent, result="opt_out", objector=silent.person_id)
    fact = next(event.payload for event in events if event.kind == "opted_out")
    assert (fact["scope"], fact["person_id"]) == ("person", silent.person_id)
    assert Plan.objects.get(pk=silent.pk).due is None
    assert Plan.objects.get(pk=other.pk).due is not None


def test_a_house_without_opportunities_is_blocked_too(owner: User, silent: Opportunity) -> None:
    bare = Prospect.objects.create(
        name="Leer", key="leer", folded="leer", search="", created_at=NOW
    )
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=bare.pk)
    bare.refresh_from_db()
    assert bare.opted_out_at == NOW
    assert blocked() == {"name"}
    assert silent.prospect_id != bare.pk


def test_the_block_list_survives_erasure_and_the_next_import(owner: User) -> None:
    taken(owner, f"AN-1;02.11.2026;{KERN};Schiebetor;14.800,00")
    objected(owner, Opportunity.objects.get())
    erase_everybody()
    # The same telephone, written otherwise, and a person who was never here.
    row = f"{KERN};Schiebetor;14.800,00".replace("m.kern@", "M.Kern@").replace(" 555 ", "/555-")
    assert taken(owner, f"AN-1;02.11.2026;{row}", dry_run=True).objecting == 1
    assert taken(owner, f"AN-1;02.11.2026;{row}").objecting == 1
    plan = Plan.objects.get()
    assert (plan.due, Prospect.objects.get().opted_out_at) == (None, NOW)
    reason = Event.objects.get(kind="opted_out").payload["reason"]
    assert reason == "steht seit 24.11.2026 auf der Sperrliste"


def test_the_example_read_again_after_erasure_stays_blocked(owner: User) -> None:
    table = next(raw for name, raw in render(NOW.date()).items() if name.endswith(".xlsx"))
    commands.import_file(raw=table, name="a.xlsx", actor=owner, now=NOW)
    names = ("Pension Alpenblick", "Metzgerei Obermaier")
    for prospect in Prospect.objects.filter(name__in=names):
        commands.opt_out(actor=owner, now=NOW, key=prospect.name, prospect_id=prospect.pk)
    erase_everybody()
    again = commands.import_file(raw=table, name="a.xlsx", actor=owner, now=NOW)
    assert again.objecting == 2
    stopped = Prospect.objects.filter(opted_out_at__isnull=False)
    assert set(stopped.values_list("name", flat=True)) == set(names)
    assert not Plan.objects.filter(opportunity__prospect__in=stopped, due__isnull=False).exists()


def test_a_house_known_by_its_name_alone_is_recognised(owner: User) -> None:
    nameless = "AN-1;02.11.2026;Getränke Lohmeier;Bad Aibling;;;;Rampe;7.600,00"
    taken(owner, nameless)
    objected(owner, Opportunity.objects.get())
    erase_everybody()
    taken(owner, nameless)
    assert Plan.objects.get().due is None


def test_who_takes_the_lists_word_back_is_not_overruled_by_the_next_import(owner: User) -> None:
    row = f"AN-1;02.11.2026;{KERN};Schiebetor;14.800,00"
    taken(owner, row)
    objected(owner, Opportunity.objects.get())
    erase_everybody()
    taken(owner, row)
    noted = Event.objects.filter(kind="opted_out")
    commands.undo(actor=owner, now=NOW, key="u", entry_id=noted.get().pk)
    taken(owner, row.replace("14.800", "15.800"))
    assert noted.standing().count() == 0
    # The entry itself rests on an objection that nobody here can take back.
    assert blocked() == {"mail", "phone", "name"}


def test_a_mail_of_somebody_blocked_stops_that_person_alone(
    owner: User, silent: Opportunity
) -> None:
    objected(owner, silent)
    erase_everybody()
    evader = cast.settle(cast.EVADER, actor=owner)
    planned = Plan.objects.get(pk=evader.pk).due
    mail = UnmatchedMail.objects.create(source_key="mail:x", at=NOW, sender=cast.SILENT.mail)
    commands.assign_mail(actor=owner, now=NOW, key="a", mail_id=mail.pk, opportunity_id=evader.pk)
    fact = Event.objects.get(kind="opted_out").payload
    assert fact["scope"] == "person"
    assert Plan.objects.get(pk=evader.pk).due == planned is not None


def test_e6_row_1_of_who_objected_no_page_judges_anything(owner: User, silent: Opportunity) -> None:
    commands.opt_out(actor=owner, now=NOW, key="no", prospect_id=silent.prospect_id)
    (told,) = tell([silent.pk])
    advice = advise(told.story, now=NOW, preferences=preferences())
    assert set(advice.judgement.values.values()) == {0.0}
    assert (sum(advice.judgement.belief), advice.reasons, advice.course) == (0.0, (), ())
    assert queries.opportunity(owner, silent.pk, now=NOW).step.kind is StepKind.STOP
    sheet = queries.call_sheet(owner, silent.pk, now=NOW)
    assert sheet.permission
    assert not sheet.permission.is_usable
