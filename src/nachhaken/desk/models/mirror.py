"""What the own past shows, counted; whom one recommends; and what was simulated."""

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Opportunity


class Partner(models.Model):
    """Another firm, or a colleague elsewhere, to whom one sends a customer who suits them better.

    A state is a row's time: `retired_at` is when it went off the list.
    """

    name = models.CharField(max_length=200)
    person = models.CharField(max_length=200, blank=True, default="")
    trade = models.CharField(max_length=200, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    mail = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=50, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    source_key = models.CharField(max_length=250, unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class Figures(models.Model):
    """What one opportunity adds to the figures: its cell, and its share of it.

    `counted` is the share as the cells have it, null while they do not; where both differ, the
    cells are behind. Derived: delete all of these and of `FiguresCell`, and they are made anew.
    """

    opportunity = models.OneToOneField(
        Opportunity, on_delete=models.CASCADE, primary_key=True, related_name="figures"
    )
    cell = models.CharField(max_length=80, db_index=True)
    head = models.BigIntegerField()
    version = models.CharField(max_length=40)
    tally = models.JSONField()
    counted_cell = models.CharField(max_length=80, blank=True, default="")
    counted = models.JSONField(null=True, blank=True)
    is_behind = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opportunity"], name="figures_behind", condition=models.Q(is_behind=True)
            ),
        ]

    def __str__(self) -> str:
        return f"figures {self.pk}"


class FiguresCell(models.Model):
    """The sum of the figures of all opportunities that a filter cannot tell apart."""

    key = models.CharField(max_length=80, primary_key=True)
    # The first day of the month in which it became clear, or in which an open one began.
    month = models.DateField(db_index=True)
    is_open = models.BooleanField()
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True)
    segment = models.CharField(max_length=10)
    band = models.CharField(max_length=10)
    offer_type = models.CharField(max_length=10)
    tally = models.JSONField()

    def __str__(self) -> str:
        return self.key


class Simulated(models.Model):
    """What ways to follow up would bring, played through; `fingerprint` names model and numbers."""

    fingerprint = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    report = models.JSONField()

    def __str__(self) -> str:
        return f"simulated {self.fingerprint}"
