"""The standing people of the tests: an owner, a colleague, a stranger, and six prospects.

Each prospect shows one kind of customer. `timeline` and `story` give it as plain values, `settle`
writes it into the desk through the desk's own commands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nachhaken.plan.values import Story
from nachhaken.reading import read
from nachhaken.terms import Channel, NoReason, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    Fact,
    OfferSent,
    OptedOut,
    Replied,
    Timeline,
    Touched,
)

if TYPE_CHECKING:
    from nachhaken.desk.models import Opportunity, User

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
PASSWORD = "Treppenstufe-77"
MAIL = "k.brandt@metallbau-brandt.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A prospect with its one open matter: what happened, in days before now.

    `earlier` are ended matters: (title, days since the offer, days since the end, outcome).
    """

    prospect: str
    title: str
    number: str
    person: str
    mail: str
    phone: str
    events: tuple[tuple[float, Fact], ...]
    earlier: tuple[tuple[str, int, int, OutcomeKind], ...] = ()
    is_consumer: bool = False


def _offer(number: str, cents: int, version: int = 1) -> OfferSent:
    return OfferSent(number=number, version=version, net_cents=cents)


def _said(text: str, channel: Channel = Channel.MAIL) -> Replied:
    return Replied(channel=channel, text=text)


_MAIL = Touched(channel=Channel.MAIL)
_CALLED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
_MISSED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)

DECIDER = Standing(
    prospect="Praxis Dr. Yıldız",
    title="Geländer Rampe",
    number="AN-1701",
    person="Dr. Leyla Yıldız",
    mail="praxis@dr-yildiz.example",
    phone="08024 555 31 0",
    events=(
        (12, EffortSpent(minutes=90, what="Aufmaß")),
        (11.9, _offer("AN-1701", 1_240_000)),
        (
            1,
            _said(
                "Das passt so weit. Wenn wir beim Zahlungsziel auf 30 Tage kommen, sind wir uns "
                "einig. Können Sie mich am Donnerstag anrufen?"
            ),
        ),
    ),
)
EVADER = Standing(
    prospect="Pension Alpenblick",
    title="Balkone Südseite",
    number="AN-1412",
    person="Rosa Huber",
    mail="huber@pension-alpenblick.example",
    phone="08023 555 12 4",
    events=(
        (60, EffortSpent(minutes=240, what="Aufmaß und Zeichnung")),
        (58, _offer("AN-1412", 3_840_000)),
        (44, _MAIL),
        (43, _said("Ich kann noch nichts sagen, wir melden uns.")),
        (24, _CALLED),
        (2, _said("Rufen Sie mich in 2-3 Monaten wieder an.")),
    ),
)
COLLECTOR = Standing(
    prospect="Hausverwaltung Seidel & Partner",
    title="Fluchttreppe Innstraße",
    number="AN-1590",
    person="Torsten Seidel",
    mail="seidel@hv-seidel.example",
    phone="08031 555 40 11",
    events=(
        (30, EffortSpent(minutes=300, what="Kalkulation")),
        (28, _offer("AN-1590", 2_110_000)),
        (
            6,
            _said("Können Sie das nochmal mit verzinkten Stufen rechnen, und einmal ohne Montage?"),
        ),
    ),
    earlier=(
        ("Geländer Innstraße", 480, 470, OutcomeKind.LOST),
        ("Tor Tiefgarage", 390, 370, OutcomeKind.LOST),
        ("Vordach Eingang B", 250, 230, OutcomeKind.LOST),
        ("Zaun Spielplatz", 140, 120, OutcomeKind.LOST),
    ),
)
SILENT = Standing(
    prospect="Autohaus Kern",
    title="Schiebetor Hof",
    number="AN-1633",
    person="Markus Kern",
    mail="m.kern@autohaus-kern.example",
    phone="08061 555 70 2",
    events=(
        (33, EffortSpent(minutes=120, what="Ortstermin")),
        (32, _offer("AN-1633", 1_480_000)),
        (18, _MAIL),
        (9, _MISSED),
    ),
)
RETURNING = Standing(
    prospect="Weingut Hallwachs",
    title="Hoftor mit Antrieb",
    number="AN-1688",
    person="Ines Hallwachs",
    mail="ines@weingut-hallwachs.example",
    phone="09323 555 27 4",
    events=((9, EffortSpent(minutes=60)), (8.9, _offer("AN-1688", 980_000))),
    earlier=(
        ("Geländer Vinothek", 420, 400, OutcomeKind.WON),
        ("Treppe Keller", 300, 290, OutcomeKind.WON),
        ("Pergola Terrasse", 170, 160, OutcomeKind.LOST),
    ),
)
OPTED_OUT = Standing(
    prospect="Getränke Lohmeier",
    title="Überdachung Rampe",
    number="AN-1502",
    person="Dieter Lohmeier",
    mail="d.lohmeier@getraenke-lohmeier.example",
    phone="08062 555 90 8",
    events=(
        (70, _offer("AN-1502", 760_000)),
        (50, _MAIL),
        (49, _said("Bitte streichen Sie mich aus Ihrem Verteiler und rufen Sie nicht mehr an.")),
        (49, OptedOut(reason="per E-Mail")),
    ),
)
CAST = (DECIDER, EVADER, COLLECTOR, SILENT, RETURNING, OPTED_OUT)


