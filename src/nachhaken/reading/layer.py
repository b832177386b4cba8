"""What one user's corrections add to the shipped reader: plain sums on top of its last layer.

The logits of a reply become `inputs @ (layer + delta) + weights @ shares`: `delta` shifts what the
scores and cues count for, `shares` are what the wordings of the corrected replies say for each
intent. `weights` are the inverse document frequencies of the reply's grams over their Euclidean
norm, so a long reply says no more than a short one. Fitted by `nachhaken.learning.reading_layer`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from nachhaken.reading.features import grams
from nachhaken.reading.scores import Floats, Tables

RAREST = 86.0
"""The squared inverse document frequency of a gram that the table lacks: in 1 of 8,000 texts."""


class LayerError(ValueError):
    """The bytes are no layer, or one of another shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A shift of the last layer and a memory of wordings; one column for each intent in both.

    `grams` names the rows of `shares`.
    """

    delta: Floats
    grams: Mapping[str, int]
    shares: Floats

    @property
    def fingerprint(self) -> str:
        """A name for this layer: equal numbers, equal name."""
        return sha256(to_bytes(self)).hexdigest()[:16]

    def logits(self, given: Floats, words: list[str], tables: Tables) -> NDArray[np.floating]:
        """What is added to the logits of a reply with these inputs and words."""
        said = grams(words)
        own = [gram for gram in said if gram in self.grams]
        shift = given @ self.delta
        if not own:
            return np.asarray(shift)
        weights = np.sqrt(rareness(own, tables) / rareness(said, tables).sum())
        return np.asarray(shift + weights @ self.shares[[self.grams[gram] for gram in own]])

    def halved(self) -> "Layer":
        """The same, at half its strength."""
        half = np.float32(0.5)
        return Layer(self.delta * half, self.grams, self.shares * half)


def rareness(said: Collection[str], tables: Tables) -> Floats:
    """The squared inverse document frequency of each gram; an unknown one is as rare as any."""
    known = tables.grams
    places = [known.get(gram, -1) for gram in said]
    found = tables.gram_rows[places, -1]
    return np.where(np.array(places) < 0, RAREST, found).astype(np.float32)


def to_bytes(layer: Layer) -> bytes:
    """The layer as bytes, the same for the same numbers."""
    file = BytesIO()
    names = np.frombuffer("\n".join(layer.grams).encode(), dtype=np.uint8)
    for part in (layer.delta, layer.shares, names):
        np.save(file, part, allow_pickle=False)
    return file.getvalue()


def from_bytes(raw: bytes, tables: Tables) -> Layer:
    """The layer of `to_bytes`; raise LayerError where it does not suit the tables."""
    file = BytesIO(raw)
    try:
        delta, shares, names = (np.load(file, allow_pickle=False) for _ in range(3))
        named = names.tobytes().decode().split("\n") if len(shares) else []
        layer = Layer(delta, dict(zip(named, range(len(shares)), strict=True)), shares)
    except (ValueError, EOFError, OSError) as error:
        raise LayerError(str(error)) from error
    if delta.shape != tables.layer.shape or shares.shape[1:] != tables.layer.shape[1:]:
        raise LayerError(f"{delta.shape} and {shares.shape} for {tables.layer.shape}")
    return layer
