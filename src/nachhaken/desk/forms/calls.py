"""What a call sheet sends, at once or hours later."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.calls import ALIVE, DEAD_HORSE, SAID, Call
from nachhaken.desk.commands.outcomes import taken
from nachhaken.desk.forms.acts import WishForm
from nachhaken.desk.forms.choices import CHANNELS
from nachhaken.desk.forms.choices import SAID as INTENTS
from nachhaken.desk.forms.fields import READABLE, choice_field, day_field, line_field
from nachhaken.desk.forms.partings import PartingForm
from nachhaken.terms import Channel, Form, NoReason, StepKind

LONGEST_LINE = 2_000
MOST_KEYS = 50
_SCRIPT = re.compile(r"[a-z0-9_.-]{1,60}")
_POINT = re.compile(r"(\d{1,15})(?::(\w+))?")
_FORMS = {form.value: form for form in Form}

_AS_SENT = (
    "made_at", "sent_at", "result", "when", "start", "end", "condition", "gut", "own_share",
    "consent", "consent_words", "line", "mentioned", "ours", "ours_by", "theirs", "theirs_by",
)  # fmt: skip

UNHEARD = [
    ("not_reached", _("nicht erreicht")),
    ("voicemail", _("Mailbox")),
    ("wrong_person", _("falsche Person")),
]


class MomentField(forms.Field):
    """The device's clock; one that cannot be read counts as none, nobody could put it right."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = parse_datetime(str(value or ""))
        except ValueError:
            return None
        return moment if moment and timezone.is_aware(moment) else None


class ManyField(forms.Field):
    """A field that may come several times."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [str(one) for one in value or []][:MOST_KEYS]


def _hidden(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput, **kwargs)


class CallForm(PartingForm, WishForm):
    """The outcome of a call. What waited on a device is kept even where its words say no time."""

    head = _hidden(max_value=2**63 - 1)
    made_at = MomentField(required=False)
    sent_at = MomentField(required=False)
    step = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in StepKind], widget=forms.HiddenInput
    )
    channel = forms.ChoiceField(choices=CHANNELS, required=False, widget=forms.HiddenInput)
    result = choice_field(
        _("Was kam heraus?"),
        [*UNHEARD, *INTENTS, (SAID, _("in eigenen Worten"))],
        required=True,
    )
    when = line_field(_("Wann wieder?"), placeholder=_("zum Beispiel: nach Ostern, KW 12"))
    consent = forms.BooleanField(
        label=_("Ist einverstanden, dass wir wieder anrufen"), required=False
    )
    consent_words = line_field(_("Mit welchen Worten? (freiwillig)"), longest=500)
    line = line_field(_("Eine Zeile dazu (freiwillig)"), longest=LONGEST_LINE, help_text=READABLE)
    mentioned = line_field(_("Was der Kunde von sich erzählt hat"), longest=500, help_text=READABLE)
    ours = line_field(_("Was wir zugesagt haben"), longest=500)
    ours_by = day_field(_("bis wann"))
    theirs = line_field(_("Was der Kunde zugesagt hat"), longest=500)
    theirs_by = day_field(_("bis wann"))
    gut = choice_field(
        _("Ihr Bauchgefühl"),
        [("", _("offen")), (ALIVE, _("ernsthaft")), (DEAD_HORSE, _("totes Pferd"))],
    )
    own_share = forms.IntegerField(
        label=_("Ihr Redeanteil, Prozent"), required=False, min_value=0, max_value=100
    )
    minutes = forms.IntegerField(
        label=_("Vorarbeit dabei, Minuten"), required=False, min_value=0, max_value=6000
    )
    objector = _hidden()
    scripts = ManyField(required=False)
    conveyed = ManyField(required=False)
    field_order = ["result", "when", "start", "end", "condition", "no_reason", "consent"]

    def __init__(self, *args: Any, is_queued: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_queued = is_queued
        del self.fields["words"]
        self.fields["start"].label = _("oder frühestens")
        self.fields["result"].error_messages["required"] = _("Bitte wählen, was herauskam.")

    @property
    def is_ours(self) -> bool:
        """The no in this talk is our own."""
        return str(self["step"].value()) == StepKind.DECLINE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("result") == SAID and not cleaned.get("line"):
            self.add_error("line", _("Bitte schreiben, was der Kunde gesagt hat."))
        if not self.is_queued and not super().window():
            self.wished("when")
        return cleaned

    def call(self) -> Call:
        """What `record_call` wants to know."""
        cleaned = self.cleaned_data
        channel = Channel(cleaned["channel"] or Channel.CALL)
        step = taken(StepKind(cleaned["step"]), channel)
        return Call(
            step=step,
            channel=channel,
            head=cleaned["head"] or 0,
            no_reason=NoReason(cleaned["no_reason"]) if cleaned["no_reason"] else None,
            scripts=tuple(key for key in cleaned["scripts"] if _SCRIPT.fullmatch(key)),
            conveyed=tuple(_points(cleaned["conveyed"])),
            minutes=cleaned["minutes"] or 0,
            objector=cleaned["objector"] or None,
            parting=self.parting(result=cleaned["result"], step=step),
            **{name: cleaned[name] for name in _AS_SENT},
        )


def _points(values: list[str]) -> list[tuple[int, Form]]:
    """Read "17" and "17:story": a key point, said in this talk or in another form."""
    found = (_POINT.fullmatch(value) for value in values)
    return [(int(one[1]), _FORMS.get(one[2] or "", Form.CALL)) for one in found if one]
