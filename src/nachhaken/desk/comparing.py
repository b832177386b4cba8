"""Ways to follow up, played through in the background and kept by model and numbers."""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from statistics import median_low
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from nachhaken.desk import background
from nachhaken.desk.busy import is_busy
from nachhaken.desk.models import Plan, Simulated
from nachhaken.desk.preferences import preferences
from nachhaken.engine import standard
from nachhaken.engine.worth import WITHOUT_AMOUNT_EUR
from nachhaken.learning.ways import MATTERS, MATTERS_EACH, SEED, WORLDS, Way, compare_ways
from nachhaken.plan.advice import money_of
from nachhaken.plan.values import Preferences

VERSION = 1  # of what is played: another one makes every comparison anew
NEWEST = 500  # offers from which the usual amount is taken
STALLED = timedelta(minutes=3)  # without a word for so long, its process is dead
MOST_KEPT = 20  # comparisons; older ones are played again if somebody goes back to their numbers
FAILED = "failed"
_BREATH = 0.1  # seconds before it is offered again
_PATIENCE = 15  # times that a report is offered to a database that others hold

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setup:
    """What is compared: the numbers and the model, the usual margin in EUR, and their name.

    `offers` are those from which the margin is taken, 0: the standard one.
    """

    known: Preferences
    value: float
    offers: int
    fingerprint: str


def setup_now() -> Setup:
    """Return what would be compared with the present numbers and the model learnt last."""
    known = preferences()
    value, offers = _usual_margin(known)
    model = known.learnt or standard()
    told = (VERSION, model.fingerprint, money_of(known), value, known.policy is not None)
    sizes = (MATTERS, WORLDS, MATTERS_EACH, SEED)
    name = sha256(f"{told} {sizes}".encode()).hexdigest()
    return Setup(known, value, offers, name)


def report_of(setup: Setup, *, now: datetime) -> Mapping[str, Any] | None:
    """Return the report, or how far it is ("done", "all"); None where nothing has been begun."""
    row = Simulated.objects.filter(fingerprint=setup.fingerprint).first()
    if row is None or _is_dead(row, now):
        return None
    found: Mapping[str, Any] = row.report
    return found


def compare_soon(setup: Setup, *, now: datetime) -> bool:
    """Play it through in the background; False where it is known already, or under way."""
    with transaction.atomic():
        name = setup.fingerprint
        defaults = {"at": now, "report": {"done": 0, "all": len(Way) + WORLDS}}
        row, is_new = Simulated.objects.get_or_create(fingerprint=name, defaults=defaults)
        if not is_new and not _is_dead(row, now):
            return False
        Simulated.objects.filter(pk=row.pk).update(**defaults)
        _forget_old()
        work = partial(play, setup)
        transaction.on_commit(partial(background.soon, name, work, background.Line.RECKONING))
    return True


def play(
    setup: Setup, *, matters: int = MATTERS, worlds: int = WORLDS, each: int = MATTERS_EACH
) -> None:
    """Play it through and keep the report; what fails is kept as failed."""

    def done(parts: int, of: int) -> None:
        with suppress(_BusyError):  # the next part says it again
            _keep(setup, {"done": parts, "all": of}, times=1)

    known = setup.known
    try:
        found = compare_ways(
            known.learnt or standard(),
            money_of(known),
            value=setup.value,
            policy=known.policy,
            matters=matters,
            worlds=worlds,
            each=each,
            done=done,
        )
    except (ArithmeticError, ValueError):
        _log.exception("comparing ways failed")
        _keep(setup, {FAILED: True})
        return
    told = {"value": setup.value, "offers": setup.offers, "is_own": known.learnt is not None}
    _keep(setup, asdict(found) | told)


class _BusyError(Exception):
    """Others held the database all the time."""


def _keep(setup: Setup, report: Mapping[str, Any], *, times: int = _PATIENCE) -> None:
    """Write how far it is, or the report; half a minute of reckoning is not lost to an import."""
    rows = Simulated.objects.filter(fingerprint=setup.fingerprint)
    for _ in range(times):
        try:
            rows.update(at=timezone.now(), report=report)
        except OperationalError as error:
            if not is_busy(error):
                raise
            time.sleep(_BREATH)
        else:
            return
    raise _BusyError


def _forget_old() -> None:
    kept = list(Simulated.objects.order_by("-at", "-pk").values_list("pk", flat=True)[:MOST_KEPT])
    Simulated.objects.exclude(pk__in=kept).delete()


def _is_dead(row: Simulated, now: datetime) -> bool:
    if FAILED in row.report:
        return True
    is_done = "ways" in row.report
    return not is_done and row.at < now - STALLED and not background.awaits(row.fingerprint)


def _usual_margin(known: Preferences) -> tuple[float, int]:
    """Return the margin of the usual offer in EUR, to two figures, and how many offers it is of."""
    rows = Plan.objects.filter(amount_cents__gt=0, currency="EUR").order_by("-since", "-pk")
    amounts = list(rows.values_list("amount_cents", flat=True)[:NEWEST])
    if not amounts:
        return WITHOUT_AMOUNT_EUR, 0
    margin = median_low([cents for cents in amounts if cents]) / 100 * known.margin
    return float(f"{margin:.2g}"), len(amounts)
