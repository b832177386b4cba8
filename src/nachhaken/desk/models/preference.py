"""The user's own numbers, one row each."""

from django.db import models

from nachhaken.desk.models.parties import User


class Preference(models.Model):
    """A setting with who set it and when."""

    key = models.CharField(max_length=40, unique=True)
    value = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.key
