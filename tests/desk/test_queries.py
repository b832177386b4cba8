"""What the pages get: right rows in the right order, in few queries however much there is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.folding import fold, searchable
from nachhaken.desk.models import Opportunity, Plan, UnmatchedMail, User
from nachhaken.desk.queries.mail import Asked
from nachhaken.desk.queries.marks import excerpt, marked
from nachhaken.desk.queries.opportunity import percents
from nachhaken.desk.rows import Marked
from nachhaken.engine.values import Belief
from nachhaken.reading import read
from nachhaken.terms import Channel, OutcomeKind, StepKind
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    found = cast.settle_all(actor=owner)
    commands.replan([row.pk for row in Opportunity.objects.all()], now=NOW)
    return found


def test_today_is_ranked_by_the_worth_of_a_minute(owner: User, rows: dict[str, Any]) -> None:
    page = queries.today(owner, now=NOW)
    worth = [row.gain_cents / max(row.minutes, 1) for row in page.rows]
    assert worth == sorted(worth, reverse=True)
    assert {row.due <= NOW.date() for row in page.rows} == {True}
    assert page.total == len(page.rows) == queries.badges(owner, now=NOW).today


def test_who_opted_out_is_never_on_the_list(owner: User, rows: dict[str, Opportunity]) -> None:
    later = NOW + timedelta(days=400)
    for moment in (NOW, later):
        shown = {row.prospect for row in queries.today(owner, now=moment).rows}
        assert cast.OPTED_OUT.prospect not in shown
        assert shown


@pytest.mark.parametrize("minutes", [1, 10, 30, 480])
def test_what_fits_is_the_head_of_the_list(owner: User, rows: dict[str, Any], minutes: int) -> None:
    page = queries.today(owner, now=NOW, minutes=minutes)
    taken = page.rows[: page.fits]
    assert sum(row.minutes for row in taken) <= minutes
    assert page.fits_gain_cents == sum(row.gain_cents for row in taken)
    rest = page.rows[page.fits :]
    assert not rest or sum(row.minutes for row in taken) + rest[0].minutes > minutes


def test_an_empty_desk_says_so(owner: User) -> None:
    page = queries.today(owner, now=NOW)
    assert (page.has_data, page.rows, page.selected, page.next_due) == (False, (), None, None)


def test_what_was_done_today_is_there_once(owner: User, rows: dict[str, Opportunity]) -> None:
    before = queries.today(owner, now=NOW).done
    change = commands.record_outcome(
        actor=owner,
        now=NOW,
        key="k",
        opportunity_id=rows[cast.SILENT.prospect].pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="not_reached",
        minutes=5,
    )
    done = queries.today(owner, now=NOW).done
    assert [row.entry_id for row in done] == [change.entry_id, *(row.entry_id for row in before)]
    assert done[0].what == "Anruf, nicht erreicht"
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert queries.today(owner, now=NOW).done == before


def test_the_selected_one_is_shown_and_a_wrong_number_shows_none(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    row = rows[cast.EVADER.prospect]
    selected = queries.today(owner, now=NOW, selected=row.pk).selected
    assert selected == queries.opportunity(owner, row.pk, now=NOW)
    assert queries.today(owner, now=NOW, selected=10**9).selected is None
    with pytest.raises(commands.NotFoundError):
        queries.opportunity(owner, 10**9, now=NOW)


def test_the_page_tells_the_story_newest_first_with_its_silences(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    page = queries.opportunity(owner, rows[cast.EVADER.prospect].pk, now=NOW)
    icons = [entry.icon for entry in page.entries]
    assert icons[-3:] == ["offer", "effort", "opened"]
    assert icons.count("silence") == 3
    assert [entry.at for entry in page.entries] == sorted(
        (entry.at for entry in page.entries), reverse=True
    )
    assert page.effort_minutes == 240


def test_the_reasons_explain_the_judgement(owner: User, rows: dict[str, Opportunity]) -> None:
    collector = queries.opportunity(owner, rows[cast.COLLECTOR.prospect].pk, now=NOW)
    returning = queries.opportunity(owner, rows[cast.RETURNING.prospect].pk, now=NOW)
    assert (collector.offers, collector.orders) == (4, 0)
    assert (returning.offers, returning.orders) == (3, 2)
    assert collector.judgement.probability < returning.judgement.probability
    assert max(reason.share for reason in collector.judgement.reasons) == 1.0
    assert sum(collector.judgement.percents) == 100


def test_another_step_can_be_looked_at_without_deciding(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    pk = rows[cast.SILENT.prospect].pk
    before = queries.opportunity(owner, pk, now=NOW).step
    other = queries.opportunity(owner, pk, now=NOW, step=StepKind.CLARIFY).step
    assert other.kind is StepKind.CLARIFY
    assert other.words
    assert queries.opportunity(owner, pk, now=NOW).step == before


def test_the_page_speaks_english_too(owner: User, rows: dict[str, Opportunity]) -> None:
    pk = rows[cast.EVADER.prospect].pk
    german = queries.opportunity(owner, pk, now=NOW)
    with translation.override("en"):
        english = queries.opportunity(owner, pk, now=NOW)
    assert german.status == "offen"
    assert english.status == "open"
    assert german.step.title != english.step.title
    assert german.judgement.headline != english.judgement.headline
    assert all(g.title != e.title for g, e in zip(german.entries, english.entries, strict=True))


@pytest.mark.parametrize("search", ["Yıldız", "yildiz", "DR. YILDIZ", "an-1701", "gelä rampe"])
def test_the_search_finds_any_spelling(
    owner: User, rows: dict[str, Opportunity], search: str
) -> None:
    found = queries.opportunity_list(owner, search=search, state="all").rows
    assert [row.prospect for row in found] == [cast.DECIDER.prospect]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "mueller"),
        ("Müller", "MULLER"),
        ("Großmann", "grossmann"),
        ("Straße", "STRASSE"),
        ("Jäger & Söhne", "jaeger & soehne"),
        ("Crème", "creme"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_search_may_begin_within_a_digraph() -> None:
    assert fold("er") in searchable("Bauer")
    assert fold("bauer") in searchable("Bauer")


@pytest.mark.parametrize(("state", "count"), [("open", 6), ("won", 2), ("lost", 5), ("all", 13)])
def test_the_list_by_state(
    owner: User, rows: dict[str, Opportunity], state: str, count: int
) -> None:
    page = queries.opportunity_list(owner, state=state)
    assert page.total == len(page.rows) == count


def test_offers_are_listed_with_their_state(owner: User, rows: dict[str, Opportunity]) -> None:
    pk = rows[cast.DECIDER.prospect].pk
    commands.send_offer(
        actor=owner,
        now=NOW,
        key="k",
        opportunity_id=pk,
        amount_cents=1_100_000,
        valid_until=NOW.date() - timedelta(days=1),
    )
    page = queries.offer_list(owner, now=NOW, search="an-1701")
    assert [(row.version, row.is_open, row.is_expired) for row in page.rows] == [
        (2, True, True),
        (1, False, False),
    ]
    assert page.rows[1].word == "ersetzt durch Fassung 2"


def test_prospects_count_what_they_asked_for_and_ordered(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    listed = {row.name: row for row in queries.prospect_list(owner).rows}
    returning = listed[cast.RETURNING.prospect]
    assert (returning.offers, returning.orders, returning.open) == (4, 2, 1)
    assert listed[cast.OPTED_OUT.prospect].opted_out
    page = queries.prospect(owner, rows[cast.RETURNING.prospect].prospect_id, now=NOW)
    assert page.history_sentence == "3 Anfragen, 2 Aufträge"
    assert len(page.opportunities) == 4


def test_a_mail_of_a_known_company_has_its_matters_to_choose_from(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    mail = UnmatchedMail.objects.create(
        source_key="mail:x",
        at=NOW,
        sender="neu@autohaus-kern.example",
        sender_name="Petra Neu",
        subject="AW: Angebot",
        text="Bitte rufen Sie mich an.",
    )
    (fault,) = queries.inbox(owner).faults
    (one,) = fault.candidates
    assert (one.id, one.label) == (
        rows[cast.SILENT.prospect].pk,
        "Autohaus Kern · Schiebetor Hof",
    )
    change = commands.assign_mail(
        actor=owner, now=NOW, key="k", mail_id=mail.pk, opportunity_id=one.id
    )
    page = queries.inbox(owner)
    assert page.faults == ()
    assert [reply.person for reply in page.replies] == ["Petra Neu"]
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert len(queries.inbox(owner).faults) == 1
    commands.dismiss_mail(actor=owner, now=NOW, mail_id=mail.pk)
    assert queries.inbox(owner).faults == ()


def names(piece: Marked) -> set[str]:
    return {mark.name for mark in piece.marks}


def test_the_text_is_cut_where_the_reading_shows() -> None:
    text = "Guten Tag,\nrufen Sie mich in 2-3 Monaten wieder an. Gruß"
    pieces = marked(text, read(text, reference=date(2026, 11, 24)))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if "window" in names(piece)] == ["in 2-3 Monaten"]
    assert any("intent" in names(piece) for piece in pieces)
    assert "\n" not in "".join(piece.text for piece in excerpt(pieces))


@pytest.mark.parametrize(
    "belief", [(0.25, 0.25, 0.25, 0.25), (1 / 3, 1 / 3, 1 / 3, 0.0), (0.005, 0.005, 0.005, 0.985)]
)
def test_per_cents_sum_to_a_hundred(belief: tuple[float, float, float, float]) -> None:
    assert sum(percents(Belief(*belief))) == 100


def test_a_page_beyond_the_last_is_the_last(owner: User, rows: dict[str, Opportunity]) -> None:
    page = queries.opportunity_list(owner, page=99)
    assert (page.page, page.pages) == (1, 1)


@pytest.mark.parametrize(
    ("most", "ask"),
    [
        (22, lambda user, pk: queries.today(user, now=NOW)),
        (12, lambda user, pk: queries.opportunity(user, pk, now=NOW)),
        (6, lambda user, pk: queries.inbox(user)),
        (3, lambda user, pk: queries.corrections(user)),
        (2, lambda user, pk: queries.opportunity_list(user)),
        (4, lambda user, pk: queries.prospect_list(user)),
        (2, lambda user, pk: queries.offer_list(user, now=NOW)),
        (2, lambda user, pk: queries.offer_list(user, now=NOW, state="expired")),
        (20, lambda user, pk: queries.mail_page(user, pk, now=NOW, asked=Asked())),
        (18, lambda user, pk: queries.call_sheet(user, pk, now=NOW)),
        (4, lambda user, pk: queries.calendar_items(user, now=NOW, with_words=True)),
        (5, lambda user, pk: queries.post(user, now=NOW)),
        (4, lambda user, pk: queries.badges(user, now=NOW)),
    ],
)
def test_the_number_of_queries_does_not_grow(
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    most: int,
    ask: Callable[[User, int], Any],
) -> None:
    first = cast.settle(cast.EVADER, actor=owner)
    ask(owner, first.pk)
    with django_assert_max_num_queries(most) as few:
        ask(owner, first.pk)
    cast.settle_all(actor=owner)
    ask(owner, first.pk)
    with django_assert_max_num_queries(most) as many:
        ask(owner, first.pk)
    assert len(many) <= max(len(few), most)


def test_a_list_reads_plans_and_judges_nothing(owner: User, rows: dict[str, Any]) -> None:
    # Whatever stands in the row is shown: proof that no judgement is made for the list.
    pk = rows[cast.SILENT.prospect].pk
    Plan.objects.filter(pk=pk).update(due=NOW.date(), rate=10**9, gain_cents=12_345_678)
    assert queries.today(owner, now=NOW).rows[0].gain_cents == 12_345_678


def test_a_won_matter_is_on_no_list_of_steps(owner: User, rows: dict[str, Opportunity]) -> None:
    row = rows[cast.DECIDER.prospect]
    commands.close(actor=owner, now=NOW, key="k", opportunity_id=row.pk, outcome=OutcomeKind.WON)
    assert row.pk not in {r.opportunity_id for r in queries.today(owner, now=NOW).rows}


def test_on_a_day_off_the_list_is_for_the_next_working_day(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    sunday = NOW + timedelta(days=5)
    assert sunday.isoweekday() == 7
    on_sunday = queries.today(owner, now=sunday, minutes=600)
    on_monday = queries.today(owner, now=sunday + timedelta(days=1), minutes=600)
    assert on_sunday.today == sunday.date()
    assert on_sunday.list_day == on_monday.list_day == on_monday.today
    assert on_sunday.rows
    assert [r.opportunity_id for r in on_sunday.rows] == [r.opportunity_id for r in on_monday.rows]


def test_late_at_night_the_list_is_for_tomorrow(owner: User) -> None:
    assert queries.today(owner, now=NOW.replace(hour=22)).list_day == NOW.date() + timedelta(days=1)
