"""How the rules read the labelled replies; `python -m tests.corpus.reading.tally` stores the count.

Only replies whose group begins with "held-" or "second" count. The "held-" ones were written after
the rows of tables/intents.toml, the "second" ones before those of tables/constructions.toml; no
row was changed for what it got wrong there. The others served to write the rows, and counting them
would flatter the rules. Who widens the rows needs new held replies.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nachhaken.reading import Reading, Window, read
from nachhaken.reading.confusion import TABLE
from nachhaken.terms import Intent

REPLIES = Path(__file__).with_name("replies.jsonl")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One reply with what a careful reader found in it."""

    id: str
    text: str
    reference: date
    region: str
    intent: Intent
    callback: Window | None
    condition: str | None
    group: str

    @property
    def is_held(self) -> bool:
        """Whether the rules were written without a look at it."""
        return self.group.startswith("held-")

    def read(self) -> Reading:
        """What the rules make of it."""
        return read(self.text, reference=self.reference, region=self.region)


def labelled(path: Path = REPLIES) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        window = row["callback"]
        yield Labelled(
            id=row["id"],
            text=row["text"],
            reference=date.fromisoformat(row["reference"]),
            region={"de-AT": "AT", "de-CH": "CH"}.get(row["lang"], "DE"),
            intent=Intent(row["intent"]),
            callback=window and Window(*map(date.fromisoformat, (window["start"], window["end"]))),
            condition=row["condition"],
            group=row.get("group", ""),
        )


def counts() -> Counter[tuple[Intent, Intent]]:
    """How often each true intent was read as each intent, over the held replies."""
    return Counter((one.intent, one.read().intent) for one in labelled() if one.is_held)


def rows() -> list[tuple[str, str, int]]:
    counted = counts()
    return [(true, said, counted[true, said]) for true in Intent for said in Intent]


def store() -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("true", "read", "count"))
        writer.writerows(rows())


if __name__ == "__main__":
    store()
