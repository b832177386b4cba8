"""What stands against a contact for good, and the clock that runs."""

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Opportunity


class Blocked(models.Model):
    """Somebody who must never be contacted again, known only by a keyed hash of an address.

    `kind` says of what: mail, phone or name; `scope` whether one person objected or the whole
    house. It survives erasure, and is asked at every import. `event` is the number of the event
    that it rests on: no foreign key, since the event may be erased and this may not.
    """

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    scope = models.CharField(max_length=10, default="prospect")
    event = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    # Taken off the list by whom, when and why; the reason is empty where the objection was undone.
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="lifted_blocks"
    )
    lift_reason = models.TextField(blank=True, default="")

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
