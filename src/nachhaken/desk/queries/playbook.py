"""Screen 10: the playbook by scene and voice, with what followed each line. Two queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk import experience
from nachhaken.desk.access import allow
from nachhaken.desk.models import OwnScript, User
from nachhaken.desk.pages_playbook import LineView, PartView, Piece, PlaybookPage, RefusalView
from nachhaken.desk.playbook_words import PARTS, QUESTIONS, REFUSALS, SLOTS
from nachhaken.desk.speech import language
from nachhaken.learning import scripts
from nachhaken.learning.scripts import Uses
from nachhaken.playbook.filling import PLACEHOLDERS, in_voice
from nachhaken.playbook.finding import fold, is_heard
from nachhaken.playbook.tables import playbook as shipped
from nachhaken.playbook.values import Answer, Refusal, Said, Scene, Script, Voice

FIRST = Scene.FIRST_FOLLOW_UP.value
_EDGE = "\ufffc"  # stands in no text: where slots are cut out


def playbook(user: User, *, part: str = "", voice: str = "", search: str = "") -> PlaybookPage:
    """Return the page; what is asked for and does not exist is the first part, the usual voice."""
    allow(user)
    spoken = Voice(voice) if voice in set(Voice) else usual_voice()
    chosen = part if part in PARTS else FIRST
    parts = _parts(spoken)
    found = [_found(one, search) for one in parts] if search else []
    return PlaybookPage(
        voice=spoken,
        part=chosen,
        search=search,
        index=tuple((one.key, one.name, one.size) for one in parts),
        parts=tuple(one for one in (found or parts) if one.size and (search or one.key == chosen)),
    )


def usual_voice() -> Voice:
    """Return the voice that the page begins with."""
    return Voice.ENGLISH if language() == "en" else Voice.SIE


def script_text(key: str, voice: Voice) -> str:
    """Return the text of a shipped script or answer, to begin an own one with; "" for none."""
    answers = {a.key: a for refusal in shipped().refusals.values() for a in refusal.answers}
    found = shipped().scripts.get(key) or answers.get(key)
    return (in_voice(found.say, voice) or "") if found else ""


@dataclass(frozen=True, slots=True)
class _Telling:
    """What every line is shown with."""

    voice: Voice
    uses: Mapping[str, Uses]
    ranks: Mapping[str, float]

    def line(self, key: str, said: Said, angle: str = "") -> LineView | None:
        text = in_voice(said, self.voice)
        if text is None:
            return None
        return LineView(key=key, pieces=pieces_of(text), angle=angle, note=self.note(key))

    def note(self, key: str) -> str:
        return _note(self.uses.get(key, Uses()))

    def best_first(self, lines: Iterable[LineView | None]) -> tuple[LineView, ...]:
        """Put what was ranked first, the rest in the playbook's order."""
        known = [line for line in lines if line]
        return tuple(sorted(known, key=lambda line: -self.ranks.get(line.key, 0.0)))


def _parts(voice: Voice) -> list[PartView]:
    own = list(OwnScript.objects.filter(voice=voice.value).select_related("author").order_by("pk"))
    uses = experience.tally_of_all().uses
    ranks = scripts.ranks(uses, {row.key: row.about for row in own})
    telling = _Telling(voice, uses, ranks)
    return [_part(key, str(name), telling, own) for key, name in PARTS.items()]


def _part(key: str, name: str, telling: _Telling, own: list[OwnScript]) -> PartView:
    if key == REFUSALS:
        refusals = tuple(_refusal(r, telling, own) for r in shipped().refusals.values())
        gone = tuple(_own(row, telling) for row in own if row.refusal and row.retired_at)
        return PartView(key=key, name=name, refusals=refusals, retired=gone, may_write=True)
    if key == QUESTIONS:
        asked = [telling.line(f"question.{q.key}", q.ask) for q in shipped().questions.values()]
        lines = tuple(replace(line, note="") for line in asked if line)
        return PartView(key=key, name=name, lines=lines)
    scripts_here = [s for s in shipped().scripts.values() if s.scene.value == key]
    mine = [(row, _own(row, telling)) for row in own if row.scene == key]
    standing = [line for row, line in mine if row.retired_at is None]
    offered = [*standing, *(telling.line(s.key, s.say, _angle(s)) for s in scripts_here)]
    return PartView(
        key=key,
        name=name,
        lines=telling.best_first(offered),
        retired=tuple(line for row, line in mine if row.retired_at is not None),
        may_write=True,
    )


def _refusal(refusal: Refusal, telling: _Telling, own: list[OwnScript]) -> RefusalView:
    heard, *others = refusal.hears.get("en" if telling.voice is Voice.ENGLISH else "de", ("",))
    standing = [row for row in own if row.refusal == refusal.key and row.retired_at is None]
    mine = [_own(row, telling) for row in standing]
    answers = [*mine, *(telling.line(a.key, a.say, _angle(a)) for a in refusal.answers)]
    return RefusalView(
        key=refusal.key, heard=heard, others=tuple(others), answers=telling.best_first(answers)
    )


def _own(row: OwnScript, telling: _Telling) -> LineView:
    return LineView(
        key=row.key,
        pieces=pieces_of(row.text),
        angle=_with_number(row.angle, row.nth),
        note=telling.note(row.key),
        own_id=row.pk,
        by=row.author.get_full_name(),
    )


def _angle(said: Script | Answer) -> str:
    angle = said.angle.get(language(), "")
    return _with_number(angle, said.nth if isinstance(said, Script) else 0)


def _with_number(angle: str, nth: int) -> str:
    numbered = _("%(nth)d. Nachfrage") % {"nth": nth} if nth else ""
    return " · ".join(part for part in (numbered, angle) if part)


def _note(uses: Uses) -> str:
    if not uses.used:
        return ""
    said = ngettext("einmal gesagt", "%(n)d-mal gesagt", uses.used) % {"n": uses.used}
    on = ngettext("bei einem ging es weiter", "bei %(k)d ging es weiter", uses.good)
    words = _("bei keinem ging es weiter") if not uses.good else on % {"k": uses.good}
    bounds = {"low": round(100 * uses.share.low), "high": round(100 * uses.share.high)}
    return f"{said}, {words} ({_('%(low)d–%(high)d %%') % bounds})"


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Cut a text at its asterisks and slots; asterisks without a partner stay text."""
    clauses = text.split("*")
    if len(clauses) % 2 == 0:
        clauses[-2:] = ["*".join(clauses[-2:])]
    return tuple(
        piece
        for number, clause in enumerate(clauses)
        for piece in _slotted(clause, "strong" if number % 2 else "")
    )


def _slotted(clause: str, kind: str) -> Iterable[Piece]:
    for name in PLACEHOLDERS:
        clause = clause.replace(f"{{{name}}}", f"{_EDGE}{name}{_EDGE}")
    for number, part in enumerate(clause.split(_EDGE)):
        if part:
            yield Piece(str(SLOTS[part]), "slot") if number % 2 else Piece(part, kind)


def _found(part: PartView, search: str) -> PartView:
    """Return what of a part holds the words that are searched for; its name finds all of it."""
    sought = fold(search)
    if sought and sought in fold(part.name):
        return part
    lines = tuple(line for line in part.lines if sought in _folded(line))
    refusals = tuple(
        refusal
        for refusal in part.refusals
        if is_heard((refusal.heard, *refusal.others), search)
        or any(sought in _folded(answer) for answer in refusal.answers)
    )
    return replace(part, lines=lines, refusals=refusals, retired=())


def _folded(line: LineView) -> str:
    return fold(" ".join([line.angle, "".join(piece.text for piece in line.pieces)]))
