"""One import of a made-up mailbox into an empty desk of 300 known people; prints what it took."""

import base64
import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from time import perf_counter, process_time

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
PEOPLE = 300
OWN = "k.brandt@metallbau-brandt.example"
SAID = (
    "vielen Dank. Wir müssen das im Haus noch besprechen, bitte fragen Sie im Januar nach.",
    "das Tor passt so, bitte bestellen Sie das Material. Die Anzahlung geht morgen hinaus.",
    "leider haben wir uns für einen anderen Anbieter entschieden, der Preis war ausschlaggebend.",
    "der Bauantrag ist noch nicht durch. Sobald der Bescheid da ist, melden wir uns.",
    "können Sie das Geländer auch in Anthrazit liefern, und was würde das zusätzlich kosten?",
    "ich bin bis Ende des Monats im Urlaub. Danach sehe ich mir alles in Ruhe an.",
)
HISTORY = "".join(
    f"> Sehr geehrte Damen und Herren, Zeile {n} des Angebots über Treppe, Tor und Geländer.\n"
    for n in range(40)
)
HTML = (
    '<html><head><style>p {{margin: 0}}</style></head><body><div dir="ltr"><p>Guten Tag,</p>'
    '<p>{said}</p><p>Viele Gr&uuml;&szlig;e<br>{name}</p></div><div class="gmail_quote">'
    '<div class="gmail_attr">Am Mo., 2. Nov. 2026 um 08:00 Uhr schrieb wir:</div><blockquote>'
    "<table>{rows}</table></blockquote></div></body></html>"
)
ROWS = "<tr><td>Position</td><td><b>Treppe</b></td><td>1.234,50 &euro;</td></tr>" * 60


def main(mails: int, size: int) -> None:
    """Make the desk and the file, take it in, and print the figures."""
    _settle()
    box = Path(os.environ["NACHHAKEN_DATA"]) / "Posteingang.mbox"
    with box.open("wb") as out:
        for one in _mails(mails, size):
            out.write(one)
    print(json.dumps(_taken(box)))


def _settle() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "nachhaken.project.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from nachhaken.desk.commands import create_owner, import_file

    owner = create_owner(name="Katharina Brandt", mail=OWN, password="ein langes Kennwort", now=NOW)
    lines = ["Angebot;Datum;Kunde;Ansprechpartner;E-Mail;Projekt;Netto"]
    lines += [
        f"AN-{1000 + n};02.03.2026;Kunde {n} GmbH;P. {n};person@kunde{n}.example;Tor {n};9.800,00"
        for n in range(PEOPLE)
    ]
    import_file(raw="\n".join(lines).encode(), name="angebote.csv", actor=owner, now=NOW)


def _mails(mails: int, size: int) -> Iterator[bytes]:
    rng = Random(7)
    for n in range(mails):
        at = NOW - timedelta(days=250) + timedelta(minutes=n * (249 * 24 * 60 // mails))
        yield b"From - Mon Nov  2 08:00:00 2026\n" + _mail(rng, n, at, size // mails) + b"\n"


def _mail(rng: Random, n: int, at: datetime, size: int) -> bytes:
    who = n * 7 % PEOPLE
    kind = rng.random()
    theirs, ours = f"Person {who} <person@kunde{who}.example>", f"Katharina Brandt <{OWN}>"
    pair = (theirs, ours) if kind < 0.5 else (ours, theirs)
    if kind > 0.65:
        pair = (f"Laden {n} <news{n}@laden{n % 900}.example>", ours)
    head = {
        "From": pair[0], "To": pair[1], "Date": format_datetime(at), "MIME-Version": "1.0",
        "Message-ID": f"<{n}@mail.example>", "Subject": f"AW: Angebot AN-{1000 + who}, Tor {who}",
    }  # fmt: skip
    if kind > 0.65:
        head |= {"Subject": "Neues im November", "List-Unsubscribe": "<mailto:ab@laden.example>"}
    if n >= PEOPLE:
        head["In-Reply-To"] = f"<{n - PEOPLE}@mail.example>"
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    return lines.encode() + _body(rng, who, size or _attached(rng))


def _attached(rng: Random) -> int:
    """One mail in twenty has a file of 20 kB to 3 MB."""
    return int(20_000 * 150 ** rng.random()) if rng.random() < 0.05 else 0


def _body(rng: Random, who: int, size: int) -> bytes:
    said, name = rng.choice(SAID), f"Person {who}"
    charset = rng.choice(("utf-8", "utf-8", "iso-8859-1", "windows-1252"))
    plain = f"Guten Tag,\n\n{said}\n\nViele Grüße\n{name}\nTel. 08024 555 {who}\n\n"
    plain += f"Am 02.11.2026 um 08:00 schrieb Katharina Brandt:\n{HISTORY}"
    text = (
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n{plain}\n"
    )
    parts = [text.encode(charset)]
    if rng.random() < 0.4:
        markup = HTML.format(said=said, name=name, rows=ROWS)
        coded = base64.encodebytes(markup.encode()).decode()
        lead = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        parts.append(f"{lead}{coded}".encode())
        parts = [_joined("alternative", parts, mark="a")]
    if size:
        lead = (
            'Content-Type: application/pdf; name="Plan.pdf"\nContent-Transfer-Encoding: base64\n\n'
        )
        parts.append(lead.encode() + base64.encodebytes(rng.randbytes(size * 3 // 4)))
        return _joined("mixed", parts, mark="m")
    return parts[0]


def _joined(kind: str, parts: list[bytes], *, mark: str) -> bytes:
    sign = f"--{mark}\n".encode()
    lead = f"Content-Type: multipart/{kind}; boundary={mark}\n\n".encode()
    return lead + b"".join(sign + part for part in parts) + f"--{mark}--\n".encode()


def _taken(box: Path) -> dict[str, float]:
    from nachhaken.desk.commands.arriving import Arrival
    from nachhaken.desk.commands.import_mails import import_mail_file
    from nachhaken.desk.planning import replan_prospects

    arrival = Arrival(actor=None, now=NOW)
    start, spent = perf_counter(), process_time()
    import_mail_file(arrival, box, name=box.name)
    taken = perf_counter()
    replan_prospects(arrival.prospects, now=NOW)
    end = perf_counter()
    return {
        "seconds": end - start,
        "taking": taken - start,
        "planning": end - taken,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "megabytes": box.stat().st_size / 1e6,
        "new": arrival.new,
        "skipped": arrival.skipped,
        "unmatched": arrival.unmatched,
        "processor": process_time() - spent,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
