"""What came in and is not yet settled."""

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Event, Opportunity


class UnmatchedMail(models.Model):
    """A mail that looks like business but belongs to nobody we know, until a person settles it."""

    source_key = models.CharField(max_length=250, unique=True)
    at = models.DateTimeField()
    sender_name = models.CharField(max_length=200, blank=True, default="")
    sender = models.CharField(max_length=254)
    subject = models.CharField(max_length=500, blank=True, default="")
    text = models.TextField(blank=True, default="")
    automatic = models.BooleanField(default=False)
    message_id = models.CharField(max_length=250, blank=True, default="")  # as it was written
    # Settled by whom, when and by which act; `opportunity` where assigned, empty where dismissed.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    settled_act = models.CharField(max_length=200, blank=True, default="")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-at"], name="mail_unsettled", condition=models.Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.at:%Y-%m-%d}"


class SetAside(models.Model):
    """The outcome of a call that did not fit what happened meanwhile, until a person settles it.

    `why` is "closed" or "recorded", and `about_event` the event that it did not fit. `payload` is
    the whole outcome as it was sent, `at` the moment of the call.
    """

    source_key = models.CharField(max_length=250, unique=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT)
    actor = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    set_aside_at = models.DateTimeField()
    why = models.CharField(max_length=10)
    payload = models.JSONField()
    about_event = models.ForeignKey(Event, on_delete=models.PROTECT)
    # Settled by whom, when and by which act; the act is empty where it was dismissed.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="settled_calls"
    )
    settled_act = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["-at"], name="aside_unsettled", condition=models.Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.at:%Y-%m-%d}"


class ImportRun(models.Model):
    """One file that was taken in: how many rows, and what was wrong with others."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    new = models.IntegerField()
    same = models.IntegerField()
    changed = models.IntegerField()
    unmatched = models.IntegerField()
    faults = models.JSONField(default=list)
    # The faults were seen by whom and when.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="settled_runs"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["-at"], name="run_unsettled", condition=models.Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"


class Upload(models.Model):
    """A file between its preview and its confirmation."""

    token = models.CharField(max_length=43, unique=True)
    name = models.CharField(max_length=200)
    raw = models.BinaryField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.name
