"""The conversation by mail that an answer belongs to, and what its subject is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nachhaken.terms import Channel
from nachhaken.timeline import Entry, Replied, Timeline, Touched

Heading = tuple[str, str]
"""Message id and subject of a mail."""

_NO_HEADINGS: Mapping[int, Heading] = MappingProxyType({})
_ANSWERED = re.compile(r"^(?:(?:re|aw|antw|sv|r)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Mails on one subject, the oldest first; an answer goes to the last.

    Ids stand without angle brackets. `person_id` is who wrote or got the last, where known.
    """

    subject: str
    message_ids: tuple[str, ...]
    person_id: int | None = None

    @property
    def in_reply_to(self) -> str:
        """The mail that is answered."""
        return self.message_ids[-1]

    @property
    def reply_subject(self) -> str:
        """The subject as it is, with one "Re: " before it; "" where the thread has none."""
        return f"Re: {self.subject}" if self.subject else ""


def thread_of(timeline: Timeline, headings: Mapping[int, Heading] = _NO_HEADINGS) -> Thread | None:
    """Return the thread of the newest mail in `timeline`; None where no mail is known by its id.

    `headings` holds by entry what is known of mails beside the timeline. What a machine answered
    is no part of a conversation.
    """
    mails = list(_mails(timeline.standing(), headings))
    if not mails:
        return None
    person_id, _, newest = mails[-1]
    subject = bare_subject(newest)
    same = [
        name for _, name, about in mails if bare_subject(about).casefold() == subject.casefold()
    ]
    return Thread(subject=subject, message_ids=tuple(dict.fromkeys(same)), person_id=person_id)


def bare_subject(subject: str) -> str:
    """Return `subject` on one line without "Re:" and "AW:" before it."""
    return _ANSWERED.sub("", _BLANK.sub(" ", subject).strip())


def _mails(
    timeline: Timeline, headings: Mapping[int, Heading]
) -> Iterator[tuple[int | None, str, str]]:
    for entry in timeline:
        name, subject = headings.get(entry.id) or _heading(entry)
        if name:
            person_id = getattr(entry.fact, "person_id", None)
            yield person_id, name, subject


def _heading(entry: Entry) -> Heading:
    """What came from a mailbox before ids were kept has its id in the key, in lower case."""
    fact = entry.fact
    if not isinstance(fact, Touched | Replied) or fact.channel is not Channel.MAIL:
        return "", ""
    if isinstance(fact, Replied) and fact.automatic:
        return "", ""
    source, _, name = entry.source_key.partition(":")
    known = name if source == "mail" and "@" in name else ""
    return fact.message_id or known, fact.subject
