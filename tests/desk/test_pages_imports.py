"""The pages of the imports: drop, look, map, take in, mend, take back; all without script."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, incoming, queries
from nachhaken.desk.models import ColumnProfile, Event, ImportRun, Opportunity, User
from tests.desk.looked import GRUBER, KERN, table
from tests.desk.test_imports import mail

pytestmark = pytest.mark.django_db
OFFERS_OF = f"{GRUBER};7,00;offen;"
OFFERS = table(f"{KERN};14.800,00;offen;2,5", f"{GRUBER.replace('05.11.', '12.13.')};7,00;offen;")


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


def html(response: object) -> str:
    content: bytes = response.content  # type: ignore[attr-defined]
    return " ".join(content.decode().split())


def dropped(desk: Client, raw: bytes = OFFERS, name: str = "angebote.csv") -> str:
    answer = desk.post("/import/", {"file": SimpleUploadedFile(name, raw)})
    assert answer.status_code == 302, html(answer)
    return str(answer.headers["Location"])


def test_a_file_is_looked_at_taken_in_and_taken_back(desk: Client) -> None:
    address = dropped(desk)
    text = html(desk.get(address))
    assert "12.13.2026" in text
    assert "So sind die Spalten verstanden" in text
    assert not Event.objects.exists()
    assert "wird eingelesen" not in text
    assert desk.post(f"{address}taking").headers["Location"] == address
    assert desk.post(f"{address}taking").headers["Location"] == address
    run = ImportRun.objects.get()
    with incoming.worked_on(run.file):
        moving = html(desk.get(address))
    assert "im Hintergrund" in moving
    assert "hx-get" in moving
    commands.take_in(run.pk, now=timezone.now())
    done = html(desk.get(address))
    assert "Eingelesen." in done
    # Once, with a button that takes it back at once.
    assert "„angebote.csv“ ist eingelesen." in done
    assert f'action="{address}return"' in done
    assert "ist eingelesen" not in html(desk.get(address))
    assert "Zeile 3: " in done
    assert "Autohaus Kern" in html(desk.get("/opportunities/"))
    assert "angebote.csv" in html(desk.get("/import/"))
    assert "Das geht" in html(desk.get(f"{address}reversal"))
    back = html(desk.post(f"{address}reversal", follow=True))
    assert "Zurückgenommen" in back
    assert "Autohaus Kern" not in html(desk.get("/opportunities/"))
    assert "Autohaus Kern" not in html(desk.get("/prospects/"))


def test_mails_that_are_dropped_together_are_one_import(desk: Client) -> None:
    dropped(desk)
    mails = [mail("AW: Angebot AN-1", f"Wort {n}", days=n + 1) for n in range(120)]
    files = [SimpleUploadedFile(f"Mail {n}.eml", raw) for n, raw in enumerate(mails)]
    address = desk.post("/import/", {"file": files}).headers["Location"]
    assert "<h1>120 Mails</h1>" in html(desk.get(address))
    mixed = [*files[:2], SimpleUploadedFile("liste.csv", OFFERS + b"\n")]
    for file in mixed:
        file.seek(0)
    assert desk.post("/import/", {"file": mixed}).headers["Location"] == "/import/"
    assert set(ImportRun.objects.order_by("-pk").values_list("name", flat=True)[:2]) == {
        "2 Mails",
        "liste.csv",
    }


def test_the_page_says_how_many_files_go_at_once(desk: Client) -> None:
    assert "höchstens 1000 Dateien" in html(desk.get("/import/"))


def test_the_rest_of_a_table_is_handed_out_as_a_table(desk: Client) -> None:
    address = dropped(desk)
    desk.post(f"{address}taking")
    commands.take_in(ImportRun.objects.get().pk, now=timezone.now())
    answer = desk.get(f"{address}left.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "Zimmerei Gruber" in answer.content.decode("utf-8-sig")
    assert desk.get(f"{address[:-2]}99/left.csv").status_code == 404


def test_columns_are_mapped_and_remembered(desk: Client) -> None:
    address = dropped(desk, table("7;02.11.2026;Autohaus Kern;14,00", header="A;B;C;D"), "x.csv")
    chosen = {"about": "offers", "c0": "number", "c1": "sent_on", "c2": "customer", "c3": "net"}
    given = {**chosen, "profile": "Meine Liste", "keep": "1"}
    text = html(desk.post(f"{address}columns", given, follow=True))
    assert "Autohaus Kern" in text
    assert ColumnProfile.objects.get().name == "Meine Liste"
    refused = desk.post(f"{address}columns", {**chosen, "c0": "nonsense"})
    assert refused.status_code == 422


def test_several_files_wait_for_a_yes(desk: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", OFFERS + b"\n" * n) for n in range(3)]
    text = html(desk.post("/import/", {"file": files}, follow=True))
    assert "Wartet auf Sie" in text
    assert ImportRun.objects.count() == 3
    pk = ImportRun.objects.latest("pk").pk
    desk.post(f"/imports/{pk}/removal")
    assert ImportRun.objects.count() == 2


def test_people_wait_before_matters_and_matters_before_mails(desk: Client, owner: User) -> None:
    files = {
        "mail.eml": mail("Tor", "Danke."),
        "angebote.csv": OFFERS,
        "leute.csv": b"Firma;Vorname;Nachname;E-Mail\nKern;Markus;Kern;kern@x.example\n",
    }
    for name, raw in files.items():
        dropped(desk, raw, name)
    page = queries.import_list(owner, now=timezone.now())
    assert [row.name for row in page.waiting] == ["leute.csv", "angebote.csv", "mail.eml"]
    assert [row.about for row in page.waiting] == ["contacts", "offers", ""]


def test_what_is_no_table_is_refused_in_words(desk: Client) -> None:
    address = dropped(desk, b"\x89PNG\r\n\x1a\n" + bytes(64), "bild.png")
    assert "bild.png" in html(desk.get(address))
    assert "Andere Datei" in html(desk.get(address))


def test_an_interrupted_import_offers_to_go_on(desk: Client, owner: User) -> None:
    address = dropped(desk)
    ImportRun.objects.update(state=ImportRun.State.RUNNING)
    text = html(desk.get(address))
    assert "unterbrochen" in text
    assert "Fortsetzen" in text
    assert "unterbrochen" in html(desk.get("/imports/"))


def test_the_empty_list_teaches(desk: Client) -> None:
    assert "Noch nichts eingelesen" in html(desk.get("/imports/"))
    assert desk.get("/imports/7/").status_code == 404
    assert not Opportunity.objects.exists()


def test_what_waits_is_looked_at_again_when_another_file_came_in(desk: Client) -> None:
    first, second = dropped(desk), dropped(desk, OFFERS + b"\n", "noch-einmal.csv")
    (run, waiting) = ImportRun.objects.order_by("pk")

    def new_ones() -> int:
        page = desk.get(second).context["page"]
        return int(page.look.new)

    assert new_ones() == 1
    desk.post(f"{first}taking")
    commands.take_in(run.pk, now=timezone.now())
    assert waiting.name in html(desk.get(first))  # and its page leads to what waits
    assert new_ones() == 0


def test_a_row_with_two_faults_is_one_row_on_every_page(desk: Client) -> None:
    address = dropped(desk, table(f"{KERN};viel;offen;2,5".replace("02.11.", "12.13."), OFFERS_OF))
    assert "Eine Zeile bleibt liegen" in html(desk.get(address))
    desk.post(f"{address}taking")
    commands.take_in(ImportRun.objects.get().pk, now=timezone.now())
    text = html(desk.get(address))
    assert "Eine Zeile blieb liegen" in text
    assert "Zeile 2: „12.13.2026“ ist kein Datum. „viel“ ist kein Betrag." in text
    assert "1 Zeile blieb liegen" in html(desk.get("/import/"))


def test_taking_back_a_list_of_contacts_names_the_contacts(desk: Client) -> None:
    raw = b"Firma;Vorname;Nachname;E-Mail\nKern;Markus;Kern;kern@x.example\n"
    address = dropped(desk, raw, "leute.csv")
    desk.post(f"{address}taking")
    commands.take_in(ImportRun.objects.get().pk, now=timezone.now())
    text = html(desk.get(f"{address}reversal"))
    assert "<dt>neue Kontakte</dt><dd>1</dd>" in text
    assert "Einträge" not in text
