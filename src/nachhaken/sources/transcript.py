"""A transcript of a talk as turns: who said what, and how much of it."""

import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import EmptyFile, Fault, NotATranscript
from nachhaken.sources.kind import Kind, kind_of

MOST_BYTES = 2_000_000
_MOST_SPEAKERS = 20
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What somebody said without a break; `seconds` is None where the transcript has no times."""

    speaker: str
    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """How much somebody spoke: `percent` by time where that is known, else by words."""

    name: str
    percent: int
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The turns of a talk in their order."""

    turns: tuple[Turn, ...]

    @property
    def is_timed(self) -> bool:
        """Every turn says how long it took."""
        return all(turn.seconds for turn in self.turns)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Return who spoke, the first one first; the percentages make up 100, but for rounding."""
        names = dict.fromkeys(turn.speaker for turn in self.turns)
        whole = self._weight(names) or 1
        return tuple(
            Speaker(
                name=name,
                percent=round(100 * self._weight({name}) / whole),
                words=sum(len(t.text.split()) for t in self.turns if t.speaker == name),
            )
            for name in names
        )

    def share(self, names: Collection[str]) -> int:
        """Return for how many per cent of the talk these people spoke."""
        everybody = {turn.speaker for turn in self.turns}
        return round(100 * self._weight(names) / (self._weight(everybody) or 1))

    def words_of(self, names: Collection[str]) -> str:
        """Return what these people said, each turn on a line of its own."""
        return "\n".join(turn.text for turn in self.turns if turn.speaker in names)

    def _weight(self, names: Collection[str]) -> float:
        said = [turn for turn in self.turns if turn.speaker in names]
        if self.is_timed:
            return sum(turn.seconds or 0 for turn in said)
        return sum(len(turn.text.split()) for turn in said)


def read_transcript(raw: bytes, name: str = "") -> Transcript:
    """Return the turns in a WebVTT or SRT file, or in plain text with "Name: ..." on its lines.

    Raises `EmptyFile`, and `NotATranscript` where nobody is named, or only one person.
    """
    if not raw.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    if len(raw) > MOST_BYTES:
        params = {"limit": MOST_BYTES // 1_000_000}
        raise NotATranscript(Fault(file=name, code="too_large", params=params))
    kind = kind_of(raw, name)
    said = _cues(raw, kind, name) if kind in {Kind.VTT, Kind.SRT} else _lines(decoded(raw))
    turns = tuple(_joined(said))
    names = {turn.speaker for turn in turns}
    if len(names) < 2 or len(names) > _MOST_SPEAKERS:  # noqa: PLR2004 - a talk has two sides
        code = "one_speaker" if len(names) == 1 else "no_speakers"
        raise NotATranscript(Fault(file=name, code=code))
    return Transcript(turns=turns)


_NAMED = re.compile(
    r"\s*(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?[\])]?\s*[-–]?\s*)?"
    r"(?P<name>[^\W\d_][^:\n\[\]()<>]{0,59}?)\s*(?:[\[(]\d{1,2}:\d\d(?::\d\d)?[\])])?\s*:(?!//)\s*"
    r"(?P<text>.*)"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")
_MOST_WORDS = 5  # of a name: more of them are a sentence with a colon


def _cues(raw: bytes, kind: Kind, name: str) -> Iterator[Turn]:
    import webvtt  # noqa: PLC0415 - only who takes in a transcript pays

    text = decoded(raw).lstrip("\ufeff")
    try:
        cues = webvtt.from_buffer(io.BytesIO(text.encode()), format=kind.value)
        found = [(cue.raw_text, cue.start_in_seconds, cue.end_in_seconds) for cue in cues.captions]
    except Exception as error:  # whatever a broken file does to the library
        raise NotATranscript(Fault(file=name, code="no_transcript")) from error
    speaker = ""
    for said, start, end in found:
        pieces = list(_spoken(said, speaker))
        letters = sum(len(piece) for _, piece in pieces) or 1
        for who, piece in pieces:
            speaker = who
            yield Turn(speaker=who, text=piece, seconds=max(end - start, 0) * len(piece) / letters)


def _spoken(said: str, before: str) -> Iterator[tuple[str, str]]:
    """Yield name and words of each voice in a cue; without a name the one before goes on."""
    parts = _VOICE.split(said)
    if len(parts) > 1:
        for name, piece in zip(parts[1::2], parts[2::2], strict=True):
            if text := " ".join(_TAG.sub("", piece).split()):
                yield " ".join(name.split())[:_LONGEST_NAME], text
        return
    turns = list(_lines(_TAG.sub("", said), before))
    yield from ((turn.speaker, turn.text) for turn in turns)


def _lines(text: str, before: str = "") -> Iterator[Turn]:
    speaker = before
    for line in text.splitlines():
        named = _NAMED.fullmatch(line)
        said = line
        if named and len(named["name"].split()) <= _MOST_WORDS:
            speaker, said = " ".join(named["name"].split()), named["text"]
        if speaker and (words := " ".join(said.split())):
            yield Turn(speaker=speaker, text=words)


def _joined(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Put together what one person says in several pieces."""
    last: Turn | None = None
    for turn in turns:
        if last and last.speaker == turn.speaker:
            known = last.seconds is not None and turn.seconds is not None
            seconds = (last.seconds or 0) + (turn.seconds or 0) if known else None
            text = f"{last.text} {turn.text}"
            last = Turn(speaker=turn.speaker, text=text, seconds=seconds)
            continue
        if last:
            yield last
        last = turn
    if last:
        yield last
