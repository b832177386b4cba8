"""What a user's own past says about follow-ups, lines and talks."""

from django.db import models

from nachhaken.desk.models.parties import User


class Experience(models.Model):
    """What `owner`'s opportunities brought, as counts; it knows the events up to `head`.

    Derived: a missing row is counted anew in the background.
    """

    owner = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="experience"
    )
    counted_at = models.DateTimeField()
    head = models.BigIntegerField()
    counts = models.JSONField()

    def __str__(self) -> str:
        return f"experience {self.owner_id}"
