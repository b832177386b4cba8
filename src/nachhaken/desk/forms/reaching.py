"""How a person is reached."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import DeskForm, line_field


class ReachForm(DeskForm):
    """Mail address and telephone of a person."""

    mail = forms.EmailField(label=_("E-Mail"), required=False, max_length=254)
    phone = line_field(_("Telefon"), longest=50, inputmode="tel", autocomplete="off")
