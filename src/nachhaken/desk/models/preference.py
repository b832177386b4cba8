"""The user's own numbers, one row each."""

from django.db import models

from nachhaken.desk.models.parties import User


class Preference(models.Model):
    """A setting with who set it and when, and why where that has to be said."""

    key = models.CharField(max_length=40, unique=True)
    value = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.key
