"""Who takes part: users of the desk, prospects and their people."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from nachhaken.desk.folding import fold, searchable


class User(AbstractUser):
    """Somebody who works at the desk."""

    language = models.CharField(max_length=5, blank=True, default="")
    # The local hour at which the morning's list goes out by mail; empty: it does not.
    digest_at = models.TimeField(null=True, blank=True)
    # When the weekly review goes out by mail: 0 is Monday, at a local hour; empty: it does not.
    review_weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    review_at = models.TimeField(null=True, blank=True)
    # How many open matters are enough for them; empty: not said.
    most_open = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


_HAS_RUN = models.Q(run__isnull=False)


class ProspectRows(models.QuerySet["Prospect"]):
    """Prospects; who is here is said in this file alone, for them and for their people."""

    def here(self) -> "ProspectRows":
        """Return those who did not go with an import that was taken back (see named_again)."""
        return self.exclude(_WENT)


class PersonRows(models.QuerySet["Person"]):
    """People, here or gone like prospects."""

    def here(self) -> "PersonRows":
        """Return those who did not go with an import that was taken back (see named_again)."""
        return self.exclude(_WENT)


_WENT = models.Q(run__state="reverted")


class Prospect(models.Model):
    """An organisation or a private customer; `key` is unique for a name in a place."""

    name = models.CharField(max_length=200)
    place = models.CharField(max_length=120, blank=True, default="")
    # Street, postcode, town: as it stands on a letter, below the name.
    address = models.TextField(blank=True, default="")
    region = models.CharField(max_length=10, blank=True, default="")
    is_consumer = models.BooleanField(default=False)
    key = models.CharField(max_length=330, unique=True)
    folded = models.CharField(max_length=200, db_index=True)
    search = models.TextField()
    created_at = models.DateTimeField()
    # Derived from the events: who opted out, and when.
    opted_out_at = models.DateTimeField(null=True, blank=True)
    # The import that brought it.
    run = models.ForeignKey(
        "desk.ImportRun", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    # The same one, which took over everything; this name still leads there (see Merger).
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="twins"
    )

    objects = ProspectRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["folded", "id"], name="prospect_by_name"),
            models.Index(fields=["run"], name="prospect_by_run", condition=_HAS_RUN),
        ]

    def __str__(self) -> str:
        return self.name

    def refold(self) -> None:
        """Set the columns that follow from name and place."""
        self.folded = fold(self.name)[:200]
        self.search = searchable(self.name, self.place)

    @property
    def standing_people(self) -> "list[Person]":
        """Who is known here, each of them once: without those who were merged into another.

        Of the people as they were fetched: whoever shows them fetches those who are here.
        """
        found = (one for one in self.people.all() if one.merged_into_id is None)
        return sorted(found, key=lambda one: one.pk)


class Person(models.Model):
    """Somebody at a prospect; one address belongs to one person."""

    prospect = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=200, blank=True, default="")
    role = models.CharField(max_length=120, blank=True, default="")
    mail = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=50, blank=True, default="")
    # How to speak to them: "sie" or "du", "frau" or "herr"; "" where nobody has said so.
    tone = models.CharField(max_length=3, blank=True, default="")
    salutation = models.CharField(max_length=4, blank=True, default="")
    # The import that brought them.
    run = models.ForeignKey(
        "desk.ImportRun", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    # The same person; mail to this address is theirs, too (see Merger).
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="twins"
    )

    objects = PersonRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["run"], name="person_by_run", condition=_HAS_RUN)]
        constraints = [
            models.UniqueConstraint(
                fields=["mail"], condition=~models.Q(mail=""), name="person_mail_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.mail


class Merger(models.Model):
    """Two prospects, or two people, that are one: `gone` lives on in `kept`, until it is undone.

    `moved` are the ids of the rows that went over, by their table, so that they find back.
    """

    class Table(models.TextChoices):
        """What was merged."""

        PROSPECT = "prospect"
        PERSON = "person"

    table = models.CharField(max_length=10, choices=Table.choices)
    kept = models.BigIntegerField()
    gone = models.BigIntegerField()
    moved = models.JSONField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT)
    source_key = models.CharField(max_length=250, unique=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="undone_mergers"
    )

    class Meta:
        indexes = [models.Index(fields=["table", "kept"], name="merger_by_kept")]

    def __str__(self) -> str:
        return f"{self.table} {self.gone} -> {self.kept}"


class Apart(models.Model):
    """Two that look alike and are not the same, as a person said; `first` is the smaller id."""

    table = models.CharField(max_length=10, choices=Merger.Table.choices)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "first", "second"], name="apart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.first} | {self.second}"
