"""Mails that somebody has begun to write."""

from django.db import models

from nachhaken.desk.models.parties import Person, User
from nachhaken.desk.models.post import Outgoing
from nachhaken.desk.models.story import Opportunity


class Writing(models.Model):
    """A mail as it was last typed, until it went.

    `slot` tells what it was begun from (text, person, offer), so that another version of the text
    never overwrites what was typed in this one. Once handed over it waits beside its mail: who
    takes that back goes on writing.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="writings")
    author = models.ForeignKey(User, on_delete=models.CASCADE)
    slot = models.CharField(max_length=120)
    text_key = models.CharField(max_length=100, blank=True, default="")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True)
    step = models.CharField(max_length=20)
    subject = models.CharField(max_length=500, blank=True, default="")
    text = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()
    outgoing = models.ForeignKey(Outgoing, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "author", "slot"], name="writing_once_a_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.slot}"
