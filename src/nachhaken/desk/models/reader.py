"""What the reader learnt from the corrections of one user."""

from django.db import models

from nachhaken.desk.models.parties import User


class ReadingLayer(models.Model):
    """What the corrections of `owner` add to the shipped reader, and how it did when tried.

    It knows the events up to `head`; statements up to `since` were forgotten by the owner's word.
    `fingerprint` is empty where it is not used; it suits only the reader of `version`. Derived: a
    missing row is learnt anew.
    """

    owner = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="reading_layer"
    )
    learnt_at = models.DateTimeField()
    head = models.BigIntegerField()
    since = models.BigIntegerField(default=0)
    version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=40, blank=True, default="")
    numbers = models.BinaryField(default=b"")
    report = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"layer {self.owner_id} {self.fingerprint}"
