"""The numbers of the workshop, which are tried and not kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import DeskForm
from nachhaken.desk.pages_lab import Numbers

_WHOLE = _("Bitte eine ganze Zahl.")
_NUMBER = _("Bitte eine Zahl.")


def _errors(low: Any, high: Any, wrong: Any) -> dict[str, Any]:
    said = {"required": wrong, "invalid": wrong}
    return said | {"min_value": low, "max_value": high}


class NumbersForm(DeskForm):
    """Margin, hour, patience and goodwill; the limits are those of the settings."""

    margin = forms.IntegerField(
        label=_("Was von einem Auftrag übrig bleibt, in Prozent"),
        min_value=1,
        max_value=100,
        error_messages=_errors(
            _("Bleibt nichts übrig, lohnt kein Schritt: bitte ab 1 Prozent."),
            _("Mehr als 100 Prozent kann nicht übrig bleiben."),
            _WHOLE,
        ),
    )
    hour_eur = forms.IntegerField(
        label=_("Was Ihre Stunde wert ist, in EUR"),
        min_value=1,
        max_value=1000,
        error_messages=_errors(
            _("Ihre Stunde ist etwas wert: bitte ab 1 EUR."),
            _("Bitte höchstens 1.000 EUR in der Stunde."),
            _WHOLE,
        ),
    )
    hold_eur_per_day = forms.DecimalField(
        label=_("Geduld: was ein offener Vorgang am Tag kostet, in EUR"),
        help_text=_("Aufmerksamkeit und freigehaltene Zeit; je mehr, desto weniger Geduld"),
        min_value=0,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        localize=True,
        error_messages=_errors(
            _("Weniger als nichts kann er nicht kosten: bitte ab 0 EUR."),
            _("Bitte höchstens 1.000 EUR am Tag."),
            _NUMBER,
        ),
    )
    opt_out_eur = forms.IntegerField(
        label=_("Kulanz: was ein verärgerter Kunde kostet, in EUR"),
        help_text=_("Ruf, Empfehlungen, künftige Aufträge; je mehr, desto leiser fragt der Tisch"),
        min_value=0,
        max_value=1_000_000,
        error_messages=_errors(
            _("Weniger als nichts kann er nicht kosten: bitte ab 0 EUR."),
            _("Bitte höchstens 1.000.000 EUR."),
            _WHOLE,
        ),
    )

    @property
    def numbers(self) -> Numbers:
        """The numbers that were typed; only of a valid form."""
        cleaned = self.cleaned_data
        return Numbers(
            margin=cleaned["margin"],
            hour_eur=cleaned["hour_eur"],
            hold_eur_per_day=float(cleaned["hold_eur_per_day"]),
            opt_out_eur=cleaned["opt_out_eur"],
        )
