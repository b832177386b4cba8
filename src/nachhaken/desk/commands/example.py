"""The example business, taken in by the importers that a user's own files go through."""

from collections.abc import Iterator
from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.commands.imports import Imported, taken_in
from nachhaken.desk.commands.setting_up import set_preferences
from nachhaken.desk.models import User
from nachhaken.desk.preferences import COMPANY, OWN_ADDRESSES, company, own_addresses
from nachhaken.desk.speech import local_date

OWN = "k.brandt@metallbau-brandt.example"
OWN_NAME = "Metallbau Brandt"
# Offers first: a mail finds only what is there.
_ORDER = (".csv", ".xlsx", ".mbox", ".ics")


def load_example(*, actor: User | None, now: datetime) -> Iterator[Imported]:
    """Take in the example, dated around `now`, file by file.

    Only the command line has no actor, on a first start: the owner is still to come, and takes
    over what belongs to nobody.
    """
    from nachhaken.example import render

    if actor is not None:
        allow(actor)
    own = sorted(own_addresses() | {OWN})
    set_preferences({OWN_ADDRESSES: own}, actor=actor, now=now)
    set_preferences({COMPANY: company() or OWN_NAME}, actor=actor, now=now)
    for name, raw in sorted(render(local_date(now)).items(), key=lambda item: _rank(item[0])):
        yield taken_in(raw=raw, name=name, actor=actor, now=now)


def _rank(name: str) -> tuple[int, str]:
    return next((i for i, end in enumerate(_ORDER) if name.endswith(end)), len(_ORDER)), name
