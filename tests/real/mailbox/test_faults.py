"""Whatever a server or this machine does: no mail lost, none twice, and the desk says how it is."""

from datetime import UTC, datetime
from time import monotonic

import pytest
from django.db import connection

from nachhaken.desk import commands
from nachhaken.desk.models import Event, MailAccount, MailFolder, User
from nachhaken.sources.imap import Garbled, Mailbox, NoIdle, NotReached, Refused
from tests.post import HUBER, ME, mail
from tests.real.dovecot import HOST, Account, own_dovecot
from tests.real.imap_stand_in import CutLine, Said, StandIn
from tests.real.mailboxes import (
    SENT_FOLDER,
    assert_whole,
    at_server,
    fetch,
    folder_of,
    reply,
    stranger,
)

pytestmark = pytest.mark.real

RAW = reply("1@alpenblick.example", "Gern.", datetime(2026, 11, 20, 8, tzinfo=UTC))


def only(command: str, answer: bytes) -> Said:
    """Answer one kind of command like this; {tag} is filled in."""

    def said(tag: str, asked: str) -> bytes | None:
        is_meant = asked.upper().startswith(command)
        return answer.replace(b"{tag}", tag.encode()) if is_meant else None

    return said


def stand_in_box(owner: User, now: datetime, port: int) -> MailAccount:
    box = at_server(_account(port), owner, now=now, folders_chosen_at=now)
    MailFolder.objects.create(account=box, name="INBOX")
    return box


def _account(port: int) -> Account:
    return Account("k", "Kabeltrommel 9", HOST, port, port, ca_file=None)  # type: ignore[arg-type]


def line(port: int) -> Mailbox:
    return Mailbox(host=HOST, port=port, security="none", username="k", password="p", timeout=0.5)


def test_the_stand_in_is_a_server(owner: User, matter: int, now: datetime) -> None:
    with StandIn(lambda *_: None, RAW) as server:
        box = stand_in_box(owner, now, server.port)
        assert fetch(box).taken.new == 1
    assert (folder_of(box).taken, folder_of(box).missing) == ("1", "")


@pytest.mark.parametrize("farewell", [b"", b"* BYE\r\n", b"{tag} NO stay\r\n"])
def test_the_line_is_closed_however_the_farewell_ends(farewell: bytes) -> None:
    with StandIn(only("LOGOUT", farewell)) as server, line(server.port) as box:
        held = box._box.client.sock
    assert held.fileno() == -1


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("EXAMINE", b"* what is this\r\n", id="garbage"),
        pytest.param("EXAMINE", b"\x00\xff\xfe" * 50 + b"\r\n", id="bytes"),
        pytest.param("EXAMINE", b"* OK [UIDVALIDITY x] \r\n{tag} OK\r\n", id="no number"),
        pytest.param("UID SEARCH", b"* SEARCH one two\r\n{tag} OK\r\n", id="no numbers"),
        pytest.param("UID SEARCH", b"* BYE shutting down\r\n", id="bye"),
        pytest.param("UID SEARCH", b"", id="hangs up"),
        pytest.param("UID FETCH", b"* BYE idle too long\r\n", id="bye instead of mail"),
        pytest.param("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {900}\r\nFrom: x\r\n", id="too short"),
        pytest.param(
            "UID FETCH",
            b"* 1 FETCH (UID 1 BODY[] {3}\r\nFrom: x\r\n)\r\n{tag} OK\r\n",
            id="too long",
        ),
        pytest.param("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\n", id="endless"),
        pytest.param("UID FETCH", b"* " + b"x" * 21_000_000, id="line without an end"),
        pytest.param("LOGIN", b"* BYE too many of you\r\n", id="bye at the door"),
    ],
)
def test_a_server_that_goes_mad_costs_a_visit_and_no_mail(
    owner: User, matter: int, now: datetime, command: str, answer: bytes
) -> None:
    with StandIn(only(command, answer), RAW) as server:
        box = stand_in_box(owner, now, server.port)
        done = commands.fetch_mail(account=box, now=now)
    assert done.fault in {NotReached.code, Garbled.code}
    assert folder_of(box).fault == done.fault
    assert (folder_of(box).taken, folder_of(box).fetched_at) == ("", None)
    with StandIn(lambda *_: None, RAW) as server:
        MailAccount.objects.filter(pk=box.pk).update(imap_port=server.port)
        assert fetch(box).taken.new == 1
    assert (folder_of(box).taken, folder_of(box).fault) == ("1", "")
    assert Event.objects.filter(kind="replied").count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"{tag} NO [SERVERBUG] cannot read it\r\n", id="refused"),
        pytest.param(b"{tag} OK nothing\r\n", id="left out"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n{tag} OK done\r\n", id="empty"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[] NIL)\r\n{tag} OK done\r\n", id="nil"),
    ],
)
def test_a_mail_that_the_server_holds_back_is_a_gap_until_it_comes(
    owner: User, matter: int, now: datetime, answer: bytes
) -> None:
    with StandIn(only("UID FETCH 1 (UID BODY", answer), RAW) as server:
        box = stand_in_box(owner, now, server.port)
        assert commands.fetch_mail(account=box, now=now).fault == ""
    row = folder_of(box)
    assert (row.missing, row.held, row.taken, row.compared_at) == ("1", 1, "", now)
    with StandIn(lambda *_: None, RAW) as server:
        MailAccount.objects.filter(pk=box.pk).update(imap_port=server.port)
        fetch(box)
    assert (folder_of(box).missing, folder_of(box).taken) == ("", "1")


