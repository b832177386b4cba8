"""What happens: opportunities, their append-only events, and the advice that was given."""

from typing import Any, NoReturn

from django.db import models

from nachhaken.desk.models.parties import Person, Prospect, User


class AppendOnlyError(Exception):
    """An event row was to be changed or deleted; a correction is a further event."""


class OpportunityRows(models.QuerySet["Opportunity"]):
    """Opportunities, and which of them have to be planned anew."""

    def stale(self) -> "OpportunityRows":
        """Return those whose plan is older than their events, or missing."""
        newest = self.annotate(newest=models.Max("events__id"))
        return newest.filter(
            models.Q(plan__isnull=True) | models.Q(newest__gt=models.F("plan__head"))
        ).order_by("pk")


_HAS_RUN = models.Q(run__isnull=False)


class Opportunity(models.Model):
    """One matter that may become an order. Its state follows from its events."""

    prospect = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="opportunities")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    title = models.CharField(max_length=200)
    source_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    # Derived from the events. `outcome` is "" while open, "void" when everything was taken back.
    outcome = models.CharField(max_length=10, blank=True, default="", db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    search = models.TextField(default="")
    # The import that brought it.
    run = models.ForeignKey(
        "desk.ImportRun", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )

    objects = OpportunityRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["run"], name="opportunity_by_run", condition=_HAS_RUN),
        ]

    def __str__(self) -> str:
        return self.title


_CAME_IN = models.Q(came_in=True)
_HAS_ABOUT = models.Q(about__isnull=False)


class EventRows(models.QuerySet["Event"]):
    """Events can be added and read, nothing else."""

    def standing(self) -> "EventRows":
        """Return what was not undone, where an undo that was itself undone does not count."""
        redone = Event.objects.filter(kind="undone", about=models.OuterRef("pk"))
        undone = redone.exclude(models.Exists(redone))
        return self.filter(~models.Exists(undone))

    def moved_to(self, *, prospect: int | None = None, person: int | None = None) -> int:
        """Let the events belong to another prospect or person; return how many there were.

        For a merger and its undoing alone: two that are one have one history. What an event says,
        and when, stays untouched (docs/decisions/0023).
        """
        told = {"prospect_id": prospect, "person_id": person}
        return super().update(**{name: pk for name, pk in told.items() if pk is not None})

    def update(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - Django's signature
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class Event(models.Model):
    """One fact of the timeline. `act` joins the events that one act of a person wrote."""

    kind = models.CharField(max_length=20)
    prospect = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="events")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    source_key = models.CharField(max_length=250, unique=True)
    act = models.CharField(max_length=200, blank=True, default="")
    payload = models.JSONField()
    # The entry that an undo, a correction or a settled promise is about; repeated from the payload.
    about = models.BigIntegerField(null=True, blank=True)
    # A customer's mail, in contrast to what we noted of a talk.
    came_in = models.BooleanField(default=False)
    # The import that brought it.
    run = models.ForeignKey(
        "desk.ImportRun", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )

    objects = EventRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["opportunity", "occurred_at"], name="event_by_story"),
            models.Index(fields=["kind", "-occurred_at", "-id"], name="event_by_kind"),
            models.Index(fields=["recorded_at"], name="event_by_day", condition=~models.Q(act="")),
            models.Index(fields=["-occurred_at", "-id"], name="event_came_in", condition=_CAME_IN),
            models.Index(fields=["about"], name="event_by_about", condition=_HAS_ABOUT),
            models.Index(fields=["act"], name="event_by_act", condition=~models.Q(act="")),
            models.Index(fields=["run"], name="event_by_run", condition=_HAS_RUN),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002
        raise AppendOnlyError


class AdviceGiven(models.Model):
    """What was proposed when a person decided, and what the person did with it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="advice")
    source_key = models.CharField(max_length=250, unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    head = models.BigIntegerField()
    proposed = models.CharField(max_length=20)
    due = models.DateField(null=True, blank=True)
    gain_cents = models.BigIntegerField()
    runner_up = models.CharField(max_length=20, blank=True, default="")
    runner_up_cents = models.BigIntegerField(null=True, blank=True)
    model_version = models.CharField(max_length=40)
    decision = models.CharField(max_length=10)  # followed, overruled, snoozed, closed
    chosen = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["opportunity", "-id"], name="advice_newest")]

    def __str__(self) -> str:
        return f"{self.proposed} -> {self.chosen}"
