"""From a real mailbox into the desk: each mail once, whatever happens in between."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import Client
from django.utils import timezone

from nachhaken.cli import cli
from nachhaken.desk import commands
from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.models import Event, ImportRun, MailAccount, MailFolder, Plan, User
from nachhaken.desk.postman import EVERY, RARELY, Postman
from nachhaken.desk.sealing import seal
from nachhaken.sources.imap.answers import LARGEST_WHOLE
from nachhaken.sources.mail import parse_message
from tests.post import HUBER, ME, SENT, bounce, mail
from tests.real.dovecot import Account
from tests.real.mailboxes import SENT_FOLDER, at_server, fetch, kinds, reply

pytestmark = pytest.mark.real


def test_a_reply_comes_in_and_the_matter_is_judged_anew(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    before = Plan.objects.get(pk=matter)
    account.deliver(mail(number=SENT, said="Noch Fragen?", at=now - timedelta(days=1)), SENT_FOLDER)
    account.deliver(reply("1@alpenblick.example", "Ja, wir nehmen das Angebot an.", now))
    done = fetch(box)
    after = Plan.objects.get(pk=matter)
    assert (done.fault, done.has_more, done.taken.new) == ("", False, 2)
    assert kinds(matter)[-2:] == ["touched", "replied"]
    assert after.kind == "confirm"
    assert after.genuine > before.genuine
    assert not any(r"\Seen" in flags for flags in account.flags())
    assert {f.name for f in MailFolder.objects.filter(fetched_at__gte=now, fault="")} == {
        "INBOX",
        SENT_FOLDER,
    }


def test_a_bounce_comes_in_and_is_to_be_mended(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(
        mail(number=SENT, said="Noch Fragen?", at=now - timedelta(hours=2)), SENT_FOLDER
    )
    account.deliver(bounce(at=now - timedelta(hours=1)))
    fetch(box)
    assert kinds(matter)[-2:] == ["touched", "bounced"]
    assert Plan.objects.get(pk=matter).title["key"] == "step.bounced"


def test_an_answer_of_ours_is_known_as_one_across_the_folders(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    asked = now - timedelta(hours=3)
    question = mail(number="9@a.example", said="Wann geht es?", at=asked, to=ME, sender=HUBER)
    answer = mail(number=SENT, said="Im Januar.", at=now - timedelta(hours=2))
    answer = answer.replace(b"Subject:", b"In-Reply-To: <9@a.example>\r\nSubject: Re:")
    account.deliver(answer, SENT_FOLDER, at=now - timedelta(hours=2))
    account.deliver(question, at=asked)
    fetch(box)
    touch = Event.objects.get(kind="touched", opportunity=matter)
    assert touch.payload["step"] == "answer"


def test_fetching_twice_is_fetching_once(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(mail(number=SENT, said="Noch Fragen?", at=now), SENT_FOLDER)
    fetch(box)
    before = Event.objects.count()
    assert fetch(box).taken.new == 0
    # Even if nothing were known of how far it was read, each mail is known by its own name.
    MailFolder.objects.all().delete()
    again = fetch(box)
    assert (again.taken.new, again.taken.same) == (0, 1)
    assert Event.objects.count() == before


def test_a_file_of_mails_and_the_mailbox_are_one_source(
    account: Account, box: MailAccount, owner: User, matter: int, now: datetime
) -> None:
    raw = reply("1@alpenblick.example", "Ja, gern.", now)
    commands.import_file(raw=raw, name="antwort.eml", actor=owner, now=now)
    account.deliver(raw)
    assert fetch(box).taken.same == 1
    assert kinds(matter).count("replied") == 1


def test_a_folder_made_anew_doubles_nothing(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    sent = mail(number=SENT, said="Noch Fragen?", at=now)
    account.deliver(sent, SENT_FOLDER)
    fetch(box)
    account.drop_folder(SENT_FOLDER)
    account.make_folder(SENT_FOLDER)
    account.deliver(sent, SENT_FOLDER)
    account.deliver(mail(number="2@brandt.example", said="Noch eine Frage", at=now), SENT_FOLDER)
    done = fetch(box)
    assert (done.taken.new, done.taken.same) == (1, 1)


def test_a_visit_takes_no_more_than_asked_and_the_next_goes_on(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(7):
        at = now - timedelta(minutes=60 - number)
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number}", at))
    first = fetch(box, most=3)
    assert (first.taken.new, first.has_more) == (3, True)
    assert MailFolder.objects.get(name="INBOX").fetched_at is None
    second = fetch(box)
    assert (second.taken.new, second.has_more) == (4, False)
    said = Event.objects.filter(kind="replied").order_by("pk")
    assert [e.payload["text"] for e in said] == [f"Frage {n}" for n in range(7)]


@pytest.mark.parametrize("seed", range(3))
def test_visits_in_any_order_bring_what_one_visit_brings(
    account: Account, box: MailAccount, matter: int, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    sent = [f"sent{n}@brandt.example" for n in range(4)]
    for step in range(16):
        at = now - timedelta(minutes=90 - step)
        match chance.randrange(6):
            case 0 | 1:
                number = chance.choice(sent)  # at times the same mail once more
                account.deliver(mail(number=number, said="Noch Fragen?", at=at), SENT_FOLDER, at)
            case 2:
                account.deliver(reply(f"{step}@alpenblick.example", f"Frage {step}", at), at=at)
            case 3:
                account.deliver(bounce(at=at, of=chance.choice(sent)), at=at)
            case 4:
                fetch(box, most=chance.choice([None, 1, 2]))
            case _:
                MailFolder.objects.update(last_uid=0)
    fetch(box)
    told = _told(matter)
    assert fetch(box).taken.new == 0
    # What a desk that reads the whole mailbox for the first time would find is there already.
    MailFolder.objects.all().delete()
    assert fetch(box).taken.new == 0
    assert _told(matter) == told
    assert len(told) == len(set(told))
    lying = {parse_message(raw).message_id for raw in account.mails(SENT_FOLDER)}
    assert {key for kind, key in told if kind == "touched"} == {mail_key(i) for i in lying}


def _told(opportunity: int) -> list[tuple[str, str]]:
    rows = Event.objects.filter(opportunity=opportunity).order_by("source_key")
    return list(rows.values_list("kind", "source_key"))


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def killed_before_the_end() -> Iterator[list[bool]]:
    """End the process once, in the midst of the first transaction that moves a position."""
    from django.db.models.signals import post_save

    armed = [True]

    def die(**told: object) -> None:
        if armed[0] and transaction.get_connection().in_atomic_block:
            armed[0] = False
            raise Killed

    post_save.connect(die, sender=MailFolder, weak=False, dispatch_uid="kill")
    yield armed
    post_save.disconnect(sender=MailFolder, dispatch_uid="kill")


@pytest.mark.django_db(transaction=True)
def test_a_kill_between_position_and_events_loses_nothing(
    account: Account, transactional_db: None, killed_before_the_end: list[bool]
) -> None:
    now = timezone.now()
    owner = commands.create_owner(name="Katrin", mail=ME, password="ein langes Wort", now=now)
    commands.create_opportunity(
        actor=owner, now=now, key="x", prospect="Pension", title="Balkone", mail=HUBER
    )
    box = at_server(account, owner, now=now)
    MailFolder.objects.bulk_create([MailFolder(account=box, name="INBOX")])
    account.deliver(reply("1@alpenblick.example", "Ja, gern.", now))
    with pytest.raises(Killed):
        fetch(box)
    assert MailFolder.objects.get().last_uid == 0
    assert not Event.objects.filter(kind="replied").exists()
    assert fetch(box).taken.new == 1
    assert Event.objects.filter(kind="replied").count() == 1


def test_a_huge_mail_is_read_without_its_attachment_and_told(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    raw = reply("1@alpenblick.example", "Wir nehmen das Angebot an.", now)
    head, _, text = raw.partition(b"\r\n\r\n")
    head = head.replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="b"')
    part = b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + text
    part += b"--b\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 70 + b"\r\n"
    account.deliver(head + part + (b"y" * 70 + b"\r\n") * (LARGEST_WHOLE // 72) + b"--b--\r\n")
    done = fetch(box)
    assert done.taken.new == 1
    assert done.taken.faults == (
        "„Re: Ihr Angebot 2026-0417“ ist größer als 25 MB: gelesen ist nur der Text.",
    )
    assert Event.objects.get(kind="replied").payload["text"] == "Wir nehmen das Angebot an."
    assert ImportRun.objects.get().faults == list(done.taken.faults)


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"secret": seal("falsch")}, "wrong_password"),
        ({"secret": b"unlesbar"}, "seal"),
        ({"imap_port": 1}, "not_reached"),
    ],
)
def test_what_is_wrong_is_kept_with_the_folder(
    account: Account, owner: User, now: datetime, other: dict[str, object], fault: str
) -> None:
    box = at_server(account, owner, now=now, **other)
    assert fetch(box).fault == fault
    folder = MailFolder.objects.get(account=box)
    assert (folder.name, folder.fault, folder.fetched_at) == ("INBOX", fault, None)


def test_a_fault_that_is_over_is_forgotten(account: Account, box: MailAccount, matter: int) -> None:
    MailAccount.objects.filter(pk=box.pk).update(imap_port=1)
    assert fetch(MailAccount.objects.get(pk=box.pk)).fault == "not_reached"
    MailAccount.objects.filter(pk=box.pk).update(imap_port=account.port)
    assert fetch(MailAccount.objects.get(pk=box.pk)).fault == ""
    assert not MailFolder.objects.exclude(fault="").exists()


def test_the_postman_comes_every_five_minutes(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    postman = Postman()
    postman.go_round(now=now)
    account.deliver(reply("1@alpenblick.example", "Ja, gern.", now))
    postman.go_round(now=now + EVERY / 2)
    assert "replied" not in kinds(matter)
    postman.go_round(now=now + EVERY)
    assert "replied" in kinds(matter)


def test_the_postman_comes_ever_more_rarely_where_nobody_opens(
    account: Account, owner: User, now: datetime
) -> None:
    box = at_server(account, owner, now=now, imap_port=1)
    postman, at, visits = Postman(), now, []
    while at < now + timedelta(days=2):
        MailFolder.objects.filter(account=box).update(fault="")
        postman.go_round(now=at)
        visits += [at] if MailFolder.objects.filter(account=box).exclude(fault="") else []
        at += EVERY
    pauses = [after - before for before, after in pairwise(visits)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (2 * EVERY, RARELY)
    # Set anew, it is tried at once.
    MailAccount.objects.filter(pk=box.pk).update(imap_port=account.port, set_at=at)
    postman.go_round(now=at)
    assert MailFolder.objects.get(account=box, name="INBOX").fetched_at == at


def test_the_inbox_fetches_at_once_and_says_when(
    account: Account, box: MailAccount, owner: User, matter: int, client: Client, now: datetime
) -> None:
    client.force_login(owner)
    page = client.get("/inbox/").content.decode()
    assert "Post holen" in page
    assert "zum ersten Mal gelesen" in page
    account.deliver(reply("1@alpenblick.example", "Ja, wir nehmen das Angebot an.", now))
    page = client.post("/inbox/fetching", follow=True).content.decode()
    assert "Eine neue Mail." in page
    assert "zuletzt geholt gerade eben" in page
    assert f"reply-{Event.objects.get(kind='replied').pk}" in page
    assert "Nichts Neues." in client.post("/inbox/fetching", follow=True).content.decode()


def test_the_inbox_says_what_is_wrong_with_the_mailbox(
    account: Account, box: MailAccount, owner: User, matter: int, client: Client
) -> None:
    MailAccount.objects.filter(pk=box.pk).update(secret=seal("falsch"))
    client.force_login(owner)
    page = client.post("/inbox/fetching", follow=True).content.decode()
    assert page.count("Benutzername oder Passwort stimmt nicht.") == 2  # the toast, and the row
    assert f"Das Postfach {ME} ist gestört" in page
    assert "Ihr Postfach ist gestört" in client.get("/").content.decode()


def test_a_server_that_is_silent_for_a_while_alarms_nobody(
    account: Account, box: MailAccount, owner: User, matter: int, client: Client, now: datetime
) -> None:
    MailAccount.objects.filter(pk=box.pk).update(imap_port=1)
    fetch(MailAccount.objects.get(pk=box.pk))
    client.force_login(owner)
    assert "nicht zu erreichen" not in client.get("/inbox/").content.decode()
    MailAccount.objects.filter(pk=box.pk).update(set_at=now - timedelta(hours=2))
    assert "nicht zu erreichen" in client.get("/inbox/").content.decode()


def test_without_a_mailbox_there_is_nothing_to_fetch(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "Post holen" not in client.get("/inbox/").content.decode()
    assert client.post("/inbox/fetching").status_code == 404


def test_the_command_line_fetches_from_every_mailbox(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    account.deliver(reply("1@alpenblick.example", "Ja, gern.", now))
    done = CliRunner().invoke(cli, ["fetch"], env={"LANG": "de_DE.UTF-8"})
    assert f"{ME}: 1 neu" in done.output
    assert done.exit_code == 0
    MailAccount.objects.filter(pk=box.pk).update(imap_port=1)
    done = CliRunner().invoke(cli, ["fetch"], env={"LANG": "de_DE.UTF-8"})
    assert "nicht zu erreichen" in done.output
    assert done.exit_code == 1
