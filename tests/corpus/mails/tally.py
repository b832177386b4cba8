"""How often the writer's own words come out exactly; `python -m tests.corpus.mails.tally` counts.

The rule that `expected` follows: what the writer typed for this mail, from the salutation to the
closing formula with the name line below it ("i. A." and the like count as part of the name), and
any postscript. Not: attribution lines, quoted or forwarded matter, what stands below the name or
below "-- ", lines of devices and apps, small print, warnings that a mail server put on top.

Who wrote the rules wrote the mails too. Rounds 1 and 2 came before the rules (with those of before
108 of 120 and 26 of 30 came out), the later ones each after what the round before had taught:
34 of 40, 36 of 40, 38 of 40, 26 of 30 and 30 of 30 came out when they were new. That, and not
today's count, is what to expect of mails never seen.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nachhaken.sources.mail import parse_message
from nachhaken.sources.new_text import new_text

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the corpus: a text as a program shows it, or a whole message in bytes."""

    id: str
    client: str
    round: int
    text: str
    raw: bytes
    expected: str

    def said(self) -> str:
        """What the rules take for the writer's own words."""
        return parse_message(self.raw).new_text if self.raw else new_text(self.text)

    @property
    def is_right(self) -> bool:
        """Whether that is what it should be, however the blanks and line breaks stand."""
        return self.said().split() == self.expected.split()


def mails() -> Iterator[Mail]:
    """Yield the 120 mails of twelve programs, then the later rounds with many others."""
    for name in ("mails.jsonl", "more.jsonl"):
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
            yield _mail(json.loads(line))


def _mail(row: dict[str, Any]) -> Mail:
    return Mail(
        id=row["id"],
        client=row["client"],
        round=row["round"],
        text=row.get("text", ""),
        raw=(FOLDER / row["file"]).read_bytes() if "file" in row else b"",
        expected=row["expected"],
    )


def main() -> None:
    """Print the share of each client and of each round; with "-v" also what went wrong."""
    total, right = Counter[str](), Counter[str]()
    for mail in mails():
        for name in (mail.client if mail.round == 1 else "other programs", f"round {mail.round}"):
            total[name] += 1
            right[name] += mail.is_right
        if "-v" in sys.argv and not mail.is_right:
            print(f"{mail.id}\n  expected {mail.expected!r}\n  said     {mail.said()!r}")
    for name, count in sorted(total.items()):
        print(f"{name:22} {right[name]:3} of {count:3}  {right[name] / count:.3f}")


if __name__ == "__main__":
    main()
