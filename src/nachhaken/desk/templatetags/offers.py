"""Rates and quantities as they stand on paper, and whether rows carry a fault."""

from collections.abc import Iterable

from django import template

from nachhaken.desk.forms.offers import PositionForm
from nachhaken.desk.speech import speak
from nachhaken.plan.values import Phrase

register = template.Library()


@register.filter
def rate(permille: int) -> str:
    """'19 %', '8,1 %'."""
    return speak(Phrase("paper.rate", {"rate": permille}))


@register.filter
def quantity(value: float) -> str:
    """'1', '2,5', '1.000'."""
    return speak(Phrase("paper.quantity", {"quantity": value}))


@register.filter
def any_faulty(rows: Iterable[PositionForm]) -> bool:
    return any(row.is_bound and not row.is_valid() for row in rows)
