"""Run every measure, or those whose name contains a word given, and print one Markdown table."""

import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules

from tests import speed


def main(words: list[str]) -> int:
    """Print the table; 1 if a target is missed."""
    _load_measures()
    print(f"{_machine()}  \n{_versions()}\n", flush=True)
    print("| Measure | Value | Target | |\n| --- | ---: | ---: | --- |", flush=True)
    missed = 0
    for row in _rows(words):
        verdict = "" if not row.target else "met" if row.is_met else "MISSED"
        print(
            f"| {row.name} | {row.value:,.4g} {row.unit} | {row.target} | {verdict} |", flush=True
        )
        missed += not row.is_met
    return 1 if missed else 0


def _load_measures() -> None:
    for module in iter_modules(speed.__path__):
        if not module.name.startswith("_"):
            import_module(f"tests.speed.{module.name}")


def _rows(words: list[str]) -> Iterator[speed.Row]:
    for function in speed.measures:
        name = f"{function.__module__}.{function.__name__}"
        if not words or any(word in name for word in words):
            yield from function()


def _machine() -> str:
    # Load says whether the machine was quiet; without it a time means little.
    load = os.getloadavg()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load:.1f} at the start"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _versions() -> str:
    packages = ("nachhaken", "Django", "numpy", "scipy")
    parts = [f"{package} {version(package)}" for package in packages]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return ", ".join([python, f"SQLite {sqlite3.sqlite_version}", *parts])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
