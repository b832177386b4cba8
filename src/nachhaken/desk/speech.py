"""Phrases as rows and as sentences in the language of the present request."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from nachhaken.plan.values import Param, Phrase
from nachhaken.plan.words import say


def language() -> str:
    """The language that is active, "de" or "en"."""
    return "en" if (get_language() or "de").startswith("en") else "de"


def speak(phrase: Phrase | None) -> str:
    """Return `phrase` in the active language, "" for none."""
    return say(phrase, language()) if phrase else ""


def encode_phrase(phrase: Phrase) -> dict[str, Any]:
    """Return a phrase as JSON; dates keep their type."""
    return {"key": phrase.key, "params": {k: _encode(v) for k, v in phrase.params.items()}}


def decode_phrase(payload: Mapping[str, Any]) -> Phrase:
    """Return the phrase of `encode_phrase`."""
    return Phrase(payload["key"], {k: _decode(v) for k, v in payload["params"].items()})


def local_date(moment: datetime) -> date:
    """Return the calendar day of `moment` in the user's zone."""
    return timezone.localtime(moment).date()


def _encode(value: Param) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _decode(value: Any) -> Param:
    match value:
        case {"at": str(text)}:
            return datetime.fromisoformat(text)
        case {"on": str(text)}:
            return date.fromisoformat(text)
    plain: Param = value
    return plain