def test_one_folder_that_is_refused_keeps_nobody_from_the_others(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    MailAccount.objects.filter(pk=box.pk).update(folders_chosen_at=now)
    MailFolder.objects.create(account=box, name="Gibt es nicht")
    MailFolder.objects.create(account=box, name="INBOX")
    account.deliver(RAW)
    done = fetch(box)
    assert (done.fault, done.taken.new) == ("", 1)
    assert folder_of(box, "Gibt es nicht").fault == "no_folder"
    assert folder_of(box).fault == ""
    account.make_folder("Gibt es nicht")
    fetch(box)
    assert_whole(box, account)


@pytest.mark.parametrize("part", range(6))
def test_a_line_that_is_cut_in_the_middle_goes_on_where_it_was(
    account: Account, box: MailAccount, matter: int, now: datetime, part: int
) -> None:
    for number in range(30):
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number} " * 300, now))
        account.deliver(stranger(f"{number}@x.example", now))
    with CutLine(account.port, 1_500 + part * 18_000) as cut:
        MailAccount.objects.filter(pk=box.pk).update(imap_port=cut.port)
        done = fetch(box)
    assert done.fault == "not_reached"
    assert set(MailFolder.objects.values_list("fault", flat=True)) == {"not_reached"}
    MailAccount.objects.filter(pk=box.pk).update(imap_port=account.port)
    fetch(box)
    assert Event.objects.filter(kind="replied").count() == 30
    assert_whole(box, account)


def test_a_server_that_is_killed_and_started_again_has_lost_nothing(
    owner: User, matter: int, now: datetime
) -> None:
    with own_dovecot() as server:
        account = server.account()
        box = at_server(account, owner, now=now)
        for number in range(5):
            account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number}", now))
        assert fetch(box, most=2).has_more
        server.kill()
        assert fetch(box).fault == "not_reached"
        assert set(MailFolder.objects.values_list("fault", flat=True)) == {"not_reached"}
        server.start()
        assert fetch(box).taken.new == 3
        assert_whole(box, account)


def test_numbers_that_change_in_the_middle_are_told_and_read_anew(
    owner: User, matter: int, now: datetime
) -> None:
    opened: list[int] = []

    def said(tag: str, asked: str) -> bytes | None:
        if not asked.startswith("EXAMINE"):
            return None
        opened.append(len(opened))
        valid = 7 if len(opened) < 2 else 8
        return f"* 1 EXISTS\r\n* OK [UIDVALIDITY {valid}] x\r\n{tag} OK done\r\n".encode()

    with StandIn(said, RAW) as server:
        box = stand_in_box(owner, now, server.port)
        fetch(box)
        assert folder_of(box).fault == "renumbered"
        assert fetch(box).taken.same == 1
    row = folder_of(box)
    assert (row.uid_validity, row.taken, row.kept, row.fault) == (8, "1", 1, "")
    assert Event.objects.filter(kind="replied").count() == 1


def test_mail_that_comes_while_it_is_compared_is_no_gap(
    owner: User, matter: int, now: datetime
) -> None:
    asked_for: list[str] = []

    def said(tag: str, asked: str) -> bytes | None:
        if not asked.startswith("UID SEARCH"):
            return None
        asked_for.append(asked)
        uids = " ".join(str(uid) for uid in range(1, len(asked_for) + 1))
        return f"* SEARCH {uids}\r\n{tag} OK done\r\n".encode()

    def many(tag: str, asked: str) -> bytes | None:
        if asked.startswith("UID FETCH"):
            uid = asked.split()[2]
            return server._fetched(asked).replace(b"UID 1 ", f"UID {uid} ".encode()) + (
                f"{tag} OK done\r\n".encode()
            )
        return said(tag, asked)

    with StandIn(many, RAW) as server:
        box = stand_in_box(owner, now, server.port)
        fetch(box)
    row = folder_of(box)
    assert (row.missing, row.taken) == ("", "1:3")  # the fourth came after the last look
    assert row.fault == ""


