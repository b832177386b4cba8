"""A mail as it is typed: whole before it goes, in any state while it is kept."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.writing import LONGEST_TEXT, Typed
from nachhaken.desk.forms.fields import KeyedForm, line_field
from nachhaken.terms import Channel, StepKind

SEND, NOW, NOTE, LETTER = "send", "now", "note", "letter"

_GAP = re.compile(r"\[[^\[\]\n]{1,80}\]|\{[^{}\n]{0,80}\}|\[(?:\.\.|…)\]")
_MOST_NAMED = 3


class WritingForm(KeyedForm):
    """What is typed and from what it was begun; nothing is too unfinished to be kept."""

    subject = line_field(_("Betreff"), longest=500)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    slot = forms.CharField(max_length=120, widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=[(s.value, "") for s in StepKind], widget=forms.HiddenInput)
    say = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    person = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    offer = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    by = forms.ChoiceField(
        choices=[(way.value, "") for way in (Channel.MAIL, Channel.LETTER)],
        required=False,
        widget=forms.HiddenInput,
    )

    def typed(self) -> Typed:
        cleaned = self.cleaned_data
        return Typed(
            slot=cleaned["slot"],
            step=StepKind(cleaned["step"]),
            subject=cleaned["subject"],
            text=cleaned["text"].replace("\r\n", "\n"),
            text_key=cleaned["say"],
            person_id=cleaned["person"],
        )


class MailForm(WritingForm):
    """A mail that is to go, or that went: it needs a text without gaps."""

    act = forms.ChoiceField(choices=[(a, "") for a in (SEND, NOW, NOTE, LETTER)], required=False)
    to = forms.EmailField(
        label=_("Mailadresse"),
        required=False,
        error_messages={"invalid": _("Das ist keine Mailadresse.")},
    )
    reason = line_field(_("Warum trotzdem?"), longest=500)
    as_is = forms.BooleanField(required=False)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What still stands in brackets and is to be filled in."""
        said = f"{self.data.get('subject', '')}\n{self.data.get('text', '')}"
        return tuple(dict.fromkeys(_GAP.findall(said)))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("text", "").strip():
            self.add_error("text", _("Die Mail hat noch keinen Text."))
        if self.gaps and not cleaned.get("as_is"):
            named = ", ".join(self.gaps[:_MOST_NAMED])
            sentence = _("Hier fehlt noch etwas von Ihnen: %(gaps)s") % {"gaps": named}
            self.add_error("text", sentence)
        return cleaned
