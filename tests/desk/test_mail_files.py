"""Mailboxes that come in as files: what is kept of them, once, in the order of the dates."""

from datetime import UTC, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from nachhaken.desk.commands import undo
from nachhaken.desk.commands.arriving import Arrival, reverting_stem, undone_again
from nachhaken.desk.commands.import_mails import (
    import_mail_file,
    import_mails,
    look_at_mails,
    mail_key,
)
from nachhaken.desk.models import Event, ImportRun, UnmatchedMail, User
from nachhaken.sources.mail import parse_message
from tests import cast
from tests.cast import MAIL, NOW

pytestmark = pytest.mark.django_db

KERN = "Markus Kern <m.kern@autohaus-kern.example>"
STRANGER = "Anna Neu <anna@neu.example>"


@pytest.fixture
def owner() -> User:
    owner = cast.owner()
    cast.settle(cast.SILENT, actor=owner)
    return owner


def mail(subject: str, text: str, *, days: float = 3, **headers: str) -> EmailMessage:
    message = EmailMessage()
    told = {"From": KERN, "To": MAIL, "Message-ID": f"<{days}@autohaus-kern.example>"}
    told |= {key.replace("_", "-"): value for key, value in headers.items()} | {"Subject": subject}
    for key, value in told.items():
        message[key] = value
    sent = (NOW - timedelta(days=days)).astimezone(UTC)
    message["Date"] = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
    message.set_content(text)
    return message


def boxed(folder: Path, *mails: EmailMessage) -> Path:
    box = folder / "Posteingang.mbox"
    lead = b"From - Mon Nov  2 08:00:00 2026\n"
    box.write_bytes(b"\n".join(lead + one.as_bytes() for one in mails))
    return box


def run_of(actor: User) -> ImportRun:
    return ImportRun.objects.create(
        name="a.mbox", kind="mbox", state=ImportRun.State.RUNNING, at=NOW, actor=actor
    )


def taken(actor: User, box: Path, run: ImportRun | None = None) -> Arrival:
    arrival = Arrival(actor=actor, now=NOW, run=run)
    import_mail_file(arrival, box, name=box.name)
    return arrival


def counted(arrival: Arrival) -> tuple[int, int, int, int]:
    return arrival.new, arrival.same, arrival.unmatched, arrival.skipped


def test_a_mail_comes_before_its_answer_wherever_it_lies(owner: User, tmp_path: Path) -> None:
    answer = mail(
        "AW: Tor", "Gern.", days=1, From=MAIL, To=KERN, In_Reply_To="<2@autohaus-kern.example>"
    )
    box = boxed(tmp_path, answer, mail("Tor", "Geht es auch in Grün?", days=2))
    run = run_of(owner)
    assert counted(taken(owner, box, run)) == (2, 0, 0, 0)
    came = Event.objects.filter(run=run).order_by("occurred_at")
    assert [event.kind for event in came] == ["replied", "touched"]
    assert came[1].payload["step"] == "answer"
    assert counted(taken(owner, box)) == (0, 2, 0, 0)


def test_a_look_counts_the_same_and_writes_nothing(owner: User, tmp_path: Path) -> None:
    before = Event.objects.count()
    box = boxed(
        tmp_path,
        mail("Tor", "Ja", days=2),
        mail("Tor", "Ja", days=2),
        mail("Anfrage Treppe", "Bitte anrufen.", days=1, From=STRANGER),
        mail("Unser Herbst", "Neu!", days=4, From=STRANGER),
    )
    seen = Arrival(actor=owner, now=NOW)
    look_at_mails(seen, box, name=box.name)
    assert counted(seen) == (1, 1, 1, 1)
    assert (Event.objects.count(), UnmatchedMail.objects.count()) == (before, 0)
    assert counted(taken(owner, box)) == counted(seen)


@pytest.mark.parametrize(
    ("subject", "text", "sender", "headers", "reason"),
    [
        ("Nochmal", "Hallo", "neu@autohaus-kern.example", {}, "same_domain"),
        ("Nochmal", "Hallo", "Markus Kern <mk@gmx.de>", {}, "same_name"),
        ("Anfrage Carport", "Was kostet das?", STRANGER, {}, "enquiry"),
        ("Preisanfrage", "Was kostet das?", STRANGER, {"To": "liste@x.example"}, None),
        ("Anfrage", "Jetzt sparen", STRANGER, {"List-Unsubscribe": "<mailto:x@y>"}, None),
        ("Abwesenheitsnotiz: Anfrage", "Bin weg", STRANGER, {}, None),
        ("AW: Treffen", "Bis dann", STRANGER, {}, None),
        ("Neues", "x", "neu@autohaus-kern.example", {"List-Id": "<x.autohaus-kern.example>"}, None),
    ],
)
def test_of_strangers_only_what_may_concern_somebody_is_kept(
    owner: User, subject: str, text: str, sender: str, headers: dict[str, str], reason: str | None
) -> None:
    arrival = Arrival(actor=owner, now=NOW)
    raw = mail(subject, text, days=3, From=sender, **headers).as_bytes()
    import_mails(arrival, [parse_message(raw)])
    assert (arrival.unmatched, arrival.skipped) == ((1, 0) if reason else (0, 1))
    assert [row.reason for row in UnmatchedMail.objects.all()] == ([reason] if reason else [])


