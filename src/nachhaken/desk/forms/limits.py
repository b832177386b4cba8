"""Against a limit: why it is overruled, raised, or an entry of the block list lifted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.limits import MOST
from nachhaken.desk.forms.choices import CHANNELS
from nachhaken.desk.forms.fields import DeskForm, KeyedForm, line_field


class OverruleForm(KeyedForm):
    """A reason in words to make a contact that a rule is against."""

    rule = forms.CharField(max_length=20, widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=CHANNELS, widget=forms.HiddenInput)
    next = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Warum trotzdem?"),
        max_length=500,
        help_text=_("Steht mit Ihrem Namen im Verlauf und gilt bis heute Abend."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClockField(forms.TimeField):
    """An hour of the day, by the browser's own clock."""

    def __init__(self, label: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900})
        super().__init__(label=label, input_formats=["%H:%M", "%H:%M:%S"], widget=widget)


class LimitsForm(DeskForm):
    """How often a person may be asked, and when nobody is disturbed."""

    touches_per_week = forms.IntegerField(
        label=_("So oft nachfragen in 7 Tagen"),
        help_text=_("je Mensch, über alle Vorgänge und Kollegen; üblich ist 1"),
        min_value=1,
        max_value=MOST["touches_per_week"],
    )
    touches_per_month = forms.IntegerField(
        label=_("So oft nachfragen in 30 Tagen"),
        help_text=_("üblich sind 3"),
        min_value=1,
        max_value=MOST["touches_per_month"],
    )
    quiet_before = ClockField(_("Kontakte frühestens um"))
    quiet_after = ClockField(_("Kontakte spätestens bis"))
    reason = forms.CharField(
        label=_("Warum öfter als üblich?"),
        required=False,
        max_length=500,
        help_text=_(
            "nur nötig, wenn eine Zahl über dem Üblichen liegt; steht mit Ihrem Namen hier"
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LiftForm(DeskForm):
    """An address that came onto the block list by mistake."""

    address = line_field(
        _("Mailadresse oder Telefonnummer"), required=True, longest=254, autocomplete="off"
    )
    reason = line_field(_("Warum war das ein Versehen?"), required=True, longest=500)
