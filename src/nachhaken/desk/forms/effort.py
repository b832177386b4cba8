"""Own work before the decision, and what an hour of it costs."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.forms.fields import DeskForm, KeyedForm, MoneyField, choice_field, line_field
from nachhaken.desk.work import MOST_KINDS, Rate

MOST_MINUTES = 6000


class EffortForm(KeyedForm):
    """Minutes, money or both."""

    minutes = forms.IntegerField(
        label=_("Minuten"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    work = choice_field(_("Welche Arbeit?"), [])
    cents = MoneyField(
        label=_("Geld dazu, EUR (freiwillig)"),
        required=False,
        help_text=_("Fahrt, Muster, fremde Leistung"),
    )
    what = line_field(_("Wofür? (freiwillig)"), placeholder=_("zum Beispiel: Aufmaß vor Ort"))

    def __init__(self, *args: Any, works: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(work, work) for work in works]
        self.fields["work"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["minutes"] = cleaned.get("minutes") or 0
        cleaned["cents"] = cleaned.get("cents") or 0
        if not (cleaned["minutes"] or cleaned["cents"] or self.errors):
            self.add_error("minutes", _("Bitte Minuten oder einen Betrag angeben."))
        return cleaned


class ForgottenForm(DeskForm):
    """How much of a clock that ran on was work."""

    started = forms.CharField(max_length=60, widget=forms.HiddenInput)
    minutes = forms.IntegerField(
        label=_("Wie viele Minuten waren es wirklich?"), min_value=1, max_value=MOST_MINUTES
    )


class WorkRatesForm(DeskForm):
    """Kinds of own work, and what an hour of each costs; an empty rate is the usual hour."""

    def __init__(self, *args: Any, rates: tuple[Rate, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [*rates, *[Rate("")] * MOST_KINDS][:MOST_KINDS]
        for number, rate in enumerate(known, 1):
            self.fields[f"work{number}"] = line_field(_("Arbeit"), longest=40)
            self.fields[f"rate{number}"] = MoneyField(label=_("EUR je Stunde"), required=False)
            self.initial[f"work{number}"] = rate.work
            self.initial[f"rate{number}"] = "" if rate.cents is None else f"{rate.cents / 100:g}"

    def pairs(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each kind, to stand side by side."""
        for number in range(1, MOST_KINDS + 1):
            yield self[f"work{number}"], self[f"rate{number}"]

    def rates(self) -> tuple[Rate, ...]:
        """What was filled in, without the empty lines."""
        cleaned = self.cleaned_data
        found = (Rate(cleaned[f"work{n}"], cleaned[f"rate{n}"]) for n in range(1, MOST_KINDS + 1))
        return tuple(rate for rate in found if rate.work)