def test_who_comes_second_gives_way(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    for number in range(3):
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number}", now))
    from django.db.models.signals import post_init

    passes = iter(range(99))

    def overtake(sender: object, instance: MailFolder, **_: object) -> None:
        # The other process comes after this one has read how far the folder is.
        if instance.name == "INBOX" and next(passes) == 3:
            post_init.disconnect(sender=MailFolder, dispatch_uid="overtake")
            fetch(box)

    post_init.connect(overtake, sender=MailFolder, weak=False, dispatch_uid="overtake")
    fetch(box)
    post_init.disconnect(sender=MailFolder, dispatch_uid="overtake")
    fetch(box)
    assert Event.objects.filter(kind="replied").count() == 3
    assert_whole(box, account)


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_loses_nothing(account: Account, transactional_db: None, now: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the limit is SQLite's own")
    owner = commands.create_owner(name="Katrin", mail=ME, password="ein langes Wort", now=now)
    commands.create_opportunity(
        actor=owner,
        now=now,
        key="x",
        prospect="Pension",
        title="Tor",
        mail=HUBER,
    )
    box = at_server(account, owner, now=now)
    for number in range(20):
        account.deliver(reply(f"{number}@alpenblick.example", f"Frage {number} " * 2000, now))
    fetch(box, most=2)
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        usual = cursor.execute("PRAGMA max_page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
        try:
            done = fetch(box)
        finally:
            cursor.execute(f"PRAGMA max_page_count = {usual}")
    assert done.fault == "storage"
    assert folder_of(box).fault == "storage"
    fetch(box)
    assert Event.objects.filter(kind="replied").count() == 20
    assert_whole(box, account)


def test_a_server_without_idle_says_so() -> None:
    capable = only("CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n")
    with StandIn(capable) as server, line(server.port) as box, pytest.raises(NoIdle):
        box.wait("INBOX", 5)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"+ idling\r\n* 2 EXISTS\r\n", id="in one breath"),
        pytest.param(b"* 2 EXISTS\r\n+ idling\r\n", id="before it waits"),
    ],
)
def test_what_the_server_tells_at_once_is_not_overheard(answer: bytes) -> None:
    tags: list[str] = []

    def said(tag: str, asked: str) -> bytes | None:
        if asked == "IDLE":
            tags.append(tag)
            return answer
        return f"{tags[-1]} OK done\r\n".encode() if tag == "DONE" else None

    start = monotonic()
    with StandIn(said) as server, line(server.port) as box:
        assert box.wait("INBOX", 30)
    assert monotonic() - start < 5


@pytest.mark.parametrize("answer", [b"{tag} NO not now\r\n", b"{tag} BAD what\r\n"])
def test_a_server_that_refuses_to_wait_says_so(answer: bytes) -> None:
    with (
        StandIn(only("IDLE", answer)) as server,
        line(server.port) as box,
        pytest.raises(Refused),
    ):
        box.wait("INBOX", 5)


@pytest.mark.parametrize("answer", [b"+ idling\r\n", b""])
def test_a_line_that_died_is_noticed_and_not_waited_for(answer: bytes) -> None:
    # Not a word more after the first, or hung up at once.
    def said(tag: str, asked: str) -> bytes | None:
        return answer if asked == "IDLE" else b"\r\n" if tag == "DONE" else None

    start = monotonic()
    with StandIn(said) as server, pytest.raises(NotReached), line(server.port) as box:
        box.wait("INBOX", 0.5)
    assert monotonic() - start < 8


def test_a_mail_among_thousands_of_readers_is_taken(
    account: Account, box: MailAccount, matter: int, now: datetime
) -> None:
    crowd = ", ".join(f"gast{number}@haus{number}.example" for number in range(1_500))
    raw = mail(
        number="1@alpenblick.example",
        said="Einladung",
        at=now,
        to=ME,
        sender=HUBER,
    )
    account.deliver(raw.replace(b"Subject", f"Cc: {crowd}\r\nSubject".encode()))
    account.deliver(raw.replace(b"Subject", f"Cc: {crowd}\r\nSubject".encode()), SENT_FOLDER)
    assert fetch(box).taken.new == 1
    assert_whole(box, account)
