"""A refusal of ours in words: for each reason in three tones, with a recommendation or without."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from nachhaken.playbook.filling import in_voice
from nachhaken.playbook.values import Mail, Said, Scene, Voice
from nachhaken.terms import OurReason

_SUBJECTS = {
    Voice.SIE: "Zu Ihrer Anfrage: {topic}",
    Voice.DU: "Zu deiner Anfrage: {topic}",
    Voice.SWISS: "Zu Ihrer Anfrage: {topic}",
    Voice.ENGLISH: "On your enquiry: {topic}",
}
_ANGLE = {"de": "wie eben gewählt", "en": "as just chosen"}
# What somebody typed as a name must not be read as a placeholder, nor as our signs.
_PLAIN = str.maketrans({"{": "(", "}": ")", "*": " ", "\n": " "})
_SWISS = str.maketrans({"„": "«", "“": "»"})


class Tone(StrEnum):
    """How we say no."""

    WARM = "warm"
    PLAIN = "plain"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What our no says: why, in which tone, whom we recommend, and whether the door stays open.

    `partner` is a name with how to reach it, "" for nobody.
    """

    reason: OurReason
    tone: Tone = Tone.WARM
    partner: str = ""
    is_open: bool = True


def mail_of(refused: Refused, key: str) -> Mail:
    """Return the mail with its placeholders, under `key`, in every voice."""
    body = {
        voice: "\n\n".join(("{greeting}", *_parts(refused, voice, is_spoken=False), "{sign_off}"))
        for voice in Voice
    }
    return Mail(key=key, scene=Scene.DECLINE, subject=_SUBJECTS, body=body, angle=_ANGLE)


def words_of(refused: Refused) -> Said:
    """Return what to say on the telephone, in every voice."""
    return {voice: " ".join(_parts(refused, voice, is_spoken=True)) for voice in Voice}


def _parts(refused: Refused, voice: Voice, *, is_spoken: bool) -> list[str]:
    table = _table()
    no = _in(table[refused.reason][refused.tone], voice)
    # A Swiss greeting has no comma behind it, and a spoken no has no greeting before it.
    parts = [no[0].upper() + no[1:] if is_spoken or voice is Voice.SWISS else no]
    if partner := refused.partner.translate(_PLAIN).strip():
        referral = _in(table["referral"][refused.tone], voice)
        parts.append(referral.replace("{partner}", partner))
    if refused.is_open:
        parts.append(_in(table["door"][refused.reason], voice))
    return parts


def _in(said: Said, voice: Voice) -> str:
    text = in_voice(said, voice)
    assert text is not None  # noqa: S101 - the table has every voice, as its test proves
    return text.translate(_SWISS) if voice is Voice.SWISS else text


@cache
def _table() -> Mapping[str, Mapping[str, Said]]:
    text = resources.files("nachhaken.playbook").joinpath("declining.toml").read_text("utf-8")
    return {
        part: {name: {Voice(v): said for v, said in voices.items()} for name, voices in row.items()}
        for part, row in tomllib.loads(text).items()
    }
