"""Spellings that should find each other: Müller, Mueller, Muller, MÜLLER; Straße, Strasse."""

import unicodedata

_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def plain(text: str) -> str:
    """Return `text` in small letters without accents, ß as ss, single spaces."""
    if text.isascii():  # as most are, and then there is nothing to take apart
        return " ".join(text.lower().split())
    # The Turkish dotless i has no decomposition; who types it on a German keyboard writes an i.
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(c for c in parts if not unicodedata.combining(c)).casefold()
    return " ".join(bare.split())


def fold(text: str) -> str:
    """Return `plain(text)` with ae, oe, ue as a, o, u: equal for the spellings of one name."""
    folded = plain(text)
    for digraph, letter in _DIGRAPHS:
        folded = folded.replace(digraph, letter)
    return folded
