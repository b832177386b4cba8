"""The page that writes: what it starts from, what is kept, what goes out and what is noted."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import Event, MailAccount, OfferDraft, Outgoing, Person, User, Writing
from nachhaken.desk.records import decode_fact
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Scene
from nachhaken.terms import Channel, ConsentScope, StepKind
from nachhaken.timeline import Touched

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(owner: User) -> MailAccount:
    return MailAccount.objects.create(
        user=owner,
        address="katrin@brandt.example",
        username="katrin",
        smtp_host="localhost",
        set_at=timezone.now(),
    )


def page(desk: Client, pk: int, **query: object) -> str:
    response = desk.get(reverse("mail", args=[pk]), {k: str(v) for k, v in query.items()})
    assert response.status_code == 200
    return unescape(response.content.decode())


def fields(desk: Client, pk: int, **query: object) -> dict[str, Any]:
    """Return the form as a browser would send it."""
    response = desk.get(reverse("mail", args=[pk]), {k: str(v) for k, v in query.items()})
    form = response.context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value is not None}


def post(desk: Client, pk: int, typed: dict[str, Any], **more: object) -> Any:
    return desk.post(reverse("mail", args=[pk]), {**typed, **more})


def send(desk: Client, pk: int, typed: dict[str, Any], **more: object) -> Any:
    """Send it whatever the law says of this hour: the owner names a reason."""
    return post(desk, pk, typed, **{"act": "now", "reason": "Er hat darum gebeten.", **more})


@pytest.fixture(autouse=True)
def _agreed(owner: User, alpenblick: int) -> None:
    commands.give_consent(
        actor=owner,
        now=timezone.now() - timedelta(days=19),
        key="consent",
        opportunity_id=alpenblick,
        words="Ja, schreiben Sie mir ruhig.",
        heard_on=Channel.CALL,
        scope=ConsentScope.ADVERTISING,
    )


def touches(pk: int) -> list[Touched]:
    rows = Event.objects.filter(opportunity=pk, kind="touched").order_by("pk")
    facts = [decode_fact(row.kind, row.payload) for row in rows]
    return [fact for fact in facts if isinstance(fact, Touched)]


def test_c1_the_page_starts_from_the_mail_of_the_step(desk: Client, alpenblick: int) -> None:
    shown = page(desk, alpenblick, step=StepKind.MAIL)
    assert "Rosa Huber" in shown
    assert "huber@alpenblick.example" in shown
    assert "4 Balkone Südseite" in shown
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    assert typed["say"].startswith("first_follow_up.")
    assert typed["text"].startswith("Guten Tag Rosa Huber,")
    assert "*" not in typed["text"]


def test_another_version_is_one_tap_away(desk: Client, alpenblick: int) -> None:
    keys = [m.key for m in playbook().mails.values() if m.scene is Scene.CLARIFY]
    for key in keys:
        typed = fields(desk, alpenblick, step=StepKind.CLARIFY, say=key)
        if typed["say"] != key:
            continue  # needs what is not known here
        assert typed["step"] == StepKind.CLARIFY


@pytest.mark.parametrize("kind", StepKind)
def test_b1_every_step_can_be_written(desk: Client, alpenblick: int, kind: StepKind) -> None:
    assert fields(desk, alpenblick, step=kind)["text"].strip()


def test_who_is_not_ours_to_write_to_is_not_found(desk: Client, alpenblick: int) -> None:
    for query in ({"person": "999"}, {"offer": "999"}):
        assert desk.get(reverse("mail", args=[alpenblick]), query).status_code == 404
    assert desk.get(reverse("mail", args=[999_999])).status_code == 404


def test_what_the_customer_wrote_last_stands_beside(
    desk: Client, alpenblick: int, done: Callable[..., Any]
) -> None:
    Event.objects.create(
        kind="replied",
        prospect=Person.objects.get(mail="huber@alpenblick.example").prospect,
        opportunity_id=alpenblick,
        occurred_at=timezone.now() - timedelta(days=2),
        recorded_at=timezone.now() - timedelta(days=2),
        source_key="mail:ABC@alpenblick.example",
        payload={
            "channel": "mail",
            "text": "Was kosten die Balkone ohne Montage?",
            "subject": "AW: Balkone",
            "message_id": "ABC@alpenblick.example",
        },
        came_in=True,
    )
    shown = page(desk, alpenblick)
    assert "Balkone ohne Montage" in re.sub(r"</?mark[^>]*>", "", shown)
    assert "geht als Antwort in das bisherige Gespräch" in shown
    assert fields(desk, alpenblick)["subject"] == "Re: Balkone"


# Kept as it is typed


def test_what_is_typed_survives_closing_the_tab(desk: Client, alpenblick: int) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL) | {"text": "Noch nicht fer"}
    saved = desk.post(reverse("writing", args=[alpenblick]), typed, headers={"HX-Request": "true"})
    assert "gespeichert: heute" in saved.content.decode()
    again = fields(desk, alpenblick)
    assert again["text"] == "Noch nicht fer"
    assert again["say"] == typed["say"]


def test_an_empty_or_unfinished_text_is_kept_too(desk: Client, alpenblick: int) -> None:
    typed = fields(desk, alpenblick) | {"text": "", "subject": ""}
    assert desk.post(reverse("writing", args=[alpenblick]), typed).status_code == 302
    assert fields(desk, alpenblick, say=typed["say"])["text"] == ""


def test_another_version_never_overwrites_what_was_typed(desk: Client, alpenblick: int) -> None:
    one = fields(desk, alpenblick, step=StepKind.CLARIFY)
    desk.post(reverse("writing", args=[alpenblick]), one | {"text": "Mein Satz"})
    other = fields(desk, alpenblick, step=StepKind.ASK_REASON)
    desk.post(reverse("writing", args=[alpenblick]), other | {"text": "Ein anderer"})
    kept = fields(desk, alpenblick, step=StepKind.CLARIFY, say=one["say"])
    assert kept["text"] == "Mein Satz"


def test_it_can_be_begun_anew(desk: Client, alpenblick: int) -> None:
    fresh = fields(desk, alpenblick)
    desk.post(reverse("writing", args=[alpenblick]), fresh | {"text": "Verworfen"})
    desk.post(reverse("writing-removal", args=[alpenblick]), fresh)
    assert fields(desk, alpenblick)["text"] == fresh["text"]


def test_what_somebody_else_types_is_theirs(desk: Client, alpenblick: int, client: Client) -> None:
    typed = fields(desk, alpenblick)
    desk.post(reverse("writing", args=[alpenblick]), typed | {"text": "Meins"})
    other = User.objects.create_user("jonas", first_name="Jonas", password="x")
    theirs = Client()
    theirs.force_login(other)
    assert fields(theirs, alpenblick)["text"] != "Meins"


def test_a_text_that_is_far_too_long_is_refused_with_a_sentence(
    desk: Client, alpenblick: int
) -> None:
    typed = fields(desk, alpenblick) | {"text": "x" * 60_000}
    assert desk.post(reverse("writing", args=[alpenblick]), typed).status_code == 422
    assert not Writing.objects.exists()


# Sent


def test_c1_a_mail_is_sent_once_however_often_it_is_clicked(
    desk: Client, alpenblick: int, account: MailAccount
) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    answers = [send(desk, alpenblick, typed) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {302}
    (row,) = Outgoing.objects.all()
    assert row.recipient == "huber@alpenblick.example"
    assert row.text == typed["text"].replace("\r\n", "\n")
    assert row.scripts == [typed["say"]]
    assert row.step == StepKind.MAIL


def test_who_takes_a_mail_back_goes_on_writing(
    desk: Client, alpenblick: int, account: MailAccount, owner: User
) -> None:
    from nachhaken.desk.commands import take_back

    typed = fields(desk, alpenblick, step=StepKind.MAIL) | {"text": "Mein eigener Satz."}
    send(desk, alpenblick, typed)
    assert fields(desk, alpenblick, step=StepKind.MAIL)["text"] != "Mein eigener Satz."
    take_back(actor=owner, now=timezone.now(), outgoing_id=Outgoing.objects.get().pk)
    assert fields(desk, alpenblick, step=StepKind.MAIL)["text"] == "Mein eigener Satz."


def test_keystrokes_saved_after_the_click_bring_nothing_back(
    desk: Client, alpenblick: int, account: MailAccount
) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL) | {"text": "Mein eigener Satz."}
    send(desk, alpenblick, typed)
    desk.post(reverse("writing", args=[alpenblick]), typed)
    assert fields(desk, alpenblick, step=StepKind.MAIL)["text"] != "Mein eigener Satz."


@pytest.mark.parametrize("gap", ["[hier die Antwort]", "{name}", "[..]"])
def test_what_is_still_to_be_filled_in_is_told_before_it_goes(
    desk: Client, alpenblick: int, account: MailAccount, gap: str
) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL) | {"text": f"Guten Tag,\n\n{gap}"}
    refused = send(desk, alpenblick, typed)
    assert refused.status_code == 422
    assert gap in unescape(refused.content.decode())
    assert not Outgoing.objects.exists()
    assert send(desk, alpenblick, typed, as_is="on").status_code == 302
    assert Outgoing.objects.get().text.endswith(gap)


def test_an_empty_mail_does_not_go_and_is_kept(
    desk: Client, alpenblick: int, account: MailAccount
) -> None:
    typed = fields(desk, alpenblick) | {"text": " ", "subject": "Nur ein Betreff"}
    assert send(desk, alpenblick, typed).status_code == 422
    assert Writing.objects.get().subject == "Nur ein Betreff"


def test_without_an_account_the_mail_is_kept_and_the_way_is_named(
    desk: Client, alpenblick: int
) -> None:
    assert "sobald Ihr Postfach eingerichtet ist" in page(desk, alpenblick)
    typed = fields(desk, alpenblick, step=StepKind.MAIL) | {"text": "Mein Satz."}
    refused = send(desk, alpenblick, typed)
    assert refused.status_code == 422
    assert "Es ist noch kein Postfach eingerichtet." in unescape(refused.content.decode())
    assert Writing.objects.get().text == "Mein Satz."


def test_who_has_no_address_gets_one_on_the_way(
    desk: Client, alpenblick: int, account: MailAccount
) -> None:
    person = Person.objects.get(mail="huber@alpenblick.example")
    person.mail = ""
    person.save()
    assert "noch keine Mailadresse" in page(desk, alpenblick)
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    assert send(desk, alpenblick, typed).status_code == 422
    assert send(desk, alpenblick, typed, to="kein Ort").status_code == 422
    assert send(desk, alpenblick, typed, to="Rosa@Alpenblick.example").status_code == 302
    person.refresh_from_db()
    assert person.mail == "rosa@alpenblick.example"
    assert Outgoing.objects.get().recipient == "rosa@alpenblick.example"


def test_nobodys_address_is_taken_away(desk: Client, alpenblick: int, account: MailAccount) -> None:
    mine = Person.objects.get(mail="huber@alpenblick.example")
    other = Person.objects.create(prospect=mine.prospect, name="Max", mail="max@alpenblick.example")
    Person.objects.filter(pk=mine.pk).update(mail="")
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    refused = send(desk, alpenblick, typed, to=other.mail)
    assert refused.status_code == 422
    assert "gehört schon zu Max" in unescape(refused.content.decode())


def test_another_person_is_greeted_by_their_own_name(desk: Client, alpenblick: int) -> None:
    rosa = Person.objects.get(mail="huber@alpenblick.example")
    max_ = Person.objects.create(
        prospect=rosa.prospect, name="Max Huber", mail="max@alpenblick.example", tone="du"
    )
    assert "lieber an Max Huber" in page(desk, alpenblick)
    typed = fields(desk, alpenblick, person=max_.pk)
    assert typed["person"] == max_.pk
    assert typed["text"].startswith("Hallo Max,")


def test_d3_a_refusal_that_went_ends_the_matter(
    desk: Client, alpenblick: int, account: MailAccount
) -> None:
    typed = fields(desk, alpenblick, step=StepKind.DECLINE) | {"text": "Wir sagen ab."}
    send(desk, alpenblick, typed)
    kinds = [fact["kind"] for fact in Outgoing.objects.get().beside]
    assert "closed" in kinds


def test_an_offer_goes_with_its_paper(
    desk: Client, alpenblick: int, account: MailAccount, owner: User
) -> None:
    draft = OfferDraft.objects.create(
        opportunity_id=alpenblick,
        source_key="draft:1",
        author=owner,
        number="2026-0420",
        net_cents=100_000,
        vat_permille=190,
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    shown = page(desk, alpenblick, offer=draft.pk)
    assert "Angebot senden" in shown
    assert "2026-0420.pdf" in shown
    typed = fields(desk, alpenblick, offer=draft.pk)
    assert typed["say"].startswith("offer.")
    assert send(desk, alpenblick, typed).status_code == 302
    row = Outgoing.objects.get()
    assert row.draft == draft
    assert b"application/pdf" in bytes(row.raw)


# The law


def test_e6_row_1_whoever_objected_gets_no_mail_whatever_the_reason(
    desk: Client, alpenblick: int, owner: User, account: MailAccount
) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    prospect = Person.objects.get(mail="huber@alpenblick.example").prospect_id
    commands.opt_out(actor=owner, now=timezone.now(), key="no", prospect_id=prospect)
    assert send(desk, alpenblick, typed).status_code == 422
    assert not Outgoing.objects.exists()
    assert Writing.objects.get().text == typed["text"]


def test_a_first_mail_names_the_own_privacy_notice(
    desk: Client, alpenblick: int, owner: User
) -> None:
    where = "https://brandt.example/datenschutz"
    commands.prefer(actor=owner, now=timezone.now(), privacy_notice=where)
    assert where not in fields(desk, alpenblick, step=StepKind.MAIL)["text"]
    begun = commands.create_opportunity(
        actor=owner,
        now=timezone.now(),
        key="new",
        prospect="Pension Seeblick",
        title="Tor",
        person="Ina Meier",
        mail="meier@seeblick.example",
    )
    assert where in fields(desk, begun.opportunity_id or 0, step=StepKind.MAIL)["text"]


# Written elsewhere


def test_a_mail_from_another_program_is_noted_with_its_words(desk: Client, alpenblick: int) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    assert post(desk, alpenblick, typed, act="note").status_code == 302
    assert post(desk, alpenblick, typed, act="note").status_code == 302
    (touch,) = touches(alpenblick)
    assert (touch.channel, touch.reached) == (Channel.MAIL, None)
    assert touch.scripts == (typed["say"],)
    assert touch.subject == typed["subject"]
    assert not Writing.objects.exists()


def test_the_mail_program_opens_with_everything_filled_in(desk: Client, alpenblick: int) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    response = desk.get(reverse("mail", args=[alpenblick]), {"step": StepKind.MAIL})
    link = urlsplit(response.context["mailto"])
    asked = parse_qs(link.query)
    assert (link.scheme, unquote(link.path)) == ("mailto", "huber@alpenblick.example")
    assert asked["subject"] == [typed["subject"]]
    assert asked["body"] == [typed["text"].replace("\n", "\r\n")]


def test_the_same_words_are_printed_as_a_letter(desk: Client, alpenblick: int) -> None:
    typed = fields(desk, alpenblick, step=StepKind.MAIL)
    printed = post(desk, alpenblick, typed, act="letter")
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")
    assert touches(alpenblick) == []


def test_the_ways_to_the_page(desk: Client, alpenblick: int) -> None:
    address = reverse("mail", args=[alpenblick])
    assert address in desk.get(reverse("call-sheet", args=[alpenblick])).content.decode()
    assert address in desk.get(reverse("opportunity", args=[alpenblick])).content.decode()


def test_a_stranger_sees_nothing(client: Client, alpenblick: int) -> None:
    for name in ("mail", "writing", "writing-removal"):
        answer = client.post(reverse(name, args=[alpenblick]), {})
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]
