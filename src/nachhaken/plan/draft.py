"""What to write next: a mail or letter for this customer, in the thread that it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from nachhaken.plan.draft_values import Draft, Paper, Version
from nachhaken.plan.law.values import Permission
from nachhaken.plan.memory import Remembered
from nachhaken.plan.scenes import follow_up_of, scene_of, window_fits
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.plan.spoken import day, sum_of
from nachhaken.plan.thread import Thread
from nachhaken.plan.values import Advice, Preferences, Story
from nachhaken.plan.voicing import best_first, used_in
from nachhaken.plan.wording import Named, Speaker, clause, language_of, named_of, values_of
from nachhaken.playbook.filling import needs, write
from nachhaken.playbook.values import Mail, Playbook, Scene, Voice
from nachhaken.terms import Channel, StepKind, Verdict
from nachhaken.timeline import OfferSent, Timeline, Touched

__all__ = ["Draft", "Paper", "Version", "draft_of"]

REMIND_DAYS = 7  # before an offer's last day it is worth a word

# What else suits a scene, after its own texts.
_ALSO = {
    Scene.CALL_BACK: (Scene.APPOINTMENT,),
    Scene.WHEN: (Scene.APPOINTMENT,),
    Scene.ANSWER: (Scene.APPOINTMENT,),
    Scene.THANKS: (Scene.CONSENT,),
    Scene.REASON: (Scene.THANKS, Scene.CONSENT),
}
# Who is written to for the first time has had no mail of ours to answer.
_OPENING = frozenset({Scene.REFERRED, Scene.CONSENT_LETTER})
# Where no mail may go unasked, a letter may ask (rows 8, 10 and 12 of the law's table).
_UNASKED = frozenset({Verdict.ASK_FIRST, Verdict.NOT_ALLOWED})
_WRITTEN = frozenset({Channel.MAIL, Channel.LETTER})
_NONE: Mapping[str, float] = MappingProxyType({})


def draft_of(
    story: Story,
    advice: Advice,
    *,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
    preferences: Preferences,
    language: str = "de",
    person_voice: str = "",
    salutation: str = "",
    colleague: str = "",
    own_rank: Mapping[str, float] = _NONE,
    key_points: Sequence[Remembered] = (),
    permission: Permission | None = None,
    thread: Thread | None = None,
    paper: Paper | None = None,
    privacy: str = "",
    key: str = "",
) -> Draft:
    """Return what to write for the step of `advice`, or with the offer in `paper`.

    The version with `key` leads where it fits; else what this customer has not had, and what own
    experience (`own_rank`, by key) speaks for. `permission` is what the law says of writing now:
    it brings the objection sentence, or the letter that asks for leave. `privacy` is where the
    own privacy notice stands; a first mail names it. `language` is the user's, for the angles.
    After an objection there is nothing to write: the draft is empty.
    """
    situation = situation_of(story.timeline, story.readings, now=now)
    named = named_of(story, region=preferences.region, tone=person_voice, salutation=salutation)
    if story.opted_out or situation.opted_out:
        return Draft(
            key="", scene=Scene.THANKS, voice=named.voice, subject="", text="", versions=()
        )
    today = now.astimezone(ZoneInfo(preferences.zone)).date()
    known = values_of(
        story, situation, named=named, speaker=speaker, now=now, zone=ZoneInfo(preferences.zone)
    )
    values = known | _more(situation, paper, named, today) | {"colleague": colleague}
    values["point"] = next((clause(p.text) for p in key_points if p.form), "")
    nth, used = follow_up_of(story, situation), used_in(story.timeline)
    pen = _Pen(playbook, named.voice, language, values, nth, own_rank, used).framed(story, speaker)
    pen = replace(pen, after=_after(pen, permission, _notice(paper, story, privacy)))
    asks_first = permission is not None and permission.verdict in _UNASKED
    scenes = tuple(_scenes(advice.step.kind, situation, paper, nth=nth, today=today))
    if asks_first:
        scenes = (Scene.CONSENT_LETTER, *scenes)
    timed = {s: pen if window_fits(s, situation, today) else pen.knowing(window="") for s in scenes}
    found = [version for scene in scenes for version in timed[scene].versions(scene)]
    versions = sorted(found, key=lambda version: (version.key != key, version.key in used))
    return _draft(tuple(versions), pen, scenes[0], thread, asks_first=asks_first)


@dataclass(frozen=True, slots=True)
class _Pen:
    """How texts become mails here; `nth` is which follow-up it is, `after` stands below each."""

    playbook: Playbook
    voice: Voice
    language: str
    values: Mapping[str, str]
    nth: int
    rank: Mapping[str, float]
    used: frozenset[str]
    after: tuple[str, ...] = ()

    def knowing(self, **values: str) -> "_Pen":
        """Return the same pen with other values; "" takes one away."""
        return replace(self, values={**self.values, **values})

    def framed(self, story: Story, speaker: Speaker) -> "_Pen":
        """Return the pen that greets and closes; a firm is not greeted by its name."""
        is_somebody = (story.person or story.is_consumer) and self.values.get("name")
        closing = (self.line("sign_off"), speaker.name, speaker.company)
        return self.knowing(
            greeting=self.line("greeting" if is_somebody else "greeting_plain"),
            sign_off="\n".join(filter(None, closing)),
        )

    def versions(self, scene: Scene) -> Iterator[Version]:
        """Yield what can be written in a scene; of follow-ups, this one before those before it."""
        all_mails = self.playbook.mails.values()
        mails = [m for m in all_mails if m.scene is scene and m.nth <= self.nth]
        mails.sort(key=lambda mail: (self._age(mail), -len(needs(mail.body[self.voice]))))
        for _, these in groupby(mails, self._age):
            found = [version for mail in these if (version := self._version(mail))]
            yield from best_first(found, rank=self.rank, used=self.used)

    def line(self, key: str) -> str:
        """Return a fixed line; "" where something in it is unknown."""
        said = self.playbook.lines.get(key, {})
        return write(said.get(self.voice, ""), self.values) or ""

    def blank(self) -> str:
        """Return the frame of a mail that somebody writes alone."""
        return self._whole(f"{self.values['greeting']}\n\n\n\n{self.values['sign_off']}")

    def _version(self, mail: Mail) -> Version | None:
        voice = self.voice
        text = write(mail.body[voice], self.values)
        if text is None:
            return None
        subject = write(mail.subject[voice], self.values)
        topic = self.values.get("topic", "")
        return Version(
            key=mail.key,
            angle=mail.angle.get(self.language, ""),
            subject=topic if subject is None else subject,
            text=self._whole(text),
        )

    def _age(self, mail: Mail) -> int:
        """Return how many follow-ups ago a mail had its turn."""
        return self.nth - mail.nth if mail.nth else 0

    def _whole(self, text: str) -> str:
        return "\n\n".join((text, *self.after))


def _draft(
    versions: tuple[Version, ...],
    pen: _Pen,
    scene: Scene,
    thread: Thread | None,
    *,
    asks_first: bool,
) -> Draft:
    best = versions[0] if versions else None
    topic = pen.values.get("topic", "")
    if best and best.key in pen.playbook.mails:
        scene = pen.playbook.mails[best.key].scene
    if scene in _OPENING:
        thread = None
    subject = (thread.reply_subject if thread else "") or (best.subject if best else topic)
    return Draft(
        key=best.key if best else "",
        scene=scene,
        voice=pen.voice,
        subject=subject,
        text=best.text if best else pen.blank(),
        versions=versions,
        in_reply_to=thread.in_reply_to if thread else "",
        references=thread.message_ids if thread else (),
        asks_first=asks_first,
    )


def _scenes(
    kind: StepKind, situation: Situation, paper: Paper | None, *, nth: int, today: date
) -> Iterator[Scene]:
    """Yield the scenes whose texts suit, the closest first."""
    if paper is not None:
        yield Scene.OFFER if paper.version <= 1 else Scene.OFFER_REVISED
        return
    lets_go = kind is StepKind.STOP or (kind is StepKind.WAIT and situation.outcome is not None)
    scene = Scene.THANKS if lets_go else scene_of(kind, situation, nth=nth)
    if scene is Scene.FOLLOW_UP and _runs_out(situation.offer, today):
        yield Scene.REMIND
    yield scene
    yield from _ALSO.get(scene, ())


def _runs_out(offer: OfferSent | None, today: date) -> bool:
    until = offer.valid_until if offer else None
    return until is not None and today <= until <= today + timedelta(days=REMIND_DAYS)


def _more(situation: Situation, paper: Paper | None, named: Named, today: date) -> dict[str, str]:
    """Return what stands on the paper: the one that goes along, or the one that went out last."""
    offer, language = situation.offer, language_of(named.voice)
    sheet = paper or (
        Paper(number=offer.number, valid_until=offer.valid_until) if offer else Paper()
    )
    found = {
        "number": sheet.number,
        "valid": day(sheet.valid_until, today, language) if sheet.valid_until else "",
        "changes": "\n".join(f"– {line}" for line in sheet.changes),
    }
    if paper is None:
        return found
    swiss = named.voice is Voice.SWISS
    cents, currency = sheet.net_cents, sheet.currency
    amount = sum_of(cents, currency, swiss=swiss, language=language) if cents else ""
    return {**found, "offered": "", "amount": amount}


def _after(pen: _Pen, permission: Permission | None, privacy: str) -> tuple[str, ...]:
    """Return what the law wants below the mail."""
    objects = permission is not None and permission.needs_objection_line
    # An address stands in our sentence; who wrote a sentence has it as it is.
    notice = pen.knowing(privacy=privacy).line("privacy")
    informs = privacy if " " in privacy else notice
    return tuple(filter(None, (pen.line("objection") if objects else "", informs)))


def _notice(paper: Paper | None, story: Story, privacy: str) -> str:
    """Return where the privacy notice stands, where this mail has to name it: in the first."""
    is_first = paper.version <= 1 if paper else not _has_written(story.timeline)
    return privacy.strip() if is_first else ""


def _has_written(timeline: Timeline) -> bool:
    return any(
        isinstance(e.fact, OfferSent)
        or (isinstance(e.fact, Touched) and e.fact.channel in _WRITTEN)
        for e in timeline.standing()
    )
