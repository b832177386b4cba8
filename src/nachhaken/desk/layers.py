"""With which reader a reply is read: the installed one, and what the owner's corrections add."""

from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

from nachhaken.desk.models import Opportunity, ReadingLayer
from nachhaken.reading.layer import Layer, LayerError, from_bytes


@cache
def reader_version() -> str:
    """Return a name for the reader as it is installed: another rule or table, another name."""
    digest = sha256()
    package = resources.files("nachhaken.reading")
    for folder in (package, package / "tables"):
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def layers_for(opportunity_ids: set[int]) -> dict[int, tuple[int, str]]:
    """Return the owner and their layer's fingerprint for each opportunity read with one."""
    rows = Opportunity.objects.filter(
        pk__in=opportunity_ids, owner__reading_layer__version=reader_version()
    ).exclude(owner__reading_layer__fingerprint="")
    found = rows.values_list("pk", "owner_id", "owner__reading_layer__fingerprint")
    return {pk: (owner or 0, name) for pk, owner, name in found}


@lru_cache(maxsize=32)
def layer_of(owner: int, fingerprint: str) -> Layer | None:
    """Return the layer of that name; None if it was replaced meanwhile or cannot be read."""
    from nachhaken.reading.scores import shipped

    row = ReadingLayer.objects.filter(pk=owner, fingerprint=fingerprint).first()
    try:
        return from_bytes(bytes(row.numbers), shipped().tables) if row else None
    except LayerError:
        return None
