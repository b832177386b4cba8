"""The user's own post: the account that mails go out from, and what waits, went, or is unknown."""

from django.db import models

from nachhaken.desk.models.offers import OfferDraft
from nachhaken.desk.models.parties import Person, User
from nachhaken.desk.models.story import Event, Opportunity


class Security(models.TextChoices):
    """How the line to a mail server is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailAccount(models.Model):
    """A user's own account: SMTP to send, IMAP for the Sent folder and what comes in.

    `secret` is sealed (`desk.sealing`). `checked_at` is when both servers last answered well,
    `fault` the code of what was wrong since ("" where nothing).
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_account")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True, default="")
    username = models.CharField(max_length=254)
    secret = models.BinaryField(default=b"")
    smtp_host = models.CharField(max_length=253)
    smtp_port = models.IntegerField(default=587)
    smtp_security = models.CharField(
        max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    imap_host = models.CharField(max_length=253, blank=True, default="")
    imap_port = models.IntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security.choices, default=Security.TLS)
    sent_folder = models.CharField(max_length=200, blank=True, default="")
    set_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")
    # From which day on mail is read; empty: a year before the account was set.
    since = models.DateField(null=True, blank=True)
    # A person chose the folders; until then they are the inbox and the sent mail.
    folders_chosen_at = models.DateTimeField(null=True, blank=True)
    # The last sign of life of the line on which the server tells of new mail (IDLE).
    watched_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.address


class MailFolder(models.Model):
    """A folder of an account that is read, how far it was read, and whether nothing is missing.

    UIDs up to `last_uid` under `uid_validity` were looked at. `taken` are all of them, as a set in
    the words of IMAP ("1:40,42"): each was decided on, kept or not. `kept`, `unmatched`, `skipped`
    and `faulty` count what became of them. At `compared_at` the server held `held` mails of the
    span, and `missing` is the set of those that were not taken: a gap.
    """

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)
    last_mail_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")
    is_sent = models.BooleanField(default=False)  # its mails are ours
    taken = models.TextField(blank=True, default="")
    kept = models.IntegerField(default=0)
    unmatched = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    faulty = models.IntegerField(default=0)
    compared_at = models.DateTimeField(null=True, blank=True)
    held = models.IntegerField(default=0)
    missing = models.TextField(blank=True, default="")
    # Digests of the addresses that the mails so far were searched for: who becomes known later is
    # looked for in what was passed over.
    looked_for = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="folder_once")]

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """One mail that a person sent off, from the click until its copy lies in the Sent folder.

    It goes QUEUED, CLAIMED (a process took it), TRANSMITTING (its text may be on the line: from
    here nobody can know without an answer), SENT. An answer "no" makes it REFUSED; a line or a
    process that died while transmitting makes it UNKNOWN, and then a person decides. `raw` is the
    whole message as it goes, `message_id` without angle brackets: a copy is known again by it.
    """

    class State(models.TextChoices):
        """Where the mail is."""

        QUEUED = "queued"
        CLAIMED = "claimed"
        TRANSMITTING = "transmitting"
        SENT = "sent"
        REFUSED = "refused"
        UNKNOWN = "unknown"
        WITHDRAWN = "withdrawn"

    source_key = models.CharField(max_length=250, unique=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="outgoing")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT)
    message_id = models.CharField(max_length=250, unique=True)
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    raw = models.BinaryField()
    step = models.CharField(max_length=20)
    draft = models.ForeignKey(OfferDraft, on_delete=models.PROTECT, null=True, blank=True)
    # The keys of the playbook's texts that it was begun from.
    scripts = models.JSONField(default=list)
    # What is written with it as events, besides the touch or the offer; see records.encode.
    beside = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()  # since when it is to go
    state_at = models.DateTimeField()
    # When there is something to do next: send it, try again, look for its copy, file it.
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True, default="")  # the server's own words
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)  # its copy lies in the Sent folder

    class Meta:
        indexes = [
            # Beside it lie whole messages: no page must walk through the table.
            models.Index(fields=["state", "-state_at", "-id"], name="outgoing_by_state"),
            models.Index(
                fields=["due_at"],
                name="outgoing_due",
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.message_id}"
