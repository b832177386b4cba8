"""The first start, and the user's own numbers."""

from collections.abc import Mapping
from datetime import datetime, time

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from nachhaken.desk.access import allow
from nachhaken.desk.models import Opportunity, Preference, User
from nachhaken.desk.offering import HABITS
from nachhaken.desk.preferences import (
    COMPANY,
    OWN_ADDRESSES,
    PRIVACY_NOTICE,
    SEND_DELAY,
    SETTABLE,
)

_OWNER = "owner"
_KNOWN = SETTABLE | {COMPANY, OWN_ADDRESSES, PRIVACY_NOTICE, SEND_DELAY, *HABITS}


class AlreadySetUpError(Exception):
    """The desk has its owner."""


def create_owner(*, name: str, mail: str, password: str, now: datetime, language: str = "") -> User:
    """Make the owner of a fresh desk, or raise AlreadySetUpError; of two at once, one wins.

    A weak password raises Django's ValidationError with sentences for the user.
    """
    first, _, last = name.strip().partition(" ")
    mail = mail.strip()
    user = User(username=mail.casefold(), email=mail, first_name=first, last_name=last)
    user.language = language
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            # The unique row decides between two first starts; the second one fails here.
            seat = Preference.objects.create(key=_OWNER, value=mail.casefold(), set_at=now)
            if User.objects.filter(is_active=True).exists():
                raise AlreadySetUpError
            _take_over(user)
            user.save()
            # What came in before there was anybody, such as the example, is the owner's.
            Opportunity.objects.filter(owner=None).update(owner=user)
            seat.set_by = user
            seat.save(update_fields=["set_by"])
    except IntegrityError as error:
        raise AlreadySetUpError from error
    return user


def _take_over(user: User) -> None:
    """Go on as who came along with everything from another desk: of the same address, or first."""
    rows = User.objects.order_by("pk")
    came = rows.filter(username__iexact=user.username).first() or rows.first()
    if came is not None:
        user.pk, user.date_joined, user.digest_at = came.pk, came.date_joined, came.digest_at


def prefer(*, actor: User, now: datetime, **values: float | str | time | list[str]) -> None:
    """Set the user's own numbers, named as in `Preferences`.

    `own_addresses` is a list, `company` the name that is said on the telephone. Names with
    "offer_" are the habits of `offering.OfferHabits`.
    """
    if unknown := values.keys() - _KNOWN:
        raise TypeError(f"unknown preferences: {sorted(unknown)}")
    set_preferences(values, actor=allow(actor), now=now)


def set_preferences(
    values: Mapping[str, float | str | time | list[str]], *, actor: User | None, now: datetime
) -> None:
    """Write preferences as rows."""
    with transaction.atomic():
        for key, value in values.items():
            held = value.isoformat() if isinstance(value, time) else value
            Preference.objects.update_or_create(
                key=key, defaults={"value": held, "set_at": now, "set_by": actor}
            )
