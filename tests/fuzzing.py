"""Mails and tables made to hurt: seeded mutations, and a watch on time and memory.

`python -m tests.fuzzing mails 50000 1` runs 50,000 mails from seed 1 and prints what it found.
"""

import resource
import signal
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import FrameType

from nachhaken.reading import read
from nachhaken.sources.faults import Unreadable
from nachhaken.sources.forwarded import content_id, unwrapped
from nachhaken.sources.mail import MailMessage, parse_message
from nachhaken.sources.mailbox import MailFile
from nachhaken.sources.phones import phones_in
from nachhaken.sources.tables import read_table
from tests.fuzzing_mails import mutated_mail
from tests.fuzzing_tables import mutated_table

SECONDS = 2.0
MEGABYTES = 150
FALLBACK = datetime(2026, 11, 22, tzinfo=UTC)
_TRACED = 250  # every so many cases memory is traced, which is slow


class HangError(BaseException):
    """A case took longer than it may; no `except Exception` can swallow it."""


@dataclass(slots=True)
class Findings:
    """What a campaign found: kinds of faults with the first case of each, and the extremes."""

    cases: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_case: int = 0
    most_traced: int = 0
    faults: dict[str, list[int]] = field(default_factory=dict)

    def told(self) -> str:
        """Return the figures as a line, and each fault on one of its own."""
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        line = (
            f"{self.cases} cases, {self.refused} refused, slowest {self.slowest:.2f} s CPU "
            f"(case {self.slowest_case}), most traced {self.most_traced / 1e6:.0f} MB, "
            f"peak {rss} MB"
        )
        return "\n".join([line, *(f"{fault}: {seeds[:5]}" for fault, seeds in self.faults.items())])


def mails(cases: int, seed: int, *, bases: list[bytes]) -> Findings:
    """Read `cases` mutated mails, each made from its own number alone."""
    return _campaign(cases, seed, lambda rng: mutated_mail(rng, bases), _read_mail)


def tables(cases: int, seed: int) -> Findings:
    """Read `cases` mutated tables."""
    return _campaign(cases, seed, mutated_table, _read_table)


def _campaign(
    cases: int,
    seed: int,
    make: Callable[[Random], tuple[bytes, str]],
    use: Callable[[bytes, str, int], None],
) -> Findings:
    found = Findings()
    for case in range(seed * 1_000_000, seed * 1_000_000 + cases):
        raw, name = make(Random(case))
        _one(found, case, raw, name, use)
    return found


def _one(
    found: Findings, case: int, raw: bytes, name: str, use: Callable[[bytes, str, int], None]
) -> None:
    found.cases += 1
    is_traced = case % _TRACED == 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        with _watched(is_traced=is_traced, seconds=SECONDS * (4 if is_traced else 1)):
            use(raw, name, case)
    except Unreadable:
        found.refused += 1
    except (Exception, HangError) as error:  # noqa: BLE001 - that is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        own = [f for f in traceback.extract_tb(error.__traceback__) if "nachhaken" in f.filename]
        where = own[-1] if own else place
        key = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        found.faults.setdefault(key, []).append(case)
    spent = time.process_time() - start
    if not is_traced and spent > found.slowest:
        found.slowest, found.slowest_case = spent, case
    if is_traced:
        found.most_traced = max(found.most_traced, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if grown > MEGABYTES:
        found.faults.setdefault(f"memory {grown // 50 * 50:.0f} MB", []).append(case)


@contextmanager
def _watched(*, is_traced: bool, seconds: float) -> Iterator[None]:
    if is_traced:
        tracemalloc.start()
    signal.signal(signal.SIGPROF, _hang)
    # Time of the processor: other programs on a busy machine are no fault of ours.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _hang(number: int, frame: FrameType | None) -> None:
    raise HangError


def _read_mail(raw: bytes, name: str, case: int) -> None:
    if name.endswith(".mbox"):
        with MailFile(raw, name=name) as file:
            found = [one for one in file.in_order() if isinstance(one, MailMessage)]
            file.letters.owner()
    else:
        found = [parse_message(raw, fallback=FALLBACK)]
    for mail in found:
        _check_mail(mail)
        for one in unwrapped(mail, {mail.sender.mail, *(to.mail for to in mail.recipients)}):
            _check_mail(one.mail)
            assert_text(one.comment)
    if found and case % 5 == 0:
        read(found[0].new_text, reference=FALLBACK.date())


def _check_mail(mail: MailMessage) -> None:
    content_id(mail)
    phones_in(mail.full_text[:30_000])
    people = [text for address in (mail.sender, *mail.recipients) for text in address]
    for text in (
        mail.message_id, mail.subject, mail.new_text, mail.full_text, mail.in_reply_to,
        *mail.references, *mail.attachments, *people,
    ):  # fmt: skip
        assert_text(text)
    assert mail.sent_at.astimezone(UTC) is not None
    assert not any("/" in name.partition("/")[2] for name in mail.attachments)


def assert_text(text: str) -> None:
    """What goes into a database: no half characters (SQLite), no zero (PostgreSQL)."""
    text.encode("utf-8")
    assert "\0" not in text


def _read_table(raw: bytes, name: str, case: int) -> None:
    table = read_table(raw, name)
    for row in table.rows[:2_000]:
        assert repr(row)


def bases() -> list[bytes]:
    """Return the mails of the corpus, and foreign samples where they are."""
    here = Path(__file__).parent / "corpus"
    folders = [here / "mails" / "eml", here / "bounces", Path("/work/shared/data/mail")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [raw for path in files if len(raw := path.read_bytes()) < 100_000]


def main(kind: str, cases: str, seed: str) -> int:
    """Run one campaign from the command line."""
    start = time.perf_counter()
    chosen = mails(int(cases), int(seed), bases=bases()) if kind == "mails" else None
    found = chosen or tables(int(cases), int(seed))
    print(f"{kind} from {seed}: {found.told()}\n{time.perf_counter() - start:.0f} s")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
