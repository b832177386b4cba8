"""What reaches the user outside the desk: the calendar, and the morning's list by mail."""

from enum import StrEnum

from django.db import models

from nachhaken.desk.models.parties import User
from nachhaken.desk.models.story import Opportunity


class CalendarFeed(models.Model):
    """A private address under which a calendar program reads the next steps; revoked by deleting.

    Only the SHA-256 of its token is kept. `with_words`: phone numbers and words stand in it, too.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    token_sha256 = models.CharField(max_length=64, unique=True)
    with_words = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"feed {self.user_id}"


class CalendarAccount(models.Model):
    """A calendar on a CalDAV server into which the next steps are written; `secret` is sealed.

    `address` is where the user said that the server is, `url` the calendar that was chosen there
    ("" until then) and `name` what it is called.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_account")
    address = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    username = models.CharField(max_length=254)
    secret = models.BinaryField(default=b"")
    with_words = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.name or self.address


class CalendarItem(models.Model):
    """A step as it was last written into a calendar: only what changed is written again."""

    account = models.ForeignKey(CalendarAccount, on_delete=models.CASCADE, related_name="items")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE)
    href = models.CharField(max_length=500)
    etag = models.CharField(max_length=200, blank=True, default="")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "opportunity"], name="calendar_item_once"),
        ]

    def __str__(self) -> str:
        return self.href


class CalendarRead(models.Model):
    """A calendar of the account whose meetings are read; `tag` is its version when it was.

    `entries` are the names of its entries with people whom we know: what was deleted there is
    known by them.
    """

    account = models.ForeignKey(CalendarAccount, on_delete=models.CASCADE, related_name="reads")
    url = models.CharField(max_length=500)
    name = models.CharField(max_length=200, blank=True, default="")
    tag = models.CharField(max_length=500, blank=True, default="")
    entries = models.JSONField(default=list)
    read_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "url"], name="calendar_read_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.url


class DigestState(StrEnum):
    """Where a morning's list is; NOTHING: none was wanted on this day."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


class DigestFault(StrEnum):
    """What was in the way of a morning's list, beside what a mail server says."""

    NO_ACCOUNT = "no_account"
    LOGIN = "login"
    REFUSED = "refused"
    OFF = "off"  # the desk did not run that day
    LATE = "late"  # nor at the hour, but later on the day
    ERROR = "error"


MORNING, REVIEW = "morning", "review"


class Digest(models.Model):
    """A mail of one user on one day, sent, or why not.

    `kind` is the morning's list, the weekly review, or a week that was asked for.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    kind = models.CharField(max_length=30, default=MORNING)
    state = models.CharField(max_length=12)
    state_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True, default="")
    message_id = models.CharField(max_length=250, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)  # the alarm was put away

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day", "kind"], name="digest_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"
