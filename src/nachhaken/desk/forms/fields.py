"""The fields that the forms are made of: a day, a line, a choice, an amount."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

# What stands in a note is handed out to who asks for it (GDPR Art. 15).
READABLE = _("Der Kunde darf das lesen, wenn er Auskunft verlangt.")


def new_key() -> str:
    return str(uuid4())


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MoneyField(forms.CharField):
    """An amount as people write it: 1.234,50, 1234.50, 1 234 €. The value is cents."""

    def to_python(self, value: Any) -> Any:
        text = "".join(char for char in str(value or "") if char.isdigit() or char in ",.-")
        if not text:
            return None
        try:
            cents = Decimal(_plain_number(text)) * 100
        except InvalidOperation:
            raise forms.ValidationError(_("Das ist kein Betrag.")) from None
        if not 0 <= cents < 10**13:
            raise forms.ValidationError(_("Das ist kein Betrag."))
        return int(cents.to_integral_value())


class DeskForm(forms.Form):
    """A label is a label, without a colon behind it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class KeyedForm(DeskForm):
    """A form that counts once, however often it is sent."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput, initial=new_key)


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DayInput(), input_formats=["%Y-%m-%d", "%d.%m.%Y"]
    )


def line_field(
    label: Any, *, required: bool = False, longest: int = 200, help_text: Any = "", **attrs: Any
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
    )


def choice_field(
    label: Any, choices: Any, *, required: bool = False, initial: str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(str(value), name) for value, name in choices],
        required=required,
        widget=forms.RadioSelect,
        initial=initial,
    )


def _plain_number(text: str) -> str:
    """Take the last mark with one or two digits behind it for the decimal mark."""
    head, mark, tail = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
    if mark and len(tail) in {1, 2}:
        return f"{head.replace(',', '').replace('.', '')}.{tail}"
    return text.replace(",", "").replace(".", "")
