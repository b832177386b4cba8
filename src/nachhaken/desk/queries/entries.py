"""The timeline as rows: what happened in words, with the silences between."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.commands.outcomes import VOICEMAIL, WRONG_PERSON
from nachhaken.desk.queries import fit_entries
from nachhaken.desk.queries.marks import marked, what_shows
from nachhaken.desk.queries.replies import reading_view
from nachhaken.desk.rows import EntryRow
from nachhaken.desk.speech import language, speak
from nachhaken.desk.templatetags.words import exact
from nachhaken.plan.delivery import undelivered_of
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.limits import USUAL_SILENCE_WORKDAYS
from nachhaken.plan.values import Phrase
from nachhaken.reading.values import Reading
from nachhaken.terms import Channel, ConsentScope
from nachhaken.timeline import (
    Bounced,
    CadenceSet,
    Closed,
    Consented,
    ConsentWithdrawn,
    Conveyed,
    EffortSpent,
    Entry,
    GoalSet,
    GutFelt,
    KeyPointDropped,
    KeyPointSet,
    LawOverruled,
    Mentioned,
    Met,
    NumberChecked,
    OfferSent,
    Opened,
    OptedOut,
    Pinned,
    Promised,
    PromiseMoved,
    PromiseSettled,
    Reopened,
    Replied,
    Snoozed,
    TalkShare,
    Timeline,
    Touched,
    Transcribed,
)

UNDO_WITHIN = timedelta(days=30)
_HOUR = 60  # minutes
# Per cent of a talk that we spoke ourselves: above the one we talked, below the other we listened.
_TALKED, _EVEN = 60, 45
_BY_THEM = (Replied, OptedOut, Bounced, Consented, ConsentWithdrawn, Mentioned)
_ON_OTHERS = {VOICEMAIL, WRONG_PERSON}
_CONTACT = (OfferSent, Touched, Replied, Met)


def entry_rows(
    timeline: Timeline, readings: Mapping[int, Reading], *, region: str, now: datetime
) -> tuple[EntryRow, ...]:
    """Return what counts, newest first; a gap longer than usual between two contacts is a row."""
    rows: list[EntryRow] = []
    last: datetime | None = None
    words = _words_of(timeline, readings)
    lost = undelivered_of(timeline.standing())
    for entry in timeline.standing():
        if _is_contact(entry, lost) and entry.occurred_at <= now:
            rows += _silence(last, entry.occurred_at, region)
            last = entry.occurred_at
        rows.append(_row(entry, readings.get(entry.id), now=now, words=words))
    rows += _silence(last, now, region)
    return tuple(reversed(rows))


def _is_contact(entry: Entry, lost: frozenset[int]) -> bool:
    """What came back reached nobody."""
    return isinstance(entry.fact, _CONTACT) and entry.id not in lost


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
        case EffortSpent(minutes=0, cents=cents):
            return labels.text("expenses", money=exact(cents))
        case EffortSpent(minutes=minutes) if minutes < _HOUR:
            return labels.text("effort_minutes", minutes=minutes)
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
        case fact:
            return _ICONS[type(fact)]


_ICONS: dict[type, str] = {
    Promised: "promise",
    PromiseSettled: "promise",
    PromiseMoved: "promise",
    Consented: "consent",
    ConsentWithdrawn: "withdrawn",
    GoalSet: "goal",
    Pinned: "pinned",
    CadenceSet: "cadence",
    KeyPointSet: "key_point",
    KeyPointDropped: "key_point",
    Conveyed: "conveyed",
    Mentioned: "mentioned",
    Transcribed: "mentioned",
    Opened: "opened",
    OfferSent: "offer",
    EffortSpent: "effort",
    Met: "meeting",
    Snoozed: "snooze",
    GutFelt: "gut",
    OptedOut: "opt_out",
    Bounced: "bounced",
    NumberChecked: "checked",
    LawOverruled: "overruled",
    Closed: "closed",
    Reopened: "reopened",
    **fit_entries.ICONS,
}


def hours(minutes: int) -> str:
    """Return minutes as hours with at most one decimal."""
    shown = f"{minutes / 60:.1f}".removesuffix(".0")
    return shown if language() == "en" else shown.replace(".", ",")


def _words_of(timeline: Timeline, readings: Mapping[int, Reading]) -> dict[int, str]:
    """Return the words of promises, conditions, consents and key points: others speak of them."""
    return {entry.id: _words(entry, readings.get(entry.id)) for entry in timeline.standing()}


def _words(entry: Entry, reading: Reading | None) -> str:
    match entry.fact:
        case Promised(what=words) | Consented(words=words) | KeyPointSet(text=words):
            return words
        case Replied(statement=statement):
            said = statement or reading
            return (said.condition if said else None) or ""
        case _:
            return ""


def _row(
    entry: Entry, reading: Reading | None, *, now: datetime, words: Mapping[int, str]
) -> EntryRow:
    fact = entry.fact
    reply = fact if isinstance(fact, Replied) else None
    return EntryRow(
        entry_id=entry.id,
        icon=icon_of(entry),
        at=timezone.localtime(entry.occurred_at),
        title=title_of(entry),
        detail=_detail(entry, words),
        aside=_aside(entry),
        by_us=not isinstance(fact, _BY_THEM),
        text=marked(reply.text, what_shows(reply, reading)) if reply else (),
        reading=reading_view(reply, reading) if reply else None,
        can_undo=now - entry.recorded_at < UNDO_WITHIN,
    )


def _touch(touch: Touched) -> str:
    name = labels.word(labels.CHANNELS[touch.channel])
    if touch.reached is None:
        return f"{name}: {speak(Phrase(f'kind.{touch.step.value}'))}"
    how = "reached" if touch.reached else "not_reached"
    return f"{name}, {labels.text(touch.subject if touch.subject in _ON_OTHERS else how)}"


def _rarer(entry: Entry) -> str:
    match entry.fact:
        case Met(title=title):
            return labels.text("met" if title else "met_untitled", title=title)
        case Promised(by_us=by_us, what=what):
            return labels.text("promised_us" if by_us else "promised_them", what=what)
        case PromiseSettled(kept=kept):
            return labels.text("kept" if kept else "broken")
        case PromiseMoved(due=due):
            return labels.text("moved", on=labels.day(due)) if due else labels.text("moved_open")
        case Snoozed(until=until):
            return labels.text("snoozed", on=labels.day(until))
        case GutFelt(dead_horse=dead_horse):
            return labels.text("gut_dead" if dead_horse else "gut_alive")
        case Reopened():
            return labels.text("reopened")
        case OptedOut():
            return labels.text("opt_out")
        case _:
            return fit_entries.title_of(entry.fact) or _checked(entry)


def _checked(entry: Entry) -> str:
    """Return what stands for or against a way to the customer."""
    match entry.fact:
        case Bounced(is_permanent=is_permanent, address=address):
            return labels.text("bounced" if is_permanent else "bounced_once", address=address)
        case NumberChecked(is_starred=is_starred):
            return labels.text("starred" if is_starred else "not_starred")
        case LawOverruled(rule=rule):
            return labels.text("overruled", rule=rule)
        case _:
            return _agreed(entry)


def _agreed(entry: Entry) -> str:
    """Return what a conversation left behind."""
    match entry.fact:
        case Consented(channel=channel):
            way = labels.word(labels.CHANNELS[channel]) if channel else labels.text("any_way")
            return labels.text("consented", way=way)
        case GoalSet(goal=goal, minimum=minimum):
            key = "goal_set" if goal or minimum else "goal_unset"
            return labels.text(key, goal=goal or "–")
        case Pinned(step=step, on=on):
            return labels.text("pinned", step=labels.step_name(step), on=labels.day(on))
        case CadenceSet(workdays=workdays):
            days = ", ".join(str(number) for number in workdays)
            return labels.text("cadence" if workdays else "cadence_ends", days=days)
        case KeyPointSet(text=text):
            return labels.text("key_point", text=text)
        case Conveyed(form=form):
            return labels.text("conveyed", form=labels.word(labels.FORMS[form]))
        case Mentioned(what=what):
            return labels.text("mentioned", what=what)
        case KeyPointDropped():
            return labels.text("key_point_dropped")
        case Transcribed(shares=shares):
            return labels.text("transcribed", shares=_shares(shares))
        case _:
            return labels.text("withdrawn")


def _shares(shares: tuple[TalkShare, ...]) -> str:
    """Return "Sie 62 %, Frau Keller 38 %"; several of ours are one."""
    ours = sum(share.percent for share in shares if share.is_ours)
    theirs = [(share.name, share.percent) for share in shares if not share.is_ours]
    said = [(labels.text("transcribed_you"), ours), *theirs]
    return ", ".join(f"{name} {percent} %" for name, percent in said)


def _listened(talk: Transcribed) -> str:
    """Return what the shares say about who listened, how they were measured, and who agreed."""
    key = "talked" if talk.own_share > _TALKED else "even" if talk.own_share >= _EVEN else "heard"
    agreed = labels.text(
        "transcribed_agreed", by=talk.agreed_by, on=labels.day(talk.agreed_on), how=talk.agreed_how
    )
    measured = labels.text("transcribed_time" if talk.is_timed else "transcribed_words")
    return " ".join((labels.text(f"transcribed_{key}"), measured, agreed))


def _detail(entry: Entry, words: Mapping[int, str]) -> str:
    match entry.fact:
        case Touched(subject=subject, text=text, note=note):
            shown = "" if subject in _ON_OTHERS else subject
            words_of_it = " ".join(text.split())[:300]
            return " · ".join(part for part in (shown, words_of_it, note) if part)
        case Replied(subject=subject, note=note):
            return " · ".join(part for part in (subject, note) if part)
        case EffortSpent(what=what, work=work, minutes=minutes, cents=cents):
            money = labels.text("expenses", money=exact(cents)) if cents and minutes else ""
            return " · ".join(part for part in (work, what, money) if part)
        case (
            Snoozed(reason=reason)
            | OptedOut(reason=reason)
            | Reopened(reason=reason)
            | Pinned(reason=reason)
            | Bounced(reason=reason)
            | LawOverruled(reason=reason)
        ):
            return reason
        case Closed() as closed:
            return _closing(closed)
        case Opened(title=title, origin=origin):
            came = labels.word(labels.ORIGINS[origin]) if origin else ""
            return " · ".join(part for part in (title, came) if part)
        case OfferSent(title=title):
            return title
        case _:
            return _about(entry, words)


def _closing(closed: Closed) -> str:
    theirs = labels.word(labels.NO_REASONS[closed.no_reason]) if closed.no_reason else ""
    ours = labels.word(labels.OUR_REASONS[closed.our_reason]) if closed.our_reason else ""
    back = labels.text("comeback", what=closed.comeback) if closed.comeback else ""
    to = labels.text("referred_to", whom=closed.referred_to) if closed.referred_to else ""
    return " · ".join(part for part in (theirs, ours, closed.note, back, to) if part)


def _about(entry: Entry, words: Mapping[int, str]) -> str:
    """Return the words of a consent, and of what an entry speaks about."""
    match entry.fact:
        case Consented(words=said, evidence=evidence):
            return " · ".join(part for part in (f"„{said}“", evidence) if part)
        case ConsentWithdrawn(consent_id=about, words=said):
            return said or words.get(about, "")
        case PromiseSettled(promise_id=about) | PromiseMoved(promise_id=about):
            return words.get(about, "")
        case KeyPointDropped(key_point_id=about):
            return words.get(about, "")
        case Conveyed(key_points=points):
            return " · ".join(words[point] for point in points if words.get(point))
        case Transcribed() as talk:
            return _listened(talk)
        case GoalSet(minimum=minimum) if minimum:
            return labels.text("at_least", minimum=minimum)
        case fact:
            return fit_entries.detail_of(fact)


def _aside(entry: Entry) -> str:
    match entry.fact:
        case OfferSent(version=version) if version > 1:
            return labels.text("offer_version", version=version)
        case Promised(due=due) if due:
            return labels.text("until", on=labels.day(due))
        case Touched(own_share=share) if share is not None:
            return labels.text("own_share", percent=share)
        case Consented(scope=ConsentScope.ADVERTISING):
            return labels.text("for_advertising")
        case Consented(window=window) if window:
            return labels.window(*window)
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
