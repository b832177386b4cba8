"""Screen 3: the call sheet as a page, and what a result would change."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, OwnScript, User
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import Statement
from tests.desk.conftest import opened


def heard(owner: User, pk: int, intent: Intent, *, key: str, days: float) -> None:
    later = (timezone.localdate() + timedelta(days=60), timezone.localdate() + timedelta(days=90))
    commands.record_outcome(
        actor=owner,
        now=timezone.now() - timedelta(days=days),
        key=key,
        opportunity_id=pk,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=Statement(
            intent=intent, callback=later if intent is Intent.LATER_VAGUE else None
        ),
    )
    commands.replan([pk], now=timezone.now())


def sheet(desk: Client, pk: int, query: str = "") -> str:
    response = desk.get(f"/opportunities/{pk}/call{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_c1_after_an_offer_the_sheet_asks_and_gives_courage(desk: Client, alpenblick: int) -> None:
    page = sheet(desk, alpenblick)
    assert "Zuerst zuhören" in page
    assert "Dann zum Angebot" in page
    assert "ersten Nachfragen" in page
    assert 'href="tel:080265554810"' in page


def test_b1_a_vague_later_gets_the_what_question(
    desk: Client, owner: User, alpenblick: int
) -> None:
    heard(owner, alpenblick, Intent.LATER_VAGUE, key="later", days=2)
    page = sheet(desk, alpenblick)
    assert "Dann die WAS-Frage" in page
    assert "<strong>Was müsste bis dahin passiert sein</strong>" in page
    assert "ersten Nachfragen" not in page  # nobody is asked into the silence


def test_a3_the_clarifying_call_says_both_and_makes_the_no_easy(
    desk: Client, owner: User, alpenblick: int
) -> None:
    commands.decide(
        actor=owner, now=timezone.now(), key="d", opportunity_id=alpenblick, chosen=StepKind.CLARIFY
    )
    assert "Dann offen klären" in sheet(desk, alpenblick)


def test_d3_we_can_decline_ourselves(desk: Client, owner: User, alpenblick: int) -> None:
    assert "Freundlich absagen" in sheet(desk, alpenblick, "?step=decline")
    sent = {"key": "k", "step": "decline", "result": "noncommittal"}
    desk.post(f"/opportunities/{alpenblick}/calls", sent)
    assert not queries.opportunity(owner, alpenblick, now=timezone.now()).is_open


def test_what_has_ended_is_taken_up_again(desk: Client, owner: User, alpenblick: int) -> None:
    commands.close(
        actor=owner,
        now=timezone.now(),
        key="c",
        opportunity_id=alpenblick,
        outcome=OutcomeKind.LOST,
    )
    assert "wieder ein Thema?" in sheet(desk, alpenblick)
    sent = {"key": "k", "step": "reopen", "result": "engaged"}
    desk.post(f"/opportunities/{alpenblick}/calls", sent)
    assert queries.opportunity(owner, alpenblick, now=timezone.now()).is_open


@pytest.mark.parametrize("kind", [k for k in StepKind if k is not StepKind.WAIT])
def test_every_kind_of_step_has_its_sheet(desk: Client, alpenblick: int, kind: StepKind) -> None:
    page = sheet(desk, alpenblick, f"?step={kind.value}")
    lawful = StepKind.CALL if kind is StepKind.MAIL else kind  # mails need a consent first
    assert 'class="spoken"' in page
    assert f'name="step" value="{lawful.value}"' in page


def test_another_version_is_chosen_by_its_address(
    desk: Client, owner: User, alpenblick: int
) -> None:
    commands.prefer(actor=owner, now=timezone.now(), company="Metallbau Brandt")
    page = sheet(desk, alpenblick, "?say=first_follow_up.left_open")
    assert 'name="scripts" value="first_follow_up.left_open"' in page


def test_a_branch_leads_to_the_next_sentence(desk: Client, alpenblick: int) -> None:
    page = sheet(desk, alpenblick)
    assert 'href="#turn-not_read"' in page
    assert 'id="turn-not_read"' in page


def test_e5_refusals_have_prepared_answers(desk: Client, alpenblick: int) -> None:
    page = sheet(desk, alpenblick)
    assert page.count("data-hears=") >= 25
    assert "hartnäckig" in page


def test_c2_what_was_asked_offered_said_and_told_is_named(
    desk: Client, owner: User, alpenblick: int
) -> None:
    sent = {"key": "k", "step": "call", "result": "engaged", "line": "Farbe?"}
    more = {"mentioned": "baut gerade um", "ours": "Muster schicken", "theirs": "Maße nennen"}
    desk.post(f"/opportunities/{alpenblick}/calls", sent | more)
    page = sheet(desk, alpenblick)
    known = page[page.index('<details class="known">') :].partition("</dl>")[0]
    words = re.findall(r"<dt>([^<]+?)\s*<", known)
    assert set(words) == {"Anfrage", "Angebot", "Gesagt", "Zugesagt", "Erzählt"}


def test_e5_at_the_end_the_sheet_asks_for_leave_to_call_again(
    desk: Client, alpenblick: int
) -> None:
    page = sheet(desk, alpenblick)
    close = page[page.index('id="ask-leave"') :].partition("</section>")[0]
    assert "<strong>" in close


def test_e5_own_answers_stand_beside_the_prepared_ones(
    desk: Client, owner: User, alpenblick: int
) -> None:
    own = "Teurer als wer? *Was müsste es kosten?*"
    form = desk.get("/playbook/own/new?scene=too_expensive&from=too_expensive.compared_with")
    assert 'value="too_expensive" selected' in form.content.decode()
    sent = {"key": "k", "text": own, "scene": "too_expensive", "voice": "sie"}
    assert desk.post("/playbook/own/new", sent).status_code == 302
    assert "<strong>Was müsste es kosten?</strong>" in sheet(desk, alpenblick)
    page = desk.get("/playbook/?part=refusals&voice=sie").content.decode()
    assert "Teurer als wer?" in page
    (row,) = OwnScript.objects.all()
    assert (row.scene, row.refusal, row.about) == ("", "too_expensive", "too_expensive")
    commands.retire_script(actor=owner, now=timezone.now(), script_id=row.pk)
    assert "Teurer als wer?" not in sheet(desk, alpenblick)


def test_e2_a_key_point_is_said_again_in_a_new_form(
    desk: Client, owner: User, alpenblick: int
) -> None:
    commands.set_key_point(
        actor=owner, now=timezone.now(), key="p", opportunity_id=alpenblick, text="eigene Werkstatt"
    )
    page = sheet(desk, alpenblick)
    assert "eigene Werkstatt" in page
    assert "so noch nicht gesagt" in page


def test_after_an_objection_there_is_no_sheet(desk: Client, owner: User, alpenblick: int) -> None:
    prospect = queries.heading(owner, alpenblick).prospect_id
    commands.opt_out(actor=owner, now=timezone.now(), key="o", prospect_id=prospect)
    response = desk.get(f"/opportunities/{alpenblick}/call")
    assert response["Location"] == f"/opportunities/{alpenblick}/"


def test_what_if_says_what_would_follow_and_writes_nothing(desk: Client, alpenblick: int) -> None:
    before = Event.objects.count()
    sent = {"key": "k", "step": "call", "result": "later_vague", "when": "nach Ostern"}
    told = desk.post(f"/opportunities/{alpenblick}/call/changes", sent).json()
    assert "WAS-Frage" in told["sentence"]
    assert told["window"]
    assert Event.objects.count() == before
    assert desk.get(f"/opportunities/{alpenblick}/call/changes").status_code == 405


def test_what_if_is_what_happens(desk: Client, owner: User, alpenblick: int) -> None:
    sent = {"key": "k", "step": "call", "result": "no", "no_reason": "price"}
    told = desk.post(f"/opportunities/{alpenblick}/call/changes", sent).json()
    desk.post(f"/opportunities/{alpenblick}/calls", sent)
    page = queries.opportunity(owner, alpenblick, now=timezone.now())
    assert page.step.title in told["sentence"]
    assert page.judgement.headline in told["sentence"]


def test_a_half_typed_outcome_changes_nothing(desk: Client, alpenblick: int) -> None:
    told = desk.post(f"/opportunities/{alpenblick}/call/changes", {"result": "said"}).json()
    assert told == {"sentence": "", "window": ""}


def test_the_sheet_brings_along_what_results_change(desk: Client, alpenblick: int) -> None:
    assert "data-result=" not in sheet(desk, alpenblick)
    assert 'data-result="later_vague"' in sheet(desk, alpenblick, "?whole=1")


def test_an_unknown_sheet_is_not_there(desk: Client, owner: User) -> None:
    assert desk.get("/opportunities/4711/call").status_code == 404
    sent = {"key": "k", "step": "call", "result": "no"}
    assert desk.post("/opportunities/4711/call/changes", sent).status_code == 404


def test_a_stranger_sees_no_sheet(client: Client, alpenblick: int) -> None:
    assert client.get(f"/opportunities/{alpenblick}/call").status_code == 302


@pytest.mark.parametrize("more", [0, 6])
def test_the_sheet_asks_the_database_a_fixed_number_of_times(
    desk: Client, owner: User, alpenblick: int, more: int
) -> None:
    for n in range(more):
        opened(owner, f"Firma {n}", f"Zaun {n}", f"{n}@firma.example")
        heard(owner, alpenblick, Intent.NONCOMMITTAL, key=f"n{n}", days=10 - n)
    sheet(desk, alpenblick)
    with CaptureQueriesContext(connection) as asked:
        sheet(desk, alpenblick)
    assert len(asked) <= 24
