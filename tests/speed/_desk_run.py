"""Measure the desk in this process: `python -m tests.speed._desk_run pages 100000`."""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from statistics import median
from time import perf_counter

from nachhaken.project.starting import start_django

start_django()

from django.db import connection  # noqa: E402 - the settings come first
from django.test import Client  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402 - the settings come first

from nachhaken.desk import commands, queries  # noqa: E402
from nachhaken.desk.seeding import seed  # noqa: E402
from nachhaken.terms import Channel, StepKind  # noqa: E402

NOW = timezone.now()
OWNER = commands.create_owner(
    name="Katharina Brandt", mail="k@x.example", password="Treppenstufe-77", now=NOW
)
KEYS = count()


def pages(opportunities: int) -> None:
    """Print the time of each page in ms."""
    for _ in seed(opportunities, actor=OWNER, now=NOW):
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself within minutes
    selected = _today()
    tell("Opportunity", lambda: queries.opportunity(OWNER, selected, now=NOW))
    client = Client(SERVER_NAME="localhost")
    client.force_login(OWNER)
    sheet = f"/opportunities/{selected}/call"
    tell("Call sheet, served", lambda: client.get(sheet))
    tell("Call sheet to take along, served", lambda: client.get(f"{sheet}?whole=1"))
    vague = {"result": "later_vague", "step": "call", "key": "k", "when": "nach Ostern"}
    tell("What a result would change", lambda: client.post(f"{sheet}/changes", vague))
    tell("Mail page, served", lambda: client.get(f"/opportunities/{selected}/mail"))
    tell("Inbox", lambda: queries.inbox(OWNER))
    tell("Outbox", lambda: queries.post(OWNER, now=NOW))
    tell("Opportunities, open", lambda: queries.opportunity_list(OWNER))
    tell("Opportunities, search", lambda: queries.opportunity_list(OWNER, search="mueller 123"))
    _feed(client)
    tell("Prospects", lambda: queries.prospect_list(OWNER))
    tell("Offers", lambda: queries.offer_list(OWNER, now=NOW))
    tell("Offers, expired", lambda: queries.offer_list(OWNER, now=NOW, state="expired"))
    tell("Offers, replaced", lambda: queries.offer_list(OWNER, now=NOW, state="revised"))
    tell("Weekly review", lambda: queries.review(OWNER, now=NOW))
    others = replace(queries.own_numbers(), margin=10, hour_eur=150)
    tell("What if, 100 matters", lambda: queries.what_if_numbers(OWNER, others, now=NOW))
    entry = queries.opportunity(OWNER, selected, now=NOW).offering.newest
    if entry:
        tell("Offer", lambda: queries.offer(OWNER, entry.entry_id, now=NOW))
    tell("Record a call", lambda: _call(selected))


def example() -> None:
    """Print the time of the import in s and of the pages in ms."""
    start = perf_counter()
    for _ in commands.load_example(actor=OWNER, now=NOW):
        pass
    print(f"import\t{perf_counter() - start}")
    selected = _today()
    tell("Opportunity", lambda: queries.opportunity(OWNER, selected, now=NOW))


def tell(name: str, ask: Callable[[], object]) -> None:
    """Print the median time of asking nine times, the first one not counted."""
    ask()
    times = []
    for _ in range(9):
        start = perf_counter()
        ask()
        times.append(1000 * (perf_counter() - start))
    print(f"{name}\t{median(times)}")


def _today() -> int:
    tell("Today", lambda: queries.today(OWNER, now=NOW))
    return queries.today(OWNER, now=NOW).rows[0].opportunity_id


def _feed(client: Client) -> None:
    """The first reading by a program and the ones after it: the whole of MOST_STEPS entries."""
    token = commands.make_feed(actor=OWNER, now=NOW, with_words=True)
    read = client.get(f"/calendar/{token}.ics")
    print(f"Entries in the feed\t{read.content.count(b'BEGIN:VEVENT')}")
    tell("Calendar feed of 2,000 steps", lambda: client.get(f"/calendar/{token}.ics"))


def _call(opportunity_id: int) -> None:
    commands.record_outcome(
        actor=OWNER,
        now=NOW,
        key=f"{next(KEYS)}",
        opportunity_id=opportunity_id,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        text="Wir warten noch auf die Bank.",
    )


if __name__ == "__main__":
    if sys.argv[1] == "pages":
        pages(int(sys.argv[2]))
    else:
        example()