def test_what_answers_a_mail_that_waits_waits_beside_it(owner: User, tmp_path: Path) -> None:
    asked = mail("Anfrage Carport", "Was kostet das?", From=STRANGER, Message_ID="<A@neu.example>")
    more = mail("noch etwas", "Er soll grün sein.", days=1, From=STRANGER)
    more["References"] = "<A@neu.example>"
    taken(owner, boxed(tmp_path, asked, more))
    assert [row.reason for row in UnmatchedMail.objects.order_by("at")] == ["enquiry", "thread"]


def forward(text: str, *, sender: str = KERN, **headers: str) -> EmailMessage:
    at = (NOW - timedelta(days=3)).strftime("%d.%m.%Y %H:%M")
    head = f"Von: {sender}\nGesendet: {at}\nAn: {MAIL}\nBetreff: Tor\n"
    body = f"bitte ablegen\n\n{head}\n{text}"
    told = {"From": MAIL, "Message_ID": "<fwd@firma.example>"} | headers
    return mail("WG: Tor", body, days=1, **told)


def test_a_mail_that_we_forwarded_to_ourselves_is_theirs(owner: User, tmp_path: Path) -> None:
    assert counted(taken(owner, boxed(tmp_path, forward("Wir nehmen es.")))) == (1, 0, 0, 0)
    reply = Event.objects.get(kind="replied", payload__text="Wir nehmen es.")
    assert (reply.payload["subject"], reply.payload["note"]) == ("Tor", "bitte ablegen")
    assert reply.occurred_at.date() == (NOW - timedelta(days=3)).date()
    assert reply.came_in


@pytest.mark.parametrize("is_forwarded_first", [True, False])
def test_the_same_mail_by_both_ways_is_taken_once(
    owner: User, tmp_path: Path, *, is_forwarded_first: bool
) -> None:
    ways = [mail("Tor", "Wir nehmen es.", days=3), forward("Wir nehmen es.")]
    for one in reversed(ways) if is_forwarded_first else ways:
        taken(owner, boxed(tmp_path, one))
    assert Event.objects.filter(payload__text="Wir nehmen es.").count() == 1
    assert counted(taken(owner, boxed(tmp_path, *ways))) == (0, 2, 0, 0)


def test_both_ways_in_one_box_are_taken_once(owner: User, tmp_path: Path) -> None:
    box = boxed(tmp_path, forward("Wir nehmen es."), mail("Tor", "Wir nehmen es.", days=3))
    assert counted(taken(owner, box)) == (1, 1, 0, 0)


def test_what_we_forwarded_of_a_stranger_waits_with_our_note(owner: User, tmp_path: Path) -> None:
    taken(owner, boxed(tmp_path, forward("Was kostet es?", sender=STRANGER)))
    row = UnmatchedMail.objects.get()
    assert (row.reason, row.sender, row.text, row.note) == (
        "forwarded",
        "anna@neu.example",
        "Was kostet es?",
        "bitte ablegen",
    )


def test_what_taking_an_import_back_undid_comes_back_with_the_mail(
    owner: User, tmp_path: Path
) -> None:
    box = boxed(tmp_path, mail("Tor", "eins", days=3), mail("Tor", "zwei", days=2))
    taken(owner, box, run_of(owner))
    one, two = Event.objects.filter(payload__text__in=["eins", "zwei"]).order_by("pk")
    undone_again(one, key=f"{reverting_stem(one.pk)}#1", now=NOW).save()
    undo(actor=owner, now=NOW, key="mine", entry_id=two.pk)
    assert counted(taken(owner, box, run_of(owner))) == (1, 1, 0, 0)
    standing = Event.objects.filter(pk__in=[one.pk, two.pk]).standing()
    assert [event.pk for event in standing] == [one.pk]


def test_a_mailbox_without_our_address_tells_its_owner(owner: User, tmp_path: Path) -> None:
    other = "privat@freenet.de"
    box = boxed(
        tmp_path,
        mail("Tor", "Ja", days=3, To=other),
        mail("AW: Tor", "Gut.", days=2, From=other, To=KERN),
    )
    arrival = Arrival(actor=owner, now=NOW)
    assert other in import_mail_file(arrival, box, name="a.mbox")
    texts = Event.objects.filter(payload__text__in=["Ja", "Gut."]).order_by("occurred_at")
    assert [event.kind for event in texts] == ["replied", "touched"]


def test_a_newsletter_box_has_no_owner_of_ours(owner: User, tmp_path: Path) -> None:
    news = [
        mail(f"Nr. {n}", "Neu", days=n, From="news@shop.example", To="wer@weiss.example")
        for n in range(1, 4)
    ]
    arrival = Arrival(actor=owner, now=NOW)
    assert import_mail_file(arrival, boxed(tmp_path, *news), name="a.mbox") == {MAIL}
    assert counted(arrival) == (0, 0, 0, 3)


def test_hostile_headers_are_taken_in_too(owner: User, tmp_path: Path) -> None:
    many = ", ".join(f"x{n}@d{n}.example" for n in range(1_500))
    thread = " ".join(f"<{n}@x>" for n in range(900))
    mails = [mail("Tor", f"Nr. {n}", days=n + 1, Cc=many, References=thread) for n in range(3)]
    assert counted(taken(owner, boxed(tmp_path, *mails))) == (3, 0, 0, 0)


def test_the_key_of_a_mail_stays_what_it_was() -> None:
    assert mail_key("AbC@x.example") == "mail:abc@x.example"
