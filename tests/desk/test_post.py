"""The pages of the post: the account with its guesses, the outbox with its acts, the alarms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.ledger import act_of
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import MailAccount, MailFolder, Outgoing, User
from nachhaken.desk.post_words import NOTES
from nachhaken.desk.preferences import send_delay
from nachhaken.desk.providers import provider_of, providers
from nachhaken.desk.sealing import seal, unseal
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import LawOverruled

pytestmark = pytest.mark.django_db

SECRET = "Zebrastreifen-41"
STATE = Outgoing.State


@pytest.fixture
def own(owner: User) -> MailAccount:
    return MailAccount.objects.create(
        user=owner, address=owner.email, username=owner.email, secret=seal(SECRET),
        smtp_host="localhost", smtp_port=1, smtp_security="none", set_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def waiting(owner: User, own: MailAccount, alpenblick: int) -> Outgoing:
    letter = Letter(to="huber@alpenblick.example", subject="Ihre Balkone", text="Guten Tag <b>")
    act = act_of(owner, timezone.now(), "k1")
    # Whatever the hour at which the test runs.
    beside = [
        LawOverruled(rule=rule, channel=Channel.MAIL, reason="So will es der Test.")
        for rule in ("DE-8", "18")
    ]
    return commands.queue_mail(act, alpenblick, letter, step=StepKind.MAIL, beside=beside)


def state(row: Outgoing, **changed: Any) -> None:
    Outgoing.objects.filter(pk=row.pk).update(**changed)


def form(**more: Any) -> dict[str, Any]:
    return {
        "address": "katrin@brandt.example", "name": "Katrin Brandt", "password": SECRET,
        "username": "katrin@brandt.example", "smtp_host": "localhost", "smtp_port": "1",
        "smtp_security": "none", "imap_host": "", "imap_port": "993", "imap_security": "tls",
        "sent_folder": "", "delay": "30",
    } | more  # fmt: skip


def text_of(desk: Client, name: str, *args: int, **query: str) -> str:
    return desk.get(reverse(name, args=args), query).content.decode()


@pytest.mark.parametrize(
    ("address", "smtp", "imap", "note"),
    [
        ("rosa@gmx.de", "mail.gmx.net", "imap.gmx.net", "gmx"),
        ("rosa@freenet.de", "mx.freenet.de", "mx.freenet.de", "switch_on"),
        ("rosa@T-Online.de", "securesmtp.t-online.de", "secureimap.t-online.de", "own_password"),
        ("rosa@gmail.com", "smtp.gmail.com", "imap.gmail.com", "app_password"),
        ("rosa@bluewin.ch", "smtpauths.bluewin.ch", "imaps.bluewin.ch", ""),
        ("rosa@alpenblick.example", "smtp.alpenblick.example", "imap.alpenblick.example", "guess"),
    ],
)
def test_the_servers_follow_from_the_address(address: str, smtp: str, imap: str, note: str) -> None:
    found = provider_of(address)
    assert (found.smtp.host, found.imap.host, found.note) == (smtp, imap, note)


def test_every_provider_says_what_it_was_compared_with_and_has_a_sentence_for_its_note() -> None:
    assert all(one.compared for one in providers())
    assert {one.note for one in providers()} - {""} <= NOTES.keys()


def test_every_provider_speaks_with_encryption() -> None:
    lines = [line for one in providers() for line in (one.smtp, one.imap)]
    assert {line.security for line in lines} == {"tls", "starttls"}
    assert all((line.port in {465, 993}) == (line.security == "tls") for line in lines)


def test_the_form_begins_with_the_address_and_shows_the_guess(desk: Client) -> None:
    assert "Weiter" in text_of(desk, "mail-account")
    shown = text_of(desk, "mail-account", address="rosa@gmx.de")
    assert "mail.gmx.net" in shown
    assert "eingeschaltet werden" in shown
    chosen = text_of(desk, "mail-account", address="r@alpenblick.example", provider="strato")
    assert "smtp.strato.de" in chosen


def test_the_account_is_kept_and_tried(desk: Client, owner: User) -> None:
    answer = desk.post(reverse("mail-account"), form(), follow=True)
    shown = answer.content.decode()
    own = MailAccount.objects.get(user=owner)
    assert unseal(bytes(own.secret)) == SECRET
    assert SECRET.encode() not in bytes(own.secret)
    assert (own.fault, own.checked_at) == ("smtp.port", None)
    assert "Gespeichert, aber die Anmeldung gelang nicht." in shown
    assert "„localhost“ nimmt auf Port 1 nichts an." in shown
    assert SECRET not in shown
    assert send_delay() == 30


def test_no_report_of_an_error_shows_the_password(desk: Client) -> None:
    request = desk.post(reverse("mail-account"), form()).wsgi_request
    shown = SafeExceptionReporterFilter().get_post_parameters(request)
    assert shown["password"] != SECRET
    assert shown["smtp_host"] == "localhost"


def test_the_password_stays_for_the_same_place_alone(
    desk: Client, owner: User, own: MailAccount
) -> None:
    kept = desk.post(reverse("mail-account"), form(password="", name="K. Brandt"))
    assert kept.status_code == 302
    own.refresh_from_db()
    assert (own.name, unseal(bytes(own.secret))) == ("K. Brandt", SECRET)
    for name, value in [("username", "other"), ("smtp_host", "127.0.0.1"), ("imap_host", "::1")]:
        refused = desk.post(reverse("mail-account"), form(password="") | {name: value})
        assert refused.status_code == 422
        assert "Bitte geben Sie das Passwort ein." in refused.content.decode()
    own.refresh_from_db()
    assert own.smtp_host == "localhost"


def test_no_password_goes_elsewhere_without_encryption(desk: Client) -> None:
    refused = desk.post(reverse("mail-account"), form(smtp_host="smtp.brandt.example"))
    shown = refused.content.decode()
    assert "Ohne Verschlüsselung geht ein Passwort nur an diesen Rechner selbst." in shown
    assert SECRET not in shown
    assert not MailAccount.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"address": "kein"}, {"smtp_port": "70000"}, {"smtp_host": ""}, {"delay": "-1"}]
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(desk: Client, wrong: dict[str, str]) -> None:
    refused = desk.post(reverse("mail-account"), form(sent_folder="Ablage") | wrong)
    assert refused.status_code == 422
    assert "Ablage" in refused.content.decode()
    assert not MailAccount.objects.exists()


def test_a_secret_of_another_key_is_asked_for_again(desk: Client, own: MailAccount) -> None:
    MailAccount.objects.update(secret=b"sealed elsewhere")
    desk.post(reverse("mail-check"))
    assert "nicht mehr lesbar" in text_of(desk, "mail-account")


def test_a_mail_that_waits_can_be_taken_back_by_the_toast(desk: Client, waiting: Outgoing) -> None:
    assert "Zurückholen" in text_of(desk, "post")
    answer = desk.post(reverse("post-return", args=[waiting.pk]), follow=True)
    assert "Zurückgeholt" in answer.content.decode()
    assert Outgoing.objects.get().state == STATE.WITHDRAWN
    state(waiting, state=STATE.SENT)
    late = desk.post(reverse("post-return", args=[waiting.pk]), follow=True)
    assert "Das geht nicht mehr" in late.content.decode()


def test_what_is_taken_back_can_be_put_right_and_sent(desk: Client, waiting: Outgoing) -> None:
    desk.post(reverse("post-return", args=[waiting.pk]))
    form_page = text_of(desk, "post-correction", waiting.pk)
    assert "Guten Tag &lt;b&gt;" in form_page
    answer = desk.post(
        reverse("post-correction", args=[waiting.pk]),
        {"to": "huber@alpenblick.example", "subject": "Ihre Balkone", "text": "Guten Abend"},
        follow=True,
    )
    shown = answer.content.decode()
    assert "Die Mail geht in 10 Sekunden hinaus." in shown
    assert reverse("post-return", args=[waiting.pk]) in shown
    assert Outgoing.objects.get().text == "Guten Abend"
    again = desk.post(
        reverse("post-correction", args=[waiting.pk]), {"to": "x@y.example", "text": "a"}
    )
    assert "Das geht nicht mehr" in again.content.decode()


def test_a_wrong_address_keeps_what_was_typed(desk: Client, waiting: Outgoing) -> None:
    state(waiting, state=STATE.REFUSED, fault="recipient", answer="550 unbekannt")
    refused = desk.post(
        reverse("post-correction", args=[waiting.pk]), {"to": "huber", "text": "Guten Abend"}
    )
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "„huber“ ist keine Mailadresse." in shown
    assert "Guten Abend" in shown
    assert "Der Server sagt: „550 unbekannt“" in shown


@pytest.mark.parametrize(
    ("act", "after"),
    [
        ("post-arrival", STATE.SENT),
        ("post-repetition", STATE.QUEUED),
        ("post-dismissal", STATE.WITHDRAWN),
    ],
)
def test_the_person_decides_about_an_unknown_mail(
    desk: Client, waiting: Outgoing, act: str, after: str
) -> None:
    state(waiting, state=STATE.UNKNOWN, fault="timeout")
    assert "Vielleicht angekommen" in text_of(desk, "post")
    desk.post(reverse(act, args=[waiting.pk]))
    assert Outgoing.objects.get().state == after
    assert "Vielleicht angekommen" not in text_of(desk, "today")


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({"state": STATE.UNKNOWN, "fault": "died"}, "Vielleicht angekommen: die Mail an"),
        ({"state": STATE.REFUSED, "fault": "recipient"}, "Nicht angenommen: die Mail an"),
    ],
)
def test_today_says_what_became_of_a_mail(
    desk: Client, owner: User, waiting: Outgoing, changed: dict[str, str], title: str
) -> None:
    before = queries.badges(owner, now=timezone.now()).inbox
    state(waiting, **changed)
    assert title in text_of(desk, "today")
    assert title in text_of(desk, "inbox")
    assert queries.badges(owner, now=timezone.now()).inbox == before + 1


def test_today_says_that_the_account_is_out_of_order(desk: Client, own: MailAccount) -> None:
    MailAccount.objects.update(fault="smtp.login")
    assert "ist gestört" in text_of(desk, "today")
    assert "Benutzername oder Passwort stimmt nicht." in text_of(desk, "inbox")


def test_an_outbox_without_mail_says_what_will_stand_there(desk: Client) -> None:
    assert "Noch ist kein Postfach eingerichtet." in text_of(desk, "post")


def test_who_is_not_logged_in_sees_no_post(client: Client, waiting: Outgoing) -> None:
    for name, args in [("post", []), ("mail-account", []), ("post-correction", [waiting.pk])]:
        assert client.get(reverse(name, args=args)).status_code == 302
    assert client.post(reverse("post-return", args=[waiting.pk])).status_code == 302
    assert Outgoing.objects.get().state == STATE.QUEUED


def test_setting_the_account_lets_waiting_mails_go_at_once(desk: Client, waiting: Outgoing) -> None:
    later = timezone.now() + timedelta(hours=2)
    state(waiting, fault="login", due_at=later)
    desk.post(reverse("mail-account"), form())
    due = Outgoing.objects.get().due_at
    assert due is not None
    assert due < later - timedelta(hours=1)


def test_another_server_is_read_from_its_own_beginning(owner: User, own: MailAccount) -> None:
    MailFolder.objects.create(account=own, name="INBOX", uid_validity=7, last_uid=900)
    wish: dict[str, Any] = {
        "address": own.address, "name": "", "username": own.username, "smtp_host": "localhost",
        "smtp_port": 1, "smtp_security": "none",
    }  # fmt: skip
    commands.set_mail_account(actor=owner, now=timezone.now(), wish=commands.AccountWish(**wish))
    assert MailFolder.objects.filter(account=own).exists()
    moved = commands.AccountWish(**wish | {"imap_host": "imap.other.example"})
    commands.set_mail_account(actor=owner, now=timezone.now(), wish=moved, password=SECRET)
    assert not MailFolder.objects.exists()


def test_the_account_is_removed_and_the_page_says_what_stops(
    desk: Client, own: MailAccount
) -> None:
    assert "kommen nicht mehr von selbst herein" in text_of(desk, "mail-account")
    for _ in range(2):
        assert desk.post(reverse("mail-removal")).status_code == 302
    assert not MailAccount.objects.exists()
    assert desk.get(reverse("mail-removal")).status_code == 405
