"""Which program wrote a table, and what its columns and stages mean (profiles.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from nachhaken.sources.fields import About, Field
from nachhaken.sources.headers import folded


class Stage(StrEnum):
    """What a stage of a pipeline means here."""

    OPEN = "open"
    OFFERED = "offered"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The export of one kind of thing from one program.

    `needs` are groups of folded headers: of each group one has to be there. `columns` are the
    fields by folded header, None for what is passed over; `stages` and `kinds` say what the words
    in the columns of these fields mean.
    """

    key: str
    program: str
    about: About
    needs: tuple[frozenset[str], ...]
    columns: Mapping[str, Field | None]
    stages: Mapping[str, Stage]
    kinds: Mapping[str, str]


def profile_of(headers: Sequence[str], about: About | None = None) -> Profile | None:
    """Return the profile whose headers stand here; of several the one that knows the most."""
    names = frozenset(map(folded, headers)) - {""}
    fitting = [
        profile
        for profile in profiles()
        if about in {None, profile.about} and all(group & names for group in profile.needs)
    ]
    return max(fitting, key=lambda p: (len(p.needs), len(names & p.columns.keys())), default=None)


@cache
def profiles() -> tuple[Profile, ...]:
    """Return the shipped profiles in the order of their file."""
    text = files("nachhaken.sources").joinpath("profiles.toml").read_text(encoding="utf-8")
    return tuple(_profile(key, told) for key, told in tomllib.loads(text).items())


def _profile(key: str, told: Mapping[str, object]) -> Profile:
    return Profile(
        key=key,
        program=_text(told["program"]),
        about=About(_text(told["about"])),
        needs=tuple(frozenset(map(folded, _list(group))) for group in _list(told["needs"])),
        columns=_columns(told["columns"]),
        stages={word: Stage(stage) for stage, word in _pairs(told.get("stages", {}))},
        kinds={word: kind for kind, word in _pairs(told.get("kinds", {}))},
    )


def _columns(told: object) -> dict[str, Field | None]:
    return {word: Field(name) if name != "none" else None for name, word in _pairs(told)}


def _pairs(told: object) -> list[tuple[str, str]]:
    """Return each meaning with each of the folded words that have it."""
    assert isinstance(told, dict)  # noqa: S101 - our own file
    return [(meaning, folded(word)) for meaning, words in told.items() for word in words]


def _text(told: object) -> str:
    assert isinstance(told, str)  # noqa: S101 - our own file
    return told


def _list(told: object) -> list[str]:
    assert isinstance(told, list)  # noqa: S101 - our own file
    return told
