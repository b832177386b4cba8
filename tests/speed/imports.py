"""How a list of 50,000 offers comes in from end to end, and what others can do meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.speed import Row, measure
from tests.speed.tables import MEGABYTES, ROWS, in_own_process

UNITS = {"Memory": ("MB", MEGABYTES), "First page": ("ms", None)}


@measure
def imports_whole() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "angebote.csv")
        in_own_process(folder, "_tables_file", file)
        lines = in_own_process(folder, "_import_run", file).splitlines()
    for name, value in (line.rsplit("\t", 1) for line in lines if "\t" in line):
        kind = next((kind for kind in UNITS if name.startswith(kind)), "")
        unit, bound = UNITS.get(kind, ("s", None))
        yield Row(f"{name}, {ROWS:,} rows", float(value), unit, at_most=bound)
