"""How a person read the columns of a table, found again by the header of the next one."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from nachhaken.desk.folding import fold
from nachhaken.desk.models import ColumnProfile
from nachhaken.sources.columns import Column
from nachhaken.sources.faults import Unreadable
from nachhaken.sources.fields import About
from nachhaken.sources.tables import preview


def header_of(columns: Sequence[Column]) -> str:
    """Return the name of the header that these columns have together."""
    return sha256("\n".join(fold(column.header) for column in columns).encode()).hexdigest()


def profile_of(columns: Sequence[Column]) -> ColumnProfile | None:
    """Return the profile that was kept last for a table with this header."""
    if not any(column.header for column in columns):
        return None
    return ColumnProfile.objects.filter(header=header_of(columns)).order_by("-at", "-pk").first()


def fields_to_keep(columns: Sequence[Column], mapping: Mapping[int, str]) -> dict[str, str]:
    """Return the field of each folded header, for a profile."""
    return {fold(column.header): mapping.get(column.index, "") for column in columns}


def mapping_by(profile: ColumnProfile, columns: Sequence[Column]) -> dict[int, str]:
    """Return the fields of these columns as the profile has them; others stay as guessed."""
    kept: Mapping[str, str] = profile.fields
    found = {column.index: kept.get(fold(column.header)) for column in columns}
    return {index: field for index, field in found.items() if field is not None}


def named_profile(name: str, path: Path) -> dict[str, Any] | list[str]:
    """Return about and mapping of the profile for the table at `path`, else the names there are.

    Of a file that is no table the profile says nothing.
    """
    rows = ColumnProfile.objects.order_by("-at", "-pk")
    profile = rows.filter(name__iexact=name).first()
    if profile is None:
        return sorted(set(rows.values_list("name", flat=True)))
    try:
        columns = preview(path.read_bytes(), path.name, about=About(profile.about)).columns
    except (Unreadable, IsADirectoryError):
        return {"about": "", "mapping": {}}
    return {"about": profile.about, "mapping": mapping_by(profile, columns)}
