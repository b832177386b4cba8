"""A desk on which much came in: imports in each state, a mailbox with troubles, twins, a talk."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from nachhaken.desk import commands, incoming
from nachhaken.desk.models import (
    CalendarAccount,
    CalendarRead,
    ImportRun,
    MailAccount,
    MailFolder,
    Opportunity,
    Prospect,
    UnmatchedMail,
    User,
)
from nachhaken.desk.sealing import seal
from nachhaken.sources.transcript import read_transcript

LONG = "Gemeinnützige Wohnungsbaugenossenschaft Oberbergischer Kreis eG"
FILE = "Angebotsliste Metallbau Brandt, Stand Ende November 2026 (neu, berichtigt).csv"
DAY = timedelta(days=1)
_HEADER = "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Projekt;Netto;Status;Stunden\n"
_OFFERS = (
    f"AN-71;1;02.11.2026;{LONG};Dr. Maximiliane Freifrau von Hohenstein;m@wbg.example;"
    "Brandschutztüren und Absturzsicherungen, Bauabschnitt 3;1.214.800,00;offen;2,5\n"
    "AN-72;1;05.11.2026;Zimmerei Gruber;Lena Gruber;lena@gruber.example;Carport;7.400,00;offen;\n"
    "AN-73;1;12.13.2026;Zimmerei Gruber;Lena Gruber;lena@gruber.example;Tor;2.100,00;offen;\n"
    "AN-74;1;06.11.2026;;;;Geländer;viel;offen;\n"
)
_CARDS = "BEGIN:VCARD\nVERSION:3.0\nFN:Rosa Huber\nORG:Alpenblick\nEMAIL:r@h.example\nEND:VCARD\n"
_MAILS = (
    "From - x\nMessage-ID: <9@lang.example>\nDate: Mon, 16 Nov 2026 09:00:00 +0000\n"
    "From: H. Lang <h.lang@web.de>\nTo: katrin@brandt.example\nSubject: Re: Angebot\n\nGern.\n"
)
_TALK = (
    "WEBVTT\n\n00:00:00.000 --> 00:01:02.000\n<v Katrin Brandt>Wie steht es um das Tor?</v>\n\n"
    "00:01:02.000 --> 00:01:40.000\n"
    "<v Dr. Maximiliane Freifrau von Hohenstein>Rufen Sie mich im Januar wieder an.</v>\n"
)


def imports(owner: User) -> Mapping[str, str]:
    """An import in each state, by its address."""
    now = timezone.now()
    stopped = _received(owner, _OFFERS.replace("AN-", "B-"), "vom Steuerberater.csv")
    ImportRun.objects.filter(pk=stopped).update(state=ImportRun.State.RUNNING)
    failed = _received(owner, _OFFERS.replace("AN-", "C-"), "export.csv")
    said = ["Der Tisch war gerade beschäftigt. Bitte versuchen Sie es noch einmal."]
    ImportRun.objects.filter(pk=failed).update(state=ImportRun.State.FAILED, faults=said)
    gone = _taken(owner, _OFFERS.replace("AN-", "D-"), "versehentlich.csv")
    commands.revert_import(actor=owner, now=now, run_id=gone)
    done = _taken(owner, _OFFERS, FILE)
    planning = _taken(owner, _OFFERS.replace("AN-", "E-"), "hubspot-deals.csv")
    incoming.Note(ImportRun.objects.get(pk=planning).file)("plan", 1_240, 50_000)
    table = _received(owner, _OFFERS.replace("AN-", "F-"), FILE)
    cards = _received(owner, _CARDS, "Adressbuch.vcf")
    mails = _received(owner, _MAILS, "Posteingang.mbox")
    refused = _received(owner, "\x89PNG\r\n\x1a\n" + "\0" * 64, "bild.png")
    runs = {
        "table to take": table, "cards to take": cards, "mails to take": mails,
        "refused": refused, "stopped": stopped, "failed": failed, "planning": planning,
        "taken": done, "taken back": gone,
    }  # fmt: skip
    pages = {f"import {name}": f"/imports/{pk}/" for name, pk in runs.items()}
    return pages | {"import": "/import/", "imports": "/imports/",
                    "import to take back": f"/imports/{done}/reversal"}  # fmt: skip


def troubled_mailbox(owner: User) -> MailAccount:
    """A mailbox with a folder in each state, the worst one first."""
    now = timezone.now()
    MailAccount.objects.filter(user=owner).delete()
    account = MailAccount.objects.create(
        user=owner, address="katrin@brandt.example", username="katrin", secret=seal("x"),
        smtp_host="localhost", imap_host="imap.brandt.example", set_at=now - 9 * DAY,
        checked_at=now - DAY,
    )  # fmt: skip
    old = now - timedelta(hours=5)
    add_folder(account, "INBOX", at=old, fault="login", held=1_284, kept=312, skipped=970)
    add_folder(account, "Gesendet", at=now, held=640, kept=640, missing="7:9", is_sent=True)
    add_folder(account, "Kunden/" + LONG, at=now, held=12, kept=9, unmatched=2, faulty=1)
    add_folder(account, "Spam", at=None)
    return account


def well_mailbox(owner: User) -> MailAccount:
    """The same, read and compared a minute ago."""
    account = troubled_mailbox(owner)
    now = timezone.now()
    account.folders.filter(name="Spam").delete()
    account.folders.update(fault="", missing="", fetched_at=now, compared_at=now)
    return account


def add_folder(account: MailAccount, name: str, *, at: datetime | None, **other: object) -> None:
    given: dict[str, object] = {
        "fetched_at": at, "compared_at": at, "last_mail_at": at and at - timedelta(hours=3),
        "uid_validity": 1, "last_uid": 4_000,
    }  # fmt: skip
    MailFolder.objects.create(account=account, name=name, **(given | other))


def twins(owner: User) -> Mapping[str, str]:
    """Who is twice there: a pair that waits, one that was merged, one that is two."""
    now = timezone.now()
    made = [
        Prospect.objects.get(pk=_opened(owner, name, place=place, person=person, mail=mail))
        for name, place, person, mail in (
            (LONG, "Gummersbach", "Dr. Maximiliane Freifrau von Hohenstein", "m@wbg.example"),
            (LONG.replace("eG", "e. G."), "Gummersbach", "Max. von Hohenstein", "mvh@wbg.example"),
            ("Metallbau Huber GmbH", "Miesbach", "Rosa Huber", "rosa@huber.example"),
            ("Huber Metallbau", "Miesbach", "R. Huber", "info@huber.example"),
            ("Bäckerei Weiß", "Lenggries", "Anna Weiß", "anna@weiss.example"),
            ("Bäckerei K. Weiß", "Lenggries", "Karl Weiß", "karl@weiss.example"),
        )
    ]
    (first, second), huber, weiss = made[:2], made[2:4], made[4:]
    commands.merge_prospects(
        actor=owner, now=now, key="merge", kept_id=huber[0].pk, gone_id=huber[1].pk
    )
    commands.keep_apart(actor=owner, now=now, table="prospect", one=weiss[0].pk, other=weiss[1].pk)
    return {
        "twins": "/twins/",
        "twin": f"/twins/prospect/{first.pk}/{second.pk}",
        "house that may be twice": f"/prospects/{first.pk}/",
        "merged house": f"/prospects/{huber[0].pk}/",
    }


def talked(owner: User, pk: int) -> None:
    """A talk with its transcript in the history."""
    commands.record_transcript(
        actor=owner, now=timezone.now(), key="talk", opportunity_id=pk,
        transcript=read_transcript(_TALK.encode()), ours=["Katrin Brandt"],
        agreement=commands.Agreement(
            by="Dr. Maximiliane Freifrau von Hohenstein", on=date(2026, 1, 5), how="gefragt"
        ),
        at=timezone.now() - timedelta(hours=2),
    )  # fmt: skip


def calendars(owner: User) -> None:
    """Two calendars that are read, one of them with a fault."""
    now = timezone.now()
    account, _is_new = CalendarAccount.objects.update_or_create(
        user=owner,
        defaults={
            "address": "https://cloud.example", "username": "katrin", "set_at": now,
            "url": "https://cloud.example/a/", "name": "Arbeit",
        },
    )  # fmt: skip
    for name, fault in (("Termine", ""), ("Baustellen und Montage, gemeinsam mit Jonas", "login")):
        CalendarRead.objects.create(
            account=account, url=f"https://cloud.example/{name}/", name=name, fault=fault,
            read_at=now - timedelta(minutes=9), entries=["a.ics", "b.ics"],
        )  # fmt: skip


def doubtful_mail(pk: int) -> None:
    """A mail of somebody unknown who names a known offer and house."""
    house = Opportunity.objects.get(pk=pk)
    domain = house.person.mail.partition("@")[2] if house.person else ""
    UnmatchedMail.objects.create(
        source_key="mail:doubtful", at=timezone.now() - timedelta(hours=1),
        sender_name="Ferdinand-Alexander Schachtschneider-Obermüller",
        sender=f"sekretariat@{domain}",
        subject=f"Re: {house.title} – Rückfragen der Eigentümergemeinschaft zur Ausführung",
        text="Wie besprochen hätten wir das Geländer gern in Anthrazit. " * 4,
    )  # fmt: skip


def _opened(owner: User, prospect: str, **known: str) -> int:
    change = commands.create_opportunity(
        actor=owner, now=timezone.now() - 20 * DAY, key=prospect, prospect=prospect,
        title="Brandschutztüren und Absturzsicherungen, Bauabschnitt 3", amount_cents=48_000_00,
        **known,  # type: ignore[arg-type]
    )  # fmt: skip
    return change.prospect_id


def _received(owner: User, text: str, name: str) -> int:
    raw = (_HEADER + text if name.endswith(".csv") else text).encode()
    return commands.receive_file(actor=owner, now=timezone.now(), name=name, chunks=[raw])


def _taken(owner: User, text: str, name: str) -> int:
    pk = _received(owner, text, name)
    ImportRun.objects.filter(pk=pk).update(state=ImportRun.State.RUNNING)
    commands.take_in(pk, now=timezone.now())
    return pk
