"""The timeline as rows: what happened in words, with the silences between."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.commands.outcomes import VOICEMAIL
from nachhaken.desk.queries.marks import marked, what_shows
from nachhaken.desk.queries.replies import reading_view
from nachhaken.desk.rows import EntryRow
from nachhaken.desk.speech import language, speak
from nachhaken.plan.advice import calendar_of
from nachhaken.plan.limits import USUAL_SILENCE_WORKDAYS
from nachhaken.plan.values import Phrase
from nachhaken.reading.values import Reading
from nachhaken.terms import Channel
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    GutFelt,
    Met,
    OfferSent,
    Opened,
    OptedOut,
    Promised,
    PromiseSettled,
    Reopened,
    Replied,
    Snoozed,
    Timeline,
    Touched,
)

UNDO_WITHIN = timedelta(days=30)
_CONTACT = (OfferSent, Touched, Replied, Met)


def entry_rows(
    timeline: Timeline, readings: Mapping[int, Reading], *, region: str, now: datetime
) -> tuple[EntryRow, ...]:
    """Return what counts, newest first; a gap longer than usual between two contacts is a row."""
    rows: list[EntryRow] = []
    last: datetime | None = None
    for entry in timeline.standing():
        if isinstance(entry.fact, _CONTACT) and entry.occurred_at <= now:
            rows += _silence(last, entry.occurred_at, region)
            last = entry.occurred_at
        rows.append(_row(entry, readings.get(entry.id), now))
    rows += _silence(last, now, region)
    return tuple(reversed(rows))


def title_of(entry: Entry) -> str:
    """Return what happened, in a few words."""
    match entry.fact:
        case Opened():
            return labels.text("opened")
        case OfferSent(number=number):
            key = "offer" if number else "offer_plain"
            return labels.text(key, number=number)
        case Touched() as touch:
            return _touch(touch)
        case Replied(channel=channel):
            name = "replied" if channel in {Channel.MAIL, Channel.MESSAGE} else "noted"
            return labels.text(name)
        case EffortSpent(minutes=minutes):
            return labels.text("effort", hours=hours(minutes))
        case Closed(outcome=outcome):
            return labels.word(labels.OUTCOMES[outcome])
        case _:
            return _rarer(entry)


def icon_of(entry: Entry) -> str:
    """Return the name of the sign beside the row."""
    match entry.fact:
        case Touched(channel=channel) | Replied(channel=channel):
            return channel.value
        case Promised() | PromiseSettled():
            return "promise"
        case fact:
            return _ICONS[type(fact)]


_ICONS: dict[type, str] = {
    Opened: "opened",
    OfferSent: "offer",
    EffortSpent: "effort",
    Met: "meeting",
    Snoozed: "snooze",
    GutFelt: "gut",
    OptedOut: "opt_out",
    Closed: "closed",
    Reopened: "reopened",
}


def hours(minutes: int) -> str:
    """Return minutes as hours with at most one decimal."""
    shown = f"{minutes / 60:.1f}".removesuffix(".0")
    return shown if language() == "en" else shown.replace(".", ",")


def _row(entry: Entry, reading: Reading | None, now: datetime) -> EntryRow:
    fact = entry.fact
    reply = fact if isinstance(fact, Replied) else None
    return EntryRow(
        entry_id=entry.id,
        icon=icon_of(entry),
        at=timezone.localtime(entry.occurred_at),
        title=title_of(entry),
        detail=_detail(entry),
        aside=_aside(entry),
        by_us=not isinstance(fact, Replied | OptedOut),
        text=marked(reply.text, what_shows(reply, reading)) if reply else (),
        reading=reading_view(reply, reading) if reply else None,
        can_undo=now - entry.recorded_at < UNDO_WITHIN,
    )


def _touch(touch: Touched) -> str:
    name = labels.word(labels.CHANNELS[touch.channel])
    if touch.reached is None:
        return f"{name}: {speak(Phrase(f'kind.{touch.step.value}'))}"
    how = "reached" if touch.reached else "not_reached"
    return f"{name}, {labels.text('voicemail' if touch.subject == VOICEMAIL else how)}"


def _rarer(entry: Entry) -> str:
    match entry.fact:
        case Met(title=title):
            return labels.text("met", title=title)
        case Promised(by_us=by_us, what=what):
            return labels.text("promised_us" if by_us else "promised_them", what=what)
        case PromiseSettled(kept=kept):
            return labels.text("kept" if kept else "broken")
        case Snoozed(until=until):
            return labels.text("snoozed", on=labels.day(until))
        case GutFelt(dead_horse=dead_horse):
            return labels.text("gut_dead" if dead_horse else "gut_alive")
        case Reopened():
            return labels.text("reopened")
        case _:
            return labels.text("opt_out")


def _detail(entry: Entry) -> str:
    match entry.fact:
        case Touched(subject=subject, text=text):
            shown = "" if subject == VOICEMAIL else subject
            return " · ".join(part for part in (shown, " ".join(text.split())[:300]) if part)
        case Replied(subject=subject):
            return subject
        case EffortSpent(what=what):
            return what
        case Snoozed(reason=reason) | OptedOut(reason=reason) | Reopened(reason=reason):
            return reason
        case Closed(no_reason=no_reason, note=note):
            reason = labels.word(labels.NO_REASONS[no_reason]) if no_reason else ""
            return " · ".join(part for part in (reason, note) if part)
        case OfferSent(title=title) | Opened(title=title):
            return title
        case _:
            return ""


def _aside(entry: Entry) -> str:
    match entry.fact:
        case OfferSent(version=version) if version > 1:
            return labels.text("offer_version", version=version)
        case Promised(due=due) if due:
            return labels.text("until", on=labels.day(due))
        case _:
            return ""


def _silence(since: datetime | None, until: datetime, region: str) -> Iterator[EntryRow]:
    if since is None:
        return
    days = int(calendar_of(region).between(since, until))
    if days > USUAL_SILENCE_WORKDAYS:
        yield EntryRow(
            entry_id=0,
            icon="silence",
            at=timezone.localtime(since),
            title=labels.text("silence", days=days),
            detail=labels.text("silence_usual", usual=USUAL_SILENCE_WORKDAYS),
            by_us=False,
        )
