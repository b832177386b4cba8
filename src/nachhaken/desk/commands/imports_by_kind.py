"""A file to the importer of its kind: read first, and then written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from django.db import transaction

from nachhaken.desk import incoming
from nachhaken.desk.column_profiles import mapping_by, profile_of
from nachhaken.desk.commands.arriving import Arrival, resemble
from nachhaken.desk.commands.import_cards import Strangers, import_cards
from nachhaken.desk.commands.import_mails import import_mail_file, look_at_mails
from nachhaken.desk.commands.import_meetings import import_meetings
from nachhaken.desk.commands.import_tables import import_table
from nachhaken.desk.commands.setting_up import set_preferences
from nachhaken.desk.file_kinds import MAILS, is_table
from nachhaken.desk.left_out import left_out
from nachhaken.desk.models import ColumnProfile
from nachhaken.desk.preferences import OWN_ADDRESSES, own_addresses
from nachhaken.sources.calendar import read_meetings
from nachhaken.sources.faults import Fault, NotATranscript
from nachhaken.sources.fields import About
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.tables import Table, preview, read_table

Write = Callable[[], None]
_SILENT = {Kind.UNKNOWN, Kind.CSV}
_MAIL_NAMES = {".mbox", ".eml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that comes in: where it lies, what it is called, and how its columns are meant.

    `about` and `mapping` are as a person set them; "" and empty: as guessed, or as a profile says.
    Of contacts `about` says which strangers are taken in (`Strangers`).
    """

    path: Path
    name: str
    kind: Kind
    about: str = ""
    mapping: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether it has rows and columns, as far as its kind tells."""
        return is_table(self.kind)


def source_at(
    path: Path, name: str, *, about: str = "", mapping: Mapping[int, str] | None = None
) -> Source:
    """Return the file at `path` by what it begins with."""
    kind = _kind(path, name)
    return Source(path=path, name=name, kind=kind, about=about, mapping=mapping or {})


def reading(arrival: Arrival, source: Source) -> Write:
    """Read the file and return what writes it; raises Unreadable. Mails are read as they go in."""
    arrival.progress("read", 0, 0)
    if source.kind in MAILS:
        return lambda: _take_mails(arrival, source)
    if source.kind is Kind.ICS:
        found = read_meetings(source.path.read_bytes(), source.name, around=arrival.now)

        def write_meetings() -> None:
            with transaction.atomic():
                import_meetings(arrival, found)
                arrival.seal()

        return write_meetings
    if source.kind is Kind.VCF:
        return lambda: _take_cards(arrival, source)
    table, _profile = table_of(source)
    _keep_left(arrival, source, table)
    return lambda: import_table(arrival, table)


def looking(arrival: Arrival, source: Source) -> None:
    """Count what the file would bring, and write nothing."""
    if source.kind in MAILS:
        look_at_mails(arrival, source.path, name=source.name)
        return
    if source.is_table:
        import_table(arrival, table_of(source)[0], dry_run=True)
        return
    with transaction.atomic():
        reading(arrival, source)()
        resemble(arrival)
        transaction.set_rollback(True)


def table_of(source: Source) -> tuple[Table, ColumnProfile | None]:
    """Read a table as it was set, else by the profile of its header, else as it seems."""
    if source.kind in {Kind.VTT, Kind.SRT}:
        raise NotATranscript(Fault(file=source.name, code="transcript_alone"))
    raw = source.path.read_bytes()
    about, mapping = About(source.about) if source.about else None, source.mapping
    profile = None if mapping or about else _profile(raw, source.name)
    if profile is None:
        return read_table(raw, source.name, about=about, mapping=mapping), None
    columns = preview(raw, source.name, about=About(profile.about)).columns
    kept = mapping_by(profile, columns)
    return read_table(raw, source.name, about=About(profile.about), mapping=kept), profile


def _profile(raw: bytes, name: str) -> ColumnProfile | None:
    if not ColumnProfile.objects.exists():
        return None  # nothing to look for: the header need not be read twice
    return profile_of(preview(raw, name).columns)


def _take_mails(arrival: Arrival, source: Source) -> None:
    own = import_mail_file(arrival, source.path, name=source.name)
    if not own_addresses() and own:
        set_preferences({OWN_ADDRESSES: sorted(own)}, actor=arrival.actor, now=arrival.now)


def _take_cards(arrival: Arrival, source: Source) -> None:
    with transaction.atomic():
        raw = source.path.read_bytes()
        strangers = Strangers(source.about) if source.about in set(Strangers) else Strangers.FIRMS
        import_cards(arrival, raw, source.name, strangers=strangers)
        arrival.seal()


def _keep_left(arrival: Arrival, source: Source, table: Table) -> None:
    if arrival.run is None or not table.faults:
        return
    rows = left_out(source.path.read_bytes(), source.name, table.columns, table.faults)
    if rows:
        incoming.keep_left(arrival.run.file, rows)


def _kind(path: Path, name: str) -> Kind:
    if path.is_dir():
        return Kind.MBOX
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD), name)
        file.seek(max(path.stat().st_size - HEAD, 0))
        # Some programs write the parts that tell a workbook last.
        if kind is Kind.ZIP and b"xl/workbook.xml" in file.read():
            return Kind.XLSX
    # The name says what was meant where the content says nothing, so that the fault names it.
    if kind in _SILENT and PurePath(name).suffix.lower() in _MAIL_NAMES:
        return Kind.MBOX
    return kind
