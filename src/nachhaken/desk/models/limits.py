"""What stands against a contact for good, and the clock that runs."""

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Opportunity


class Blocked(models.Model):
    """Somebody who must never be contacted again, known only by a keyed hash of an address.

    `kind` says of what: mail, phone or name. It survives erasure, and is asked at every import.
    """

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class Timer(models.Model):
    """The clock of a user's work on one opportunity, while it runs."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="timer")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    work = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return f"timer {self.user_id}"
