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
    # What one of us wrote above it when forwarding it.
    note = models.TextField(blank=True, default="")
    # Settled by whom, when and by which act; `opportunity` where assigned, empty where dismissed.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    settled_act = models.CharField(max_length=200, blank=True, default="")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, null=True, blank=True)
    # Why nobody put it anywhere by itself (sources.match.MatchReason).
    reason = models.CharField(max_length=20, blank=True, default="")
    # The telephone numbers below the text, by which somebody may be told.
    phones = models.CharField(max_length=200, blank=True, default="")
    # The import that brought it.
    run = models.ForeignKey("desk.ImportRun", on_delete=models.PROTECT, null=True, blank=True)

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
    """One file that was looked at, taken in, or taken back again.

    It is SEEN (what it would bring was shown, the file waits for a yes), RUNNING (a process takes
    it in; one that died is found by its lock and goes on), DONE, FAILED, or REVERTED. The numbers
    are rows or mails by what became of them. What a mailbox on a server brought is one, too, where
    something was wrong with it; it has no file.
    """

    class State(models.TextChoices):
        """Where the import is."""

        SEEN = "seen"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        REVERTED = "reverted"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # of the file, as sources.kind says
    about = models.CharField(max_length=20, blank=True, default="")  # what the rows of a table are
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    # The file between the look and the end, by its name in the folder of the imports.
    file = models.CharField(max_length=80, blank=True, default="")
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    # The fields of a table's columns, by their position; empty: as guessed.
    mapping = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    new = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unmatched = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    doubtful = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    reverted_at = models.DateTimeField(null=True, blank=True)
    reverted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="reverted_runs"
    )
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
            models.Index(fields=["-at", "-id"], name="run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"


class Filled(models.Model):
    """A field of a prospect, a person or an opportunity that an import filled in or changed.

    Taking the import back puts `before` in its place, where `after` still stands.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="filled")
    table = models.CharField(max_length=12)
    row = models.BigIntegerField()
    field = models.CharField(max_length=20)
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.field}"


class ColumnProfile(models.Model):
    """How a person read the columns of a table, for the next one with the same header."""

    name = models.CharField(max_length=100)
    about = models.CharField(max_length=20)
    header = models.CharField(max_length=64)  # SHA-256 of the folded header
    fields = models.JSONField()  # the field of each folded header, "" for none
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["header", "about"], name="column_profile_once"),
        ]

    def __str__(self) -> str:
        return self.name
