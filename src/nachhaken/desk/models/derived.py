"""What follows from the events: caches that may be deleted at any time."""

from django.db import models

from nachhaken.desk.models.story import Event, Opportunity


class ReadingCache(models.Model):
    """The reading of one reply, made with the tables and the layer of `version`.

    `is_own` where the layer of the opportunity's owner reads with; beside it stays the bare one,
    against which corrections are counted.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="readings")
    is_own = models.BooleanField(default=False)
    version = models.CharField(max_length=40)
    payload = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "is_own"], name="reading_once"),
        ]

    def __str__(self) -> str:
        return f"reading {self.event_id}"


class Lesson(models.Model):
    """What the own past taught at one time; the newest one is judged with.

    `cases` are the ended opportunities that it rests on: without a further one nothing new can be
    learnt. `parameters` is the model, `report` what the page says of it; `policy` are the plans
    solved for it, empty where it answers as the shipped one does and the shipped plans hold.
    """

    learnt_at = models.DateTimeField()
    cases = models.IntegerField()
    fingerprint = models.CharField(max_length=40)
    parameters = models.JSONField()
    policy = models.BinaryField(default=b"")
    report = models.JSONField()

    def __str__(self) -> str:
        return f"lesson {self.fingerprint}"


class Plan(models.Model):
    """The advice for one opportunity, flattened for lists. Money in cents, times local hours.

    `due` is empty when nothing is to be done; `rate` is the gain in cents per minute: the ranking;
    `words` is the phrase to say, empty where the step has none.
    """

    opportunity = models.OneToOneField(
        Opportunity, on_delete=models.CASCADE, primary_key=True, related_name="plan"
    )
    due = models.DateField(null=True, blank=True)
    rate = models.FloatField(default=0.0)
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, blank=True, default="")
    minutes = models.IntegerField()
    gain_cents = models.BigIntegerField()
    runner_up = models.CharField(max_length=20, blank=True, default="")
    runner_up_cents = models.BigIntegerField(null=True, blank=True)
    title = models.JSONField()
    why = models.JSONField()
    headline = models.JSONField()
    words = models.JSONField(default=dict)
    truth = models.CharField(max_length=10)
    genuine = models.FloatField()
    stalled = models.FloatField()
    pretend = models.FloatField()
    lost = models.FloatField()
    hour_from = models.FloatField()
    hour_to = models.FloatField()
    # Of the opportunity as it stands, for the lists.
    amount_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    offer_number = models.CharField(max_length=60, blank=True, default="")
    offer_version = models.IntegerField(default=0)
    offer_entry = models.BigIntegerField(null=True, blank=True)  # the event of the newest offer
    # Where that offer stands by its events; whether it expired is the day's to say.
    offer_state = models.CharField(max_length=10, blank=True, default="")
    since = models.DateField()  # of the newest offer, or of the beginning: the order of lists
    offer_sent_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    effort_minutes = models.IntegerField(default=0)
    outcome = models.CharField(max_length=10, blank=True, default="")
    no_reason = models.CharField(max_length=20, blank=True, default="")
    # What it is true for.
    head = models.BigIntegerField()
    model_version = models.CharField(max_length=40)
    planned_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["due", "-rate", "opportunity"],
                name="plan_by_due",
                condition=models.Q(due__isnull=False),
            ),
            models.Index(fields=["outcome", "-since", "-opportunity"], name="plan_by_since"),
            models.Index(
                fields=["offer_state", "valid_until", "offer_entry"],
                name="plan_by_offer",
                condition=models.Q(offer_entry__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due}"
