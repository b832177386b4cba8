"""Having ways to follow up compared, for the present model and numbers."""

from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.comparing import compare_soon, setup_now
from nachhaken.desk.models import User


def compare_ways(*, actor: User, now: datetime) -> bool:
    """Play the ways through in the background; False where that is done already, or under way."""
    allow(actor)
    return compare_soon(setup_now(), now=now)
