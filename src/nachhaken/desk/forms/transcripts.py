"""A transcript on its way in: the talk, who agreed to it, and who spoke for whom."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands import Agreement
from nachhaken.desk.forms.fields import KeyedForm, choice_field, day_field, line_field
from nachhaken.desk.speech import language
from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import Unreadable, say
from nachhaken.sources.transcript import MOST_BYTES, Transcript, read_transcript
from nachhaken.terms import Channel

_NOON = time(12)


class TranscriptForm(KeyedForm):
    """The text itself stays in the form until it is taken: nobody keeps it in between."""

    file = forms.FileField(
        label=_("Datei"), required=False, help_text=_(".vtt, .srt oder Text mit „Name: …“")
    )
    text = forms.CharField(
        label=_("oder der Text selbst"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    channel = choice_field(
        _("Wie haben Sie gesprochen?"),
        [(Channel.CALL, _("am Telefon oder per Video")), (Channel.MEETING, _("vor Ort"))],
        required=True,
        initial=Channel.CALL,
    )
    on = day_field(_("Am"), required=True)
    clock = forms.TimeField(
        label=_("um"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    agreed_by = line_field(_("Wer war einverstanden?"), required=True)
    agreed_on = day_field(_("Wann?"), required=True)
    agreed_how = line_field(
        _("Wie?"),
        required=True,
        longest=300,
        help_text=_("zum Beispiel: auf meine Frage zu Beginn des Gesprächs"),
    )
    transcript: Transcript

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        raw = file.read(MOST_BYTES + 1) if file else cleaned.get("text", "").encode()
        if not raw.strip():
            self.add_error("file", said("Bitte wählen Sie eine Datei oder fügen Sie den Text ein."))
            return cleaned
        try:
            self.transcript = read_transcript(raw, file.name if file else said("Der Text"))
        except Unreadable as error:
            self.add_error("file" if file else "text", say(error.fault, language()))
        cleaned["text"] = decoded(raw)
        return cleaned

    def moment(self, now: datetime) -> datetime:
        """When the talk was: without a clock now, or at noon of an earlier day."""
        on, clock = self.cleaned_data["on"], self.cleaned_data["clock"]
        if clock is None and on == timezone.localdate(now):
            return now
        return timezone.make_aware(datetime.combine(on, clock or _NOON))

    def agreement(self) -> Agreement:
        cleaned = self.cleaned_data
        return Agreement(
            by=cleaned["agreed_by"], on=cleaned["agreed_on"], how=cleaned["agreed_how"]
        )
