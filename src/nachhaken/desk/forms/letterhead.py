"""The own letterhead, and the address of a customer's letters."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.documents import Upload
from nachhaken.desk.forms.fields import DeskForm, line_field
from nachhaken.desk.letterhead import COLOUR, is_legible
from nachhaken.desk.logos import ENDINGS, LARGEST, LogoError, media_type_of

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


class LogoField(forms.FileField):
    """A picture to stand above; the value is an `Upload`, None where none was given."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if not file:
            return None
        try:
            # One byte more than is allowed: a large file is not read to be refused.
            raw = file.read(LARGEST + 1)
            return Upload(raw, file.name or "", media_type_of(raw))
        except LogoError as error:
            raise forms.ValidationError(str(error)) from error


class LetterheadForm(DeskForm):
    """What stands on the own paper."""

    name = line_field(_("Name des Betriebs"), required=True, autocomplete="organization")
    line = line_field(_("Zeile darunter"), longest=100)
    address = forms.CharField(
        label=_("Anschrift"),
        required=False,
        max_length=300,
        help_text=_("Straße und Hausnummer, darunter Postleitzahl und Ort"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    phone = line_field(_("Telefon"), longest=50, inputmode="tel", autocomplete="tel")
    mail = forms.EmailField(label=_("E-Mail"), required=False, max_length=254)
    web = line_field(_("Internetseite"), longest=120)
    tax_number = line_field(_("Steuernummer"), longest=40)
    vat_id = line_field(_("USt-IdNr. oder MWST-Nr."), longest=40)
    register = line_field(_("Registergericht und Nummer"), longest=120)
    directors = line_field(_("Geschäftsführung"), longest=160)
    vat_note = line_field(
        _("Hinweis, wenn keine Steuer anfällt"),
        help_text=_("zum Beispiel: Nach § 19 UStG wird keine Umsatzsteuer berechnet."),
    )
    bank = line_field(_("Bank"), longest=100)
    iban = line_field(_("IBAN"), longest=50, autocomplete="off")
    bic = line_field(_("BIC"), longest=20, autocomplete="off")
    logo = LogoField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG oder SVG bis 1 MB; es steht anstelle des Namens"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    without_logo = forms.BooleanField(label=_("ohne Logo"), required=False)
    accent = forms.RegexField(
        COLOUR, label=_("Farbe"), widget=forms.TextInput(attrs={"type": "color"})
    )

    def clean_iban(self) -> str:
        iban = "".join(str(self.cleaned_data["iban"]).split()).upper()
        if iban and not (_IBAN.fullmatch(iban) and _remainder(iban) == 1):
            raise forms.ValidationError(_("Diese IBAN stimmt nicht: Die Prüfziffer passt nicht."))
        return iban

    def clean_address(self) -> str:
        lines = (line.strip() for line in self.cleaned_data["address"].splitlines())
        return "\n".join(line for line in lines if line)

    def clean_accent(self) -> str:
        accent: str = self.cleaned_data["accent"]
        if not is_legible(accent):
            raise forms.ValidationError(_("Diese Farbe ist auf weißem Papier schlecht zu lesen."))
        return accent


class PostalAddressForm(DeskForm):
    """Where a prospect gets its letters."""

    address = forms.CharField(
        label=_("Straße, Postleitzahl und Ort"),
        required=False,
        max_length=500,
        help_text=_("so, wie es auf dem Brief unter dem Namen steht"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


def _remainder(iban: str) -> int:
    """Return the number of ISO 13616 modulo 97: 1 for a good IBAN."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97
