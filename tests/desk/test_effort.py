"""Work before the decision at the desk: one tap, a clock, own rates, and the warning (B3)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import Event, Timer, User
from nachhaken.desk.templatetags.words import about
from nachhaken.desk.work import Rate, rates
from tests import cast
from tests.desk.conftest import opened
from tests.desk.shown import Done, page_of

NOW = cast.NOW
HOUR = timedelta(hours=1)


def noted() -> list[dict[str, object]]:
    rows = Event.objects.filter(kind="effort_spent").standing().order_by("pk")
    return [row.payload for row in rows]


@pytest.fixture
def other(owner: User) -> int:
    return opened(owner, "Autohaus Kern", "Schiebetor", "kern@autohaus.example")


def test_b3_one_tap_after_an_act_notes_a_quarter_of_an_hour(desk: Client, alpenblick: int) -> None:
    desk.post(f"/opportunities/{alpenblick}/gut", {"key": "g", "dead_horse": "yes"})
    act = Event.objects.get(kind="gut_felt")
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert f'action="/entries/{act.pk}/effort"' in page
    for _ in range(3):
        desk.post(f"/entries/{act.pk}/effort", {"next": f"/opportunities/{alpenblick}/"})
    assert [note["minutes"] for note in noted()] == [15]
    assert "15 Min. Vorarbeit" in page_of(desk, f"/opportunities/{alpenblick}/")


def test_b3_what_was_taken_back_offers_no_quarter(desk: Client, alpenblick: int) -> None:
    desk.post(f"/opportunities/{alpenblick}/gut", {"key": "g", "dead_horse": "yes"})
    desk.get(f"/opportunities/{alpenblick}/")
    desk.post(f"/entries/{Event.objects.get(kind='gut_felt').pk}/undo")
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Rückgängig gemacht" in page
    assert not re.search(r'action="/entries/\d+/effort"', page)


def test_b3_a_quarter_for_nothing_is_not_found(desk: Client, owner: User) -> None:
    assert desk.post("/entries/999/effort").status_code == 404


def test_b3_minutes_money_and_kind_are_noted_together(desk: Client, alpenblick: int) -> None:
    commands.set_work_rates(
        [Rate("Aufmaß", 6_500), Rate("Besuch")],
        actor=User.objects.get(),
        now=timezone.now(),
    )
    sent = {"key": "a", "minutes": "60", "work": "Aufmaß", "cents": "45,50", "what": "vor Ort"}
    assert desk.post(f"/opportunities/{alpenblick}/effort", sent).status_code == 302
    desk.post(f"/opportunities/{alpenblick}/effort", sent)
    (note,) = noted()
    assert (note["minutes"], note["cents"], note["work"]) == (60, 4_550, "Aufmaß")
    assert note["rate_cents"] == 6_500
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Aufmaß · vor Ort · 45,50 € Auslagen" in page
    effort = queries.effort(User.objects.get(), alpenblick, now=timezone.now()).spent
    assert (effort.minutes, effort.sunk_cents) == (60, 11_050)


def test_b3_only_money_is_effort_too(desk: Client, alpenblick: int) -> None:
    desk.post(f"/opportunities/{alpenblick}/effort", {"key": "a", "cents": "120"})
    assert "120,00 € Auslagen" in page_of(desk, f"/opportunities/{alpenblick}/")


@pytest.mark.parametrize(
    "sent", [{}, {"minutes": "0"}, {"minutes": "-5"}, {"cents": "5-"}, {"minutes": "99999"}]
)
def test_b3_effort_that_cannot_be_is_asked_again(
    desk: Client, alpenblick: int, sent: dict[str, str]
) -> None:
    answer = desk.post(f"/opportunities/{alpenblick}/effort", {"key": "a"} | sent)
    assert answer.status_code == 422
    assert not noted()


def test_b3_a_command_refuses_effort_that_cannot_be(owner: User, done: Done) -> None:
    for wrong in ({"minutes": -1}, {"minutes": 0}, {"minutes": 5, "cents": -1}, {"minutes": 10**6}):
        with pytest.raises(commands.InvalidError):
            done(commands.spend_effort, **wrong)


def test_b3_a_new_rate_leaves_old_notes_as_they_were(owner: User, done: Done) -> None:
    commands.set_work_rates([Rate("Aufmaß", 6_000)], actor=owner, now=NOW)
    done(commands.spend_effort, minutes=60, work="Aufmaß")
    commands.set_work_rates([Rate("Aufmaß", 9_000)], actor=owner, now=NOW)
    done(commands.spend_effort, minutes=60, work="Aufmaß")
    assert [note["rate_cents"] for note in noted()] == [6_000, 9_000]


def test_the_rates_of_work_are_set_on_a_page(desk: Client) -> None:
    assert [rate.work for rate in rates()] == ["Aufmaß", "Kalkulation", "Besuch", "Zeichnung"]
    assert "Kalkulation" in page_of(desk, "/settings/work")
    filled = {"work1": "Aufmaß", "rate1": "65,50", "work2": "Statik", "rate2": "", "rate3": "9"}
    assert desk.post("/settings/work", filled).status_code == 302
    assert rates() == (Rate("Aufmaß", 6_550), Rate("Statik"))
    assert desk.post("/settings/work", {"work1": "A", "rate1": "5-"}).status_code == 422
    assert rates() == (Rate("Aufmaß", 6_550), Rate("Statik"))


def test_b3_the_clock_runs_and_what_it_took_is_noted(owner: User, alpenblick: int) -> None:
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick, work="Aufmaß")
    clock = queries.clock(owner, now=NOW + 42 * HOUR / 60)
    assert clock is not None
    assert (clock.minutes, clock.work, clock.is_forgotten) == (42, "Aufmaß", False)
    change = commands.stop_timer(actor=owner, now=NOW + 42 * HOUR / 60)
    assert change is not None
    assert change.opportunity_id == alpenblick
    assert [(note["minutes"], note["work"]) for note in noted()] == [(42, "Aufmaß")]
    assert queries.clock(owner, now=NOW) is None


def test_b3_two_windows_stop_one_clock_once(owner: User, alpenblick: int) -> None:
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick)
    clock = queries.clock(owner, now=NOW)
    assert clock is not None
    assert commands.stop_timer(actor=owner, now=NOW + HOUR, started=clock.name)
    assert commands.stop_timer(actor=owner, now=NOW + HOUR, started=clock.name) is None
    commands.start_timer(actor=owner, now=NOW + 2 * HOUR, opportunity_id=alpenblick)
    # The window still shows the first clock: the second one runs on.
    assert commands.stop_timer(actor=owner, now=NOW + 3 * HOUR, started=clock.name) is None
    assert not commands.discard_timer(actor=owner, started=clock.name)
    assert Timer.objects.count() == 1
    assert len(noted()) == 1


def test_b3_started_elsewhere_the_first_clock_is_noted(
    owner: User, alpenblick: int, other: int
) -> None:
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick)
    again = commands.start_timer(actor=owner, now=NOW + HOUR / 2, opportunity_id=alpenblick)
    assert again.noted is None
    assert again.timer.started_at == NOW
    moved = commands.start_timer(actor=owner, now=NOW + HOUR, opportunity_id=other)
    assert moved.noted is not None
    assert moved.noted.opportunity_id == alpenblick
    assert moved.timer.opportunity_id == other
    assert [note["minutes"] for note in noted()] == [60]


def test_b3_a_forgotten_clock_asks_how_much_was_work(
    owner: User, alpenblick: int, other: int
) -> None:
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick)
    late = NOW + 9 * HOUR
    with pytest.raises(commands.TimerForgottenError):
        commands.stop_timer(actor=owner, now=late)
    with pytest.raises(commands.TimerForgottenError):
        commands.start_timer(actor=owner, now=late, opportunity_id=other)
    assert Timer.objects.get().opportunity_id == alpenblick
    assert commands.stop_timer(actor=owner, now=late, minutes=90)
    assert [note["minutes"] for note in noted()] == [90]


def test_b3_a_clock_can_be_thrown_away(owner: User, alpenblick: int) -> None:
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick)
    clock = queries.clock(owner, now=NOW)
    assert clock is not None
    assert commands.discard_timer(actor=owner, started=clock.name)
    assert not noted()


def test_everybody_has_a_clock_of_their_own(owner: User, alpenblick: int, other: int) -> None:
    colleague = cast.colleague()
    commands.start_timer(actor=owner, now=NOW, opportunity_id=alpenblick)
    commands.start_timer(actor=colleague, now=NOW, opportunity_id=other)
    commands.stop_timer(actor=colleague, now=NOW + HOUR)
    assert queries.clock(owner, now=NOW) is not None
    with pytest.raises(RefusedError):
        commands.start_timer(actor=cast.stranger(), now=NOW, opportunity_id=other)
    with pytest.raises(commands.NotFoundError):
        commands.start_timer(actor=owner, now=NOW, opportunity_id=999)


def test_the_clock_is_seen_on_every_page_and_stopped_there(desk: Client, alpenblick: int) -> None:
    assert "Die Uhr läuft" not in page_of(desk, "/")
    desk.post(f"/opportunities/{alpenblick}/timer")
    page = page_of(desk, "/prospects/")
    assert "Die Uhr läuft" in page
    assert "Pension Alpenblick<span" in page
    assert " · 4 Balkone Südseite</span></a>" in page
    started = re.search(r'name="started" value="([^"]+)"', page)
    assert started
    answer = desk.post("/timer", {"started": started[1]})
    assert answer["Location"] == f"/opportunities/{alpenblick}/"
    assert [note["minutes"] for note in noted()] == [1]
    assert "Die Uhr lief nicht mehr" in " ".join(
        desk.post("/timer", {"started": started[1]}, follow=True).content.decode().split()
    )
    assert "Gerade läuft keine Uhr" in page_of(desk, "/timer")


def test_a_forgotten_clock_asks_on_its_page(desk: Client, owner: User, alpenblick: int) -> None:
    long_ago = timezone.now() - 30 * HOUR
    commands.start_timer(actor=owner, now=long_ago, opportunity_id=alpenblick)
    page = page_of(desk, "/")
    assert "Läuft die Uhr noch mit Absicht?" in page
    clock = queries.clock(owner, now=timezone.now())
    assert clock is not None
    answer = desk.post("/timer", {"started": clock.name})
    assert answer["Location"] == "/timer"
    assert "länger als ein Arbeitstag" in page_of(desk, "/timer")
    wrong = desk.post("/timer", {"started": clock.name, "minutes": "0"})
    assert wrong.status_code == 422
    desk.post("/timer", {"started": clock.name, "minutes": "75"})
    assert [note["minutes"] for note in noted()] == [75]


def test_a_clock_is_thrown_away_on_any_page(desk: Client, owner: User, alpenblick: int) -> None:
    commands.start_timer(actor=owner, now=timezone.now(), opportunity_id=alpenblick)
    clock = queries.clock(owner, now=timezone.now())
    assert clock is not None
    answer = desk.post("/timer/discarding", {"started": clock.name, "next": "/prospects/"})
    assert answer["Location"] == "/prospects/"
    assert not noted()


def test_b3_the_page_warns_before_more_free_work_and_says_what_else(
    desk: Client, owner: User
) -> None:
    collector = cast.settle(cast.COLLECTOR, actor=owner, now=timezone.now())
    page = page_of(desk, f"/opportunities/{collector.pk}/")
    assert "Bevor Sie die 2. Fassung rechnen" in page
    assert "Erst um eine Zusage bitten" in page
    assert "bezahlte Vorstudie" in page
    assert "Gewünscht ist die 2. Fassung" in page
    for place in ("effort", "offer"):
        there = page_of(desk, f"/opportunities/{collector.pk}/{place}")
        assert "Erst um eine Zusage bitten" in there


def test_b3_who_is_genuine_is_worked_for_without_a_word(desk: Client, owner: User) -> None:
    decider = cast.settle(cast.DECIDER, actor=owner, now=timezone.now())
    page = page_of(desk, f"/opportunities/{decider.pk}/")
    assert "Vorarbeit und Wert" in page
    assert "Erst um eine Zusage bitten" not in page


def test_b3_a_loss_is_no_gain() -> None:
    assert [about(cents) for cents in (-500, -20, 0, 510_000)] == [
        "−5 EUR",
        "0 EUR",
        "0 EUR",
        "5.100 EUR",
    ]
