"""The user's own numbers: rows of Preference over the defaults of the plan, and what was learnt."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from nachhaken.desk.models import Lesson, Preference
from nachhaken.engine.model import Model, ModelError
from nachhaken.engine.model_record import from_record
from nachhaken.engine.policies import Policy, PolicyError, load
from nachhaken.plan.values import Preferences

OWN_ADDRESSES = "own_addresses"
COMPANY = "company"
SEND_DELAY = "send_delay"
PRIVACY_NOTICE = "privacy_notice"
# The key of the block list that came along from another desk, sealed.
BLOCK_LIST_KEY = "block_list_key"
USUAL_DELAY = 10  # seconds: long enough to see the toast and the slip in it
LONGEST_DELAY = 600
SETTABLE = frozenset(field.name for field in fields(Preferences)) - {"learnt", "policy"}


@contextmanager
def read_once() -> Iterator[None]:
    """Within it, settings are read from the database the first time only: for what only reads."""
    token = _HELD.set({})
    try:
        yield
    finally:
        _HELD.reset(token)


def stored() -> Mapping[str, Any]:
    """Return every setting by its key, as it is kept."""
    held = _HELD.get()
    if held is None:
        return _rows()
    if "stored" not in held:
        held["stored"] = _rows()
    found: Mapping[str, Any] = held["stored"]
    return found


def preferences() -> Preferences:
    """Return what is set, defaults where nothing is, and the model that was learnt last."""
    held = _HELD.get()
    if held is None:
        return _preferences()
    if "preferences" not in held:
        held["preferences"] = _preferences()
    found: Preferences = held["preferences"]
    return found


def own_zone() -> ZoneInfo:
    """Return the user's time zone."""
    return ZoneInfo(str(stored().get("zone", Preferences().zone)))


def own_addresses() -> frozenset[str]:
    """Return the mail addresses and domains ("@firma.de") that are ours, as set."""
    return frozenset(stored().get(OWN_ADDRESSES, ()))


def company() -> str:
    """Return the name of the own business, as it is said on the telephone; "" until set."""
    return str(stored().get(COMPANY, ""))


def privacy_notice() -> str:
    """Return where the own privacy notice stands, or a sentence that says so; "" until set."""
    return str(stored().get(PRIVACY_NOTICE, ""))


def send_delay() -> int:
    """Return for how many seconds a mail can be taken back before it goes."""
    return int(stored().get(SEND_DELAY, USUAL_DELAY))


_HELD: ContextVar[dict[str, Any] | None] = ContextVar("held_settings", default=None)


def _rows() -> Mapping[str, Any]:
    return dict(Preference.objects.values_list("key", "value"))


def _preferences() -> Preferences:
    newest = Lesson.objects.order_by("-pk").values_list("pk", "fingerprint").first()
    learnt, policy = (None, None) if newest is None else _mind(*newest)
    own = {key: _value(value) for key, value in stored().items() if key in SETTABLE}
    return Preferences(**own, learnt=learnt, policy=policy)


@lru_cache(maxsize=2)
def _mind(lesson: int, fingerprint: str) -> tuple[Model | None, Policy | None]:
    """Return model and plans of a lesson; None, the standard ones, if another version wrote it."""
    row = Lesson.objects.get(pk=lesson)
    try:
        model = from_record(row.parameters)
        policy = load(bytes(row.policy), model) if row.policy else None
    except (ModelError, PolicyError):
        return None, None
    return (model, policy) if model.fingerprint == fingerprint else (None, None)


def _value(value: Any) -> Any:
    # Times of day are the only values that JSON does not know.
    return time.fromisoformat(value) if isinstance(value, str) and value[2:3] == ":" else value
