"""Which mails concern anybody, told from their headers: only those are read and kept."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

from nachhaken.desk.commands.import_bounces import mail_key
from nachhaken.desk.commands.looking_again import Acquaintances
from nachhaken.desk.directory import Book, book_of
from nachhaken.desk.models import Event, Outgoing, UnmatchedMail
from nachhaken.sources.mail_head import MailHead
from nachhaken.sources.match import is_own, of_headers
from nachhaken.sources.strangers import runs_in

_AT_ONCE = 500  # a database takes so many values in one question, and not many more


class Fate(StrEnum):
    """What becomes of a mail: it is here already, kept or before a person, is read, or is not."""

    KEPT = "kept"
    UNMATCHED = "unmatched"
    READ = "read"
    PASSED_OVER = "passed_over"


@dataclass(slots=True)
class Sieve:
    """Tells the mails that concern somebody from the others; made once for a visit."""

    known: Acquaintances
    book: Callable[[], Book] = field(default_factory=lambda: cache(book_of))

    def fates_of(self, heads: Sequence[MailHead]) -> list[Fate]:
        """Say for each mail, in the order in which they came, what becomes of it."""
        here = _here(heads)
        threads = _messages({one for head in heads for one in head.answers})
        fates = []
        for head in heads:
            fate = here.get(head.message_id)
            if fate is None:
                is_answer = not threads.isdisjoint(head.answers)
                fate = Fate.READ if is_answer or self._concerns(head) else Fate.PASSED_OVER
            if fate is not Fate.PASSED_OVER and head.message_id:
                threads.add(head.message_id)  # an answer to it concerns us, too
            fates.append(fate)
        return fates

    def _concerns(self, head: MailHead) -> bool:
        strangers = [one for one in head.addresses if not is_own(one, self.known.ours)]
        return (
            not head.is_told  # only the whole mail can tell
            or head.is_report
            or not strangers  # forwarded to oneself
            or any(map(self.known.knows, strangers))
            or self._names_offer(head)
        )

    def _names_offer(self, head: MailHead) -> bool:
        if not any(map(str.isdigit, head.subject)):
            return False
        mail = of_headers(
            sender=head.sender,
            recipients=head.others,
            subject=head.subject,
            at=head.at or datetime.min.replace(tzinfo=UTC),
        )
        return not self.book().numbers.keys().isdisjoint(runs_in(mail))


def _here(heads: Sequence[MailHead]) -> dict[str, Fate]:
    """Return the messages that the desk has, by their id; what an import took back may return."""
    by_key = {mail_key(head.message_id): head.message_id for head in heads if head.message_id}
    waiting = UnmatchedMail.objects.filter(source_key__in=by_key)
    rows = Event.objects.filter(source_key__in=by_key).exclude(opportunity=None).standing()
    return {
        **{by_key[key]: Fate.UNMATCHED for key in waiting.values_list("source_key", flat=True)},
        **{by_key[key]: Fate.KEPT for key in rows.values_list("source_key", flat=True)},
    }


def _messages(ids: Collection[str]) -> set[str]:
    """Return those of the ids that belong to a matter."""
    found: set[str] = set()
    for some in _parted(sorted(ids)):
        by_key = {mail_key(one): one for one in some}
        rows = Event.objects.filter(source_key__in=by_key).exclude(opportunity=None)
        sorted_out = UnmatchedMail.objects.filter(source_key__in=by_key).exclude(opportunity=None)
        for keys in (rows, sorted_out):
            found |= {by_key[key] for key in keys.values_list("source_key", flat=True)}
        ours = Outgoing.objects.filter(message_id__in=some)
        found |= set(ours.values_list("message_id", flat=True))
    return found


def _parted(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
