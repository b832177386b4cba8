"""What of the own past is chosen: a period in whole months, a person, a segment."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nachhaken.desk.pages_insight import Chosen
from nachhaken.learning.insight.values import Band, OfferType, Segment

QUARTER, YEAR, ALL, OWN = "quarter", "year", "all", "own"
PERIODS = ((QUARTER, _("Quartal")), (YEAR, _("dieses Jahr")), (ALL, _("alles")))
_EVERY = ("", _("alle"))
_MONTHS = ["%Y-%m", "%m.%Y", "%m/%Y"]
_LAST = 12


class InsightForm(forms.Form):
    """Of what is not understood it says so, and shows the rest."""

    period = forms.ChoiceField(choices=[*PERIODS, (OWN, _("von – bis"))], required=False)
    since = forms.DateField(
        label=_("von"),
        required=False,
        input_formats=_MONTHS,
        widget=forms.DateInput(attrs={"type": "month", "placeholder": "2026-01"}, format="%Y-%m"),
    )
    until = forms.DateField(
        label=_("bis"),
        required=False,
        input_formats=_MONTHS,
        widget=forms.DateInput(attrs={"type": "month", "placeholder": "2026-12"}, format="%Y-%m"),
    )
    owner = forms.TypedChoiceField(label=_("Wer"), required=False, coerce=int, empty_value=None)
    segment = forms.TypedChoiceField(
        label=_("Kunden"),
        required=False,
        coerce=Segment,
        empty_value=None,
        choices=[_EVERY, (Segment.BUSINESS, _("Firmen")), (Segment.CONSUMER, _("Privat"))],
    )
    band = forms.TypedChoiceField(
        label=_("Angebotswert"),
        required=False,
        coerce=Band,
        empty_value=None,
        choices=[
            _EVERY,
            (Band.SMALL, _("unter 1.000")),
            (Band.MEDIUM, _("1.000 bis 5.000")),
            (Band.LARGE, _("5.000 bis 20.000")),
            (Band.HUGE, _("ab 20.000")),
            (Band.UNKNOWN, _("ohne Betrag")),
        ],
    )
    offer_type = forms.TypedChoiceField(
        label=_("Angebot"),
        required=False,
        coerce=OfferType,
        empty_value=None,
        choices=[_EVERY, (OfferType.FIRST, _("das erste")), (OfferType.AGAIN, _("ein weiteres"))],
    )

    def __init__(self, *args: Any, people: tuple[tuple[int, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [_EVERY, *people]  # type: ignore[attr-defined]

    def chosen(self, today: date) -> tuple[str, Chosen]:
        """Return the period's name and what is chosen; what is faulty counts as not chosen."""
        self.is_valid()
        told: dict[str, Any] = dict(self.cleaned_data)
        period = told.get("period") or (OWN if told.get("since") or told.get("until") else YEAR)
        since, until = _bounds(period, told.get("since"), told.get("until"), today)
        return period, Chosen(
            since=since,
            until=until,
            owner=told.get("owner"),
            segment=told.get("segment"),
            band=told.get("band"),
            offer_type=told.get("offer_type"),
        )


def _bounds(
    period: str, since: date | None, until: date | None, today: date
) -> tuple[date | None, date | None]:
    if period == OWN:
        return since, _next_month(until) if until else None
    if period == QUARTER:
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), None
    return (today.replace(month=1, day=1), None) if period == YEAR else (None, None)


def _next_month(day: date) -> date:
    if day.month == _LAST:
        return date(day.year + 1, 1, 1)
    return day.replace(month=day.month + 1, day=1)
