"""Prices and quantities as people write them in an offer."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import MoneyField
from nachhaken.timeline.facts import MOST_UNITS

_SIGNS = str.maketrans({"−": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " "})


class PriceField(MoneyField):
    """An amount that may be negative, such as a rebate; words are no amount."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").translate(_SIGNS).strip()
        if text and not any(char.isdigit() for char in text):
            raise forms.ValidationError(_("Das ist kein Betrag."))
        cents = super().to_python(text.replace("-", ""))
        return -cents if cents and text.startswith("-") else cents


class QuantityField(forms.CharField):
    """How many or how much, as people write it: 2, 2,5, 1.000; at least above nothing."""

    def to_python(self, value: Any) -> Any:
        text = "".join(str(value or "").split())
        if not text:
            return 1.0
        try:
            quantity = Decimal(_plain_quantity(text))
        except InvalidOperation:
            raise forms.ValidationError(_("Das ist keine Menge.")) from None
        if not (quantity.is_finite() and 0 < quantity <= MOST_UNITS):
            raise forms.ValidationError(_("Bitte eine Menge über null und bis zu einer Million."))
        return float(quantity)


def _plain_quantity(text: str) -> str:
    """A comma is the decimal mark; a point is one unless it parts thousands as in 1.000."""
    if "," in text:
        return text.replace(".", "").replace(",", ".")
    head, mark, tail = text.rpartition(".")
    is_grouped = mark and len(tail) == 3 and head.replace(".", "").strip("0")  # noqa: PLR2004
    return text.replace(".", "") if is_grouped else text
