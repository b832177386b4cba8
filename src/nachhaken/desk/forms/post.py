"""The account that mails go out from, and a mail that goes out otherwise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.commands.mail_account import AccountWish
from nachhaken.desk.forms.fields import DeskForm, line_field
from nachhaken.desk.models import MailAccount, Security
from nachhaken.desk.preferences import LONGEST_DELAY
from nachhaken.desk.providers import Provider, providers

_SECURITY = [
    (Security.TLS.value, _("TLS")),
    (Security.STARTTLS.value, _("STARTTLS")),
    (Security.NONE.value, _("keine, nur auf diesem Rechner")),
]


class AddressForm(DeskForm):
    """Whose account it is: the servers follow from it."""

    address = forms.EmailField(
        label=_("Ihre Mailadresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    provider = forms.ChoiceField(
        label=_("Anbieter"),
        required=False,
        help_text=_("nur bei eigener Domain; sonst sagt es die Adresse"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(one.key, one.name) for one in providers() if one.name]
        field = self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("wie die Adresse sagt")), *own]


class MailAccountForm(DeskForm):
    """Both servers of an account; the password is written here and never shown again."""

    address = line_field(_("Mailadresse"), required=True, longest=254, autocomplete="email")
    name = line_field(_("Ihr Name, wie ihn der Empfänger sieht"), autocomplete="name")
    username = line_field(
        _("Benutzername"),
        required=True,
        longest=254,
        help_text=_("bei den meisten Anbietern die Mailadresse"),
        autocomplete="off",
    )
    password = forms.CharField(
        label=_("Passwort"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    smtp_host = line_field(_("Server"), required=True, longest=253)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Verschlüsselung"), choices=_SECURITY)
    imap_host = line_field(_("Server"), longest=253)
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False)
    imap_security = forms.ChoiceField(label=_("Verschlüsselung"), choices=_SECURITY, required=False)
    sent_folder = line_field(
        _("Ordner für Gesendetes"), help_text=_("leer: Nachhaken erkennt ihn selbst")
    )
    delay = forms.IntegerField(
        label=_("So lange lässt sich eine Mail zurückholen, in Sekunden"),
        min_value=0,
        max_value=LONGEST_DELAY,
    )

    def wish(self) -> AccountWish:
        """What the person wants, without the password."""
        held = {name: self.cleaned_data[name] for name in AccountWish.__dataclass_fields__}
        held["imap_port"] = held["imap_port"] or 993
        held["imap_security"] = held["imap_security"] or Security.TLS
        held |= {name: held[name].strip().lower() for name in ("smtp_host", "imap_host")}
        return AccountWish(**held)


class CorrectionForm(DeskForm):
    """A mail that did not go, put right."""

    to = line_field(_("An"), required=True, longest=254)
    subject = line_field(_("Betreff"), longest=500)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 14}), max_length=100_000
    )


def of_provider(address: str, name: str, provider: Provider, *, delay: int) -> dict[str, Any]:
    """A new account as the provider has it, for the form."""
    return {
        "address": address,
        "name": name,
        "username": address,
        "smtp_host": provider.smtp.host,
        "smtp_port": provider.smtp.port,
        "smtp_security": provider.smtp.security,
        "imap_host": provider.imap.host,
        "imap_port": provider.imap.port,
        "imap_security": provider.imap.security,
        "delay": delay,
    }


def of_account(account: MailAccount, *, delay: int) -> dict[str, Any]:
    """An account as it stands, for the form."""
    held = {name: getattr(account, name) for name in AccountWish.__dataclass_fields__}
    return held | {"delay": delay}
