"""The pages of a mailbox at a real server: folders to choose, what was read, and further mails."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, MailAccount, MailFolder, User
from nachhaken.desk.sealing import seal
from tests.post import HUBER, ME, mail
from tests.real.dovecot import MARKED, Account

pytestmark = [pytest.mark.real, pytest.mark.django_db]

LANG = "h.lang@lang-bau.example"


@pytest.fixture
def box(account: Account, owner: User, now: datetime) -> MailAccount:
    for name in (MARKED, "Spam", "Nachhaken", "Papierkorb", "Rechnungen"):
        account.make_folder(name)
    return MailAccount.objects.create(
        user=owner,
        address=ME,
        username=account.user,
        secret=seal(account.password),
        smtp_host=account.host,
        imap_host=account.host,
        imap_port=account.port,
        imap_security="none",
        set_at=now,
    )


@pytest.fixture
def desk(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client


def shown(desk: Client, name: str) -> str:
    return " ".join(desk.get(reverse(name)).content.decode().split())


def strange(number: int, at: datetime) -> bytes:
    raw = mail(number=f"{number}@lang.example", said="Was kostet das?", at=at, to=ME, sender=LANG)
    return raw.replace(b"Subject: Ihr Angebot 2026-0417", f"Subject: Anfrage {number}".encode())


def test_inbox_and_sent_are_ticked_and_junk_has_its_reason(desk: Client, box: MailAccount) -> None:
    page = shown(desk, "mail-folders")
    ticked = {name for name in ("INBOX", MARKED, "Spam", "Nachhaken", "Rechnungen")
              if f'value="{name}" checked' in page}  # fmt: skip
    assert ticked == {"INBOX", MARKED}
    assert "Manche Antwort landet hier." in page
    assert "Ihr Ordner zum Übergeben" in page
    assert 'value="Papierkorb"' not in page
    assert page.index('value="INBOX"') < page.index('value="Nachhaken"') < page.index("Rechnungen")


def test_one_own_folder_is_enough(
    desk: Client, box: MailAccount, account: Account, matter: int, now: datetime
) -> None:
    account.deliver(mail(number="1@a.example", said="Nein.", at=now, to=ME, sender=HUBER))
    account.deliver(
        mail(number="2@a.example", said="Ja, gern.", at=now, to=ME, sender=HUBER), "Nachhaken"
    )
    since = (now - timedelta(days=30)).date()
    chosen = {"names": ["Nachhaken"], "since": since.isoformat()}
    assert desk.post(reverse("mail-folders"), chosen).status_code == 302
    desk.post(reverse("fetching"))
    (reply,) = Event.objects.filter(kind="replied")
    assert reply.payload["text"] == "Ja, gern."
    assert list(MailFolder.objects.values_list("name", flat=True)) == ["Nachhaken"]
    box.refresh_from_db()
    assert box.since == since
    page = shown(desk, "mail-account")
    assert "Es fehlt nichts." in page
    assert "Von oder an Kunden: 1." in page


def test_no_folder_at_all_is_no_choice(desk: Client, box: MailAccount) -> None:
    answer = desk.post(reverse("mail-folders"), {"since": "2026-01-01"})
    assert answer.status_code == 422
    assert "Bitte wählen Sie mindestens einen Ordner." in answer.content.decode()


def test_a_folder_that_the_server_does_not_have_is_not_taken(
    desk: Client, box: MailAccount
) -> None:
    answer = desk.post(reverse("mail-folders"), {"names": ["../etc"], "since": "2026-01-01"})
    assert answer.status_code == 422
    assert not MailFolder.objects.exists()


def test_what_does_not_open_is_said_with_its_cause(desk: Client, box: MailAccount) -> None:
    MailAccount.objects.filter(pk=box.pk).update(imap_port=1)
    for name in ("mail-folders", "other-mails"):
        answer = desk.get(reverse(name))
        assert answer.status_code == 502
        assert "nimmt auf Port 1 nichts an. Stimmt der Port?" in answer.content.decode()


def test_what_concerns_nobody_is_shown_and_kept_only_when_assigned(
    desk: Client, owner: User, box: MailAccount, account: Account, matter: int, now: datetime
) -> None:
    account.deliver(strange(1, now - timedelta(hours=2)))
    account.deliver(strange(2, now - timedelta(hours=1)))
    commands.fetch_mail(account=box, now=now)
    assert not Event.objects.filter(kind="replied").exists()
    response = desk.get(reverse("other-mails"))
    found = response.context["mails"]
    assert [one.subject for one in found] == ["Anfrage 2", "Anfrage 1"]
    newest = found[0]
    asked = {"folder": newest.folder, "validity": newest.uid_validity, "uid": newest.uid}
    page = desk.get(reverse("other-mail"), asked).content.decode()
    assert "Pension Alpenblick" in page
    given = asked | {"opportunity": matter, "key": "once"}
    assert desk.post(reverse("other-mail"), given).status_code == 302
    assert desk.post(reverse("other-mail"), given).status_code == 302  # the second time it is done
    assert Event.objects.filter(kind="replied", opportunity=matter).count() == 1
    left = [one.subject for one in desk.get(reverse("other-mails")).context["mails"]]
    assert "Anfrage 2" not in left


def test_a_new_opportunity_begins_from_such_a_mail(desk: Client, owner: User) -> None:
    given = {"person": "Herta Lang", "mail": LANG, "title": "Anfrage 1"}
    page = desk.get(reverse("opportunity-new"), given).content.decode()
    for value in given.values():
        assert f'value="{value}"' in page


def test_without_a_mailbox_there_are_no_such_pages(desk: Client) -> None:
    for name in ("mail-folders", "other-mails", "other-mail"):
        assert desk.get(reverse(name)).status_code == 404


def test_a_colleague_sees_nothing_of_it(box: MailAccount, client: Client) -> None:
    client.force_login(User.objects.create_user("jonas@brandt.example"))
    assert client.get(reverse("other-mails")).status_code == 404
    assert queries.health_of(box.user, timezone.now()) is not None
