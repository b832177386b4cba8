"""Tables of every kind into the desk: what comes of a row, and that a look foretells it."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nachhaken.desk import commands
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_tables import import_table
from nachhaken.desk.models import (
    Blocked,
    Event,
    Filled,
    ImportRun,
    Opportunity,
    Person,
    Prospect,
    User,
)
from nachhaken.sources.tables import About, read_table
from nachhaken.terms import OutcomeKind
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).parents[1] / "corpus" / "tables"
COUNTS = ("new", "same", "changed", "skipped", "doubtful", "objecting")


@pytest.fixture
def owner() -> User:
    return cast.owner()


def run_of(owner: User) -> ImportRun:
    return ImportRun.objects.create(name="a.csv", kind="csv", at=NOW, actor=owner)


def taken(owner: User, raw: bytes, name: str = "a.csv", **asked: object) -> Arrival:
    """Look first: it must foretell what then comes."""
    table = read_table(raw, name, about=asked.get("about"))  # type: ignore[arg-type]
    before = (Event.objects.count(), Prospect.objects.count(), Person.objects.count())
    looked = Arrival(actor=owner, now=NOW)
    import_table(looked, table, dry_run=True)
    assert (Event.objects.count(), Prospect.objects.count(), Person.objects.count()) == before
    arrival = Arrival(actor=owner, now=NOW, run=run_of(owner))
    import_table(arrival, table)
    assert counts(looked)[:5] == counts(arrival)[:5]
    assert looked.faults == arrival.faults
    return arrival


def counts(arrival: Arrival) -> tuple[int, ...]:
    return tuple(getattr(arrival, name) for name in COUNTS)


def corpus(owner: User, name: str) -> Arrival:
    return taken(owner, (CORPUS / name).read_bytes(), name)


def kinds(title: str) -> list[str]:
    rows = Event.objects.filter(opportunity__title=title).order_by("occurred_at", "pk")
    return list(rows.values_list("kind", flat=True))


def test_a_deal_without_an_offer_begins_and_one_that_was_offered_has_its_offer(owner: User) -> None:
    done = corpus(owner, "pipedrive-deals-de.csv")
    assert (done.new, done.same, done.changed, done.faults) == (4, 0, 0, [])
    assert kinds("Tor Hof") == ["opened"]
    assert kinds("Treppe Süd") == ["opened", "offer_sent"]
    assert kinds("Zaun") == ["opened", "offer_sent", "closed"]
    closed = Event.objects.get(kind="closed", opportunity__title="Zaun")
    assert closed.payload["no_reason"] == "price"
    assert closed.occurred_at.date() == date(2026, 6, 15)


@pytest.mark.parametrize("name", sorted(file.name for file in CORPUS.glob("*.*")))
def test_every_table_twice_is_the_same_as_once(owner: User, name: str) -> None:
    if name.endswith(".toml"):
        return
    first = corpus(owner, name)
    events = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    parties = (Prospect.objects.count(), Person.objects.count(), Filled.objects.count())
    again = corpus(owner, name)
    assert (again.new, again.changed) == (0, 0)
    assert again.same == first.new + first.changed + first.same
    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == events
    assert (Prospect.objects.count(), Person.objects.count(), Filled.objects.count()) == parties
    assert not Event.objects.filter(run=None).exists()


def test_a_deal_that_moved_on_gets_its_offer_later(owner: User) -> None:
    header = b"Deal - ID,Deal - Titel,Deal - Organisation,Deal - Phase,Deal - Deal erstellt\n"
    taken(owner, header + b"1,Tor,Kern,Qualifiziert,2026-11-01 08:00:00\n")
    assert kinds("Tor") == ["opened"]
    done = taken(owner, header + b"1,Tor,Kern,Angebot gemacht,2026-11-01 08:00:00\n")
    assert (done.new, done.changed) == (0, 1)
    assert kinds("Tor") == ["opened", "offer_sent"]


def opened(owner: User, **given: object) -> Opportunity:
    asked = {"prospect": "Autohaus Kern", "title": "Schiebetor Hof", "number": "AN-1"} | given
    key = sha256(f"{asked}".encode()).hexdigest()[:20]
    change = commands.create_opportunity(actor=owner, now=NOW, key=key, **asked)  # type: ignore[arg-type]
    return Opportunity.objects.get(pk=change.opportunity_id or 0)


def test_what_was_opened_by_hand_under_this_number_is_the_same_matter(owner: User) -> None:
    row = opened(owner, amount_cents=1_480_000)
    raw = b"Angebot;Datum;Kunde;Netto;Status\nAN-1;02.11.2026;Autohaus Kern;14.800,00;Auftrag\n"
    done = taken(owner, raw)
    assert (done.new, done.changed, Opportunity.objects.count()) == (0, 1, 1)
    assert Event.objects.filter(kind="offer_sent", opportunity=row).count() == 1
    commands.replan([row.pk], now=NOW)
    row.refresh_from_db()
    assert row.outcome == OutcomeKind.WON
    assert taken(owner, raw).same == 1


def test_the_same_number_of_another_customer_is_another_matter(owner: User) -> None:
    opened(owner)
    taken(owner, b"Angebot;Datum;Kunde\nAN-1;02.11.2026;Metzgerei Lang\n")
    assert Opportunity.objects.count() == 2


def test_a_deal_of_the_title_that_the_desk_has_is_no_twin(owner: User) -> None:
    row = opened(owner, number="")
    raw = b"Deal - ID,Deal - Title,Deal - Organization\n1,schiebetor hof,Autohaus Kern\n"
    assert taken(owner, raw).same == 1
    assert list(Opportunity.objects.all()) == [row]
    two = raw + b"2,Schiebetor Hof,Autohaus Kern\n"
    assert taken(owner, two).new == 1
    assert taken(owner, two).same == 2


def test_the_name_of_a_merged_twin_leads_to_the_one_that_was_kept(owner: User) -> None:
    kept, gone = opened(owner).prospect, opened(owner, prospect="Kern Automobile").prospect
    Prospect.objects.filter(pk=gone.pk).update(merged_into=kept)
    taken(owner, b"Angebot;Datum;Kunde\nAN-9;02.11.2026;Kern Automobile\n")
    assert Event.objects.get(payload__number="AN-9").prospect == kept


def test_the_number_of_a_house_becomes_that_of_who_turns_out_to_have_it(owner: User) -> None:
    house = b"Firma;Telefon\nKern GmbH;08025 555 1\n"
    people = "Firma;Ansprechpartner;E-Mail;Telefon\nKern GmbH;{};{};08025 555 1\n"
    taken(owner, house, about=About.CONTACTS)
    taken(owner, people.format("Rosa Kern", "rosa@kern.example").encode(), about=About.CONTACTS)
    taken(owner, people.format("Max Kern", "max@kern.example").encode(), about=About.CONTACTS)
    taken(owner, house, about=About.CONTACTS)
    found = Person.objects.order_by("pk").values_list("name", "mail")
    assert list(found) == [("Rosa Kern", "rosa@kern.example"), ("Max Kern", "max@kern.example")]


def test_contacts_complete_who_is_known_and_say_what_differs(owner: User) -> None:
    row = opened(owner, person="Markus Kern", mail="m.kern@kern.example", phone="08025 555 1")
    head = "Vorname;Nachname;Firma;E-Mail;Telefon;Position;Anrede;Straße;PLZ;Ort\n"
    who = "Markus;Kern;Autohaus Kern;m.kern@kern.example;08025 555 2"
    line = f"{who};Chef;Herr;Hofweg 1;83714;Miesbach\n"
    done = taken(owner, (head + line).encode())
    person = Person.objects.get()
    assert (done.new, done.changed, done.doubtful) == (0, 1, 1)
    assert done.faults == [
        "Zeile 2: Für Markus Kern ist die Nummer 08025 555 1 bekannt; sie bleibt."
    ]
    assert (person.role, person.salutation, person.phone) == ("Chef", "herr", "08025 555 1")
    assert Prospect.objects.get().address == "Hofweg 1\n83714 Miesbach"
    assert set(Filled.objects.values_list("table", "field", "after")) == {
        ("person", "role", "Chef"),
        ("person", "salutation", "herr"),
        ("prospect", "address", "Hofweg 1\n83714 Miesbach"),
        ("prospect", "place", "Miesbach"),
    }
    assert row.prospect_id in done.prospects


def test_numbers_are_dialled_from_everywhere(owner: User) -> None:
    corpus(owner, "centralstation-kontakte.csv")
    assert Person.objects.get().phone == "+49 8031 55577"


def test_who_wants_no_contact_in_the_table_is_not_contacted(owner: User) -> None:
    corpus(owner, "hubspot-contacts-en.csv")
    (event,) = Event.objects.filter(kind="opted_out")
    assert event.person is not None
    assert event.person.mail == "j.suess@gross.example"
    commands.undo(actor=owner, now=NOW, key="u", entry_id=event.pk)
    corpus(owner, "hubspot-contacts-en.csv")
    assert not Event.objects.filter(kind="opted_out").standing().exists()


def test_who_is_on_the_block_list_is_heeded_and_foretold(owner: User) -> None:
    row = opened(owner, person="Markus Kern", mail="m.kern@kern.example")
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=row.prospect_id)
    assert Blocked.objects.exists()
    raw = "Angebot;Datum;Kunde;E-Mail\nB-1;02.11.2026;Kern Neu;m.kern@kern.example\n"
    Person.objects.update(mail="")
    table = read_table(raw.encode(), "a.csv")
    looked = Arrival(actor=owner, now=NOW)
    import_table(looked, table, dry_run=True)
    assert looked.objecting == 1
    import_table(Arrival(actor=owner, now=NOW), table)
    assert Event.objects.filter(kind="opted_out", prospect__name="Kern Neu").exists()


def test_activities_find_their_matter(owner: User) -> None:
    corpus(owner, "pipedrive-deals-de.csv")
    done = corpus(owner, "pipedrive-activities-de.csv")
    assert (done.new, done.skipped, done.doubtful) == (2, 1, 0)
    call = Event.objects.get(kind="touched")
    assert (call.payload["channel"], call.payload["reached"]) == ("call", True)
    assert call.payload["text"] == "Sie prüft noch.\nMeldet sich nächste Woche."
    assert call.person is not None
    assert Event.objects.get(kind="met").payload["title"] == "Aufmaß vor Ort"
    assert set(
        Event.objects.filter(kind__in=["met", "touched"]).values_list(
            "opportunity__title", flat=True
        )
    ) == {"Treppe Süd"}


def test_activities_without_a_matter_are_doubtful(owner: User) -> None:
    done = corpus(owner, "aktivitaeten.csv")
    assert (done.new, done.doubtful) == (0, 3)
    assert done.faults[0] == (
        "Zeile 2: Zu „Bräu Tölz“ gibt es keinen Vorgang; der Eintrag fehlt deshalb."
    )
    opened(owner, prospect="Bräu Tölz", title="Treppe", number="1")
    assert [event.kind for event in _activities(owner)] == ["touched", "replied", "mentioned"]
    opened(owner, prospect="Bräu Tölz", title="Tor", number="2")
    assert corpus(owner, "aktivitaeten.csv").doubtful == 3


def _activities(owner: User) -> list[Event]:
    corpus(owner, "aktivitaeten.csv")
    rows = Event.objects.filter(source_key__startswith="activity:")
    return list(rows.order_by("occurred_at"))


@pytest.mark.parametrize("seed", range(6))
def test_a_look_foretells_what_comes_of_any_table(owner: User, seed: int) -> None:
    random = Random(seed)
    for about in (About.OFFERS, About.OPPORTUNITIES, About.CONTACTS, About.ACTIVITIES) * 2:
        taken(owner, _any_table(random, about), about=about)


def test_a_look_foretells_across_the_blocks(owner: User) -> None:
    taken(owner, _any_table(Random(1), About.CONTACTS, rows=1_100), about=About.CONTACTS)


def _any_table(random: Random, about: About, rows: int = 30) -> bytes:
    heads = {
        About.OFFERS: "Angebot;Datum;Kunde;Ort;E-Mail;Ansprechpartner;Netto;Status;Stunden",
        About.OPPORTUNITIES: "Deal ID;Erstellt am;Firma;Ort;E-Mail;Kontakt;Betrag;Phase;Projekt",
        About.CONTACTS: "Firma;Ort;E-Mail;Ansprechpartner;Telefon;Position;Anrede;PLZ;Straße",
        About.ACTIVITIES: "Datum;Art;Kunde;E-Mail;Ansprechpartner;Betreff;Richtung;Projekt;Notiz",
    }
    return "\n".join(
        [heads[about], *(";".join(_any_row(random, about)) for _ in range(rows))]
    ).encode()


def _any_row(random: Random, about: About) -> tuple[str, ...]:
    one = random.choice
    customer = one(["Müller", "Mueller", "Kern", "Bräu Tölz", "Öttl", "Weiß GmbH"])
    place = one(["", "Tölz", "Miesbach"])
    mail = one(["", "a@a.example", "b@b.example", "c@c.example"])
    person = one(["", "Rosa Huber", "Markus Kern"])
    day = f"{random.randint(1, 20)}.{one(['09', '10'])}.2026"
    match about:
        case About.OFFERS:
            return (
                one(["", "1", "2", "3"]),
                day,
                customer,
                place,
                mail,
                person,
                one(["", "100", "2.500,00"]),
                one(["offen", "Auftrag", "Absage"]),
                one(["", "2"]),
            )
        case About.OPPORTUNITIES:
            return (
                str(random.randint(1, 25)),
                one(["", day]),
                customer,
                place,
                mail,
                person,
                one(["", "100"]),
                one(["neu", "Angebot versendet", "gewonnen", "verloren"]),
                one(["Tor", "Treppe"]),
            )
        case About.CONTACTS:
            return (
                one(["", customer]),
                place,
                mail,
                person or "X",
                one(["", "08024 5551", "0171 5552"]),
                one(["", "Chef", "Leitung"]),
                one(["", "Frau"]),
                "83646",
                one(["", "Hofweg 1"]),
            )
        case About.ACTIVITIES:
            return (
                day, one(["Anruf", "Mail", "Termin", "Notiz", "Aufgabe"]), customer, mail, person,
                one(["A", "B"]), one(["", "eingehend"]), one(["", "Tor"]), one(["", "Text"]),
            )  # fmt: skip


def test_a_large_table_takes_few_queries(owner: User) -> None:
    rows = [f"N-{n};02.11.2026;Kunde {n};k{n}@x.example" for n in range(400)]
    raw = "\n".join(["Angebot;Datum;Kunde;E-Mail", *rows]).encode()
    table = read_table(raw, "a.csv")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        import_table(Arrival(actor=owner, now=NOW), table)
    assert len(asked) < 60
    assert Opportunity.objects.count() == 400