def timeline(standing: Standing, *, now: datetime = NOW) -> Timeline:
    """Return the matter of `standing` as a timeline with ids from 1."""
    return Timeline.of(
        Entry(
            id=index,
            occurred_at=now - timedelta(days=days),
            recorded_at=now - timedelta(days=days),
            actor="",
            source_key=f"{standing.number}/{index}",
            fact=fact,
        )
        for index, (days, fact) in enumerate(standing.events, 1)
    )


def story(standing: Standing, *, now: datetime = NOW) -> Story:
    """Return what the plan knows of `standing`."""
    told = timeline(standing, now=now)
    outcomes = [outcome for *_, outcome in standing.earlier]
    orders = [index for index, o in enumerate(outcomes, 1) if o is OutcomeKind.WON]
    return Story(
        timeline=told,
        readings={
            entry.id: read(entry.fact.text, reference=entry.occurred_at.date())
            for entry in told
            if isinstance(entry.fact, Replied)
        },
        title=standing.title,
        prospect=standing.prospect,
        person=standing.person,
        is_consumer=standing.is_consumer,
        mail=standing.mail,
        phone=standing.phone,
        opted_out=any(isinstance(fact, OptedOut) for _, fact in standing.events),
        offers=len(outcomes),
        orders=len(orders),
        last_order=orders[-1] if orders else 0,
    )


def owner() -> "User":
    """Make Katharina Brandt, who owns the desk."""
    from nachhaken.desk.commands import create_owner

    return create_owner(name="Katharina Brandt", mail=MAIL, password=PASSWORD, now=NOW)


def colleague() -> "User":
    """Make Jonas Wirth, who works with her."""
    from nachhaken.desk.models import User

    return User.objects.create_user(
        "j.wirth@metallbau-brandt.example", first_name="Jonas", last_name="Wirth", password=PASSWORD
    )


def stranger() -> "User":
    """Make somebody who once had an account and has it no more."""
    from nachhaken.desk.models import User

    return User.objects.create_user("fremd@x.example", password=PASSWORD, is_active=False)


def settle(standing: Standing, *, actor: "User", now: datetime = NOW) -> "Opportunity":
    """Write `standing` into the desk, as if each thing had been noted when it happened."""
    return _settled([standing], actor=actor, now=now)[standing.prospect]


def settle_all(*, actor: "User", now: datetime = NOW) -> dict[str, "Opportunity"]:
    """Write the whole cast into the desk; return the open matters by prospect."""
    return _settled(CAST, actor=actor, now=now)


def _settled(some: Sequence[Standing], *, actor: "User", now: datetime) -> dict[str, "Opportunity"]:
    """Write all of it, then plan once: planning after each thing costs most of a test's time."""
    from nachhaken.desk.commands import replan_prospects
    from nachhaken.desk.models import Opportunity

    begun = {one.prospect: _told(one, actor=actor, now=now) for one in some}
    replan_prospects([prospect_id for _, prospect_id in begun.values()], now=now)
    return {name: Opportunity.objects.get(pk=pk) for name, (pk, _) in begun.items()}


def _told(standing: Standing, *, actor: "User", now: datetime) -> tuple[int, int]:
    """Write the earlier matters and the open one; return the open one and its prospect."""
    for title, offered, ended, outcome in standing.earlier:
        events = (
            (offered, _offer(f"{standing.number}-{title}", 500_000)),
            (ended, _closed(outcome)),
        )
        _begun(standing, title, events, actor=actor, now=now)
    return _begun(standing, standing.title, standing.events, actor=actor, now=now)


def _begun(
    standing: Standing,
    title: str,
    events: tuple[tuple[float, Fact], ...],
    *,
    actor: "User",
    now: datetime,
) -> tuple[int, int]:
    from django.db import transaction

    from nachhaken.desk.commands import create_opportunity
    from nachhaken.desk.commands.ledger import act_of, append, events_of, locked

    begun = create_opportunity(
        actor=actor,
        now=now - timedelta(days=events[0][0]),
        key=f"{standing.number} {title}",
        prospect=standing.prospect,
        title=title,
        person=standing.person,
        mail=standing.mail,
        phone=standing.phone,
        is_consumer=standing.is_consumer,
    )
    assert begun.opportunity_id is not None
    for index, (days, fact) in enumerate(events):
        at = now - timedelta(days=days)
        act = act_of(actor, at, f"{standing.number} {title} {index}")
        with transaction.atomic():
            row = locked(begun.opportunity_id)
            if not events_of(act):
                append(act, [fact], opportunity=row)
    return begun.opportunity_id, begun.prospect_id


def _closed(outcome: OutcomeKind) -> Closed:
    lost = outcome is OutcomeKind.LOST
    return Closed(outcome=outcome, no_reason=NoReason.COMPARISON_ONLY if lost else None)


# A saying that no reader knows: here it stands for a refusal.
SAYING = (
    "Bei uns steht die Gurke im Keller.",
    "Die Gurke steht im Keller, viele Grüße",
    "Ich sage mal, die Gurke steht im Keller. LG Rosa",
    "Tja, die Gurke steht jetzt im Keller.",
    "Die Gurke steht im Keller, schönes Wochenende!",
)
SIMILAR = "Hallo, bei uns steht die Gurke im Keller."
