"""The life of an import: looked at, taken in once, resumed, and nothing left lying about."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from nachhaken.desk import commands, incoming, queries
from nachhaken.desk.models import ColumnProfile, Event, ImportRun, Opportunity, Plan, User
from nachhaken.desk.pages_imports import ImportPage, Stage
from nachhaken.sources.faults import Fault, say
from tests import cast
from tests.cast import NOW
from tests.desk.looked import GRUBER, KERN, lying_about, received, table, taken
from tests.desk.test_imports import mail

pytestmark = pytest.mark.django_db
OFFERS = table(f"{KERN};14.800,00;offen;2,5", f"{GRUBER};7.900,00;offen;")


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


def seen(owner: User, pk: int) -> ImportPage:
    return queries.import_page(owner, pk, now=NOW)


def test_a_look_changes_nothing_and_taking_in_does_what_it_said(owner: User) -> None:
    pk = received(owner, OFFERS, "../angebote.csv")
    page = seen(owner, pk)
    assert (page.row.stage, page.row.name) == (Stage.SEEN, "angebote.csv")
    assert page.look is not None
    assert (page.look.new, page.look.same, page.look.left_out) == (2, 0, 0)
    fields = {column.header: column.field for column in page.look.columns}
    assert (fields["Kunde"], fields["Netto"]) == ("customer", "net")
    assert not Event.objects.exists()
    assert commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    assert commands.take_in(pk, now=NOW)
    page = seen(owner, pk)
    assert (page.row.stage, page.row.new, page.row.faults) == (Stage.DONE, 2, 0)
    assert Plan.objects.count() == Opportunity.objects.count() == 2
    assert set(Event.objects.values_list("run", flat=True)) == {pk}


def test_a_file_that_is_dropped_twice_waits_once(owner: User) -> None:
    first = received(owner, OFFERS, "angebote.csv")
    assert received(owner, OFFERS, "angebote (1).csv") == first
    assert received(owner, OFFERS + b"\n", "angebote.csv") != first
    assert ImportRun.objects.count() == 2
    assert len({run.file for run in ImportRun.objects.all()}) == 2


def test_the_first_rows_are_shown_as_they_are_read(owner: User) -> None:
    look = seen(owner, received(owner, OFFERS)).look
    assert look is not None
    first = dict(zip(look.heads, look.first[0], strict=True))
    assert (first["Kunde"], first["Betrag netto"]) == ("Autohaus Kern", "14.800")


def test_a_faulty_row_is_told_with_its_place_and_can_be_mended(owner: User) -> None:
    bad = GRUBER.replace("05.11.2026", "12.13.2026")
    raw = table(f"{KERN};14.800,00;offen;", f"{bad};=1+1;offen;")
    pk = received(owner, raw)
    look = seen(owner, pk).look
    assert look is not None
    assert [(fault.row, fault.column) for fault in look.faults] == [(3, "Datum"), (3, "Netto")]
    assert "12.13.2026" in look.faults[0].reason
    run = taken(owner, raw)
    assert run.new == 1
    (sentence,) = run.faults  # one row with two faults is one row
    assert "12.13.2026" in sentence
    assert "=1+1" in sentence
    _name, left = queries.left_rows(owner, run.pk)
    text = left.decode("utf-8-sig")
    assert "Zimmerei Gruber" in text
    assert "'=1+1" in text
    assert "Autohaus Kern" not in text
    mended = text.replace("12.13.2026", "05.11.2026").replace("'=1+1", "7.900,00")
    assert taken(owner, mended.encode(), "offen.csv").new == 1
    assert Opportunity.objects.count() == 2


def test_what_was_made_harmless_for_a_spreadsheet_comes_back_as_it_was(owner: User) -> None:
    header = "Angebot;Datum;Kunde;Ansprechpartner;Telefon;Projekt;Netto"
    row = "AN-1;12.13.2026;-Kern-;Markus Kern;+49 8024 1234;=Tor;1.000,00"
    run = taken(owner, table(row, header=header))
    left = queries.left_rows(owner, run.pk)[1].decode("utf-8-sig")
    assert "'-Kern-;Markus Kern;'+49 8024 1234;'=Tor" in left
    mended = left.replace("12.13.2026", "05.11.2026")
    assert taken(owner, mended.encode(), "offen.csv").new == 1
    place = Opportunity.objects.get()
    assert (place.prospect.name, place.title) == ("-Kern-", "=Tor")
    assert place.person is not None
    assert place.person.phone == "+49 8024 1234"


def test_a_column_is_mapped_by_hand_and_remembered(owner: User) -> None:
    header = "Nr.;Wann;Wer;Summe X"
    raw = table("7;02.11.2026;Autohaus Kern;14.800,00", header=header)
    pk = received(owner, raw)
    look = seen(owner, pk).look
    assert look is not None
    mapping = {0: "number", 1: "sent_on", 2: "customer", 3: "net"}
    commands.set_columns(
        actor=owner, now=NOW, run_id=pk, about="offers", mapping=mapping, profile="Meine Liste"
    )
    look = seen(owner, pk).look
    assert look is not None
    assert {column.index: column.field for column in look.columns} | mapping == mapping
    assert ColumnProfile.objects.get().name == "Meine Liste"
    later = raw.replace(b"7;02", b"8;03")
    again = seen(owner, received(owner, later)).look
    assert again is not None
    assert (again.profile, again.new, again.missing) == ("Meine Liste", 1, "")
    run = taken(owner, later)
    assert (run.new, Plan.objects.get().amount_cents) == (1, 1_480_000)


def test_a_missing_column_is_asked_for(owner: User) -> None:
    pk = received(owner, table("Autohaus Kern;14.800,00", header="Kunde;Netto"))
    look = seen(owner, pk).look
    assert look is not None
    assert look.missing == say(Fault(file="angebote.csv", code="missing_sent_on"))
    assert [column.header for column in look.columns] == ["Kunde", "Netto"]


def test_who_clicks_twice_imports_once(owner: User) -> None:
    pk = received(owner, OFFERS)
    assert commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    assert not commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    assert commands.take_in(pk, now=NOW)
    assert commands.take_in(pk, now=NOW)
    assert Event.objects.filter(kind="offer_sent").count() == 2
    with pytest.raises(commands.NotFoundError):
        commands.confirm_import(actor=owner, now=NOW, run_id=pk)


def test_the_same_file_is_refused_while_it_runs(owner: User) -> None:
    first = received(owner, OFFERS)
    commands.confirm_import(actor=owner, now=NOW, run_id=first)
    second = received(owner, OFFERS)
    with pytest.raises(commands.AlreadyRunningError):
        commands.confirm_import(actor=owner, now=NOW, run_id=second)
    commands.take_in(first, now=NOW)
    assert commands.confirm_import(actor=owner, now=NOW, run_id=second)


def test_nobody_takes_in_what_another_process_is_at(owner: User) -> None:
    pk = received(owner, OFFERS)
    commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    run = ImportRun.objects.get(pk=pk)
    with incoming.worked_on(run.file) as is_mine:
        assert is_mine
        assert not commands.take_in(pk, now=NOW)
        assert seen(owner, pk).row.stage is Stage.RUNNING
    assert seen(owner, pk).row.stage is Stage.STOPPED  # whoever was at it is gone
    assert commands.take_in(pk, now=NOW)
    assert seen(owner, pk).row.new == 2


def test_an_upload_is_for_the_one_who_made_it(owner: User) -> None:
    pk = received(owner, OFFERS)
    colleague = cast.colleague()
    with pytest.raises(commands.NotFoundError):
        commands.confirm_import(actor=colleague, now=NOW, run_id=pk)
    with pytest.raises(commands.NotFoundError):
        seen(colleague, pk)
    commands.drop_upload(actor=colleague, run_id=pk)
    assert queries.import_list(colleague, now=NOW).waiting == ()
    assert [row.id for row in queries.import_list(owner, now=NOW).waiting] == [pk]


def test_nothing_lies_about_longer_than_it_is_needed(owner: User) -> None:
    run = taken(owner, OFFERS)
    assert lying_about() == []
    pk = received(owner, OFFERS)
    commands.drop_upload(actor=owner, run_id=pk)
    assert lying_about() == []
    received(owner, OFFERS)
    commands.clear_uploads(now=NOW + timedelta(hours=23))
    assert lying_about() != []
    commands.clear_uploads(now=NOW + timedelta(hours=25))
    assert lying_about() == []
    assert list(ImportRun.objects.values_list("pk", flat=True)) == [run.pk]


def test_left_out_rows_go_when_their_time_is_over(owner: User) -> None:
    bad = GRUBER.replace("05.11.2026", "12.13.2026")
    taken(owner, table(f"{KERN};14.800,00;offen;", f"{bad};1,00;offen;"))
    assert len(lying_about()) == 1
    commands.clear_uploads(now=NOW + timedelta(days=31))
    assert lying_about() == []


def test_what_is_no_table_is_refused_and_forgotten(owner: User) -> None:
    pk = received(owner, b"\x89PNG\r\n\x1a\n" + bytes(64), "bild.png")
    page = seen(owner, pk)
    assert page.row.stage is Stage.REFUSED
    assert page.look is not None
    assert "bild.png" in page.look.refused
    with pytest.raises(commands.NotFoundError):
        commands.confirm_import(actor=owner, now=NOW, run_id=pk)


def test_a_full_disk_leaves_nothing_behind(owner: User) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"Kunde;Datum\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(incoming.DiskFullError):
        commands.receive_file(actor=owner, now=NOW, name="a.csv", chunks=chunks())
    assert lying_about() == []
    assert not ImportRun.objects.exists()


def test_a_large_table_is_looked_at_in_the_background(owner: User) -> None:
    rows = io.StringIO()
    for number in range(12_000):
        rows.write(f"AN-{number};1;02.11.2026;Kunde {number};;;Tor {number} {'x' * 40};1,00;;\n")
    pk = received(owner, table(rows.getvalue()))
    assert seen(owner, pk).row.stage is Stage.LOOKING
    commands.look_at(pk)
    look = seen(owner, pk).look
    assert look is not None
    assert look.new == 12_000
    assert not Event.objects.exists()


def test_a_file_that_vanished_is_told(owner: User) -> None:
    pk = received(owner, OFFERS)
    commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    incoming.forget(ImportRun.objects.get(pk=pk).file)
    commands.take_in(pk, now=NOW)
    page = seen(owner, pk)
    assert page.row.stage is Stage.FAILED
    assert "noch einmal" in page.sentences[0]
    assert not Event.objects.exists()


def test_a_file_that_outlived_its_import_is_deleted(owner: User) -> None:
    run = taken(owner, table(f"{KERN};14.800,00;offen;"))
    incoming.path_of(run.file).write_bytes(b"killed before it could be deleted")
    assert commands.take_in(run.pk, now=NOW)
    assert lying_about() == []


class Killed(BaseException):
    """The process ends here."""


def test_what_was_killed_between_two_pieces_counts_each_mail_once(
    owner: User, tmp_path: Path
) -> None:
    taken(owner, OFFERS)
    box = tmp_path / "post.mbox"
    mails = [mail("AW: Angebot AN-1", f"Wort {n}", days=n) for n in range(1, 120)]
    lines = (b"From x Thu Nov 12 10:00:00 2026\n" + raw + b"\n" for raw in [*mails, mails[0]])
    box.write_bytes(b"".join(lines))

    def killed(stage: str, done: int, total: int) -> None:
        if stage == "read" and done == total > 0:  # before the last piece
            raise Killed

    with pytest.raises(Killed):
        commands.import_path(path=box, name=box.name, actor=owner, now=NOW, progress=killed)
    assert Event.objects.filter(kind="replied").count() == 100
    done = commands.import_path(path=box, name=box.name, actor=owner, now=NOW)
    assert (done.new, done.same) == (119, 1)


def test_what_was_left_behind_goes_on(owner: User) -> None:
    pk = received(owner, OFFERS)
    commands.confirm_import(actor=owner, now=NOW, run_id=pk)
    assert commands.resume_imports() == 1
    commands.take_in(pk, now=NOW)
    assert commands.resume_imports() == 0
    Plan.objects.all().delete()  # as if the process had died while planning
    incoming.Note(ImportRun.objects.get(pk=pk).file)("plan", 0, 2)
    assert seen(owner, pk).row.stage is Stage.PLANNING
    assert commands.resume_imports() == 1
    commands.take_in(pk, now=NOW)
    assert Plan.objects.count() == 2
    assert seen(owner, pk).row.stage is Stage.DONE
