"""A desk with a row in every table, its export as bytes, and a fresh desk to take it in."""

import shutil
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.apps import apps
from django.conf import settings
from django.db import connection

from nachhaken.desk import commands, models
from nachhaken.desk.documents import keep_document
from nachhaken.desk.models import Event, Opportunity, Person, Prospect, User
from nachhaken.desk.planning import replan
from nachhaken.desk.preferences import BLOCK_LIST_KEY
from nachhaken.desk.takeout.fields import TABLES, Table
from nachhaken.desk.takeout.whole import export_all
from nachhaken.terms import Channel, StepKind
from tests import cast
from tests.cast import NOW
from tests.desk import offered, sent

PDF = b"%PDF-1.7\n% ein Angebot"
DAY = timedelta(days=1)
ELSEWHERE = "another-secret-of-another-desk-which-is-long-and-random"


def owner(mail: str = cast.MAIL) -> User:
    return commands.create_owner(name="Katrin Brandt", mail=mail, password=cast.PASSWORD, now=NOW)


def full_desk() -> User:
    """Everything that can happen: done by commands where there is one, else written as rows."""
    user = owner()
    other = User.objects.create(username="jo@x.example", email="jo@x.example", first_name="Jo")
    rows = cast.settle_all(actor=user)
    row = rows["Pension Alpenblick"]
    commands.prefer(actor=user, now=NOW, company="Metallbau Brändt", margin=0.4)
    commands.give_consent(
        actor=user,
        now=NOW,
        key="c",
        opportunity_id=row.pk,
        words="Ja, rufen Sie im März an.",
        heard_on=Channel.CALL,
    )
    undone = commands.feel(actor=user, now=NOW, key="gut", opportunity_id=row.pk, dead_horse=True)
    commands.undo(actor=user, now=NOW, key="u", entry_id=undone.entry_id)
    commands.start_timer(actor=user, now=NOW, opportunity_id=row.pk)
    silent = rows["Autohaus Kern"]
    draft = offered.write(user, silent)
    offered.send(user, draft)
    offered.write(user, rows["Weingut Hallwachs"])
    sent.ended(user, rows["Praxis Dr. Yıldız"])
    keep_paper(user)
    _post(user, row)
    _arrived(user, other, row)
    _learnt(user)
    replan(Opportunity.objects.values_list("pk", flat=True), now=NOW)
    return user


def keep_paper(user: User) -> None:
    keep_document(PDF, name="Angebot: 7.pdf", media_type="application/pdf", actor=user, now=NOW)


def _post(user: User, row: Opportunity) -> None:
    for number, state in enumerate(("sent", "withdrawn", "refused")):
        models.Outgoing.objects.create(
            source_key=f"o{number}",
            opportunity=row,
            person=row.person,
            actor=user,
            message_id=f"m{number}@x.example",
            sender="k@x.example",
            recipient="huber@x.example",
            subject="Balkone",
            text="Grüß Gott",
            raw=b"Subject: Balkone\r\n\r\nGr\xc3\xbc\xc3\x9f Gott\r\n\x00",
            step="mail",
            beside=[{"kind": "gut_felt", "payload": {"dead_horse": True}}],
            state=state,
            queued_at=NOW,
            state_at=NOW,
        )
    models.Writing.objects.create(
        opportunity=row, author=user, slot="s", step="mail", text="Halb\nfertig", saved_at=NOW
    )
    account = models.MailAccount.objects.create(
        user=user, address="k@x.example", username="k", secret=b"sealed", smtp_host="h", set_at=NOW
    )
    models.MailFolder.objects.create(account=account, name="INBOX", taken="1:4", looked_for=b"\x01")
    calendar = models.CalendarAccount.objects.create(
        user=user, address="https://c.example", username="k", secret=b"sealed", set_at=NOW
    )
    models.CalendarRead.objects.create(account=calendar, url="https://c.example/a")
    models.CalendarItem.objects.create(
        account=calendar, opportunity=row, href="/a", fingerprint="f"
    )
    models.CalendarFeed.objects.create(user=user, token_sha256="f" * 64, made_at=NOW)
    models.Digest.objects.create(user=user, day=NOW.date(), state="sent", state_at=NOW)


