"""What the pages show of goal, path, open points, key points and consent."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.ledger import act_of, record
from nachhaken.desk.models import Event, Opportunity, Person, User
from nachhaken.desk.pursuit import PointState
from nachhaken.terms import Channel, Form, Intent, StepKind
from nachhaken.timeline import Conveyed, Fact, Statement
from tests.desk.shown import Done, in_days, page_of, pursued

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(owner: User, alpenblick: int) -> Callable[[Fact, timedelta], commands.Change]:
    """Note a fact that happened some time ago."""

    def noting(fact: Fact, ago: timedelta) -> commands.Change:
        now = timezone.now()
        return record(act_of(owner, now, f"{fact} {ago}"), alpenblick, [fact], at=now - ago)

    return noting


def test_e1_goal_and_least_goal_stand_at_the_top(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    given = pursued(owner, alpenblick)
    assert given.goal
    assert given.minimum
    done(commands.set_goal, goal="Auftrag bis Ostern", minimum="im Januar wieder fragen dürfen")
    text = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Ziel: <b>Auftrag bis Ostern</b>, mindestens: im Januar wieder fragen dürfen" in text
    assert f'href="/opportunities/{alpenblick}/goal"' in text


def test_e1_the_path_comes_late_and_ends_at_the_goal(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.set_goal, goal="Auftrag bis Ostern")
    early = page_of(desk, f"/opportunities/{alpenblick}/")
    assert 'hx-get="?ahead=1"' in early
    late = page_of(desk, f"/opportunities/{alpenblick}/?ahead=1")
    assert "hx-get" not in late.partition('id="ahead"')[2].partition("</section>")[0]
    stops = late.partition('class="stops"')[2].partition("</ol>")[0].split("<li")[1:]
    assert 'aria-current="step"' in stops[0]
    assert "Auftrag bis Ostern" in stops[-1]
    assert all("aria-current" not in stop for stop in stops[1:])
    ahead = queries.opportunity(owner, alpenblick, now=timezone.now(), ahead=True).foresight
    assert ahead is not None
    assert len(stops) == len(ahead.silence) + 1
    days = [row.on for row in ahead.silence]
    assert days == sorted(days)


def test_e1_a_step_of_the_path_is_held_with_one_tap_and_loosened_again(
    desk: Client, owner: User, alpenblick: int
) -> None:
    on = in_days(12)
    address = f"/opportunities/{alpenblick}/pin"
    desk.post(address, {"key": "a", "step": "call_back", "on": on.isoformat(), "reason": "Messe"})
    pin = pursued(owner, alpenblick).pin
    assert pin is not None
    assert (pin.step, pin.on, pin.reason) == ("Rückruf", on, "Messe")
    text = page_of(desk, f"/opportunities/{alpenblick}/?ahead=1")
    assert "Von Ihnen festgelegt: Rückruf am" in text
    assert "– Messe" in text
    desk.post(f"/entries/{pin.entry_id}/undo")
    assert pursued(owner, alpenblick).pin is None


def test_e1_shifting_a_step_begins_with_that_step_and_its_day(
    desk: Client, alpenblick: int
) -> None:
    on = in_days(5).isoformat()
    text = page_of(desk, f"/opportunities/{alpenblick}/pin?step=clarify&on={on}")
    assert f'value="{on}"' in text
    assert "checked" in text.partition('value="clarify"')[2].partition(">")[0]


def test_e1_the_own_rhythm_is_said(desk: Client, alpenblick: int, done: Done) -> None:
    assert "eigener Rhythmus" in page_of(desk, f"/opportunities/{alpenblick}/")
    done(commands.set_cadence, workdays=[3, 7, 14])
    text = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Ihr Rhythmus: nach 3, 7 und 14 Arbeitstagen" in text


def test_e1_a_changed_plan_says_so_with_its_reason(
    desk: Client, alpenblick: int, done: Done
) -> None:
    assert "Der Plan hat sich geändert." not in page_of(
        desk, f"/opportunities/{alpenblick}/?ahead=1"
    )
    named = Statement(intent=Intent.STALLED_NAMED, condition="die Bank hat zugesagt")
    done(
        commands.record_outcome,
        step=StepKind.CLARIFY,
        channel=Channel.CALL,
        reached="reached",
        statement=named,
    )
    text = page_of(desk, f"/opportunities/{alpenblick}/?ahead=1")
    assert "Der Plan hat sich geändert. Vorher:" in text
    said = text.partition("Der Plan hat sich geändert.")[2].partition("</p>")[0]
    assert "die Bank hat zugesagt" in said


def test_a4_open_points_have_owner_day_and_state(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.promise, by_us=False, what="Budgetfreigabe")
    done(commands.promise, by_us=True, what="Zeichnung", due=in_days(3))
    done(commands.promise, by_us=False, what="Gutachten", due=in_days(-2))
    points = pursued(owner, alpenblick).open_points
    assert [(point.what, point.by_us, point.state) for point in points] == [
        ("Gutachten", False, PointState.OVERDUE),
        ("Zeichnung", True, PointState.OPEN),
        ("Budgetfreigabe", False, PointState.OPEN),
    ]
    text = page_of(desk, f"/opportunities/{alpenblick}/").partition('id="punkte"')[2]
    assert "seit 2 Tagen überfällig" in text
    assert "von Ihnen · offen, bis" in text
    assert "vom Kunden · offen, ohne Termin" in text


@pytest.mark.parametrize(
    ("tap", "state"), [("kept", PointState.KEPT), ("broken", PointState.BROKEN)]
)
def test_a4_one_tap_settles_a_point(
    desk: Client, owner: User, alpenblick: int, done: Done, tap: str, state: PointState
) -> None:
    entry = done(commands.promise, by_us=True, what="Zeichnung", due=in_days(3)).entry_id
    desk.post(f"/opportunities/{alpenblick}/points/{entry}", {"key": "tap", "state": tap})
    found = pursued(owner, alpenblick)
    assert found.open_points == ()
    assert [point.state for point in found.settled_points] == [state]
    assert "ein früherer" in page_of(desk, f"/opportunities/{alpenblick}/")


def test_a4_a_reply_that_names_nothing_is_no_point(
    desk: Client, alpenblick: int, done: Done
) -> None:
    done(
        commands.record_outcome,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=Statement(intent=Intent.LATER_VAGUE),
    )
    reply = Event.objects.get(kind="replied").pk
    answer = desk.post(f"/opportunities/{alpenblick}/points/{reply}", {"key": "a", "state": "kept"})
    assert answer.status_code == 404
    assert not Event.objects.filter(kind="promise_settled").exists()


@pytest.mark.parametrize(
    ("until", "on"),
    [
        ("28.11.2031", date(2031, 11, 28)),
        ("bis 28.11.2031", date(2031, 11, 28)),
        ("morgen", None),
        ("", None),
    ],
)
def test_a4_a_point_is_noted_in_one_line(
    desk: Client, owner: User, alpenblick: int, until: str, on: date | None
) -> None:
    typed = {"key": "a", "side": "theirs", "what": "Gutachten", "until": until}
    answer = desk.post(f"/opportunities/{alpenblick}/points", typed)
    assert answer.status_code == 302
    (point,) = pursued(owner, alpenblick).open_points
    assert point.due == (in_days(1) if until == "morgen" else on)
    assert not point.by_us


def test_a4_a_day_that_nobody_understands_is_asked_for_again(desk: Client, alpenblick: int) -> None:
    typed = {"key": "a", "side": "ours", "what": "Muster", "until": "wenn die Gurke steht"}
    answer = desk.post(f"/opportunities/{alpenblick}/points", typed)
    assert answer.status_code == 422
    assert "Bitte ein Datum wählen." in answer.content.decode()
    assert 'value="Muster"' in answer.content.decode()


def test_a4_a_named_condition_is_an_open_point_in_the_customers_words(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    named = Statement(
        intent=Intent.STALLED_NAMED,
        condition="die Bank hat zugesagt",
        callback=(in_days(20), in_days(25)),
    )
    done(
        commands.record_outcome,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=named,
    )
    (point,) = pursued(owner, alpenblick).open_points
    assert (point.what, point.is_condition, point.by_us) == ("die Bank hat zugesagt", True, False)
    text = page_of(desk, f"/opportunities/{alpenblick}/").partition('id="punkte"')[2]
    assert "„die Bank hat zugesagt“" in text
    assert "Bedingung des Kunden · offen, bis" in text
    address = f"/opportunities/{alpenblick}/points/{point.id}"
    assert "die Bank hat zugesagt" in page_of(desk, f"{address}?state=moved")
    moved = {"key": "m", "state": "moved", "due": in_days(40).isoformat()}
    assert desk.post(address, moved).status_code == 302
    (point,) = pursued(owner, alpenblick).open_points
    assert point.due == in_days(40)
    assert desk.post(address, {"key": "k", "state": "kept"}).status_code == 302
    assert pursued(owner, alpenblick).open_points == ()


def test_e2_a_key_point_fades_and_is_proposed_in_another_form(
    desk: Client,
    owner: User,
    alpenblick: int,
    done: Done,
    note: Callable[[Fact, timedelta], commands.Change],
) -> None:
    point = done(commands.set_key_point, text="Montage ohne Stillstand").entry_id
    text = page_of(desk, f"/opportunities/{alpenblick}/").partition('id="im-kopf"')[2]
    assert "noch nicht gesagt" in text
    note(Conveyed(key_points=(point,), form=Form.CALL, two_way=True), timedelta(minutes=1))
    (row,) = pursued(owner, alpenblick, days=14).key_points
    assert row.in_mind == pytest.approx(0.25, abs=0.01)
    assert row.conveyed == ((Form.CALL, timezone.localdate()),)
    assert row.again not in {None, Form.CALL}
    fresh = pursued(owner, alpenblick).key_points[0]
    assert fresh.in_mind == pytest.approx(0.5, abs=0.01)
    text = page_of(desk, f"/opportunities/{alpenblick}/").partition('id="im-kopf"')[2]
    assert "noch im Kopf: etwa 1 von 2" in text
    assert "im Gespräch am" in text


def test_e2_key_points_are_added_and_dropped_in_one_line(
    desk: Client, owner: User, alpenblick: int
) -> None:
    desk.post(
        f"/opportunities/{alpenblick}/key-points", {"key": "a", "text": "Lieferzeit 7 Wochen"}
    )
    (row,) = pursued(owner, alpenblick).key_points
    text = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Schlüsselpunkt streichen: Lieferzeit 7 Wochen" in text
    desk.post(f"/opportunities/{alpenblick}/key-points/{row.id}/removal", {"key": "b"})
    assert pursued(owner, alpenblick).key_points == ()


def test_people_are_shown_with_their_form_of_address(desk: Client, alpenblick: int) -> None:
    person = Person.objects.get()
    address = f"/prospects/{person.prospect_id}/"
    assert "Anrede von Rosa Huber:" in page_of(desk, address)
    posted = {"tone": "du", "salutation": "frau"}
    desk.post(f"{address}people/{person.pk}/address", posted)
    assert ">Frau, du</a>" in page_of(desk, address)


def test_a_talk_begins_with_the_sheet_and_a_mail_with_its_words(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    address = f"/opportunities/{alpenblick}/"
    done(commands.give_consent, heard_on=Channel.CALL, channel=Channel.MAIL)
    page = queries.opportunity(owner, alpenblick, now=timezone.now(), step=StepKind.CALL)
    assert page.step.is_talk
    for chosen, primary in (("clarify", "call"), ("mail", "mail")):
        desk.post(f"{address}decision", {"key": chosen, "chosen": chosen})
        card = page_of(desk, address).partition('class="stepcard"')[2].partition("</section>")[0]
        assert f'class="button primary" href="{address}{primary}"' in card
        assert f'href="{address}call"' in card
        assert f'href="{address}outcomes"' in card


def test_what_is_pursued_costs_no_more_queries_however_much_it_is(
    owner: User,
    alpenblick: int,
    done: Done,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    asks: list[Callable[[], object]] = [
        lambda: queries.opportunity(owner, alpenblick, now=timezone.now()),
        lambda: queries.prospect(owner, prospect, now=timezone.now()),
    ]

    def pursue(n: int) -> None:
        done(commands.promise, by_us=bool(n % 2), what=f"Punkt {n}", due=in_days(n - 3))
        done(commands.set_key_point, text=f"Punkt {n}")
        done(commands.give_consent, words=f"gern {n}", heard_on=Channel.CALL)

    pursue(0)
    most = []
    for ask in asks:
        with django_assert_max_num_queries(18) as found:
            ask()
        most.append(len(found))
    for n in range(1, 12):
        pursue(n)
    for ask, few in zip(asks, most, strict=True):
        with django_assert_max_num_queries(few):
            ask()
