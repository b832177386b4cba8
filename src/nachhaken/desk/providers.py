"""Which servers belong to an address: the usual providers, and a guess for everybody else."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A server as an account has it."""

    host: str
    port: int
    security: str = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The servers of a provider; `name` where one has to choose it, `note` what to know first.

    `compared` says what its hosts and ports were held against.
    """

    key: str
    smtp: Line
    imap: Line
    domains: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    compared: str = ""


@cache
def providers() -> tuple[Provider, ...]:
    """Return the providers of the table."""
    file = resources.files("nachhaken.desk") / "providers.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(_provider(key, row) for key, row in rows.items() if isinstance(row, dict))


def provider_of(address: str, *, chosen: str = "") -> Provider:
    """Return the chosen provider, else that of the address's domain, else a usual guess."""
    domain = address.rpartition("@")[2].strip().casefold()
    named = [one for one in providers() if chosen and one.key == chosen]
    found = named or [one for one in providers() if domain in one.domains]
    return found[0] if found else _guess(domain)


def _guess(domain: str) -> Provider:
    smtp = Line(host=f"smtp.{domain}", port=465)
    return Provider(key="", smtp=smtp, imap=Line(host=f"imap.{domain}", port=993), note="guess")


def _provider(key: str, row: dict[str, Any]) -> Provider:
    return Provider(
        key=key,
        smtp=Line(**row["smtp"]),
        imap=Line(**row["imap"]),
        domains=tuple(row.get("domains", ())),
        name=row.get("name", ""),
        note=row.get("note", ""),
        compared=row["compared"],
    )
