"""The words that a phrase pattern cannot do without: where they are missing it need not be tried.

Searching for them first spares most patterns the walk through a long text.
"""

import re
from collections.abc import Iterator
from functools import cache

from nachhaken.reading.text import fold_pattern

# How common words are said and typed in the south; a row may be written in plain German alone.
SPOKEN = {
    "nicht": "ned|net|nit|nid|nöd", "nochmal": "nomal|nomoi|namal", "wieder": "wieda|weder",
    "keine": "koa|ka|kei", "später": "spada|spoeter", "bescheid": "bscheid", "ist": "is|isch",
}  # fmt: skip
SHORTEST = 3
"""Shorter words stand inside too many others to tell anything."""

_SIGN = re.compile(r"\\.|\[[^\]]*\]|[()|]")
_LITERAL = re.compile(r"(?<![\w\\)\]])([^\W\d_]{3,})(?![\w({])(\??)")

Group = tuple[str, ...]


def anchors_of(pattern: str) -> Group:
    """Words of which every match holds one; () where none can be named."""
    found = [_rarest(needs_of(alternative)) for alternative in alternatives(pattern)]
    # A longer word is found wherever the shorter one in it is.
    words = {word for words in found for word in words}
    shortest = {word for word in words if not any(w != word and w in word for w in words)}
    return tuple(sorted(shortest)) if all(found) else ()


@cache
def needs_of(alternative: str) -> tuple[Group, ...]:
    """Groups of words: every match holds one word of each; the rarest group comes first."""
    if not _SIGN.search(alternative):
        return _by_rarity(_literals(alternative))
    inner = [found for group in _groups(alternative) if (found := anchors_of(group))]
    return _by_rarity([*inner, *_literals(_top_level(alternative))])


def _by_rarity(groups: list[Group]) -> tuple[Group, ...]:
    # Long words stand in few texts.
    return tuple(
        sorted(dict.fromkeys(groups), key=lambda group: (-min(map(len, group)), len(group)))
    )


def _rarest(groups: tuple[Group, ...]) -> Group:
    return groups[0] if groups else ()


def _literals(plain: str) -> list[Group]:
    """The words of a pattern without brackets, each with its spoken forms."""
    found = []
    for word, optional in _LITERAL.findall(plain.replace("…", " ")):
        # The last letter of "mails?" may be missing.
        written = fold_pattern(word[:-1] if optional else word)
        spoken = SPOKEN.get(word)
        forms = (written, *fold_pattern(spoken).split("|")) if spoken else (written,)
        if min(map(len, forms)) >= SHORTEST:
            found.append(forms)
    return found


@cache
def alternatives(pattern: str) -> list[str]:
    """The pattern cut at the bars that stand in no brackets."""
    if not _SIGN.search(pattern.replace("|", "")):
        return pattern.split("|")
    cuts = [place for place, sign, depth in _signs(pattern) if sign == "|" and not depth]
    starts = [0, *(cut + 1 for cut in cuts)]
    return [pattern[s:e] for s, e in zip(starts, [*cuts, len(pattern)], strict=True)]


def _top_level(pattern: str) -> str:
    """The pattern without what stands in brackets; a bracket leaves its end."""
    pieces, after = [], 0
    for place, sign, depth in _signs(pattern):
        if depth == (sign == "(") and sign[0] in "([":
            pieces.append(pattern[after:place])
            after = place + len(sign) - 1
        elif sign == ")" and not depth:
            after = place
    return "".join([*pieces, pattern[after:]])


def _groups(alternative: str) -> list[str]:
    """What stands in brackets that every match goes through."""
    groups, start = [], 0
    for place, sign, depth in _signs(alternative):
        if sign == "(" and depth == 1:
            start = place + 1
        is_needed = alternative[place + 1 : place + 2] not in {"?", "*", "{"}
        if sign == ")" and not depth and is_needed and alternative[start : start + 1] != "?":
            groups.append(alternative[start:place])
    return groups


def _signs(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Each bracket, bar and class ("[.!?]") with its place and the brackets around it then."""
    depth = 0
    for match in _SIGN.finditer(pattern):
        sign = match[0]
        depth += (sign == "(") - (sign == ")")
        if sign[0] != "\\":
            yield match.start(), sign, depth
