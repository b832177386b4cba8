"""Files that come in: once is as good as twice, and what a person did is not overrun."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, Opportunity, Plan, UnmatchedMail, User
from nachhaken.desk.records import decode
from nachhaken.example import render
from nachhaken.terms import OutcomeKind, StepKind
from nachhaken.timeline import JobFinished
from tests import cast
from tests.cast import MAIL, NOW

pytestmark = pytest.mark.django_db

HEADER = "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Projekt;Netto;Status;Stunden"
KERN = "AN-1;1;02.11.2026;Autohaus Kern;Markus Kern;m.kern@autohaus-kern.example;Schiebetor Hof"


@pytest.fixture
def owner() -> User:
    return cast.owner()


def table(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def taken(actor: User, raw: bytes, name: str = "angebote.csv") -> commands.Imported:
    return commands.import_file(raw=raw, name=name, actor=actor, now=NOW)


def mail(subject: str, text: str, *, days: float = 3, **headers: str) -> bytes:
    message = EmailMessage()
    named = {
        "From": "Markus Kern <m.kern@autohaus-kern.example>",
        "To": MAIL,
        "Message-ID": f"<{days}@autohaus-kern.example>",
    }
    sent = (NOW - timedelta(days=days)).astimezone(UTC)
    given = {key.replace("_", "-"): value for key, value in headers.items()}
    for key, value in (named | {"Subject": subject} | given).items():
        message[key] = value
    message["Date"] = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
    message.set_content(text)
    return message.as_bytes()


def test_a_row_becomes_an_offer_with_its_work(owner: User) -> None:
    done = taken(owner, table(f"{KERN};14.800,00;offen;2,5"))
    assert (done.new, done.same, done.changed, done.faults) == (1, 0, 0, ())
    plan = Plan.objects.get()
    assert (plan.amount_cents, plan.offer_sent_on, plan.effort_minutes) == (
        1_480_000,
        date(2026, 11, 2),
        150,
    )
    person = Opportunity.objects.get().person
    assert person is not None
    assert (person.name, person.mail) == ("Markus Kern", "m.kern@autohaus-kern.example")


def test_importing_twice_changes_nothing(owner: User) -> None:
    files = render(NOW.date())
    order = sorted(files, key=lambda name: not name.endswith((".csv", ".xlsx")))
    first = [taken(owner, files[name], name) for name in order]
    events = list(Event.objects.order_by("pk").values())
    mails = UnmatchedMail.objects.count()
    pages = [queries.opportunity(owner, pk, now=NOW) for pk in _some()]
    again = [taken(owner, files[name], name) for name in order]
    assert sum(done.new for done in first) > 300
    assert [(done.new, done.changed, done.unmatched) for done in again] == [(0, 0, 0)] * len(again)
    assert list(Event.objects.order_by("pk").values()) == events
    assert UnmatchedMail.objects.count() == mails
    assert [queries.opportunity(owner, pk, now=NOW) for pk in _some()] == pages


def _some() -> list[int]:
    return list(Opportunity.objects.order_by("pk").values_list("pk", flat=True)[:20])


def test_a_row_that_was_decided_meanwhile_closes(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;2,5"))
    done = taken(owner, table(f"{KERN};14.800,00;Auftrag;2,5"))
    assert (done.new, done.changed, done.same) == (0, 1, 0)
    assert Opportunity.objects.get().outcome == OutcomeKind.WON
    taken(owner, table(f"{KERN};14.800,00;offen;2,5"))
    assert Opportunity.objects.get().outcome == ""
    taken(owner, table(f"{KERN};14.800,00;Auftrag;2,5"))
    assert Opportunity.objects.get().outcome == OutcomeKind.WON


def test_a_changed_amount_takes_the_place_of_the_old_one(owner: User) -> None:
    for amount, expected in (("14.800,00", 1_480_000), ("13.900,00", 1_390_000)) * 2:
        taken(owner, table(f"{KERN};{amount};offen;2,5"))
        assert Plan.objects.get().amount_cents == expected
    assert queries.offer_list(owner, now=NOW).total == 1


def test_the_versions_of_one_number_are_one_opportunity(owner: User) -> None:
    second = KERN.replace("AN-1;1;02", "AN-1;2;16")
    taken(owner, table(f"{KERN};14.800,00;zurückgezogen;", f"{second};12.000,00;offen;"))
    row = Opportunity.objects.get()
    assert row.outcome == ""
    assert Plan.objects.get().offer_version == 2


def test_what_a_person_took_back_stays_taken_back(owner: User) -> None:
    raw = table(f"{KERN};14.800,00;Auftrag;2,5")
    taken(owner, raw)
    closed = Event.objects.get(kind="closed")
    commands.undo(actor=owner, now=NOW, key="k", entry_id=closed.pk)
    assert taken(owner, raw).same == 1
    assert Opportunity.objects.get().outcome == ""


def test_a_row_with_a_fault_is_told_and_the_others_are_taken(owner: User) -> None:
    bad = KERN.replace("02.11.2026", "12.13.2026").replace("AN-1", "AN-2")
    done = taken(owner, table(f"{KERN};14.800,00;offen;", f"{bad};1,00;offen;"))
    assert done.new == 1
    assert done.faults == ("Zeile 3: „12.13.2026“ ist kein Datum.",)
    (fault,) = queries.inbox(owner).faults
    assert (fault.kind, fault.detail) == ("import", "1 Zeile blieb liegen")
    commands.dismiss_import(actor=owner, now=NOW, run_id=fault.id)
    assert queries.inbox(owner).faults == ()


def test_a_reply_finds_its_offer_and_is_read(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;"))
    text = "Wir haben uns für einen günstigeren Anbieter entschieden."
    done = taken(owner, mail("AW: Angebot AN-1", text), "a.eml")
    assert (done.kind, done.new) == ("eml", 1)
    (reply,) = queries.inbox(owner).replies
    assert reply.prospect == "Autohaus Kern"
    assert reply.reading.intent == "no"


def test_a_reply_dated_ahead_of_the_clock_has_come_now(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;0"))
    taken(owner, mail("AW: AN-1", "Passt, bitte beauftragen.", days=-2), "reply.eml")
    assert Event.objects.get(kind="replied").occurred_at == NOW
    assert Plan.objects.get().kind == StepKind.CONFIRM


def test_an_objection_in_one_matter_ends_contact_in_the_others(owner: User) -> None:
    second = KERN.replace("AN-1;1", "AN-2;1").replace("Schiebetor Hof", "Geländer Büro")
    taken(owner, table(f"{KERN};14.800,00;offen;0", f"{second};900,00;offen;0"))
    taken(owner, mail("AW: AN-1", "Rufen Sie hier nie wieder an!"), "reply.eml")
    assert [plan.due for plan in Plan.objects.all()] == [None, None]


def test_what_is_named_a_mailbox_is_told_to_be_none(owner: User) -> None:
    with pytest.raises(commands.UnreadableError, match="Postfach"):
        taken(owner, b"hallo\n", "kein.mbox")


def test_our_own_mail_is_a_touch_and_an_answer_is_one_too(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;"))
    ours = {"From": MAIL, "To": "m.kern@autohaus-kern.example"}
    taken(owner, mail("Angebot AN-1", "Ist alles angekommen?", days=9, **ours), "a.eml")
    taken(owner, mail("AW: Angebot AN-1", "Ja. Geht es auch in Grün?", days=5), "b.eml")
    answer = mail(
        "AW: Angebot AN-1",
        "Gern.",
        days=4,
        In_Reply_To="<5@autohaus-kern.example>",
        **ours,
    )
    taken(owner, answer, "c.eml")
    touched = Event.objects.filter(kind="touched").order_by("occurred_at")
    assert [event.payload["step"] for event in touched] == ["mail", "answer"]
    assert queries.inbox(owner).replies[0].opportunity_id == Opportunity.objects.get().pk


def test_a_stranger_who_asks_waits_for_a_person_and_others_are_passed_over(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;"))
    stranger = {"From": "Anna Neu <anna@neu.example>"}
    done = taken(owner, mail("Anfrage Treppe", "Bitte anrufen.", days=1, **stranger), "a.eml")
    assert (done.new, done.unmatched, done.skipped) == (0, 1, 0)
    news = mail("Unser Newsletter im Herbst", "Neu im Sortiment!", days=2, **stranger)
    done = taken(owner, news, "b.eml")
    assert (done.new, done.unmatched, done.skipped) == (0, 0, 1)
    assert [row.sender for row in UnmatchedMail.objects.all()] == ["anna@neu.example"]


def test_a_meeting_with_somebody_known_is_noted_and_moves(owner: User) -> None:
    taken(owner, table(f"{KERN};14.800,00;offen;"))
    for day, new in (("20261126", 1), ("20261127", 0)):
        done = taken(owner, _calendar(day), "termine.ics")
        assert (done.new, done.changed) == (new, 1 - new)
    met = [e for e in queries.opportunity(owner, 1 + _first(), now=NOW).entries if "Ort" in e.title]
    assert [entry.at.date() for entry in met] == [date(2026, 11, 27)]


def _first() -> int:
    return Opportunity.objects.earliest("pk").pk - 1


def _calendar(day: str) -> bytes:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//x//y//DE",
            "BEGIN:VEVENT",
            "UID:1@x",
            f"DTSTAMP:{day}T080000Z",
            f"DTSTART:{day}T100000Z",
            f"DTEND:{day}T110000Z",
            "SUMMARY:Ortstermin Schiebetor",
            "ATTENDEE:mailto:m.kern@autohaus-kern.example",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    ).encode()


@pytest.mark.parametrize(
    ("raw", "name"), [(b"", "a.csv"), (b"%PDF-1.7 \x00\x01", "a.pdf"), (b"!BDN....", "a.pst")]
)
def test_a_file_that_is_none_of_these_gets_a_sentence(owner: User, raw: bytes, name: str) -> None:
    with pytest.raises(commands.UnreadableError, match=name):
        taken(owner, raw, name)
    assert not Event.objects.exists()


def test_the_example_waits_for_its_owner(settings: object) -> None:
    done = list(commands.load_example(actor=None, now=datetime(2026, 11, 24, 8, tzinfo=UTC)))
    assert sum(one.new for one in done) > 300
    owner = cast.owner()
    assert set(Opportunity.objects.values_list("owner", flat=True)) == {owner.pk}
    page = queries.today(owner, now=NOW)
    assert len(page.rows) >= 10
    assert page.replies_total >= 3
    waiting = queries.inbox(owner).faults
    assert [(row.title, row.detail) for row in waiting] == [
        ("Veronika Gschwendtner", "Anfrage Hoftor und Gartentür")
    ]
    assert UnmatchedMail.objects.get().reason == "enquiry"


def test_a_mail_that_was_put_in_the_wrong_place_is_put_in_another(owner: User) -> None:
    kern, yildiz = (cast.settle(one, actor=owner).pk for one in (cast.SILENT, cast.DECIDER))
    petra, first = "Petra Neu <neu@lang.example>", "<a@lang.example>"
    begun = mail("Anfrage Tor", "Wir melden uns.", From=petra, Message_ID=first)
    taken(owner, begun, "a.eml")
    row = UnmatchedMail.objects.get()

    def put(where: int, key: str) -> commands.Change:
        return commands.assign_mail(
            actor=owner, now=NOW, key=key, mail_id=row.pk, opportunity_id=where
        )

    wrong = put(kern, "wrong")
    commands.undo(actor=owner, now=NOW, key="undo", entry_id=wrong.entry_id)
    put(yildiz, "right")
    replies = Event.objects.filter(kind="replied", came_in=True, payload__subject="Anfrage Tor")
    assert [event.opportunity_id for event in replies.standing()] == [yildiz]
    # What follows in the thread goes where the person put its beginning.
    answer = mail("Anfrage Tor", "Wir nehmen es.", days=1, From=petra, In_Reply_To=first)
    taken(owner, answer, "b.eml")
    followed = Event.objects.get(payload__text="Wir nehmen es.")
    assert followed.opportunity_id == yildiz
    assert taken(owner, begun, "a.eml").same == 1


def test_a_mail_that_was_put_in_its_place_is_answered_by_its_name_as_written(owner: User) -> None:
    kern = cast.settle(cast.SILENT, actor=owner).pk
    petra = "Petra Neu <neu@lang.example>"
    taken(owner, mail("Anfrage Tor", "Ja?", From=petra, Message_ID="<AbC@Lang.example>"), "a.eml")
    row = UnmatchedMail.objects.get()
    commands.assign_mail(actor=owner, now=NOW, key="k", mail_id=row.pk, opportunity_id=kern)
    reply = Event.objects.get(kind="replied", came_in=True, payload__text="Ja?")
    assert reply.payload["message_id"] == "AbC@Lang.example"


def test_finished_jobs_come_along_and_change_with_the_table(owner: User) -> None:
    def raw(*cells: str) -> bytes:
        header = f"{HEADER};Stunden geplant;Stunden gebraucht;Gerne wieder"
        return "\n".join([header, ";".join((KERN, "14.800,00", *cells))]).encode()

    taken(owner, raw("Auftrag", "2,5", "40", "", ""))
    assert taken(owner, raw("Auftrag", "2,5", "40", "", "")).same == 1
    done = taken(owner, raw("Auftrag", "2,5", "40", "52", "ja"))
    assert (done.new, done.changed) == (0, 1)
    (job,) = Event.objects.filter(kind="job_finished").standing()
    fact = decode(JobFinished, job.payload)
    assert (fact.planned_minutes, fact.worked_minutes, fact.again) == (2_400, 3_120, True)
    taken(owner, raw("offen", "2,5", "40", "52", "ja"))
    assert not Event.objects.filter(kind="job_finished").standing()