def _arrived(user: User, other: User, row: Opportunity) -> None:
    run = models.ImportRun.objects.create(
        name="liste.xlsx",
        kind="xlsx",
        at=NOW,
        actor=other,
        state="running",
        mapping={"b": 1},
    )
    models.ImportRun.objects.create(
        name="gesehen.csv", kind="csv", at=NOW, actor=user, state="seen"
    )
    twin = Prospect(
        name="Pension Alpenblik",
        key="pension alpenblik|",
        created_at=NOW,
        run=run,
        merged_into=row.prospect,
    )
    twin.refold()
    twin.save()
    gone = Person.objects.create(
        prospect=row.prospect, name="R. Huber", mail="rosa@alt.example", merged_into=row.person
    )
    for table, kept, lost in (("prospect", row.prospect_id, twin.pk), ("person", 1, gone.pk)):
        models.Merger.objects.create(
            table=table,
            kept=kept,
            gone=lost,
            moved={"events": [1]},
            at=NOW,
            actor=user,
            source_key=f"merge {table}",
        )
    models.Apart.objects.create(table="prospect", first=1, second=2, at=NOW, actor=user)
    models.Filled.objects.create(run=run, table="person", row=1, field="phone", after="1")
    models.ColumnProfile.objects.create(
        name="Meine", about="offers", header="h", fields={"nr": "number"}, at=NOW, actor=user
    )
    models.UnmatchedMail.objects.create(
        source_key="u1", at=NOW, sender="wer@x.example", subject="=1+1", text="Hallo", run=run
    )
    models.SetAside.objects.create(
        source_key="a1",
        opportunity=row,
        actor=user,
        at=NOW,
        set_aside_at=NOW,
        why="closed",
        payload={"step": "call", "result": "later_vague"},
        about_event=row.events.earliest("pk"),
    )
    Event.objects.bulk_create(
        [
            Event(
                kind="met",
                prospect=row.prospect,
                opportunity=row,
                occurred_at=NOW - 9 * DAY,
                recorded_at=NOW,
                source_key="meeting",
                payload={"title": "=Aufmaß; bei\nHubers"},
                run=run,
            )
        ]
    )
    commands.decide(
        actor=user,
        now=NOW,
        key="d",
        opportunity_id=row.pk,
        chosen=StepKind.CALL,
    )


def _learnt(user: User) -> None:
    models.OwnScript.objects.create(
        key="own.1",
        scene="opening",
        voice="sie",
        language="de",
        text="Na?",
        author=user,
        set_at=NOW,
    )
    models.Lesson.objects.create(
        learnt_at=NOW,
        cases=1,
        fingerprint="f",
        parameters={"a": 1.5},
        policy=b"\x00\x01",
        report={"is_used": False},
    )
    models.Partner.objects.create(name="Schlosserei Maier", source_key="p1", at=NOW, actor=user)
    models.ReadingLayer.objects.create(
        owner=user, learnt_at=NOW, head=1, since=1, version="v", numbers=b"\x02", report={}
    )


def exported(user: User) -> bytes:
    return b"".join(export_all(user=user, now=NOW))


def parts(raw: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(raw)) as found:
        return {name: found.read(name) for name in found.namelist()}


def kept(tmp_path: Path, raw: bytes, name: str = "alles.zip") -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def forget_everything() -> None:
    """Leave nothing of the desk, neither rows nor files."""
    for label in ("desk", "account"):
        for model in apps.get_app_config(label).get_models():
            model._base_manager.all()._raw_delete(connection.alias)
    forget_files()


def files() -> list[Path]:
    """What lies in the folder of documents."""
    folder = Path(settings.DATA) / "documents"
    return [path for path in folder.rglob("*") if path.is_file()]


def forget_files() -> None:
    shutil.rmtree(Path(settings.DATA) / "documents", ignore_errors=True)


def fresh_desk(mail: str = cast.MAIL) -> User:
    """Another desk on another machine, with its first user."""
    forget_everything()
    settings.SECRET_KEY = ELSEWHERE
    return owner(mail)


def columns(table: Table) -> list[str]:
    return [f.attname for f in table.fields] + table.derived.split() + table.files.split()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that goes along; the key of the block list is named in the manifest."""
    found = {
        table.name: list(table.model._default_manager.order_by("pk").values(*columns(table)))
        for table in TABLES
    }
    found["preferences"] = [r for r in found["preferences"] if r["key"] != BLOCK_LIST_KEY]
    return found


def concluded() -> list[tuple[Any, ...]]:
    """Plans and readings."""
    plans: list[tuple[Any, ...]] = list(models.Plan.objects.order_by("pk").values_list())
    kept = models.ReadingCache.objects.order_by("event", "is_own")
    readings: list[tuple[Any, ...]] = list(kept.values_list("event", "payload"))
    return plans + readings
