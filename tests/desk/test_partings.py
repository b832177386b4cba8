"""A no that is said in a talk: why, what would bring the customer back, and the end at once."""

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.partings import NOTHING, Parting, ours, theirs
from nachhaken.desk.records import decode
from nachhaken.desk.refusals import Chosen
from nachhaken.terms import Intent, NoReason, OurReason, OutcomeKind, StepKind
from nachhaken.timeline import Closed, Statement

pytestmark = pytest.mark.django_db
SAYS_NO = {"result": "no", "no_reason": "price", "back_if": "budget", "comeback": "im Mai"}


def noted(desk: Client, pk: int, *, step: str = "call", key: str = "k", **more: str) -> None:
    sent = {"key": key, "step": step, "head": "0", **more}
    assert desk.post(f"/opportunities/{pk}/calls", sent).status_code == 302


def ends(pk: int) -> list[Closed]:
    rows = Event.objects.filter(opportunity=pk, kind="closed").standing()
    return [decode(Closed, row.payload) for row in rows]


def said(pk: int) -> str:
    return str(Event.objects.filter(opportunity=pk, kind="replied").latest("pk").payload["text"])


def test_c3_a_no_with_its_reason_ends_the_matter_in_one_go(
    owner: User, desk: Client, alpenblick: int
) -> None:
    noted(desk, alpenblick, **SAYS_NO, closes="on")
    assert ends(alpenblick) == [
        Closed(
            outcome=OutcomeKind.LOST,
            no_reason=NoReason.PRICE,
            comeback="das Budget da ist, im Mai",
        )
    ]
    assert "Mai" not in Event.objects.filter(kind="replied").latest("pk").payload.get("text", "")
    touch = Event.objects.filter(kind="touched").latest("pk")
    commands.undo(actor=owner, now=timezone.now(), key="back", entry_id=touch.pk)
    assert ends(alpenblick) == []
    assert Opportunity.objects.get(pk=alpenblick).outcome == ""


@pytest.mark.parametrize("more", [{}, {"closes": "on", "no_reason": "unknown"}])
def test_c3_while_it_stays_open_nothing_of_it_is_lost(
    desk: Client, alpenblick: int, more: dict[str, str]
) -> None:
    noted(desk, alpenblick, **{**SAYS_NO, "line": "Kurz gesprochen", **more})
    assert ends(alpenblick) == []
    assert said(alpenblick) == ("Kurz gesprochen · kommt wieder, wenn: das Budget da ist, im Mai")


def test_c3_what_belongs_to_a_no_is_left_out_of_another_answer(
    desk: Client, alpenblick: int
) -> None:
    noted(desk, alpenblick, **{**SAYS_NO, "result": "engaged", "line": "Ruft an", "closes": "on"})
    assert ends(alpenblick) == []
    assert said(alpenblick) == "Ruft an"


def test_c3_the_short_form_of_an_outcome_ends_it_too(desk: Client, alpenblick: int) -> None:
    sent = {"key": "o", "channel": "call", **SAYS_NO, "closes": "on"}
    assert desk.post(f"/opportunities/{alpenblick}/outcomes", sent).status_code == 302
    assert [(end.no_reason, end.comeback) for end in ends(alpenblick)] == [
        (NoReason.PRICE, "das Budget da ist, im Mai")
    ]


def test_d3_our_own_no_on_the_call_sheet_keeps_its_reason_and_whom_we_recommend(
    desk: Client, alpenblick: int
) -> None:
    noted(
        desk,
        alpenblick,
        step="decline",
        result="engaged",
        our_reason="capacity",
        back_if="time",
        referred_to="Metallbau Kern",
    )
    assert ends(alpenblick) == [
        Closed(
            outcome=OutcomeKind.DECLINED,
            our_reason=OurReason.CAPACITY,
            comeback="der Zeitpunkt besser passt",
            referred_to="Metallbau Kern",
        )
    ]


def test_d3_where_nobody_heard_our_no_it_ends_nothing(desk: Client, alpenblick: int) -> None:
    noted(desk, alpenblick, step="decline", result="voicemail", our_reason="fit")
    assert ends(alpenblick) == []


def test_d3_what_is_typed_stands_above_what_was_chosen_for_the_words() -> None:
    key = Chosen(reason=OurReason.FIT).key
    assert ours((key,), NOTHING).our_reason is OurReason.FIT
    typed = Parting(our_reason=OurReason.SCOPE, comeback="die Halle steht")
    assert (ours((key,), typed).our_reason, ours((key,), typed).comeback) == (
        OurReason.SCOPE,
        "die Halle steht",
    )


def test_c3_only_a_no_that_names_its_reason_ends_by_itself() -> None:
    closing = Parting(closes=True)
    assert theirs(None, closing) is None
    assert theirs(Statement(intent=Intent.NO), closing) is None
    assert theirs(Statement(intent=Intent.NO, no_reason=NoReason.PRICE), NOTHING) is None
    assert theirs(Statement(intent=Intent.LATER_VAGUE), closing) is None


def test_the_call_sheet_asks_calmly_and_has_closing_chosen(desk: Client, alpenblick: int) -> None:
    page = desk.get(f"/opportunities/{alpenblick}/call").content.decode()
    assert 'name="back_if"' in page
    assert 'name="closes"' in page
    assert 'name="our_reason"' not in page
    ours_page = desk.get(f"/opportunities/{alpenblick}/call?step={StepKind.DECLINE}")
    assert 'name="our_reason"' in ours_page.content.decode()
