"""What a calendar may show, and where it lies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import DeskForm, choice_field, line_field

NAMES, WORDS = "names", "words"


class DetailForm(DeskForm):
    """How much of a customer leaves the desk."""

    detail = choice_field(
        _("Was in den Einträgen steht"),
        [(NAMES, _("nur Namen")), (WORDS, _("mit Telefon und Worten"))],
        required=True,
        initial=NAMES,
    )

    @property
    def with_words(self) -> bool:
        """Phone numbers, reasons and words go out, too."""
        return bool(self.cleaned_data["detail"] == WORDS)


def detail_of(*, with_words: bool) -> dict[str, str]:
    """The choice as it stands, for a form."""
    return {"detail": WORDS if with_words else NAMES}


class DigestForm(DeskForm):
    """When the morning's list goes out; empty: not at all."""

    at = forms.TimeField(
        label=_("Uhrzeit"),
        required=False,
        help_text=_("an Arbeitstagen in Ihrem Bundesland; leer lassen, um keine zu bekommen"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S"],
    )


class WeeklyForm(DeskForm):
    """When the weekly review goes out; without a day not at all."""

    weekday = choice_field(
        _("Tag"),
        [
            ("", _("gar nicht")),
            (4, _("freitags")),
            (5, _("samstags")),
            (6, _("sonntags")),
            (0, _("montags")),
        ],
    )
    at = forms.TimeField(
        label=_("Uhrzeit"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S"],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("weekday") and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Bitte eine Uhrzeit."))
        return cleaned

    @property
    def day(self) -> int | None:
        """The weekday, 0 is Monday; None for no review."""
        weekday = self.cleaned_data["weekday"]
        return int(weekday) if weekday else None


class CalendarAccountForm(DetailForm):
    """A calendar on a server of the user's."""

    address = line_field(
        _("Adresse des Kalenderservers"),
        required=True,
        longest=500,
        help_text=_("zum Beispiel cloud.mein-betrieb.de; mit https"),
        inputmode="url",
        autocapitalize="none",
        autocomplete="off",
    )
    username = line_field(
        _("Benutzername"), required=True, longest=254, autocapitalize="none", autocomplete="off"
    )
    password = forms.CharField(
        label=_("Passwort"),
        required=False,
        strip=False,
        help_text=_("am besten ein eigenes Anwendungspasswort; es wird verschlüsselt verwahrt"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("address", "username", "password", "detail")
