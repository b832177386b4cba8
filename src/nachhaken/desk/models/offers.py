"""Offers before they go out, and the documents that go with them."""

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Event, Opportunity


class Document(models.Model):
    """A file by its content: it lies once under `sha256` in the folder of documents."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class OfferDraft(models.Model):
    """An offer that is being written; what goes out is an `OfferSent`, and this stays with it.

    `positions` are rows of `timeline.Position`. `based_on` is the event that it revises or answers.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="drafts")
    source_key = models.CharField(max_length=250, unique=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    number = models.CharField(max_length=60, blank=True, default="")
    version = models.IntegerField(default=1)
    title = models.CharField(max_length=200, blank=True, default="")
    opening = models.TextField(blank=True, default="")
    closing = models.TextField(blank=True, default="")
    positions = models.JSONField(default=list)
    net_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    vat_permille = models.IntegerField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True)
    based_on = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Went out as which event, or was dropped; an event that was undone leaves it in work again.
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_as = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One offer of an opportunity is in work at a time: two clicks make no two.
            models.UniqueConstraint(
                fields=["opportunity"],
                name="draft_in_work_once",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.version}"
