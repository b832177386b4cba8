"""What comes in by hand or as a file, the first start, and the user's own numbers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.choices import ORIGINS
from nachhaken.desk.forms.fields import (
    DeskForm,
    KeyedForm,
    MoneyField,
    choice_field,
    day_field,
    line_field,
)
from nachhaken.terms import Origin


class OpportunityForm(KeyedForm):
    """A new opportunity, by hand."""

    prospect = line_field(_("Kunde"), required=True, autocomplete="organization")
    title = line_field(
        _("Worum geht es?"), required=True, placeholder=_("zum Beispiel: Balkongeländer")
    )
    person = line_field(_("Ansprechpartner"), autocomplete="off")
    phone = line_field(_("Telefon"), longest=50, inputmode="tel", autocomplete="off")
    mail = forms.EmailField(label=_("E-Mail"), required=False, max_length=254)
    place = line_field(_("Ort"), longest=120)
    amount = MoneyField(label=_("Angebot netto, EUR"), required=False)
    number = line_field(_("Angebotsnummer"), longest=60)
    sent_on = day_field(_("gesendet am"))
    valid_until = day_field(_("gültig bis"))
    is_consumer = forms.BooleanField(label=_("Privatkunde"), required=False)
    origin = choice_field(_("Wie kam der Kontakt?"), ORIGINS)

    def clean_origin(self) -> Origin | None:
        said = self.cleaned_data["origin"]
        return Origin(said) if said else None


class StartForm(DeskForm):
    """The owner of a fresh desk."""

    name = line_field(_("Ihr Name"), required=True, autocomplete="name")
    mail = forms.EmailField(
        label=_("E-Mail"), max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Passwort"),
        help_text=_("mindestens zehn Zeichen"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SettingsForm(DeskForm):
    """The user's own numbers."""

    language = choice_field(_("Sprache"), [("de", "Deutsch"), ("en", "English")], required=True)
    company = line_field(
        _("Ihr Betrieb"),
        help_text=_("so, wie Sie sich am Telefon melden"),
        autocomplete="organization",
    )
    privacy_notice = line_field(
        _("Wo Ihre Datenschutzhinweise stehen"),
        longest=500,
        help_text=_("eine Adresse im Netz oder ein eigener Satz; steht unter der ersten Mail"),
    )
    margin = forms.IntegerField(
        label=_("Was von einem Auftrag übrig bleibt, in Prozent"),
        help_text=_("nach Material und Löhnen; daraus folgt, was Nachfragen wert ist"),
        min_value=1,
        max_value=100,
    )
    hour_eur = forms.IntegerField(
        label=_("Was Ihre Stunde wert ist, in EUR"),
        help_text=_("so viel kostet es, wenn Sie telefonieren statt zu arbeiten"),
        min_value=1,
        max_value=1000,
    )
    hold_eur_per_day = forms.DecimalField(
        label=_("Was ein offener Vorgang am Tag kostet, in EUR"),
        help_text=_(
            "Aufmerksamkeit, freigehaltene Zeit; je mehr, desto früher rät der Tisch zur Klärung"
        ),
        min_value=0,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        localize=True,
    )
    opt_out_eur = forms.IntegerField(
        label=_("Was ein verärgerter Kunde kostet, in EUR"),
        help_text=_("wenn jemand keinen Kontakt mehr will: Ruf, Empfehlungen, künftige Aufträge"),
        min_value=0,
        max_value=1_000_000,
    )
