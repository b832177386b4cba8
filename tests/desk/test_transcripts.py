"""A transcript of a talk: taken in with a consent alone, read like a reply, undone as one act."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nachhaken.cli import cli
from nachhaken.desk import commands
from nachhaken.desk.models import Event, Opportunity, ReadingCache, User
from nachhaken.desk.records import decode_reading, timeline_of
from nachhaken.sources.transcript import read_transcript
from nachhaken.terms import Intent
from nachhaken.timeline import Replied, Touched, Transcribed
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

TALK = """WEBVTT

00:00:00.000 --> 00:01:02.000
<v Katharina Brandt>Guten Tag Herr Kern, wie steht es um das Schiebetor?</v>

00:01:02.000 --> 00:01:40.000
<v Markus Kern>Rufen Sie mich in 2-3 Monaten wieder an.</v>
"""
AGREED = commands.Agreement(by="Markus Kern", on=date(2026, 11, 23), how="zu Beginn gefragt")
AT = NOW - timedelta(hours=20)


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def kern(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def taken(
    owner: User, row: Opportunity, *, key: str = "t", agreement: commands.Agreement = AGREED
) -> commands.Change:
    told = read_transcript(TALK.encode())
    return commands.record_transcript(
        actor=owner, now=NOW, key=key, opportunity_id=row.pk, transcript=told,
        ours=commands.guessed_ours(told, user=owner), agreement=agreement, at=AT,
    )  # fmt: skip


def test_e4_the_customers_words_are_read_and_the_share_is_kept(
    owner: User, kern: Opportunity
) -> None:
    change = taken(owner, kern)
    events = Event.objects.filter(pk__in=change.event_ids).order_by("pk")
    assert [event.kind for event in events] == ["touched", "replied", "transcribed"]
    assert {event.occurred_at for event in events} == {AT}
    facts = [entry.fact for entry in timeline_of(kern.events.all()).standing()]
    touch = [fact for fact in facts if isinstance(fact, Touched)][-1]
    reply = next(fact for fact in facts if isinstance(fact, Replied))
    note = next(fact for fact in facts if isinstance(fact, Transcribed))
    assert (touch.own_share, touch.reached) == (62, True)
    assert reply.text == "Rufen Sie mich in 2-3 Monaten wieder an."
    assert [(one.name, one.percent, one.is_ours) for one in note.shares] == [
        ("Katharina Brandt", 62, True), ("Markus Kern", 38, False),
    ]  # fmt: skip
    (read,) = ReadingCache.objects.filter(event__kind="replied", is_own=False)
    assert decode_reading(read.payload).intent is Intent.LATER_VAGUE
    assert not Event.objects.filter(payload__icontains="Guten Tag Herr Kern").exists()


def test_twice_is_once_and_undone_is_undone(owner: User, kern: Opportunity) -> None:
    before = Event.objects.standing().count()
    change = taken(owner, kern)
    assert taken(owner, kern).repeated
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    standing = Event.objects.exclude(kind="undone").standing()
    assert standing.count() == before


@pytest.mark.parametrize(
    "agreement",
    [
        commands.Agreement(by=" ", on=AGREED.on, how="gefragt"),
        commands.Agreement(by="Markus Kern", on=AGREED.on, how=""),
        commands.Agreement(by="Markus Kern", on=date(2026, 11, 24), how="hinterher"),
    ],
)
def test_e6_row_20_no_transcript_without_a_consent(
    owner: User, kern: Opportunity, agreement: commands.Agreement
) -> None:
    before = Event.objects.count()
    with pytest.raises(commands.NoConsentError):
        taken(owner, kern, agreement=agreement)
    assert Event.objects.count() == before


def fields(**more: str) -> dict[str, object]:
    return {
        "key": "page", "channel": "call", "on": "2020-11-23", "agreed_by": "Markus Kern",
        "agreed_on": "2020-11-23", "agreed_how": "zu Beginn gefragt", **more,
    }  # fmt: skip


def test_the_page_shows_first_and_takes_then(
    client: Client, owner: User, kern: Opportunity
) -> None:
    client.force_login(owner)
    place = f"/opportunities/{kern.pk}/transcript"
    assert "Nachhaken nimmt nie auf" in client.get(place).content.decode()
    file = SimpleUploadedFile("talk.vtt", TALK.encode())
    before = Event.objects.count()
    shown = client.post(place, fields() | {"file": file}).content.decode()
    assert "Sie 62 %, Markus Kern 38 %" in shown
    assert "in 2-3 Monaten" in shown
    assert Event.objects.count() == before
    sides = {"who-0": "ours", "who-1": "theirs", "act": "take"}
    done = client.post(place, fields(text=TALK) | sides, follow=True).content.decode()
    assert "Mitschrift: Sie 62 %, Markus Kern 38 %" in done
    assert "Wer fragt, hört zu: Hier haben vor allem Sie geredet." in done
    assert "Einverstanden: Markus Kern" in done


def test_the_page_says_what_is_missing(client: Client, owner: User, kern: Opportunity) -> None:
    client.force_login(owner)
    place = f"/opportunities/{kern.pk}/transcript"
    assert client.post(place, fields(text=TALK, agreed_how="")).status_code == 422
    assert "keine Mitschrift" not in client.post(place, fields(text=TALK)).content.decode()
    mute = client.post(place, fields(text="Nur ein Satz ohne Namen."))
    assert (mute.status_code, "nicht, wer spricht" in mute.content.decode()) == (422, True)
    same = client.post(place, fields(text=TALK, act="take") | {"who-0": "ours", "who-1": "ours"})
    assert (same.status_code, "wer für Sie sprach" in same.content.decode()) == (422, True)
    late = client.post(place, fields(text=TALK, agreed_on="2021-01-01", act="take"))
    assert "vor dem Gespräch" in late.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_command_line_takes_it_in_once(owner: User, kern: Opportunity, tmp_path: Path) -> None:
    file = tmp_path / "talk.vtt"
    file.write_text(TALK, encoding="utf-8")
    said = [
        "transcript", str(file), "--opportunity", str(kern.pk), "--agreed-by", "Markus Kern",
        "--agreed-on", "2026-01-12", "--agreed-how", "gefragt", "--at", "2026-01-12T10:00",
    ]  # fmt: skip
    for _ in range(2):
        done = CliRunner().invoke(cli, said)
        assert (done.exit_code, "Markus Kern 38 %" in done.output) == (0, True), done.output
    assert Event.objects.filter(kind="transcribed").count() == 1
    assert CliRunner().invoke(cli, [*said[:3], "999999", *said[4:]]).exit_code == 1
