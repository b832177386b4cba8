"""What the playbook says in this talk: versions, answers, questions, refusals, in one voice."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby

from nachhaken.plan.asking import questions_of
from nachhaken.plan.likely import likely_of
from nachhaken.plan.memory import Remembered
from nachhaken.plan.scenes import window_fits
from nachhaken.plan.sheet_values import KeyPoint, Line, Objection, Turn
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Story
from nachhaken.plan.voicing import Speech, first_of
from nachhaken.plan.wording import clause, language_of
from nachhaken.playbook.filling import in_voice, needs
from nachhaken.playbook.values import Branch, Playbook, Scene, Script
from nachhaken.terms import Truth

# Asking leave for a personal question is another way into the clarifying call.
_ALSO = {Scene.CLARIFY: (Scene.PERSONAL,)}
# What a machine is told depends on what the call is about; elsewhere the topic is enough.
_VOICEMAIL = {
    Scene.FIRST_FOLLOW_UP: "offered",
    Scene.FOLLOW_UP: "offered",
    Scene.CALL_BACK: "window",
    Scene.CONDITION: "window",
}
# Half a year is for what is over for now.
HALF_A_YEAR = "consent.half_year"
_OVER = frozenset({Scene.CLARIFY, Scene.REASON, Scene.THANKS, Scene.DECLINE, Scene.REOPEN})
# These words appeal to a consent, so there must be one.
BY_CONSENT = frozenset({"reopen.as_allowed"})


@dataclass(frozen=True, slots=True)
class Talk:
    """The playbook as it speaks in this scene; `nth` is which follow-up it is."""

    playbook: Playbook
    speech: Speech
    situation: Situation
    scene: Scene
    nth: int
    today: date

    @property
    def heard_in(self) -> str:
        """The language in which the customer answers."""
        return language_of(self.speech.voice)

    def versions(self, chosen: str) -> tuple[Line, ...]:
        """Return what can be said, the best first; the `chosen` one leads."""
        scenes = (self.scene, *_ALSO.get(self.scene, ()))
        lines = chain.from_iterable(self.lines(scene) for scene in scenes)
        used = self.speech.used
        return tuple(sorted(lines, key=lambda line: (line.key != chosen, line.key in used)))

    def lines(self, scene: Scene) -> tuple[Line, ...]:
        """Return what can be said in a scene; of follow-ups, this one before those before it."""
        by_age = sorted(self._scripts(scene), key=self._age)
        lines = (self._at(scene).lines(these) for _, these in groupby(by_age, self._age))
        return tuple(chain.from_iterable(lines))

    def first(self, versions: Sequence[Line]) -> tuple[str, ...]:
        """Return the keys of the turns that answer the first version."""
        said = self.playbook.scripts.get(versions[0].key) if versions else None
        return said.hears if said else ()

    def turns(self, first: Sequence[str]) -> dict[str, Turn]:
        """Return every turn that can be reached from `first`, the nearest first."""
        found: dict[str, Turn] = {}
        ahead = deque(first)
        while ahead:
            key = ahead.popleft()
            if key not in found:
                found[key] = self._turn(self.playbook.branches[key])
                ahead.extend(found[key].then)
        return found

    def objections(self) -> tuple[Objection, ...]:
        """Return every refusal to which there is an answer."""
        found = (
            Objection(
                refusal.key,
                refusal.hears[self.heard_in],
                self.speech.lines(refusal.answers),
                refusal.intent,
            )
            for refusal in self.playbook.refusals.values()
        )
        return tuple(objection for objection in found if objection.answers)

    def likely(self) -> tuple[str, ...]:
        """Return the keys of the refusals that may come here."""
        keys = likely_of(self.scene, self.situation, nth=self.nth)
        return tuple(key for key in keys if key in self.playbook.refusals)

    def questions(self, story: Story, truth: Truth) -> tuple[Line, ...]:
        """Return the open questions that come first."""
        known = {name for name, value in self.speech.values.items() if value}
        sayable = [
            question
            for question in self.playbook.questions.values()
            if needs(in_voice(question.ask, self.speech.voice) or "") <= known
        ]
        chosen = questions_of(sayable, story, self.situation, truth=truth, today=self.today)
        lines = (self.speech.line(question.key, question.ask) for question in chosen)
        return tuple(line for line in lines if line)

    def repeat(self, point: Remembered) -> KeyPoint:
        """Return the point with words for its form; another wording at each repetition."""
        speech = self.speech.knowing(point=clause(point.text))
        ways = [
            line
            for way in self.playbook.repeats.values()
            if way.form is point.form and (line := speech.line(way.key, way.say))
        ]
        used = point.used
        return KeyPoint(
            id=point.id,
            text=point.text,
            in_mind=point.in_mind,
            used=used,
            form=point.form,
            is_new_form=point.is_new_form,
            say=ways[(point.id + sum(used.values())) % len(ways)] if ways else None,
        )

    def consent(self) -> Line:
        """Return the closing question: may we ask again, in the time that they named?"""
        lines = self.lines(Scene.CONSENT)
        is_over = self.scene in _OVER
        return first_of(sorted(lines, key=lambda one: one.key == HALF_A_YEAR and not is_over))

    def voicemail(self) -> Line:
        """Return what suits the scene, before what has been said."""
        about = _VOICEMAIL.get(self.scene, "topic")
        lines = self.lines(Scene.VOICEMAIL)
        fits = {
            script.key: about in needs(in_voice(script.say, self.speech.voice) or "")
            for script in self._scripts(Scene.VOICEMAIL)
        }
        return first_of(sorted(lines, key=lambda line: not fits[line.key]))

    def _turn(self, branch: Branch) -> Turn:
        return Turn(
            key=branch.key,
            hears=branch.hears[self.heard_in],
            say=self.speech.line(branch.key, branch.say),
            intent=branch.intent,
            then=branch.then,
        )

    def _scripts(self, scene: Scene) -> list[Script]:
        """Return the scripts of a scene that are true here, those of later follow-ups left out."""
        has_consent = any(consent.ended is None for consent in self.situation.consents)
        return [
            script
            for script in self.playbook.scripts.values()
            if script.scene is scene and script.nth <= self.nth
            if has_consent or script.key not in BY_CONSENT
        ]

    def _age(self, script: Script) -> int:
        """Return how many follow-ups ago a script had its turn."""
        return self.nth - script.nth if script.nth else 0

    def _at(self, scene: Scene) -> Speech:
        """Leave out a time that they named where it does not suit the scene."""
        fits = window_fits(scene, self.situation, self.today)
        return self.speech if fits else self.speech.knowing(window="")
