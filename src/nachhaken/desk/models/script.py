"""What users say in their own words, beside the shipped playbook."""

from django.db import models

from nachhaken.desk.models.parties import User


class OwnScript(models.Model):
    """A user's own line for a scene, or answer to a refusal; `key` begins with "own." for good.

    `scene` or `refusal`, and `voice`, are the playbook's; `nth` is the follow-up that it suits
    (0: any), `angle` what is special about it. Another wording is another row: what was counted
    stays true.
    """

    key = models.CharField(max_length=60, unique=True)
    scene = models.CharField(max_length=20, blank=True, default="")
    refusal = models.CharField(max_length=60, blank=True, default="")
    voice = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    text = models.TextField()
    nth = models.IntegerField(default=0)
    angle = models.CharField(max_length=120, blank=True, default="")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="own_scripts")
    set_at = models.DateTimeField()
    # Offered no more since when, and by whose word.
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="retired_scripts"
    )

    def __str__(self) -> str:
        return f"{self.about} {self.voice}"

    @property
    def about(self) -> str:
        """What it is said in or to: the key of a scene or of a refusal."""
        return self.scene or self.refusal
