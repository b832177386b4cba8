"""Who may see and do what: for now every active user everything, and nobody else anything."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from nachhaken.desk.models import User


class RefusedError(PermissionDenied):
    """This user may not see or do this; views answer 403."""


def allow(user: User | AnonymousUser | None) -> User:
    """Return `user` if active and known, else raise RefusedError."""
    if isinstance(user, User) and user.is_active:
        return user
    raise RefusedError
