"""What a calendar may show, and where it lies."""

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
